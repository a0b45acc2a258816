"""The ledger: what was decided, one canonical JSON line after another, each sealing the one before it."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class LedgerError(Exception):
    """A line that does not continue its chain; the text names the file, the line and the fault."""


@dataclass(frozen=True, slots=True)
class Line:
    """One decision. `detail` holds names and digests only, no text of a page: a takedown leaves the chain whole."""

    chain: str
    recorded_at: str
    at: str
    kind: str
    key: str | None = None
    content_digest: str | None = None
    record_id: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    previous_digest: str | None = None
    digest: str = ""


def canonical(values: dict[str, Any]) -> str:
    """Canonical JSON (RFC 8785) of strings, whole numbers, lists and objects with ASCII names."""
    return _ENCODE(values)


def sealed(line: Line, previous: str | None) -> Line:
    """The line with its place in the chain: the digest before it, and its own."""
    content = _content(line, previous)
    digest = "sha256:" + hashlib.sha256(canonical(content).encode()).hexdigest()
    return Line(
        line.chain, line.recorded_at, line.at, line.kind, line.key, line.content_digest, line.record_id, line.detail,
        previous, digest,
    )  # fmt: skip


class Ledger:
    """The chain of one writer. Lines are kept in memory until `sync` puts them on the disk at once."""

    def __init__(self, folder: Path, chain: str, head: str | None = None) -> None:
        self.path, self.chain = folder / f"{chain}.jsonl", chain
        self.head = head
        self.bytes = self.path.stat().st_size if self.path.exists() else 0
        self._waiting: list[Line] = []
        self._synced_head = head

    def append(self, line: Line) -> Line:
        """Seal a line to the chain; it is durable after the next `sync`."""
        done = sealed(line, self.head)
        self.head = done.digest
        self._waiting.append(done)
        return done

    def sync(self) -> None:
        """Return only when every appended line is on the disk. Raises OSError."""
        if not self._waiting:
            return
        text = "".join(as_text(line) for line in self._waiting).encode()
        begun = not self.path.exists()
        with self.path.open("ab") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if begun:
            _sync_folder(self.path.parent)
        self.bytes += len(text)
        self._waiting, self._synced_head = [], self.head

    def discard(self) -> None:
        """Forget the lines that were not synced."""
        self._waiting, self.head = [], self._synced_head


def as_text(line: Line) -> str:
    """The line as it stands in the file, newline included."""
    return canonical({**_content(line, line.previous_digest), "digest": line.digest}) + "\n"


def read_lines(folder: Path, chain: str, start: int = 0, head: str | None = None) -> Iterator[tuple[int, Line]]:
    """Each line from a byte on with the byte after it; an unfinished last line is left out.

    Raises LedgerError when a line is not JSON, does not continue `head`, or its digest is not its own.
    """
    path = folder / f"{chain}.jsonl"
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(start)
        end = start
        for raw in file:
            if not raw.endswith(b"\n"):
                return
            end += len(raw)
            line = _line(raw, chain, f"{path.name} at {end - len(raw)}")
            if line.previous_digest != head or sealed(line, head).digest != line.digest:
                raise LedgerError(f"{path.name} at {end - len(raw)}: the chain is broken here")
            head = line.digest
            yield end, line


def chains(folder: Path) -> list[str]:
    """The names of the chains, sorted."""
    return sorted(path.stem for path in folder.glob("*.jsonl"))


def daily_head(heads: dict[str, str]) -> str:
    """One digest over the heads of all chains, in the order of their names."""
    return "sha256:" + hashlib.sha256(canonical(dict(heads)).encode()).hexdigest()


def _content(line: Line, previous: str | None) -> dict[str, Any]:
    return {
        "recorded_at": line.recorded_at,
        "at": line.at,
        "kind": line.kind,
        "key": line.key,
        "content_digest": line.content_digest,
        "record_id": line.record_id,
        "detail": line.detail,
        "previous_digest": previous,
    }


def _line(raw: bytes, chain: str, where: str) -> Line:
    try:
        return Line(chain=chain, **json.loads(raw))
    except (ValueError, TypeError) as error:
        raise LedgerError(f"{where}: not a ledger line ({error})") from None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
