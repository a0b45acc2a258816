"""The chart of the front page: by month, and of a young archive by week or by day."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta

import pytest
from support.tables import every_row

from archive.publish.lists.landing_chart import counted, drawn


def archive_of(days: dict[str, int]) -> sqlite3.Connection:
    """An archive with so many articles of these days."""
    conn = sqlite3.connect(":memory:")
    conn.execute("create table articles (published_date text, published_month text, state text)")
    for day, articles in days.items():
        conn.executemany("insert into articles values (?, ?, 'live')", [(day, day[:7])] * articles)
    return conn


def daily(first: str, days: int, articles: int = 1) -> dict[str, int]:
    return {f"{date.fromisoformat(first) + timedelta(days=number)}": articles for number in range(days)}


@every_row(
    ("days", "today", "by", "first", "last", "bars", "hatched"),
    [
        ({}, "2026-11-30", "day", None, None, 0, 0),
        ({"2026-11-30": 3}, "2026-11-30", "day", "2026-11-30", "2026-11-30", 1, 0),
        ({"2026-11-28": 3}, "2026-11-30", "day", "2026-11-28", "2026-11-30", 3, 0),
        ({"2026-11-28": 3, "2026-12-02": 1}, "2026-11-30", "day", "2026-11-28", "2026-11-30", 3, 0),  # a date to come
        ({"2026-11-28": 3, "2026-11-30": 1}, "2026-11-29", "day", "2026-11-28", "2026-11-29", 2, 0),
        ({"2026-11-30": 1}, "2026-11-29", "day", None, None, 0, 0),
        (daily("2026-11-01", 3) | {"2026-11-30": 1}, "2026-11-03", "day", "2026-11-01", "2026-11-03", 3, 0),
        (daily("2016-01-01", 5) | {"2026-11-30": 1}, "2026-11-29", "day", "2016-01-01", "2016-01-05", 5, 0),
        (daily("2026-10-31", 20), "2026-11-30", "day", "2026-10-31", "2026-11-30", 31, 0),
        (daily("2026-10-30", 20), "2026-11-30", "week", "2026-10-26", "2026-11-30", 6, 0),
        (daily("2026-06-01", 183), "2026-11-30", "week", "2026-06-01", "2026-11-30", 27, 0),
        (daily("2026-05-31", 184), "2026-11-30", "month", "2026-05", "2026-11", 7, 0),
        (daily("2025-05-01", 570), "2026-12-01", "month", "2025-05", "2026-12", 20, 1),  # the month has just begun
        (daily("2016-01-01", 4000), "2026-11-30", "month", "2024-12", "2026-11", 24, 0),
        (daily("2025-03-01", 1) | daily("2026-11-01", 30), "2026-11-30", "day", "2026-11-01", "2026-11-30", 30, 0),
        ({f"2025-{n:02}-01": 1 for n in range(1, 12, 3)} | {"2026-02-01": 1}, "2026-04-30", "month", "2025-01",
         "2026-04", 16, 11),  # four issues a year are no young archive
        (daily("2016-01-01", 5), "2026-11-30", "day", "2016-01-01", "2016-01-05", 5, 0),  # of an archive that ended
    ],
)  # fmt: skip
def test_the_chart_begins_with_the_archive_and_ends_today(
    days: dict[str, int], today: str, by: str, first: str | None, last: str | None, bars: int, hatched: int
) -> None:
    with closing(archive_of(days)) as conn:
        chart = counted(conn, today)["chart"]
    shown = drawn(chart).months
    ends = [each["time"] for each in (chart["counts"] or [{"time": None}])][:: max(1, len(chart["counts"]) - 1)]
    assert (chart["by"], ends[0], ends[-1], len(shown)) == (by, first, last, bars)
    assert sum(month.unknown for month in shown) == hatched


def test_weeks_sum_their_days_and_have_no_link_and_months_are_named_on_the_axis() -> None:
    with closing(archive_of(daily("2026-10-01", 61, 2) | {"2026-11-30": 7})) as conn:
        weeks = drawn(counted(conn, "2026-11-30")["chart"])
    assert [(week.month, week.count, week.path) for week in weeks.months][::8] == [
        ("2026-09-28", 8, None), ("2026-11-23", 14, None),
    ]  # fmt: skip
    assert weeks.months[-1].count == 7
    assert [(tick.label, tick.x) for tick in weeks.ticks] == [("10", 10.0), ("11", 50.0)]
    assert weeks.weekly


@pytest.mark.parametrize("by", ["day", "month"])
def test_a_bar_of_a_day_or_month_leads_to_its_page(by: str) -> None:
    days = daily("2026-11-29", 2) if by == "day" else daily("2025-01-01", 700)
    with closing(archive_of(days)) as conn:
        chart = drawn(counted(conn, "2026-11-30")["chart"])
    assert chart.months[-1].path == ("/day/2026-11-30" if by == "day" else "/month/2026-11")
    assert not chart.weekly
