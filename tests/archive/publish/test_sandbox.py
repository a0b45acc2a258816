"""SQL from strangers: it finds what SQLite finds, and takes nothing from anybody else."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_archive import build
from support.small_site import get, small_site
from support.tables import every_row

from archive.publish.database.sql_sandbox import Sandbox, SqlResult, TooSlow, as_rows
from archive.publish.server.public_url import PublicUrl
from archive.publish.serving import site

LOOP = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
HUNDRED = "with recursive n(i) as (select 1 union all select i + 1 from n limit 100)"
MILLIONS = "with recursive n(i) as (select 1 union all select i + 1 from n limit 5000000)"


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as served:
        yield served


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    asked = Sandbox(build(tmp_path_factory.mktemp("home")).database)
    yield asked
    asked.close()


def ask(sandbox: Sandbox, sql: str, seconds: float = 5.0, rows: int | None = 100) -> SqlResult:
    return asyncio.run(sandbox.ask(sql, {"q": "治理"}, seconds, rows))


ORDINARY = [
    "select 1 as one, 2.5 as half, null as void, 'a\"字' as text, x'00ff' as bytes",
    "select key, headline, characters from articles where state <> 'withdrawn' order by key",
    "select count(*) as n, max(date_published_utc) as latest from articles",
    "select a.key from article_words join articles a on a.search_id = article_words.rowid"
    " where article_words match terms(:q) order by 1",
    "select zh_snippet(body_text, :q) as s from articles where key = 'newsroom-1'",
    "with recursive n(i) as (select 1 union all select i + 1 from n limit 5) select i from n",
    "select name from pragma_table_info('articles') order by name",
    "select name, sql from sqlite_master where type = 'view' order by 1",
    "select json_group_array(name) from keywords",
    "select 1 as a, 2 as a",
    "explain query plan select * from articles",
]


@every_row("sql", ORDINARY)
def test_an_ordinary_query_returns_the_rows_of_plain_sqlite(sandbox: Sandbox, sql: str) -> None:
    from archive import search

    conn = sqlite3.connect(sandbox.database)
    search.register(conn)
    cursor = conn.execute(sql, {"q": "治理"})
    expected = ([column[0] for column in cursor.description], cursor.fetchall())
    conn.close()
    found = ask(sandbox, sql)
    assert (found.columns, [tuple(row) for row in found.rows], found.truncated) == (*expected, False)


def test_rows_are_cut_at_the_most_rows_and_at_the_largest_answer(sandbox: Sandbox) -> None:
    many = ask(sandbox, f"{HUNDRED} select i from n", rows=10)
    large = ask(sandbox, f"{HUNDRED} select hex(zeroblob(50000)) as h from n")
    assert ([row["i"] for row in many.rows], many.truncated) == (list(range(1, 11)), True)
    assert (len(large.rows), large.truncated) == (20, True)


REFUSED = [
    ("select hex(zeroblob(7900000))", "string or blob too big"),
    (f"{HUNDRED} select hex(zeroblob(7900000)) from n", "string or blob too big"),
    ("select 1 where 'x' like '" + "%x" * 200 + "'", "LIKE or GLOB pattern too complex"),
    (" union all ".join(["select 1"] * 60), "too many terms in compound SELECT"),
    ("select * from pragma_database_list", "not authorized"),
    ("select * from sqlite_dbpage", "access to sqlite_dbpage.pgno is prohibited"),
    ("select * from dbstat", "access to dbstat.name is prohibited"),
    ("select load_extension('x')", "not authorized"),
    ("insert into health values ('x', 1, '', '', '')", "not authorized"),
    ("attach '/tmp/x' as x", "not authorized"),
    ("pragma journal_mode = delete", "not authorized"),
    ("vacuum into '/tmp/x'", "authorization denied"),
    ("select nonsense", "no such column: nonsense"),
    ("select 1; select 2", "You can only execute one statement at a time."),
    ("select '\x00'", "query contains a null character"),
]  # fmt: skip


@every_row(("sql", "reason"), REFUSED)
def test_oversized_forbidden_and_invalid_queries_are_refused(sandbox: Sandbox, sql: str, reason: str) -> None:
    with pytest.raises(sqlite3.OperationalError) as refused:
        ask(sandbox, sql)
    assert reason in str(refused.value)


HOSTILE = [
    LOOP,
    f"{MILLIONS} select json_group_array(hex(zeroblob(2000))) from n",
    f"{MILLIONS} select group_concat(hex(zeroblob(2000))) from n",
    f"{HUNDRED} select json_group_array(a) from (select json_group_array(hex(zeroblob(9000))) over () as a from n)",
    f"{MILLIONS} select count(*) from n a, n b",
    f"{MILLIONS} select i from n order by random()",
    f"{MILLIONS} select count(distinct hex(randomblob(100))) from n",
    f"{HUNDRED} select sum(length(replace(hex(zeroblob(1900000 + a.i)), '0', '1'))) from n a, n b",
    f"{HUNDRED} select count(*) from n a, n b, n c"
    " where hex(zeroblob(1900000 + a.i + b.i + c.i)) like '%1%2%3%4%5%6%7%8%9%a%'",
    f"{HUNDRED} select sum(length(zh_highlight(hex(zeroblob(1900000 + a.i)), '0'))) from n a, n b",
    "select count(*) from articles a, articles b, articles c, articles d, articles e, articles f, captures g,"
    " captures h, captures i, captures j, captures k, captures l, captures m",
]


@pytest.mark.slow
@pytest.mark.parametrize("sql", HOSTILE)
def test_a_query_ends_within_its_second_and_its_memory(sandbox: Sandbox, sql: str) -> None:
    ask(sandbox, "select 1")
    with pytest.raises((TooSlow, sqlite3.OperationalError)):
        ask(sandbox, sql, seconds=1.0)


def test_a_failing_sql_function_gives_an_error_without_a_traceback(
    datasette: Datasette, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = Sandbox(Path(datasette.get_database("archive").path))
    with closing(asked), pytest.raises(sqlite3.OperationalError, match="user-defined function raised exception"):
        ask(asked, "select terms(char(55296))")  # half of a character: no UTF-8
    assert capfd.readouterr().err == ""


def test_a_process_that_died_is_replaced(sandbox: Sandbox) -> None:
    ask(sandbox, "select 1")
    assert sandbox.pid is not None
    os.kill(sandbox.pid, 9)
    time.sleep(0.1)
    assert [tuple(row) for row in ask(sandbox, "select 2").rows] == [(2,)]


def test_the_process_is_forked_for_each_query_and_has_loaded_little() -> None:
    code = "import sys; import archive.sandbox.process; print(*sys.modules, sep='\\n')"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {
        "asyncio",
        "datasette",
        "jinja2",
        "pydantic_core",
        "parsers.article",
        "archive.publish",
        "archive.rows.articles",
    }
    assert not heavy & set(loaded)
    assert "archive.search.searching" in loaded  # what a child looks up first would be imported by every child


SMALL = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.text(), st.binary(), st.floats(allow_nan=False))


@settings(max_examples=50)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1, max_size=5),
       st.data())  # fmt: skip
def test_rows_have_the_names_and_values_that_they_were_made_of(columns: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.lists(SMALL, min_size=len(columns), max_size=len(columns))))
    made = as_rows(columns, rows)
    assert [row.keys() for row in made] == [columns] * len(rows)
    assert [list(row) for row in made] == rows


def test_datasette_pages_run_queries_within_the_limits_of_the_sandbox(datasette: Datasette) -> None:
    page = get(datasette, "/archive.json", params={"sql": "select key from articles order by key limit 2"}).json()
    where = get(datasette, "/archive/articles.json", params={"_where": "key = 'newsroom-2'", "_shape": "array"}).json()
    wrong = get(datasette, "/archive.json", params={"sql": "select hex(zeroblob(7900000))"})
    slow = get(datasette, "/archive", params={"sql": LOOP})
    written = get(datasette, "/archive", params={"sql": "select headline, body_text from articles"})
    assert page["rows"] == [["newsroom-1"], ["newsroom-2"]]
    assert [row["key"] for row in where] == ["newsroom-2"]
    assert (wrong.status_code, wrong.json()["error"]) == (400, "string or blob too big")
    assert (slow.status_code, "<h1>查询超时</h1>" in slow.text) == (400, True)
    assert (written.status_code, "<script>" in written.text) == (200, False)


@pytest.mark.parametrize(
    ("host", "public_url", "sql", "open_to_all"),
    [
        ("127.0.0.1", None, None, True),
        ("::1", None, None, True),
        ("127.0.0.1", "https://archive.example", None, False),
        ("0.0.0.0", None, None, False),
        ("0.0.0.0", None, True, True),
        ("127.0.0.1", None, False, False),
    ],
)
def test_sql_and_streams_are_for_this_machine_unless_asked_for(
    tmp_path: Path, host: str, public_url: str | None, sql: bool | None, open_to_all: bool
) -> None:
    served = site(build(tmp_path), [host], PublicUrl.parse(public_url) if public_url else None, sql)
    asked = get(served, "/archive.json", params={"sql": "select 1"}).status_code
    where = get(served, "/archive/articles.json", params={"_where": "1"}).status_code
    stream = get(served, "/archive/articles.csv", params={"_stream": "1"}).status_code
    canned = get(served, "/archive/newest.json").status_code
    assert (asked, where, canned) == ((200, 200, 200) if open_to_all else (403, 403, 200))
    assert (stream == 200) is (host in ("127.0.0.1", "::1") and public_url is None)
    served.get_database("archive").close()
