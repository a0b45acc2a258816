"""The depot: the shared folder or object store where workers put segments and crawls take them."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from archive.files import sync_path
from archive.settings import without_password
from crawler.segments.delivery import SegmentError
from crawler.segments.segment import LINES, NAME, WARC, ShippedSegment, proved, source_of_segment
from crawler.segments.spool import Closed

PACKAGE = "segments need the package fsspec: pip install 'thinker-archive[cluster]'"
MAX_LINES_BYTES = 64 << 20


class DepotError(Exception):
    """The depot cannot be used; the text is one line with the place and the remedy."""


class Depot:
    """A folder, or an address that fsspec knows, such as s3://bucket/segments; `inbox`: where copies are kept.

    Names appear whole: in a folder by a rename, in an object store by the put itself, and the WARC file always before
    the lines. Raises DepotError, and SegmentError for a name that no worker gives, which is never used as a path. Its
    maker gets DepotError for an address that no store has, and for a package that is missing. A store is opened at its
    first use, for one that is away may be back for the next.
    """

    def __init__(self, address: str, inbox: Path) -> None:
        self._address, self._inbox = address, inbox
        self._folder: Path | None = None
        scheme, separator, rest = address.partition("://")
        if not separator or scheme == "file":
            self._folder = Path(rest if separator else address)
        else:
            _require_store(address)

    def ship(self, closed: Closed) -> None:
        """Put a segment; it is there, whole and on disk, when this returns. A second time changes nothing."""
        try:
            self._put(closed.warc, closed.name + WARC)
            self._put(closed.lines, closed.name + LINES)
        except Exception as error:  # each store has errors of its own
            raise self._error("cannot be written", error) from error

    def names(self, source: str) -> list[str]:
        """The names of the segments of a source that are there, the oldest first."""
        try:
            found = [name.removesuffix(LINES) for name in self._listed(source) if name.endswith(LINES)]
        except Exception as error:
            raise self._error("cannot be listed", error) from error
        named = (f"{source}/{stem}" for stem in sorted(found))
        return [name for name in named if NAME.fullmatch(name)]

    def sources(self) -> list[str]:
        """The names of the sources that have a folder there."""
        try:
            return sorted(self._listed(""))
        except Exception as error:
            raise self._error("cannot be listed", error) from error

    def take(self, name: str) -> ShippedSegment:
        """The segment of a name, proved, with its WARC file on this machine; raises SegmentError, FileNotFoundError."""
        source_of_segment(name)
        try:
            if self._folder is not None:
                return proved(name, self._folder / f"{name}{WARC}", self._read(name + LINES))
            warc = self._inbox / f"{name}{WARC}"
            warc.parent.mkdir(parents=True, exist_ok=True)
            lines = self._read(name + LINES)
            self._remote.get_file(self._place(name + WARC), str(warc))
            return proved(name, warc, lines)
        except (SegmentError, FileNotFoundError):
            raise
        except Exception as error:
            raise self._error("cannot be read", error) from error

    def remove(self, name: str) -> None:
        """Delete a segment whose answers are all in the archive: first its lines, for these make it a segment."""
        source_of_segment(name)
        try:
            for ending in (LINES, WARC):
                if self._folder is not None:
                    (self._folder / f"{name}{ending}").unlink(missing_ok=True)
                elif self._remote.exists(self._place(name + ending)):
                    self._remote.rm_file(self._place(name + ending))
            if self._folder is None:
                (self._inbox / f"{name}{WARC}").unlink(missing_ok=True)
        except Exception as error:
            raise self._error("cannot be written", error) from error

    def move(self, name: str, folder: Path) -> Path:
        """Move the WARC file of a segment into a folder of this machine, delete the rest, and return the new path."""
        source_of_segment(name)
        target = folder / f"{name.replace('/', '-')}{WARC}"
        try:
            folder.mkdir(exist_ok=True)
            _copy((self._inbox if self._folder is None else self._folder) / f"{name}{WARC}", target)
        except OSError as error:
            raise DepotError(f"{target} cannot be written: {error.strerror}: make room there") from error
        self.remove(name)
        return target

    def set_aside(self, name: str) -> None:
        """Rename the lines of a segment that cannot be proved, so that it counts no more; its bytes stay for people."""
        source_of_segment(name)
        try:
            if self._folder is not None:
                (self._folder / f"{name}{LINES}").rename(self._folder / f"{name}{LINES}.bad")
            else:
                self._remote.mv(self._place(name + LINES), self._place(f"{name}{LINES}.bad"))
        except FileNotFoundError:
            return
        except Exception as error:
            raise self._error("cannot be written", error) from error

    @cached_property
    def _store(self) -> tuple[Any, str]:
        """(the file system of fsspec, the path on it); raises errors of the store, also if it is away."""
        import fsspec  # type: ignore[import-untyped]

        found: tuple[Any, str] = fsspec.core.url_to_fs(self._address)
        return found

    @property
    def _remote(self) -> Any:
        return self._store[0]

    def _put(self, path: Path, name: str) -> None:
        if self._folder is None:
            self._remote.makedirs(self._place(posixpath.dirname(name)), exist_ok=True)
            self._remote.put_file(str(path), self._place(name))
            return
        target = self._folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(path, target)

    def _listed(self, under: str) -> Iterator[str]:
        if self._folder is not None:
            folder = self._folder / under
            yield from (each.name for each in os.scandir(folder)) if folder.is_dir() else ()
        elif self._remote.exists(self._place(under)):
            yield from (posixpath.basename(str(each).rstrip("/")) for each in self._fresh(self._place(under)))

    def _fresh(self, place: str) -> list[str]:
        self._remote.invalidate_cache()
        found: list[str] = self._remote.ls(place, detail=False)
        return found

    def _read(self, name: str) -> bytes:
        if self._folder is not None:
            with (self._folder / name).open("rb") as file:
                content = file.read(MAX_LINES_BYTES + 1)
        else:
            content = self._remote.cat_file(self._place(name), 0, MAX_LINES_BYTES + 1)
        if len(content) > MAX_LINES_BYTES:
            raise SegmentError(f"{name}: more than {MAX_LINES_BYTES >> 20} MiB of outcome lines")
        return content

    def _place(self, name: str) -> str:
        root = self._store[1]
        return posixpath.join(root, name) if name else root

    def _error(self, what: str, error: Exception) -> DepotError:
        cause = " ".join(str(error).split())[:200] or type(error).__name__
        return DepotError(
            f"{without_password(self._address)} {what}: {cause}: check `segments` of [cluster] in thinker.toml"
        )


def _copy(path: Path, target: Path) -> None:
    """Copy a file; the copy appears whole and on disk. Raises OSError."""
    part = target.with_name(f".{target.name}.part")
    with path.open("rb") as source, part.open("wb") as file:
        while chunk := source.read(1 << 20):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    part.rename(target)
    sync_path(target.parent)


def _require_store(address: str) -> None:
    """Raise DepotError if fsspec knows no store for an address such as simplecache::ftp://…, or lacks its package."""
    try:
        import fsspec
    except ImportError as error:
        raise DepotError(PACKAGE) from error
    try:
        for link in address.split("::"):
            fsspec.get_filesystem_class(link.partition("://")[0])
    except (ImportError, ValueError) as error:
        raise DepotError(f"{without_password(address)} cannot be used for segments: {error}") from error
