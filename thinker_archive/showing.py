"""Rows as an HTML table, in which text of pages stays text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

CHARACTERS_SHOWN = 80  # of a value


def as_html(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], count: int | None, more: bool) -> str:
    """A table of these rows, with a line below it: the number of all rows, or of these if `more` follow them.

    count: of all rows; None if it is not known.
    """
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(f'<td>{_cell(row[name])}</td>' for name in columns)}</tr>" for row in rows)
    every = len(rows) if count is None else count
    line = f"{every:,} row{'' if every == 1 else 's'}"
    if more:
        line = f"the first {len(rows)} rows" if count is None else f"the first {len(rows)} of {line}"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{line}</p>"


def _cell(value: Any) -> str:
    if value in (None, [], {}, ()):
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | tuple) else str(value)
    return escape(text if len(text) <= CHARACTERS_SHOWN else f"{text[: CHARACTERS_SHOWN - 1]}…")
