"""Where the checkout and the internal test data beside it lie."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
TESTS = ROOT / "tests"
SUPPORT = TESTS / "support"  # some of its modules are also started as programs
