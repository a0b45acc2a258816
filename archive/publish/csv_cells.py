"""Tables for spreadsheets: CSV (RFC 4180) that Excel reads as UTF-8 and in which no cell of a page is a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from datasette.utils.asgi import Response

CSV = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the code page of its user
# What makes a spreadsheet compute, also behind blanks or in full width, which Excel folds.
_FORMULA = re.compile(r"[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|[\t\r\n]")


def sheet(
    name: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]], headers: Mapping[str, str]
) -> Response:
    """The rows as the file `name`.csv, with these headers besides."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(row.get(column)) for column in columns] for row in rows)
    disposition = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(BYTE_ORDER_MARK + written.getvalue(), headers={**headers, **disposition}, content_type=CSV)


def cell(value: object) -> str:
    """The value as text that a spreadsheet does not compute: an apostrophe before what would begin a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) else text
