"""The example questions of the front page: their answers are those of the pages to which they lead."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from support.small_archive import EDITED, TALK, _add, _edit, _judge, build
from support.small_site import get, served, small_site, text
from support.tables import every_row

from archive import connect
from archive.publish.lists import removed_page
from archive.rows.connection import Connection


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as there:
        yield there


def asked_of(folder: Path, change: Callable[[Connection], None]) -> tuple[Any, Callable[[str], Any]]:
    """The questions of an archive after some writing, and a function that gets another page of it."""
    home = build(folder)
    with closing(connect(home.database)) as conn:
        conn.execute("begin immediate")
        change(conn)
        conn.commit_group()
    with served(home) as there:
        found = {path: get(there, path) for path in ("/.json", "/?ui=en", *PAGES)}
    return found["/.json"].json()["questions"], found.__getitem__


PAGES = ("/removed.json?since=2024-05-01&until=2024-05-31", "/phrase.json?q=新质生产力")


def links(page: str) -> list[tuple[str, str]]:
    """The questions of a front page: the path of each, and its words."""
    asked = page.partition('<ul class="questions">')[2].partition("</ul>")[0]
    return [(path, " ".join(re.sub("<[^>]+>", "", said).split()))
            for path, said in re.findall('<li><a href="([^"]+)">(.*?)</a></li>', asked)]  # fmt: skip


@every_row(
    ("ui", "asked"),
    [
        ("zh", [("/removed?since=2024-04-01&amp;until=2024-04-30", "2024年4月消失了哪些文章？ 1 篇"),
                ("/phrase?q=%E5%9F%8E%E5%B8%82%E6%B2%BB%E7%90%86", "“城市治理”何时首次出现？ 2024年4月14日"),
                ("/a/newsroom-1/diff/1..2", "这篇文章改了什么？ 把小事办实，城市才有温度 把小事办好实，城市才有温度")]),
        ("en", [("/removed?since=2024-04-01&amp;until=2024-04-30", "What was removed in April 2024? 1 article"),
                ("/phrase?q=%E5%9F%8E%E5%B8%82%E6%B2%BB%E7%90%86", "When did “城市治理” first appear? 14 April 2024"),
                ("/a/newsroom-1/diff/1..2",
                 "What did they change in this text? 把小事办实，城市才有温度 把小事办好实，城市才有温度")]),
    ],
)  # fmt: skip
def test_the_front_page_asks_three_questions_with_the_answers_of_their_pages(
    small: Datasette, ui: str, asked: list[tuple[str, str]]
) -> None:
    assert links(get(small, f"/?ui={ui}").text) == asked
    questions = get(small, "/.json").json()["questions"]
    removed = get(small, "/removed.json?since=2024-04-01&until=2024-04-30").json()
    assert questions["removed"] == {
        "month": "2024-04", "since": "2024-04-01", "until": "2024-04-30", "articles": 1, "at_least": False,
    }  # fmt: skip
    assert (removed["count"], removed["at_least"], len(removed["articles"])) == (1, False, 1)
    (phrase,) = get(small, "/phrase.json?q=城市治理").json()["phrases"]
    assert questions["phrase"] == {"text": "城市治理", "at": phrase["first"]["at"], "precision": "minute"}


def test_a_restored_article_is_not_counted_and_the_month_is_that_of_beijing(tmp_path: Path) -> None:
    def change(conn: Connection) -> None:
        for number in range(10, 14):
            _add(conn, replace(TALK, identity=str(number)), "2024-04-16T01:00:00Z")
        _judge(conn, "newsroom-10", "removed", "2024-04-30T15:59:59Z")  # the last second of April
        _judge(conn, "newsroom-11", "removed", "2024-04-30T16:00:00Z")  # the first of May
        _judge(conn, "newsroom-12", "restricted", "2024-05-02T01:00:00Z")
        _judge(conn, "newsroom-13", "removed", "2024-05-03T01:00:00Z")
        _judge(conn, "newsroom-13", "restored", "2024-05-04T01:00:00Z")
        conn.execute("update articles set state = 'live' where key = 'newsroom-13'")

    questions, get_page = asked_of(tmp_path, change)
    listed = get_page(PAGES[0]).json()
    assert (questions["removed"]["month"], questions["removed"]["articles"]) == ("2024-05", 2)
    assert (listed["count"], [row["key"] for row in listed["articles"]]) == (2, ["newsroom-12", "newsroom-11"])


def test_a_known_phrase_of_the_archive_is_asked_for_rather_than_a_tag(tmp_path: Path) -> None:
    def change(conn: Connection) -> None:
        _edit(conn, replace(EDITED, paragraphs=(*EDITED.paragraphs, "新质生产力。")), "2024-05-20T01:00:00Z")

    questions, get_page = asked_of(tmp_path, change)
    (phrase,) = get_page(PAGES[1]).json()["phrases"]
    assert questions["phrase"] == {"text": "新质生产力", "at": "2024-05-20T01:00:00Z", "precision": None}
    assert phrase["first"]["at"] == "2024-05-20T01:00:00Z"
    said = [said for _, said in links(get_page("/?ui=en").text)]
    assert said[1] == "When did “新质生产力” first appear? 20 May 2024"


def test_without_an_answer_a_question_is_left_out_or_says_that_nothing_is_known(tmp_path: Path) -> None:
    def change(conn: Connection) -> None:
        conn.execute("delete from article_keywords")
        conn.execute("update articles set state = 'live' where state = 'removed'")
        conn.execute("delete from events where kind in ('edited', 'removed')")

    questions, get_page = asked_of(tmp_path, change)
    assert (questions["removed"]["articles"], questions["phrase"]) == (0, None)
    ((path, said),) = links(get_page("/?ui=en").text)
    assert (path, said.partition("? ")[2]) == ("/removed", "None, as far as we know")


def test_beyond_a_bound_the_number_of_removals_is_a_lower_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removed_page, "MAX_JUDGEMENTS_COUNTED", 1)
    questions, get_page = asked_of(tmp_path, lambda conn: _judge(conn, "newsroom-2", "removed", "2024-04-22T01:00:00Z"))
    assert (questions["removed"]["articles"], questions["removed"]["at_least"]) == (1, True)
    assert "At least 1 article" in text(get_page("/?ui=en"))
