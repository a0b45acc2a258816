"""The chart of the front page: articles by month; in a young archive by week or by day."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from archive.publish.formatting import addresses, charts

CHART_MONTHS = 24
MAX_MONTHS_BY_WEEK = 6  # a longer time is drawn by month
MAX_DAYS_BY_DAY = 31  # a longer time is drawn by week
MAX_STRAY_SHARE = 0.1  # of the articles: so few old ones do not stretch the chart over a time that is mostly unknown
DAY = timedelta(days=1)


def counted(conn: sqlite3.Connection, today: str) -> dict[str, Any]:
    """The counts of the front page on the day `today` (`2024-04-13`): `months`, as by `months`, and `chart`.

    `chart` has `by` (month, week or day) and `counts`, oldest first, dicts of `time` and `articles`. `time` is a month
    or a day, and of a week its Monday. The counts begin where the archive does and end today. Days to come, of dates
    that were misread, count nowhere.
    """
    every = months(conn, today)
    recent = _recent(every)
    if len(recent) > MAX_MONTHS_BY_WEEK:
        return {"months": every, "chart": _told("month", {each["month"]: each["articles"] for each in recent})}
    if not recent:
        return {"months": every, "chart": _told("day", {})}
    by_day = dict(conn.execute(_BY_DAY, (recent[0]["month"], recent[-1]["month"], today)).fetchall())
    days = _every_day(min(by_day), today if today.startswith(recent[-1]["month"]) else max(by_day))
    if len(days) <= MAX_DAYS_BY_DAY:
        return {"months": every, "chart": _told("day", {day: by_day.get(day, 0) for day in days})}
    by_week = dict.fromkeys(map(_monday, days), 0)
    for day, articles in by_day.items():
        by_week[_monday(day)] += articles
    return {"months": every, "chart": _told("week", by_week)}


_SHOWN = "published_month >= ? and (published_month, published_date) <= (?, ?) and state <> 'withdrawn'"
_BY_DAY = f"select published_date, count(*) from articles where {_SHOWN} group by 1"


def months(conn: sqlite3.Connection, today: str) -> list[dict[str, Any]]:
    """The CHART_MONTHS months up to that of `today`, oldest first: dicts of `month` and `articles`, a number.

    If none of these has an article but an earlier month has, as in an archive that is no longer fed, they end with the
    last month that has one. Withdrawn articles do not count, nor do those of days to come.
    """
    now = today[:7]
    last = conn.execute(_LAST, (now, today)).fetchone()
    end = now if last is None or last[0] >= _earlier(now, CHART_MONTHS - 1) else last[0]
    start = _earlier(end, CHART_MONTHS - 1)
    counts = dict(conn.execute(_BY_MONTH, (start, end, today)).fetchall())
    return [{"month": month, "articles": counts.get(month, 0)} for month in charts.between(start, end)]


_LAST = """select published_month from articles
            where (published_month, published_date) <= (?, ?) and state <> 'withdrawn'
            order by published_month desc, published_date desc limit 1"""
_BY_MONTH = f"select published_month, count(*) from articles where {_SHOWN} group by 1"


def _earlier(month: str, by: int) -> str:
    number = int(month[:4]) * 12 + int(month[5:7]) - 1 - by
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _recent(every: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """The months from the first one with articles; [] without articles.

    If most of these months have none, the first ones are left out, as far as they have at most MAX_STRAY_SHARE of the
    articles.
    """
    known = [at for at, month in enumerate(every) if month["articles"]]
    strays, most = 0, MAX_STRAY_SHARE * sum(month["articles"] for month in every)
    for number, at in enumerate(known):
        if 2 * (len(known) - number) >= len(every) - at:
            return every[at:]
        strays += every[at]["articles"]
        if strays > most:
            break
    return every[known[0] :] if known else []


def _every_day(first: str, last: str) -> list[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [f"{start + number * DAY}" for number in range((end - start).days + 1)]


def _monday(day: str) -> str:
    of_week = date.fromisoformat(day)
    return f"{of_week - of_week.weekday() * DAY}"


def _told(by: str, counts: Mapping[str, int]) -> dict[str, Any]:
    return {"by": by, "counts": [{"time": time, "articles": articles} for time, articles in counts.items()]}


def drawn(chart: Mapping[str, Any]) -> charts.Bars:
    """The bar chart of a `chart` of `counted`.

    A month without articles is not covered. A month or day with articles has a link to its page; weeks have no pages.
    """
    by, counts = chart["by"], [(each["time"], each["articles"]) for each in chart["counts"]]
    return charts.bars(
        [
            charts.Month(time, n, by != "month" or n > 0, addresses.time(time) if n and by != "week" else None)
            for time, n in counts
        ]
    )
