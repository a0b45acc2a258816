"""Parsing in a process of its own, so that a long crawl uses two processors and survives a page that kills a parser."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from parsers import Article, Document, Gone, NotAnArticle, ParseError, Restricted, from_json, parse, to_json

LONGEST = 20.0  # seconds for one document
VERDICTS: dict[str, type[ParseError]] = {kind.__name__: kind for kind in (ParseError, NotAnArticle, Gone, Restricted)}

Reading = Callable[[], Article]  # gives the article, or raises what the parser raised


class ParserFault(Exception):  # noqa: N818 the parser's, on one document
    """The parser failed on a document, took too long, or died of it."""


class ParserProcess:
    """`read` parses one document after the other in a child; a child that died is replaced at the next call."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, document: Document) -> Reading:
        """The reading of a document: an article to return or an exception to raise."""
        child = self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            _send(child.stdin, document)
            answer = child.stdout.readline()
        except BrokenPipeError:
            answer = b""
        if not answer:
            self.close()
            return _raising(ParserFault(f"no answer within {LONGEST:.0f} s, or the parser died"))
        return _reading(json.loads(answer))

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        with suppress(BrokenPipeError), child:  # what it did not read is lost on purpose
            pass
        child.wait()

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
    }
    pipe.write(json.dumps(told).encode() + b"\n" + document.payload)
    pipe.flush()


def _reading(answer: dict[str, object]) -> Reading:
    match answer:
        case {"article": dict(properties)}:
            article = from_json(properties)
            return lambda: article
        case {"verdict": str(kind), "reason": str(reason)} if kind in VERDICTS:
            return _raising(VERDICTS[kind](reason))
    return _raising(ParserFault(str(answer.get("reason"))))


def _raising(error: Exception) -> Reading:
    def reading() -> Article:
        raise error

    return reading


def main() -> None:
    """The child: documents on stdin, one JSON line for each on stdout, until its parent is gone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # sent to the whole group; the parent still needs us to stop in order
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while line := source.readline():
        told = json.loads(line)
        payload = source.read(told["bytes"])
        at = datetime.fromisoformat(told["captured_at"])
        # The alarm's default action ends the process even inside C code, where no exception would get through.
        signal.setitimer(signal.ITIMER_REAL, LONGEST)
        answer = _answer(Document(payload, told["content_type"], told["url"], at, told["source"]))
        signal.setitimer(signal.ITIMER_REAL, 0)
        sink.write(json.dumps(answer).encode() + b"\n")
        sink.flush()


def _answer(document: Document) -> dict[str, object]:
    try:
        return {"article": to_json(parse(document))}
    except ParseError as error:
        return {"verdict": type(error).__name__, "reason": error.reason}
    except Exception as error:  # a fault of the parser is told, as ingest would
        return {"verdict": "fault", "reason": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main()
