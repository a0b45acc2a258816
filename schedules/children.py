"""Runs a child process to its end or its time limit, with all its own children, and reads its output meanwhile."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

from schedules.slots import VARIABLE, HeardPulse

MAX_OUTPUT_BYTES = 65_536  # kept of a child's output: the end
FOR_EVER = float("inf")
LOOK_EVERY_SECONDS = 1.0  # each pulse of a child moves its deadline


@dataclass(frozen=True, slots=True)
class Child:
    """A child that has ended: its exit code, negative for a signal, and the ends of its output."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class Ear:
    """A pipe for a child's output, read while the block runs; `write` is its writing end, for the child.

    `kept` is the end of the output, at most MAX_OUTPUT_BYTES. If `aloud`, whole lines are also repeated on our stderr.
    The end of the block reads the bytes that are there and does not wait for other processes that hold `write`.
    """

    aloud: bool = False
    kept: bytes = b""
    write: int = -1
    _read: int = -1
    _line: bytes = b""

    def __enter__(self) -> Self:
        self._read, self.write = os.pipe()
        os.set_blocking(self._read, False)
        asyncio.get_running_loop().add_reader(self._read, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._read)
        os.close(self.write)
        while self._hear():
            pass
        if self._line:
            self._say(self._line + b"\n")
        os.close(self._read)

    @property
    def text(self) -> str:
        return self.kept.decode("utf-8", "replace")

    def _hear(self) -> bool:
        """Read the available bytes, keep and repeat them; True if there were any. Never waits."""
        try:
            came = os.read(self._read, MAX_OUTPUT_BYTES)
        except BlockingIOError:
            return False
        self.kept = (self.kept + came)[-MAX_OUTPUT_BYTES:]
        whole, newline, rest = (self._line + came).rpartition(b"\n")
        self._line = rest[-MAX_OUTPUT_BYTES:]
        self._say(whole + newline)
        return bool(came)

    def _say(self, lines: bytes) -> None:
        if self.aloud and lines:
            _put(lines.decode("utf-8", "replace"))


@dataclass(slots=True)
class PulseEar(Ear):
    """The pipe for a child's pulses: the last whole line of each read is handed to `pulse`."""

    pulse: HeardPulse | None = None

    def _say(self, lines: bytes) -> None:
        if self.pulse is not None and (whole := lines.splitlines()):
            self.pulse.hear(whole[-1], asyncio.get_running_loop().time())


async def run_child(
    command: Sequence[str], environment: Mapping[str, str], limit: float, grace: float, pulse: HeardPulse | None = None
) -> Child:
    """Run a command in a process group of its own; returns its exit code and the ends of its stdout and stderr.

    Its stderr is repeated on ours line by line. The whole group gets SIGTERM, and SIGKILL after `grace` seconds, when
    `limit` seconds have passed, when the deadline of `pulse` has passed, or when this task is cancelled, which then
    raises CancelledError. Raises OSError if the command cannot be started.
    """
    with ExitStack() as stack:
        out, err = stack.enter_context(Ear()), stack.enter_context(Ear(aloud=True))
        beats = stack.enter_context(PulseEar(pulse=pulse))
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out.write,
            stderr=err.write,
            env={**os.environ, **environment, VARIABLE: str(beats.write)},
            pass_fds=[beats.write],
            start_new_session=True,
        )
        if pulse is not None:
            pulse.pid = child.pid
        code = await _code_of(child, limit, grace, pulse)
    return Child(code, out.text, err.text)


async def _code_of(child: asyncio.subprocess.Process, limit: float, grace: float, pulse: HeardPulse | None) -> int:
    now = asyncio.get_running_loop().time
    ended, end = asyncio.ensure_future(child.wait()), now() + limit
    try:
        while not ended.done():
            until = min(end, pulse.until if pulse is not None else FOR_EVER)
            if now() < until:
                await asyncio.wait([ended], timeout=min(until - now(), LOOK_EVERY_SECONDS))
                continue
            if now() < end and pulse is not None:
                pulse.hung = True
                say(pulse.line)
            else:
                say(f"process {child.pid} is stopped after {limit:g} s, the time limit of a crawl")
            return await _ended(child, grace)
        return ended.result()
    except asyncio.CancelledError:
        await _ended(child, grace)
        raise
    finally:
        ended.cancel()


async def _ended(child: asyncio.subprocess.Process, grace: float) -> int:
    _signal_group(child.pid, signal.SIGTERM)
    try:
        return await asyncio.wait_for(child.wait(), grace)
    except TimeoutError:
        return -signal.SIGKILL
    finally:
        _signal_group(child.pid, signal.SIGKILL)  # also the child's own children
        await child.wait()


def _signal_group(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return  # all of it has ended


def say(line: str) -> None:
    """Write a line to stderr; an error there (a closed pipe, a full disk) is ignored."""
    _put(f"{line}\n")


def _put(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:  # a closed pipe or a full disk must not end a crawl
        return
