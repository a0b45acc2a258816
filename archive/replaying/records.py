"""Enter records: each has its place, and each response, revisit and resource is a capture."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from archive.files import (
    CAPTURED,
    DERIVED,
    Record,
    WarcError,
    digest_fault,
    files_of,
    range_digest,
    read_records,
    series_of,
    warc_fields,
)
from archive.replaying.damage import REMOVE, Damage, Damages
from archive.replaying.doubles import singled
from archive.replaying.extent import Extent
from archive.replaying.revisits import Revisits
from archive.replaying.tails import IMPORT, Tail
from archive.replaying.torn import resumed
from archive.rows import (
    Archive,
    Unproved,
    applied_bytes,
    apply_record,
    apply_warcinfo,
    enter_capture,
    know_source,
    stored_record,
)


def enter_records(archive: Archive, met: Damages, revisits: Revisits, extent: Extent, tail: Tail) -> int:
    """Enter the records of a source's files beyond the applied bytes; returns their number. Raises Damaged.

    Revisits of articles are entered too, and collected in `revisits`: their meaning is known after the lines are
    entered. Records that stand twice, and runs that are not ours, are met as damage and not entered.
    """
    crawls: dict[str, str | None] = {}
    name, count = met.chain, 0
    for path in _files(archive, name, tail):
        start = applied_bytes(archive.conn, "warc", path.name)
        limit = extent.limit(path.name)
        end = path.stat().st_size if limit is None else limit
        if end <= start:
            continue
        know_source(archive.conn, name)
        for record in _own(archive, _readable(path, start, end, met), met, tail):
            _enter(archive, record, crawls, revisits, met)
            count += 1
            extent.meter.add(record.place.length)
        archive.conn.execute("insert or replace into applied values ('warc', ?, ?, null)", (path.name, end))
    return count


def _files(archive: Archive, name: str, tail: Tail) -> list[Path]:
    """The files of a source with bytes not yet entered: captures before the records derived from them."""
    folder, conn = archive.home.captures, archive.conn
    series = files_of(folder, name), files_of(folder, name + DERIVED)
    longer = [
        [path for path in files if path.stat().st_size > applied_bytes(conn, "warc", path.name)] for files in series
    ]
    return [path for files in longer for path in (tail.in_order(files) if len(files) > 1 else files)]


def _own(archive: Archive, records: Iterator[Record], met: Damages, tail: Tail) -> Iterator[Record]:
    """Yield the records of our own runs that the database lacks: of one that stands twice, the place read first.

    Later copies, and runs that are not ours, are damage for `met`, unless a loss line accepted them. Raises Damaged.
    """
    passed = 0  # an offset in this file: the records before it are not entered
    for record in _once(archive, records, met):
        file, offset = record.place.warc_file, record.place.offset
        if offset < passed:
            continue
        if record.warc_type == "warcinfo" and (refused := tail.refusal(record)) is not None:
            passed, why = refused
            if met.passed_over(file, offset) != passed:
                _meet(archive, met, Damage(met.chain, file, offset, passed - offset, "altered", why, remedy=IMPORT))
        else:
            yield record


def _once(archive: Archive, records: Iterator[Record], met: Damages) -> Iterator[Record]:
    for each in singled(archive.conn, records):
        if isinstance(each, Record):
            yield each
        elif (start := met.passed_over(each.file, each.start) or each.start) < each.end:
            _meet(
                archive, met, Damage(met.chain, each.file, start, each.end - start, "altered", each.text, remedy=REMOVE)
            )


def _meet(archive: Archive, met: Damages, damage: Damage) -> None:
    found = range_digest(archive.home.captures / damage.file, damage.offset, damage.bytes)
    met.meet(replace(damage, found=found))


def _readable(path: Path, start: int, end: int, met: Damages) -> Iterator[Record]:
    """Yield the records of a file that match their digests; the others are damage for `met`. Raises Damaged."""
    while True:
        try:
            for record in read_records(path, start, end):
                start = record.place.offset + record.place.length
                if fault := digest_fault(record):
                    place = record.place
                    met.meet(Damage(met.chain, path.name, place.offset, place.length, "altered", fault))
                else:
                    yield record
            if start < end:
                raise WarcError(f"{path.name} at {start}: the record is not whole")
            return
        except WarcError as error:
            cause = str(error).partition(": ")[2] or str(error)
            behind = met.behind(path.name, start) or resumed(path, start, end, met.borders(path.name))
            met.meet(Damage(met.chain, path.name, start, (behind or end) - start, "altered", cause))
            if behind is None:
                return
            start = behind


def _enter(archive: Archive, record: Record, crawls: dict[str, str | None], revisits: Revisits, met: Damages) -> None:
    apply_record(archive.conn, record)
    if record.warc_type == "warcinfo" and series_of(record.place.warc_file) == met.chain:
        crawls[record.record_id] = apply_warcinfo(archive.conn, record)
    elif record.warc_type in CAPTURED:
        warcinfo = record.fields.get("warc-warcinfo-id", "").strip("<>")
        crawl = _crawl_of(archive, warcinfo, crawls, record, met)
        capture_id, unenterable = enter_capture(archive.conn, record, met.chain, crawl)
        if not unenterable and record.warc_type == "revisit" and record.fields.get("thinker-kind") == "article":
            revisits.add(record.place, capture_id)


def _crawl_of(
    archive: Archive, warcinfo: str, crawls: dict[str, str | None], record: Record, met: Damages
) -> str | None:
    """The key of the crawl that a record's warcinfo names; None if the warcinfo names no crawl, as that of an import.

    A warcinfo that is not in `crawls`, as of a run that was caught up before, is read from its file and added; None if
    it is lost, which `met` notes or refuses.
    """
    if warcinfo and warcinfo not in crawls:
        try:
            block = stored_record(archive.conn, archive.home.captures, warcinfo).block
            crawls[warcinfo] = warc_fields(block).get("crawl")
        except Unproved as error:
            place = record.place
            met.skip(0, warcinfo, Damage(met.chain, place.warc_file, place.offset, 0, "missing", str(error)))
            crawls[warcinfo] = None
    return crawls.get(warcinfo)
