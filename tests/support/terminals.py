"""A terminal of a given width, and the output of a real command there."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from support.checkout import ROOT
from support.loaded import Loaded

END = "\0"


def shown(
    home: Path, *arguments: str, columns: int = 80, out: bool = True, err: bool = True, **more: str
) -> tuple[int, str]:
    """Run a command; returns its exit code and the text that it wrote to a terminal of this width.

    out, err: True if that stream is the terminal, else nothing of it is kept. more: further environment variables.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    with Loaded(
        ["-m", "thinker", "--home", str(home), *arguments],
        {**environment, "PYTHONPATH": str(ROOT), "TERM": "xterm", **more},
        stdin=subprocess.DEVNULL,
        stdout=theirs if out else subprocess.DEVNULL,
        stderr=theirs if err else subprocess.DEVNULL,
    ) as child:
        os.close(theirs)
        told = b"".join(iter(lambda: _read(ours), b""))
        os.close(ours)
    return child.returncode, told.decode().replace("\r\n", "\n")


@contextmanager
def terminal() -> Iterator[tuple[TextIO, Callable[[], str]]]:
    """A stream that is a terminal, and the text written to it so far."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as stream:

        def written() -> str:
            stream.write(END)  # a terminal hands over what was written in parts
            stream.flush()
            told = b""
            while not told.endswith(END.encode()):
                told += os.read(ours, 1 << 16)
            return told.decode().removesuffix(END)

        yield stream, written
    os.close(ours)


def unstyled(told: str) -> str:
    """The text without the sequences that steer a terminal."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", told)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # EIO: nobody holds the other end any more
        return b""
