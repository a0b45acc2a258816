"""What 上观's answers in JSON are made of: rows with an id and a title, on lists and as articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

# What the site's own script does with a row's newstype: these are articles, the others specials, galleries, live pages.
ARTICLE_NEWSTYPES = frozenset({"0", "5", "6"})
ARTICLE_ADDRESS = "/news/getNewsDetail?id={id}"
ID = re.compile(r"[\w-]{1,40}")
MAX_DEPTH = 6  # of lists and objects in each other


def json_rows(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Every object with an id and a title inside a JSON value, in order."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict) and "id" in value and "title" in value:
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from json_rows(item, depth + 1)


def is_article(row: Mapping[str, Any]) -> bool:
    """Whether a row is an article; one that names no newstype, or null, is one.

    >>> is_article({"newstype": 5}), is_article({"newstype": None}), is_article({"newstype": "1"})
    (True, True, False)
    """
    newstype = row.get("newstype")
    return newstype is None or str(newstype) in ARTICLE_NEWSTYPES


def has_safe_id(row: Mapping[str, Any]) -> bool:
    """Whether a row's id can stand in an address."""
    return ID.fullmatch(str(row["id"])) is not None
