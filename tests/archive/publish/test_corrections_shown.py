"""Corrections on the site: ours stands beside what the page says, on its page, in JSON, in events and feeds."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from datasette.app import Datasette
from support.archiving import NOON, crawl, page
from support.small_site import get, served, text
from support.tables import every_row

from archive import open_archive
from archive.judging import Acting, correct, undo

HOSTILE = '"><script>alert("改革")</script>'
FORMULA = '=cmd|"/C calc"!A1'
EDITORS = Acting("编辑部", "misread", "内部核对：见纸质版")
DATED = {1: page(1), 2: page(2), 3: page(3)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    """Of article 1 several properties are corrected, of article 2 by hostile texts, of article 3 nothing any more."""
    with closing(open_archive(tmp_path_factory.mktemp("home"))) as archive:
        crawl(archive, NOON, DATED)

        def given(number: int, name: str, *said: str) -> str:
            return correct(archive, f"newsroom-{number}", name, said, EDITORS, lambda: NOON + timedelta(days=1))

        given(1, "speaker", "林知远")
        given(1, "date_published", "2024-05-01")
        given(1, "keywords", "江海", "长江口")
        given(1, "standfirst", "一段提要。")
        given(1, "standfirst", "")
        for name in ("headline", "kicker", "speaker", "article_section", "source_line", "standfirst"):
            given(2, name, HOSTILE)
        given(2, "authors", FORMULA, HOSTILE)
        undo(archive, given(3, "speaker", "周牧"), EDITORS, lambda: NOON + timedelta(days=2))
        home = archive.home
    with served(home) as there:
        yield there


@every_row(
    ("ui", "line"),
    [
        ("zh", "本站更正 主讲：林知远 · 原网页：无 编辑部 · 2026-11-26 20:00 · 原因：misread"),
        ("zh", "发布时间：2024-05-01 · 原网页：2024-04-13 23:01 编辑部 ·"),
        ("zh", "关键词：江海、长江口 · 原网页：无 "),
        ("zh", "提要：无 · 原网页：无 "),
        ("en", "Our corrections Speaker: 林知远 · the page says: nothing 编辑部 · 2026-11-26 20:00 · reason: misread"),
    ],
)
def test_the_page_shows_ours_beside_what_the_site_says(site: Datasette, ui: str, line: str) -> None:
    shown = text(get(site, f"/a/newsroom-1?ui={ui}"))
    assert "".join(line.split()) in "".join(shown.split())


def test_a_version_has_the_corrections_too_and_an_undone_one_is_nowhere(site: Datasette) -> None:
    (version,) = get(site, "/a/newsroom-1.json").json()["versions"]
    permalink = f"/a/newsroom-1/v/{version['content_digest'][7:19]}"
    assert "林知远" in get(site, permalink).text
    assert get(site, f"{permalink}.json").json()["corrections"] == get(site, "/a/newsroom-1.json").json()["corrections"]
    assert "周牧" not in get(site, "/a/newsroom-3").text
    assert get(site, "/a/newsroom-3.json").json()["corrections"] == []


def test_the_json_has_each_correction_and_the_properties_of_the_site(site: Datasette) -> None:
    found = get(site, "/a/newsroom-1.json").json()
    assert [(each["property"], each["value"], each["by"]) for each in found["corrections"]] == [
        ("speaker", "林知远", "编辑部"),
        ("date_published", "2024-05-01", "编辑部"),
        ("keywords", ["江海", "长江口"], "编辑部"),
        ("standfirst", None, "编辑部"),
    ]
    assert (found["speaker"], found["date_published"], found["keywords"]) == (None, "2024-04-13T23:01:01+08:00", [])
    assert len(found["versions"]) == 1


def test_citations_and_lists_keep_the_words_of_the_site(site: Datasette) -> None:
    (version,) = get(site, "/a/newsroom-1.json").json()["versions"]
    for ending in ("bib", "ris", "csl.json"):
        cited = get(site, f"/a/newsroom-1/v/{version['content_digest'][7:19]}.{ending}").text
        assert ("林知远" in cited, "2024" in cited, "江海" in cited) == (False, True, False)
    shown = get(site, "/a/newsroom-1").text
    (embedded,) = [part.partition("</script>")[0] for part in shown.split('<script type="application/ld+json">')[1:]]
    assert "林知远" not in embedded
    assert "林知远" not in get(site, "/browse/people").text


def test_an_event_says_what_was_corrected_by_whom_and_not_to_what(site: Datasette) -> None:
    shown = text(get(site, "/changes?kind=corrected&ui=zh"))
    assert "更正项目：主讲。处理人：编辑部，原因：misread。" in shown
    assert "Speaker. By 编辑部; reason: misread." in text(get(site, "/changes?kind=corrected&ui=en"))
    feed = get(site, "/changes.feed.json?kind=corrected&ui=zh").json()["items"]
    assert {item["title"] for item in feed} >= {"更正：第1篇文章谈一体化"}
    assert any("更正项目：关键词。" in item["content_html"] for item in feed)
    everything = get(site, "/changes.atom?kind=corrected").text + shown + json.dumps(feed, ensure_ascii=False)
    assert [word for word in ("林知远", "长江口", "内部核对", "script>alert") if word in everything] == []


def test_search_finds_both_and_says_where(site: Datasette) -> None:
    shown = text(get(site, "/search?q=林知远&ui=zh"))
    assert "仅见于本站更正的主讲： 林知远" in shown
    (hit,) = get(site, "/search.json?q=一体化 长江口").json()["hits"]
    assert hit["key"] == "newsroom-1"
    assert hit["matched"] == [{"property": "keywords", "text": "长江口", "ours": True}]


@every_row(
    "path",
    [
        "/a/newsroom-2", "/a/newsroom-2?ui=en", "/search?q=alert", "/search?q=calc", "/changes?kind=corrected",
        "/changes.atom?kind=corrected", "/archive/corrections", "/archive/acts",
    ],
)  # fmt: skip
def test_hostile_values_stay_text(site: Datasette, path: str) -> None:
    answer = get(site, path)
    assert (answer.status_code, "<script>alert" in answer.text) == (200, False)


def test_a_hostile_value_is_no_formula_in_a_table_of_cells(site: Datasette) -> None:
    sheet = get(site, "/archive/corrections.csv?_size=max").text
    assert "calc" in sheet
    assert [line for line in sheet.splitlines() for cell in line.split(",") if cell.startswith(("=cmd", '"=cmd'))] == []


def test_words_of_ours_take_no_event_out_of_a_list(site: Datasette) -> None:
    found = get(site, "/search/changes.json?q=-江海&kind=new").json()["events"]
    assert sorted(event["key"] for event in found) == ["newsroom-1", "newsroom-2", "newsroom-3"]
