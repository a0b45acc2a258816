"""Fixity: every byte of the captures and every line of the ledger compared with what was stored of them."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive import Archive
from archive.ledger import LedgerError, chains, read_lines
from archive.warc import Place, Record, WarcError, digest, parse_record, read_records


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was stored: file, offset in bytes, kind, and one line of detail."""

    file: str
    offset: int
    kind: str  # missing, altered, damaged, digest, unknown, torn, chain
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification read and found."""

    records: int
    lines: int
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        return not self.faults


def verify(archive: Archive) -> Report:
    """Read every stored record and ledger line. Changes nothing."""
    faults: list[Fault] = []
    records = 0
    for name in _file_names(archive):
        for found in _check_file(archive, name):
            if isinstance(found, Fault):
                faults.append(found)
            else:
                records += 1
    lines = 0
    for chain in _chain_names(archive):
        count, fault = _check_chain(archive, chain)
        lines += count
        faults += [fault] if fault else []
    return Report(records, lines, tuple(faults))


def _file_names(archive: Archive) -> list[str]:
    known = {name for (name,) in archive.conn.execute("select distinct warc_file from warc_records")}
    return sorted(known | {path.name for path in archive.home.captures.glob("*.warc.gz")})


def _check_file(archive: Archive, name: str) -> Iterator[Fault | Record]:
    """One item for each record the database knows, then what the file holds beyond."""
    path = archive.home.captures / name
    if not path.exists():
        yield Fault(name, 0, "missing", "the file is gone: restore it from a backup")
        return
    end = 0
    rows = archive.conn.execute(
        "select warc_offset, warc_length, sha256 from warc_records where warc_file = ? order by warc_offset",
        (name,),
    )
    with path.open("rb") as file:
        for offset, length, sha256 in rows:
            if offset != end:
                yield Fault(name, end, "unknown", f"{offset - end} bytes belong to no known record")
            file.seek(offset)
            yield _check_member(file.read(length), Place(name, offset, length, sha256))
            end = offset + length
    yield from _check_rest(path, end)


def _check_member(compressed: bytes, place: Place) -> Fault | Record:
    if len(compressed) < place.length:
        missing = place.length - len(compressed)
        return Fault(place.warc_file, place.offset, "missing", f"{missing} bytes of the record are gone")
    if hashlib.sha256(compressed).digest() != place.sha256:
        return Fault(place.warc_file, place.offset, "altered", "the stored bytes are not those that were written")
    try:
        record = parse_record(zlib.decompress(compressed, 31), place)
    except (zlib.error, WarcError) as error:
        return Fault(place.warc_file, place.offset, "damaged", str(error))
    if record.fields.get("warc-block-digest") not in (None, digest(record.block)):
        return Fault(place.warc_file, place.offset, "digest", "WARC-Block-Digest does not match the block")
    return record


def _check_rest(path: Path, end: int) -> Iterator[Fault]:
    size = path.stat().st_size
    if size <= end:
        return
    try:
        for record in read_records(path, end):
            end = record.place.offset + record.place.length
    except WarcError as error:
        yield Fault(path.name, end, "damaged", str(error))
        return
    if end < size:
        yield Fault(
            path.name,
            end,
            "torn",
            f"the last {size - end} bytes are no whole record; `verify --repair` cuts them",
        )


def _chain_names(archive: Archive) -> list[str]:
    known = {name for (name,) in archive.conn.execute("select name from applied where kind = 'ledger'")}
    return sorted(known | set(chains(archive.home.ledger)))


def _check_chain(archive: Archive, chain: str) -> tuple[int, Fault | None]:
    path = archive.home.ledger / f"{chain}.jsonl"
    row = archive.conn.execute(
        "select bytes, head from applied where kind = 'ledger' and name = ?", (chain,)
    ).fetchone()
    count, end = 0, 0
    seen: dict[int, str] = {}
    try:
        for end, line in read_lines(archive.home.ledger, chain):
            count += 1
            seen = {end: line.digest} if row is None or end <= row[0] else seen
    except LedgerError as error:
        return count, Fault(path.name, end, "chain", str(error))
    if row and row[1] and seen.get(row[0]) != row[1]:
        return count, Fault(path.name, end, "chain", "the chain ends before the line the database saw last")
    if path.exists() and path.stat().st_size > end:
        return count, Fault(path.name, end, "torn", "the last line is unfinished; `verify --repair` cuts it")
    return count, None
