"""Locks: one writer at a time, by an advisory lock that the kernel frees when its process dies."""

import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

from archive.files.home import Home

REINDEX = "reindex"  # held while the whole search index is rebuilt; not a source's name
NOTIFIER = "notifier"  # held by the process that sends the messages of watches; not a source's name
SCHEDULER = "scheduler"  # held by the scheduler, which starts other processes and writes no chain

LOOK_SECONDS = (0.01, 0.02, 0.04)  # pauses between tries: a process that only checks a lock holds it for a moment


class Locked(Exception):  # noqa: N818 a refusal, not a fault
    """Another process holds the lock; `holder` names it."""

    def __init__(self, name: str, holder: str) -> None:
        super().__init__(f"{name} is in use by {holder}: wait for it to end, or stop it")
        self.name = name
        self.holder = holder


def is_locked(home: Home, name: str) -> bool:
    """True if a process, this one too, holds locks/NAME.lock; checked without writing, for readers."""
    return _holder(home, name) is not None


def is_locked_by(home: Home, name: str, process: int) -> bool:
    """True if that process holds locks/NAME.lock."""
    return _holder(home, name) == _said(process)


def require_unlocked(home: Home, name: str) -> None:
    """Raise Locked if a process holds locks/NAME.lock; nothing is written."""
    if (holder := _holder(home, name)) is not None:
        raise Locked(name, holder)


def _holder(home: Home, name: str) -> str | None:
    """The holder of a lock as its file names it, such as `process 123`; None if the lock is free.

    `another process` if the file is empty.
    """
    path = home.locks / f"{name}.lock"
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared, so that two checks do not meet
        except BlockingIOError:
            return file.read().strip() or "another process"
    return None


def _said(process: int) -> str:
    return f"process {process}"


@contextmanager
def locked(home: Home, name: str) -> Iterator[None]:
    """Hold locks/NAME.lock until the block ends.

    Raises Locked if it is held for longer than a check takes, a few hundredths of a second. The file stays on purpose:
    removing it would let two processes lock two different files of one name.
    """
    home.locks.mkdir(parents=True, exist_ok=True)
    with (home.locks / f"{name}.lock").open("a+", encoding="utf-8") as file:
        if not _taken(file):
            file.seek(0)
            raise Locked(name, file.read().strip() or "another process")
        file.truncate(0)
        file.write(_said(os.getpid()))
        file.flush()
        yield


def _taken(file: IO[str]) -> bool:
    """Take a lock, trying for a few hundredths of a second; True if it was taken.

    False if another process held it all that time: longer than a check by `is_locked` takes.
    """
    for pause in (*LOOK_SECONDS, None):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if pause is not None:
                time.sleep(pause)
        else:
            return True
    return False


@contextmanager
def all_locked(home: Home, names: Iterable[str]) -> Iterator[None]:
    """Hold several locks until the block ends. Raises Locked if one is held, as `locked` does, and frees the others."""
    with ExitStack() as locks:
        for name in names:
            locks.enter_context(locked(home, name))
        yield


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Hold an exclusive lock on the home, waiting for it: two processes must not create one database at once."""
    folder = os.open(home.path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
