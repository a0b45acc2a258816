"""Attacks on histories that several parsers read."""

from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, Reads, fetched, page, rows
from support.parser_versions import reads

import parsers
from archive import Archive, open_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.import_ingest import ImportIngest
from archive.judging.reading.readings import PageReading, UnreadPage, read_page
from archive.reparsing.applying import apply
from archive.reparsing.selecting import Selection
from archive.replaying.proof import prove
from archive.rules.identity import ArticleState, state_of
from parsers import Document

DAY = timedelta(days=1)


def reads_not(words: str):
    """A parser that cannot read pages with these words."""

    def read(page: Document) -> PageReading:
        if words and words.encode() in page.payload:
            return UnreadPage("not_article", "no article")
        found = read_page(page)
        return state_of(found.article, parsers.PARSER_VERSION) if isinstance(found, ArticleState) else found

    return read


def seen(archive: Archive, day: int, headline: str, note: str, reader) -> None:
    at = NOON + day * DAY
    with CrawlIngest(archive, SOURCE, Reads(reader), clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        ingest.add(fetched(1, page(1, headline, note=note), at))
        ingest.finish("finished", 1, 0, at)


def test_an_edit_between_two_parsers_is_one_when_a_third_reads_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    archive = open_archive(tmp_path / "home")
    for day, (version, headline) in enumerate((("1", "旧题目谈一体化"), ("2", "新题目谈一体化"))):
        reads(monkeypatch, version, reads_not("day0" if version == "2" else ""))
        seen(archive, day, headline, f"day{day}", reads_not("day0" if version == "2" else ""))
    told = "select number, headline from revisions order by position"
    assert rows(archive, told) == [(1, "旧题目谈一体化"), (None, "新题目谈一体化")]
    reads(monkeypatch, "3", reads_not(""))
    report = apply(archive, Selection("newsroom"), "reparse-1", lambda: NOON + 2 * DAY)
    assert (report.same, report.other) == (2, 0)
    assert rows(archive, told) == [(1, "旧题目谈一体化"), (2, "新题目谈一体化")]
    assert prove(archive, tmp_path) == ()
    archive.close()


def test_an_older_capture_that_no_parser_can_compare_may_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    archive = open_archive(tmp_path / "home")
    reads(monkeypatch, "1", reads_not(""))
    seen(archive, 1, "新题目谈一体化", "day1", reads_not(""))
    reads(monkeypatch, "2", reads_not("day1"))
    with ImportIngest(archive, SOURCE, Reads(reads_not("day1")), clock=lambda: NOON + 2 * DAY) as ingest:
        ingest.add(fetched(1, page(1, "旧题目谈一体化"), NOON))
        ingest.finish()
    assert rows(archive, "select number, headline from revisions order by position") == [
        (1, "旧题目谈一体化"),
        (None, "新题目谈一体化"),
    ]
    assert prove(archive, tmp_path) == ()
    archive.close()


def test_bytes_that_come_again_to_a_parser_that_can_read_them_now_are_no_further_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """An import from between two captures, of the bytes of the later one, which nobody could read."""
    archive = open_archive(tmp_path / "home")
    reads(monkeypatch, "2", reads_not("later"))
    for day, headline, note in (
        (0, "第一个题目谈一体化", ""),
        (4, "第二个题目谈一体化", ""),
        (5, "新题目谈一体化", "later"),
    ):
        seen(archive, day, headline, note, reads_not("later"))
    reads(monkeypatch, "3", reads_not(""))
    with ImportIngest(archive, SOURCE, Reads(reads_not("")), clock=lambda: NOON + 6 * DAY) as ingest:
        ingest.add(fetched(1, page(1, "新题目谈一体化", note="later"), NOON + 2 * DAY))
        ingest.finish()
    assert rows(archive, "select number, origin, headline from revisions where number > 0 order by position") == [
        (1, "site", "第一个题目谈一体化"),
        (2, "import", "新题目谈一体化"),
        (3, "site", "第二个题目谈一体化"),
        (4, "site", "新题目谈一体化"),
    ]
    assert prove(archive, tmp_path) == ()
    archive.close()
