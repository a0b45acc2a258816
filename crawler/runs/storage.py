"""Errors of the storage that end a crawl: a full disk, or another fault."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path


class StorageError(Exception):
    """The archive, or another store of its home, cannot be written; full: the disk has no room."""

    def __init__(self, cause: Exception, store: str = "the archive") -> None:
        self.full = is_full(cause)
        remedy = "the disk is full; free some space and crawl again" if self.full else f"{store} cannot be written"
        super().__init__(f"{remedy}: {type(cause).__name__}: {cause}")


class FloorReached(Exception):  # noqa: N818 a finding, not a fault
    """Less space is free than the setting free_space_floor."""


def require_free_space(home: Path, floor: int) -> None:
    """Raise FloorReached when fewer than `floor` megabytes (10^6 bytes) are free under `home`; 0: no floor."""
    if floor and shutil.disk_usage(home).free < floor * 1_000_000:
        raise FloorReached(f"less than {floor} MB are free; free some space, or lower free_space_floor in thinker.toml")


def is_full(error: BaseException | None) -> bool:
    """True if the error is a full disk, an exhausted quota or FloorReached, or has one as its cause; False for None.

    Its cause is its `__cause__`, else the error that was being handled when it was raised, and so on.
    """
    if error is None:
        return False
    if isinstance(error, FloorReached):
        return True
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0)  # SHMSIZE: no room for the -shm file of a WAL
        full = code & 0xFF == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_SHMSIZE
    else:
        full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return full or is_full(error.__cause__ or error.__context__)
