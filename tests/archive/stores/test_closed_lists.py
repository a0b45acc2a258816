"""What a column may hold stands once, in Python: the rows of every test home hold nothing else, and SQL names none."""

import tarfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.busy_archive import busy_archive
from support.checkout import TESTS
from support.empty_database import open_database
from support.eventful import eventful
from support.small_archive import build

from archive import open_archive
from archive.closed_lists import CLOSED_LISTS


def _made_before(folder: Path) -> Path:
    with tarfile.open(next((TESTS / "homes").glob("*.tar.xz"))) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)
    (home,) = folder.iterdir()
    return home


def _busy(folder: Path) -> Path:
    busy_archive(folder).close()
    return folder


HOMES = {
    "made before": _made_before,
    "small": lambda folder: build(folder).path,
    "busy": _busy,
    "eventful": lambda folder: eventful(folder, datetime(2026, 11, 20, 12, tzinfo=UTC)).path,
}


@pytest.mark.parametrize("name", HOMES)
def test_rows_hold_only_what_the_lists_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    with closing(open_archive(HOMES[name](folder))) as archive:
        held = {
            f"{table}.{column}": {value for (value,) in archive.conn.execute(f"select distinct {column} from {table}")}
            for table, column in CLOSED_LISTS
        }
    named = {f"{table}.{column}": {None, *values} for (table, column), values in CLOSED_LISTS.items()}
    assert {column: values - named[column] for column, values in held.items() if values - named[column]} == {}
    assert sum(map(len, held.values())) > len(CLOSED_LISTS)


def test_no_table_closes_a_list() -> None:
    with closing(open_database()) as conn:
        assert conn.execute("select name from sqlite_schema where sql like '%check%(%'").fetchall() == []
