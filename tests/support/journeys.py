"""The program as its users run it: real processes on a real home against a real newsroom."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from support.checkout import ROOT
from support.loaded import Loaded

import thinker
from newsroom.process import Site

SOAK = bool(os.environ.get("THINKER_SOAK"))
ENOUGH = 3_600 if SOAK else 600  # seconds; even on a busy machine a process that takes longer hangs


@dataclass(frozen=True)
class Thinker:
    """`thinker --home HOME …`, with the address of the newsroom if one runs."""

    home: Path
    site: Site | None = None

    def start(self, *arguments: str, under: Sequence[str] = (), **more: Any) -> subprocess.Popen[str]:
        """Start a command in a process group of its own, under another program if one is given."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "THINKER_NEWSROOM": self.site.address if self.site else "",
        }
        words = ["-m", "thinker", "--home", str(self.home), *arguments]
        if not under and more.keys() <= {"cwd", "stdin"}:
            return Loaded(words, environment, **more)
        command = [*under, sys.executable, *words]
        return subprocess.Popen(
            command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True, **more,
        )  # fmt: skip

    def run(self, *arguments: str, code: int = 0, seconds: float = ENOUGH) -> str:
        """Run a command to its end. Returns its stdout. The exit code must be the one expected."""
        process = self.start(*arguments)
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        assert process.returncode == code, f"{arguments}: exit code {process.returncode}\n{out[-2000:]}\n{err[-4000:]}"
        return out if code == 0 or out else err

    def json(self, *arguments: str, code: int = 0) -> Any:
        """Run a command with --json. Returns the printed data."""
        return json.loads(self.run(*arguments, "--json", code=code))


def asked(home: Path, *arguments: str) -> tuple[int, str, str]:
    """Run a command in this process. Returns its exit code, stdout and stderr."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["thinker", "--home", str(home), *arguments])
        with pytest.raises(SystemExit) as end:
            thinker.main()
    code = end.value.code
    return code if isinstance(code, int) else 0, out.getvalue(), err.getvalue()
