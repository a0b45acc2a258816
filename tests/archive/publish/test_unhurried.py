"""Standard error as the server writes it: everything in order while it is read, and no waiting when it is not."""

import os
import time

from hypothesis import given
from hypothesis import strategies as st

from archive.files.nonblocking_stderr import MAX_WAITING_PIECES, Unhurried


@given(st.lists(st.text(), max_size=50))
def test_a_reader_gets_all_text_in_order(texts: list[str]) -> None:
    reading, writing = os.pipe()
    stream = Unhurried(writing)
    assert [stream.write(text) for text in texts] == [len(text) for text in texts]
    stream.end()
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == "".join(texts).encode("utf-8", "backslashreplace")


def test_unread_lines_are_left_out_and_reported_as_missing() -> None:
    reading, writing = os.pipe()
    stream = Unhurried(writing)
    line = "x" * 999 + "\n"
    for _ in range(MAX_WAITING_PIECES * 2):
        stream.write(line)
    os.set_blocking(reading, False)
    read = b""
    while b"are missing here" not in read:
        try:
            read += os.read(reading, 1 << 20)
        except BlockingIOError:
            time.sleep(0.01)
            stream.write(line)
    stream.end()
    for descriptor in (reading, writing):
        os.close(descriptor)
    assert b"lines are missing here: stderr was blocked\n" in read


def test_a_reader_who_went_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    stream = Unhurried(writing)
    assert stream.write("a line\n") == 7
    stream.end()
    os.close(writing)
