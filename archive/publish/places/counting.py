"""Counts the articles of a place: by month, by a person's role, and by the other names that these articles have."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.publish.database.reading import rows
from archive.publish.formatting import charts
from archive.publish.formatting.charts import Month
from archive.publish.places.listing import listed
from archive.publish.places.periods import KINDS
from archive.publish.places.selecting import PlaceQuery

MAX_ARTICLES_COUNTED = 1_000  # the latest ones, for tags, people, columns and sources in common
MAX_NAMES_BESIDE = 20  # of each kind
MAX_CHART_MONTHS = 240  # longer charts are drawn by year
VISIBLE = "not in (select id from articles where state = 'withdrawn')"


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """The numbers of a place's articles that are not withdrawn: `count` of all, `undated` ones, and `months`.

    `months` has the number by month (`2024-04`), without months that have no articles.

    `beside` maps "columns", "tags", "people" and "sources" to the up to MAX_NAMES_BESIDE most frequent ones among the
    latest MAX_ARTICLES_COUNTED articles, as dicts of `name`, `articles` and, for sources, `publisher`; the place itself
    is not among them.
    """

    count: int
    undated: int
    months: Mapping[str, int]
    beside: Mapping[str, list[dict[str, Any]]]


def counted(conn: sqlite3.Connection, place: PlaceQuery) -> PlaceCounts:
    """The counts of a place's articles, without withdrawn ones; 0 and no months without any."""
    by_month = dict(conn.execute(_by_month(conn, place), place.values).fetchall())
    undated = by_month.pop(None, 0)
    recent = [row["id"] for row in listed(conn, place, None, MAX_ARTICLES_COUNTED, "a.id")]
    return PlaceCounts(sum(by_month.values()) + undated, undated, by_month, _beside(conn, place, recent))


def _by_month(conn: sqlite3.Connection, place: PlaceQuery) -> str:
    seen = "a.state <> 'withdrawn' group by 1 order by 1"
    if place.members is not None:
        return f"""select a.published_month, count(*)
                     from ({place.members}) n
                    cross join main.articles a {_by_index(conn)} where a.id = n.article_id and {seen}"""
    if place.kind in KINDS:
        month = "a.published_month >= substr(:name, 1, 7) and a.published_month < substr(:name, 1, 7) || '~'"
        of_day = " and a.published_date = :name" if place.kind == "day" else ""
        return f"select a.published_month, count(*) from articles a where {month}{of_day} and {seen}"
    return f"select a.published_month, count(*) from articles a where {place.where} and {seen}"


def _by_index(conn: sqlite3.Connection) -> str:
    """The SQL `indexed by articles_months`, or "" if the archive lacks this index.

    An older archive lacks it until a command writes to it. Without the clause SQLite looks rows up by rowid, although
    the index covers the query.
    """
    known = conn.execute("select 1 from sqlite_master where type = 'index' and name = 'articles_months'").fetchone()
    return "indexed by articles_months" if known else ""


def days(conn: sqlite3.Connection, month: str) -> dict[str, int]:
    """The number of articles by day (`2024-04-13`) of a month, without withdrawn ones; empty days are left out."""
    found = conn.execute(
        """select published_date, count(*) from articles
            where published_month = ? and state <> 'withdrawn' group by 1 order by 1""",
        (month,),
    )
    return dict(found.fetchall())


def roles(conn: sqlite3.Connection, person: int) -> dict[str, int]:
    """The number of articles by role of the person with this id.

    Withdrawn articles do not count, and roles without articles are left out.
    """
    found = conn.execute(
        f"""select role, count(*) from article_people
             where person_id = ? and article_id {VISIBLE} group by 1 order by 1 desc""",
        (person,),
    )
    return dict(found.fetchall())


def _beside(conn: sqlite3.Connection, place: PlaceQuery, articles: Sequence[int]) -> dict[str, list[dict[str, Any]]]:
    values = {"articles": json.dumps(articles), "limit": MAX_NAMES_BESIDE + 1}
    found = {name: rows(conn, sql, values) for name, sql in _BESIDE.items()}
    alike = {"person": "people", "tag": "tags", "column": "columns", "source": "sources"}.get(place.kind)
    return {
        name: [row for row in each if name != alike or row["name"] != place.name][:MAX_NAMES_BESIDE]
        for name, each in found.items()
    }


_OF = "json_each(:articles) n cross join articles a on a.id = n.value"
_COUNTED = "group by 1 order by articles desc, name limit :limit"
_BESIDE = {
    "columns": f"""select a.article_section as name, count(*) as articles from {_OF}
                    where a.article_section is not null {_COUNTED}""",
    "tags": f"""select k.name as name, count(distinct m.article_id) as articles
                  from json_each(:articles) n cross join article_keywords m on m.article_id = n.value
                  join keywords k on k.id = m.keyword_id {_COUNTED}""",
    "people": f"""select p.name as name, count(distinct m.article_id) as articles
                    from json_each(:articles) n cross join article_people m on m.article_id = n.value
                    join people p on p.id = m.person_id {_COUNTED}""",
    "sources": f"""select a.source as name, count(*) as articles, s.publisher
                     from {_OF} join sources s on s.name = a.source {_COUNTED}""",
}


def curve(months: Mapping[str, int], covered: Sequence[str]) -> list[Month]:
    """The chart's Month values, from the first month with a count to the last one in `covered`; [] without counts.

    `covered` are the months with any article in the archive, in order; a last month far after all others, as from a
    misread date, is left out (see `charts.spanned`). If there are more than MAX_CHART_MONTHS months, the values are of
    years, at most the last MAX_CHART_MONTHS. A month or year with a count has the path `?in=MONTH`, its part of the
    list.
    """
    if not months:
        return []
    begun = {month for month in covered if month >= min(months)}
    spanned = charts.spanned(months, begun)
    if len(spanned) <= MAX_CHART_MONTHS:
        return [_month(month, months.get(month, 0), month in begun) for month in spanned]
    years: Counter[str] = Counter()
    for month, count in months.items():
        years[month[:4]] += count
    covered_years = {month[:4] for month in begun}
    last = list(dict.fromkeys(month[:4] for month in spanned))[-MAX_CHART_MONTHS:]
    return [_month(year, years[year], year in covered_years) for year in last]


def _month(month: str, count: int, covered: bool) -> Month:
    return Month(month, count, covered, f"?in={month}" if count else None)
