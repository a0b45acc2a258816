"""A comparison of two states without the text that does not leave the site: of that only how much changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from archive.answers import properties
from archive.history import article_in
from archive.sandbox import whole_texts


def shown_properties(conn: sqlite3.Connection, before: int, after: int) -> list[dict[str, Any]]:
    """The properties that differ between two states, as `archive.answers.properties` tells them.

    Segments and changes are those of the texts that the site shows. If the whole texts differ in more, the dict has
    `not_shown`: the number of characters that were deleted and inserted in them.
    """
    with whole_texts(conn):
        whole = properties(*(article_in(conn, state) for state in (before, after)))
    shown = {each["property"]: each for each in properties(*(article_in(conn, state) for state in (before, after)))}
    return [_shown(each, shown.get(each["property"])) for each in whole]


def _shown(whole: dict[str, Any], shown: Mapping[str, Any] | None) -> dict[str, Any]:
    if shown is not None and shown["segments"] == whole["segments"]:
        return whole
    counted = {"deleted": _length(whole, "delete"), "inserted": _length(whole, "insert")}
    return whole | {name: shown[name] if shown else [] for name in ("changes", "segments")} | {"not_shown": counted}


def _length(told: Mapping[str, Any], op: str) -> int:
    """The number of characters, blanks left out, that the segments delete or insert."""
    texts: Iterable[str] = (each["text"] for each in told["segments"] if each["op"] == op)
    return sum(not character.isspace() for text in texts for character in text)
