"""A permalink gives the same text for ever: after edits, imports of older captures, a re-parse and its undoing."""

import random
import re
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, WRITERS, Reads, fetched, page, rows
from support.small_site import get, served

import parsers
from archive import Archive, open_archive
from archive.files.home import Home
from archive.judging.reading.readings import PageReading, read_page
from archive.reparsing.applying import apply, undo
from archive.reparsing.selecting import Selection
from archive.replaying.rebuild import rebuild_database
from archive.rules.identity import ArticleState, state_of
from parsers import Document

DAY = timedelta(days=1)
ARTICLES, DAYS, MOMENTS = 6, 8, 500
CHANCE = random.Random(8)


def earlier(page: Document) -> PageReading:
    """A parser that loses the last paragraph."""
    found = read_page(page)
    if not isinstance(found, ArticleState):
        return found
    return state_of(replace(found.article, paragraphs=found.article.paragraphs[:-1]), "1")


def says(number: int, day: int) -> bytes:
    """The site's page of an article on a day: it changes about every third day, and sometimes back."""
    version = [0, 0, 1, 1, 0, 2, 2, 3][(day + number) % 8]
    return page(number, paragraphs=(*PARAGRAPHS, f"这一段是第{version}种说法。", "这是最后一段，早先的解析器读不到。"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(parsers, "PARSER_VERSION", "1")
    with closing(open_archive(tmp_path / "home")) as archive:
        for day in range(3, DAYS):
            crawl(archive, NOON + day * DAY, {number: says(number, day) for number in range(ARTICLES)}, "site")
    monkeypatch.undo()
    return tmp_path / "home"


def crawl(archive: Archive, at: datetime, pages: dict[int, bytes], origin: str, reads: Reads | None = None) -> None:
    now = at if origin == "site" else NOON + 20 * DAY
    with WRITERS[origin](archive, SOURCE, reads or Reads(earlier), clock=lambda: now) as ingest:
        if origin == "site":
            ingest.begin_crawl(at)
        for number, payload in pages.items():
            ingest.add(fetched(number, payload, at))
        if origin == "site":
            ingest.finish("finished", len(pages), 0, at)
        else:
            ingest.finish()


def permalinks(home: Path) -> dict[str, str]:
    """Every version's address and the text that stands there."""
    found = {}
    with served(Home(home)) as site, closing(open_archive(home)) as archive:
        for key, digest in rows(
            archive, "select a.key, s.content_digest from states s join articles a on a.id = s.article_id"
        ):
            path = f"/a/{key}/v/{str(digest).removeprefix('sha256:')[:12]}"
            answer = get(site, path)
            assert answer.status_code == 200, path
            found[path] = re.search(r'<div class="body">(.*?)</div>', answer.text, re.DOTALL)[1]
    return found


@pytest.mark.slow
def test_old_permalinks_are_the_same_after_all_that_comes_later(home: Path):
    before = permalinks(home)
    assert len(before) > 2 * ARTICLES
    with closing(open_archive(home)) as archive:
        for day in range(3):
            crawl(archive, NOON + day * DAY, {number: says(number, day) for number in range(ARTICLES)}, "import")
        apply(archive, Selection("newsroom"), "reparse-1", lambda: NOON + 21 * DAY)
        for day in range(DAYS, DAYS + 3):
            pages = {number: says(number, day) for number in range(ARTICLES)}
            crawl(archive, NOON + (day + 20) * DAY, pages, "site", Reads(read_page))
    later = permalinks(home)
    assert {path: later[path] for path in before} == before
    assert len(later) > len(before)
    with closing(open_archive(home)) as archive:
        undo(archive, "reparse-1", lambda: NOON + 50 * DAY)
    undone = permalinks(home)
    assert {path: undone[path] for path in before} == before
    rebuild_database(home, NOON + 51 * DAY)
    assert permalinks(home) == undone


AS_OF = """
    select content_digest from revisions
     where article_id = ? and captured_at <= ? and origin <> 'reparse'
     order by captured_at desc, id desc limit 1
    """


def test_sql_finds_the_text_that_the_site_had_at_any_moment(home: Path):
    """The script of the site's changes is compared with the archive's answers as of 500 moments."""
    with closing(open_archive(home)) as archive:
        for day in range(3):
            crawl(archive, NOON + day * DAY, {number: says(number, day) for number in range(ARTICLES)}, "import")
        expected = {
            (number, day): _digest(says(number, day), number, NOON + day * DAY)
            for number in range(ARTICLES)
            for day in range(DAYS)
        }
        ids = dict(rows(archive, "select url, id from articles"))
        for _ in range(MOMENTS):
            number, hours = CHANCE.randrange(ARTICLES), CHANCE.randrange(24 * DAYS)
            at = (NOON + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
            (found,) = archive.conn.execute(AS_OF, (ids[f"http://example.com/article/{number}.html"], at)).fetchone()
            assert found == expected[number, hours // 24]


def _digest(payload: bytes, number: int, at: datetime) -> str:
    reading = earlier(Document(payload, "text/html; charset=utf-8", f"http://example.com/article/{number}.html", at))
    assert isinstance(reading, ArticleState)
    return reading.digest
