"""A table of cases as one test that names each row that fails."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from itertools import product
from typing import Any

import pytest

Test = Callable[..., None]
Named = type(pytest.param())  # a row with a name of its own


def every_row(names: str | Sequence[str], table: Iterable[Any]) -> Callable[[Test], Test]:
    """Run a test once over all rows: for tables whose rows cannot fail apart from one another.

    Takes what `pytest.mark.parametrize` takes, and several may stand over one another. A row that fails is a
    failure of its own, with its number and its values; the rows after it still run. Fixtures are made once for all.
    """
    columns = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    rows = [_row(columns, row) for row in table]

    def over_rows(test: Test) -> Test:
        one = getattr(test, "one_row", test)
        every = [{**outer, **inner} for outer, inner in product(rows, getattr(test, "rows", [{}]))]
        assert every, "an empty table tests nothing"

        @wraps(test)
        def whole(subtests: pytest.Subtests, **fixtures: Any) -> None:
            for number, row in enumerate(every, start=1):
                try:
                    one(**row, **fixtures)
                except (pytest.skip.Exception, pytest.xfail.Exception):
                    pytest.fail("a row that is skipped or expected to fail is a case of its own: parametrize")
                except (Exception, pytest.fail.Exception):
                    shown = {name: _short(value) for name, value in row.items()}
                    with subtests.test(f"row {number} of {len(every)}", **shown):
                        raise

        fixtures = [name for name in inspect.signature(one).parameters if name not in every[0]]
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        asked = [inspect.Parameter(name, kind) for name in ("subtests", *fixtures)]
        vars(whole).update(__signature__=inspect.Signature(asked), one_row=one, rows=every)
        return whole

    return over_rows


def _row(columns: list[str], row: Any) -> dict[str, Any]:
    if isinstance(row, Named):
        assert not row.marks, "a row with a mark of its own is a case of its own: parametrize"
        row = row.values if len(columns) > 1 else row.values[0]
    return dict(zip(columns, (row,) if len(columns) == 1 else row, strict=True))


def _short(value: object) -> str:
    shown = str(value)
    return shown if len(shown) <= 100 else f"{shown[:100]}…"
