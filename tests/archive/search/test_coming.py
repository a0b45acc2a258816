"""The month in which a phrase came into an article: of its publication, or of the edit that brought the phrase."""

import hashlib
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlite_utils import Database
from support.browsing import browsing, serving
from support.journeys import asked
from support.small_archive import ENGLISH, SOURCE, build
from support.small_site import get, served
from support.tables import every_row

from archive import connect, read_archive
from archive.files.home import Home
from archive.history.revisions import add_article, add_state
from archive.history.sighting_rows import ReadCapture, ReadingLine
from archive.history.states import MadeState
from archive.rows.captures import CaptureRow
from archive.rows.connection import Connection
from archive.rows.keys import known_key
from archive.rules.identity import state_of
from archive.search import coming, phrases
from archive.search.phrases import covered_months, first_of, history_of, told
from parsers.article import Article

WITH, WITHOUT, OTHER = "本文讲{}。", "本文讲别的事。", "本文又讲别的事。"
PUBLISHED = "2024-08-10T09:00:00+08:00"


class Seen(NamedTuple):
    at: str
    words: str
    parser: str = "1"
    live: bool = True  # False: imported
    dated: bool = True


def seen(month: int, words: str, parser: str = "1", **more: bool) -> Seen:
    return Seen(f"2024-{month:02}-20T01:00:00Z", words, parser, **more)


def phrase_of(number: int) -> str:
    """The phrase that {} stands for in the words of article `number`, and in no other."""
    return f"松风{chr(0x4E00 + number)}案"


def plant(folder: Path, *articles: tuple[str | None, list[Seen]]) -> Path:
    """The small archive with one more article a pair, its date and its captures in the order of arrival: newsroom-11 …

    Captures of one moment are one capture, read again.
    """
    database = Database(connect(build(folder).database))
    conn = database.conn
    conn.execute("begin immediate")
    for number, (published, captures) in enumerate(articles, 11):
        for each in captures:
            _see(conn, number, published, each)
    conn.commit_group()
    database.close()
    return folder


def _see(conn: Connection, number: int, published: str | None, each: Seen) -> None:
    article = replace(
        ENGLISH, identity=str(number), headline=f"第{number}篇", paragraphs=(each.words.format(phrase_of(number)),),
        date_published=datetime.fromisoformat(published) if published else None, date_precision="minute",
    )  # fmt: skip
    state = state_of(article, each.parser)
    made = MadeState(state, each.at, each.parser, f"urn:uuid:{number}{each}", state.digest)
    digest = hashlib.sha256(f"{number}{each}".encode()).hexdigest()
    line = ReadingLine(each.at, f"sha256:{digest}", None, each.parser)
    known = known_key(conn, f"{SOURCE}-{number}")
    read = ReadCapture(_capture(conn, article, each), line, known and known.number)
    if known is None:
        add_article(conn, f"{SOURCE}-{number}", made, read)
    else:
        add_state(conn, known.article_id, made, read)


def _capture(conn: sqlite3.Connection, article: Article, each: Seen) -> CaptureRow:
    url, record_id = f"http://127.0.0.1:8765/articles/{article.identity}", f"urn:uuid:{article.identity}-{each.at}"
    conn.execute(
        """insert or ignore into captures (record_id, source, crawl_id, url, urlkey, captured_at, status, mimetype,
                                           record_type, warc_file, warc_offset, warc_length, dating)
           values (?, ?, ?, ?, ?, ?, 200, 'text/html', 'response', 'newsroom.warc.gz', 0, 1, ?)""",
        (record_id, SOURCE, 1 if each.live else None, url, f"127,0,0,1:8765)/articles/{article.identity}", each.at,
         "stated" if each.dated else "unknown"),
    )  # fmt: skip
    (capture_id,) = conn.execute("select id from captures where record_id = ?", (record_id,)).fetchone()
    return CaptureRow(capture_id, SOURCE, url, each.at)


AUGUST, NOVEMBER = ("2024-08", 1, 0), ("2024-11", 1, 1)


AGAIN = Seen("2024-12-21T01:00:00Z", WITH)
CAME = [
    (PUBLISHED, [seen(9, WITH)], AUGUST, "2024-08-10"),
    (PUBLISHED, [seen(9, WITHOUT), seen(11, WITH)], NOVEMBER, "2024-11-20"),
    (PUBLISHED, [seen(9, WITHOUT), seen(11, WITH), seen(12, WITHOUT)], NOVEMBER, "2024-11-20"),  # only superseded
    (PUBLISHED, [seen(9, WITH), seen(10, WITHOUT), seen(11, WITH)], AUGUST, "2024-08-10"),  # left and came again
    (PUBLISHED, [seen(9, WITHOUT), seen(11, WITH), seen(12, OTHER), AGAIN], NOVEMBER, "2024-11-20"),
    (PUBLISHED, [seen(9, WITH), seen(10, WITHOUT)], AUGUST, "2024-08-10"),
    (None, [seen(9, WITH)], (None, 1, 0), "2024-09-20"),  # undated: only that it was there at first sight is known
    (None, [seen(9, WITHOUT), seen(11, WITH)], NOVEMBER, "2024-11-20"),
    # Another parser finds it in the capture that a parser read before: it was always there.
    (PUBLISHED, [seen(9, WITHOUT), seen(9, WITH, "2")], AUGUST, "2024-08-10"),
    (PUBLISHED, [seen(9, WITHOUT), seen(11, WITH, "2")], AUGUST, "2024-08-10"),  # no parser read both captures
    (PUBLISHED, [seen(9, WITHOUT), seen(11, WITH, "2"), seen(9, OTHER, "2")], NOVEMBER, "2024-11-20"),  # one read both
    (PUBLISHED, [seen(9, WITHOUT), seen(11, OTHER), seen(11, WITH, "2")], AUGUST, "2024-08-10"),
    (PUBLISHED, [seen(11, WITH), seen(9, WITHOUT, live=False)], NOVEMBER, "2024-11-20"),  # imported, but older
    (PUBLISHED, [seen(11, WITHOUT), seen(9, WITH, live=False)], AUGUST, "2024-08-10"),
    (PUBLISHED, [seen(9, WITHOUT), seen(12, WITH, dated=False)], AUGUST, "2024-08-10"),  # its moment dates nothing
    (PUBLISHED, [seen(9, WITHOUT), seen(11, WITH), seen(12, f"{WITH}。", dated=False)], NOVEMBER, "2024-11-20"),
    # The last minutes of October in UTC are November in Beijing, as the page says.
    (PUBLISHED, [seen(9, WITHOUT), Seen("2024-10-31T17:00:00Z", WITH)], NOVEMBER, "2024-11-01"),
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plant(tmp_path_factory.mktemp("home"), *((published, captures) for published, captures, *_ in CAME))


@every_row(("row", "month", "day"), [(row, month, day) for row, (*_, month, day) in enumerate(CAME)])
def test_an_article_counts_in_the_month_when_the_phrase_came_into_its_text(
    home: Path, row: int, month: tuple[str | None, int, int], day: str
) -> None:
    with closing(read_archive(home)) as archive:
        found = history_of(archive.conn, phrase_of(row + 11))
        history = told(found, covered_months(archive.conn))
        assert found.first == first_of(archive.conn, phrase_of(row + 11))
    every = [*history["months"], {"month": None, **history["undated"]}]
    counted = [(each["month"], each["articles"], each["came_by_edit"]) for each in every if each["articles"]]
    assert (counted, history["articles"], history["came_by_edit"]) == ([month], *month[1:])
    for end in (history["first"], history["last"]):
        assert (end["key"], end["date"], end["came_by_edit"]) == (f"newsroom-{row + 11}", day, bool(month[2]))


def test_a_phrase_of_all_is_counted_in_batches_from_the_texts_of_its_articles_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming, "ARTICLES_PER_BATCH", 2)
    with closing(read_archive(home)) as archive:
        asked: list[str] = []
        archive.conn.set_trace_callback(asked.append)
        history = history_of(archive.conn, "松风")
        archive.conn.set_trace_callback(None)
        queries = {sql for sql in asked if sql.lstrip().startswith("select")}
        plans = [row[3] for sql in queries for row in archive.conn.execute(f"explain query plan {sql}")]
    assert history.articles == Counter(month for *_, (month, *_), _ in CAME)
    assert history.came_by_edit == Counter(month for *_, (month, _, edited), _ in CAME if edited)
    assert [plan for plan in plans if re.search(r"^SCAN (state_texts|revision_records|states)\b", plan)] == []


def test_page_data_and_command_agree_on_months_and_on_first_and_last(home: Path) -> None:
    numbers = [row + 11 for row in (0, 1, 3)]
    code, out, _ = asked(home, "phrase", *map(phrase_of, numbers), "--json")
    with served(Home(home)) as there:
        pages = [get(there, f"/phrase?q={phrase_of(number)}&ui=en").text for number in numbers]
        data = [get(there, f"/phrase.json?q={phrase_of(number)}").json()["phrases"][0] for number in numbers]
    assert (code, json.loads(out)) == (0, data)
    for page, each in zip(pages, data, strict=True):
        drawn = re.findall(r"<title>(2024-\d\d) [01][^<]*?(1 (?:more|of them) by an edit)?</title>", page)
        (used,) = [month for month in each["months"] if month["articles"]]
        edited = f"1 {'more' if used['covered'] else 'of them'} by an edit"
        assert drawn == [(used["month"], edited if used["came_by_edit"] else "")]
        assert page.count('<rect class="edited" x=') == 2 * used["came_by_edit"]  # in the chart and its key
        dated = re.findall(r"<dd><time[^>]*>(2024-\d\d)", page)
        assert dated == [used["month"]] * 2 == [each[end]["date"][:7] for end in ("first", "last")]


@pytest.mark.slow
def test_a_chart_of_two_phrases_over_eight_months_fits_a_phone(home: Path) -> None:
    with serving(home) as address, browsing() as browser:
        page: Any = browser.new_page(viewport={"width": 320, "height": 900})
        page.goto(f"{address}/phrase?q={phrase_of(11)}&q={phrase_of(12)}")
        assert page.locator("svg.years text").count() == 8
        assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_first_appearance_is_found_behind_many_edits(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "OLDEST_TEXTS_READ", (1, 10))
    edited = [(f"2024-08-{day:02}T09:00:00+08:00", [seen(9, WITHOUT), seen(11, "讲同一件事")]) for day in (1, 2)]
    folder = plant(home / "more", *edited, ("2024-08-03T09:00:00+08:00", [seen(9, "讲同一件事")]))
    with closing(read_archive(folder)) as archive:
        found = first_of(archive.conn, "同一件事")
        assert found == history_of(archive.conn, "同一件事").first
        assert found
        assert (found.key, found.date, first_of(archive.conn, "没有的话")) == ("newsroom-13", "2024-08-03", None)


def test_the_first_appearance_may_be_in_a_lost_text_that_was_archived_after_many(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrases, "OLDEST_TEXTS_READ", (1, 10))
    kept = [("2024-08-10T09:00:00+08:00", [seen(9, "讲同一件事"), seen(10, "又讲同一件事")])] * 2
    folder = plant(home / "lost", *kept, ("2023-01-10T09:00:00+08:00", [seen(9, "讲同一件事"), seen(11, WITHOUT)]))
    with closing(read_archive(folder)) as archive:
        found = first_of(archive.conn, "同一件事")
        assert found == history_of(archive.conn, "同一件事").first
        assert found
        assert (found.key, found.date) == ("newsroom-13", "2023-01-10")
