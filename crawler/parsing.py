"""Parsing in a process of its own, so that a long crawl uses two processors and survives a page that kills a parser."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import IO, Any, Self

from archive.identity import State
from archive.prepare import Reading, Unread, read_page
from parsers import Document, from_json

LONGEST = 5.0  # seconds for one document
MOST_MEMORY = 1 << 30  # bytes of address space


class ParserProcess:
    """`read` parses one document after the other in a child; a child that died is replaced at the next call.

    It may be called from several threads: while one talks to the child, another can prepare what it heard.
    """

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._talking = Lock()

    def read(self, document: Document) -> Reading:
        """What the document says, as `archive.prepare.read_page` gives it."""
        try:
            with self._talking:
                answer = self._asked(document)
            return _reading(*answer)
        except (BrokenPipeError, EOFError):
            return Unread("not_article", f"the parser failed: no answer within {LONGEST:.0f} s, or it died of the page")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        with suppress(BrokenPipeError), child:  # what it did not read is lost on purpose
            pass
        child.wait()

    def _asked(self, document: Document) -> tuple[dict[str, Any], list[bytes]]:
        child = self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            _send(child.stdin, document)
            return _received(child.stdout)
        except (BrokenPipeError, EOFError):
            self.close()
            raise

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            path = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH")]))
            self._child = subprocess.Popen(
                [sys.executable, "-m", "crawler.parsing"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": path},
            )
        return self._child


def _send(pipe: IO[bytes], document: Document) -> None:
    told = {
        "bytes": len(document.payload),
        "content_type": document.content_type,
        "url": document.url,
        "captured_at": document.captured_at.isoformat(),
        "source": document.source,
        "further": document.further,
    }
    pipe.write(json.dumps(told).encode() + b"\n" + document.payload)
    pipe.flush()


def _received(pipe: IO[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """One answer: a line of JSON, then the conversion block and the columns of the index row. Raises EOFError."""
    line = pipe.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    told = json.loads(line)
    return told, [_exactly(pipe, length) for length in told.get("lengths", ())]


def _reading(told: dict[str, Any], parts: list[bytes]) -> Reading:
    if "reason" in told:
        return Unread(told["kind"], told["reason"])
    block, *columns = parts
    article = from_json(json.loads(block)["article"])
    index = tuple(column.decode() for column in columns)
    return State(article, told["digest"], block, index, told.get("following"))


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    found = pipe.read(length)
    if len(found) != length:
        raise EOFError
    return found


def main() -> None:
    """The child: documents on stdin, one answer for each on stdout, until its parent is gone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # sent to the whole group; the parent still needs us to stop in order
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while line := source.readline():
        told = json.loads(line)
        payload = source.read(told["bytes"])
        at = datetime.fromisoformat(told["captured_at"])
        # The alarm's default action ends the process even inside C code, where no exception would get through.
        signal.setitimer(signal.ITIMER_REAL, LONGEST)
        page = Document(payload, told["content_type"], told["url"], at, told["source"], told["further"])
        answer = _answer(read_page(page))
        signal.setitimer(signal.ITIMER_REAL, 0)
        sink.write(answer)
        sink.flush()


def _answer(reading: Reading) -> bytes:
    if isinstance(reading, Unread):
        return json.dumps({"kind": reading.kind, "reason": reading.reason}).encode() + b"\n"
    parts = [reading.block, *(column.encode() for column in reading.index)]
    head = {"digest": reading.digest, "lengths": [len(part) for part in parts], "following": reading.following}
    return b"".join([json.dumps(head).encode(), b"\n", *parts])


if __name__ == "__main__":
    main()
