"""The disk fails, or is full, from the Nth write or sync on: afterwards the archive goes on and has lost nothing.

strace makes the call of a real process fail; whatever it said before was acknowledged.
"""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from support.checkout import ROOT, TESTS
from support.crash_checks import WRITER, broken
from support.journeys import SOAK

pytestmark = [pytest.mark.strace, pytest.mark.slow, pytest.mark.soak]

# The calls, the error, which of them fail, and how many there are in the crawl of crash_writer.py.
FAULTS = {
    "full": ("pwrite64,write", "ENOSPC", "+", 900),
    "full for one write": ("pwrite64,write", "ENOSPC", "", 700),
    "I/O error of a write": ("pwrite64,write", "EIO", "", 800),
    "I/O error of a sync": ("fsync,fdatasync", "EIO", "", 70),
    "I/O error of every sync": ("fsync,fdatasync", "EIO", "+", 60),
}
IN_CI = 2


@pytest.mark.parametrize("fault", FAULTS)
def test_after_a_fault_at_any_call_the_archive_goes_on(tmp_path: Path, fault: str):
    calls, error, more, most = FAULTS[fault]
    numbers = _numbers(most)
    wrong, failed = {}, 0
    for number in numbers:
        folder = tmp_path / str(number)
        folder.mkdir()
        code, said, told = _with_fault(folder / "home", f"inject={calls}:error={error}:when={number}{more}")
        failed += code != 0
        lines = said[: said.rfind(b"\n") + 1]
        if found := broken(folder / "home", lines, folder / "scratch"):
            wrong[number] = [*found, told.splitlines()[-1:]]
    print(f"{fault}: {failed} of {len(numbers)} processes failed, {len(wrong)} broken afterwards")
    assert wrong == {}
    assert failed


def _numbers(most: int) -> list[int]:
    """Some of the calls; in the soak every sync and each thirteenth write."""
    if SOAK:
        return list(range(1, most, max(1, most // 70)))
    return sorted(random.Random(most).sample(range(1, most), IN_CI))


def _with_fault(home: Path, inject: str) -> tuple[int, bytes, str]:
    path = os.pathsep.join(map(str, (ROOT, TESTS)))
    traced = [
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "--seccomp-bpf",
        "-e",
        f"trace={inject.split('=')[1].split(':')[0]}",
        "-e",
        inject,
    ]
    done = subprocess.run(
        [*traced, sys.executable, str(WRITER), str(home), "crawl"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        timeout=600,
    )
    return done.returncode, done.stdout, done.stderr.decode()
