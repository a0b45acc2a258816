"""The formats of exports: what writes each, and what must be installed for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from archive.files import Progress
from archive.publish.exporting.columns import ExportColumn, Row
from archive.publish.exporting.selecting import Slice
from archive.publish.exporting.web_archives import wacz_file, warc_file
from archive.publish.exporting.writers import csv_file, database_file, jsonl_file, parquet_file, txt_files, xlsx_file

WriteTable = Callable[[Sequence[ExportColumn], Iterable[Row], BinaryIO], None]
WriteFile = Callable[[sqlite3.Connection, Slice, Path, str], int]
WriteArchive = Callable[[sqlite3.Connection, Slice, Path, Mapping[str, Any], Progress], int]
EXTRA = "pip install 'thinker-archive[export]'"


class MissingExtraError(Exception):
    """A library of the extra [export] is not installed; the text says what to do."""


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format of exports.

    write: writes the columns and rows of a data set into a stream, a piece at a time. write_file: writes a file that is
    more than one table; returns the number of its articles. write_archive: so, with the captures of its
    articles; it also takes what `description` says, and tells the progress in records. articles_only: it has no other
    data set. is_text: it can go to a terminal. library: what it needs of the extra [export].
    """

    name: str
    ending: str
    media_type: str
    write: WriteTable | None = None
    write_file: WriteFile | None = None
    write_archive: WriteArchive | None = None
    articles_only: bool = False
    is_text: bool = False
    library: str | None = None

    @property
    def is_there(self) -> bool:
        """True if its library is installed, or it needs none."""
        return self.library is None or find_spec(self.library) is not None

    def require_library(self) -> None:
        """Raise MissingExtraError if its library is not installed."""
        if not self.is_there:
            raise MissingExtraError(f"{self.name} needs {self.library}, a part of the extra [export]: {EXTRA}")


FORMATS = {
    each.name: each
    for each in (
        ExportFormat("csv", ".csv", "text/csv", csv_file.write, is_text=True),
        ExportFormat(
            "xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_file.write,
            library="xlsxwriter",
        ),
        ExportFormat("jsonl", ".jsonl", "application/jsonl", jsonl_file.write, is_text=True),
        ExportFormat(
            "parquet", ".parquet", "application/vnd.apache.parquet", parquet_file.write, library="pyarrow",
        ),
        ExportFormat(
            "sqlite", ".db", "application/vnd.sqlite3", write_file=database_file.write_file, articles_only=True,
        ),
        ExportFormat("txt", ".zip", "application/zip", txt_files.write, articles_only=True),
        ExportFormat("warc", ".warc.gz", "application/warc", write_archive=warc_file.write, articles_only=True),
        ExportFormat(
            "wacz", ".wacz", "application/wacz", write_archive=wacz_file.write, articles_only=True,
            library="cdxj_indexer",
        ),
    )
}  # fmt: skip
