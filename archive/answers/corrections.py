"""The corrections of an article as plain values."""

import sqlite3
from typing import Any

from archive.properties import BY_NAME
from archive.rows import corrections_of


def corrected(conn: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    """The corrections of an article that count, as dicts for JSON, in the order in which they were made.

    Each has `property`, `value` (a list of texts for a list; None or [] if there is nothing of the kind), `lost` (True
    if the file of the value is missing), `at`, `by`, `reason` and `act`, the digest that `thinker undo` takes.
    """
    return [
        {
            "property": each.property,
            "value": _value(each.property, each.value.text),
            "lost": each.value.digest is not None and each.value.text is None,
            "at": each.at,
            "by": each.by,
            "reason": each.reason,
            "act": each.act,
        }
        for each in corrections_of(conn, article_id)
    ]


def _value(name: str, text: str | None) -> str | list[str] | None:
    if not BY_NAME[name].is_list:
        return text
    return text.split("\n") if text else []
