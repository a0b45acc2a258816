"""Standard error that never waits: whoever does not read their end of the pipe loses lines, not the program."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Full, Queue
from threading import Thread

MAX_WAITING_PIECES = 1_000  # pieces of text; what comes while so many wait is counted and left out
_END = b""
LAST_WORDS_SECONDS = 0.5  # the end of the program waits so long for the last writes


class Unhurried(io.TextIOBase):
    """A text stream over a file descriptor whose `write` returns at once, whatever the other end does."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting: Queue[bytes] = Queue(MAX_WAITING_PIECES)
        self._left_out = 0
        self._writer = Thread(target=self._write_out, daemon=True, name="stderr")
        self._writer.start()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        """Always the length of the text, even when it had to be left out."""
        if text:
            self._put(text.encode("utf-8", "backslashreplace"))
        return len(text)

    def end(self) -> None:
        """Write out what waits, if somebody reads it soon."""
        self._put(_END)
        self._writer.join(LAST_WORDS_SECONDS)

    def _put(self, text: bytes) -> None:
        try:
            self._waiting.put_nowait(text)
        except Full:
            self._left_out += 1

    def _write_out(self) -> None:
        while (text := self._waiting.get()) != _END:
            left_out, self._left_out = self._left_out, 0
            told = f"thinker: {left_out} lines were left out here\n".encode() if left_out else b""
            try:
                _write_all(self._descriptor, text + told)
            except OSError:  # nobody is there to read, or the disk is full, and there is no other place to say so
                continue


@contextmanager
def unhurried_stderr() -> Iterator[None]:
    """Within the block `sys.stderr` never waits."""
    before = sys.stderr
    before.flush()
    stream = Unhurried(before.fileno())
    sys.stderr = stream
    try:
        yield
    finally:
        sys.stderr = before
        stream.end()


def _write_all(descriptor: int, text: bytes) -> None:
    while text:
        text = text[os.write(descriptor, text) :]
