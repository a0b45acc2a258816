"""Catching up: what captures and ledger hold and the database lacks is entered, after a crash or from nothing."""

import heapq
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive.apply import apply_line, apply_record, apply_warcinfo, warcinfo_fields
from archive.captures import capture_of, insert_capture, stored_record
from archive.ledger import Line, chains, read_lines
from archive.lock import Locked, locked
from archive.revisions import Seen, sight_again
from archive.warc import Record, files_of, read_records, source_of

if TYPE_CHECKING:
    from archive import Archive

CAPTURED = frozenset({"response", "revisit", "resource"})
IN_PAGES = "select record_id from captures where pages is not null and record_type <> 'revisit'"
GROUP = 2_000  # rows between two commits of a long replay


class Behind(Exception):  # noqa: N818 names the store that is
    """A store is shorter than the database remembers; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What catching up found."""

    records: int
    lines: int
    torn: tuple[str, ...]  # files whose unfinished end was cut off


def catch_up_all(archive: "Archive") -> None:
    """Catch up every chain that lags and that nobody is writing."""
    for name in _names(archive):
        if _lags(archive, name):
            try:
                with locked(archive.home, name):
                    catch_up(archive, [name])
            except Locked:
                continue  # its writer is alive and catches up itself


def catch_up(archive: "Archive", names: list[str], progress: Callable[[int], None] = lambda _: None) -> Replayed:
    """Enter what the files of these chains hold beyond what the database has seen. The caller holds their locks.

    First the records, then the lines of all chains in the order they were recorded, then the revisits, so that each
    finds what it refers to. Raises WarcError, LedgerError and Behind.
    """
    conn = archive.conn
    torn = [cut for name in names for cut in _cut_torn_ends(archive, name)]
    conn.execute("begin immediate")
    try:
        revisits, records = _enter_records(archive, names, progress)
        lines = _enter_lines(archive, names, progress)
        in_pages = {row[0] for row in conn.execute(IN_PAGES)}
        for capture_id, refers_to in revisits:
            if refers_to not in in_pages:  # the first page alone does not show the article: a line says what was seen
                sight_again(conn, refers_to, _seen(conn, capture_id))
        conn.commit_group()
    except BaseException:
        conn.abandon_group()
        raise
    return Replayed(records, lines, tuple(torn))


def _enter_records(
    archive: "Archive", names: list[str], progress: Callable[[int], None]
) -> tuple[list[tuple[int, str]], int]:
    revisits: list[tuple[int, str]] = []
    crawls: dict[str, str | None] = {}
    count = 0
    for path in (path for name in names for path in files_of(archive.home.captures, name)):
        end = start = _applied(archive.conn, "warc", path.name)
        for record in read_records(path, start):
            _enter_record(archive, record, crawls, revisits)
            end = record.place.offset + record.place.length
            count += 1
            if count % GROUP == 0:
                progress(count)
        if end > start:
            archive.conn.execute("insert or replace into applied values ('warc', ?, ?, null)", (path.name, end))
    return revisits, count


def _enter_record(
    archive: "Archive", record: Record, crawls: dict[str, str | None], revisits: list[tuple[int, str]]
) -> None:
    apply_record(archive.conn, record)
    if record.warc_type == "warcinfo":
        crawls[record.record_id] = apply_warcinfo(archive.conn, record)
    elif record.warc_type in CAPTURED:
        crawl = _crawl_of(archive, record.fields.get("warc-warcinfo-id", "").strip("<>"), crawls)
        capture = capture_of(record, source_of(record.place.warc_file), crawl)
        capture_id = insert_capture(archive.conn, capture)
        if capture.refers_to and capture.kind == "article":
            revisits.append((capture_id, capture.refers_to))


def _crawl_of(archive: "Archive", warcinfo_id: str, crawls: dict[str, str | None]) -> str | None:
    """The crawl that a record's warcinfo names; one that was entered at an earlier start is read again."""
    if warcinfo_id and warcinfo_id not in crawls:
        said = warcinfo_fields(stored_record(archive.conn, archive.home.captures, warcinfo_id).block)
        crawls[warcinfo_id] = said.get("crawl")
    return crawls.get(warcinfo_id)


def _enter_lines(archive: "Archive", names: list[str], progress: Callable[[int], None]) -> int:
    count = 0
    ends: dict[str, tuple[int, str]] = {}
    for end, line in heapq.merge(*(_lines(archive, name) for name in names), key=_order):
        apply_line(archive.conn, archive.home.captures, line)
        ends[line.chain] = (end, line.digest)
        count += 1
        if count % GROUP == 0:
            progress(count)
    archive.conn.executemany(
        "insert or replace into applied values ('ledger', ?, ?, ?)",
        [(chain, end, digest) for chain, (end, digest) in ends.items()],
    )
    return count


def _lines(archive: "Archive", name: str) -> Iterator[tuple[int, Line]]:
    row = archive.conn.execute("select bytes, head from applied where kind = 'ledger' and name = ?", (name,)).fetchone()
    start, head = row or (0, None)
    return read_lines(archive.home.ledger, name, start, head)


def _order(item: tuple[int, Line]) -> tuple[str, str]:
    return item[1].recorded_at, item[1].chain


def _seen(conn: sqlite3.Connection, capture_id: int) -> Seen:
    row = conn.execute("select id, source, url, captured_at from captures where id = ?", (capture_id,)).fetchone()
    return Seen(*row)


def _cut_torn_ends(archive: "Archive", name: str) -> list[str]:
    """Cut each file after its last whole record or line: what lies behind was never acknowledged."""
    cut = []
    for path in files_of(archive.home.captures, name)[-1:]:  # the one that was being written
        start = _applied(archive.conn, "warc", path.name)
        if path.stat().st_size > start and (end := _whole(read_records(path, start), start)) < path.stat().st_size:
            _truncate(path, end)
            cut.append(path.name)
    ledger = archive.home.ledger / f"{name}.jsonl"
    if ledger.exists() and not (raw := ledger.read_bytes()).endswith(b"\n") and raw:
        _truncate(ledger, raw.rfind(b"\n") + 1)
        cut.append(ledger.name)
    return cut


def _whole(records: Iterable[Record], start: int) -> int:
    end = start
    for record in records:
        end = record.place.offset + record.place.length
    return end


def _truncate(path: Path, end: int) -> None:
    with path.open("r+b") as file:
        file.truncate(end)
        os.fsync(file.fileno())


def _names(archive: "Archive") -> list[str]:
    captured = {source_of(path.name) for path in archive.home.captures.glob("*.warc.gz")}
    return sorted(captured | set(chains(archive.home.ledger)))


def _lags(archive: "Archive", name: str) -> bool:
    ledger = archive.home.ledger / f"{name}.jsonl"
    sizes = [("warc", path) for path in files_of(archive.home.captures, name)] + (
        [("ledger", ledger)] if ledger.exists() else []
    )
    return any(
        path.stat().st_size > _applied(archive.conn, kind, path.name if kind == "warc" else name)
        for kind, path in sizes
    )


def _applied(conn: sqlite3.Connection, kind: str, name: str) -> int:
    row = conn.execute("select bytes from applied where kind = ? and name = ?", (kind, name)).fetchone()
    return int(row[0]) if row else 0
