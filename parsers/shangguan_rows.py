"""Which rows of 上观's lists in JSON are articles, and where an article of its stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What the site's own script does with a row's newstype: these are articles, the others specials, galleries, live pages.
ARTICLE_NEWSTYPES = frozenset({"0", "5", "6"})
ARTICLE_ADDRESS = "/news/getNewsDetail?id={id}"


def is_article(row: Mapping[str, Any]) -> bool:
    """Whether a row is an article; one that names no newstype, or null, is one.

    >>> is_article({"newstype": 5}), is_article({"newstype": None}), is_article({"newstype": "1"})
    (True, True, False)
    """
    newstype = row.get("newstype")
    return newstype is None or str(newstype) in ARTICLE_NEWSTYPES
