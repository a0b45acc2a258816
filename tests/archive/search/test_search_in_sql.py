"""SQL that readers write by hand finds Chinese: with `terms()` on the site, and as README says without our code."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette
from support.checkout import ROOT
from support.small_archive import build
from support.small_site import get, small_site
from support.tables import every_row

from archive.files.home import Home

README = ROOT / "archive" / "README.md"
FOUND = ["newsroom-1", "newsroom-4"]


def printed(language: str) -> str:
    section = README.read_text("utf-8").partition("## Chinese search in plain SQLite\n")[2]
    code = re.search(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert code
    return code[1]


@pytest.mark.parametrize(
    ("term", "keys"), [("城市治理", FOUND), ("基层减负", FOUND), ("改革", ["newsroom-2", "newsroom-3"])]
)
def test_the_sql_that_the_readme_prints_finds_chinese_without_our_code(
    tmp_path: Path, term: str, keys: list[str]
) -> None:
    with closing(sqlite3.connect(build(tmp_path).database)) as conn:
        rows = conn.execute(printed("sql").replace("城市治理", term)).fetchall()
    assert sorted(key for key, _ in rows) == keys


def test_the_expression_that_the_readme_prints_finds_the_expected_articles(tmp_path: Path) -> None:
    command = printed("sh").replace(" AI", "").replace(".venv/bin/python", sys.executable, 1)
    expression = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True).stdout.strip()
    with closing(sqlite3.connect(build(tmp_path).database)) as conn:
        rows = conn.execute(
            "select a.key from article_words f join articles a on a.search_id = f.rowid where article_words match ?",
            (expression,),
        ).fetchall()
    assert sorted(key for (key,) in rows) == FOUND


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return build(tmp_path_factory.mktemp("small"))


@every_row(
    ("asked", "error"),
    [
        ("select count(*) from articles_fts where articles_fts match '城市治理'", "no such column: articles_fts"),
        ("select rowid from articles_fts where articles_fts = '城市治理'", "no such column: articles_fts"),
        (
            "select key from articles where search_id in (select rowid from articles_fts where articles_fts match 'a')",
            "no such column: articles_fts",
        ),
        (
            "select key from articles_fts f join articles a on a.search_id = f.rowid where articles_fts match 'a'",
            "no such column: articles_fts",
        ),
        ("select * from articles_fts('城市治理')", "'articles_fts' is not a function"),
        ("select * from revisions_fts where revisions_fts match '城市治理'", "no such column: revisions_fts"),
        ("select * from articles_fts where body_text match '城市治理'", "no such column: body_text"),
        ("select * from article_words where article_words match terms('城市治理')", "no such function: terms"),
    ],
)
def test_plain_sqlite_refuses_former_index_names_and_the_function_terms(home: Home, asked: str, error: str) -> None:
    with closing(sqlite3.connect(home.database)) as conn, pytest.raises(sqlite3.OperationalError) as raised:
        conn.execute(asked)
    assert str(raised.value) == error


@every_row(
    ("name", "select", "keys"),
    [
        ("articles_fts", "select a.key from article_words, articles a", FOUND),
        (
            "revisions_fts",
            "select a.key from revision_words, state_texts t join articles a on a.id = t.article_id",
            ["newsroom-1", "newsroom-1"],
        ),
    ],
)
def test_the_former_name_of_an_index_says_how_to_ask_it(
    home: Home, datasette: Datasette, name: str, select: str, keys: list[str]
) -> None:
    with closing(sqlite3.connect(home.database)) as conn:
        (site, how, by), (_, plainly, also), (_, command, _) = conn.execute(f"select * from {name}").fetchall()
        joined = by.replace("articles.", "a.").replace("state_texts.", "t.")
        without_us = conn.execute(f"{select} {plainly} and {joined}").fetchall()
    answer = get(datasette, "/archive.json", params={"sql": f"{select} {how} and {joined}", "_shape": "arrays"})
    assert (site, by, command) == ("the site 本站", also, f"thinker search{' --ever' * (name[0] == 'r')} 城市治理")
    assert sorted(without_us) == sorted(map(tuple, answer.json()["rows"])) == [(key,) for key in keys]


def test_on_the_site_the_error_names_the_remedy(datasette: Datasette) -> None:
    asked = {"sql": "select 1 from articles_fts where articles_fts match '治理'", "_shape": "array"}
    answer = get(datasette, "/archive.json", params=asked)
    told = "no such column: articles_fts: the index is article_words; write article_words match terms('…')"
    assert (answer.status_code, answer.json()["error"]) == (400, told)


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as served:
        yield served


BY_HAND = "select key from articles where search_id in (select rowid from article_words where article_words match {})"


@every_row(
    ("term", "keys"),
    [("城市治理", FOUND), ("治", FOUND), ("governance 改革", ["newsroom-2"]), ("gov*", ["newsroom-2"]), ("火箭", [])],
)
def test_a_match_with_terms_finds_the_same_articles_as_the_ready_made_search(
    datasette: Datasette, term: str, keys: list[str]
) -> None:
    by_hand = {"sql": BY_HAND.format(f"terms('{term}')"), "_shape": "arrays"}
    canned = {"q": term, "_shape": "arrays"}
    written = get(datasette, "/archive.json", params=by_hand).json()["rows"]
    offered = get(datasette, "/archive/search.json", params=canned).json()["rows"]
    assert sorted(key for (key,) in written) == sorted(key for key, *_ in offered) == keys
