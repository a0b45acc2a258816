"""An archive of another version is named in one line, and nothing is written to it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.archiving import NOON, crawl, page, rows
from support.journeys import Thinker

from archive import Home, OtherVersion, connect, open_archive
from archive.migrations import GENERATION
from archive.replaying.opening import EARLIER
from archive.settings.settings import SettingsError, load_settings

OLD_LINE = (
    '{"at":"2026-11-25T12:00:00Z","content_digest":null,"detail":{"crawl":"c"},"digest":"sha256:00","key":null,'
    '"kind":"crawl_started","previous_digest":null,"record_id":null,"recorded_at":"2026-11-25T12:00:00Z"}\n'
)
OLDER = "made by thinker 0.1, which this version cannot read: create a new home and `thinker import` its captures"
NEWER = "made by a newer version of thinker: upgrade"


def old_home(path: Path, database: bool) -> Home:
    """A home that version 0.1 left: tables without a generation, and lines without a format."""
    home = Home(path)
    home.create()
    (home.ledger / "newsroom.jsonl").write_text(OLD_LINE)
    if database:
        with closing(connect(home.database)) as conn:
            conn.execute("create table sources (name text primary key)")
    return home


@pytest.mark.parametrize(
    ("database", "command"),
    [
        (True, "crawl newsroom"),
        (True, "status"),
        (True, "search 一"),
        (True, "verify"),
        (True, "rebuild"),
        (False, "rebuild"),
        (False, "crawl newsroom"),
        (False, "status"),
        (False, "init"),
    ],
)
def test_a_home_of_version_0_1_gets_one_clear_line_and_exit_1(tmp_path: Path, database: bool, command: str):
    home = old_home(tmp_path, database)
    assert Thinker(tmp_path).run(*command.split(), code=1) == f"thinker: newsroom.jsonl at 0: {OLDER}\n"
    assert home.database.exists() == database
    assert (home.ledger / "newsroom.jsonl").read_text() == OLD_LINE


def test_a_database_of_version_0_1_alone_is_named_too(tmp_path: Path):
    home = old_home(tmp_path, database=True)
    (home.ledger / "newsroom.jsonl").unlink()
    assert Thinker(tmp_path).run("status", code=1) == f"thinker: archive.db: {OLDER}\n"


def test_a_database_with_the_tables_of_an_earlier_version_is_made_anew(tmp_path: Path):
    archive = open_archive(tmp_path)
    crawl(archive, NOON, {1: page(1)})
    archive.close()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as conn:
        conn.executescript("drop table sightings; drop table states; pragma user_version = 2")
    for command in ("status", "crawl newsroom"):
        said = Thinker(tmp_path).run(*command.split(), code=1)
        assert said == f"thinker: archive.db: {EARLIER}\n"
    Thinker(tmp_path).run("rebuild")
    with closing(open_archive(tmp_path)) as archive:
        assert rows(archive, "select count(*) from articles") == [(1,)]


@pytest.mark.parametrize(
    "change",
    [
        f"pragma user_version = {GENERATION + 1}",
        "insert into _sqlite_migrations values (999, 'archive', 'm099_tomorrow', '2030')",
    ],
)
def test_a_schema_of_a_newer_version_asks_for_an_upgrade(tmp_path: Path, change: str):
    archive = open_archive(tmp_path)
    crawl(archive, NOON, {1: page(1)})
    archive.close()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as conn:
        conn.execute(change)
        conn.commit()
    with pytest.raises(OtherVersion) as refused:
        open_archive(tmp_path)
    assert str(refused.value) == f"archive.db: {NEWER}"


def test_a_home_without_its_database_says_rebuild(tmp_path: Path):
    archive = open_archive(tmp_path)
    crawl(archive, NOON, {1: page(1)})
    archive.close()
    (tmp_path / "archive.db").unlink()
    said = Thinker(tmp_path).run("show", "newsroom-1", code=2)
    assert said == (
        f"thinker: {tmp_path}/archive.db is missing: run `thinker --home {tmp_path} rebuild` to make it again\n"
    )


@pytest.mark.parametrize("name", ["newsroom-derived", "x-derived", "operator", "schedule", "scheduler"])
def test_no_source_is_called_as_the_archives_own_files_are(tmp_path: Path, name: str):
    (tmp_path / "thinker.toml").write_text(f'[sources.{name}]\nfeeds = ["https://example.org/feed.xml"]\n')
    with pytest.raises(SettingsError, match=f"sources.{name}: this name is reserved for files of the archive"):
        load_settings(tmp_path)
