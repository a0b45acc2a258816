"""Attacks on reparse: taking one back leaves nothing of it, whatever happened in between."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, WRITERS, Reads, crawl, dump, fetched, page, rows
from support.parser_versions import at_hand, reads
from support.several_pages import crawl_pages, part, three

import parsers
from archive import Archive, open_archive
from archive.history.rebuild_revisions import arrange
from archive.history.states import Texts
from archive.judging import Acting, correct
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.readings import PageReading, read_page
from archive.reparsing.applying import apply, undo
from archive.reparsing.selecting import Selection
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.rules.identity import ArticleState, state_of
from archive.search import search
from parsers import Document

DAY = timedelta(days=1)
ASKED = Selection("newsroom")


def cannot(page: Document) -> PageReading:
    """A parser that cannot read article 7."""
    return read_page(replace(page, payload=b"<p>")) if "/7." in page.url else read_page(page)


def speaks(page: Document) -> PageReading:
    found = read_page(page)
    return (
        state_of(replace(found.article, speaker="张望"), parsers.PARSER_VERSION)
        if isinstance(found, ArticleState)
        else found
    )


def speaks_in_pages(page: Document) -> PageReading:
    found, now = read_page(page), speaks(page)
    return (
        replace(now, following=found.following)
        if isinstance(now, ArticleState) and isinstance(found, ArticleState)
        else now
    )


def first_version(archive: Archive, monkeypatch: pytest.MonkeyPatch, origin: str = "site") -> None:
    with monkeypatch.context() as patched:
        patched.setattr(parsers, "PARSER_VERSION", "1")
        with WRITERS[origin](archive, SOURCE, Reads(cannot), clock=lambda: NOON) as ingest:
            if origin == "site":
                ingest.begin_crawl(NOON)
            for number in (6, 7):
                ingest.add(fetched(number, page(number), NOON))
            if origin == "site":
                ingest.finish("finished", 2, 0, NOON)
            else:
                ingest.finish()


def but_for_files(dumped):
    return {name: found for name, found in dumped.items() if name not in ("warc_records", "warc_ranges", "applied")}


def test_undoing_a_reparse_drops_an_article_that_it_found_and_crawls_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    archive = open_archive(tmp_path / "home")
    first_version(archive, monkeypatch)
    apply(archive, ASKED, "reparse-1", lambda: NOON + DAY, readers=at_hand())
    for day in (2, 3):
        crawl(archive, NOON + day * DAY, {6: page(6), 7: 404})
    assert rows(archive, "select state from articles order by id") == [("live",), ("removed",)]
    undo(archive, "reparse-1", lambda: NOON + 4 * DAY)
    assert rows(archive, "select state from articles order by id") == [("live",)]
    assert prove(archive, tmp_path) == ()
    archive.close()
    rebuild_database(tmp_path / "home", NOON + 5 * DAY)


def test_undoing_a_reparse_drops_the_corrections_of_an_article_that_it_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    archive = open_archive(tmp_path / "home")
    first_version(archive, monkeypatch)
    apply(archive, ASKED, "reparse-1", lambda: NOON + DAY, readers=at_hand())
    for number in (6, 7):
        correct(archive, f"newsroom-{number}", "speaker", ["林知远"], Acting("ops", "misread"), lambda: NOON + 2 * DAY)
    assert prove(archive, tmp_path) == ()
    undo(archive, "reparse-1", lambda: NOON + 3 * DAY)
    kept = "select k.key from corrections c join keys k on k.number = c.key_number"
    assert (rows(archive, kept), rows(archive, "select count(*) from corrections")) == ([("newsroom-6",)], [(1,)])
    assert [hit.key for hit in search(archive.conn, "林知远")] == ["newsroom-6"]
    crawl(archive, NOON + 4 * DAY, {7: page(7), 8: page(8)})
    assert [hit.key for hit in search(archive.conn, "林知远")] == ["newsroom-6"]
    assert prove(archive, tmp_path) == ()
    archive.close()
    assert rebuild_database(tmp_path / "home", NOON + 5 * DAY).lost == ()


def test_undoing_two_reparses_that_found_the_same_article_restores_all_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    archive = open_archive(tmp_path / "home")
    first_version(archive, monkeypatch)
    before = dump(archive)
    apply(archive, ASKED, "reparse-1", lambda: NOON + DAY, readers=at_hand())
    with monkeypatch.context() as patched:
        reads(patched, "99", speaks)
        report = apply(archive, ASKED, "reparse-2", lambda: NOON + 2 * DAY)
        assert report.other == 2
    undo(archive, "reparse-1", lambda: NOON + 3 * DAY)
    assert prove(archive, tmp_path) == ()
    undo(archive, "reparse-2", lambda: NOON + 4 * DAY)
    assert prove(archive, tmp_path) == ()
    assert but_for_files(dump(archive)) == but_for_files(before)
    archive.close()


def test_two_runs_that_are_begun_in_one_second_have_a_name_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    archive = open_archive(tmp_path / "home")
    first_version(archive, monkeypatch)
    names = [apply(archive, ASKED, "reparse-1", lambda: NOON + DAY, readers=at_hand()).reparse for _ in range(3)]
    assert names == ["reparse-1", "reparse-1-2", "reparse-1-3"]
    undo(archive, "reparse-1-2", lambda: NOON + 2 * DAY)
    assert prove(archive, tmp_path) == ()
    archive.close()


def test_an_import_that_a_reparse_reads_was_never_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    archive = open_archive(tmp_path / "home")
    first_version(archive, monkeypatch, "import")
    apply(archive, ASKED, "reparse-1", lambda: NOON + DAY, readers=at_hand())
    assert rows(archive, "select state from articles order by id") == [("unvisited",), ("unvisited",)]
    archive.close()


def test_an_article_in_pages_whose_first_page_came_again_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    archive = open_archive(tmp_path / "home")
    with monkeypatch.context() as patched:
        patched.setattr(parsers, "PARSER_VERSION", "1")
        crawl_pages(archive, NOON, three())
        changed = {**three(), 2: part(2).replace("第3段".encode(), "改第3段".encode())}
        crawl_pages(archive, NOON + DAY, changed)
    assert rows(archive, "select revisions from articles") == [(2,)]
    reads(monkeypatch, "99", speaks_in_pages)
    apply(archive, ASKED, "reparse-1", lambda: NOON + 2 * DAY)
    read = rows(archive, "select captured_at, count(distinct parser_version) from sightings where page = 1 group by 1")
    assert [count for _, count in read] == [2, 2]
    assert prove(archive, tmp_path) == ()
    archive.close()


def test_a_further_reading_of_the_newest_capture_is_weighed_with_its_first_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Only a part of the captures is read again: those before `since` have readings by the earlier parser alone."""

    def cannot_twice(page: Document) -> PageReading:
        return read_page(replace(page, payload=b"<p>")) if b"unread" in page.payload else read_page(page)

    archive = open_archive(tmp_path / "home")
    with monkeypatch.context() as patched:
        reads(patched, "1", cannot_twice)
        for day, note in enumerate(("", "unread", "other")):
            with CrawlIngest(archive, SOURCE, Reads(cannot_twice), clock=lambda: NOON) as ingest:
                at = NOON + day * DAY
                ingest.begin_crawl(at)
                ingest.add(fetched(1, page(1, note=note), at))
                ingest.finish("finished", 1, 0, at)
    reads(monkeypatch, "99", speaks)
    apply(archive, Selection("newsroom", "2026-11-26T00:00:00Z"), "reparse-1", lambda: NOON + 3 * DAY)
    told = dump(archive)
    arrange(archive.conn, 1, Texts(archive.conn))
    assert dump(archive) == told
    archive.close()


def test_revisits_count_as_sightings_of_an_article_that_a_reparse_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    archive = open_archive(tmp_path / "home")
    first_version(archive, monkeypatch)
    with monkeypatch.context() as patched:
        patched.setattr(parsers, "PARSER_VERSION", "1")
        with CrawlIngest(archive, SOURCE, Reads(cannot), clock=lambda: NOON + DAY) as ingest:
            ingest.begin_crawl(NOON + DAY)
            ingest.add(fetched(7, page(7), NOON + DAY))
            ingest.finish("finished", 1, 0, NOON + DAY)
    apply(archive, ASKED, "reparse-1", lambda: NOON + 2 * DAY, readers=at_hand())
    assert rows(archive, "select last_seen_at from articles where key = 'newsroom-7'") == [("2026-11-26T12:00:00Z",)]
    assert prove(archive, tmp_path) == ()
    archive.close()
