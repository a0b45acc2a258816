"""Parse in a child process, so that a long crawl uses two processors and survives a page that kills the parser."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Self

from archive.judging.reading.exchange import (
    SentReading,
    as_bytes,
    as_sent,
    reading_of,
    received_pages,
    received_reading,
    send_page,
)
from archive.judging.reading.readings import PageReading, UnreadPage, read_page
from parsers import Document
from parsers.document import MAX_PAYLOAD_BYTES

MAX_PARSE_SECONDS = 5.0  # seconds of processor time for one document
MAX_WAIT_SECONDS = 60.0  # seconds by the clock, for a machine that is busy or was asleep
MAX_MEMORY_BYTES = 1 << 30  # bytes of address space
READY = b"ready\n"
MAX_CHILDREN_PER_PAGE = 2  # children that a page may kill before it counts as the cause
PAGES_OF_A_SHORT_RUN = 64  # pages after which a run is long enough to be worth a second process
MAX_BYTES_HERE = 100_000  # bytes of a page read in this process, which sets no limits of time and memory


class ParserUnavailable(OSError):  # noqa: N818 says what is the matter
    """The parser's process cannot be started, or was closed; the text says why. No page is the cause: the run ends."""


class ParserProcess:
    """A child process in which `read` parses documents, one at a time; a child that dies is replaced by another.

    Threads may share it: while one waits for the child, another can turn its answer into a reading.
    """

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._talking = Lock()
        self._closed = False
        self._code: int | None = None  # the last child's exit code

    def read(self, document: Document) -> PageReading:
        """The reading of the document, as `archive.judging.reading.readings.read_page` gives it.

        A page that takes too long, or kills two children, gets the verdict "crashed". Raises ParserUnavailable if no
        child starts.
        """
        return reading_of(self.answer(document))

    def answer(self, document: Document) -> SentReading:
        """The reading that `read` gives, in the form in which it is sent on."""
        for _ in range(MAX_CHILDREN_PER_PAGE):
            try:
                with self._talking:
                    return self._asked(document)
            except (BrokenPipeError, EOFError):
                if self._code in (-signal.SIGPROF, -signal.SIGALRM):
                    return _crashed(f"it takes more than {MAX_PARSE_SECONDS:.0f} s")
        return _crashed("it died of the page, twice")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child; no other one is started."""
        self._closed = True
        self._end()

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        with suppress(subprocess.TimeoutExpired):  # a child that has died already has its exit code
            child.wait(0.0 if self._closed else 1.0)
        child.kill()
        with suppress(BrokenPipeError), child:  # unread input is dropped on purpose
            pass
        self._code = child.wait()

    def _asked(self, document: Document) -> SentReading:
        child = self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            send_page(child.stdin, document)
            child.stdin.flush()
            return received_reading(child.stdout)
        except (BrokenPipeError, EOFError):
            self._end()
            raise

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            if self._closed:
                raise ParserUnavailable("the crawl has ended")
            path = os.pathsep.join(filter(None, [str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH")]))
            self._child = _started({**os.environ, "PYTHONPATH": path})
        return self._child


class PageParser:
    """Reads the first PAGES_OF_A_SHORT_RUN pages of a run in this process, all later ones in a child process.

    Pages above MAX_BYTES_HERE go to the child from the start. Pages above MAX_PAYLOAD_BYTES are refused without
    parsing.
    """

    def __init__(self) -> None:
        self._apart = ParserProcess()
        self._pages = 0

    def read(self, page: Document) -> PageReading:
        """The reading of a page, as `read_page` gives it. Raises ParserUnavailable if no child process starts."""
        self._pages += 1
        size = len(page.payload)
        here = (
            self._pages <= PAGES_OF_A_SHORT_RUN and size <= MAX_BYTES_HERE
        ) or size > MAX_PAYLOAD_BYTES  # refused without parsing
        return read_page(page) if here else self._apart.read(page)

    def close(self) -> None:
        """End the child process, if there is one."""
        self._apart.close()


def _started(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A child that has reported to be ready, so a later death is due to a page. Raises ParserUnavailable."""
    try:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "archive.judging.reading.parser_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            process_group=0,  # Ctrl-C goes to the parent, which needs the child to finish cleanly
        )
    except OSError as error:
        raise ParserUnavailable(f"the parser's process cannot be started: {error}") from error
    assert child.stdout is not None
    if child.stdout.readline() == READY:
        return child
    with child:  # its pipes are closed
        code = child.wait()
    raise ParserUnavailable(f"the parser's process ended at its start, with code {code}")


def _crashed(why: str) -> SentReading:
    return as_sent(UnreadPage("crashed", f"the parser failed: {why}"))


def main() -> None:
    """Run the child: read documents from stdin and write one answer each to stdout, until the parent is gone."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # if the parent was killed, exit silently
    _limit_memory()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sink.write(READY)
    sink.flush()
    for page in received_pages(source):
        # The alarm's default action ends the process even inside C code, where no exception would get through.
        signal.setitimer(signal.ITIMER_PROF, MAX_PARSE_SECONDS)
        signal.setitimer(signal.ITIMER_REAL, MAX_WAIT_SECONDS)
        answer = as_bytes(as_sent(read_page(page)))
        for timer in (signal.ITIMER_PROF, signal.ITIMER_REAL):
            signal.setitimer(timer, 0)
        sink.write(answer)
        sink.flush()


def _limit_memory() -> None:
    """Limit the address space to MAX_MEMORY_BYTES, or to the hard limit if that is lower, where the system can."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MAX_MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MAX_MEMORY_BYTES, hard)
    with suppress(ValueError, OSError):  # some systems lack this limit
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


if __name__ == "__main__":
    main()
