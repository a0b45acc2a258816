"""Attacks on presence: an article of several addresses, and one that nobody may import into."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from archiving import NOON, SOURCE, Reads, page, rows, url
from test_stitching import FIRST, crawl_pages, part, three

import parsers
from archive import Archive, open_archive
from archive.identity import ArticleState, state_of
from archive.ingest import Fetched, Ingest
from archive.judging.readings import PageReading, read_page
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
    assert isinstance(found, ArticleState) and number
    return state_of(replace(found.article, identity=number[0]), parsers.PARSER_VERSION)


def visit(archive: Archive, at: datetime, answers: dict[str, bytes | int]) -> None:
    with Ingest(archive, SOURCE, Reads(by_number), clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        for address, answer in answers.items():
            ingest.add(at_address(address, answer, at))
        ingest.finish("finished", len(answers), 0, at)


def test_an_old_address_that_ends_says_nothing_of_an_article_that_stands_at_another(tmp_path: Path):
    archive = open_archive(tmp_path / "home")
    visit(archive, NOON, {url(1): page(1), moved(1): page(1), url(2): page(2)})
    print(rows(archive, "select urlkey, article_id from addresses"), rows(archive, "select key from articles"))
    for day in (1, 2, 3):
        visit(archive, NOON + day * DAY, {url(1): 404, url(2): page(2)})
    assert rows(archive, "select state from articles order by id") == [("live",), ("live",)]


def test_an_imported_first_page_is_no_edit_of_an_article_in_pages(tmp_path: Path):
    archive = open_archive(tmp_path / "home")
    crawl_pages(archive, NOON, three())
    whole = rows(archive, "select body_text, revisions from articles")
    with Ingest(archive, SOURCE, origin="import", clock=lambda: NOON + 2 * DAY) as ingest:
        outcome = ingest.add(at_address(FIRST, part(1, note="other bytes"), NOON + DAY))
        print(outcome)
        ingest.finish_import()
    assert rows(archive, "select body_text, revisions from articles") == whole
