"""Runs another process in the background; when one of the two ends, so does the other."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Thread
from types import FrameType

MAX_END_SECONDS = 30.0  # after SIGTERM


@contextmanager
def beside(command: Sequence[str], ended: list[int]) -> Iterator[int]:
    """Run a command while the block runs; yields its process id.

    SIGTERM is sent to the command's process group when the block ends, and to this process if the command ends first;
    only then `ended` gets its exit code (negative: a signal). SIGHUP, from a closed terminal, acts as SIGTERM on this
    process unless it is ignored. A command that calls `end_with_stdin` also ends if this process is killed.
    """
    ours: list[bool] = []
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup ignores it
        signal.signal(signal.SIGHUP, _as_sigterm)
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as process:
        watch = Thread(target=_watch, args=(process, ours, ended), daemon=True, name="beside")
        try:
            watch.start()
            yield process.pid
        finally:
            ours.append(True)
            with suppress(ProcessLookupError):  # it has ended already
                os.killpg(process.pid, signal.SIGTERM)
            watch.join(MAX_END_SECONDS)


def end_with_stdin() -> None:
    """Start a thread that sends SIGTERM to this process when its stdin ends, as it does when the parent has ended."""
    Thread(target=_until_the_end, args=(sys.stdin.fileno(),), daemon=True, name="stdin").start()


def _until_the_end(stdin: int) -> None:
    while os.read(stdin, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _watch(process: subprocess.Popen[bytes], ours: Sequence[bool], ended: list[int]) -> None:
    code = process.wait()
    if not ours:
        ended.append(code)
        os.kill(os.getpid(), signal.SIGTERM)


def _as_sigterm(_number: int, _frame: FrameType | None) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
