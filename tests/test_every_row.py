"""A table as one test: each row that fails is named, the others still run, and no row is passed over."""

import pytest
from support.checkout import TESTS

pytest_plugins = "pytester"
TABLE = """
import pytest
from support.tables import every_row

seen = []

@pytest.fixture(scope="module")
def ten():
    return 10

@every_row("number", [1, 2])
@every_row(("letter", "limit"), [("a", 11), ("b", 12), pytest.param("c", 99, id="named")])
def test_sum(number, letter, limit, ten):
    seen.append((number, letter))
    assert number + ten < limit

def test_every_row_was_tried():
    assert sorted(seen) == [(1, "a"), (1, "b"), (1, "c"), (2, "a"), (2, "b"), (2, "c")]

@every_row("reason", ["here"])
def test_skipped(reason):
    pytest.skip(reason)

@every_row("kind", ["raises"])
def test_raises_nothing(kind):
    with pytest.raises(ValueError):
        pass
"""


def test_each_failing_row_is_named_and_every_row_runs(pytester: pytest.Pytester):
    pytester.makepyfile(TABLE)
    pytester.makeini(f"[pytest]\npythonpath = {TESTS}\n")
    shown = pytester.runpytest_subprocess("-rA", "-p", "no:cacheprovider")
    lines = [line.partition(" test_")[0] for line in shown.outlines if line.startswith("SUBFAILED")]
    assert lines == [
        "SUBFAILED[row 1 of 6] (number='1', letter='a', limit='11')",
        "SUBFAILED[row 4 of 6] (number='2', letter='a', limit='11')",
        "SUBFAILED[row 5 of 6] (number='2', letter='b', limit='12')",
        "SUBFAILED[row 1 of 1] (kind='raises')",
    ]
    shown.assert_outcomes(passed=1, failed=7)
