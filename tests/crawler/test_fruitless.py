"""Addresses that a list names and that give no article: asked ever more rarely, and never given up."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, Reads, fetched, page, url
from support.journeys import Thinker
from support.towns import declare, figures, rows, said
from support.written_site import Answer, article, listing, serving

import parsers
from archive import Archive, open_archive
from archive.files.clock import instant
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.readings import PageReading, read_page
from archive.reparsing.applying import apply
from archive.reparsing.selecting import Selection
from archive.rows.recrawl_age import moments_of
from crawler.frontier import Visit, Waiting
from crawler.frontier.sqlite import SqliteFrontier
from crawler.session.visits import Visiting
from parsers import Document
from parsers.urls import urlkey
from schedules.cadence import next_due

SLOT, DAY, MONTH = timedelta(minutes=10), timedelta(days=1), timedelta(days=30)
SHELL = b"<!doctype html><title>x</title><body><div id=app></div><script src=/app.js></script></body>"
ANSWERS = {
    1: Answer(status=302, headers=(("Location", "/"),)),
    2: Answer(b"%PDF-1.7 \x80\x81", headers=(("Content-Type", "application/pdf"),)),
    3: Answer(status=402),
    4: Answer(status=451),
    5: Answer(SHELL, headers=(("Content-Type", "text/html"),)),
    6: Answer("<title>江海网</title><p>栏目首页</p>".encode(), headers=(("Content-Type", "text/html"),)),
    7: Answer(status=404),
}
WAITS = """
    select url, unixepoch(due_at) - unixepoch(last_fetched_at) from frontier where url not like '%/0.html' order by url
    """


@pytest.mark.slow
def test_pages_without_an_article_are_asked_ever_more_rarely_until_one_appears(tmp_path: Path) -> None:
    """Seven kinds of such pages: the one for members is free after four visits, and an article from then on."""
    answers = dict(ANSWERS)

    def answer(path: str) -> Answer | None:
        if path == "/sitemap.xml":
            return Answer(listing(8).replace(b"ADDRESS", site.address.encode()))
        number = int("".join(filter(str.isdigit, path)) or 0)
        return answers.get(number, Answer(article(number))) if path.startswith("/article/") else None

    with serving(answer) as site:
        thinker = Thinker(declare(tmp_path, town=said(site.as_declared)))
        waits = []
        for _ in range(4):
            thinker.start("crawl", "town").communicate(timeout=300)
            waits.append({wait for _, wait in rows(tmp_path, WAITS)})
            _let_all_be_due(tmp_path)
        assert waits == [{600}, {1_800}, {7_200}, {28_800}]
        answers[3] = Answer(article(3))
        summary = thinker.json("crawl", "town")
        assert figures(summary) == ("finished", 1, 0, 0)
        assert [wait for _, wait in rows(tmp_path, WAITS)] == [86_400, 86_400, 600, *[86_400] * 4]
        asked = Counter(path for path, _ in site.asked if path.startswith("/article/"))
    assert set(asked.values()) == {5}


def _let_all_be_due(home: Path) -> None:
    with closing(sqlite3.connect(home / "archive.db")) as database, database:
        database.execute("update frontier set due_at = '2020-01-01T00:00:00Z'")


def test_ten_pdf_addresses_are_asked_50_times_on_day_one_and_80_times_in_two_months(tmp_path: Path) -> None:
    """Crawls are ten minutes apart. As articles of their age they were asked 600 times on the first day."""
    asked = Counter[int]()  # how often on each day
    with closing(open_archive(tmp_path)) as archive:
        frontier, now = SqliteFrontier(archive.conn, SOURCE.name), NOON
        while now < NOON + 2 * MONTH:
            asked[(now - NOON).days] += crawled(archive, frontier, now)
            (due,) = archive.conn.execute("select min(due_at) from frontier").fetchone()
            now = max(now + SLOT, instant(due))  # in the slots between nothing is due
    assert (asked[0], asked[1], sum(asked.values())) == (50, 10, 80)


def crawled(archive: Archive, frontier: SqliteFrontier, now: datetime) -> int:
    """Crawl those of ten addresses that are due. Returns how many were asked."""
    with CrawlIngest(archive, SOURCE, clock=lambda: now) as ingest:
        ingest.begin_crawl(now)
        archive.conn.execute("begin immediate")
        frontier.add([Waiting(url(number), urlkey(url(number))) for number in range(10)], now)
        leases = frontier.lease(64, now, 600)
        for lease in leases:
            file = replace(fetched(0, b"%PDF-1.7", now, {"Content-Type": "application/pdf"}), url=lease.url)
            outcome, moments = ingest.add(file), moments_of(archive.conn, SOURCE.name, lease.urlkey)
            frontier.ack(lease, Visiting(now, next_due).answered(lease, outcome, file, moments).visit)
        ingest.finish("finished", len(leases), 0, now)
    return len(leases)


def test_an_article_that_a_better_parser_finds_is_due_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its page was captured as none, and would be asked again in a day."""

    def cannot(page: Document) -> PageReading:
        return read_page(replace(page, payload=b"<p>"))

    late = NOON + DAY
    with closing(open_archive(tmp_path)) as archive:
        monkeypatch.setattr(parsers, "PARSER_VERSION", "1")
        with CrawlIngest(archive, SOURCE, Reads(cannot), clock=lambda: NOON) as ingest:
            ingest.begin_crawl(NOON)
            ingest.add(fetched(1, page(1), NOON))
            ingest.finish("finished", 1, 0, NOON)
        monkeypatch.undo()
        frontier = SqliteFrontier(archive.conn, SOURCE.name)
        archive.conn.execute("begin immediate")
        frontier.add([Waiting(url(number), urlkey(url(number))) for number in (1, 2)], NOON)
        for lease in frontier.lease(2, NOON, 600):
            frontier.ack(lease, Visit(NOON, NOON + 7 * DAY, 200))
        archive.conn.commit_group()
        assert apply(archive, Selection(SOURCE.name), "reparse-1", lambda: late).found == 1
        assert [known.due_at for known in sorted(frontier.known(), key=lambda known: known.url)] == [
            late, NOON + 7 * DAY,
        ]  # fmt: skip
