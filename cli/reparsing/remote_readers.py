"""Reads pages on a Dask cluster: batches of them go out as bytes, and their readings come back in order."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, NoReturn

import parsers
from archive.judging import (
    Answer,
    PageReading,
    ParserProcess,
    ParserUnavailable,
    Question,
    Subject,
    reading_of,
    received_pages,
    received_reading,
    send_page,
)
from archive.rules import ArticleState
from cli.reparsing.on_worker import Versions, end_parsers, read_batch, versions

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 5
FIRST_WORKER_SECONDS = 20
PATIENCE_SECONDS = 60  # without any worker, before the run ends
LOOK_SECONDS = 1  # between looks at the workers while an answer is awaited
PAGES_PER_BATCH = 64
BYTES_PER_BATCH = 2_000_000
BATCHES_PER_THREAD = 2  # one is read, one waits at the worker
BYTES_IN_HAND = 64_000_000  # sent and not answered yet, whatever the number of workers
NAMED = 3  # workers in a line
GOES_ON = "what was applied stays, and the same command continues"


class ClusterError(Exception):
    """The cluster cannot be used, or is lost; the text names it and the remedy."""


@dataclass(slots=True)
class _Batch:
    """Pages as they are sent, with the subjects whose pages they are, and the number of pages of each."""

    subjects: list[tuple[Any, int]] = field(default_factory=list)
    pages: BytesIO = field(default_factory=BytesIO)
    sent: bytes = b""
    answer: Any = None  # a Future of distributed

    def add(self, subject: Any, pages: list[Any]) -> None:
        for page in pages:
            send_page(self.pages, page)
        self.subjects.append((subject, len(pages)))

    @property
    def is_full(self) -> bool:
        return len(self.subjects) >= PAGES_PER_BATCH or self.pages.tell() >= BYTES_PER_BATCH


class DaskReaders:
    """PageReaders on a cluster: batches of pages go out as bytes, their readings come back in order."""

    def __init__(self, client: Client, name: str) -> None:
        self._client, self._name = client, name

    def read(self, asked: Iterable[Question[Subject]], /) -> Iterator[Answer[Subject]]:
        """Yield each subject with the readings of its pages, in the order of `asked`.

        Batches wait until the workers take them: at most two for each thread, and BYTES_IN_HAND. Raises ClusterError.
        """
        waiting: deque[_Batch] = deque()
        for batch in _batches(asked):
            while waiting and self._is_enough(waiting, batch):
                yield from self._next(waiting)
            with self._told():
                batch.answer = self._client.submit(read_batch, batch.sent, pure=False)
            waiting.append(batch)
        while waiting:
            yield from self._next(waiting)

    def require_same_versions(self) -> None:
        """Raise ClusterError if there is no worker, or if one has other versions than this process."""
        with self._told():
            with suppress(TimeoutError):
                self._client.wait_for_workers(1, timeout=FIRST_WORKER_SECONDS)
            found = self._client.run(versions, on_error="return")
        if not found:
            raise ClusterError(f"the Dask scheduler at {self._name} has no worker: start one with `dask worker`")
        for worker, answer in found.items():
            if isinstance(answer, BaseException):
                raise ClusterError(f"the worker {worker} cannot read pages: {one_line(answer)}: install thinker on it")
        _require_same(found)

    def leave(self) -> None:
        """Let the workers end their parser processes."""
        with suppress(Exception):  # a cluster that is lost has none
            self._client.run(end_parsers, on_error="ignore")

    def _is_enough(self, waiting: Iterable[_Batch], more: _Batch) -> bool:
        threads = sum(self._threads().values())
        sizes = [len(batch.sent) for batch in waiting]
        return len(sizes) >= BATCHES_PER_THREAD * max(threads, 1) or sum(sizes) + len(more.sent) > BYTES_IN_HAND

    def _next(self, waiting: deque[_Batch]) -> Iterator[tuple[Any, list[PageReading]]]:
        batch = waiting.popleft()
        readings = iter(self._readings(batch))
        for subject, count in batch.subjects:
            yield subject, [next(readings) for _ in range(count)]

    def _readings(self, batch: _Batch) -> Iterator[PageReading]:
        from distributed import KilledWorker

        try:
            with self._told():
                worker, found, answers = self._awaited(batch.answer)
        except KilledWorker:  # under each of several workers: read here, within the same limits
            with ParserProcess() as parser:
                yield from [parser.read(page) for page in received_pages(BytesIO(batch.sent))]
            return
        _require_same({worker: found})  # one that has come since the beginning
        stream = BytesIO(answers)
        while stream.tell() < len(answers):
            reading = reading_of(received_reading(stream))
            _require_our_parser(worker, reading)
            yield reading

    def _awaited(self, answer: Any) -> tuple[str, Versions, bytes]:
        from distributed import KilledWorker

        waited = 0
        while True:
            try:
                found: tuple[str, Versions, bytes] = answer.result(timeout=LOOK_SECONDS)
            except TimeoutError:
                waited = 0 if self._threads() else waited + LOOK_SECONDS
                if waited >= PATIENCE_SECONDS:
                    raise ClusterError(
                        f"the Dask cluster at {self._name} has lost its last worker: {GOES_ON}"
                    ) from None
            except (CancelledError, OSError, KilledWorker):
                raise
            except Exception as error:
                self._refuse(error)
            else:
                return found

    def _threads(self) -> Mapping[str, int]:
        """The number of threads of each worker."""
        with self._told():
            found: Mapping[str, int] = self._client.nthreads()  # type: ignore[no-untyped-call]
        return found

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn the errors of a lost cluster into one line."""
        try:
            yield
        except ParserUnavailable:  # of a worker
            raise
        except (CancelledError, TimeoutError, OSError) as error:
            raise ClusterError(f"the Dask cluster at {self._name} does not answer any more: {GOES_ON}") from error

    def _refuse(self, error: Exception) -> NoReturn:
        """Raise ClusterError for an error of a worker, with the name of one that cannot read, if there is one."""
        self.require_same_versions()
        raise ClusterError(
            f"a worker of the Dask cluster at {self._name} failed: {one_line(error)}: {GOES_ON}"
        ) from error


def _batches(asked: Iterable[Question[Any]]) -> Iterator[_Batch]:
    batch = _Batch()
    for subject, pages in asked:
        batch.add(subject, pages)
        if batch.is_full:
            yield _ready(batch)
            batch = _Batch()
    if batch.subjects:
        yield _ready(batch)


def _ready(batch: _Batch) -> _Batch:
    batch.sent, batch.pages = batch.pages.getvalue(), BytesIO()
    return batch


def _require_same(found: Mapping[str, Versions]) -> None:
    """Raise ClusterError, naming the workers, if their versions are not those of this process."""
    ours = versions()
    other = [
        f"{worker} has {name} {theirs.get(name)} ({ours[name]} here)"
        for worker, theirs in sorted(found.items())
        for name in ours
        if theirs.get(name) != ours[name]
    ]
    if other:
        more = f" and {len(other) - NAMED} more" if len(other) > NAMED else ""
        raise ClusterError(f"workers of other versions: {', '.join(other[:NAMED])}{more}: install the same")


def _require_our_parser(worker: str, reading: PageReading) -> None:
    """Raise ClusterError if another parser read the page: it was installed under a worker that runs."""
    if isinstance(reading, ArticleState):
        parser = str(json.loads(reading.block)["parser_version"]).partition("+")[0]
        if parser != parsers.PARSER_VERSION:
            raise ClusterError(
                f"{worker} has been given parser {parser} since it started ({parsers.PARSER_VERSION} here): "
                "install the same and restart it"
            )


def one_line(error: BaseException) -> str:
    """The class and the text of an error, at most 200 characters."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
