"""Fixity: every byte of the captures and every line of the ledger compared with its stored digests."""

import hashlib
import sqlite3
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.files import (
    Meter,
    Progress,
    Record,
    RecordLocation,
    WarcError,
    captured_files,
    chains,
    digest_fault,
    parse_record,
    read_records,
    source_of,
    steps,
    unheard,
)
from archive.replaying.catching_up import altered_ranges
from archive.replaying.damage import Damages
from archive.replaying.tails import IMPORT
from archive.replaying.unread import unread_faults
from archive.replaying.values import lost_values
from archive.rows import Archive, chain_names, shortfalls

WRITING_SECONDS = 0.1  # seconds after which a record or line being written is complete


@dataclass(frozen=True, slots=True)
class FixityFault:
    """One deviation from what was stored: file, offset in bytes, kind, and one line of detail."""

    file: str
    offset: int
    # behind, missing, altered, damaged, digest, unknown, torn, chain, double, foreign;
    # of the database: row, database, replay, rules, lag
    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a verification.

    records: how many are sound; lines: how many were read, faulty ones too. Both 0 if the database is unreadable.
    """

    records: int
    lines: int
    faults: tuple[FixityFault, ...]
    remarks: tuple[str, ...] = ()  # observations that are no faults

    @property
    def ok(self) -> bool:
        return not self.faults


def verify(archive: Archive, progress: Progress = unheard) -> Report:
    """Read every stored record and ledger line, every range that a line commits to, and the values of corrections.

    Changes nothing.

    progress counts the bytes of records and lines.
    """
    try:
        return _verify(archive, progress)
    except sqlite3.DatabaseError as error:
        return Report(0, 0, (unreadable(error),))


def unreadable(error: sqlite3.DatabaseError) -> FixityFault:
    """The fault, of kind `database` at offset 0, for an archive.db that SQLite cannot read, with SQLite's message."""
    return FixityFault(
        "archive.db", 0, "database", f"it cannot be read ({error}): run `thinker rebuild` to make it again"
    )


def _verify(archive: Archive, progress: Progress) -> Report:
    faults: list[FixityFault] = []
    files = _file_names(archive)
    met = {name: Damages(archive.home, name) for name in _names(archive, files)}
    meter = Meter(progress, _size(archive))
    records = lines = orphans = 0
    named: set[str] = set()
    for damages in met.values():
        count, broken = _check_chain(archive, damages, meter, named)
        lines += count
        faults += broken
    for name in files:
        for found in _check_file(archive, name, met[source_of(name)]):
            if isinstance(found, FixityFault):
                faults.append(found)
                continue
            records += 1
            meter.add(found.place.length)
            if found.warc_type == "conversion" and found.record_id not in named:
                orphans += 1
                faults += _of_no_run(archive.conn, found)
    unread = (
        each for each in unread_faults(archive.conn, archive.home) if each.kind != "chain"
    )  # a chain's lines are all read above
    faults += [FixityFault(each.file, each.start, each.kind, each.text) for each in unread]
    faults += _coarser(archive, faults)
    faults += [FixityFault(each.file, 0, each.how, each.text) for each in lost_values(archive)]
    remark = f"{orphans} conversion records without a ledger line; a killed run leaves these, and they do no harm"
    return Report(records, lines, tuple(faults), (remark,) if orphans else ())


def _of_no_run(conn: sqlite3.Connection, record: Record) -> list[FixityFault]:
    """The fault of a conversion record whose warcinfo the database does not know, in a list.

    Empty if it knows it, or if the record names no warcinfo.
    """
    warcinfo = record.fields.get("warc-warcinfo-id", "").strip("<>")
    known = "select 1 from warc_records where record_id = ? and warc_type = 'warcinfo'"
    if not warcinfo or conn.execute(known, (warcinfo,)).fetchone():
        return []
    text = (
        f"the conversion record {record.record_id} has no ledger line and is not from a run of this archive: {IMPORT}"
    )
    return [FixityFault(record.place.warc_file, record.place.offset, "foreign", text)]


def _coarser(archive: Archive, named: list[FixityFault]) -> list[FixityFault]:
    """The faults of whole ranges and of file ends, without those where `named` has a fault of a record or line already.

    A range is left out if a fault in `named` lies in it, a file end if one has the same offset.
    """
    found = [
        FixityFault(each.file, each.offset, "behind", str(each)) for each in shortfalls(archive.conn, archive.home)
    ]
    found = [each for each in found if (each.file, each.offset) not in {(one.file, one.offset) for one in named}]
    for each in altered_ranges(archive.conn, archive.home):
        if not any(one.file == each.file and each.offset <= one.offset < each.end for one in named):
            found.append(FixityFault(each.file, each.offset, each.how, each.text))
    return found


def _size(archive: Archive) -> int:
    """The bytes of all captures and chains."""
    home = archive.home
    files = [*captured_files(home.captures), *(home.ledger / f"{chain}.jsonl" for chain in chains(home.ledger))]
    return sum(path.stat().st_size for path in files)


def _file_names(archive: Archive) -> list[str]:
    known = {name for (name,) in archive.conn.execute("select distinct warc_file from warc_records")}
    return sorted(known | {path.name for path in captured_files(archive.home.captures)})


def _names(archive: Archive, files: list[str]) -> list[str]:
    known = {name for (name,) in archive.conn.execute("select name from applied where kind = 'ledger'")}
    known |= {source_of(name) for name in files}
    return sorted(known | set(chain_names(archive.home)))


def _check_file(archive: Archive, name: str, met: Damages) -> Iterator[FixityFault | Record]:
    """Yield for each record that the database knows the Record if it is sound, else its fault; in order of offsets.

    Bytes between two records that were not accepted as a loss are a fault too, and so is the rest of the file after the
    last one. A missing file gives one fault in all.
    """
    path = archive.home.captures / name
    rows = archive.conn.execute(
        "select warc_offset, warc_length, sha256 from warc_records where warc_file = ? order by warc_offset",
        (name,),
    )
    if not path.is_file():
        yield FixityFault(name, 0, "missing", "the file is missing: restore it from a backup")
        return
    end = 0
    with path.open("rb") as file:
        for offset, length, sha256 in rows:
            if offset != end and (end := _passed(met, name, end)) != offset:
                yield FixityFault(name, end, "unknown", f"{offset - end} bytes do not belong to a known record")
            file.seek(offset)
            yield _check_member(file.read(length), RecordLocation(name, offset, length, sha256))
            end = offset + length
    yield from _check_rest(path, _passed(met, name, end), met)


def _passed(met: Damages, name: str, end: int) -> int:
    """The offset after all accepted bytes that begin at `end`, one stretch after the other; `end` without any."""
    while (behind := met.behind(name, end)) is not None and behind > end:
        end = behind
    return end


def _check_member(compressed: bytes, place: RecordLocation) -> FixityFault | Record:
    if len(compressed) < place.length:
        missing = place.length - len(compressed)
        return FixityFault(place.warc_file, place.offset, "missing", f"{missing} bytes of the record are missing")
    if hashlib.sha256(compressed).digest() != place.sha256:
        return FixityFault(place.warc_file, place.offset, "altered", "the stored bytes differ from what was written")
    try:
        record = parse_record(zlib.decompress(compressed, 31), place)
        fault = digest_fault(record)
    except (zlib.error, WarcError) as error:
        return FixityFault(place.warc_file, place.offset, "damaged", str(error))
    return FixityFault(place.warc_file, place.offset, "digest", fault) if fault else record


def _check_rest(path: Path, end: int, met: Damages) -> Iterator[FixityFault]:
    size = path.stat().st_size
    if size <= end:
        return
    for _ in range(2):
        try:
            for record in read_records(path, end):
                end = _passed(met, path.name, record.place.offset + record.place.length)
        except WarcError as error:
            yield FixityFault(path.name, end, "damaged", str(error))
            return
        if end >= size:
            return
        time.sleep(WRITING_SECONDS)
    yield FixityFault(
        path.name, end, "torn", f"the last {size - end} bytes are an incomplete record; `verify --repair` cuts them off"
    )  # fmt: skip


def _check_chain(archive: Archive, met: Damages, meter: Meter, named: set[str]) -> tuple[int, list[FixityFault]]:
    """The number of lines, faulty ones included, and the faults, an unfinished end among them; (0, []) without a file.

    Accepted faults are left out. The ids of the conversion records that the lines name are added to `named`.
    """
    path = archive.home.ledger / f"{met.chain}.jsonl"
    size = path.stat().st_size if path.exists() else 0  # taken before reading, as a writer may go on
    count, end, faults = 0, 0, []
    for step in steps(archive.home.ledger, met.chain):
        count, end = count + 1, step.end
        meter.add(step.end - step.start)
        if step.line and (conversion := step.line.detail.get("conversion")):
            named.add(str(conversion))
        if step.fault and not met.line_was_accepted(step.start):
            faults.append(FixityFault(path.name, step.start, "chain", step.fault))
    if size > end and not _continued(path, end):
        faults.append(FixityFault(path.name, end, "torn", "the last line is unfinished; `verify --repair` cuts it off"))
    return count, faults


def _continued(path: Path, end: int) -> bool:
    """Wait WRITING_SECONDS, then return True if the line that begins at the byte `end` is complete.

    A writer may have been in the middle of it.
    """
    time.sleep(WRITING_SECONDS)
    with path.open("rb") as file:
        file.seek(end)
        return b"\n" in file.read()
