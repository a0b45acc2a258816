"""The demo as somebody sees it who has just installed `thinker`: where it lives, and what it offers to try."""

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from support.checkout import ROOT

pytestmark = pytest.mark.slow

OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
INSTALLED = Path(sys.executable).parent  # `thinker` lies beside the interpreter


def test_it_lives_apart_prints_its_address_and_offers_three_things(tmp_path: Path) -> None:
    unnamed = {name: value for name, value in os.environ.items() if name != "THINKER_HOME"}
    shell = {**unnamed, "PATH": f"{INSTALLED}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    options = {"env": shell, "cwd": tmp_path, "text": True, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    demo = subprocess.Popen(["thinker", "demo", "--articles", "20"], **options)
    try:
        address, page = _addresses(demo)
        with OPEN(address, timeout=60) as front, OPEN(page, timeout=60) as removed:
            assert (front.status, "newsroom-7" in removed.read().decode()) == (200, True)
    finally:
        demo.send_signal(signal.SIGINT)
        _, told = demo.communicate(timeout=60)
    search, diff = [line for line in told.splitlines() if line.startswith("  thinker --home data/demo ")]
    assert "newsroom-12" in subprocess.run(["sh", "-euc", search], **options, check=True).stdout
    assert "[-" in subprocess.run(["sh", "-euc", diff], **options, check=True).stdout
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["demo"]


def _addresses(demo: subprocess.Popen[str]) -> list[str]:
    """The last two lines of the demo: the site's address, and a page there."""
    found: list[str] = []
    for line in demo.stdout:
        found += [line.strip()] if line.startswith("http://") else []
        if len(found) == 2:
            break
    return found
