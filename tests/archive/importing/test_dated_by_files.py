"""A home in which an earlier version dated saved pages by the times of their files; homes/make.py made it."""

import json
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.archiving import rows
from support.journeys import asked

from archive import open_archive, read_archive
from archive.files.dating import written_at
from archive.replaying.proof import PROVED

HOME = Path(__file__).parent / "homes" / "60bb395.tar.xz"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    with tarfile.open(HOME) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Debian's 3.11.2 has none
        archive.extractall(folder)
    (home,) = folder.iterdir()
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of it, brought up to date."""
    copy = Path(shutil.copytree(made, tmp_path / "home"))
    assert asked(copy, "migrate")[0] == 0
    return copy


def read(home: Path, *arguments: str) -> Any:
    code, out, err = asked(home, *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_the_earlier_version_stored_a_file_of_2099_as_the_current_text(made: Path) -> None:
    with closing(sqlite3.connect(made / "archive.db")) as conn:
        (of_it,) = conn.execute("select headline, state, last_seen_at from articles where key = 'newsroom-1'")
    assert of_it == ("旧题目谈一体化", "removed", "2099-01-01T00:00:00Z")


def test_resource_records_of_the_old_home_are_undated_and_received_when_written(home: Path) -> None:
    with closing(read_archive(home)) as archive:
        found = rows(archive, "select record_id, captured_at, dating from captures where record_type = 'resource'")
        others = rows(archive, "select distinct dating from captures where record_type <> 'resource'")
    assert len(found) == 6
    assert {(written_at(str(record_id)), "unknown") for record_id, *_ in found} == {(at, how) for _, at, how in found}
    assert others == [("stated",)]


def test_indexes_of_other_fields_are_made_anew_before_a_rule_moves_a_text(made: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(made, tmp_path / "home"))
    with closing(sqlite3.connect(home / "archive.db")) as conn:
        for index in ("articles_fts", "revisions_fts"):  # as they were called then
            conn.execute(f"drop table {index}")
            conn.execute(f"create virtual table {index} using fts5(headline, content='', contentless_delete=1)")
            conn.execute(f"insert into {index} (rowid, headline) values (1, 'x')")
        conn.commit()
    assert asked(home, "migrate")[0] == 0
    assert read(home, "verify", "--deep")["faults"] == []


def test_undated_versions_in_a_history_have_no_number_and_no_changes(home: Path) -> None:
    told = [(each["number"], each["dating"], each["changes"] != []) for each in read(home, "history", "newsroom-1")]
    assert told == [(None, "unknown", False), (None, "unknown", False), (1, "stated", False), (2, "stated", True)]
    assert read(home, "show", "newsroom-1")["headline"] == "更新的题目谈一体化"
    assert read(home, "show", "newsroom-2")["headline"] == "第2篇文章谈一体化"
    assert read(home, "show", "newsroom-4")["headline"] == "只有存页的一篇改过", (
        "received last, so far as anybody knows"
    )
    happened = read(home, "changes")
    assert [(each["kind"], each["key"]) for each in happened if each["kind"] != "new"] == [
        ("edited", "newsroom-1"), ("removed", "newsroom-1"),
    ]  # fmt: skip
    assert all(each["at"] < "2027" for each in happened)
    (gone,) = read(home, "history", "newsroom-1")[-1]["absences"]
    assert gone["last_seen_at"] < gone["first_missed_at"], "the line of the ledger says 2099"


def test_the_old_home_is_proved_and_a_rebuild_gives_the_same_rows(home: Path) -> None:
    assert read(home, "verify", "--deep")["faults"] == []
    with closing(read_archive(home)) as archive:
        before = {table: rows(archive, sql) for table, sql in PROVED.items()}
    assert asked(home, "rebuild")[0] == 0
    with closing(open_archive(home)) as archive:
        assert {table: rows(archive, sql) for table, sql in PROVED.items()} == before
