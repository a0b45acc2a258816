"""A stamp has one form: UTC to the second, twenty characters wide."""

from datetime import UTC, datetime

import pytest
from support.tables import every_row

from archive.files.clock import instant, stamp


@every_row(
    ("text", "at"),
    [
        ("2024-04-13T15:01:00Z", datetime(2024, 4, 13, 15, 1, tzinfo=UTC)),
        ("2024-02-29T23:59:59Z", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
        ("9999-12-31T00:00:00Z", datetime(9999, 12, 31, tzinfo=UTC)),
    ],
)
def test_an_instant_and_its_stamp_are_each_made_from_the_other(text: str, at: datetime) -> None:
    assert (instant(text), stamp(at)) == (at, text)


@every_row(
    "text",
    [
        "2024-04-13T15:01:00+00:00", "2024-04-13T15:01:00", "2024-04-13 15:01:00Z", "20240413T150100Z",
        "2024-W15-6T15:01:00Z", "2024-4-13T15:01:00Z", "2024-04-13T15:01:00.5Z", "2024-04-13T24:00:00Z",
        "2024-04-13T15:01:60Z", "2023-02-29T00:00:00Z", "0000-01-01T00:00:00Z", "２０２４-04-13T15:01:00Z",
        "2024-04-13T15:01:00Z\n", "",
    ],
)  # fmt: skip
def test_text_of_another_form_is_no_instant(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no moment|out of range|must be in"):
        instant(text)
