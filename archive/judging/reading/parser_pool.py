"""Parse many stored pages with several parsers at once; the answers keep the order of the questions."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType
from typing import Protocol, Self, TypeVar

from archive.judging.reading.parser_process import ParserProcess
from archive.judging.reading.readings import PageReading
from parsers import Document

DOCUMENTS_IN_HAND = 4  # subjects submitted per parser, so that parsers do not wait for the consumer

Subject = TypeVar("Subject")
Question = tuple[Subject, list[Document]]  # the subject, and its pages
Answer = tuple[Subject, list[PageReading]]


class PageReaders(Protocol):
    """Several readers of pages, on this machine or on others. Their number changes no answer and no order."""

    def read(self, asked: Iterable[Question[Subject]], /) -> Iterator[Answer[Subject]]:
        """Yield each subject with the readings of its pages, in the order of `asked`.

        `asked` is read only as far as the readers need, so that few pages are in memory.
        """


class ParserPool:
    """PageReaders on this machine: a number of parser processes.

    Raises ParserUnavailable, when used, if a parser's process cannot be started.
    """

    def __init__(self, workers: int) -> None:
        self._parsers = [ParserProcess() for _ in range(workers)]
        self._idle: SimpleQueue[ParserProcess] = SimpleQueue()
        for parser in self._parsers:
            self._idle.put(parser)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="parse")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for parser in self._parsers:
            parser.close()
        self._threads.shutdown(cancel_futures=True)

    def read(self, asked: Iterable[Question[Subject]]) -> Iterator[Answer[Subject]]:
        """Yield each subject with the readings of its pages, in the order of `asked`.

        `asked` is read only as far as the parsers need: DOCUMENTS_IN_HAND subjects for each parser, and one more.
        """
        waiting: deque[tuple[Subject, Future[list[PageReading]]]] = deque()
        for subject, pages in asked:
            waiting.append((subject, self._threads.submit(self._read, pages)))
            if len(waiting) > DOCUMENTS_IN_HAND * len(self._parsers):
                yield self._next(waiting)
        while waiting:
            yield self._next(waiting)

    def _next(self, waiting: "deque[tuple[Subject, Future[list[PageReading]]]]") -> Answer[Subject]:
        subject, answer = waiting.popleft()
        return subject, answer.result()

    def _read(self, pages: list[Document]) -> list[PageReading]:
        parser = self._idle.get()
        try:
            return [parser.read(page) for page in pages]
        finally:
            self._idle.put(parser)
