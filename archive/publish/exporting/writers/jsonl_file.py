"""Write rows as JSON Lines: an object a line, lists as arrays, Chinese as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from archive.publish.exporting.columns import ExportColumn, Row, items
from parsers.article import json_line


def write(columns: Sequence[ExportColumn], rows: Iterable[Row], stream: BinaryIO) -> None:
    """Write the rows, each as an object with the names of the columns; a missing value is null."""
    for row in rows:
        told = {column.name: _value(column, value) for column, value in zip(columns, row, strict=True)}
        stream.write(f"{json_line(told)}\n".encode())


def _value(column: ExportColumn, value: Any) -> Any:
    if column.type == "list":
        return items(value)
    return json.loads(value) if column.type == "json" and value is not None else value
