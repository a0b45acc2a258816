"""Files beside archive.db that Datasette reads without our plugin."""

import json
import re
from pathlib import Path

import pytest

from archive import open_archive
from archive.schema.descriptions import BOOK_KEEPING, COLUMNS, TABLES
from archive.schema.metadata import FOLDED, LABELS, METADATA
from archive.schema.plain_datasette import SETTINGS
from archive.schema.views import INDEXES

TOLD = METADATA["databases"]["archive"]["tables"]


def schema(home: Path) -> dict[str, set[str]]:
    """The columns of every table and view but the index's own."""
    archive = open_archive(home)
    names = [*archive.db.table_names(), *archive.db.view_names()]
    kept = [name for name in names if not re.match(r"sqlite_|_sqlite|(article|revision)_words_", name)]
    columns = {name: {row[1] for row in archive.db.execute(f"pragma table_info({name})")} for name in kept}
    archive.close()
    return columns


def test_every_table_is_described_and_every_described_column_exists(tmp_path: Path) -> None:
    there = schema(tmp_path)
    listed = {name for name, told in TOLD.items() if not told.get("hidden")}
    assert set(there) - set(TOLD) == set()
    assert listed - set(TABLES) == set()
    assert {*TABLES, *BOOK_KEEPING} - {"_sqlite_migrations"} == set(there)
    assert TABLES.keys() & BOOK_KEEPING.keys() == set()
    assert {name: set(told) - there[name] for name, told in COLUMNS.items() if set(told) - there[name]} == {}
    assert {name: label for name, label in LABELS.items() if label not in there[name]} == {}
    assert {name for name, folded in FOLDED.items() if set(folded) - there[name]} == set()


def test_opening_the_archive_for_writing_creates_metadata_and_settings(tmp_path: Path) -> None:
    open_archive(tmp_path).close()
    told = json.loads((tmp_path / "metadata.json").read_text("utf-8"))
    tables = told["databases"]["archive"]["tables"]
    assert told["written_by"].startswith("thinker")
    hidden = {name for name, table in tables.items() if table.get("hidden")}
    assert hidden == {*BOOK_KEEPING, *INDEXES, "revision_captures"}
    assert all(tables[name]["description"].startswith("Internal: ") for name in BOOK_KEEPING)
    assert [name for name, table in tables.items() if "fts_table" in table or "fts_pk" in table] == []
    assert (tables["articles"]["label_column"], tables["articles"]["size"]) == ("headline", 3)
    assert json.loads((tmp_path / "settings.json").read_text("utf-8")) == SETTINGS
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("before", "kept"),
    [('{"title": "mine"}', True), ("not JSON", True), ("[]", True), ("old", False), ("", False), (None, False)],
)
def test_metadata_of_others_are_kept_and_our_own_are_renewed(tmp_path: Path, before: str | None, kept: bool) -> None:
    open_archive(tmp_path).close()
    ours = (tmp_path / "metadata.json").read_text("utf-8")
    old = json.dumps({"written_by": json.loads(ours)["written_by"], "title": "old"})
    if before is None:
        (tmp_path / "metadata.json").unlink()
    else:
        (tmp_path / "metadata.json").write_text(old if before == "old" else before, "utf-8")
    (tmp_path / "settings.json").write_text("{}", "utf-8")
    open_archive(tmp_path).close()
    assert (tmp_path / "metadata.json").read_text("utf-8") == (before if kept else ours)
    assert (tmp_path / "settings.json").read_text("utf-8") == "{}"
