"""The newest issue, the pages of an issue and the articles of a page of the printed 解放日报.

Reads the JSON of both editions, that until 2024-12-15 and that since. Values that an answer lacks are left out, and
nothing here raises but the reading of the JSON itself (Document.json).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from parsers.document import Document

ARTICLE_ID = re.compile(r"[0-9]{1,15}")
PAGE_NUMBER = re.compile(r"[0-9A-Za-z]{1,4}")
ADVERT = "广告"
CODE = "jfrb"  # 解放日报
FIRST_ISSUE = date(1949, 5, 28)
MAX_PAGES = 100  # of an issue
MAX_ARTICLES = 500  # of a page


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page of an issue; `ids` holds a pair of id and title for each article but adverts.

    `ids` is () also if the answer lists no articles, and `name` "" if it gives none.
    """

    number: str
    name: str
    ids: tuple[tuple[str, str], ...] = ()  # id and title


def newest_issue(document: Document) -> date | None:
    """The day of the newest issue of this paper in list.do; None without one.

    Rows with the code of another paper of the house do not count; rows without a code do.
    """
    rows = _rows(_under(document.json, "object", "departList"))
    days = [_day(row.get("jdate")) for row in rows if row.get("code") in (None, CODE)]
    return max((day for day in days if day is not None and day >= FIRST_ISSUE), default=None)


def pages_of_issue(document: Document) -> tuple[PrintedPage, ...]:
    """The pages that navi.json (until 2024-12-15) or getJournalPage.do (since) names, in their order; () without any.

    At most MAX_PAGES.
    """
    rows = _under(document.json, "pages") or _under(document.json, "object", "pagelist")
    found = (_page(row) for row in _rows(rows))
    return tuple(page for page in found if page is not None)[:MAX_PAGES]


def articles_of_page(document: Document) -> tuple[tuple[str, str], ...]:
    """Ids and titles of the articles in getJournalPage.do without adverts, in the order of the page.

    The answer has them in reverse.
    """
    return tuple(_articles(_under(document.json, "object", "articlelist")))[::-1]


def _page(row: dict[str, Any]) -> PrintedPage | None:
    number = str(row.get("pnumber") or "")
    if not PAGE_NUMBER.fullmatch(number):
        return None
    return PrintedPage(number, str(row.get("pname") or "").strip(), tuple(_articles(row.get("articleList"))))


def _articles(value: Any) -> Iterator[tuple[str, str]]:
    for row in _rows(value)[:MAX_ARTICLES]:
        id_, title = str(row.get("id")), str(row.get("title") or "").strip()
        if ARTICLE_ID.fullmatch(id_) and title != ADVERT:
            yield id_, title


def _under(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
