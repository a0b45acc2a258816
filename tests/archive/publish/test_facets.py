"""Several values of a facet find the articles that have one of them, and several facets those that pass each."""

import csv
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from html import unescape
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from datasette.app import Datasette
from support.small_archive import TALK, add_versions, build
from support.small_site import get, served, text
from support.tables import every_row

from archive.publish.formatting.csv_cells import BYTE_ORDER_MARK
from archive.search import narrowing

# Each has 港口 in its text: number, source, column, tags, speaker, year, state, language.
ARTICLES: list[tuple[str, str, str, tuple[str, ...], str | None, str | None, str, str | None]] = [
    ("p1", "harbour", "潮汐", ("码头", "灯塔"), "沈青禾", "2024", "live", "zh-Hans"),
    ("p2", "harbour", "潮汐", ("码头",), "罗望舒", "2025", "removed", "zh-Hans"),
    ("p3", "canal", "船闸", ("灯塔",), "沈青禾", "2025", "live", "zh-Hant"),
    ("p4", "canal", "a&b", ("渔火", '号"角'), None, "2026", "redirected", "en"),
    ("p5", "river", " 两端 ", (" 两端 ", "a,b"), "罗望舒", None, "live", None),
    ("p6", "river", "潮汐", (), "", "2024", "soft_gone", "en-GB"),
]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    home = build(tmp_path_factory.mktemp("port"))
    for number, _, column, tags, speaker, year, _, language in ARTICLES:
        at = datetime.fromisoformat(f"{year}-05-0{number[1]}T09:00:00+08:00") if year else None
        article = replace(
            TALK, identity=number, headline=f"港口{number}", article_section=column, keywords=tags, speaker=speaker,
            date_published=at, in_language=language, paragraphs=("港口的一天。",), headings=(), heading_positions=(),
        )  # fmt: skip
        add_versions(home, article)
    with closing(sqlite3.connect(home.database)) as conn, conn:
        for name in ("harbour", "canal", "river"):
            conn.execute("insert into sources (name, publisher) values (?, ?)", (name, f"{name}报" * (name != "canal")))
        conn.executemany(
            "update articles set source = ?, state = ? where key = ?",
            [(source, state, f"newsroom-{number}") for number, source, *_, state, _ in ARTICLES],
        )
    with served(home) as there:
        yield there


def found(site: Datasette, query: str) -> dict[str, Any]:
    data: dict[str, Any] = get(site, f"/search.json?q=港口{query and '&'}{query}").json()
    return data


def numbers(data: dict[str, Any]) -> list[str]:
    return sorted(hit["key"].removeprefix("newsroom-") for hit in data["hits"])


CHOICES = [
    ("", ["p1", "p2", "p3", "p4", "p5", "p6"]),
    ("tag=码头&tag=渔火", ["p1", "p2", "p4"]),
    ("tag=码头&tag=灯塔", ["p1", "p2", "p3"]),  # p1 has both, and stands there once
    ("source=harbour&source=canal", ["p1", "p2", "p3", "p4"]),
    ("source=harbour&source=canal&tag=灯塔", ["p1", "p3"]),
    ("source=harbour&source=canal&tag=灯塔&tag=渔火&state=live", ["p1", "p3"]),
    ("state=removed&state=redirected", ["p2", "p4"]),
    ("state=soft_gone", ["p6"]),
    ("language=en", ["p4"]),
    ("language=en&language=zh-Hant", ["p3", "p4"]),
    ("year=2024&year=2025", ["p1", "p2", "p3", "p6"]),
    ("year=2024&year=2025&since=2025-01-01", ["p2", "p3"]),
    ("speaker=沈青禾&speaker=罗望舒&column=潮汐", ["p1", "p2"]),
    ("column=a%26b", ["p4"]),
    ("column=a%26b&column=%20两端%20", ["p4", "p5"]),
    ("tag=%20两端%20", ["p5"]),
    ("tag=a,b&tag=号%22角", ["p4", "p5"]),
    ("tag=两端", []),
    ("tag=码头&tag=码头&tag=", ["p1", "p2"]),
    ("source=nowhere", []),
    ("source=nowhere&source=river", ["p5", "p6"]),
    ("language=tlh", []),
    ("tag=%27%20or%201=1%20--", []),
    ("tag=码头&language=en", []),
]  # fmt: skip


@every_row(("query", "hits"), CHOICES)
def test_page_json_csv_feed_and_sql_give_the_articles_of_the_choices(
    port: Datasette, query: str, hits: list[str]
) -> None:
    data = found(port, query)
    assert (numbers(data), data["total"]) == (hits, len(hits))
    in_order = [hit["key"] for hit in data["hits"]]
    page = get(port, f"/search?q=港口&{query}").text
    assert re.findall(r'<a class="headline" href="/a/([^"#]*)', page) == in_order
    sheet = get(port, f"/search.csv?q=港口&{query}").text.removeprefix(BYTE_ORDER_MARK)
    assert [row["key"] for row in csv.DictReader(StringIO(sheet))] == in_order
    feed = get(port, f"/search.feed.json?q=港口&{query}").json()
    assert [item["url"].rpartition("/")[2] for item in feed["items"]] == in_order
    asked = {"sql": data["sql"]["query"], **data["sql"]["parameters"], "_shape": "array"}
    assert [row["key"] for row in get(port, "/archive.json", params=asked).json()] == in_order


def counts(data: dict[str, Any], facet: str) -> dict[str, int]:
    return {each["value"]: each["count"] for each in data["facets"][facet]}


def test_the_values_of_a_facet_are_counted_under_the_choices_of_the_others(port: Datasette) -> None:
    data = found(port, "source=harbour&source=canal&tag=灯塔")
    assert {facet: counts(data, facet) for facet in data["facets"]} == {
        "source": {"harbour": 1, "canal": 1},
        "column": {"潮汐": 1, "船闸": 1},
        "tag": {"灯塔": 2, "码头": 2, "渔火": 1, '号"角': 1},
        "speaker": {"沈青禾": 2},
        "year": {"2024": 1, "2025": 1},
        "state": {"live": 2},
        "language": {"zh-Hans": 1, "zh-Hant": 1},
    }
    assert data["facets"]["tag"][0] == {"value": "灯塔", "count": 2, "selected": True}
    assert data["facet_values"]["tag"] == 4


def test_a_chosen_value_without_hits_is_counted_as_zero(port: Datasette) -> None:
    assert counts(found(port, "source=nowhere&source=river"), "source") == {
        "nowhere": 0, "river": 2, "canal": 2, "harbour": 2,
    }  # fmt: skip


def test_months_are_covered_by_the_articles_of_the_chosen_sources(port: Datasette) -> None:
    covered = [
        {each["month"]: each["covered"] for each in found(port, query)["months"]}
        for query in ("", "source=harbour", "source=harbour&source=canal", "source=river&year=2025&year=2024")
    ]
    assert covered == [
        {"2024-05": 2, "2025-05": 2, "2026-05": 1},
        {"2024-05": 1, "2025-05": 1},
        {"2024-05": 1, "2025-05": 2, "2026-05": 1},
        {"2024-05": 1},
    ]


def links(part: str) -> dict[str, dict[str, list[str]]]:
    """The parameters to which the links of a part of a page lead, by their words."""
    found = re.findall(r'<a [^>]*?href="\?([^"]*)"[^>]*>(.*?)</a>', part, re.DOTALL)
    return {
        " ".join(re.sub("<[^>]*>", "", said).split()): parse_qs(urlsplit(f"?{unescape(query)}").query)
        for query, said in found
    }


def test_each_chip_drops_its_value_and_each_value_of_a_facet_is_chosen_or_dropped(port: Datasette) -> None:
    page = get(port, "/search?q=港口&tag=码头&tag=号%22角&state=removed&state=redirected&limit=40").text
    chips = links(page.partition('<p class="chips">')[2].partition("</p>")[0])
    both, states = ["码头", '号"角'], ["removed", "redirected"]
    assert chips == {
        "去掉 标签 码头 ×": {"q": ["港口"], "tag": ['号"角'], "state": states},
        "去掉 标签 号&#34;角 ×": {"q": ["港口"], "tag": ["码头"], "state": states},
        "去掉 状态 已消失 ×": {"q": ["港口"], "tag": both, "state": ["redirected"]},
        "去掉 状态 已跳转 ×": {"q": ["港口"], "tag": both, "state": ["removed"]},
        "全部取消": {"q": ["港口"], "limit": ["40"]},
    }
    facet = page.partition('id="facet-tag"')[2].partition("</section>")[0]
    assert links(facet) == {
        "码头": {"q": ["港口"], "tag": ['号"角'], "state": states},
        "号&#34;角": {"q": ["港口"], "tag": ["码头"], "state": states},
        "渔火": {"q": ["港口"], "tag": [*both, "渔火"], "state": states},
    }
    assert facet.count('aria-current="true"') == 2
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    assert kept == [("tag", "码头"), ("tag", "号&#34;角"), ("state", "removed"), ("state", "redirected")]


def test_two_chosen_tags_say_how_to_find_articles_with_both(port: Datasette) -> None:
    said = "要同时有两个标签，请在搜索框中写“标签：甲 标签：乙”"
    asked = ("tag=码头", "tag=码头&tag=灯塔", "column=潮汐&column=船闸&tag=灯塔")
    assert [said in text(get(port, f"/search?q=港口&{each}")) for each in asked] == [False, True, False]
    both = get(port, "/search.json?q=港口 标签：码头 标签：灯塔").json()["hits"]
    assert [hit["key"] for hit in both] == ["newsroom-p1"]


@every_row(
    ("ui", "said"),
    [
        ("zh", {"状态 可正常打开 3", "状态 已消失 1", "语言 简体中文 2", "语言 英文 1", "语言 en-GB 1"}),
        ("en", {"State Online 3", "State Removed 1", "State Not confirmed 1", "Language Chinese (traditional) 1"}),
    ],
)  # fmt: skip
def test_states_and_languages_have_names_in_words(port: Datasette, ui: str, said: set[str]) -> None:
    page = get(port, f"/search?q=港口&ui={ui}").text
    shown = set()
    for facet in ("state", "language"):
        name, *values = re.split("<li>|</h2>", page.partition(f'id="facet-{facet}">')[2].partition("</section>")[0])
        shown |= {" ".join([name, *re.sub("<[^>]*>", " ", value).split()]) for value in values}
    assert said <= shown


def test_a_value_without_hits_still_has_its_chip(port: Datasette) -> None:
    page = get(port, "/search?q=港口&source=nowhere&language=tlh")
    assert "已筛选： 去掉 来源 nowhere × 去掉 语言 tlh × 全部取消" in text(page)
    assert "取消筛选可找到 6 篇" in text(page)


@every_row(
    ("query", "said"),
    [
        ("state=remove", "state=remove: not one of live, "),
        ("state=live&state=withdrawn", "state=withdrawn: not one of live, "),
        ("year=2024&year=24", "year=24: not a year like 2024"),
        ("source=x&" + "&".join(f"tag={n}" for n in range(20)), "21 filter values, at most 20 are allowed"),
        (f"tag={'甲' * 149}&column=乙丙", "the filter values take 1359 bytes of the address, at most 1350"),
    ],
)
def test_a_value_that_no_article_can_have_is_refused(port: Datasette, query: str, said: str) -> None:
    reply = get(port, f"/search.json?q=港口&{query}")
    assert (reply.status_code, said in reply.json()["error"]) == (400, True)


def test_tags_of_many_hits_are_counted_in_the_newest(port: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowing, "MAX_HITS_WITH_TAGS_COUNTED", 2)
    data = found(port, "limit=7")
    assert (data["tags_of"], counts(data, "tag")) == (2, {"渔火": 1, '号"角': 1, "灯塔": 1})
    assert "只统计最新的 2 篇" in text(get(port, "/search?q=港口&limit=8"))
    assert (found(port, "tag=码头")["total"], found(port, "since=2026-01-01")["tags_of"]) == (2, None)


def test_no_link_leads_to_more_values_than_may_be_chosen(port: Datasette) -> None:
    page = get(port, "/search?q=港口&source=river&" + "&".join(f"tag={n}" for n in ("码头", "灯塔", *range(17)))).text
    facet = page.partition('id="facet-tag"')[2].partition("</section>")[0]
    assert set(links(facet)) >= {"码头", "灯塔"}
    assert " 两端 " in facet
    assert "两端" not in links(facet)
