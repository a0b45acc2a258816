"""Write articles as plain texts in a ZIP: one file an article, its facts in a header, then its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from archive.publish.exporting.columns import ExportColumn, Row, items

HEADER = {  # the name in the header, and the column
    "title": "headline",
    "subtitle": "alternative_headline",
    "column": "article_section",
    "speaker": "speaker",
    "authors": "authors",
    "credit": "source_line",
    "keywords": "keywords",
    "date": "date_published",
    "language": "in_language",
    "source": "source",
    "address": "url",
    "permalink": "permalink",
    "version": "content_digest",
    "state": "state",
}
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def write(columns: Sequence[ExportColumn], rows: Iterable[Row], stream: BinaryIO) -> None:
    """Write a ZIP with KEY.txt for each row of the data set articles, in UTF-8."""
    names = [each.name for each in columns]
    lists = {each.name for each in columns if each.type == "list"}
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for row in rows:
            article = dict(zip(names, row, strict=True))
            entry = ZipInfo(file_name(article["key"]))  # the same rows give the same bytes: no time of today
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, text_of(article, lists).encode())


def file_name(key: str) -> str:
    """The name of an article's file: its key, with `_` for each character that is not safe in one."""
    return f"{_UNSAFE.sub('_', key).lstrip('.')}.txt"


def text_of(article: Mapping[str, str | None], lists: Iterable[str] = ()) -> str:
    """A header of lines `name: value`, an empty line, then the body; what the page does not say is left out.

    A value of several lines stands in one.
    """
    several = set(lists)
    lines = []
    for name, column in HEADER.items():
        if value := article[column]:
            told = "; ".join(items(value)) if column in several else " ".join(value.split())
            lines.append(f"{name}: {told}\n")
    return f"{''.join(lines)}\n{article['body_text']}\n"
