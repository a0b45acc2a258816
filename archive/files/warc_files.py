"""WARC files: their names, the two series of a source, and appending to the newest file of each."""

import errno
import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from io import FileIO
from pathlib import Path

from archive.files.clock import stamp
from archive.files.home import CAPTURES, NAMES, sync_path
from archive.files.warc import READ_BYTES, RecordLocation, SealedRecord

MAX_FILE_BYTES = 1_000_000_000  # a file of this size is followed by a new one
DERIVED = "-derived"  # the ending of the series of derived records; no source's name may end so


class WarcWriter:
    """Appends records to the newest file of a series; nothing is durable before `sync`."""

    def __init__(self, folder: Path, series: str) -> None:
        self.folder, self.series = folder, series
        self._file: FileIO | None = None
        self.ends: dict[str, int] = {}  # the length of every file appended to
        files = files_of(folder, series)
        if files and files[-1].stat().st_size < MAX_FILE_BYTES:
            self._open(files[-1])

    @property
    def full(self) -> bool:
        """True if the next record needs a new file: the open one has reached its size limit, or none is open."""
        return self._file is None or self._end >= MAX_FILE_BYTES

    @property
    def name(self) -> str:
        """The name of the file that is open, or was last; AttributeError if none was opened."""
        return self._path.name

    def begin(self, at: datetime) -> None:
        """Open a new file, with the moment `at` and the next serial in its name. Raises OSError.

        The file that was open before is synced and closed.
        """
        if self._file is not None:
            self.sync()  # later syncs are of the next file only
            self._file.close()
        files = files_of(self.folder, self.series)
        serial = serial_of(files[-1].name) + 1 if files else 1  # the number of a lost file is not used again
        compact = stamp(at).replace("-", "").replace(":", "")
        self._open(self.folder / f"{self.series}-{compact}-{serial:05}.warc.gz")
        sync_path(self.folder)  # the new name itself must survive a power cut

    def append(self, sealed: SealedRecord) -> RecordLocation:
        """Write one record to the open file and return its place. Raises OSError.

        AssertionError if no file is open (`begin` opens one).
        """
        assert self._file is not None
        member = sealed.member
        if self._file.write(member) != len(member):
            raise OSError(errno.ENOSPC, "the disk took only a part of a record", str(self._path))
        place = RecordLocation(self._path.name, self._end, len(member), sealed.sha256)
        self._end += len(member)
        self.ends[self._path.name] = self._end
        return place

    def sync(self) -> None:
        """Sync every appended byte to the disk. Raises OSError; after that the caller must not use the writer again."""
        if self._file is not None:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self, path: Path) -> None:
        self._path = path
        self._file = path.open("ab", buffering=0)  # unbuffered: no record is half in memory
        self._end = path.stat().st_size


def files_of(folder: Path, series: str) -> list[Path]:
    """The files of a series, in the order in which they were begun."""
    found = (path for path in folder.glob(f"{series}-*.warc.gz") if series_of(path.name) == series and path.is_file())
    return sorted(found, key=lambda path: (serial_of(path.name), path.name))


def all_files_of(folder: Path, source: str) -> list[Path]:
    """The files of a source: its captures, then the records derived from them."""
    return files_of(folder, source) + files_of(folder, source + DERIVED)


def serial_of(name: str) -> int:
    """`newsroom-20261125T110300Z-00012.warc.gz` → 12; 0 for a name without one."""
    serial = name.rsplit("-", 1)[-1].partition(".")[0]
    return int(serial) if serial.isdecimal() else 0


def series_of(name: str) -> str:
    """The series of a WARC file, from its name.

    `newsroom-20261125T110300Z-00001.warc.gz` → `newsroom`; for a file of derived records `newsroom-derived`.
    """
    return name.rsplit("-", 2)[0]


def source_of(name: str) -> str:
    """The name of a file's source: `newsroom`, both for a file of its captures and for one of its derived records."""
    return series_of(name).removesuffix(DERIVED)


def captured_sources(folder: Path) -> set[str]:
    """The names of the sources that have WARC files in a folder, of captures or of derived records."""
    return {source_of(path.name) for path in captured_files(folder)}


def captured_files(folder: Path) -> list[Path]:
    """The WARC files of a folder that are named as ours are, those of derived records among them, sorted by name."""
    return sorted(path for path in folder.glob(CAPTURES) if NAMES[CAPTURES].fullmatch(path.name) and path.is_file())


def range_digest(path: Path, start: int, length: int) -> str | None:
    """SHA-256 (hex) of `length` bytes of a file from `start` (counted from 0) on. Raises OSError.

    None if the file is shorter, or missing.
    """
    found = hashlib.sha256()
    if not path.exists():
        return None
    for chunk in _chunks(path, start, length):
        found.update(chunk)
        length -= len(chunk)
    return None if length else found.hexdigest()


def _chunks(path: Path, start: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while length and (chunk := file.read(min(READ_BYTES, length))):
            length -= len(chunk)
            yield chunk
