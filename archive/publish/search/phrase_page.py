"""The page /phrase: how often phrases occur by month, who uses them, and the lines in which they stand."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils.asgi import Request, Response
from datasette.views.base import DatasetteError

from archive.publish.database.answer_cache import read_once
from archive.publish.database.reading import PAGE_TIME_LIMIT_MS
from archive.publish.formatting.filters import BEIJING
from archive.publish.formatting.phrase_chart import MAX_PHRASES, PhraseChart, phrase_chart, uses_at
from archive.publish.search import phrase_files
from archive.publish.search.phrase_request import NAMES, REPEATED, SORTS, PhraseRequest, Sort
from archive.publish.search.search_page import spanned
from archive.publish.server.parameters import takes
from archive.publish.server.rendering import page, unkept, wants_json, with_query
from archive.sandbox import whole_texts
from archive.search import MAX_ARTICLES_WITH_LINES, History, PhraseLine, covered_months, history_of, phrase_lines, told

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

MAX_TEXTS_FOUND = 100_000  # the newest; beyond it every count is a lower bound
MAX_TEXTS_READ = 2_000  # to count occurrences, at 10 µs per text; `all=1` reads every text
ALL_SLOW = (
    f"all=1 takes longer than {PAGE_TIME_LIMIT_MS // 1000} s here; "
    f"without it the newest {MAX_TEXTS_READ:,} articles are counted"
)
LINES_PER_PAGE = 40  # the rest by `?from=`
MAX_USERS = 12  # of speakers, and of columns
FILES = (".csv", ".svg")

_KEYS: dict[Sort, tuple[Callable[[PhraseLine], Any], bool]] = {
    "date": (lambda line: line.moment, True),
    "left": (lambda line: line.left[::-1], False),
    "right": (lambda line: line.right, False),
}


@takes(*NAMES, many=REPEATED)
async def show(datasette: Datasette, request: Request) -> Response:
    """`/phrase?q=A&q=B…`: the use of phrases by month and the lines of one of them.

    The lines are those of phrase number `of` (from 1), ordered by `sort`, starting with line number `from`. `all=1`
    counts occurrences in every text, which is slow for a common phrase, and `share=1` draws the share of articles. With
    `.csv` the counts are a table, with `.svg` the chart is a file. If counting takes too long, the page says so; JSON
    and files are an error instead.
    """
    asked = PhraseRequest.of_request(request)
    read = None if asked.every else MAX_TEXTS_READ
    made = partial(_made, request, asked)
    data: dict[str, Any] = {"q": asked.texts, "phrases": [], "lines": None, "slow": False}
    try:
        found = [await read_once(datasette, _told, text, read) for text in asked.texts]
        covered = await read_once(datasette, covered_months)
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            raise
        if wants_json(request) or request.path.endswith(FILES):  # a program would take an empty answer for the truth
            raise (error if read else DatasetteError(ALL_SLOW, status=503)) from None
        data["slow"] = True
        return unkept(await page(datasette, request, "search/phrase", data, **made([])))
    data["phrases"] = phrases = [told(history, covered) for history, _ in found]
    if request.path.endswith(".csv"):
        return phrase_files.table(phrases)
    if request.path.endswith(".svg"):
        return await phrase_files.picture(datasette, request, phrases, _chart(phrases, asked.share))
    data["lines"] = _shown(asked, [each for _, each in found])
    return await page(datasette, request, "search/phrase", data, **made(phrases))


def _told(conn: sqlite3.Connection, text: str, read: int | None) -> tuple[History, list[PhraseLine]]:
    """A pair: the phrase's history, and the lines of its newest articles (MAX_ARTICLES_WITH_LINES; see `phrase_lines`).

    `uses` of the history is always emptied, for there are many. Occurrences are counted in the newest `read` texts, or
    for None in all.
    """
    with whole_texts(conn):  # for the counts; the lines are of what the site shows
        history = history_of(conn, text, MAX_TEXTS_FOUND, read)
    return replace(history, uses=()), phrase_lines(conn, history.text, history.uses)


def _shown(asked: PhraseRequest, of_each: Sequence[list[PhraseLine]]) -> dict[str, Any] | None:
    """The data of one page of lines of the chosen phrase; None without phrases.

    A `from` beyond the last line gives the last line.
    """
    if not of_each:
        return None
    key, reverse = _KEYS[asked.sort]
    every = sorted(of_each[asked.of - 1], key=key, reverse=reverse)
    start = min(asked.start, max(1, len(every))) - 1
    return {
        "of": asked.of,
        "sort": asked.sort,
        "from": start + 1,
        "total": len(every),
        "of_articles": MAX_ARTICLES_WITH_LINES,
        "next": start + LINES_PER_PAGE + 1 if start + LINES_PER_PAGE < len(every) else None,
        "lines": [line._asdict() for line in every[start : start + LINES_PER_PAGE]],
    }


def _made(request: Request, asked: PhraseRequest, phrases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Further values for the page's template, computed from the data of the phrases (`phrases`)."""
    months = [phrase["months"] for phrase in phrases]
    here = with_query(request, ui=None, of=None, sort=None, **{"from": None})
    return {
        "chart": _chart(phrases, asked.share),
        "years": _years(months) if phrases else [],
        "most_users": MAX_USERS,
        "sorts": SORTS,
        "searched": _searched,
        "without": lambda text: "?" + urlencode([("q", each["text"]) for each in phrases if each["text"] != text]),
        "lines_at": lambda **changes: with_query(request, ui=None, **{"from": None, **changes}),
        "files": here,
        "most": MAX_PHRASES,
        "read": None if asked.every else MAX_TEXTS_READ,
        "most_read": MAX_TEXTS_READ,
    }


def _searched(text: str, **choices: str) -> str:
    """The path of the search that finds the counted articles of a phrase: `/search?q="TEXT"&ever=1`, percent-encoded.

    `choices` are further parameters.
    """
    return "/search?" + urlencode({"q": f'"{text}"', "ever": 1} | choices)


def _chart(phrases: Sequence[dict[str, Any]], in_percent: bool) -> PhraseChart | None:
    """The chart of the phrases, over the months from the first to the last of which anything is known.

    Months to come are left out unless a phrase has articles there, for a wrong date may be in the future.
    """
    now = f"{datetime.now(UTC).astimezone(BEIJING):%Y-%m}"
    of_each = {
        phrase["text"]: [month for month in phrase["months"] if month["month"] <= now or month["articles"]]
        for phrase in phrases
    }
    return phrase_chart(of_each, spanned(list(of_each.values())), in_percent)


def _years(months: Sequence[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """A dict for each year, newest first: `year`, `covered` and `phrases`, from the months of each phrase.

    `covered` is the number of all articles in these months; `phrases` has for each phrase its UseAt and its occurrences
    (None if they are unknown for a month).
    """
    every = sorted({month["month"][:4] for of_one in months for month in of_one}, reverse=True)
    uses = zip(*(uses_at(of_one, every) for of_one in months), strict=True)
    return [
        {
            "year": year,
            "covered": max(use.covered for use in of_year),
            "phrases": [
                (use, _sum(month["occurrences"] for month in of_one if month["month"][:4] == year))
                for use, of_one in zip(of_year, months, strict=True)
            ],
        }
        for year, of_year in zip(every, uses, strict=True)
    ]


def _sum(counts: Iterable[int | None]) -> int | None:
    """The sum of the counts; None if one is unknown."""
    known = list(counts)
    return None if None in known else sum(filter(None, known))
