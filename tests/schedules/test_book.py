"""schedule.db that is damaged, in use or half written: the line names it, and not archive.db; readers mend a crash."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.journeys import Thinker, asked

from archive.files.home import Home
from schedules.slots.book import Book

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    Thinker(home.path).run("init")
    home.settings_file.write_text('[sources.newsroom]\nschedule = "every 7 days"\n', encoding="utf-8")
    Book(home.schedule_database).pause(["newsroom"], NOW)
    return home


@pytest.fixture
def kept(home: Home) -> Iterator[Home]:
    """Another process keeps schedule.db to itself."""
    with closing(sqlite3.connect(home.schedule_database, isolation_level=None)) as conn:
        conn.execute("begin exclusive")
        yield home


COMMANDS = [("schedule", "list"), ("schedule", "resume"), ("status",)]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_damaged_schedule_is_one_line_that_names_it(home: Home, command: tuple[str, ...]) -> None:
    home.schedule_database.write_bytes(b"no database" * 1000)
    code, _, err = asked(home.path, *command)
    remedy = "move it away; a new one is made, in which no source is paused"
    assert (code, err) == (1, f"thinker: {home.schedule_database}: file is not a database: {remedy}\n")


@pytest.mark.slow
def test_a_schedule_in_use_is_one_line_that_names_it(kept: Home) -> None:
    code, _, err = asked(kept.path, "schedule", "list")
    assert (code, err.startswith(f"thinker: {kept.schedule_database} is locked by ")) == (5, True), err


@pytest.mark.slow
def test_a_scheduler_names_a_locked_or_damaged_schedule(home: Home) -> None:
    with closing(sqlite3.connect(home.schedule_database, isolation_level=None)) as conn:
        conn.execute("begin exclusive")
        err = Thinker(home.path).run("schedule", "run", code=5)
    assert err.startswith(f"thinker: {home.schedule_database} is locked by ")
    home.schedule_database.write_bytes(b"no database" * 1000)
    err = Thinker(home.path).run("schedule", "run", code=1)
    assert err.startswith(f"thinker: {home.schedule_database}: file is not a database: move it away")


def test_a_reader_rolls_back_a_change_that_a_crash_left_half_written(home: Home, tmp_path: Path) -> None:
    whole, torn = home.schedule_database, tmp_path / "torn.db"
    with closing(sqlite3.connect(whole, isolation_level=None)) as conn:
        conn.executescript("pragma cache_size = 1; begin")
        conn.executemany("insert into paused values (?, '')", [(f"{number}" * 200,) for number in range(500)])
        for end in ("", "-journal"):
            shutil.copy(f"{whole}{end}", f"{torn}{end}")
    assert Book(torn).paused() == {"newsroom": "2026-11-25T12:00:00Z"}
