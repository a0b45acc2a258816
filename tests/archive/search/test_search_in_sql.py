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
        bare = conn.execute("select rowid from articles_fts where articles_fts match '城市治理'").fetchall()
    assert (sorted(key for key, _ in rows), bare) == (keys, [])


def test_the_expression_that_the_readme_prints_is_what_our_search_asks_for(tmp_path: Path) -> None:
    command = printed("sh").replace(" AI", "").replace("python -c", f"{sys.executable} -c", 1)
    expression = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True).stdout.strip()
    with closing(sqlite3.connect(build(tmp_path).database)) as conn:
        rows = conn.execute(
            "select a.key from articles_fts f join articles a on a.search_id = f.rowid where articles_fts match ?",
            (expression,),
        ).fetchall()
    assert sorted(key for (key,) in rows) == FOUND


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as served:
        yield served


BY_HAND = "select key from articles where search_id in (select rowid from articles_fts where articles_fts match {})"


@every_row(
    ("term", "keys"),
    [("城市治理", FOUND), ("治", FOUND), ("governance 改革", ["newsroom-2"]), ("gov*", ["newsroom-2"]), ("火箭", [])],
)
def test_terms_makes_of_a_term_what_the_index_is_asked(datasette: Datasette, term: str, keys: list[str]) -> None:
    by_hand = {"sql": BY_HAND.format(f"terms('{term}')"), "_shape": "arrays"}
    canned = {"q": term, "_shape": "arrays"}
    written = get(datasette, "/archive.json", params=by_hand).json()["rows"]
    offered = get(datasette, "/archive/search.json", params=canned).json()["rows"]
    assert sorted(key for (key,) in written) == sorted(key for key, *_ in offered) == keys
