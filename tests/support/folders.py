"""A folder for the examples of the help, and the environment of a new user."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from support.checkout import ROOT

from newsroom.process import Site

NEWSROOM = "127.0.0.1:8765"  # where `python -m newsroom` is; the tests' own stands on a free port


@dataclass(frozen=True)
class Folder:
    """A folder to type examples in, a running newsroom, and the output of the first example."""

    path: Path
    site: Site
    told: str

    @property
    def home(self) -> Path:
        return self.path / "data" / "demo"

    def start(self, command: str) -> subprocess.Popen[str]:
        typed = command.replace(NEWSROOM, self.site.address.removeprefix("http://"))
        environment = {**typing(self.path), "THINKER_HOME": str(self.home), "THINKER_NEWSROOM": self.site.address}
        return subprocess.Popen(
            ["sh", "-euc", f"exec {typed}"], env=environment, cwd=self.path, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip

    def done(self, command: str) -> str:
        process = self.start(command)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, f"{command}\n{out}\n{err}"
        return out or err  # what rests, or goes on, is a remark


def typing(path: Path) -> dict[str, str]:
    """The environment of a user who has `thinker` and no archive outside the folder."""
    program = path / "bin" / "thinker"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m thinker "$@"\n')
    program.chmod(0o755)
    unnamed = {name: value for name, value in os.environ.items() if not name.startswith("THINKER_")}
    return {**unnamed, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
