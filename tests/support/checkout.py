"""Paths of the checkout and of the internal test data beside it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
TESTS = ROOT / "tests"
SUPPORT = TESTS / "support"  # some of its modules are also started as programs
