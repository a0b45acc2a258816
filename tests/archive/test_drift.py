"""A redesign is told from an edit: no revision from a page whose layout changed with its text, and an alarm at once."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from archiving import NOON, PARAGRAPHS, crawl, page, rows

from archive import Archive, open_archive
from archive.rebuild import rebuild

DAY = timedelta(days=1)


def redesigned(number: int, *more: str) -> bytes:
    """The same article in markup that shares no class with `page`."""
    lines = "".join(f'<p class="g-line">{line}</p>' for line in (*PARAGRAPHS, *more))
    return f"""<!doctype html><html lang="zh"><head><title>文章{number}</title></head><body class="v2">
<div id="shell" class="grid wide"><section class="card hero"><h1 class="g-title">文章{number}</h1>
<time class="g-when" datetime="2024-04-13T09:30:00+08:00">2024-04-13 09:30</time></section>
<section class="card prose">{lines}</section><aside class="card more"></aside></div></body></html>""".encode()


def before(number: int, *more: str) -> bytes:
    return page(number, f"文章{number}", paragraphs=(*PARAGRAPHS, *more))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = open_archive(tmp_path)
    yield opened
    opened.close()


def events(archive: Archive) -> list[tuple[object, ...]]:
    return rows(archive, "select kind, count(*) from events where kind <> 'new' group by 1 order by 1")


def test_a_redesign_that_changes_what_is_read_waits_and_is_told(archive: Archive) -> None:
    crawl(archive, NOON, {n: before(n) for n in range(1, 11)})
    summary, outcomes = crawl(archive, NOON + DAY, {n: redesigned(n, "分享到朋友圈，收藏本文。") for n in range(1, 11)})
    assert {outcome.kind for outcome in outcomes} == {"drift"}
    assert (summary.new_revisions, summary.errors) == (0, 10)
    assert events(archive) == [("drift", 1)]
    (detail,) = rows(archive, "select detail from events where kind = 'drift'")[0]
    told = json.loads(str(detail))
    assert (told["other_layout"], told["waiting"], told["lost"]) == (10, 10, [])
    assert rows(archive, "select distinct state, revisions from articles") == [("live", 1)]
    reasons = rows(archive, "select distinct parse_error from captures where parse_error is not null")
    assert reasons == [("the text differs and so does the layout: no proof of an edit",)]


def test_an_edit_is_an_edit_whether_one_or_all_of_a_site(archive: Archive) -> None:
    crawl(archive, NOON, {n: before(n) for n in range(1, 11)})
    summary, _ = crawl(archive, NOON + DAY, {n: before(n, "结尾多了一段，说明后来的事。") for n in range(1, 11)})
    assert summary.new_revisions == 10
    assert events(archive) == [("edited", 10)]


def test_one_page_in_another_layout_is_no_alarm(archive: Archive) -> None:
    crawl(archive, NOON, {n: before(n) for n in range(1, 21)})
    answers = {n: before(n, "多了一段。") for n in range(2, 21)} | {1: redesigned(1, "别的一段话。")}
    _, outcomes = crawl(archive, NOON + DAY, answers)
    assert outcomes[-1].kind == "drift"
    assert events(archive) == [("edited", 19)]


def test_a_redesign_that_is_read_as_well_as_before_is_told_without_a_revision(archive: Archive) -> None:
    crawl(archive, NOON, {n: redesigned(n) for n in range(1, 6)})
    other = {
        n: redesigned(n).replace(b"g-", b"z-").replace(b"card", b"tile").replace(b"v2", b"v3") for n in range(1, 6)
    }
    other = {n: payload.replace(b"grid wide", b"flow").replace(b"hero", b"top") for n, payload in other.items()}
    _, outcomes = crawl(archive, NOON + DAY, other)
    assert {outcome.kind for outcome in outcomes} == {"seen"}
    assert events(archive) == [("drift", 1)]
    crawl(archive, NOON + 2 * DAY, {n: payload + b"<!-- -->" for n, payload in other.items()})
    assert events(archive) == [("drift", 1)]  # the new layout is what the next crawl expects


def test_a_property_that_most_pages_lose_is_told(archive: Archive) -> None:
    with_source = {n: before(n).replace(b"</h1>", "</h1><p>来源：江海观察</p>".encode()) for n in range(1, 31)}
    crawl(archive, NOON, with_source)
    crawl(archive, NOON + DAY, {n: before(n) for n in range(101, 131)})
    (detail,) = rows(archive, "select detail from events where kind = 'drift'")[0]
    assert json.loads(str(detail))["lost"] == ["source_line 100% → 0%"]
    sql = "select pages, filled from field_coverage where property = 'source_line' order by crawl_id"
    assert rows(archive, sql) == [(30, 30), (30, 0)]


def test_known_articles_that_show_no_article_any_more_are_told(archive: Archive) -> None:
    crawl(archive, NOON, {n: before(n) for n in range(1, 6)})
    shell = b"<!doctype html><html><head><title>x</title></head><body><div id=app></div></body></html>"
    _, outcomes = crawl(archive, NOON + DAY, dict.fromkeys(range(1, 6), shell))
    assert {outcome.kind for outcome in outcomes} == {"not_article"}
    assert events(archive) == [("drift", 1)]


def test_drift_and_field_coverage_are_rebuilt(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    crawl(archive, NOON, {n: before(n) for n in range(1, 6)})
    crawl(archive, NOON + DAY, {n: redesigned(n, "别的一段话。") for n in range(1, 6)})
    sql = "select * from events order by id", "select * from field_coverage"
    known = [rows(archive, each) for each in sql]
    archive.close()
    rebuild(tmp_path)
    archive = open_archive(tmp_path)
    assert [rows(archive, each) for each in sql] == known
    archive.close()
