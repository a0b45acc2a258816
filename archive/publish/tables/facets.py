"""What a table's page counts by: as many values as it has room for, and of a text its length alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import escape

from archive.publish.tables.cells import EXCERPT_CHARACTERS, MAX_CELL_CHARACTERS, TEXTS, counted, name_of
from archive.publish.tables.datasette_pages import within

MAX_FACET_BYTES = 20_000  # of all counts on a page, so that it stays below 100 kB; JSON has them all
MARKUP_BYTES = 50  # around a value, and around its address


def counts(facets: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Datasette's facets, each with the values that fit into its share of the page."""
    return [_fitting(facet, MAX_FACET_BYTES // len(facets)) for facet in facets]


def _fitting(facet: dict[str, Any], room: int) -> dict[str, Any]:
    values = [_told(value, facet["name"]) for value in facet["results"]]
    shown = within(values, _size, room)
    return {**facet, "results": shown, "truncated": facet["truncated"] or len(shown) < len(values)}


def _size(value: dict[str, Any]) -> int:
    return sum(len(escape(text).encode()) + MARKUP_BYTES for text in (value["label"], value["toggle_url"]))


def _told(value: dict[str, Any], column: str) -> dict[str, Any]:
    """A text is told by its length, any other long value by its beginning; neither makes an address to follow."""
    label = name_of(value)
    if column not in TEXTS and len(label) <= MAX_CELL_CHARACTERS:
        return {**value, "label": label or "–"}
    beginning = "" if column in TEXTS else f"{label[:EXCERPT_CHARACTERS]}… "
    return {
        **value,
        "label": beginning + counted(label),
        "toggle_url": value["toggle_url"] if value["selected"] else "",
    }
