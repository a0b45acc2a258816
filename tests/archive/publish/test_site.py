"""The site as its readers, their browsers and their scripts meet it."""

import asyncio
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pytest
from datasette.app import Datasette
from support.small_archive import EDITED, TALK, build, digest_of
from support.small_site import get, small_site, text
from support.tables import every_row

from archive.publish.article.body_blocks import blocks
from archive.publish.formatting import filters
from archive.publish.lists import changes_page, landing_page
from archive.publish.serving import site
from archive.schema import queries
from parsers.article import to_json

DIGESTS = [digest_of(article).removeprefix("sha256:")[:12] for article in (TALK, EDITED)]


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as served:
        yield served


PAGES = [
    ("/", "把小事办 好 实 ，城市才有温度 2024-04-17 09:00"),
    ("/?before=2024-04-13T21:01:00Z,4", "把小事办实，城市才有温度"),
    ("/a/newsroom-1", "主讲、作者 林知远 栏目 思想者 稿件来源 解放日报 发布时间 2024-04-14 05:01"),
    ("/a/newsroom-1?ui=en", "Speaker, Authors 林知远 Column 思想者 Credit 解放日报 Published 2024-04-14 05:01"),
    ("/a/newsroom-2", "Governance begins at the door."),
    ("/a/newsroom-4", "已消失 最后见于 2024-04-16 09:00 ，首次缺失 2024-04-19 09:00"),
    (f"/a/newsroom-1/v/{DIGESTS[0]}", "这是第 1 版（共 2 版）"),
    ("/a/newsroom-1/diff/1..2", "第 1 版与第 2 版对比"),
    (f"/a/newsroom-1/diff/{DIGESTS[0]}..{DIGESTS[1]}", "第 1 版与第 2 版对比"),
    ("/a/newsroom-1/diff/2..2", "两个版本没有差别。"),
    ("/search", "汉字逐字匹配"),
    ("/search?q=治理", "找到 2 篇"),
    ("/search?q=治理&limit=1", "找到 2 篇，显示前 1 篇"),
    ("/search?q=小事办好&ever=1", "找到 1 篇"),
    ("/search?q=小事办好&gone=1", "把小事办实，城市才有温度"),
    ("/search?q=城市火箭", "没有文章含有这些词。"),
    ('/search?q="', "没有文章含有这些词。"),
    ("/changes", "标题 把小事办 好 实"),
    ("/changes?all=1", "新增"),
    ("/removed", "一篇不见了的文章"),
    ("/status", "正常 最近采集 采集正常结束 2024-04-19 09:00"),
    ("/status?ui=en", "OK Last crawls the last crawl ended well 2024-04-19 09:00"),
    ("/archive", "哪些文章含有这些词？"),
    ("/archive/articles/1", "把小事办实，城市才有温度"),
]


@every_row(("path", "expected"), PAGES)
def test_each_page_shows_its_expected_text(datasette: Datasette, path: str, expected: str) -> None:
    response = get(datasette, path)
    assert response.status_code == 200
    assert expected in text(response)


@every_row("path", [path for path, _ in PAGES])
def test_a_page_is_below_100_kb_and_loads_nothing_from_other_hosts(datasette: Datasette, path: str) -> None:
    response = get(datasette, path)
    assert len(response.content) < 100_000
    loaded = re.findall(r"<(?:link|script|img)\b[^>]*(?:href|src)=\"([^\"]*)\"", response.text)
    assert [url for url in loaded if not url.startswith(("/", "data:", "http://localhost/"))] == []


@every_row(
    ("path", "status", "expected"),
    [
        ("/a/nothing", 404, "nothing"),
        ("/a/newsroom-1/v/9", 404, "9"),
        ("/a/newsroom-1/v/0123456789ab", 404, "0123456789ab"),
        ("/a/newsroom-1/diff/1..9", 404, "9"),
        ("/a/newsroom-5", 410, "已停止公开"),
        ("/a/newsroom-5/v/1", 410, "已停止公开"),
        ("/a/newsroom-5/diff/1..1", 410, "已停止公开"),
    ],
)
def test_missing_pages_return_404_and_withdrawn_articles_return_410(
    datasette: Datasette, path: str, status: int, expected: str
) -> None:
    response = get(datasette, path)
    assert (response.status_code, expected in text(response)) == (status, True)
    assert "不应再被看见的文字" not in response.text


def test_a_version_number_leads_to_its_permalink(datasette: Datasette) -> None:
    response = get(datasette, "/a/newsroom-1/v/2")
    assert (response.status_code, response.headers["location"]) == (302, f"/a/newsroom-1/v/{DIGESTS[1]}")


def test_a_version_shows_its_own_text(datasette: Datasette) -> None:
    assert "把小事办好" in get(datasette, f"/a/newsroom-1/v/{DIGESTS[0]}").text
    assert "把小事办好" not in get(datasette, f"/a/newsroom-1/v/{DIGESTS[1]}").text


def test_a_comparison_marks_the_edited_characters_and_folds_the_rest(datasette: Datasette) -> None:
    page = get(datasette, "/a/newsroom-1/diff/1..2").text
    assert '把小事办<span class="mark" id="c1"><del>好</del><ins>实</ins></span>，城市才有温度' in page
    assert '也讲数<span class="mark" id="c2"><del>字</del><ins>据</ins></span>怎样' in page
    assert page.count("<ins>") == page.count("<del>") == 3  # the legend, the headline, the body
    assert "标题改动 1 处：删 1 字，增 1 字；正文改动 1 处：删 1 字，增 1 字" in page
    assert page.count(" 字未变</summary>") == 2


def test_headings_stand_where_the_page_had_them(datasette: Datasette) -> None:
    kinds = "".join(block.kind[0] for block in blocks(to_json(TALK)))
    assert kinds == "pphppppphppppp"
    assert text(get(datasette, "/a/newsroom-1")).index("第2段") < text(get(datasette, "/a/newsroom-1")).index(
        "清单从哪里来"
    )


def test_hits_are_marked_where_they_stand(datasette: Datasette) -> None:
    assert "城市<mark>治理</mark>如何" in get(datasette, "/search?q=治理").text


@every_row("term", ["治理", "改", "基层减负", "governance", "gov*", "林知远", "第3段"])
def test_datasettes_own_search_finds_the_same_articles_as_a_scan(datasette: Datasette, term: str) -> None:
    found = get(datasette, "/archive/articles.json", params={"_search": term, "_shape": "array"}).json()
    ours = get(datasette, "/archive.json", params={"sql": _SCAN, "q": term, "_shape": "array"}).json()
    assert {row["key"] for row in found} == {row["key"] for row in ours} != set()


_SCAN = """
    select key from articles a
     where state <> 'withdrawn'
       and zh_scan(headline || '。' || coalesce(alternative_headline, '') || '。' || body_text || '。'
                   || coalesce(speaker, '') || '。'
                   || coalesce((select group_concat(k.name, '。') from article_keywords ak
                                  join keywords k on k.id = ak.keyword_id where ak.article_id = a.id), ''), :q)
"""


@every_row("name", sorted(queries.QUERIES))
def test_every_question_has_an_answer(datasette: Datasette, name: str) -> None:
    given = {"q": "治理", "year": "2024", "month": "2024-04", "day": "2024-04-14", "column": "思想者",
             "keyword": "城市治理", "phrase": "治理", "tag_a": "城市治理",
             "tag_b": "基层减负", "_shape": "array"}  # fmt: skip
    response = get(datasette, f"/archive/{name}.json", params=given)
    assert response.status_code == 200
    assert response.json() or name in ("unparsed", "missed_slots", "unvisited")


def test_a_page_that_did_not_change_is_not_sent_again(datasette: Datasette) -> None:
    first = get(datasette, "/a/newsroom-1")
    again = get(datasette, "/a/newsroom-1", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = get(datasette, "/a/newsroom-1?ui=en", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


@every_row(
    ("path", "headers", "lang"),
    [
        ("/", {}, "zh-Hans"),
        ("/", {"accept-language": "en-GB,en;q=0.9,zh;q=0.5"}, "en"),
        ("/", {"accept-language": "fr,zh-CN"}, "zh-Hans"),
        ("/", {"accept-language": "en", "cookie": "thinker_ui=zh"}, "zh-Hans"),
        ("/?ui=en", {"cookie": "thinker_ui=zh"}, "en"),
        ("/?ui=xx", {"cookie": "thinker_ui=yy"}, "zh-Hans"),
    ],
)
def test_the_interface_language_follows_the_address_then_the_cookie_then_the_browser(
    datasette: Datasette, path: str, headers: dict[str, str], lang: str
) -> None:
    assert f'<html lang="{lang}">' in get(datasette, path, headers=headers).text


def test_the_language_of_the_interface_is_remembered_and_that_of_a_text_is_its_own(datasette: Datasette) -> None:
    page = get(datasette, "/a/newsroom-1?ui=en")
    assert "thinker_ui=en" in page.headers["set-cookie"]
    assert '<html lang="en">' in page.text
    assert '<article lang="zh-Hans">' in page.text
    assert "set-cookie" not in get(datasette, "/a/newsroom-1").headers
    english = get(datasette, "/a/newsroom-2").text
    assert '<article lang="en">' in english
    assert '<span lang="zh-Hans">改革</span> in small steps' in english


def test_the_chinese_cells_of_an_english_table_are_in_chinese(datasette: Datasette) -> None:
    page = get(datasette, "/archive/articles?ui=en").text
    assert '<html lang="en">' in page
    assert '<span lang="zh-Hans">把小事办实，城市才有温度</span>' in page


def test_switching_the_language_keeps_the_page(datasette: Datasette) -> None:
    assert 'href="?q=%E6%B2%BB%E7%90%86&amp;ui=en"' in get(datasette, "/search?q=治理").text


def test_paging_goes_through_every_article_once(datasette: Datasette) -> None:
    def rest(before: str | None) -> list[str]:
        rows = asyncio.run(
            datasette.get_database("archive").execute_fn(lambda conn: landing_page.latest(conn, before, 1))
        )
        return [rows[0]["key"], *rest(f"{rows[0]['date_published_utc'] or ''},{rows[0]['id']}")] if rows else []

    assert rest(None) == ["newsroom-2", "newsroom-4", "newsroom-1", "newsroom-3"]


@every_row(
    ("moment", "precision", "expected"),
    [
        ("2024-04-13T23:01:00+08:00", "minute", "2024-04-13 23:01"),
        ("2024-04-13T15:01:00Z", None, "2024-04-13 23:01"),
        ("2024-04-13T16:30:00Z", None, "2024-04-14 00:30"),
        ("2024-04-13T00:00:00+08:00", "day", "2024-04-13"),
        ("2024-04-13", None, "2024-04-13"),
        (None, None, ""),
    ],
)
def test_moments_are_shown_in_beijing_time_and_days_without_a_clock(
    moment: str | None, precision: str | None, expected: str
) -> None:
    assert filters.beijing(moment, precision) == expected


@pytest.mark.parametrize(("every", "kinds"), [
    (False, ["removed", "edited"]),
    (True, ["removed", "edited", "withdrawn", "new", "new", "new", "new"]),  # a page of its own, with nothing in it
])  # fmt: skip
def test_paging_goes_through_every_event_once(
    datasette: Datasette, monkeypatch: pytest.MonkeyPatch, every: bool, kinds: list[str]
) -> None:
    monkeypatch.setattr(changes_page, "EVENTS_PER_PAGE", 1)
    asked, found = {"all": "1" if every else "0"}, []
    while "before" not in asked or asked["before"]:
        page = get(datasette, "/changes.json", params=asked).json()
        found += [row["kind"] for row in page["events"]] or ["withdrawn"]
        asked["before"] = page["older"]
    assert found == kinds


def test_a_gap_says_how_many_slots_and_between_which_moments(tmp_path: Path) -> None:
    home = build(tmp_path)
    with closing(sqlite3.connect(home.database)) as conn, conn:
        conn.execute(
            """
            insert into events (at, recorded_at, source, kind, detail, digest)
            values ('2024-04-20T01:00:00Z', '2024-04-20T01:00:00Z', 'newsroom', 'gap', ?, 'sha256:gap')
            """,
            (json.dumps({"from": "2024-04-19T01:00:00Z", "to": "2024-04-20T01:00:00Z", "slots": 24}),),
        )
    served = site(home, hosts=["archive.example"])
    asyncio.run(served.invoke_startup())
    shown_text = text(get(served, "/changes?ui=en"))
    for database in served.databases.values():
        database.close()
    assert "No successful crawl in 24 slots: 2024-04-19 09:00 – 2024-04-20 09:00" in shown_text


def test_the_icon_of_a_page_comes_from_the_site_and_draws_shapes_alone(datasette: Datasette) -> None:
    (address,) = re.findall(r'<link rel="icon" type="image/svg\+xml" href="([^"]+)">', get(datasette, "/").text)
    icon = get(datasette, address)
    assert (address.partition("?")[0], icon.headers["content-type"]) == ("/icon.svg", "image/svg+xml")
    assert icon.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert {node.tag.partition("}")[2] for node in ElementTree.fromstring(icon.text).iter()} == {"svg", "rect", "path"}
