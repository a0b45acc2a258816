"""A worker's spool: what it fetched, synced at once, until it is shipped."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import IO

from archive.files import PROGRAM, SealedRecord, seal, stamp, sync_path
from archive.settings import SOURCE_NAME
from crawler.segments.delivery import Delivery, SegmentError
from crawler.segments.segment import LINES, WARC, lines_of

OPEN = ".open"  # the ending of the lines of a segment that is not closed yet
CLUSTER = "cluster"  # the file that names the cluster of a spool
WORKER = re.compile(r"[0-9a-f]{12}")


class SpoolBusy(Exception):  # noqa: N818 a refusal, not a fault
    """Another worker uses the spool."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is the spool of another worker that runs: give this one another --spool")


class SpoolOfAnother(Exception):  # noqa: N818 a refusal, not a fault
    """The spool has answers that wait to be shipped to another cluster."""

    def __init__(self, folder: Path, other: str) -> None:
        super().__init__(
            f"{folder} has answers for another cluster ({other}): start this worker with another --spool; if it is the "
            f"same cluster under a new address, delete {folder / CLUSTER}"
        )


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed segment in the spool: its name, its two files, and what its lines say."""

    name: str
    warc: Path
    lines: Path
    deliveries: tuple[Delivery, ...]


@dataclass(slots=True)
class _Open:
    """A segment that is written: its name and files, and when it was begun."""

    name: str
    warc: IO[bytes]
    lines: IO[bytes]
    warcinfo: str
    began: float = field(default_factory=monotonic)
    size: int = 0
    deliveries: list[Delivery] = field(default_factory=list)


class Spool:
    """The folder of one worker, held by a lock of its own; for one thread at a time. Raises SpoolBusy and OSError.

    For an answer of a source that no thinker.toml can have it raises SegmentError.

    `worker` is the worker's name: twelve hex digits that stay with the folder.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._lock = (folder / "lock").open("a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise SpoolBusy(folder) from None
        self.worker = self._name()
        self._opened: dict[str, _Open] = {}
        self._start = secrets.token_hex(2)  # so that no two starts give one name
        self._serial = 0

    def bind_to(self, cluster: str) -> None:
        """Note for which cluster this spool is. Raises SpoolOfAnother if what waits here is for another."""
        path = self.folder / CLUSTER
        said = path.read_text("utf-8", "replace").strip() if path.exists() else cluster
        if said != cluster and self._has_any():
            self.shut()
            raise SpoolOfAnother(self.folder, said)
        path.write_text(cluster, "utf-8")

    def add(self, delivery: Delivery, record: SealedRecord | None) -> None:
        """Append a delivery, and the record of its answer (None: a failure) before it, to its source's open segment.

        Both are on the disk when this returns; neither counts if it raises.
        """
        there = self._opened.get(delivery.source) or self._begin(delivery.source)
        if record is not None:
            _append(there.warc, record.member)
            delivery = replace(delivery, offset=there.size, length=len(record.member))
            there.size += len(record.member)
        _append(there.lines, delivery.line)
        there.deliveries.append(delivery)

    def warcinfo(self, source: str) -> str:
        """The id of the warcinfo record of a source's open segment, which is begun if necessary."""
        return (self._opened.get(source) or self._begin(source)).warcinfo

    def close(self, seconds: float = 0.0, size: int = 0) -> None:
        """Close the open segments that were begun `seconds` ago or earlier, or have `size` bytes or more."""
        for source, there in list(self._opened.items()):
            if monotonic() - there.began >= seconds or there.size >= size > 0:
                del self._opened[source]
                there.warc.close()
                there.lines.close()
                self._seal(there.name, there.deliveries)

    def recover(self) -> None:
        """Close what a worker that died left open in this spool: each line that is whole, with its record."""
        for path in sorted(self.folder.glob(f"*/*{OPEN}")):
            name = f"{path.parent.name}/{path.name.removesuffix(OPEN)}"
            warc = self._path(name, WARC)
            size = warc.stat().st_size if warc.exists() else 0
            deliveries = [each for each in _whole_lines(path.read_bytes()) if each.offset + each.length <= size]
            end = max((each.offset + each.length for each in deliveries), default=0)
            if end and end < size:
                with warc.open("r+b") as file:  # the rest is a record without its line
                    file.truncate(end)
                    os.fsync(file.fileno())
            self._seal(name, deliveries)
        for warc in self.folder.glob(f"*/*{WARC}"):  # one that was shipped, or never had an answer
            if not warc.with_name(warc.name.removesuffix(WARC) + LINES).exists():
                warc.unlink()

    def closed(self) -> Iterator[Closed]:
        """Yield the closed segments, the oldest first."""
        for path in sorted(self.folder.glob(f"*/*{LINES}"), key=lambda path: path.name):
            name = f"{path.parent.name}/{path.name.removesuffix(LINES)}"
            lines = path.read_bytes().splitlines(keepends=True)[1:-1]
            yield Closed(name, self._path(name, WARC), path, tuple(map(Delivery.read, lines)))

    def remove(self, closed: Closed) -> None:
        """Delete a segment that was shipped: first its lines, for these make it a segment."""
        closed.lines.unlink()
        closed.warc.unlink(missing_ok=True)

    def shut(self) -> None:
        """Close every segment and free the folder."""
        self.close()
        self._lock.close()

    def _begin(self, source: str) -> _Open:
        if not SOURCE_NAME.fullmatch(source):  # it becomes the name of a folder
            raise SegmentError(f"{source[:100]!r} is no name of a source")
        self._serial += 1
        now = datetime.now(UTC)
        compact = stamp(now).replace("-", "").replace(":", "")
        name = f"{source}/{compact}-{self.worker}-{self._start}{self._serial:06}"
        folder = self.folder / source
        folder.mkdir(exist_ok=True)
        about = f"software: {PROGRAM}\r\nformat: WARC File Format 1.1\r\n".encode()
        info = seal("warcinfo", now, about, [("Content-Type", "application/warc-fields")])
        warc = self._path(name, WARC).open("wb", buffering=0)
        _append(warc, info.member)
        lines = self._path(name, OPEN).open("wb", buffering=0)
        sync_path(folder)
        there = self._opened[source] = _Open(name, warc, lines, info.record_id, size=len(info.member))
        return there

    def _seal(self, name: str, deliveries: list[Delivery]) -> None:
        """Write the lines of a segment under their final name; one without a delivery is deleted."""
        warc, lines, part = self._path(name, WARC), self._path(name, LINES), self._path(name, ".part")
        if deliveries:
            with part.open("wb") as file:
                file.write(lines_of(name, warc, deliveries))
                file.flush()
                os.fsync(file.fileno())
            part.rename(lines)
            sync_path(lines.parent)
        else:
            warc.unlink(missing_ok=True)
        self._path(name, OPEN).unlink(missing_ok=True)

    def _has_any(self) -> bool:
        """True if segments wait here, closed or open."""
        return any(path.name.endswith((LINES, OPEN)) for path in self.folder.glob("*/*"))

    def _path(self, name: str, ending: str) -> Path:
        return self.folder / f"{name}{ending}"

    def _name(self) -> str:
        path = self.folder / "worker"
        said = path.read_text("ascii", "replace").strip() if path.exists() else ""
        if WORKER.fullmatch(said):
            return said
        path.write_text(made := secrets.token_hex(6))
        return made


def _append(file: IO[bytes], content: bytes) -> None:
    """Append these bytes to a file without a buffer, and sync it; if that fails, the file ends where it did."""
    end = file.tell()
    try:
        if file.write(content) != len(content):
            raise OSError(errno.ENOSPC, "the disk took only a part of an answer", str(file.name))
        os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):  # cut at the next start of the worker
            file.truncate(end)
            file.seek(end)
        raise


def _whole_lines(content: bytes) -> Iterator[Delivery]:
    """Yield the deliveries of lines up to the first that is not whole."""
    for line in content.splitlines(keepends=True):
        try:
            if not line.endswith(b"\n"):
                return
            yield Delivery.read(line)
        except ValueError:
            return
