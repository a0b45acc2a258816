"""Facets of table pages, cut to the room of the page; texts appear by their length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import escape

from archive.publish.tables.cells import EXCERPT_CHARACTERS, MAX_CELL_CHARACTERS, TEXTS, counted, name_of
from archive.publish.tables.datasette_pages import within

MAX_FACET_BYTES = 20_000  # of all facets, so that the page stays below 100 kB; JSON is not cut
MARKUP_BYTES = 50  # around a value, and again around its address


def counts(facets: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Datasette's facets, each with only the first values, at least one, that fit into its share of MAX_FACET_BYTES.

    The shares are equal. Labels are shortened as by `_told`. A facet without values stays empty.
    """
    return [_fitting(facet, MAX_FACET_BYTES // len(facets)) for facet in facets]


def _fitting(facet: dict[str, Any], room: int) -> dict[str, Any]:
    values = [_told(value, facet["name"]) for value in facet["results"]]
    shown = within(values, _size, room)
    return {**facet, "results": shown, "truncated": facet["truncated"] or len(shown) < len(values)}


def _size(value: dict[str, Any]) -> int:
    return sum(len(escape(text).encode()) + MARKUP_BYTES for text in (value["label"], value["toggle_url"]))


def _told(value: dict[str, Any], column: str) -> dict[str, Any]:
    """The facet value with a label that fits the page.

    A value of a column in TEXTS is shown by its length, also an empty one; another long value by its beginning and
    length. Both lose their link, except a selected value. An empty value of another column is shown as `–`.
    """
    label = name_of(value)
    if column not in TEXTS and len(label) <= MAX_CELL_CHARACTERS:
        return {**value, "label": label or "–"}
    beginning = "" if column in TEXTS else f"{label[:EXCERPT_CHARACTERS]}… "
    return {
        **value,
        "label": beginning + counted(label),
        "toggle_url": value["toggle_url"] if value["selected"] else "",
    }
