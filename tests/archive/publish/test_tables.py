"""Tables, rows, the database and SQL as pages of the site: frame, languages, names for numbers, no texts."""

import asyncio
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from threading import Barrier
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from support.many_rows import build_many
from support.small_archive import EDITED, TALK, build, digest_of
from support.small_site import get, served, small_site, text
from support.tables import every_row

from archive.publish import plugin
from archive.publish.database.live_database import LiveDatabase
from archive.publish.database.sql_hints import with_terms
from archive.schema.metadata import METADATA
from archive.schema.plain_datasette import write_beside

V1, V2 = (digest_of(article).removeprefix("sha256:")[:12] for article in (TALK, EDITED))
PAGES = [
    "/archive",
    "/archive?_show_hidden=1",
    "/archive?sql=select+*+from+articles",
    "/archive?sql=nonsense",
    "/archive/articles",
    "/archive/articles?_all=1&_facet=state&characters__gt=10",
    "/archive/articles?_search=治理",
    "/archive/articles/1",
    "/archive/captures/1",
    "/archive/changes",
    "/archive/events",
    "/archive/revisions",
    "/archive/state_texts",
    "/archive/latest_changes",
    "/archive/search?q=治理",
    "/archive/edits_by_size",
]
QUERY = "/archive?sql="


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as served:
        yield served


@every_row("path", PAGES)
@every_row(("ui", "lang", "nav"), [("zh", "zh-Hans", "已消失"), ("en", "en", "Removed")])
def test_a_page_of_tables_has_the_frame_of_the_site_in_both_languages(
    datasette: Datasette, path: str, ui: str, lang: str, nav: str
) -> None:
    page = get(datasette, f"{path}{'&' if '?' in path else '?'}ui={ui}")
    assert (page.status_code == 200) is ("nonsense" not in path)
    assert f'<html lang="{lang}">' in page.text
    assert f'<a href="/removed">{nav}</a>' in page.text
    assert re.findall(r"Powered by|Custom SQL query|app\.css|None</", page.text) == []
    assert page.headers["vary"].startswith("Accept-Language, Cookie")
    assert page.headers["cache-control"] in ("no-cache", "private, no-store")
    assert f"thinker_ui={ui}" in page.headers["set-cookie"]
    assert len(page.content) < 100_000


@every_row("path", PAGES)
def test_no_table_shows_a_text(datasette: Datasette, path: str) -> None:
    """A change shows how its two texts begin, a search where its words stand."""
    if path != "/archive/search?q=治理":
        assert len(re.findall("这一段讲城市治理", get(datasette, path).text)) <= (
            2 if path == "/archive/changes" else 0
        )


@every_row(
    ("path", "cell"),
    [
        ("/archive/articles?key=newsroom-1", r'<a href="/a/newsroom-1">1,635 字</a>'),
        ("/archive/articles?key=newsroom-1&ui=en", r'<a href="/a/newsroom-1">1,635 characters</a>'),
        ("/archive/articles/1", r'<dt lang="en">body_text</dt><dd><a href="/a/newsroom-1">1,635 字</a></dd>'),
        ("/archive/revisions?number=1&article_id=1", rf'<a href="/a/newsroom-1/v/{V1}">1,635 字</a>'),
        ("/archive/changes?property=body_text", rf'before".*/span> <a href="/a/newsroom-1/v/{V1}">1,635 字</a>'),
        ("/archive/changes?property=body_text", rf'after".*/span> <a href="/a/newsroom-1/v/{V2}">1,635 字</a>'),
        ("/archive/state_texts", r'<td data-column="body_text" class="short"><em>1,635 字</em></td>'),
        (f"{QUERY}select+body_text+from+articles", r'<td data-column="body_text" class="short"><em>1,635 字</em></td>'),
        (f"{QUERY}select+substr(body_text,1,300)+as+t+from+articles", r"第1段.{77}…</span> <em>\d+ 字</em></td>"),
        ("/archive/changes?property=headline", r'<span lang="zh-Hans">把小事办好，城市才有温度</span>'),
    ],
)  # fmt: skip
def test_a_text_is_its_length_and_the_way_to_it(datasette: Datasette, path: str, cell: str) -> None:
    assert re.search(cell, get(datasette, path).text)


@every_row(
    ("path", "cell"),
    [
        ("/archive/events", '<a href="/archive/articles/1" lang="zh-Hans">把小事办实，城市才有温度</a>'),
        ("/archive/revisions", '<a href="/archive/articles/2" lang="en">Small things make a city warm</a>'),
        ("/archive/revisions", '<a href="/archive/captures/1" lang="en">2024-04-16T01:00:00Z</a>'),
        ("/archive/captures", '<a href="/archive/sources/newsroom" lang="zh-Hans">新闻室</a>'),
        ("/archive/captures/1", '<dt lang="en">crawl_id</dt><dd><a href="/archive/crawls/1" lang="en">c1</a></dd>'),
        ("/archive/article_keywords", '<a href="/archive/keywords/1" lang="zh-Hans">城市治理</a>'),
        ("/archive/article_people", '<a href="/archive/people/1" lang="zh-Hans">'),
        ("/archive/related_links", '<a href="/archive/articles/1" lang="zh-Hans">把小事办实，城市才有温度</a>'),
        ("/archive/changes", '<a href="/archive/revision_records/'),
    ],
)
def test_references_in_rows_link_to_the_referenced_row_by_its_name(datasette: Datasette, path: str, cell: str) -> None:
    assert cell in get(datasette, path).text


def test_a_language_in_the_address_is_no_column_of_the_table(datasette: Datasette) -> None:
    page = get(datasette, "/archive/articles?state=live&ui=en")
    assert 'href="?state=live&amp;ui=zh"' in page.text
    assert "ui=en" not in re.sub(r"<link [^>]*hreflang[^>]*>", "", page.text)
    rows = get(datasette, "/archive/articles.json?_shape=array&state=live&ui=en")
    assert (rows.status_code, len(rows.json())) == (200, 3)
    remembered = get(datasette, "/archive/articles", headers={"cookie": "thinker_ui=en"})
    assert "What the columns mean" in remembered.text


def test_another_database_beside_ours_has_the_look_and_no_more(tmp_path: Path) -> None:
    home = build(tmp_path)
    with closing(sqlite3.connect(tmp_path / "other.db")) as conn, conn:
        conn.execute("create table articles (url text primary key, body_text text, search_id int)")
        conn.execute("insert into articles values ('https://a.example/1', '一篇别处的文章', 5)")
    both = Datasette([str(home.database), str(tmp_path / "other.db")])
    try:
        page = text(get(both, "/other/articles?ui=en"))
        row = get(both, "/other/articles/https~3A~2F~2Fa~2Eexample~2F1?ui=en")
        database = get(both, "/other?ui=zh")
        query = get(both, "/other?sql=select+*+from+articles&ui=zh")
        ours = text(get(both, "/archive/articles?ui=en"))
    finally:
        for database_of in both.databases.values():
            database_of.close()
    assert "search_id url body_text" in page or "url body_text search_id" in page
    assert "一篇别处的文章" in page
    assert "One row per article" not in page
    assert [reply.status_code for reply in (row, database, query)] == [200, 200, 200]
    assert ("terms(" in database.text, "terms(" in query.text) == (False, False)
    assert "One row per article" in ours


def test_a_nameless_source_is_shown_by_its_key_and_an_empty_facet_by_a_dash(tmp_path: Path) -> None:
    home = build(tmp_path)
    with closing(sqlite3.connect(home.database)) as conn, conn:
        conn.execute("update sources set publisher = null")
        conn.execute("update articles set speaker = '' where id = 1")
    with served(home) as nameless:
        table, row = (
            get(nameless, f"/archive/articles{path}").text for path in ("?_facet=source&_facet=speaker", "/1")
        )
    named = '<a href="/archive/sources/newsroom" lang="en">newsroom</a>'
    assert (table.count(named), row.count(named), "None" in table + row) == (5, 1, False)
    assert re.findall(r'<li><a href="[^"]+[?&;]source=newsroom" lang="en">newsroom</a>', table) != []
    assert re.findall(r'<li><a href="[^"]+[?&;]speaker=" lang="en">–</a>', table) != []


@pytest.fixture
def _own_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restore the plugin's metadata after the test: Datasette writes into it."""
    monkeypatch.setattr(plugin, "METADATA", deepcopy(METADATA))


# Counts are given as far as their time goes; without the plugin, an index is no page that could be listed.
COUNT = re.compile(r"Rows: \d+ |many rows |\(\d+\)")


@pytest.mark.usefixtures("_own_metadata")
def test_the_folder_with_its_metadata_is_the_same_page(tmp_path: Path) -> None:
    home = build(tmp_path)
    write_beside(home)
    told = json.loads((home.path / "metadata.json").read_text("utf-8"))
    folder, alone = (Datasette([str(home.database)], metadata=beside) for beside in (told, {}))
    try:
        pages = [COUNT.sub("", text(get(each, "/archive?ui=en"))) for each in (alone, folder)]
    finally:
        for each in (folder, alone):
            each.get_database("archive").close()
    assert "articles One row per article" in pages[0]
    assert pages[0] == pages[1]


@pytest.mark.usefixtures("_own_metadata")
def test_the_operator_can_forbid_a_table_and_choose_facets(tmp_path: Path) -> None:
    told = {"databases": {"archive": {"tables": {"captures": {"allow": False}, "articles": {"facets": ["state"]}}}}}
    theirs = Datasette([str(build(tmp_path).database)], metadata=told)
    try:
        pages = [get(theirs, f"/archive{path}") for path in ("", "/captures", "/articles")]
    finally:
        theirs.get_database("archive").close()
    assert [page.status_code for page in pages] == [200, 403, 200]
    assert ('href="/archive/captures"' in pages[0].text, 'id="facet-1"' in pages[2].text) == (False, True)


@pytest.mark.usefixtures("_own_metadata")
def test_a_table_ban_follows_the_name_through_creation_and_renaming(tmp_path: Path) -> None:
    told = {"databases": {"archive": {"tables": {"Made": {"allow": False}}}}}
    home = build(tmp_path)
    theirs = Datasette([str(home.database)], metadata=told)
    statuses = []
    try:
        for statement in ("select 1", "create table Made (a)", "alter table Made rename to other",
                          "create view Made as select 1 as a"):  # fmt: skip
            with closing(sqlite3.connect(home.database)) as conn, conn:
                conn.execute(statement)
            statuses.append([get(theirs, f"/archive/{name}").status_code for name in ("Made", "other", "articles")])
    finally:
        theirs.get_database("archive").close()
    assert statuses == [[404, 404, 200], [403, 404, 200], [404, 200, 200], [403, 200, 200]]


def test_a_failed_query_of_the_schema_writes_nothing_to_the_log(
    datasette: Datasette, capfd: pytest.CaptureFixture[str]
) -> None:
    database = datasette.get_database("archive")
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        asyncio.run(database.execute("select name from sqlite_master where nowhere = ?", ("articles",)))
    assert capfd.readouterr().err == ""


def test_a_table_counts_the_values_of_a_column_on_request(datasette: Datasette) -> None:
    page = get(datasette, "/archive/articles?_next=x&ui=en").text
    assert '<a href="?_facet=state" rel="nofollow" lang="en">state</a>' in page
    shown = text(get(datasette, "/archive/articles?_facet=state"))
    assert "state 去掉 live 3 removed 1 withdrawn 1" in shown


def test_facets_show_a_text_by_its_length_and_cut_long_values(tmp_path: Path) -> None:
    home = build_many(tmp_path)
    long = "长标题" * 100
    with closing(sqlite3.connect(home.database)) as conn, conn:
        conn.execute("update articles set headline = ? || id, body_text = ? || id", (long, "正文" * 10_000))
    with served(home) as many:
        facets = "_facet=body_text&_facet=headline&_facet=key&_facet_size=max"
        page = get(many, f"/archive/articles?{facets}")
        data = get(many, f"/archive/articles.json?{facets}").json()["facet_results"]
    counted = page.text[page.text.index('class="facet"') : page.text.index('class="scroll"')]
    assert len(page.content) < 100_000
    assert ("正文正文" in counted, long in counted, f"{long[:80]}… 301 字" in counted) == (False, False, True)
    assert f"{quote('长标题' * 20)}" not in counted
    assert re.findall(r"<li>(20,00\d 字) <small>1</small></li>", counted) != []
    assert re.findall(r'<a href="[^"]+key=newsroom-1[^"]*" lang="en">newsroom-1[^<]*</a>', counted) != []
    assert "<li>…</li>" in counted
    assert len(data["body_text"]["results"]) > 100


def test_no_link_to_a_next_page_holds_a_text(datasette: Datasette) -> None:
    assert get(datasette, "/archive/state_texts?_sort=body_text").status_code == 400


def test_a_filter_for_nothing_is_kept_in_the_other_language(datasette: Datasette) -> None:
    page = get(datasette, "/archive/articles?kicker=&ui=en").text
    assert 'href="?kicker=&amp;ui=zh"' in page


def test_a_table_shows_its_main_columns_until_all_are_asked_for(datasette: Datasette) -> None:
    def columns(query: str) -> set[str]:
        return set(re.findall(r'<td data-column="(\w+)"', get(datasette, f"/archive/articles{query}").text))

    assert "content_digest" not in columns("") > {"id", "key", "headline", "body_text", "state"}
    assert columns("?_all=1") > columns("") | {"content_digest", "canonical_url"}
    assert columns("?_col=content_digest") == {"id", "content_digest"}
    assert "content_digest" in get(datasette, "/archive/articles.json?_shape=array").json()[0]


def test_columns_that_a_page_does_not_show_take_no_room_from_its_rows(tmp_path: Path) -> None:
    home = build_many(tmp_path)
    with closing(sqlite3.connect(home.database)) as conn, conn:
        conn.execute("update articles set canonical_url = 'http://example.com/' || ?", ("a" * 1_000,))
    with served(home) as many:
        pages = (get(many, f"/archive/articles?_size=99{more}").text for more in ("", "&_all=1"))
        few, every = (page.count('<td data-column="id"') for page in pages)
    assert 1 < every < few / 3


def test_a_page_asked_for_at_length_repeats_that_in_few_links(tmp_path: Path) -> None:
    home = build_many(tmp_path)
    with served(home) as many:
        long, short = (get(many, f"/archive/articles?headline__not={'治' * n}&_facet=source") for n in (480, 2))
    assert (long.status_code, len(long.content) < 100_000, "_sort=key" in long.text) == (200, True, False)
    assert ("_sort=key" in short.text, "_facet=state" in short.text) == (True, True)


def test_the_schema_is_remembered_until_the_archive_is_written(tmp_path: Path) -> None:
    home = build(tmp_path)
    with served(home) as there:
        database = there.get_database("archive")
        before = asyncio.run(database.table_names())
        before.append("mine")  # nobody else has it then
        assert "later" not in get(there, "/archive").text
        with closing(sqlite3.connect(home.database)) as conn, conn:
            conn.execute("create table later (id integer primary key, article_id references articles(id))")
        page = get(there, "/archive/later")
        (key,) = asyncio.run(database.foreign_keys_for_table("later"))
        after = asyncio.run(database.table_names())
    assert (page.status_code, "article_id references articles(id)" in page.text) == (200, True)
    assert (key["column"], key["other_table"]) == ("article_id", "articles")
    assert (after.count("later"), after.count("mine"), len(after)) == (1, 0, len(before))


def test_the_remembered_schema_is_current_after_a_migration(tmp_path: Path) -> None:
    """A pragma reads the schema that its connection has cached, which may be older than the migration."""
    home = build(tmp_path)
    with served(home) as there:
        database = there.get_database("archive")
        asyncio.run(_in_every_thread(database, lambda conn: conn.execute("select 1 from sources").fetchall()))
        with closing(sqlite3.connect(home.database)) as conn, conn:
            conn.execute("alter table sources add column later references articles(id)")
        columns = asyncio.run(database.table_columns("sources"))
        (key,) = asyncio.run(database.foreign_keys_for_table("sources"))
        details = asyncio.run(database.table_column_details("sources"))
    assert (columns[-1], details[-1].name, key["other_table"]) == ("later", "later", "articles")


def test_a_long_unknown_table_name_is_not_remembered(datasette: Datasette) -> None:
    database = datasette.get_database("archive")
    assert [get(datasette, f"/archive/{name}").status_code for name in ("x" * 20_000, "articles")] == [404, 200]
    assert ("table_exists", "articles") in database._remembered[1]
    assert max(len(repr(about)) for about in database._remembered[1]) < 1_000


async def _in_every_thread(database: LiveDatabase, fn: Callable[[sqlite3.Connection], object]) -> None:
    """All of Datasette's threads do it, as each waits for the others."""
    all_there = Barrier(database.ds.setting("num_sql_threads"))

    def inside(conn: sqlite3.Connection) -> None:
        fn(conn)
        all_there.wait(10)

    await asyncio.gather(*(database.execute_fn(inside) for _ in range(all_there.parties)))


def test_a_page_of_many_rows_shows_the_first_and_says_so(datasette: Datasette) -> None:
    many = "with recursive n(i) as (select 1 union all select i + 1 from n limit 1000) select i, {} as t from n"
    short = get(datasette, "/archive", params={"sql": many.format("'x'")})
    long = get(datasette, "/archive", params={"sql": many.format("replace(hex(zeroblob(400)), '0', '字')")})
    assert "本页只显示前 40 行，共取得 1,000 行" in text(short)
    assert re.search(r"本页只显示前 \d+ 行", text(long))
    assert len(long.content) < 100_000


@every_row(
    ("query", "size"),
    [("_size=1000", 99), ("_size=max", 99), ("_size=99", 99), ("_size=2", 2), ("_size=1000&ui=en", 99), ("", 20)],
)
def test_a_page_of_a_table_has_no_more_rows_than_can_be_looked_up(datasette: Datasette, query: str, size: int) -> None:
    page = get(datasette, f"/archive/events?{query}").text
    (sql,) = re.findall(r"limit\+(\d+)", page)
    assert int(sql) == size + 1
    assert len(get(datasette, f"/archive/events.json?{query}&_shape=array").json()) == (2 if size == 2 else 7)


@every_row(
    ("path", "expected"),
    [
        ("/archive?ui=en", ["Tables and SQL", "Views", "latest_articles", "Tables acts"]),
        ("/archive?ui=en", ["Your own SQL", "match terms(", "Ready-made queries", "Which articles contain"]),
        ("/archive", ["自写 SQL", "match terms(", "常用查询", "哪些文章含有这些词？", "视图", "数据表 acts"]),
        (
            "/archive/articles?characters__gt=10",
            ["characters 大于 10", "排序 发布时间 降序", "JSON", "导出"],
        ),
        ("/archive/search?q=治理", ["哪些文章含有这些词？", "terms(:q)", "terms('", "获得感"]),
        (f"{QUERY}select+1", ["terms()", "match terms('"]),
    ],
)
def test_each_table_page_shows_its_parts_in_the_expected_order(
    datasette: Datasette, path: str, expected: list[str]
) -> None:
    shown = text(get(datasette, path))
    places = [shown.find(words) for words in expected]
    assert -1 not in places
    assert places == sorted(places)


BARE = [
    ("select 1 from article_words where article_words match '获得感'", {}, "match terms('获得感')"),
    ("select 1 from article_words where article_words MATCH \"获得感\"", {}, 'MATCH terms("获得感")'),
    ("select 1 from article_words where article_words = '获得感'", {}, "= terms('获得感')"),
    ("select 1 from article_words('获得感')", {}, "article_words(terms('获得感'))"),
    ("select 1 from article_words where article_words match :q", {"q": "获得感"}, "match terms(:q)"),
    ("select 1 from article_words where article_words match :q", {"q": "GDP"}, None),
    ("select 1 from article_words where article_words match terms('获得感')", {}, None),
    ("select 1 from article_words where article_words match 'GDP'", {}, None),
    ("select 1 from article_words where article_words match ('获得感 GDP')", {}, "match (terms('获得感 GDP'))"),
    ("select 1 from article_words where article_words match '感'", {}, "match terms('感')"),
    ("select 1 from article_words where article_words match '火箭 OR \"天宫\"'", {}, None),  # pairs are found
    ("select 1 from articles where headline = 'match \"获得感\"'", {}, None),
    ("select 1 from articles where 0 -- article_words match '获得感'", {}, None),
    ("select 1 from articles /* match '获得感' */ where 0", {}, None),
    ("select 1 from articles where headline = '获得感' or headline like '%获得感%'", {}, None),
]  # fmt: skip


FORMER = [
    ("articles_fts where articles_fts match '获得感'", "article_words where article_words match terms('获得感')"),
    ("Articles_FTS where articles_fts match terms(:q)", "article_words where article_words match terms(:q)"),
    ("revisions_fts('获得感') -- articles_fts", "revision_words(terms('获得感')) -- articles_fts"),
    ("articles_fts where articles_fts = 'articles_fts'", "article_words where article_words = 'articles_fts'"),
    ("articles_fts", None),
    ("articles_fts where ask_on = 'match'", None),
]


@every_row(("sql", "better"), FORMER)
def test_a_query_of_an_index_by_its_former_name_gets_a_corrected_query(
    datasette: Datasette, sql: str, better: str | None
) -> None:
    sql = f"select 1 from {sql}"
    suggested = with_terms(sql, {"q": "获得感"})
    assert suggested == (better and f"select 1 from {better}")
    for ui, hint in (
        ("zh", "只说明查询方法；索引是 article_words"),
        ("en", "only explain how to search. The indexes are"),
    ):
        page = get(datasette, "/archive", params={"sql": sql, "ui": ui, "q": "获得感"})
        assert (page.status_code, hint in page.text) == ((200, False) if better is None else (400, True))
    if suggested:
        assert get(datasette, "/archive", params={"sql": suggested, "q": "获得感"}).status_code == 200


@every_row(("sql", "params", "better"), BARE)
def test_a_bare_match_of_chinese_gets_a_hint_and_the_way_out(
    datasette: Datasette, sql: str, params: dict[str, str], better: str | None
) -> None:
    suggested = with_terms(sql, params)
    assert (suggested is None) if better is None else (suggested is not None and better in suggested)
    for ui, hint in (("zh", "这样写的 match 查不到汉字。"), ("en", "Written like this, match does not find Chinese.")):
        page = get(datasette, "/archive", params={"sql": sql, "ui": ui, **params})
        assert (hint in page.text) is (better is not None)
    assert get(datasette, "/archive.json", params={"sql": sql, "_shape": "array", **params}).json() == []


def test_the_link_of_the_hint_runs_the_query_with_terms_and_finds_the_hits(datasette: Datasette) -> None:
    sql = "select count(*) as n from article_words where article_words match :q"
    page = get(datasette, "/archive", params={"sql": sql, "q": "城市治理"})
    (way,) = re.findall(r'<a href="([^"]+)">改用 terms', page.text)
    assert '<td data-column="n" class="short">2</td>' in get(datasette, way.replace("&amp;", "&")).text
