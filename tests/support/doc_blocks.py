"""The shell blocks of the docs, run as they stand."""

import os
import subprocess
import sys
from pathlib import Path

from support.checkout import ROOT


def done(block: str, folder: Path, **places: Path) -> str:
    """Run a block in a shell that stops at the first failure. Returns its output."""
    program = folder / "bin" / "thinker"
    if not program.exists():
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m thinker "$@"\n')
        program.chmod(0o755)
    path = os.pathsep.join([str(program.parent), str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    environment |= {name: str(path) for name, path in places.items()}
    ended = subprocess.run(["sh", "-eu", "-c", block], env=environment, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, f"{block}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout + ended.stderr
