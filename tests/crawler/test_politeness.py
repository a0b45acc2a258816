"""How long a server asks us to stay away."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.middlewares.politeness import retry_after

NOON = datetime(2024, 4, 13, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 3 ", 3),
        ("0", 0),
        ("Sat, 13 Apr 2024 12:02:00 GMT", 120),
        ("Saturday, 13-Apr-24 12:02:00 GMT", 120),
        ("Sat Apr 13 12:02:00 2024", 120),
        ("Sat, 13 Apr 2024 11:00:00 GMT", 0),
        ("Sat, 13 Apr 2024 20:02:00 +0800", 120),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("٣", None),
        ("9" * 400, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOON) == seconds


@given(st.text())
def test_retry_after_never_raises_and_never_goes_back_in_time(value: str) -> None:
    seconds = retry_after(value, NOON)
    assert seconds is None or seconds >= 0
