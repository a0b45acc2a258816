"""thinker_archive gives what the commands and SQL give, as rows and as typed tables, and only reads."""

import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas
import pyarrow
import pytest
from support.eventful import EDITED, eventful
from support.journeys import asked
from support.small_archive import HOSTILE, build
from support.tables import every_row

import thinker_archive
from archive.files.home import Home
from archive.history.revisions import article_json
from archive.publish.exporting import frames
from archive.search import Hit
from parsers.article import Article
from thinker_archive.records import FoundArticle, RecordedEvent, kinds_of, kinds_of_article

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
KEY = f"newsroom-{EDITED}"
UTC_TIMES = pyarrow.timestamp("us", tz="UTC")
ENDLESS = "with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) from c"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of five days with events of many kinds."""
    return eventful(tmp_path_factory.mktemp("front") / "home", START).path


@pytest.fixture
def archive(home: Path) -> Iterator[thinker_archive.Reader]:
    with thinker_archive.open(home) as opened:
        yield opened


def printed(home: Path, *arguments: str) -> Any:
    """The data that a command prints."""
    code, out, err = asked(home, *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


@every_row(
    ("query", "options", "words"),
    [
        ("一体化", {}, []),
        ("改过的题目", {}, []),
        ("一体化 -改过", {"limit": 3}, ["--limit", "3"]),
        ("一体化", {"ever": True}, ["--ever"]),
        ("一体化", {"gone": True}, ["--gone"]),
        ("長三角", {"exact": True}, ["--exact"]),
        ("source:example OR 一体化", {"limit": 2}, ["--limit", "2"]),
        ("!", {}, []),
    ],
)
def test_a_search_gives_the_rows_of_the_command(home: Path, query: str, options: Any, words: list[str]) -> None:
    found = thinker_archive.open(home).search(query, **options)
    told = printed(home, "search", query, *(words if "--limit" in words else ["--limit", "0", *words]))
    assert (list(found), len(found)) == (told, len(told))


def test_hits_are_read_a_few_at_a_time_in_one_order(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thinker_archive.reader.HITS_READ_AT_ONCE", 2)
    assert list(thinker_archive.open(home).search("一体化")) == printed(home, "search", "一体化", "--limit", "0")


def test_an_article_and_its_versions_are_those_of_the_commands(home: Path, archive: thinker_archive.Reader) -> None:
    article, versions = archive.article(KEY), archive.versions(KEY)
    assert list(article) == [printed(home, "show", KEY)]
    assert (article["key"], article["headline"], len(article)) == (KEY, "改过的题目谈一体化", 1)
    assert list(versions) == printed(home, "history", KEY)
    assert [versions[0]["number"], versions[1]["number"]] == [1, 2]
    assert list(archive.versions("newsroom-2", every=True)) == printed(home, "history", "newsroom-2", "--all")


def test_changes_are_those_of_the_command(home: Path, archive: thinker_archive.Reader) -> None:
    every = printed(home, "changes")
    assert {"new", "edited", "removed", "restored", "restricted"} <= {each["kind"] for each in every}
    assert list(archive.changes()) == every
    later = printed(home, "changes", "--since", "2026-11-26")
    assert list(archive.changes(since="2026-11-26")) == later
    assert list(archive.changes(since=date(2026, 11, 26))) == later
    assert list(archive.changes(kind=("edited", "removed"))) == [
        each for each in every if each["kind"] in ("edited", "removed")
    ]


@every_row(
    ("until", "last"),
    [
        ("2026-11-25", "2026-11-25T09:00:00Z"),  # a day with its end
        (date(2026, 11, 25), "2026-11-25T09:00:00Z"),
        ("2026-11-25T08:59:59Z", "2026-11-24T09:00:00Z"),
        ("2026-11-25T17:00:00+08:00", "2026-11-25T09:00:00Z"),  # a moment with itself
        (datetime(2026, 11, 25, 8, tzinfo=UTC), "2026-11-24T09:00:00Z"),
    ],
)
def test_until_includes_what_it_names(home: Path, until: Any, last: str) -> None:
    found = [each["at"] for each in thinker_archive.open(home).changes(until=until)]
    assert (max(found), found) == (last, [at for at in found if at <= last])


def test_removed_articles_are_those_of_the_view(home: Path, archive: thinker_archive.Reader) -> None:
    removed = list(archive.removed())
    assert {each["key"]: each["state"] for each in removed} == {"newsroom-3": "removed", "newsroom-6": "restricted"}
    assert removed == list(archive.sql("select * from removed_articles"))


def test_phrases_are_those_of_the_command(home: Path, archive: thinker_archive.Reader) -> None:
    told = printed(home, "phrase", "一体化", "改过的题目")
    found = archive.phrase("一体化", "改过的题目")
    assert list(found) == told
    months = [{"text": each["text"]} | month for each in told for month in each["months"]]
    assert list(found.months()) == months
    assert found.months().columns[0] == "text"


def test_sql_gives_the_rows_of_sqlite(home: Path, archive: thinker_archive.Reader) -> None:
    query = "select key, characters, null as absent, 1.5 as half from articles where key > :key order by key"
    with closing(sqlite3.connect(home / "archive.db")) as conn:
        rows = conn.execute(query, {"key": "newsroom-2"}).fetchall()
    found = archive.sql(query, {"key": "newsroom-2"})
    assert [tuple(row.values()) for row in found] == rows
    assert found.columns == ["key", "characters", "absent", "half"]
    assert list(archive.sql("select a.key, a.key from articles a where key = ?", [KEY])) == [{"key": KEY, "key:1": KEY}]
    match = "select count(*) as n from article_words where article_words match terms('一体化')"
    assert list(archive.sql(match)) == [{"n": 8}]


def _types(table: pyarrow.Table) -> dict[str, str]:
    return {field.name: str(field.type) for field in table.schema}


def test_columns_have_types_in_arrow(archive: thinker_archive.Reader) -> None:
    changes = archive.changes().to_arrow()
    assert _types(changes) == {
        "at": "timestamp[us, tz=UTC]", "recorded_at": "timestamp[us, tz=UTC]", "source": "string", "key": "string",
        "headline": "string", "kind": "string", "revision": "int64", "detail": "string", "digest": "string",
    }  # fmt: skip
    rows = [
        dict(row) | {name: datetime.fromisoformat(row[name]) for name in ("at", "recorded_at")}
        | {"detail": json.dumps(row["detail"], ensure_ascii=False)}
        for row in archive.changes()
    ]  # fmt: skip
    assert changes.to_pylist() == [{name: row[name] for name in changes.column_names} for row in rows]
    removed = archive.removed().to_arrow()
    assert (removed.schema.field("published_date").type, removed["published_date"][0].as_py()) == (
        pyarrow.date32(), date(2024, 4, 13),
    )  # fmt: skip
    article = archive.article(KEY).to_arrow()
    assert str(article.schema.field("paragraphs").type).startswith("list<")
    assert article.schema.field("date_published").type == UTC_TIMES
    assert article["paragraphs"][0].as_py() == archive.article(KEY)["paragraphs"]
    assert article["date_published"][0].as_py() == datetime(2024, 4, 13, 15, 1, EDITED, tzinfo=UTC)


def test_columns_have_types_in_pandas(archive: thinker_archive.Reader) -> None:
    frame = archive.changes().to_pandas()
    assert [str(frame[name].dtype) for name in ("at", "revision")] == ["datetime64[us, UTC]", "Int64"]
    assert frame["revision"].isna().any()
    assert list(frame["key"].dropna()) == [each["key"] for each in archive.changes() if each["key"]]
    article = archive.article(KEY).to_pandas()
    assert article.loc[0, "paragraphs"] == archive.article(KEY)["paragraphs"]
    assert str(article["incomplete"].dtype) == "boolean"
    months = archive.phrase("一体化").months().to_pandas()
    assert (list(months["articles"]), str(months["occurrences"].dtype)) == ([8], "Int64")


def test_an_empty_result_keeps_its_columns_and_types(archive: thinker_archive.Reader) -> None:
    for full, empty in (
        (archive.search("一体化"), archive.search("没有这个词")),
        (archive.changes(), archive.changes(kind="merged")),
    ):
        assert (list(empty), bool(empty), bool(full)) == ([], False, True)
        assert empty.to_arrow().schema == full.to_arrow().schema == full.to_batches().schema
        assert dict(empty.to_pandas().dtypes) == dict(full.to_pandas().dtypes)
    none = archive.sql("select key, characters from articles where 0")
    assert (none.columns, none.to_pandas().shape) == (["key", "characters"], (0, 2))


def test_batches_are_read_one_after_the_other(archive: thinker_archive.Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "ROWS_OF_A_BATCH", 3)
    batches = list(archive.changes().to_batches())
    assert {each.num_rows for each in batches[:-1]} == {3}
    assert pyarrow.Table.from_batches(batches).to_pylist() == archive.changes().to_arrow().to_pylist()
    late = archive.sql("select iif(id > 5, 0.5, id) as n, iif(id > 5, 'x', null) as t from events")
    assert _types(late.to_arrow()) == {"n": "double", "t": "string"}


@every_row("query", ["select 1 as a union all select 'x'", "select iif(id > 3, 'x', id) as a from events order by id"])
def test_a_column_of_several_kinds_is_refused_in_one_line(home: Path, query: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "ROWS_OF_A_BATCH", 3)
        with pytest.raises(
            ValueError, match=r"values of several kinds, such as texts and numbers: write cast\("
        ) as told:
            thinker_archive.open(home).sql(query).to_arrow()
    assert "\n" not in str(told.value)


def test_a_record_has_the_fields_of_what_it_describes(home: Path) -> None:
    assert list(kinds_of(FoundArticle)) == [field.name for field in fields(Hit)]
    with closing(sqlite3.connect(home / "archive.db")) as conn:
        assert [*article_json(conn, 1), "corrections", "unjudged"] == list(kinds_of_article())
    assert set(kinds_of(Article)) < set(kinds_of_article())
    assert set(kinds_of(RecordedEvent)) == set(printed(home, "changes")[0])


@every_row(
    "query",
    [
        "delete from articles",
        "update articles set headline = 'x'",
        "attach '/tmp/other.db' as other",
        "pragma journal_mode = delete",
        "pragma query_only = off",
        "create temp table t (a)",
        "vacuum into '/tmp/copy.db'",
        "begin",
        "select load_extension('x')",
        "select * from dbstat",
    ],
)
def test_sql_that_does_more_than_read_is_refused(home: Path, query: str) -> None:
    with pytest.raises(sqlite3.Error) as told:
        list(thinker_archive.open(home).sql(query))
    assert str(told.value).startswith(("only a query that reads is possible: ", "not authorized to use function"))


@every_row(
    ("ask", "error", "said"),
    [
        (lambda a: a.article("nobody-1"), thinker_archive.Unknown, "no article with the key 'nobody-1'"),
        (lambda a: a.versions("nobody-1"), thinker_archive.Unknown, "no article with the key 'nobody-1'"),
        (lambda a: a.changes(kind="eaten"), ValueError, "'eaten' is no kind of event: choose of edited, "),
        (lambda a: a.changes(since="yesterday"), ValueError, "'yesterday' is not a date such as 2026-11-01"),
        (lambda a: a.changes(until=""), ValueError, "'' is not a date"),
        (lambda a: a.phrase("!?"), ValueError, "'!?' has no letter, digit or character to search for"),
        (lambda a: a.search("x", limit=-1), ValueError, "limit=-1: give the maximum number"),
        (lambda a: list(a.sql("select 1; select 2")), sqlite3.Error, "one statement"),
        (lambda a: list(a.sql("")), sqlite3.Error, "the query gives no rows: write one SELECT"),
        (lambda a: list(a.sql("select nowhere")), sqlite3.Error, "no such column: nowhere"),
        (lambda a: list(a.sql("select ?")), sqlite3.Error, "binding"),
        (lambda a: list(a.sql(ENDLESS, seconds=0.1)), TimeoutError, "the query took longer than 0.1 seconds"),
        (lambda a: len(a.changes()), TypeError, "the number of rows is not known"),
        (lambda a: (a.close(), a.article(KEY)), ValueError, "the archive is closed: open it again"),
    ],
)
def test_a_fault_is_one_line(home: Path, ask: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error) as told:
        ask(thinker_archive.open(home))
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_no_archive_and_another_version_are_the_lines_of_the_commands(home: Path, tmp_path: Path) -> None:
    empty, older = tmp_path / "empty", tmp_path / "older"
    older.mkdir()
    with closing(sqlite3.connect(older / "archive.db")) as conn:
        conn.execute("create table sources (name)")
    for place, error in ((empty, FileNotFoundError), (older, thinker_archive.OtherVersion)):
        with pytest.raises(error) as told:
            thinker_archive.open(place)
        assert asked(place, "changes")[2] == f"thinker: {told.value}\n"


def test_without_a_home_the_one_of_the_environment_is_opened(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THINKER_HOME", str(home))
    assert thinker_archive.open().article(KEY)["key"] == KEY
    monkeypatch.delenv("THINKER_HOME")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="no archive at data"):
        thinker_archive.open()


class Tags(HTMLParser):
    """The elements of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert attrs == []


def test_text_of_pages_stays_text_in_a_notebook(tmp_path: Path) -> None:
    archive = thinker_archive.open(build(tmp_path / "home").path)
    results: list[Any] = [
        archive.search("改革"), archive.article("newsroom-3"), archive.versions("newsroom-3"), archive.changes(),
        archive.removed(), archive.phrase("改革"), archive.sql("select ? as \"<script>alert(1)</script>\"", [HOSTILE]),
    ]  # fmt: skip
    for each in results:
        reader = Tags()
        reader.feed(each._repr_html_())
        assert reader.tags == {"table", "thead", "tbody", "tr", "th", "td", "p"}
    assert "&lt;script&gt;" in results[-1]._repr_html_()
    assert archive.search("改革")._repr_html_().endswith("<p>2 rows</p>")
    assert archive.removed()._repr_html_().endswith("<p>1 row</p>")
    assert repr(archive.search("改革")) == "<search '改革', 2 rows>"


def test_a_long_result_says_how_much_of_it_is_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thinker_archive.results.ROWS_SHOWN", 3)
    found = thinker_archive.open(home).search("一体化")._repr_html_()
    assert (found.count("<tr>"), found.rpartition("<p>")[2]) == (4, "the first 3 of 8 rows</p>")
    assert thinker_archive.open(home).changes()._repr_html_().endswith("<p>the first 3 rows</p>")


def test_a_withdrawn_article_appears_nowhere(tmp_path: Path) -> None:
    home = eventful(tmp_path / "home", START).path
    before = thinker_archive.open(home)
    words = [before.article(KEY)["headline"], before.article(KEY)["url"]]
    assert asked(home, "takedown", KEY, "--hide", "--reason", "copyright", "--yes")[0] == 0
    after = thinker_archive.open(home)
    for ask in (after.article, after.versions):
        with pytest.raises(thinker_archive.Withdrawn, match="nothing of it is shown"):
            ask(KEY)
    tables = [row["name"] for row in after.sql("select name from sqlite_schema where type in ('table', 'view')")]
    told: list[Any] = [after.search("一体化", ever=True), after.removed(), after.phrase("改过的题目")[0]["first"]]
    told += [after.sql(f'select * from "{name}"') for name in tables]
    said = "\n".join(repr(row) for each in told for row in each or ())
    assert words[0] not in said
    assert [row["kind"] for row in after.changes() if row["key"] == KEY] == ["withdrawn"]
    assert {row["headline"] for row in after.changes() if row["key"] == KEY} == {""}


def test_any_thread_may_ask(archive: thinker_archive.Reader) -> None:
    found, expected = list[Any](), list(archive.search("一体化"))
    hits = archive.search("一体化")
    threads = [threading.Thread(target=lambda: found.append(list(hits))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_an_archive_that_is_being_written_can_be_read(tmp_path: Path) -> None:
    home = build(tmp_path / "home")
    archive = thinker_archive.open(home.path)
    with closing(sqlite3.connect(home.database, isolation_level=None)) as writer:
        writer.execute("begin immediate")
        writer.execute("update articles set headline = 'half done' where key = 'newsroom-1'")
        rows = iter(archive.sql("select key from articles order by key"))
        assert next(rows) == {"key": "newsroom-1"}
        assert archive.article("newsroom-1")["headline"] != "half done"
        writer.execute("commit")
    assert archive.article("newsroom-1")["headline"] == "half done"
    assert len(list(rows)) == 4


def test_a_rebuilt_database_is_read_without_opening_it_again(tmp_path: Path) -> None:
    home, other = build(tmp_path / "home"), build(tmp_path / "other")
    archive = thinker_archive.open(home.path)
    with closing(sqlite3.connect(other.database)) as conn, conn:
        conn.execute("update articles set headline = 'rebuilt' where key = 'newsroom-1'")
    other.database.replace(home.database)
    assert archive.article("newsroom-1")["headline"] == "rebuilt"


def test_nothing_is_written(home: Path, archive: thinker_archive.Reader) -> None:
    before = Home(home).database.read_bytes()
    list(archive.search("一体化", ever=True))
    archive.changes().to_pandas()
    assert Home(home).database.read_bytes() == before


def test_ctrl_c_stops_a_query(home: Path) -> None:
    code = f"""import thinker_archive
archive = thinker_archive.open({str(home)!r})
print("asking", flush=True)
try:
    list(archive.sql({ENDLESS!r}))
except KeyboardInterrupt:
    print("stopped", len(archive.search("一体化")))"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "asking\n"
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert (out, process.returncode) == ("stopped 8\n", 0)


@every_row(
    ("absent", "ask", "name"),
    [
        ("pyarrow", "to_arrow", "pyarrow"),
        ("pyarrow", "to_batches", "pyarrow"),
        ("pyarrow", "to_pandas", "pyarrow"),
        ("pandas", "to_pandas", "pandas"),
    ],
)
def test_without_the_extra_one_line_says_what_to_install(home: Path, absent: str, ask: str, name: str) -> None:
    found = thinker_archive.open(home).search("一体化")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, absent, None)
        with pytest.raises(ImportError) as told:
            getattr(found, ask)()
        assert str(told.value) == f"tables of {name} need the extra [export]: pip install 'thinker-archive[export]'"
        assert len(list(found)) == 8


def test_frames_of_pandas_are_frames(archive: thinker_archive.Reader) -> None:
    assert isinstance(archive.removed().to_pandas(), pandas.DataFrame)
