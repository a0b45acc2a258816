"""No process of a command imports a file that lies in the folder in which the command is run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.checkout import ROOT

from archive.files.home import Home
from archive.files.lock import is_locked

pytestmark = [pytest.mark.slow, pytest.mark.soak]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of modules with names that our processes import; each of them would end the process."""
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("typer", "newsroom", "archive", "parsers", "sqlite_utils", "calendar"):
        (folder / f"{name}.py").write_text(f"raise SystemExit('{name} of the working folder')\n", encoding="utf-8")
    return folder


def test_no_process_of_a_journey_imports_from_the_working_folder(folder: Path) -> None:
    """The newsroom, the crawls, their parsers: `thinker demo`; the scheduler: it waits for its slot."""
    command = [sys.executable, str(ROOT / "thinker.py"), "--home", "home"]
    demo = subprocess.run([*command, "demo", "--once"], cwd=folder, env=environment(), capture_output=True, text=True)
    assert (demo.returncode, "restored  " in demo.stdout) == (0, True), demo.stderr
    home = Home(folder / "home")
    home.settings_file.write_text('[sources.newsroom]\nschedule = "every 7 days"\n', encoding="utf-8")
    with subprocess.Popen(
        [*command, "run", "--port", "0"], cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        while run.poll() is None and not is_locked(home, "scheduler"):
            try:
                run.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
        run.terminate()
        _, err = run.communicate(timeout=60)
    assert (run.returncode, err) == (0, b"")


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}
