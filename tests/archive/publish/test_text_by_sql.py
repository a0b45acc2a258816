"""No SQL of readers gets more of a text than is shown, and none confirms a guess."""

import asyncio
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from support.long_texts import BODIES, EDITED, OPENED, forbidden, leaks, long_texts, windows
from support.small_site import get
from support.stranger import close
from support.tables import every_row

from archive import connect
from archive.files.home import Home
from archive.publish.database.sql_sandbox import Sandbox, SqlResult
from archive.publish.serving import site
from archive.sandbox import Rights
from archive.sandbox.masking import refuse_past_views

MODES = {"newsroom": "excerpt", "open": "full", "shut": "metadata"}
RIGHTS = Rights("excerpt", {"open": "full", "shut": "metadata"})
GUESS = BODIES[EDITED][1][31:47]  # words beyond the excerpt


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return long_texts(tmp_path_factory.mktemp("long") / "home")


@pytest.fixture(scope="module")
def runs(home: Home) -> set[str]:
    return forbidden(home, MODES)


@pytest.fixture(scope="module")
def sandbox(home: Home) -> Iterator[Sandbox]:
    asked = Sandbox(home.database, RIGHTS)
    yield asked
    asked.close()


@pytest.fixture(scope="module")
def datasette(home: Home) -> Iterator[Datasette]:
    there = site(home, ["archive.example"], sql=True, rights=RIGHTS)
    asyncio.run(there.invoke_startup())
    yield there
    close(there)


def ask(sandbox: Sandbox, sql: str, **params: object) -> SqlResult:
    return asyncio.run(sandbox.ask(sql, params, 5.0, 1_000))


ANSWERED = [
    "select * from articles",
    "select body_text, standfirst, details from articles",
    "select * from temp.articles",
    "select * from (select * from articles) as main",
    "select a.* from articles a union all select b.* from articles b",
    "with t as (select body_text from articles) select group_concat(body_text) from t",
    "with articles as materialized (select * from articles) select 1",
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 900) "
    "select group_concat(substr(body_text, i, 1), '') from n, articles where source = 'newsroom' group by key",
    "select json_group_array(json_array(body_text, details)) from articles",
    "select json_extract(details, '$.biography') from articles",
    "select value from articles, json_each(articles.details)",
    "select first_value(body_text) over (order by key) from articles",
    "select max(body_text), min(body_text) from articles group by source",
    "select body_text from state_texts union select details from state_texts",
    "select * from revisions",
    "select before, after from changes",
    "select * from related_records",
    "select teaser from related_links union all select caption from article_media",
    "select name, biography from people",
    "select body_text from articles full join (select 'x' as body_text) using (body_text)",
    "select body_text from articles natural full join (select 'x' as body_text)",
    "select * from articles a left join state_texts t using (body_text)",
    "select hex(body_text), quote(body_text) from articles",
    "select printf('%s', body_text) from articles",
    "select zh_snippet(body_text, '的'), zh_highlight(body_text, '的') from articles",
    "select shown_text('open', body_text) from articles",
    "select sql from sqlite_master",
    "select l.name, m.sql from pragma_table_list l, sqlite_master m",
    "select * from pragma_table_info('articles')",
    "select (select body_text from articles a where a.id = b.id) from articles b",
    "select body_text from articles order by body_text collate nocase",
    "select distinct body_text from articles group by body_text having length(body_text) > 0",
    "explain select body_text from articles",
    "values ((select group_concat(body_text) from articles))",
]  # fmt: skip


@every_row("sql", ANSWERED)
def test_a_query_reads_what_is_shown(sandbox: Sandbox, runs: set[str], sql: str) -> None:
    told = ask(sandbox, sql)
    assert leaks(repr([tuple(row) for row in told.rows]).encode(), runs) == []


REFUSED = [
    ("select body_text from main.articles", "main. is not open here"),
    ('select * from "main".articles', "main. is not open here"),
    ("select * from [main].articles", "main. is not open here"),
    ("select * from 'main' . articles", "main. is not open here"),
    ("select * from `MAIN`/* */./**/articles", "main. is not open here"),
    ("select * from main--\n.articles", "main. is not open here"),
    ("select * from main\ufeff.articles", "main. is not open here"),
    ("select body_text from main.articles full join (select 'x' as body_text) using (body_text)", "main. is not open"),
    ("with shown_articles as (select body_text from main.articles) select * from shown_articles", "main. is not open"),
    ("select * from main.revisions", "main. is not open here"),
    ("select * from article_words_data", "prohibited"),
    ("select term from article_words_idx", "prohibited"),
    ("select sz from article_words_docsize", "prohibited"),
    ("select * from sqlite_temp_master", "prohibited"),
    ("select * from temp.sqlite_master", "prohibited"),
    ("select rowid from article_words where article_words match :q", "vtable constructor failed"),
    ("select highlight(article_words, 0, '', '') from article_words where article_words match :q", "vtable const"),
    ("select snippet(revision_words, 0, '', '', '', 64) from revision_words(:q)", "vtable constructor failed"),
    ("select count(*) from article_words where body_text = :q", "vtable constructor failed"),
    ("select data from sqlite_dbpage", "prohibited"),
    ("select * from dbstat", "prohibited"),
    ("attach ':memory:' as other", "not authorized"),
    ("create temp view mine as select body_text from articles", "not authorized"),
    ("pragma writable_schema = on", "not authorized"),
    ("pragma database_list", "not authorized"),
    ("create virtual table v using fts5vocab(article_words, instance)", "not authorized"),
]  # fmt: skip


@every_row("sql, said", REFUSED)
def test_a_way_around_is_refused(sandbox: Sandbox, sql: str, said: str) -> None:
    with pytest.raises(sqlite3.OperationalError, match=said):
        ask(sandbox, sql, q="城市")


GUESSES = [
    "select count(*) from articles where body_text like '%' || :q || '%'",
    "select count(*) from articles where instr(body_text, :q)",
    "select count(*) from articles where body_text glob '*' || :q || '*'",
    "select count(*) from articles where zh_scan(body_text, :q)",
    "select count(*) from revisions where instr(body_text, :q)",
    "select count(*) from changes where instr(coalesce(before, '') || coalesce(after, ''), :q)",
    "select count(*) from state_texts where instr(body_text || details, :q)",
]


@every_row("sql", GUESSES)
def test_no_query_confirms_a_guess(sandbox: Sandbox, sql: str) -> None:
    assert ask(sandbox, sql, q=GUESS).rows[0][0] == 0


def test_each_row_follows_the_word_of_its_source(sandbox: Sandbox) -> None:
    told = dict(ask(sandbox, "select source, length(body_text) from articles where source <> 'newsroom'").rows)
    assert told == {"open": len("\n".join(BODIES[OPENED])), "shut": None}
    lengths = [row[0] for row in ask(sandbox, "select length(body_text) from articles where source = 'newsroom'").rows]
    assert lengths == [187, 187, 187]  # six sentences of 31 characters, and the mark of the cut


ORDINARY = [
    ("select 'main' as word", False),
    ("select domain.key from articles as domain", False),
    ("select 1 as main, 2.5 as other", False),
    ("select key from articles -- main. street", True),  # a comment is not worth a parser
    ("select x.main from (select 1 as main) x", False),
]


@every_row("sql, is_refused", ORDINARY)
def test_only_the_schema_is_refused(sql: str, is_refused: bool) -> None:
    try:
        refuse_past_views(sql)
    except sqlite3.OperationalError:
        assert is_refused
    else:
        assert not is_refused


FILTERS = [  # with the rows that have words of the source whose texts are whole
    ("articles.json?body_text__contains={q}", 1),
    ("articles.json?body_text__like=%25{q}%25", 1),
    ("articles.json?_where=body_text+like+'%25{q}%25'", 1),
    ("articles.json?details__contains={q}", 0),
    ("revisions.json?body_text__contains={q}", 1),
    ("changes.json?after__contains={q}", 0),
    ("state_texts.json?body_text__contains={q}", 0),
]


@every_row("filter, found", FILTERS)
def test_no_filter_of_a_table_confirms_a_guess(datasette: Datasette, filter: str, found: int) -> None:  # noqa: A002
    asked = "/archive/" + filter
    assert get(datasette, asked.format(q=GUESS)).json()["rows"] == []
    assert len(get(datasette, asked.format(q=BODIES[OPENED][2][31:47])).json()["rows"]) == found


WITHIN = [  # SQL in the name of a column, which Datasette puts between brackets
    "key] as value, count(*) from (select body_text as [key] from main.articles full join (select 'x' as body_text) "
    "using (body_text)) where [key] is not null group by 1 --",
    "key] as value, count(*) from (select data as [key] from sqlite_dbpage) group by 1 --",
    "key] as value, count(*) from (select sql as [key] from sqlite_temp_master) group by 1 --",
    "key] as value, count(*) from (select block as [key] from article_words_data) group by 1 --",
    "key] as value, count(*) from (select body_text as [key] from articles) group by 1 --",
]


@pytest.mark.filterwarnings("ignore:coroutine")  # Datasette leaves some unawaited when it refuses
@every_row("column", WITHIN)
def test_no_name_of_a_column_brings_sql_that_reads_more(datasette: Datasette, runs: set[str], column: str) -> None:
    for parameter in ("_facet", "_sort", "_col", "_facet_array"):
        answer = get(datasette, f"/archive/articles.json?{parameter}={quote(column)}")
        assert leaks(answer.content, runs) == []
        assert not re.search(rb"shown_[0-9a-f]{8}", answer.content)


def test_a_refusal_says_what_to_do_in_both_languages(datasette: Datasette) -> None:
    told = get(datasette, "/archive.json?sql=select+rowid+from+article_words+where+article_words+match+'x'").json()
    assert "use /search" in told["error"]
    page = get(datasette, "/archive?sql=select+*+from+main.articles&ui=zh")
    assert "请只写表名" in page.text


def test_the_sites_own_search_finds_words_that_are_not_shown(datasette: Datasette, runs: set[str]) -> None:
    for more in ("", "&exact=1", "&ever=1"):
        answer = get(datasette, f"/search.json?q={GUESS}{more}")
        assert [hit["key"] for hit in answer.json()["hits"]] == ["newsroom-1"]
        assert leaks(answer.content, runs) == []
        file = get(datasette, f"/search/articles.jsonl?q={GUESS}{more}")
        assert [json.loads(line)["key"] for line in file.text.splitlines()] == ["newsroom-1"]
        assert leaks(file.content, runs) == []
    assert get(datasette, f"/phrase.json?q={GUESS}").json()["phrases"][0]["occurrences"] == 1


@pytest.mark.slow
def test_a_schema_that_changes_while_the_site_serves_keeps_texts_masked(tmp_path: Path) -> None:
    home = long_texts(tmp_path / "home")
    there = site(home, ["archive.example"], sql=True, rights=RIGHTS)
    asyncio.run(there.invoke_startup())
    try:
        before = get(there, "/archive/articles.json?_shape=objects&_size=max").json()["rows"]
        with closing(connect(home.database)) as conn:
            conn.execute("alter table articles add column region text")
            conn.execute("drop view revisions")
            conn.execute("create view revisions as select r.id, a.body_text, a.region from revision_records r "
                         "join articles a on a.id = r.article_id")  # fmt: skip
        after = get(there, "/archive/articles.json?_shape=objects&_size=max").json()["rows"]
        assert after == [row | {"region": None} for row in before]
        told = get(there, "/archive/revisions.json?_shape=objects&_size=max")
        assert leaks(told.content, forbidden(home, MODES)) == []
        assert {"id", "body_text", "region"} == told.json()["rows"][0].keys()
        assert get(there, "/a/newsroom-1").status_code in (200, 404)
    finally:
        close(there)


def test_windows_find_every_long_run() -> None:
    text = BODIES[EDITED][0]
    assert all(any(each in text[at : at + 60] for each in windows(text)) for at in range(len(text) - 60))
