"""The page /search: hits with the words marked, facets to narrow them, and suggestions if nothing is found."""

from __future__ import annotations

import json
import sqlite3
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils.asgi import Request, Response

from archive.publish import feeds
from archive.publish.database.answer_cache import read_once
from archive.publish.database.reading import DATABASE, rights_of, rows
from archive.publish.formatting import charts
from archive.publish.formatting.addresses import ending_of
from archive.publish.formatting.csv_cells import sheet
from archive.publish.formatting.phrase_chart import MAX_PHRASES
from archive.publish.formatting.query_notes import index_is_outdated, notes_on
from archive.publish.messages.searching import LANGUAGES
from archive.publish.places.offering import offered, part_of_search
from archive.publish.search.facet_values import (
    FACET_VALUES_SHOWN,
    chips_of,
    linked_values,
    toggled,
    values_of,
)
from archive.publish.search.search_request import NAMES, SearchRequest
from archive.publish.search.search_sql import sql_of
from archive.publish.server.parameters import takes
from archive.publish.server.rendering import CACHING, page, unkept, with_query
from archive.sandbox import whole_texts
from archive.search import (
    FACETS,
    ORDERS,
    Choices,
    FoundRow,
    covered_months,
    finds,
    found,
    hits_of,
    narrowed,
    nearest,
    page_of,
    phrases_of,
    place_of,
)

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

MAX_CHART_MONTHS = 120  # longer charts are drawn by year
MAX_CHART_LINK_CHARACTERS = 9_000  # with more the months are not links, so that the page stays below 100 kB
SHEET = ("key", "headline", "alternative_headline", "speaker", "article_section", "source", "date_published",
         "date_precision", "state", "revisions", "url", "snippet")  # fmt: skip
ARTICLE = """
    select id, key, headline, alternative_headline, in_language, article_section, speaker, date_published,
           date_precision, date_published_utc, state, revisions, source, search_id
      from articles where search_id in (select value from json_each(?))
"""
DIGESTS = "select id, content_digest from states where id in (select value from json_each(?))"

NOTHING: dict[str, Any] = {
    "hits": [], "more": False, "next": None, "total": 0, "at_least": False, "facets": {}, "facet_values": {},
    "tags_of": None, "months": Counter(), "publishers": {}, "near": [], "unnarrowed": 0, "slow": False,
    "files": None,
}  # fmt: skip
SLOW: dict[str, Any] = NOTHING | {"slow": True}


@takes(*NAMES, many=FACETS)
async def show(datasette: Datasette, request: Request) -> Response:
    """`/search?q=…` with facets, each several times, `since`, `until`, `order`, `limit`; `.json`, `.csv`.

    `ever=1` includes superseded versions, `gone=1` finds only text that was removed, `exact=1` takes characters as
    they are written, `before` continues the list. A search that takes too long gives a page of status 200 that says
    so; JSON, CSV and feeds are an error instead.
    """
    asked = SearchRequest.of(request)
    try:
        is_outdated = bool(asked.q) and await read_once(datasette, index_is_outdated)
        answer = await read_once(datasette, answered, asked) if asked.q else NOTHING
        covered = await read_once(datasette, covered_months, asked.choices.source) if answer["hits"] else {}
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted" or ending_of(request.path) or request.path.endswith(".csv"):
            raise  # a program would take an empty answer for the truth
        answer, covered, is_outdated = SLOW, {}, False
    sql, values = sql_of(asked)
    months, undated = _months(answer["months"], covered, asked.choices), answer["months"][None]
    data = {**asked.told(), **answer, "months": months, "undated": undated, "older": answer["next"]}
    data["sql"] = {"query": sql, "parameters": values}
    data["notes"] = notes_on([asked.q], asked.exact, is_outdated)
    if request.path.endswith(".csv"):
        response = _sheet(datasette, request, answer)
    else:
        made = _made(datasette, request, asked, data)
        feed = "search" if asked.q or feeds.asked(request) else None  # a page without a query has no list
        response = await page(datasette, request, "search/search", data, feed=feed, **made)
    return unkept(response) if answer is SLOW else response


def answered(conn: sqlite3.Connection, asked: SearchRequest) -> dict[str, Any]:
    """The hits of a page and the counts over all hits, with the fields of NOTHING.

    `months` has the number of hits by month; None stands for articles without a date. `unnarrowed` is the number of
    hits before the choices (source, dates, …) narrow them. `near` is filled only if `unnarrowed` is 0.
    """
    with whole_texts(conn):
        every = found(conn, asked.q, asked.ever, asked.gone, ranked=asked.order == "relevance", exact=asked.exact)
        left = narrowed(conn, every, asked.choices)
        suggests = not (every or asked.exact)
        near = nearest(asked.q, partial(finds, conn, ever=asked.ever, gone=asked.gone)) if suggests else []
    ordered = page_of(left.hits, asked.order, asked.limit + 1, asked.before)
    shown, more = ordered[: asked.limit], len(ordered) > asked.limit
    hits = _told(conn, shown, asked)
    part = part_of_search(asked.q, asked.ever, asked.gone, asked.exact, asked.choices)
    return NOTHING | {
        "hits": hits,
        "files": offered(conn, len(left.hits), [hit["id"] for hit in hits], part),
        "more": more,
        "next": place_of(shown[-1], asked.order) if more else None,
        "total": len(left.hits),
        "at_least": every.at_least,
        "facets": {facet: values_of(left.facets[facet], asked.choices.of(facet)) for facet in FACETS},
        "facet_values": {facet: len(left.facets[facet]) for facet in FACETS},
        "tags_of": left.tags_of,
        "months": left.months,
        "unnarrowed": len(every),
        "publishers": _publishers(conn, {*left.facets["source"], *asked.choices.source}),
        "near": near,
    }


def ids_found(conn: sqlite3.Connection, asked: SearchRequest, most: int) -> list[int]:
    """The ids of the first `most` articles with the words, in the order asked for."""
    with whole_texts(conn):
        every = found(conn, asked.q, asked.ever, asked.gone, ranked=asked.order == "relevance", exact=asked.exact)
        ordered = page_of(narrowed(conn, every, asked.choices).hits, asked.order, most, None)
    return [number for (number,) in conn.execute(_IDS, (json.dumps([each.search_id for each in ordered]),))]


_IDS = """select a.id from json_each(?) as wanted cross join articles a on a.search_id = wanted.value
           order by wanted.key"""


def _told(conn: sqlite3.Connection, shown: Sequence[FoundRow], asked: SearchRequest) -> list[dict[str, Any]]:
    """The hits in the order of `shown`, each as one dict: the columns of ARTICLE and the fields of Hit.

    `superseded` is True if only a superseded text of the article matches; `digest` is then that of this version.
    """
    hits = hits_of(conn, {each.search_id: each.state_id for each in shown}, asked.q, asked.exact)
    articles = {row.pop("search_id"): row for row in rows(conn, ARTICLE, (json.dumps(list(hits)),))}
    digests = dict(conn.execute(DIGESTS, (json.dumps([each.state_id for each in shown if each.state_id]),)).fetchall())
    return [
        articles[each.search_id]
        | asdict(hits[each.search_id])
        | {"superseded": each.state_id is not None, "digest": digests.get(each.state_id)}
        for each in shown
    ]


def _publishers(conn: sqlite3.Connection, sources: Iterable[str]) -> dict[str, str]:
    """The publisher of each of these sources, by the source's name; sources without a known publisher are left out."""
    sql = "select name, publisher from sources where publisher is not null and name in (select value from json_each(?))"
    return dict(conn.execute(sql, (json.dumps(list(sources)),)).fetchall())


def _months(months: Counter[str | None], covered: Mapping[str | None, int], choices: Choices) -> list[dict[str, Any]]:
    """Dicts of `month`, `articles` (hits) and `covered` (all articles), in order, from the first month with a hit on.

    `covered` counts the articles of the chosen sources, or of all if none is chosen. Left out are months without
    any such article, and months without hits outside the chosen dates. [] if no hit has a date.
    """
    dated = [month for month in months if month]
    if not dated:
        return []
    every = sorted({*dated, *(month for month in covered if month and month > min(dated) and choices.hold(month))})
    return [{"month": month, "articles": months[month], "covered": covered.get(month, 0)} for month in every]


def _sheet(datasette: Datasette, request: Request, answer: dict[str, Any]) -> Response:
    path = datasette.urls.path(request.path)
    further = f"{path}{with_query(request, before=answer['next'])}" if answer["next"] else None
    headers = {**CACHING, **({"link": f'<{further}>; rel="next"'} if further else {})}
    return sheet("search", SHEET, answer["hits"], headers)


def _made(datasette: Datasette, request: Request, asked: SearchRequest, data: dict[str, Any]) -> dict[str, Any]:
    """Further values for the page's template, computed from the request and the page's data."""
    sql = data["sql"]
    here = with_query(request, ui=None, limit=None, before=None)
    linked = linked_values(request, data["facets"])
    return {
        "orders": ORDERS,
        "shown": min(FACET_VALUES_SHOWN, linked) or FACET_VALUES_SHOWN,
        "linked": linked,
        "known_languages": LANGUAGES,
        "chips": chips_of(request, asked.choices),
        "toggled": partial(toggled, request, asked.choices),
        "chart": _chart(request, data["months"]) if data["hits"] else None,
        "next_limit": asked.wider if data["more"] else None,
        "placed": bool(asked.before),
        "csv_url": datasette.urls.path(f"/search.csv{here}"),
        "sql_url": f"{datasette.urls.database(DATABASE)}?{urlencode({'sql': sql['query'], **sql['parameters']})}"
        if datasette.setting("default_allow_sql") and rights_of(datasette).are_full
        else None,
        "phrases": urlencode([("q", phrase) for phrase in phrases_of(asked.q)[:MAX_PHRASES]]),
        "cleared": with_query(request, **dict.fromkeys(asdict(Choices())), before=None, ui=None),
    }


def _chart(request: Request, months: list[dict[str, Any]]) -> charts.Bars | None:
    here = with_query(request, since=None, until=None, before=None, limit=None, ui=None)
    path_of = partial(_path, here) if len(here) * len(months) <= MAX_CHART_LINK_CHARACTERS else lambda _: None
    return charts.bars(counted_times(months, spanned([months]), path_of)) if months else None


def spanned(of_each: Sequence[Sequence[dict[str, Any]]]) -> list[str]:
    """The months (`2024-04`) of a chart of these counts, by `charts.spanned`; [] if there are no counts.

    Each list has dicts of `month` and `articles`. Months with articles are the `counting` ones of `charts.spanned`, and
    all months its `known` ones.
    """
    every = [month for months in of_each for month in months]
    return charts.spanned({each["month"] for each in every if each["articles"]}, {each["month"] for each in every})


def counted_times(
    months: Sequence[dict[str, Any]], every: Sequence[str], path_of: Any = lambda _: None
) -> list[charts.Month]:
    """The chart's Month values for the months `every`, or by year if there are over MAX_CHART_MONTHS.

    `months` are dicts as from `_months`; a time whose `covered` is 0 is not covered. `path_of` gives the link of a
    time with hits; by default there are no links.
    """
    known = {each["month"]: each for each in months}
    size = 7 if len(every) <= MAX_CHART_MONTHS else 4
    counts, covered = Counter[str](), Counter[str]()
    for month, each in known.items():
        counts[month[:size]] += each["articles"]
        covered[month[:size]] += each["covered"]
    times = dict.fromkeys(month[:size] for month in every)
    return [
        charts.Month(time, counts[time], covered[time] > 0, path_of(time) if counts[time] else None, covered[time])
        for time in times
    ]


def _path(here: str, time: str) -> str:
    """The query string `here` with `&since=` and `&until=` added: the first and last day of a month or a year.

    `time` is like `2024-04` or `2024`.
    """
    first, last = (f"{time}-01", time) if len(time) == 7 else (f"{time}-01-01", f"{time}-12")
    # The calendar has no year 0, which a wrong date may have.
    until = f"{last}-{monthrange(int(last[:4]), int(last[5:]))[1]}" if last[:4] > "0000" else last
    return f"{here}&since={first}&until={until}"
