"""Compare the files with the database, which may lack what they hold, but never hold what they lack."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.files import Home, all_files_of, captured_sources, chains, is_locked, line_before, source_of
from archive.rows.connection import Archive
from archive.rows.records import applied_bytes

APPLIED = "select kind, name, bytes, head from applied order by kind, name"
REMEDY = "restore the file, or accept the loss with `thinker rebuild --accept-loss`"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A file that lacks bytes already applied, or has other bytes in their place.

    offset: where the fault begins, from 0; for a ledger line that differs, where it ends. missing: how many bytes are
    gone; 0 if they differ. A damage that a rebuild met has its description in `said`; then offset is the first damaged
    byte, from 0, and missing is how many bytes are gone or differ, 0 if unknown.
    """

    chain: str
    file: str
    offset: int
    missing: int
    head: str | None  # of the ledger: the last line applied
    record: str = ""  # the first record that differs, if it was looked for
    said: str = ""  # the damage as a rebuild described it before going on

    @property
    def text(self) -> str:
        if self.said:
            return self.said
        gone = f"{self.missing} bytes are gone that" if self.missing else "these bytes are not those that"
        record = f"; {self.record}" if self.record else ""
        return f"{gone} the archive has already entered{record}"

    def __str__(self) -> str:
        return f"{self.file} at {self.offset}: {self.text}"

    @property
    def in_chinese(self) -> str:
        """The file, the offset and the text in Chinese; a rebuild's description of the damage stays English."""
        lack = f"缺少已入档的 {self.missing} 字节" if self.missing else "与已入档的字节不符"
        return f"{self.file} 第 {self.offset} 字节起{f'重建时发现损坏（{self.said}）' if self.said else lack}"


class Behind(Exception):  # noqa: N818 names the store that is
    """Files are shorter than the part already applied, or differ from it; the text names files, places and remedy."""

    def __init__(self, shortfalls: Iterable[Shortfall]) -> None:
        self.shortfalls = tuple(shortfalls)
        super().__init__(f"{'; '.join(map(str, self.shortfalls))}: {REMEDY}")


def require_whole(conn: sqlite3.Connection, home: Home, chains: Iterable[str]) -> None:
    """Raise Behind if a file of these chains is shorter than the part applied, or ends in other bytes.

    Also for damage that a rebuild met in them and that is not accepted yet.
    """
    found = [shortfall for chain in chains for shortfall in shortfalls(conn, home, chain)]
    if found:
        raise Behind(found)


def shortfalls(conn: sqlite3.Connection, home: Home, chain: str | None = None) -> Iterator[Shortfall]:
    """Yield a Shortfall for each fault in the files of one chain, or of all chains without `chain`.

    First those of `file_shortfalls`, then the damage that a rebuild met and that is not accepted yet; one fault may be
    among both.
    """
    yield from file_shortfalls(conn, home, chain)
    for owner, file, offset, missing, said in conn.execute("select * from damage order by 1, 2, 3").fetchall():
        if chain in (None, owner):
            yield Shortfall(owner, file, offset, missing, None, said=said)


def file_shortfalls(conn: sqlite3.Connection, home: Home, chain: str | None = None) -> Iterator[Shortfall]:
    """Yield a Shortfall for each file of one chain, or of all, that lacks applied bytes or ends in other ones.

    Only the last applied line or record of a file is read.
    """
    for kind, name, size, head in conn.execute(APPLIED).fetchall():
        owner = name if kind == "ledger" else source_of(name)
        if chain in (None, owner):
            path = home.ledger / f"{name}.jsonl" if kind == "ledger" else home.captures / name
            yield from _ledger(path, owner, size, head) if kind == "ledger" else _captures(conn, path, owner, size)


def _ledger(path: Path, chain: str, size: int, head: str | None) -> Iterator[Shortfall]:
    there = path.stat().st_size if path.exists() else 0
    if there < size:
        yield Shortfall(chain, path.name, there, size - there, head)
    elif size:
        line = line_before(path.parent, chain, size)
        if line is None or line.digest != head:
            yield Shortfall(chain, path.name, size, 0, head)


def _captures(conn: sqlite3.Connection, path: Path, chain: str, size: int) -> Iterator[Shortfall]:
    there = path.stat().st_size if path.exists() else 0
    if there < size:
        yield Shortfall(chain, path.name, there, size - there, None)
        return
    last = conn.execute(
        """
        select warc_offset, warc_length, sha256 from warc_records
         where warc_file = ? order by warc_offset desc limit 1
        """,
        (path.name,),
    ).fetchone()
    if last:
        offset, length, sha256 = last
        with path.open("rb") as file:
            file.seek(offset)
            if hashlib.sha256(file.read(length)).digest() != sha256:
                yield Shortfall(chain, path.name, offset, 0, None)


def chain_names(home: Home) -> list[str]:
    """The names of all sources that have captures, and of all chains of the ledger, sorted."""
    return sorted(captured_sources(home.captures) | set(chains(home.ledger)))


def not_entered(archive: Archive) -> dict[str, int]:
    """The number of bytes of captures and ledger that the database lacks, by chain.

    Chains that lack none, and chains being written, are left out.
    """
    lags = {name: lag(archive.conn, archive.home, name) for name in chain_names(archive.home)}
    return {name: lag for name, lag in lags.items() if lag and not is_locked(archive.home, name)}


def lag(conn: sqlite3.Connection, home: Home, name: str) -> int:
    """The number of bytes in a chain's files, captures and ledger, that the database has not applied yet.

    A file that is shorter than the part applied counts as 0.
    """
    ledger = home.ledger / f"{name}.jsonl"
    sizes = [(path, applied_bytes(conn, "warc", path.name)) for path in all_files_of(home.captures, name)]
    sizes += [(ledger, applied_bytes(conn, "ledger", name))] if ledger.exists() else []
    return sum(max(0, path.stat().st_size - applied) for path, applied in sizes)
