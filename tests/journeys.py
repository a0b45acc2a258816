"""The program as its users run it: real processes on a real home against a real newsroom."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsroom.process import Site

ROOT = Path(__file__).resolve().parents[1]
SOAK = bool(os.environ.get("THINKER_SOAK"))


@dataclass(frozen=True)
class Thinker:
    """`thinker --home HOME …`, with the newsroom where the site runs."""

    home: Path
    site: Site | None = None

    def start(self, *arguments: str, under: Sequence[str] = (), **more: Any) -> subprocess.Popen[str]:
        """Start a command in a process group of its own, under another program where one is given."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "THINKER_NEWSROOM": self.site.address if self.site else "",
        }
        command = [*under, sys.executable, "-m", "thinker", "--home", str(self.home), *arguments]
        return subprocess.Popen(
            command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True, **more,
        )  # fmt: skip

    def run(self, *arguments: str, code: int = 0, seconds: float = 600) -> str:
        """Run a command to its end; its stdout. The exit code must be the one expected."""
        process = self.start(*arguments)
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        assert process.returncode == code, f"{arguments}: exit code {process.returncode}\n{out[-2000:]}\n{err[-4000:]}"
        return out if code == 0 or out else err

    def json(self, *arguments: str, code: int = 0) -> Any:
        """Run a command with --json; what it printed."""
        return json.loads(self.run(*arguments, "--json", code=code))
