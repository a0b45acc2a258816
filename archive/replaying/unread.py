"""The part of the files that the database has not read yet, checked before it is entered."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.files import Home, Record, RecordLocation, all_files_of, is_locked, steps
from archive.replaying.damage import Damages
from archive.replaying.doubles import singled
from archive.replaying.tails import Tail, readable
from archive.rows import Shortfall, applied_bytes, chain_names

IN_CHINESE = {
    "double": "有重复的记录",
    "foreign": "不是本档案库采集的记录",
    "behind": "短于快照中的记载",
    "chain": "账本不连续",
    "misplaced": "不是文件，或链接的目标不存在",
}


@dataclass(frozen=True, slots=True)
class UnreadSpan:
    """One fault: file, first byte and the byte after the last (0: unknown), its kind, and the reason."""

    file: str
    start: int
    end: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.file} at {self.start}: {self.text}"

    @property
    def in_chinese(self) -> str:
        """The fault in one Chinese sentence, without the details of `text`."""
        return f"{self.file} 第 {self.start} 字节起{IN_CHINESE[self.kind]}"


def unread_faults(conn: sqlite3.Connection, home: Home) -> Iterator[UnreadSpan]:
    """Yield the faults in bytes that no command has entered, and files that are not in their place. Changes nothing.

    Chains being written are left out; of the new lines of a chain, only the first fault is given. For the paths see
    `Home.misplaced`.
    """
    for path, said in home.misplaced():
        yield UnreadSpan(path.name, 0, 0, "misplaced", f"it {said}")
    for name in chain_names(home):
        if not is_locked(home, name):
            met = Damages(home, name)
            tail = Tail(conn, home, name, met)
            seen: dict[str, RecordLocation] = {}
            for path in all_files_of(home.captures, name):
                yield from _of_file(conn, path, met, tail, seen)
            if tail.lacking:
                yield UnreadSpan(
                    f"{name}.jsonl", (home.ledger / f"{name}.jsonl").stat().st_size, 0, "behind", tail.lacking
                )
            for claim in tail.claims.values():
                if not (claim.holds(home.ledger) or met.cut_was_accepted(claim)):
                    yield _behind(claim.missing(home.ledger))
            yield from _of_chain(conn, home, name, met)


def _of_file(
    conn: sqlite3.Connection, path: Path, met: Damages, tail: Tail, seen: dict[str, RecordLocation]
) -> Iterator[UnreadSpan]:
    start = applied_bytes(conn, "warc", path.name)
    if path.stat().st_size <= start:
        return
    passed = 0
    for each in singled(conn, readable(path, start), seen):
        if not isinstance(each, Record):
            if met.passed_over(path.name, each.start) != each.end:
                yield UnreadSpan(path.name, each.start, each.end, "double", each.text)
        elif each.warc_type == "warcinfo" and each.place.offset >= passed and (refused := tail.refusal(each)):
            passed, why = refused
            if met.passed_over(path.name, each.place.offset) != passed:
                yield UnreadSpan(path.name, each.place.offset, passed, "foreign", why)


def _of_chain(conn: sqlite3.Connection, home: Home, name: str, met: Damages) -> Iterator[UnreadSpan]:
    sql = "select bytes, head from applied where kind = 'ledger' and name = ?"
    start, head = conn.execute(sql, (name,)).fetchone() or (0, None)
    for step in steps(home.ledger, name, start, head):
        if step.fault and not met.line_was_accepted(step.start):
            yield UnreadSpan(f"{name}.jsonl", step.start, step.end, "chain", step.fault)
            return


def _behind(gone: Shortfall) -> UnreadSpan:
    return UnreadSpan(gone.file, gone.offset, gone.offset + gone.missing, "behind", gone.text)
