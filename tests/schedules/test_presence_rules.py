"""Health of lists that fail and of articles that cannot be judged: one line, however many there are."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, fetched, page, url

from archive import Archive, open_archive
from archive.answers.absences import failing_lists, unjudged_of
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.presence.failing import FailedList
from archive.judging.presence.lists import Listing
from archive.judging.reading.fetched import Fetched
from archive.rules.urlkeys import key_of
from schedules.health.site_rules import failing, unjudged
from schedules.health.verdicts import joined

DAY = timedelta(days=1)
LISTS = [f"http://example.com/{number}.xml" for number in range(8)]
FAR = "http://elsewhere.example.com/feed.xml"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive whose lists all answered once, and failed in two crawls; an article did not answer then."""
    with closing(open_archive(tmp_path / "home")) as opened:
        for day in range(3):
            at = NOON + day * DAY
            with CrawlIngest(opened, SOURCE, clock=lambda at=at: at) as ingest:
                ingest.begin_crawl(at)
                for address in (*LISTS, FAR):
                    if day:
                        ingest.list_failed(FailedList(address, address, "HTTP 500"))
                        continue
                    kept = ingest.add(Fetched(address, 200, (), f"<p>{address}</p>".encode(), at, "list"))
                    ingest.lists.note(Listing(address, ((str(kept.record_id), (key_of(url(1)),)),)))
                ingest.add(fetched(1, 404 if day else page(1), at))
                ingest.finish("finished", 1, 0, at)
        yield opened


def test_a_line_names_five_lists_of_a_source_and_counts_the_others(archive: Archive) -> None:
    said = joined(each for _, each in failing(archive.conn))
    assert [number for number in range(8) if LISTS[number] in said.en] == [0, 1, 2, 3]
    assert said.en.endswith("newsroom: 4 more lists fail: see `thinker status --json`")
    assert said.zh.endswith("newsroom：另有 4 个列表无法读取：详见 `thinker status --json`")
    assert len(failing_lists(archive.conn, 1000)) == 9


def test_an_unjudged_article_waits_for_the_failing_lists_of_its_host(archive: Archive) -> None:
    found = unjudged_of(archive.conn, 1)
    assert found == {"since": "2026-11-26T12:00:00Z", "why": "seeds_failed", "lists": LISTS[:5]}
    ((source, said),) = unjudged(archive.conn)
    assert source == "newsroom"
    assert f": no verdict while {', '.join(LISTS[:5])} fails" in said.en
    assert "elsewhere" not in said.en + said.zh


def test_a_list_that_was_read_again_is_not_said_to_fail(archive: Archive) -> None:
    at = NOON + 3 * DAY
    with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        ingest.add(Fetched(LISTS[0], 200, (), b"<p>0</p>", at, "list"))
        ingest.finish("finished", 1, 0, at)
    assert unjudged_of(archive.conn, 1) == {"since": "2026-11-26T12:00:00Z", "why": "seeds_failed", "lists": []}
    ((_, said),) = unjudged(archive.conn)
    assert said.en == (
        "newsroom: 1 articles, newsroom-1 among them, have not answered, the first since 2026-11-26T12:00:00Z, while a "
        "list could not be read: they will be visited again"
    )
