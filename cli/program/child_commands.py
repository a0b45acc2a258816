"""Runs commands one after another, each in a process of its own; a signal ends the running one and skips the rest."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from types import FrameType, TracebackType
from typing import IO, Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_SECONDS = 8.0  # between a signal and SIGKILL: a crawl commits its work within five seconds


@dataclass(slots=True)
class ChildCommands:
    """A context in which commands run one at a time; Ctrl-C, SIGTERM and SIGHUP end the running one.

    The signal sets `stopped` to True and is passed on as SIGTERM; SIGKILL follows after GRACE_SECONDS. A signal that
    this process ignores stays ignored.
    """

    stopped: bool = False
    _deadline: float | None = None
    _child: subprocess.Popen[str] | None = None
    _before: dict[int, Any] = field(default_factory=dict)

    def __enter__(self) -> Self:
        heard = (number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN)  # nohup ignores SIGHUP
        self._before = {number: signal.signal(number, self._stop) for number in heard}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, action in self._before.items():
            signal.signal(number, action)

    def run(
        self,
        command: Sequence[str],
        captured: bool,
        environment: Mapping[str, str] | None = None,
        until: Callable[[], bool] | None = None,
        errors: IO[str] | None = None,
    ) -> tuple[int, str]:
        """Run a command; returns its exit code (negative for a signal), and its stdout if `captured`, else "".

        `environment` has additional variables. `until` is polled, and SIGTERM is sent once it is true. `errors` is a
        file for its stderr (None: ours). If the context is `stopped` already, the command starts and is ended at once.
        """
        out, variables = subprocess.PIPE if captured else None, {**os.environ, **(environment or {})}
        # In a session of its own, so that Ctrl-C in a terminal reaches it only through us.
        with subprocess.Popen(
            command, stdout=out, stderr=errors, env=variables, text=True, start_new_session=True
        ) as child:
            self._child = child
            if self.stopped:  # a signal came during Popen
                self._signal(signal.SIGTERM)
            try:
                return self._ended(child, until)
            finally:
                self._child = None

    def _ended(self, child: subprocess.Popen[str], until: Callable[[], bool] | None) -> tuple[int, str]:
        while True:
            try:
                out, _ = child.communicate(timeout=0.2)
            except subprocess.TimeoutExpired:
                if self._deadline is not None and monotonic() > self._deadline:
                    self._signal(signal.SIGKILL)
                if until is not None and until():
                    until = None
                    self._signal(signal.SIGTERM)
            else:
                return child.returncode, out or ""

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopped = True
        self._deadline = self._deadline or monotonic() + GRACE_SECONDS
        self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        if self._child is not None and self._child.returncode is None:
            with suppress(ProcessLookupError):  # it has ended already
                os.killpg(self._child.pid, number)
