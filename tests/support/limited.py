"""Pages that a child process reads within limits of time and memory."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence

from support.checkout import ROOT, TESTS

SOAK_VARIABLE = "THINKER_SOAK"
SOAK = bool(os.environ.get(SOAK_VARIABLE))  # as in journeys, which is too much for a child whose memory is limited


def read_in_a_child(module: str, names: Sequence[str]) -> dict[str, str]:
    """The outcome of each page, by name, as `child()` of a module in tests/parsers prints them: one JSON pair a line.

    Fails with the name of the first page without an outcome: it broke a limit, which ends the child.
    """
    command = [sys.executable, "-c", f"import {module.rpartition('.')[2]} as pages; pages.child()"]
    places = f"{TESTS / 'parsers'}:{ROOT}:{TESTS}"
    environment = {"PYTHONPATH": places, SOAK_VARIABLE: os.environ.get(SOAK_VARIABLE, "")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    outcomes = dict(map(json.loads, done.stdout.splitlines()))
    broke = next((name for name in names if name not in outcomes), None)
    assert broke is None, f"{broke!r} broke a limit: {done.returncode} {done.stderr[-300:]}"
    return outcomes
