"""The ledger: decisions as canonical JSON lines, each with the digest of the one before it."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from archive.files.clock import STAMP
from archive.files.home import CHAINS, NAMES, sync_path
from archive.files.versions import NEWER, OLDER, OtherVersion

FORMAT = 1  # of every line of every chain; a new kind of line does not change it

ALTERED, TWICE = "the line was altered", "the line stands twice"
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class LedgerError(Exception):
    """A ledger line that is unreadable, does not continue its chain, or has wrong fields; the text says which."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One decision as written; its digest is empty before `sealed`.

    It has no text of a page, so a takedown leaves the chain whole.
    """

    chain: str  # the file's name without its ending; part of the digest
    recorded_at: str
    at: str
    kind: str
    key: str | None = None
    content_digest: str | None = None
    payload_digest: str | None = None
    conversion_digest: str | None = None
    record_id: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    previous_digest: str | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a chain's file: its first byte and the byte after it (from 0), and its fault, None if it is sound.

    line: None if the bytes are no ledger line, were altered, have no moment in recorded_at, or are a copy of a line
    before.
    """

    start: int
    end: int
    line: LedgerLine | None
    fault: str | None = None
    sha256: str = ""  # of the line's bytes, if there is a fault
    head: str | None = None  # the digest that the next line must continue


def canonical(values: dict[str, Any]) -> str:
    """Canonical JSON (RFC 8785) of strings, whole numbers below 2^53, lists and objects with ASCII names.

    Other values, such as fractions, are not refused, but their form may not be canonical.
    """
    return _ENCODE(values)


def sealed(line: LedgerLine, previous: str | None) -> LedgerLine:
    """A copy of the line with `previous` as previous_digest, and with its own digest, which covers the chain's name."""
    content = {**_content(line, previous), "chain": line.chain}
    digest = "sha256:" + hashlib.sha256(canonical(content).encode()).hexdigest()
    return LedgerLine(
        line.chain, line.recorded_at, line.at, line.kind, line.key, line.content_digest, line.payload_digest,
        line.conversion_digest, line.record_id, line.detail, previous, digest,
    )  # fmt: skip


class Ledger:
    """The chain of one writer. Lines stay in memory until `sync` writes them to disk together."""

    def __init__(self, folder: Path, chain: str, head: str | None = None) -> None:
        self.path, self.chain = folder / f"{chain}.jsonl", chain
        self.head = head
        self.bytes = self.path.stat().st_size if self.path.exists() else 0
        last = line_before(folder, chain, self.bytes) if self.bytes and head else None
        self.recorded_at = last.recorded_at if last else ""  # of the last line; the next one is not earlier
        self._waiting: list[LedgerLine] = []
        self._synced_head = head

    def append(self, line: LedgerLine) -> LedgerLine:
        """Append a line to the chain and return it sealed; it is durable after the next `sync`.

        Its `recorded_at` becomes that of the line before, if that is later.
        """
        self.recorded_at = max(self.recorded_at, line.recorded_at)
        done = sealed(replace(line, recorded_at=self.recorded_at), self.head)
        self.head = done.digest
        self._waiting.append(done)
        return done

    def sync(self) -> None:
        """Write every appended line to disk and sync it. Raises OSError."""
        if not self._waiting:
            return
        text = "".join(as_text(line) for line in self._waiting).encode()
        begun = not self.path.exists()
        with self.path.open("ab") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if begun:
            sync_path(self.path.parent)  # the new name itself must survive a power cut
        self.bytes += len(text)
        self._waiting, self._synced_head = [], self.head

    @property
    def waiting(self) -> int:
        """The number of lines not synced yet."""
        return len(self._waiting)

    def forget(self, waiting: int) -> None:
        """Drop the waiting lines after the first `waiting` ones."""
        del self._waiting[waiting:]
        self.head = self._waiting[-1].digest if self._waiting else self._synced_head

    def discard(self) -> None:
        """Drop the lines that were not synced."""
        self._waiting, self.head = [], self._synced_head


def as_text(line: LedgerLine) -> str:
    """The line as canonical JSON with a newline, as the file has it: without the name of its chain."""
    return canonical({**_content(line, line.previous_digest), "digest": line.digest}) + "\n"


def steps(folder: Path, chain: str, start: int = 0, head: str | None = None, end: int | None = None) -> Iterator[Step]:
    """Yield a Step for each whole line from the byte `start`, where one begins, up to those that begin before `end`.

    Nothing without a file. `head` is the digest that the first line must continue; None: it must be the first of its
    chain. An unfinished last line is left out. A line with a correct digest that does not continue the one before it
    comes with line and fault; any other faulty line, also a copy of an earlier one, with the fault only. Raises
    OtherVersion for a line of another format.
    """
    path = folder / f"{chain}.jsonl"
    if not path.exists():
        return
    further_up: set[str] | None = None  # filled only when a link is broken
    with path.open("rb") as file:
        file.seek(start)
        for raw in file:
            if not raw.endswith(b"\n") or (end is not None and start >= end):
                return
            step = _step(raw, chain, start, head)
            if step.fault and step.line:
                further_up = further_up or {line.digest for line in _lines_before(path, chain, start)}
                if step.line.digest in further_up:
                    step = Step(start, step.end, None, TWICE, step.sha256, head)
            if further_up is not None and step.line:
                further_up.add(step.line.digest)
            yield step
            start, head = step.end, step.head


def _lines_before(path: Path, chain: str, end: int) -> Iterator[LedgerLine]:
    with path.open("rb") as file:
        start = 0
        while start < end:
            step = _step(file.readline(), chain, start, None)
            if step.line:
                yield step.line
            start = step.end


def read_lines(
    folder: Path, chain: str, start: int = 0, head: str | None = None, end: int | None = None
) -> Iterator[tuple[int, LedgerLine]]:
    """Yield (the byte after the line, the line) for each line of which `steps` gives a Step.

    Raises LedgerError at the first line with a fault, such as not to continue the line before (the first: `head`).
    Raises OtherVersion as `steps`.
    """
    for step in steps(folder, chain, start, head, end):
        if step.fault or step.line is None:
            raise LedgerError(f"{chain}.jsonl at {step.start}: {step.fault}")
        yield step.end, step.line


def line_before(folder: Path, chain: str, end: int) -> LedgerLine | None:
    """The line that ends just before the byte `end` (from 0); None if none does, or it is unreadable or altered.

    Raises OtherVersion, and OSError without the file.
    """
    with (folder / f"{chain}.jsonl").open("rb") as file:
        start, tail = end, b""
        while start > 0 and tail.count(b"\n") < 2:  # the newline of this line, and that of the one before
            start = max(0, start - 4096)
            file.seek(start)
            tail = file.read(end - start)
    raw = tail[tail.rfind(b"\n", 0, -1) + 1 :]
    if len(tail) < end - start or not raw.endswith(b"\n"):
        return None
    return _step(raw, chain, end - len(raw), None).line


def chains(folder: Path) -> list[str]:
    """The names of the chains in a ledger folder (each is a file NAME.jsonl), sorted."""
    return sorted(path.stem for path in folder.glob(CHAINS) if NAMES[CHAINS].fullmatch(path.name) and path.is_file())


def daily_head(heads: dict[str, str]) -> str:
    """The daily head, `sha256:` and 64 hex digits: the digest of `heads`, by chain the digest of its last line.

    It is to be published elsewhere.
    """
    return "sha256:" + hashlib.sha256(canonical(dict(heads)).encode()).hexdigest()


def _content(line: LedgerLine, previous: str | None) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "recorded_at": line.recorded_at,
        "at": line.at,
        "kind": line.kind,
        "key": line.key,
        "content_digest": line.content_digest,
        "payload_digest": line.payload_digest,
        "conversion_digest": line.conversion_digest,
        "record_id": line.record_id,
        "detail": line.detail,
        "previous_digest": previous,
    }


def _step(raw: bytes, chain: str, start: int, head: str | None) -> Step:
    end = start + len(raw)
    try:
        line = _line(raw, chain, f"{chain}.jsonl at {start}")
        altered = sealed(line, line.previous_digest).digest != line.digest or as_text(line).encode() != raw
    except (ValueError, TypeError, RecursionError) as error:  # TypeError: other names than a line's
        return Step(start, end, None, f"not a ledger line ({error})", hashlib.sha256(raw).hexdigest(), head)
    if altered:
        return Step(start, end, None, ALTERED, hashlib.sha256(raw).hexdigest(), line.digest)
    if not STAMP.fullmatch(str(line.recorded_at)):
        return Step(start, end, None, "recorded_at is no moment", hashlib.sha256(raw).hexdigest(), line.digest)
    if line.previous_digest != head:
        return Step(start, end, line, "the chain is broken here", hashlib.sha256(raw).hexdigest(), line.digest)
    return Step(start, end, line, head=line.digest)


def _line(raw: bytes, chain: str, where: str) -> LedgerLine:
    values = json.loads(raw)
    if not isinstance(values, dict):
        raise ValueError("no object")
    form = values.pop("format", None)
    if form != FORMAT or form is True:  # in Python True equals 1
        raise OtherVersion(f"{where}: {NEWER if isinstance(form, int) and form > FORMAT else OLDER}")
    return LedgerLine(chain=chain, **values)


def heads(conn: sqlite3.Connection) -> dict[str, str]:
    """By chain, the digest of the last line that the database has applied; chains without a line are left out."""
    rows = conn.execute("select name, head from applied where kind = 'ledger' order by name").fetchall()
    return {name: head for name, head in rows if head}


def head_of_all(conn: sqlite3.Connection) -> str:
    """The daily head: one digest over the heads of all chains that the database has applied."""
    return daily_head(heads(conn))
