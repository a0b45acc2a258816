"""A redesign is no edit: a page whose layout and text change together makes an alarm at once and no revision."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, Reads, crawl, dump, fetched, rows
from support.redesigns import article, redesigned
from support.tables import every_row

from archive import Archive, open_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.readings import UnreadPage
from archive.replaying.rebuild import rebuild_database
from parsers.scaffold.shape import likeness, shape_of

DAY = timedelta(days=1)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = open_archive(tmp_path)
    yield opened
    opened.close()


def events(archive: Archive) -> dict[str, int]:
    """The number of recorded events by kind, arrivals left out."""
    sql = "select kind, count(*) from events where kind <> 'new' group by 1"
    return {str(kind): int(str(count)) for kind, count in rows(archive, sql)}


def told(archive: Archive) -> dict[str, object]:
    return dict(json.loads(str(rows(archive, "select detail from events where kind = 'drift' order by id desc")[0][0])))


def revisions(archive: Archive, key: str = "") -> list[tuple[object, ...]]:
    return rows(archive, "select revisions, count(*) from articles group by 1")


def test_pages_whose_text_and_layout_both_change_wait_and_cause_a_drift_event(archive: Archive) -> None:
    crawl(archive, NOON, {n: article(n) for n in range(1, 11)})
    summary, outcomes = crawl(archive, NOON + DAY, {n: redesigned(n, "别的一段话。") for n in range(1, 11)})
    assert {outcome.kind for outcome in outcomes} == {"layout"}
    assert (summary.new_revisions, summary.errors) == (0, 10)
    assert events(archive) == {"drift": 1}
    found = told(archive)
    assert (found["other_layout"], found["waiting"], "lost" in found) == (10, 10, False)
    assert rows(archive, "select distinct state, revisions from articles") == [("live", 1)]
    waiting = rows(archive, "select distinct verdict, parse_error from captures where parse_error is not null")
    assert waiting == [("layout", "the text differs and so does the layout: no proof of an edit")]


def test_an_edit_is_an_edit_whether_one_or_all_of_a_site(archive: Archive) -> None:
    crawl(archive, NOON, {n: article(n) for n in range(1, 11)})
    edited = {n: article(n, "结尾多了一段，说明后来的事。") for n in range(1, 11)}
    edited[1] = edited[1].replace(b"<p ", b'<p class="MsoNormal"><span id="x" class="correction"></span></p><p ', 1)
    assert crawl(archive, NOON + DAY, edited)[0].new_revisions == 10
    assert events(archive) == {"edited": 10}


def test_changes_of_pages_with_few_layout_marks_are_edits(archive: Archive) -> None:
    plain = {n: article(n).replace(b"class=", b"data-x=") for n in range(1, 6)}
    crawl(archive, NOON, plain)
    crawl(archive, NOON + DAY, {n: redesigned(n, "多了一段。") for n in range(1, 6)})
    assert events(archive) == {"edited": 5}


def test_a_single_page_in_another_layout_is_an_edit_once_the_crawl_is_over(archive: Archive) -> None:
    """A maintenance page, say, that stood in the article's place when it was first seen."""
    crawl(archive, NOON, {n: article(n) for n in range(1, 21)})
    answers = {n: article(n, note="again") for n in range(2, 21)} | {1: redesigned(1, "别的一段话。")}
    summary, _ = crawl(archive, NOON + DAY, answers)
    assert (summary.new_revisions, summary.errors) == (1, 0)
    assert events(archive) == {"edited": 1}
    assert rows(archive, "select count(*) from captures where verdict <> 'article'") == [(0,)]


def test_edits_made_together_with_a_redesign_that_is_read_well_are_edits(archive: Archive) -> None:
    crawl(archive, NOON, {n: redesigned(n) for n in range(1, 41)})
    answers = {n: article(n, *("改了一句。",) * (n <= 4)) for n in range(1, 41)}
    summary, _ = crawl(archive, NOON + DAY, answers)
    assert summary.new_revisions == 4
    assert events(archive) == {"drift": 1, "edited": 4}
    found = told(archive)
    assert (found["other_layout"], found["waiting"]) == (36, 0)
    crawl(archive, NOON + 2 * DAY, {n: payload + b"<!-- -->" for n, payload in answers.items()})
    assert events(archive) == {"drift": 1, "edited": 4}  # the new layout is what the next crawl expects


def test_an_edit_after_a_redesign_is_recorded_though_the_page_waited(archive: Archive) -> None:
    crawl(archive, NOON, {n: article(n) for n in range(1, 6)})
    waiting = {n: redesigned(n, "收藏本文，分享给朋友。") for n in range(1, 6)}
    crawl(archive, NOON + DAY, waiting)
    same = {n: payload + b"<!-- again -->" for n, payload in waiting.items()}
    _, outcomes = crawl(archive, NOON + 2 * DAY, same | {5: redesigned(5, "收藏本文，分享给朋友。", "真的改了一段。")})
    assert [outcome.kind for outcome in outcomes] == ["layout"] * 4 + ["edited"]


def test_a_page_that_waits_is_there(archive: Archive) -> None:
    """404, then 200 in a new layout, then 404 is one miss, not two; and the same bytes again are a sight."""
    crawl(archive, NOON, {n: article(n) for n in range(1, 11)})
    crawl(archive, NOON + DAY, {n: article(n) for n in range(2, 11)} | {1: 404})
    crawl(archive, NOON + 2 * DAY, {n: redesigned(n, "收藏本文。") for n in range(1, 11)})
    crawl(archive, NOON + 3 * DAY, {n: redesigned(n, "收藏本文。") for n in range(2, 11)} | {1: 404})
    assert rows(archive, "select state, count(*) from articles group by 1") == [("live", 9), ("soft_gone", 1)]


def test_the_alarm_counts_pages_whose_bytes_came_again(archive: Archive) -> None:
    crawl(archive, NOON, {n: article(n) for n in range(1, 41)})
    shell = b"<!doctype html><html><head><title>x</title></head><body><div id=app></div></body></html>"
    crawl(archive, NOON + DAY, {n: article(n) for n in range(4, 41)} | dict.fromkeys(range(1, 4), shell))
    assert events(archive) == {}
    crawl(archive, NOON + 2 * DAY, dict.fromkeys(range(1, 41), shell))
    assert events(archive) == {"drift": 1}


def test_a_property_that_most_pages_lose_is_named_in_the_drift_event(archive: Archive) -> None:
    source = "</h1><p>来源：江海观察</p>".encode()
    crawl(archive, NOON, {n: article(n).replace(b"</h1>", source) for n in range(1, 31)})
    crawl(archive, NOON + DAY, {n: article(n) for n in range(101, 131)})
    assert told(archive)["lost"] == [{"name": "source_line", "before": 100, "now": 0}]
    sql = "select pages, filled from field_coverage where property = 'source_line' order by crawl_id"
    assert rows(archive, sql) == [(30, 30), (30, 0)]


def test_a_damaged_record_does_not_keep_an_edit_from_being_read(archive: Archive) -> None:
    crawl(archive, NOON, {1: article(1), 2: article(2)})
    name, offset, length = rows(
        archive, "select warc_file, warc_offset, warc_length from captures order by id limit 1"
    )[0]
    path = archive.home.captures / str(name)
    raw = bytearray(path.read_bytes())
    raw[int(str(offset)) + int(str(length)) // 2] ^= 4
    path.write_bytes(raw)
    assert crawl(archive, NOON + DAY, {1: article(1, "多了一段。"), 2: article(2)})[0].new_revisions == 1


def test_a_capture_that_the_parser_failed_on_is_read_when_it_comes_again(archive: Archive) -> None:
    with CrawlIngest(
        archive, SOURCE, Reads(lambda _: UnreadPage("crashed", "the parser failed: it died of the page, twice"))
    ) as ingest:
        ingest.begin_crawl(NOON)
        ingest.add(fetched(1, article(1), NOON))
        ingest.finish("finished", 1, 0, NOON)
    summary, _ = crawl(archive, NOON + DAY, {1: article(1)})
    assert (summary.revisits, summary.new_articles) == (1, 1)
    assert rows(archive, "select count(*) from revision_captures") == [(2,)]


def test_drift_and_field_coverage_are_rebuilt(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    crawl(archive, NOON, {n: article(n) for n in range(1, 6)})
    crawl(archive, NOON + DAY, {n: redesigned(n, "别的一段话。") for n in range(1, 6)})
    crawl(archive, NOON + 2 * DAY, {n: redesigned(n, "别的一段话。", "又一段。") for n in range(1, 3)})
    known = dump(archive)
    archive.close()
    rebuild_database(tmp_path, NOON + 3 * DAY)
    archive = open_archive(tmp_path)
    assert dump(archive) == known
    archive.close()


@every_row(
    ("before", "after", "alike"),
    [
        (article(1), article(1, "一段。"), 1.0),
        (article(1), article(99).replace(b'class="more"', b"").replace(b"<p ", b'<p id="ad-7" ', 1), 1.0),
        (article(1), redesigned(1), 0.0),
        (b"<p class=a>", redesigned(1), None),
        (b'{"success": true, "object": {"id": 1, "title": ""}}', b'{"data": []}', None),
        (b"", b"", None),
    ],
)
def test_likeness_is_that_of_the_scaffolding(before: bytes, after: bytes, alike: float | None) -> None:
    assert likeness(shape_of(before), shape_of(after)) == alike
