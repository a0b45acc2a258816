"""Rows as an HTML table, in which text of pages stays text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

CHARACTERS_SHOWN = 80  # of a value


def as_html(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], count: int | None, more: bool) -> str:
    """A table of these rows, with a line below it: how many rows there are, or that more follow (`more`)."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(f'<td>{_cell(row[name])}</td>' for name in columns)}</tr>" for row in rows)
    said = f"{count:,} row{'' if count == 1 else 's'}" if count is not None else f"the first {len(rows)} rows"
    told = said if more or count is not None else f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{told}</p>"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | tuple) else str(value)
    return escape(text if len(text) <= CHARACTERS_SHOWN else f"{text[: CHARACTERS_SHOWN - 1]}…")
