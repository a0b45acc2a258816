"""The front page: new articles, changed ones, gone ones, and links to go on."""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from sqlite_utils import Database
from support.small_archive import EDITED, ENGLISH, SOURCE, TALK, _add, _edit, _judge, build
from support.small_site import get, served, small_site, text
from support.tables import every_row

from archive import connect
from archive.files.home import Home
from archive.migrations import migrate
from archive.publish.lists import landing_chart, landing_page
from archive.publish.routes import FOOT, MENU
from archive.publish.server.public_url import PublicUrl
from archive.publish.serving import site
from archive.rows.connection import Connection
from parsers.article import Article


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as there:
        yield there


def empty(folder: Path) -> Home:
    home = Home(folder)
    home.create()
    with closing(connect(home.database)) as conn:
        migrate(Database(conn))
        conn.execute(
            "insert into sources values (?, '新闻室', 'http://127.0.0.1:8765', 'Asia/Shanghai', 'zh-Hans')", (SOURCE,)
        )
    return home


def front(home: Home, change: Callable[[Connection], None], path: str = "/.json") -> Any:
    """The front page of an archive after some writing."""
    with closing(connect(home.database)) as conn:
        conn.execute("begin immediate")
        change(conn)
        conn.commit_group()
    with served(home) as there:
        reply = get(there, path)
        return reply.json() if path.endswith(".json") else reply


def test_the_front_page_data_list_articles_edits_and_departures(small: Datasette) -> None:
    found = get(small, "/.json").json()
    assert (found["count"], found["older"], found["unconfirmed"]) == (4, None, [])
    assert [(a["key"], a["first_sentence"]) for a in found["articles"]] == [
        ("newsroom-2", "A list on a wall, 改革 in small steps."),
        ("newsroom-4", "第1段。"),
        ("newsroom-1", "第1段。"),
        ("newsroom-3", "\"><img src=x onerror=alert(1)><script>alert('改革')</script>"),
    ]
    (edit,) = found["edits"]
    assert edit == {
        "id": edit["id"], "at": "2024-04-17T01:00:00Z", "kind": "edited", "source": "newsroom", "publisher": "新闻室",
        "key": "newsroom-1", "url": "http://127.0.0.1:8765/articles/1",
        "headline": "把小事办实，城市才有温度", "in_language": "zh-Hans", "state": "live", "speaker": "林知远",
        "date_published": "2024-04-14T05:01:00+08:00", "date_precision": "minute",
        "last_seen_at": "2024-04-18T01:00:00Z", "first_missed_at": None, "revision": 2, "significance": "substantive",
        "properties": ["headline", "body_text"],
        "excerpts": [{"property": "headline", "segments": [
            {"op": "equal", "text": "把小事办"}, {"op": "delete", "text": "好"},
            {"op": "insert", "text": "实"}, {"op": "equal", "text": "，城市才有温度"}]}],
    }  # fmt: skip
    assert [(row["key"], row["kind"], row["state"], row["at"]) for row in found["departures"]] == [
        ("newsroom-4", "removed", "removed", "2024-04-19T01:00:00Z"),
    ]


def test_a_change_shows_in_its_row_and_leads_to_the_comparison(small: Datasette) -> None:
    page = get(small, "/").text
    row = page.partition('aria-labelledby="edits"')[2].partition("</section>")[0]
    assert "把小事办<del>好</del><ins>实</ins>，城市才有温度" in row
    assert 'href="/a/newsroom-1/diff/1..2"' in row


@every_row(
    ("today", "months", "first", "last", "counts"),
    [
        ("2024-04-15", 24, "2022-05", "2024-04", {"2024-04": 3}),
        ("2024-04-14", 24, "2022-05", "2024-04", {"2024-04": 2}),  # without the article of the next day
        ("2025-01-01", 24, "2023-02", "2025-01", {"2024-04": 3}),
        ("2026-03-31", 24, "2024-04", "2026-03", {"2024-04": 3}),
        ("2026-04-01", 24, "2022-05", "2024-04", {"2024-04": 3}),  # of an archive that ended, the last that has any
        ("2024-03-31", 24, "2022-04", "2024-03", {}),
    ],
)
def test_the_chart_covers_24_months_up_to_now_or_to_the_last_with_articles(
    small: Datasette, today: str, months: int, first: str, last: str, counts: Any
) -> None:
    found = asyncio.run(small.get_database("archive").execute_fn(lambda conn: landing_chart.months(conn, today)))
    assert (len(found), found[0]["month"], found[-1]["month"]) == (months, first, last)
    assert {row["month"]: row["articles"] for row in found if row["articles"]} == counts


def test_a_young_archive_is_drawn_by_day_without_a_hatched_month(small: Datasette) -> None:
    page = get(small, "/").text
    assert (page.count('class="uncovered"'), page.count('class="bar"')) == (0, 2)
    assert "每日篇数 <span" in page
    assert 'href="/day/2024-04-14"' in page


AUTUMN = datetime.fromisoformat("2024-09-14T05:01:00+08:00")


def test_a_withdrawn_article_does_not_move_the_end_of_the_chart(tmp_path: Path) -> None:
    def change(conn: Connection) -> None:
        _add(conn, replace(TALK, identity="9", date_published=AUTUMN), "2024-09-15T01:00:00Z")
        conn.execute("update articles set state = 'withdrawn' where key = 'newsroom-9'")

    months = front(build(tmp_path), change)["months"]
    assert (months[-1]["month"], months[-1]["articles"]) == ("2024-04", 3)


def test_an_article_that_changed_twice_has_one_row_and_one_that_is_gone_is_among_those_alone(tmp_path: Path) -> None:
    def change(conn: Connection) -> None:
        _edit(conn, replace(EDITED, headline="三改"), "2024-04-20T01:00:00Z")
        _edit(conn, replace(ENGLISH, paragraphs=("Another text.",)), "2024-04-21T01:00:00Z")
        _judge(conn, "newsroom-2", "restricted", "2024-04-22T01:00:00Z")

    found = front(build(tmp_path), change)
    assert [(row["key"], row["revision"]) for row in found["edits"]] == [("newsroom-1", 3)]
    assert [(row["key"], row["state"]) for row in found["departures"]] == [
        ("newsroom-2", "restricted"), ("newsroom-4", "removed"),
    ]  # fmt: skip


def test_links_to_versions_name_the_article_to_those_who_hear_them(tmp_path: Path) -> None:
    page = front(build(tmp_path), lambda conn: _edit(conn, replace(ENGLISH, paragraphs=("Another.",)), LATER), "/").text
    assert [re.sub("<[^>]+>", "", link) for link in re.findall(r'#versions">(.+?)</a>', page)] == [
        "2 个版本：Small things make a city warm", "2 个版本：把小事办实，城市才有温度",
    ]  # fmt: skip


LATER = "2024-04-20T01:00:00Z"


@pytest.mark.parametrize(
    ("ui", "find", "told"),
    [("zh", "搜索全部文章",
      "还没有文章。 采集一个来源： thinker crawl 或者先看演示： thinker demo 查看各来源的采集状态"),
     ("en", "Search all articles",
      "No articles yet. Crawl a source: thinker crawl Or try the demo first: thinker demo")],
)  # fmt: skip
def test_the_front_page_of_an_empty_archive_names_the_next_commands(
    tmp_path: Path, ui: str, find: str, told: str
) -> None:
    page = front(empty(tmp_path), lambda conn: None, f"/?ui={ui}")
    assert (page.status_code, told in text(page), "<svg" in page.text) == (200, True, False)
    assert re.findall('placeholder="([^"]*)"', page.text) == [find]


def test_no_page_of_the_menu_ends_in_a_list_without_entries(tmp_path: Path) -> None:
    home = empty(tmp_path)
    with closing(connect(home.database)) as conn:
        conn.execute("delete from sources")
    paths = [*(page.path for page in MENU + FOOT), "/search?q=治理", "/phrase?q=治理", "/browse/people", "/archive"]
    with served(home) as there:
        pages = {path: get(there, path) for path in paths}
    assert {page.status_code for page in pages.values()} == {200}
    assert [path for path, page in pages.items() if re.search(r"<(ul|ol|dl|tbody)\b[^>]*>\s*</", page.text)] == []


def test_an_archive_of_one_article_has_no_chart_and_says_that_nothing_changed(tmp_path: Path) -> None:
    page = front(empty(tmp_path), lambda conn: _one(conn, TALK), "/")
    assert (page.status_code, page.text.count('class="bar"')) == (200, 0)
    assert all(told in text(page) for told in ("最近没有发现修改。", "最近没有发现文章消失。", TALK.headline))


def _one(conn: Connection, article: Article) -> None:
    conn.execute(
        "insert into crawls (id, key, source, started_at) values (1, 'c1', ?, '2024-04-16T01:00:00Z')", (SOURCE,)
    )
    _add(conn, article, "2024-04-16T01:00:00Z")


def test_a_headline_without_end_is_cut_and_the_page_stays_small(tmp_path: Path) -> None:
    def change(conn: Connection) -> None:
        for number in range(10, 40):
            _add(
                conn,
                replace(TALK, identity=str(number), headline="长" * 20_000, speaker="名" * 999),
                "2024-04-16T01:00:00Z",
            )
            _edit(conn, replace(TALK, identity=str(number), headline="短" * 20_000), "2024-04-17T01:00:00Z")

    page = front(build(tmp_path), change, "/")
    assert len(page.content) < 100_000
    assert f">{'短' * 120}…</a>" in page.text


def test_the_front_page_has_one_link_to_older_articles_for_phones_and_one_for_desks(tmp_path: Path) -> None:
    def change(conn: Connection) -> None:
        for number in range(10, 30):
            _add(conn, replace(TALK, identity=str(number)), "2024-04-16T01:00:00Z")

    page = front(build(tmp_path), change, "/").text
    shown = page.partition('aria-labelledby="latest"')[2].partition("</section>")[0]
    assert shown.count("<li>") == landing_page.LATEST_ARTICLES
    phones, desks = (shown.partition(f'class="{each}"')[2].partition("</a>")[0] for each in ("on-phones", "on-desks"))
    assert ("更多文章" in phones, "更早的文章" in desks) == (True, True)
    assert phones.partition("before=")[2] != desks.partition("before=")[2]


CURRENT = [
    ("/", "最新", "page"), ("/changes", "变动", "page"), ("/removed", "已消失", "page"),
    ("/archive/articles", "数据", "true"),
    ("/status", "状态", "page"), ("/a/newsroom-1", None, None),
]  # fmt: skip


@every_row(("path", "name", "how"), CURRENT)
def test_every_page_has_one_search_box_and_says_where_in_the_site_it_is(
    small: Datasette, path: str, name: str | None, how: str | None
) -> None:
    page = get(small, path).text
    head, _, rest = page.partition("</header>")
    assert page.count('role="search"') == 1
    assert re.findall(r'href="[^"]*"[^>]*>([^<]+)</a>', head.partition("<nav")[2].partition("</nav>")[0]) == [
        "最新", "变动", "已消失", "提法", "浏览", "数据",
    ]  # fmt: skip
    frame = head + rest.rpartition('<footer class="site">')[2]
    assert re.findall(r'<a [^>]*aria-current="(\w+)"[^>]*>([^<]+)</a>', frame) == ([(how, name)] if name else [])


def test_below_a_prefix_a_page_marks_the_link_of_its_section(tmp_path: Path) -> None:
    there = site(build(tmp_path), hosts=[], public=PublicUrl.parse("https://archive.example/thinker"))
    asyncio.run(there.invoke_startup())
    found = {path: re.findall(r'<a href="(/[^"]*)" aria-current="(\w+)"', get(there, path).text) for path in PREFIXED}
    for database in there.databases.values():
        database.close()
    assert found == PREFIXED


PREFIXED = {
    "/": [("/thinker/", "page")],
    "/thinker/": [("/thinker/", "page")],
    "/changes": [("/thinker/changes", "page")],
    "/archive/articles": [("/thinker/data", "true")],
    "/status": [("/thinker/status", "page")],
}
