"""A home made by an earlier program works today: it is proved, read, rebuilt, and its schedule goes on.

Each file of tests/homes holds a home as the program of the commit in its name left it; tests/homes/make.py made it.
"""

import json
import shutil
import signal
import sqlite3
import tarfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.attacks import OPERATIONAL
from support.checkout import TESTS
from support.journeys import Thinker, asked

from archive.files.clock import stamp
from newsroom.process import running
from schedules.slots.book import Book

HOMES = sorted((TESTS / "homes").glob("*.tar.xz"))
assert HOMES, "without a home these tests would be skipped"
ARTICLES = 30
JOB = "select next_run_time from apscheduler_jobs"
FRONTIER = "select urlkey, url, kind, etag, last_modified from frontier where source = 'newsroom' order by 1"
REVISION = "select r.id, a.key, r.captured_at, r.origin, r.parser_version"
NAMES = {
    "article_id": "select id, key from articles",
    "capture_id": "select id, record_id from captures",
    "crawl_id": "select id, key from crawls",
    "keyword_id": "select id, name from keywords",
    "person_id": "select id, name, biography from people",
    "revision_id": f"{REVISION} from revision_records r join articles a on a.id = r.article_id",
    "state_id": "select s.id, a.key, s.content_digest, s.parser_version from states s"
    " join articles a on a.id = s.article_id",
}
NAMES |= {"through": NAMES["capture_id"], "witness_id": NAMES["capture_id"]}
NAMES["key_number"] = "select number, key from keys"
NAMES |= {"before_id": NAMES["state_id"], "after_id": NAMES["state_id"]}
"""The identity of a numbered row. A rebuild numbers rows anew, source by source, and not in their first order."""
SAID = {
    "articles": "select key, url, headline, alternative_headline, article_section, speaker, date_published, state,"
    " revisions, content_digest, first_seen_at, last_seen_at, body_text from articles",
    "addresses": "select source, urlkey, url, first_seen_at, last_seen_at from addresses",
    "captures": "select record_id, source, url, captured_at, status, record_type, payload_digest from captures",
    "revisions": "select a.key, r.number, r.captured_at, r.recorded_at, r.content_digest, r.origin, r.parser_version,"
    " r.significance, r.body_text from revisions r join articles a on a.id = r.article_id",
    "changes": "select r.content_digest, c.property, c.before, c.after from changes c"
    " join revisions r on r.id = c.revision_id",
    "events": "select at, recorded_at, source, kind, detail, previous_digest, digest from events",
    "coverage": "select source, due_at, started_at, finished_at, outcome from coverage",
    "crawls": "select source, started_at, finished_at, finish_reason, captures, errors from crawls",
    "reparses": "select id, source, parser_version, undone_at from reparses",
}
"""Rows that people may have quoted of a home, in columns that stay; the rest may be derived anew."""


@pytest.fixture(scope="module", params=HOMES, ids=lambda path: path.name.partition(".")[0])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home as it was made. No test touches it."""
    folder = tmp_path_factory.mktemp("made")
    with tarfile.open(request.param) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Debian's 3.11.2 has none
        archive.extractall(folder)
    (home,) = folder.iterdir()
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of it, migrated to the current schema."""
    copy = Path(shutil.copytree(made, tmp_path / "home"))
    assert asked(copy, "migrate")[0] == 0
    return copy


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as conn:
        return conn.execute(sql).fetchall()


def said(home: Path) -> dict[str, list[str]]:
    return {name: sorted(map(repr, rows(home / "archive.db", sql))) for name, sql in SAID.items()}


def claimed(home: Path) -> dict[str, list[str]]:
    """Every row of every table that captures and ledger prove, with names for numbers.

    Left out: the frontier (it has times of its own), the search index, and operational tables.
    """
    database = home / "archive.db"
    names = {column: {number: name for number, *name in rows(database, sql)} for column, sql in NAMES.items()}
    tables = rows(database, "select name from sqlite_master where type = 'table' order by 1")
    return {
        table: sorted(repr(_named(row, names)) for row in _rows_of(database, table))
        for (table,) in tables
        if not OPERATIONAL.match(f"INSERT INTO {table} ")
    }


def _rows_of(database: Path, table: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as conn:
        conn.row_factory = sqlite3.Row
        found = [dict(row) for row in conn.execute(f"select * from {table}")]
    for row in found if table == "keys" else []:
        del row["number"]  # it stands for the key in other tables, and a rebuild numbers keys anew
    return found


def _named(row: dict[str, Any], names: dict[str, dict[int, list[Any]]]) -> dict[str, Any]:
    numbers = {"id", "search_id"}
    return {
        column: names[column][value] if column in names and value is not None else value
        for column, value in row.items()
        if not (column in numbers and isinstance(value, int))
    }


def read(home: Path, *arguments: str, code: int = 0) -> Any:
    """The data that a command prints with --json."""
    ended, out, err = asked(home, *arguments, "--json")
    assert ended == code, (arguments, err)
    return json.loads(out)


def test_the_old_home_holds_edits_removals_imports_reparses_and_missed_slots(made: Path) -> None:
    database = made / "archive.db"
    assert rows(database, "select source, count(*) from articles group by 1") == [
        ("imported", 1),
        ("newsroom", ARTICLES),
    ]
    assert {kind for (kind,) in rows(database, "select kind from events")} >= {"new", "edited", "removed", "reparsed"}
    assert {*rows(database, "select origin, significance from revisions")} >= {
        ("site", "substantive"),
        ("site", "cosmetic"),
        ("reparse", "substantive"),
    }
    assert rows(database, "select count(*) from revisions where origin = 'import'") == [(2,)]
    assert {outcome for (outcome,) in rows(database, "select outcome from coverage")} >= {"done", "missed", "late"}
    assert rows(database, "select count(*) from reparses where undone_at is not null") == [(1,)]
    assert rows(made / "schedule.db", "select id from apscheduler_jobs") == [("newsroom",)]


def test_every_row_of_the_old_home_is_proved(home: Path) -> None:
    proved = read(home, "verify", "--deep")
    assert (proved["ok"], proved["faults"]) == (True, [])


def test_readers_find_and_show_every_article_of_the_old_home(home: Path) -> None:
    status = read(home, "status", code=3)  # nobody has crawled it since
    assert {rule["name"] for rule in status["rules"] if not rule["ok"]} == {"frontier", "schedule"}
    for key, headline in rows(home / "archive.db", "select key, headline from articles"):
        assert read(home, "show", key)["headline"] == headline
        assert key in {hit["key"] for hit in read(home, "search", f'"{headline}"', "--limit", "0")}
    assert [revision["significance"] for revision in read(home, "history", "newsroom-13", "--all")][-1] == "cosmetic"
    assert [each["property"] for each in read(home, "history", "newsroom-14")[-1]["changes"]] == ["headline"]
    assert read(home, "show", "newsroom-7")["state"] == "removed"


def test_a_rebuild_gives_the_database_before(made: Path, home: Path) -> None:
    before, frontier = claimed(home), rows(home / "archive.db", FRONTIER)
    assert said(home) == said(made), "opened by the program of today"
    assert asked(home, "rebuild")[0] == 0
    assert claimed(home) == before
    assert rows(home / "archive.db", FRONTIER) == frontier
    assert said(home) == said(made)


@pytest.mark.slow
def test_the_schedule_and_the_crawls_of_the_old_home_go_on(home: Path) -> None:
    """A job of schedule.db that cannot be read is made anew, and the scheduler says so: here it has nothing to say."""
    ((due,),) = rows(home / "schedule.db", JOB)
    since = stamp(datetime.fromtimestamp(due, UTC))
    assert [each["source"] for each in read(home, "schedule", "list")] == ["newsroom"]
    assert [each["source"] for each in read(home, "schedule", "next")] == ["newsroom"]
    with running(articles=ARTICLES) as site:
        thinker = Thinker(home, site)
        scheduler = thinker.start("schedule", "run")
        try:
            until(lambda: crawled(home)["due_at"] > since and crawled(home)["ended_at"])
        finally:
            scheduler.send_signal(signal.SIGTERM)
            _, err = scheduler.communicate(timeout=60)
        line = f"newsroom  due {crawled(home)['due_at']}  finished  exit 0  {ARTICLES} articles seen, 0 new, "
        assert (scheduler.returncode, err.startswith(line), err.count("\n")) == (0, True, 1), err
        sql = f"select distinct outcome from coverage where due_at >= '{since}' order by 1"
        assert rows(home / "archive.db", sql) in ([("late",), ("missed",)], [("done",), ("missed",)])
        again = thinker.json("crawl", "newsroom")
    assert (again["finish_reason"], again["errors"], again["new_articles"], again["articles_seen"]) == (
        "finished", 0, 0, ARTICLES,
    )  # fmt: skip
    assert read(home, "show", "newsroom-7")["state"] == "live", "this newsroom has it again"
    assert read(home, "verify", "--deep")["ok"]


def crawled(home: Path) -> dict[str, Any]:
    """The last slot that a crawl was started for."""
    return Book(home / "schedule.db").runs(latest=True)[0]


def until(condition: Callable[[], object]) -> None:
    """Wait until the condition holds; fail after two minutes."""
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)
