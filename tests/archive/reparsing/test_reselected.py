"""Selectors in the archive: another reading of the same bytes is no edit, the one declared last holds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, dump, fetched, page, rows
from support.attacks import claims

from archive import Archive, open_archive
from archive.answers.articles import Unknown
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.parser_process import ParserProcess
from archive.judging.reading.readings import read_page, with_edition
from archive.reparsing.applying import apply, propose
from archive.reparsing.selecting import Selection
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.rules.revision_sequence import version_order
from parsers import PARSER_VERSION, Document
from parsers.selectors import NO_SELECTORS, Selectors

DAY = timedelta(days=1)
FIRST, SECOND = Selectors(headline="h2.one"), Selectors(headline="h2.two")


def told(number: int, note: str = "", one: str = "甲的题目很长") -> bytes:
    raw = page(number, note=note).decode()
    return raw.replace("<article>", f'<article><h2 class="one">{one}</h2><h2 class="two">乙的题目很长</h2>').encode()


def crawl(archive: Archive, at: datetime, selectors: Selectors, answers: Mapping[int, bytes]) -> tuple[int, int]:
    """The numbers of new articles and of edits that a crawl with these selectors finds."""
    with CrawlIngest(archive, replace(SOURCE, selectors=selectors), clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        for number, answer in answers.items():
            ingest.add(fetched(number, answer, at))
        summary = ingest.finish("finished", len(answers), 0, at)
    return summary.new_articles, summary.new_revisions


def headlines(archive: Archive) -> list[str]:
    return [str(headline) for (headline,) in rows(archive, "select headline from articles order by key")]


def versions(archive: Archive) -> list[str]:
    found = rows(archive, "select distinct parser_version from sightings")
    return sorted((str(version) for (version,) in found), key=version_order)


def test_selectors_that_change_make_no_edit_and_the_last_ones_are_shown(tmp_path: Path) -> None:
    with_notes = [{1: told(1, f"day {day}"), 2: told(2, f"day {day}")} for day in range(6)]
    declared = [NO_SELECTORS, FIRST, SECOND, FIRST, FIRST, NO_SELECTORS]
    shown = ["第{}篇文章谈一体化", "甲的题目很长", "乙的题目很长", "甲的题目很长", "甲的题目很长", "第{}篇文章谈一体化"]
    archive = open_archive(tmp_path)
    for day, (selectors, answers, headline) in enumerate(zip(declared, with_notes, shown, strict=True)):
        assert crawl(archive, NOON + day * DAY, selectors, answers) == ((2, 0) if day == 0 else (0, 0))
        assert sorted(headlines(archive)) == [headline.format(1), headline.format(2)]
    v = PARSER_VERSION
    assert versions(archive) == [
        v, f"{v}+sel1.{FIRST.digest}", f"{v}+sel2.{SECOND.digest}", f"{v}+sel3.{FIRST.digest}", f"{v}+sel4.none",
    ]  # fmt: skip
    assert rows(archive, "select count(*) from events where kind = 'edited'") == [(0,)]
    before = dump(archive)
    archive.close()
    rebuild_database(tmp_path, NOON + 9 * DAY)
    archive = open_archive(tmp_path)
    assert dump(archive)["sightings"] == before["sightings"]
    (tmp_path / "scratch").mkdir()
    assert prove(archive, tmp_path / "scratch") == ()
    archive.close()


def test_an_edit_is_found_even_if_the_selectors_change_at_the_same_time(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    crawl(archive, NOON, NO_SELECTORS, {1: told(1)})
    assert crawl(archive, NOON + DAY, FIRST, {1: told(1, one="甲改了题目啊")}) == (0, 1)
    assert headlines(archive) == ["甲改了题目啊"]
    archive.close()


@pytest.mark.slow
def test_a_reparse_reads_by_the_selectors_that_are_declared_now(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    crawl(archive, NOON, FIRST, {1: told(1), 2: told(2)})
    again = Selection("newsroom", selectors=FIRST)
    assert propose(archive, again).captures == 0  # read by them already
    asked = Selection("newsroom", selectors=SECOND)
    shown = propose(archive, asked)
    assert (shown.other, shown.parser_version) == (2, f"{PARSER_VERSION}+sel2.{SECOND.digest}")
    apply(archive, asked, "reparse-1", lambda: NOON + DAY)
    assert headlines(archive) == ["乙的题目很长"] * 2
    apply(archive, again, "reparse-2", lambda: NOON + 2 * DAY)  # and back
    assert headlines(archive) == ["甲的题目很长"] * 2
    before = claims(tmp_path)
    archive.close()
    rebuild_database(tmp_path, NOON + 9 * DAY)
    assert claims(tmp_path) == before


def test_a_source_that_is_declared_no_more_is_not_read_without_its_selectors(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    crawl(archive, NOON, FIRST, {1: told(1)})
    with pytest.raises(Unknown, match=r"newsroom was parsed with selectors and is no longer declared"):
        propose(archive, Selection("newsroom", selectors=None))
    apply(archive, Selection("newsroom"), "reparse-1", lambda: NOON + DAY)
    assert propose(archive, Selection("newsroom", selectors=None)).captures == 0
    archive.close()


def test_an_edition_is_counted_for_each_source(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    crawl(archive, NOON, FIRST, {1: told(1)})
    assert with_edition(archive.conn, "newsroom", FIRST).edition == 1
    assert with_edition(archive.conn, "newsroom", SECOND).edition == 2
    assert with_edition(archive.conn, "newsroom", NO_SELECTORS).edition == 2
    assert with_edition(archive.conn, "other", FIRST).edition == 1
    assert with_edition(archive.conn, "other", NO_SELECTORS).edition == 0
    archive.close()


def test_the_parser_process_also_reports_a_selector_that_matches_nothing() -> None:
    selectors = replace(Selectors(headline=".nowhere", body="article"), edition=1)
    document = Document(told(1), "text/html", "https://example.com/1", NOON, "town", selectors=selectors)
    with ParserProcess() as parser:
        apart, here = parser.read(document), read_page(document)
    assert apart == here
    assert getattr(here, "unmatched", None) == ("headline",)
