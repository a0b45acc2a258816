"""The codebook of an exported file, as a Frictionless Data Package: its contents, its gaps, and how to cite it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from archive.files import PROGRAM, head_of_all, heads
from archive.publish.exporting.columns import ExportColumn
from archive.publish.exporting.data_sets import ARTICLES, DATA_SETS, REVISIONS
from archive.publish.exporting.formats import ExportFormat
from archive.publish.exporting.selecting import Slice
from archive.publish.exporting.web_archives.choosing import counts
from archive.publish.exporting.writers.txt_files import HEADER
from archive.publish.messages.language import Ui, Words
from archive.schema import of_table

ENDING = ".datapackage.json"
MAX_SLOTS = 1_000  # of those in which nothing was looked at, the latest; all are counted
_TABLE_TYPES = {"integer": "integer", "moment": "datetime", "day": "date", "list": "array", "json": "object"}
# A spreadsheet has a list as lines of one cell.
_CELL_TYPES = _TABLE_TYPES | {"list": "string"}


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that an export wrote. rows: of its data set; sha256: in hex."""

    format: str
    what: str
    file: str
    rows: int
    bytes: int
    sha256: str


def codebook(
    conn: sqlite3.Connection, asked: Slice, form: ExportFormat, written: WrittenFile, moment: str, site: str = ""
) -> dict[str, Any]:
    """The codebook of a file as a JSON object; texts are in English, and in Chinese under the same name with `_zh`.

    written: the file, named relative to the place of the codebook. moment: when it was written.
    """
    archives = form.write_archive is not None
    resource = {
        "name": asked.what,
        "path": written.file,
        "format": form.ending.removeprefix("."),
        "mediatype": form.media_type,
        "bytes": written.bytes,
        "hash": f"sha256:{written.sha256}",
        **_both("description", lambda ui: Words(ui)["export_records"] if archives else of_table(asked.what, ui)),
        **_contents(conn, form, asked),
    }
    if not written.rows and form.name == "jsonl":
        resource |= {"type": "file"}  # Frictionless 5 fails on an empty one: it shall compare the bytes alone
        resource.pop("profile", None)
    described = description(conn, asked, moment, site)
    cited = {
        "what": asked.what, "rows": written.rows, "query": _query(asked) or "-", "moment": moment,
        "head": described["head"], "sha256": written.sha256, "site": site,
    }  # fmt: skip
    return {
        **described,
        **_both("citation", lambda ui: Words(ui)("export_cited", **cited).strip()),
        "slice": asdict(asked) | {"rows": written.rows},
        "resources": [resource],
    }


def description(conn: sqlite3.Connection, asked: Slice, moment: str, site: str = "") -> dict[str, Any]:
    """The part of a codebook that is the same for every format: the slice, its rights, the program, its coverage."""
    told = {"what": asked.what, "query": _query(asked) or "*"}
    return {
        "name": f"thinker-{asked.what}",
        **_both("title", lambda ui: Words(ui)("export_title", **told)),
        **_both("description", lambda ui: Words(ui)["export_told"]),
        "created": moment,
        **_both("rights", lambda ui: Words(ui)["export_rights"]),
        "slice": asdict(asked),
        "program": PROGRAM,
        "schema": _schema(conn),
        "chains": heads(conn),
        "head": head_of_all(conn),
        "site": site or None,
        "coverage": _coverage(conn, asked),
    }


def _query(asked: Slice) -> str:
    """The query with what else narrows the slice; "" for the whole."""
    return " ".join(filter(None, [asked.query, *(f"{name}={value}" for name, value in _limits(asked).items())]))


def _contents(conn: sqlite3.Connection, form: ExportFormat, asked: Slice) -> dict[str, Any]:
    """The contents of the file: a table's schema, a database's tables, a header's lines, or the records of captures."""
    if form.name == "sqlite":
        tables = (ARTICLES, REVISIONS)
        return {"tables": [{"name": each.name, "fields": _fields(each.columns, _CELL_TYPES)} for each in tables]}
    columns = DATA_SETS[asked.what].columns
    if form.name == "txt":
        by_name = {each.name: each for each in columns}
        return {"header": {name: _fields([by_name[column]], _CELL_TYPES)[0] for name, column in HEADER.items()}}
    if form.write_archive is not None:
        return {"counts": counts(conn)}
    if form.write is None:
        return {}
    types = _CELL_TYPES if form.name in ("csv", "xlsx") else _TABLE_TYPES
    schema = {"fields": _fields(columns, types), "missingValues": [""]}
    # Frictionless 5 takes no list of Parquet for an array: it shall compare the bytes alone.
    kind = {"type": "file"} if form.name == "parquet" else {"profile": "tabular-data-resource"}
    return kind | {"encoding": "utf-8", "schema": schema}


def _fields(columns: Sequence[ExportColumn], types: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "type": types.get(each.type, "string"),
            "title": each.titles[0],
            "title_zh": each.titles[1],
            "description": each.told[0],
            "description_zh": each.told[1],
            **({"unit": each.unit} if each.unit else {}),
        }
        for each in columns
    ]


def _limits(asked: Slice) -> dict[str, Any]:
    """The limits of the slice besides the query, by name."""
    return {name: value for name, value in asdict(asked).items() if value and name not in ("what", "query")}


def _both(name: str, told: Callable[[Ui], str]) -> dict[str, str]:
    """A text in English under `name`, and in Chinese under `name_zh`."""
    return {name: told("en"), f"{name}_zh": told("zh")}


def _schema(conn: sqlite3.Connection) -> str:
    """The name of the last step of the database's schema."""
    (name,) = conn.execute("select name from _sqlite_migrations order by rowid desc limit 1").fetchone()
    return str(name)


def _coverage(conn: sqlite3.Connection, asked: Slice) -> dict[str, Any]:
    """The slots of the schedule, by outcome, and those without a look.

    Of the sources of the slice; of articles the whole time, of other data sets the time of the slice.
    """
    timed = asked.what != "articles"
    values = {
        "sources": json.dumps(asked.sources),
        "since": asked.since if timed and asked.since else "",
        "until": f"{asked.until}~" if timed and asked.until else "~",
    }
    outcomes: dict[str, dict[str, Any]] = {}
    for source, outcome, count, first, last in conn.execute(_OUTCOMES, values):
        told = outcomes.setdefault(source, {"first_due_at": first, "last_due_at": last})
        told["first_due_at"], told["last_due_at"] = min(told["first_due_at"], first), max(told["last_due_at"], last)
        told[outcome] = count
    captured = {
        source: {"captures": count, "first": first, "last": last}
        for source, count, first, last in conn.execute(_CAPTURED, values)
    }
    slots = [dict(zip(("source", "due_at", "outcome"), row, strict=True)) for row in conn.execute(_NOT, values)]
    gaps = [{"source": source, "at": at} for source, at in conn.execute(_GAPS, values)]
    return {"captured": captured, "slots": outcomes, "not_looked_at": slots, "gaps": gaps}


_OF_SOURCES = "(:sources = '[]' or source in (select value from json_each(:sources)))"
_OUTCOMES = f"""select source, outcome, count(*), min(due_at), max(due_at) from coverage
    where {_OF_SOURCES} and due_at between :since and :until group by 1, 2 order by 1, 2"""
_NOT = f"""select source, due_at, outcome from coverage
    where outcome in ('missed', 'failed') and {_OF_SOURCES} and due_at between :since and :until
    order by due_at desc, source limit {MAX_SLOTS}"""
_GAPS = f"""select source, at from events
    where kind = 'gap' and {_OF_SOURCES} and at between :since and :until order by at desc, source limit {MAX_SLOTS}"""
_CAPTURED = f"""select source, count(*), min(captured_at), max(captured_at) from captures
    where dating = 'stated' and {_OF_SOURCES} and captured_at between :since and :until group by 1 order by 1"""
