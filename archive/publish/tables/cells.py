"""Cells of table pages: long texts as their length, references by name, addresses as links, with `lang`."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_encode
from markupsafe import Markup

from archive.properties import of_kind
from archive.publish.database.reading import DATABASE
from archive.publish.formatting.filters import short_digest, tongue, web_url
from archive.publish.messages.language import Words
from archive.publish.tables.datasette_pages import reader
from archive.schema import LABELS

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

Row = sqlite3.Row | Mapping[str, Any]

EXCERPT_CHARACTERS = 80  # of a long text
MAX_CELL_CHARACTERS = 200  # longer cells are shortened to EXCERPT_CHARACTERS
TEXTS = {*of_kind("text"), "details", "article", "paragraphs"}
PARTS = {*of_kind("passage"), "before", "after", "detail", "teaser", "caption", "sql"}
URLS = {*of_kind("address"), "url", "homepage"}
SPOKEN = {*of_kind("line", "name"), "name", "publisher", "keyword", "snippet", *PARTS}
REFERENCES = {
    "article_id": "articles", "target_article_id": "articles", "capture_id": "captures", "witness_id": "captures",
    "crawl_id": "crawls", "keyword_id": "keywords", "person_id": "people", "revision_id": "revision_records",
    "source": "sources",
}  # fmt: skip

_VERSION_OF = """select a.key, s.content_digest
                   from revision_records r
                   join articles a on a.id = r.article_id
                   join states s on s.id = r.{state}
                  where r.id = ?"""


def render(
    row: Row, value: object, column: str, table: str | None, datasette: Datasette
) -> Markup | Awaitable[Markup] | None:
    """The cell as safe HTML, to be awaited if the database must be asked for it; None leaves the cell to Datasette.

    Results of queries have no `table` (None).
    """
    if isinstance(value, dict):
        return _reference(datasette, column, value["value"], name_of(value))
    if column in REFERENCES and table and isinstance(value, int | str):
        return _named(datasette, column, value)
    if not isinstance(value, str) or not value:
        return None
    if column == "key" and "headline" in row.keys():  # noqa: SIM118 - `in row` looks at the values
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/a/{value}"), value)
    if column in URLS:
        return _link(value)
    if column in TEXTS or (column in PARTS and len(value) > EXCERPT_CHARACTERS):
        return _length(row, value, column, table, datasette)
    return _text(value, column)


def _text(value: str, column: str) -> Markup | None:
    if len(value) > MAX_CELL_CHARACTERS:
        return Markup('<span lang="{}">{}…</span> <em>{}</em>').format(
            tongue(value), value[:EXCERPT_CHARACTERS], counted(value)
        )
    if column in SPOKEN:
        return Markup('<span lang="{}">{}</span>').format(tongue(value), value)
    return None


def counted(value: str) -> str:
    """The number of a text's characters without line breaks, in the reader's language: `1,234 characters`."""
    return Words(reader.get())("characters_n", n=len(value) - value.count("\n"))


async def _length(row: Row, value: str, column: str, table: str | None, datasette: Datasette) -> Markup:
    """HTML of a text's length, such as `1,234 characters`, as a link to the page that shows the text if there is one.

    In a column of PARTS the beginning of the text stands before it.
    """
    place = await _reading_place(row, column, table, datasette)
    beginning = Markup('<span lang="{}">{}…</span> ').format(tongue(value), value[:40]) if column in PARTS else Markup()
    if place is None:
        return beginning + Markup("<em>{}</em>").format(counted(value))
    return beginning + Markup('<a href="{}">{}</a>').format(datasette.urls.path(place), counted(value))


async def _reading_place(row: Row, column: str, table: str | None, datasette: Datasette) -> str | None:
    """The path of the page that shows a row's text, `/a/KEY` or `/a/KEY/v/DIGEST`; None if no page does.

    For a row of `changes` it is the page of the version with the text of this column (`before` or `after`), for one of
    `revisions` that of the version, for others with `key` and `headline` that of the article.
    """
    names = row.keys()
    if table == "changes" and "revision_id" in names:
        found = await _first(datasette, _VERSION_OF.format(state=f"{column}_id"), row["revision_id"])
    elif table == "revisions" and "id" in names:
        found = await _first(datasette, _VERSION_OF.format(state="state_id"), row["id"])
    else:
        return f"/a/{row['key']}" if {"key", "headline"} <= set(names) else None
    return f"/a/{found[0]}/v/{short_digest(found[1])}" if found else None


async def _named(datasette: Datasette, column: str, value: int | str) -> Markup:
    table = REFERENCES[column]
    label, key = LABELS[table], "name" if table == "sources" else "id"
    found = await _first(datasette, f"select {label} from {table} where {key} = ?", value)
    return _reference(datasette, column, value, found[0] if found and found[0] else value)


def name_of(referred: Mapping[str, Any]) -> str:
    """The label that Datasette gave the row that a value refers to; the value as text if it is missing or empty."""
    return str(referred["value"] if referred["label"] in (None, "") else referred["label"])


def _reference(datasette: Datasette, column: str, value: object, label: object) -> Markup:
    """HTML of a reference's label, as a link to its row among Datasette's tables if the column is in REFERENCES."""
    table = REFERENCES.get(column)
    shown = str(label)
    if not table:
        return Markup('<span lang="{}">{}</span>').format(tongue(shown), shown)
    address = datasette.urls.row(DATABASE, table, tilde_encode(str(value)))
    return Markup('<a href="{}" lang="{}">{}</a>').format(address, tongue(shown), shown)


async def _first(datasette: Datasette, sql: str, value: object) -> tuple[str, ...] | None:
    found: tuple[str, ...] | None = await datasette.get_database(DATABASE).execute_fn(
        lambda conn: conn.execute(sql, (value,)).fetchone()
    )
    return found


def _link(url: str) -> Markup:
    if not web_url(url):
        return Markup("{}").format(url)
    return Markup('<a href="{}" rel="nofollow noopener noreferrer">{}</a>').format(url, url)
