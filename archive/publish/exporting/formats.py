"""The formats of exports: the ending of each, and what writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from archive.publish.exporting.columns import ExportColumn, Row
from archive.publish.exporting.writers import csv_file, jsonl_file

Write = Callable[[Sequence[ExportColumn], Iterable[Row], BinaryIO], None]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format: `write` writes columns and rows into a stream, a piece at a time. is_text: for a terminal too."""

    name: str
    write: Write
    media_type: str
    is_text: bool = False


FORMATS = {
    each.name: each
    for each in (
        ExportFormat("csv", csv_file.write, "text/csv", is_text=True),
        ExportFormat("jsonl", jsonl_file.write, "application/jsonl", is_text=True),
    )
}
