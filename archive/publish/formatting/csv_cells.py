"""CSV (RFC 4180) for spreadsheets: Excel reads it as UTF-8, and no cell becomes a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasette.utils.asgi import Response

CSV = "text/csv; header=present; charset=utf-8"  # RFC 4180 §3
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the code page of its user
_FIELD = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"|([^",\r\n]+)')  # of a written row, without or within quotes
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.ASCII)
# Beginnings that spreadsheets take for a formula, also after blanks or in full width, which Excel folds.
_FORMULA = re.compile(r"[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|[\t\r\n]")


def sheet(
    name: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]], headers: Mapping[str, str]
) -> Response:
    """A reply that downloads the rows as `name`.csv, with further headers."""
    from datasette.utils.asgi import Response  # slow import, which exports do not need

    disposition = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(written(columns, rows), headers={**headers, **disposition}, content_type=CSV)


def written(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """The CSV text of the rows, with a header row and a byte order mark; a column missing from a row is left empty."""
    return BYTE_ORDER_MARK + "".join(lines(columns, ([row.get(column) for column in columns] for row in rows)))


def lines(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The CSV text, a piece for the header and one for each row; every cell is as `cell` makes it."""
    into = StringIO()
    writer = csv.writer(into, lineterminator="\r\n")
    for row in chain([columns], rows):
        writer.writerow(map(cell, row))
        yield into.getvalue()
        into.seek(0)
        into.truncate()


def cell(value: object) -> str:
    """The value as text, with an apostrophe in front if a spreadsheet would take it for a formula; "" for None.

    A negative number gets one too: `cell(-1) -> "'-1"`.
    """
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def harmless(rows: str) -> str:
    """CSV rows from elsewhere, each cell made harmless as by `cell`; numbers such as -1 stay as they are."""
    return _FIELD.sub(_harmless, rows)


def _harmless(found: re.Match[str]) -> str:
    text = (found[1] or "").replace('""', '"') if found[2] is None else found[2]
    if _NUMBER.fullmatch(text) or cell(text) == text:
        return found[0]
    return f"'{found[2]}" if found[1] is None else f"\"'{found[0][1:]}"
