"""Rows of a list in JSON, and the names that a publisher gives to their values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from parsers.dates import parse_date

ID = re.compile(r"[\w-]{1,40}")
SECONDS = re.compile(r"[0-9]{9,10}")  # since 1970, of 1973 to 2286
MILLISECONDS = re.compile(r"[0-9]{11,13}")
MAX_DEPTH = 6  # of lists and objects in each other
MAX_NAMES = 12  # of a row, that an error message lists
MAX_NAME_CHARACTERS = 40
MAX_TIME_CHARACTERS = 100  # a date in words is shorter; a row may hold any text there
MISSING: Final = object()

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowFields:
    """The names of the values in a publisher's rows; "meta.link" is the link inside meta. The defaults are 上观's.

    A row is an object with a title and an address, or an id where no `url` is named; the values may be null. `time` is
    in seconds or milliseconds since 1970, or a date in words, in `timezone` where it names no zone. `section` are the
    names of the values with its column or section, each a word or a list of words. `within` is the path to the rows
    ("data.items"; "": anywhere). `instead` is the name of the value with another address, to which a row leads instead
    of its own if it has that value: of a special, or a page elsewhere. `newstype` is "newstype" if the publisher's rows
    have this value, which separates articles from specials and galleries, else None.
    """

    id: str = "id"
    title: str = "title"
    time: str = "publishtime"
    url: str | None = None
    section: tuple[str, ...] = ("sectionname", "subsectionname", "columns")
    within: str = ""
    newstype: str | None = "newstype"
    instead: str | None = None
    timezone: str = "Asia/Shanghai"

    @property
    def key(self) -> str:
        """The name of the value that identifies an article: `url` if it is given, else `id`."""
        return self.url or self.id

    def published(self, row: Row, now: datetime) -> datetime | None:
        """The moment of publication that a row gives, aware; None if it gives none that can be read.

        now: the moment of the capture, from which 昨天 is counted.
        """
        raw = value_at(row, self.time)
        if isinstance(raw, float):
            raw = int(raw) if abs(raw) < 1e14 else None  # False for NaN too, which int() refuses
        if isinstance(raw, bool) or not isinstance(raw, int | str):
            return None
        # str() refuses a number of more than 4,300 digits.
        text = str(raw).strip() if isinstance(raw, str) or abs(raw) < 10**20 else ""
        if SECONDS.fullmatch(text):
            return datetime.fromtimestamp(int(text), UTC)
        if MILLISECONDS.fullmatch(text):
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        parsed = parse_date(text[:MAX_TIME_CHARACTERS], now=now, timezone=self.timezone)
        return parsed.value if parsed else None


SHANGGUAN: Final = RowFields()


def json_rows(value: Any, fields: RowFields = SHANGGUAN) -> Iterator[Row]:
    """Yield the rows of a JSON value in order: the objects that have a `fields.title` and a `fields.key`, even null.

    Only the part `fields.within` is searched, if that is not ""; nothing is searched inside a row, nor below MAX_DEPTH.
    """
    start = value if not fields.within else value_at(value, fields.within) if isinstance(value, dict) else None
    yield from _rows(start, fields, 0)


def _rows(value: Any, fields: RowFields, depth: int) -> Iterator[Row]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict) and MISSING not in (value_at(value, fields.key), value_at(value, fields.title)):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _rows(item, fields, depth + 1)


def value_at(row: Row, path: str) -> Any:
    """The value at a name or names joined by dots (meta.link: the link inside meta); MISSING if the row has none."""
    if path in row:
        return row[path]
    found: Any = row
    for name in path.split("."):
        if not isinstance(found, dict) or name not in found:
            return MISSING
        found = found[name]
    return found


def text_at(row: Row, path: str) -> str:
    """The value at a path (see `value_at`) as text without blanks round it; "" if it is null or missing."""
    value = value_at(row, path)
    return "" if value in (None, MISSING) else str(value).strip()


def sections_of(row: Row, fields: RowFields = SHANGGUAN) -> Iterator[str]:
    """Yield the names of a row's column or section as text; a list gives each of its words.

    Empty values, and values that are neither text nor whole numbers, give nothing.
    """
    for name in fields.section:
        value = value_at(row, name)
        for word in value if isinstance(value, list) else [value]:
            if isinstance(word, str | int) and (text := str(word).strip()):
                yield text


def safe_id(row: Row, fields: RowFields = SHANGGUAN) -> str | None:
    """A row's id as text if it is safe inside an address (at most 40 letters, digits, _ and -), else None."""
    value = value_at(row, fields.id)
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if ID.fullmatch(text) else None


def names_in(value: Any) -> list[str]:
    """The names of the values in the first object in a list of a JSON value, for an error message; at most 12.

    Each is cut at MAX_NAME_CHARACTERS, with ? for characters that cannot be printed. Without such an object: the names
    of the value itself if it is an object and none of its values is a list, else [].
    """
    alone = isinstance(value, dict) and not any(isinstance(item, list) for item in value.values())
    first = next(_objects_of_lists(value, 0), value if alone else {})
    shown = ("".join(c if c.isprintable() else "?" for c in name[:MAX_NAME_CHARACTERS]) for name in first)
    return list(shown)[:MAX_NAMES]


def _objects_of_lists(value: Any, depth: int) -> Iterator[Row]:
    if depth > MAX_DEPTH or not isinstance(value, dict | list):
        return
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(value, list) and isinstance(item, dict):
            yield item
        yield from _objects_of_lists(item, depth + 1)


# The site's own script shows these values of newstype as articles, the others as specials, galleries or live pages.
ARTICLE_NEWSTYPES = frozenset({"0", "5", "6"})
ARTICLE_ADDRESS = "/news/getNewsDetail?id={id}"


def is_article(row: Mapping[str, Any]) -> bool:
    """True if a row is an article; also if its newstype is null or missing.

    >>> is_article({"newstype": 5}), is_article({"newstype": None}), is_article({"newstype": "1"})
    (True, True, False)
    """
    newstype = row.get("newstype")
    return newstype is None or str(newstype) in ARTICLE_NEWSTYPES
