"""Where the page of a thing is that articles name: a person, a keyword, a column, a source, a day, a month, a year."""

import re
from collections.abc import Callable
from urllib.parse import quote

LENGTHS = {4: "year", 7: "month", 10: "day"}  # of a date in ISO 8601
_ENDING = re.compile(r"\.(json|atom)$")  # of an address that gives the same otherwise
_STEPS = (".", "..")  # a browser goes up by these, percent-encoded or not (WHATWG URL, §4.4)


def named(kind: str, name: str) -> str:
    """`/person/易宪容`, percent-encoded: a name may hold a slash or anything else.

    `a.json` is `/tag/a%2Ejson`, for `/tag/a.json` is the data of `a`; a name that no path can hold is `/tag?name=..`.
    """
    if name in _STEPS or not name:
        return f"/{kind}?name={name}"
    return f"/{kind}/" + _ENDING.sub(r"%2E\1", quote(name, safe=""))


def person(name: str) -> str:
    """All that a person said, wrote or edited."""
    return named("person", name)


def tag(name: str) -> str:
    """All articles with a keyword."""
    return named("tag", name)


def column(name: str) -> str:
    """All articles of a column."""
    return named("column", name)


def source(name: str) -> str:
    """All articles of a source."""
    return named("source", name)


def time(date: str) -> str:
    """All articles of a year, month or day of Beijing: `2024`, `2024-04`, `2024-04-13`, or a moment that begins so."""
    day = date[:10]
    return named(LENGTHS[len(day)], day)


def of_kind(name: str, kind: str) -> str:
    """The page of a thing whose kind is only known when the page is made."""
    return named(kind, name)


FILTERS: dict[str, Callable[..., str]] = {
    "person_path": person,
    "tag_path": tag,
    "column_path": column,
    "source_path": source,
    "time_path": time,
    "place_path": of_kind,
}
