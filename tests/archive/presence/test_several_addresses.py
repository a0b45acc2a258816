"""Attacks on presence: an article of several addresses, and one that nobody may import into."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, Reads, page, rows, url
from support.several_pages import FIRST, crawl_pages, part, three

import parsers
from archive import Archive, open_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.import_ingest import ImportIngest
from archive.judging.reading.fetched import Fetched, Whence
from archive.judging.reading.readings import PageReading, read_page
from archive.publish.article.article_page import article
from archive.replaying.proof import prove
from archive.rules.identity import ArticleState, state_of
from archive.rules.urlkeys import key_of
from parsers import Document

DAY = timedelta(days=1)


def moved(number: int) -> str:
    return f"http://example.com/new/{number}.html"


def at_address(address: str, answer: bytes | int, at: datetime) -> Fetched:
    status, payload = (200, answer) if isinstance(answer, bytes) else (answer, b"")
    return Fetched(address, status, (("Content-Type", "text/html; charset=utf-8"),), payload, at)


def by_number(document: Document) -> PageReading:
    """A parser that knows the publisher's own number of an article, whatever its address."""
    found, number = read_page(document), re.search("[0-9]+", document.url)
    assert isinstance(found, ArticleState)
    assert number
    return state_of(replace(found.article, identity=number[0]), parsers.PARSER_VERSION)


def visit(archive: Archive, at: datetime, answers: dict[str, bytes | int | None]) -> list[str]:
    """A crawl over these answers (None: a time-out); the other addresses that should be asked, as urlkeys."""
    with CrawlIngest(archive, SOURCE, Reads(by_number), clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        wanted: list[str] = []
        for address, answer in answers.items():
            if answer is None:
                ingest.missed(address, "timed out", at)
            elif ingest.add(at_address(address, answer, at)).kind == "gone":
                wanted += ingest.other_addresses(address)
        ingest.finish("finished", len(answers), 0, at)
    return wanted


@pytest.mark.parametrize(("other", "state"), [(b"", "live"), (404, "removed"), (None, "unreachable")])
def test_an_article_of_two_addresses_is_gone_when_both_are(tmp_path: Path, other: int | bytes | None, state: str):
    archive = open_archive(tmp_path / "home")
    visit(archive, NOON, {url(1): page(1), moved(1): page(1), url(2): page(2)})
    for day in (1, 2):
        asked = NOON + day * DAY
        assert visit(archive, asked - DAY / 2, {url(1): 404}) == [key_of(moved(1))]
        answer = page(1) if other == b"" else other
        assert visit(archive, asked, {url(1): 404, moved(1): answer, url(2): page(2)}) == [key_of(moved(1))]
    assert rows(archive, "select state from articles order by id") == [(state,), ("live",)]
    archive.close()


@pytest.mark.parametrize(("note", "kind"), [("", "revisit"), ("other bytes", "incomplete")])
def test_an_imported_first_page_is_no_edit_of_an_article_in_pages(tmp_path: Path, note: str, kind: str):
    archive = open_archive(tmp_path / "home")
    crawl_pages(archive, NOON, three())
    told = "select body_text, revisions, content_digest from articles"
    whole = rows(archive, told)
    with ImportIngest(archive, SOURCE, clock=lambda: NOON + 2 * DAY) as ingest:
        assert ingest.add(at_address(FIRST, part(1, note=note), NOON + DAY)).kind == kind
        ingest.finish()
    assert rows(archive, told) == whole
    assert prove(archive, tmp_path) == ()
    archive.close()


def test_an_article_seen_by_https_keeps_its_old_url_and_gets_a_new_last_seen_url(tmp_path: Path):
    archive = open_archive(tmp_path / "home")
    https = url(1).replace("http:", "https:")
    visit(archive, NOON, {url(1): page(1), url(2): page(2)})
    visit(archive, NOON + DAY, {https: page(1), url(2): page(2)})
    assert rows(archive, "select url from addresses order by url") == [(url(1),), (url(2),)]
    shown = [article(archive.conn, key, None) for (key,) in rows(archive, "select key from articles order by id")]
    assert [(each["url"], each["last_seen_url"]) for each in shown] == [(url(1), https), (url(2), url(2))]
    archive.close()


@pytest.mark.parametrize(("later", "state"), [(True, "live"), (False, "unreachable")])
def test_an_address_that_fails_says_nothing_of_an_article_that_was_seen_elsewhere_since(
    tmp_path: Path, later: bool, state: str
):
    """By a later crawl; within one crawl the addresses of an article are asked one after another.

    Nor does it hide that the article is gone from there.
    """
    archive = open_archive(tmp_path / "home")
    visit(archive, NOON, {url(1): page(1), moved(1): page(1), url(2): page(2)})
    if later:
        visit(archive, NOON + DAY, {moved(1): page(1), url(2): page(2)})
    visit(archive, NOON + 2 * DAY, {url(1): None, url(2): page(2)})
    assert rows(archive, "select state from articles order by id") == [(state,), ("live",)]
    for day in (3, 4):
        visit(archive, NOON + day * DAY, {url(1): None, moved(1): 404, url(2): page(2)})
    assert rows(archive, "select state from articles order by id") == [("removed" if later else state,), ("live",)]
    archive.close()


@pytest.mark.parametrize(
    ("there", "address", "headline", "articles"),
    [
        ("sought", "http://new.example/1.html", "第1篇", 1),  # a redirect leads to the same path elsewhere
        ("sought", "http://new.example/x.html", "第1篇", 2),  # and to another page
        ("sought", "http://new.example/1.html", "另一篇", 1),  # which was edited meanwhile
        ("twins", "http://new.example/1.html", "第1篇", 1),  # a list names it: the text says that it is the same
        ("twins", "http://new.example/1.html", "另一篇", 2),
    ],
)
def test_an_article_is_the_same_at_the_same_path_of_another_host(
    tmp_path: Path, there: str, address: str, headline: str, articles: int
):
    """It is the same if its old address leads to it or the text is known; with another path or text nobody knows."""
    archive = open_archive(tmp_path / "home")
    old = "http://example.com/1.html"
    visited(archive, NOON, at_address(old, page(1, headline="第1篇"), NOON))
    whence = Whence(sought=old) if there == "sought" else Whence(twins=(old,))
    visited(archive, NOON + DAY, replace(at_address(address, page(1, headline=headline), NOON + DAY), whence=whence))
    assert rows(archive, "select count(*), count(distinct article_id) from addresses") == [(2, articles)]
    assert prove(archive, tmp_path) == ()
    archive.close()


def visited(archive: Archive, at: datetime, answer: Fetched) -> None:
    """Crawl one answer, read by the general reader."""
    with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        ingest.add(answer)
        ingest.finish("finished", 1, 0, at)
