"""Write rows as CSV for spreadsheets: no cell becomes a formula, a list has one item a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from archive.publish.exporting.columns import ExportColumn, Row
from archive.publish.formatting.csv_cells import BYTE_ORDER_MARK, lines


def write(columns: Sequence[ExportColumn], rows: Iterable[Row], stream: BinaryIO) -> None:
    """Write a header and the rows, in UTF-8 with a byte order mark."""
    stream.write(BYTE_ORDER_MARK.encode())
    stream.writelines(line.encode() for line in lines([each.name for each in columns], rows))
