"""The values that a column may hold stand once, in Python: no row of a test home has another, no SQL lists them."""

import ast
import re
import tarfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from support.busy_archive import busy_archive
from support.checkout import TESTS
from support.empty_database import open_database
from support.eventful import eventful
from support.module_trees import modules
from support.small_archive import build
from support.tables import every_row

from archive import open_archive
from archive.rules.standing import Missing
from archive.rules.verdicts import Verdict
from archive.schema.closed_lists import CLOSED_LISTS
from archive.schema.descriptions import COLUMNS
from crawler.spiders.reasons import SAID


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
def test_rows_hold_only_values_of_the_closed_lists(tmp_path: Path, name: str) -> None:
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


# How many lists of such words a module holds: the one definition, and subsets that have a name beside it. The steps of
# the schema hold what was true when they were written.
DEFINED = {
    "archive.answers.moves": 1,  # the acts that join or part
    "archive.rows.articles": 1,
    "archive.files.dating": 1,
    "archive.decisions.fields": 1,
    "archive.rules.standing": 7,  # states, their order, ways to be missing, outcomes and weights of probes; two subsets
    "archive.rows.frontier": 1,
    "archive.rows.captures": 1,
    "archive.rows.records": 1,
    "archive.rules.rule_numbers": 1,
    "archive.settings.watch_tables": 1,  # the events that a watch may ask for
    "archive.diffing.significance": 1,
    "archive.rows.undeclared_hosts": 1,
    "archive.rules.verdicts": 4,  # all; what says that there is no article, what leaves it open, and what was not read
    "archive.files.warc": 1,
    "parsers.article": 1,
    "parsers.reader.frame.messages": 1,  # kinds of messages, not of captures
}
SQL = re.compile(r"\bin \(('\w+'(?:,\s*'\w+')*)\)", re.IGNORECASE)


def test_the_values_of_a_column_are_listed_only_in_the_known_places() -> None:
    found = {name: sum(1 for _ in listings(tree)) for name, tree in modules().items() if name != "archive.migrations"}
    assert {name: count for name, count in found.items() if count} == DEFINED


@every_row(("source", "count"), [
    ("ROLES = ('editor', 'author', 'speaker')", 1),
    ("Store = Literal['ledger', 'warc']", 1),
    ('"select 1 from articles where state in (\'removed\', \'delisted\', \'restricted\')"', 1),
    ("x in {'speaker', 'author'}", 0),
    ("COLUMNS = ('headline', 'speaker', 'author', 'editor')", 0),
])  # fmt: skip
def test_a_second_list_is_noticed(source: str, count: int) -> None:
    assert sum(1 for _ in listings(ast.parse(source))) == count


def listings(tree: ast.Module) -> Iterator[frozenset[str]]:
    """Each literal, collection or SQL that holds three words of a closed list or all of it, and nothing else."""
    for node in ast.walk(tree):
        for words in written(node):
            if any(words <= {*values} and len(words) >= min(3, len(values)) for values in CLOSED_LISTS.values()):
                yield words


def written(node: ast.AST) -> Iterator[frozenset[str]]:
    """The words that a node of Python lists, in any way."""
    match node:
        case ast.Tuple(elts=parts) | ast.Set(elts=parts) | ast.List(elts=parts):
            yield frozenset(part.value for part in parts if isinstance(part, ast.Constant))
        case ast.Constant(value=str(text)):
            yield from (frozenset(re.findall(r"\w+", words)) for words in SQL.findall(text))


# A table whose rows people see by a view.
SEEN_AS = {"revision_records": "revisions", "change_records": "changes"}


def test_column_descriptions_name_every_value_of_a_closed_list() -> None:
    unnamed = [
        (table, column, word, told)
        for (table, column), words in CLOSED_LISTS.items()
        for told in COLUMNS.get(SEEN_AS.get(table, table), {}).get(column, ())
        for word in words
        if word not in re.findall(r"[a-z_]+", told)
    ]
    assert unnamed == []


def test_every_verdict_and_missing_outcome_has_a_message() -> None:
    assert {*SAID} == {*get_args(Verdict), *get_args(Missing)}
