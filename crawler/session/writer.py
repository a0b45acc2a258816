"""The one thread that writes: calls run in order, and are committed in groups."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import monotonic
from typing import ParamSpec, Protocol, TypeVar

from crawler.runs import StorageError

GROUP_SIZE = 32  # calls in a transaction
GROUP_SECONDS = 0.1

P = ParamSpec("P")
T = TypeVar("T")


class Grouped(Protocol):
    """A store that is written in groups of calls, each group a transaction."""

    def begin(self) -> bool:
        """Begin a group unless one is open; True if one was begun."""
        ...

    def commit(self) -> None:
        """Make the open group durable."""
        ...


class Writer:
    """Runs calls in its thread, each durable within 100 ms or 32 calls; at once if none was written for 100 ms.

    Other crawls cannot write while a group is open: a call that comes alone keeps them waiting no longer than it takes.
    After any failure the open group is not committed, and every further `write` raises the same StorageError.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self._timer: asyncio.TimerHandle | None = None
        self._waiting = 0
        self._committed = -GROUP_SECONDS  # when the last group was
        self._ended = False
        self.failure: StorageError | None = None

    async def run(self, call: Callable[[], T]) -> T:
        """Run a call in the thread, outside of any group, and return its result."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    async def write(self, store: Grouped, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a call as part of a group, and return its result as soon as it has run; the group is committed later.

        Raises StorageError.
        """
        loop = asyncio.get_running_loop()
        step = partial(call, *args, **kwargs)
        result = await loop.run_in_executor(self._pool, self.guarded, self._in_group, store, step)
        if self._timer is None and self._waiting:
            self._timer = loop.call_later(GROUP_SECONDS, self._flush, store)
        return result

    def guarded(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a call unless one has failed before, and return its result; call it in the thread.

        Raises StorageError.
        """
        if self.failure is not None:
            raise self.failure
        try:
            return call(*args, **kwargs)
        except Exception as error:  # after any error the open group is incomplete
            self.failure = StorageError(error)
            raise self.failure from error

    def finish(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the last call, end the thread, and return the result; may be called from any thread, once."""
        self._ended = True
        if self._timer is not None:
            self._timer.cancel()
        result = self._pool.submit(call, *args, **kwargs).result()
        self._pool.shutdown()
        return result

    def _in_group(self, store: Grouped, call: Callable[[], T]) -> T:
        store.begin()
        result = call()
        self._waiting += 1
        if self._waiting >= GROUP_SIZE or monotonic() - self._committed >= GROUP_SECONDS:
            self._commit(store)
        return result

    def _flush(self, store: Grouped) -> None:
        self._timer = None
        if not self._ended:
            self._pool.submit(self.guarded, self._commit, store)

    def _commit(self, store: Grouped) -> None:
        if self._waiting:
            store.commit()
            self._waiting, self._committed = 0, monotonic()
