"""Paths of the pages of people, tags, columns, sources, days, months and years."""

from collections.abc import Callable
from urllib.parse import quote

ENDINGS = (".feed.json", ".json", ".atom")  # of a page's address: its list as a feed, or its data
LENGTHS = {4: "year", 7: "month", 10: "day"}  # the length of a date in ISO 8601 tells its kind
_STEPS = (".", "..")  # a browser goes up by these, percent-encoded or not (WHATWG URL, §4.4)


def named(kind: str, name: str) -> str:
    """The path of a page such as `/person/易宪容`, percent-encoded.

    For an empty name, `.` and `..`, which no path can hold, it is `/person?name=…`.
    """
    return f"/{kind}?name={name}" if name in _STEPS or not name else f"/{kind}/{quoted(name)}"


def quoted(name: str) -> str:
    """A name as a percent-encoded path segment.

    The dots of an ending in ENDINGS are encoded too, lest the address ask for the page's data:
    `quoted("a.json") -> "a%2Ejson"`.
    """
    safe = quote(name, safe="")
    ending = ending_of(safe)
    return safe.removesuffix(ending) + ending.replace(".", "%2E") if ending else safe


def ending_of(path: str) -> str:
    """The ending of a path that is in ENDINGS, with its dot; "" for other paths, also those that end with `.csv`."""
    return next((ending for ending in ENDINGS if path.endswith(ending)), "")


def person(name: str) -> str:
    """The path of a person's page."""
    return named("person", name)


def tag(name: str) -> str:
    """The path of a keyword's page."""
    return named("tag", name)


def column(name: str) -> str:
    """The path of a column's page."""
    return named("column", name)


def source(name: str) -> str:
    """The path of a source's page."""
    return named("source", name)


def time(date: str) -> str:
    """The path of the page of a year, month or day: `/year/2024`, `/month/2024-04`, `/day/2024-04-13`.

    A longer time such as `2024-04-13T15:01:00Z` gives that of its first ten characters.
    """
    day = date[:10]
    return named(LENGTHS[len(day)], day)


def capture(record: str, ending: str = "") -> str:
    """The path of the page of a capture, such as `/capture/urn:uuid:…`; with the ending `/bytes` that of its bytes."""
    return f"/capture/{quote(record, safe=':')}{ending}"


def of_kind(name: str, kind: str) -> str:
    """`named` with its arguments swapped, as a template filter for names of any kind."""
    return named(kind, name)


def changes(name: str, kind: str) -> str:
    """The path of the events of a place, such as `/column/思想者/changes`, percent-encoded.

    For a name that no path can hold (see `named`) it is `/changes?column=…`.
    """
    path = named(kind, name)
    return f"/changes?{kind}={name}" if "?" in path else f"{path}/changes"


FILTERS: dict[str, Callable[..., str]] = {
    "person_path": person,
    "tag_path": tag,
    "column_path": column,
    "source_path": source,
    "time_path": time,
    "capture_path": capture,
    "place_path": of_kind,
    "changes_path": changes,
}
