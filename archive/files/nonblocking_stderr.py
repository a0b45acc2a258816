"""Standard error that never blocks: a reader that does not drain the pipe loses lines, not the program."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Full, Queue
from threading import Thread

MAX_WAITING_PIECES = 1_000  # pieces of text; later ones are counted and dropped
_END = b""
LAST_WORDS_SECONDS = 0.5  # the longest that the program's end waits for the last writes


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
        """Queue the text and return its length, even if it had to be dropped."""
        if text:
            self._put(text.encode("utf-8", "backslashreplace"))
        return len(text)

    def end(self) -> None:
        """Wait until the queued text is written and the writing thread ends, but no longer than half a second."""
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
            told = f"thinker: {left_out} lines are missing here: stderr was blocked\n".encode() if left_out else b""
            try:
                _write_all(self._descriptor, text + told)
            except OSError:  # no reader, or a full disk, and no other place to report it
                continue


@contextmanager
def unhurried_stderr() -> Iterator[None]:
    """Make `sys.stderr` never block within the block."""
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
