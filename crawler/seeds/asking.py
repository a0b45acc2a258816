"""The request for a page of a list in JSON: its address, body and headers, with the placeholders filled."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from archive.settings import DATE, TURNING
from crawler.seeds.reading import ListMessage
from crawler.sources import JsonList, ListPage, page_address

PLACEHOLDER = re.compile("|".join(map(re.escape, (*TURNING, *DATE))))
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MAX_CURSOR_CHARACTERS = 2_000  # a site may write any text there, and the next request repeats it

Values = dict[str, Any]  # by placeholder
UNKNOWN = object()  # stands for a placeholder without a value


@dataclass(frozen=True, slots=True)
class ListTurn:
    """The values that differ from one request of a list to the next.

    place: 0 for the first page. until: milliseconds since 1970. last: the time of the last row so far. cursor: the last
    answer's cursor to the next page.
    """

    place: int
    page: int
    until: int
    last: str | int | None = None
    cursor: str | int | float | None = None

    @property
    def values(self) -> Values:
        """The values by placeholder, such as {"{page}": 2}; without those not known. `{until}` has `last` if set."""
        until = self.until if self.last is None else self.last
        told = {"{page}": self.page, "{until}": until, "{last}": self.last, "{cursor}": self.cursor}
        return {name: value for name, value in told.items() if value is not None}


def request_of(seed: JsonList, turn: ListTurn) -> tuple[str, ListMessage]:
    """The address of a page and its message, with the placeholders filled.

    A query parameter, form field or JSON value with a placeholder that has no value is dropped. The fragment is not
    sent: it distinguishes lists of one address.
    """
    values = turn.values
    url = _address(page_address(seed, turn.place).partition("#")[0], values)
    if seed.form is not None:
        pairs = [(name, filled) for name, text in seed.form if (filled := _text(text, values)) is not UNKNOWN]
        return url, ListMessage(urlencode(pairs), FORM, seed.headers)
    if seed.body is not None:
        body = _json(json.loads(seed.body), values)
        return url, ListMessage(json.dumps(body, ensure_ascii=False, separators=(",", ":")), JSON, seed.headers)
    return url, ListMessage(headers=seed.headers)


def on_day(seed: ListPage | JsonList, day: date) -> ListPage | JsonList:
    """The seed with a day in place of {year}, {month} and {day}; it is `old`: a day without a list is no fault."""

    def dated(text: str) -> str:
        parts = {"{year}": f"{day:%Y}", "{month}": f"{day:%m}", "{day}": f"{day:%d}"}
        return PLACEHOLDER.sub(lambda found: parts.get(found[0], found[0]), text)

    further = None if seed.further is None else dated(seed.further)
    if isinstance(seed, ListPage):
        return replace(seed, url=dated(seed.url), further=further, old=True)
    form = None if seed.form is None else tuple((name, dated(value)) for name, value in seed.form)
    body = None if seed.body is None else dated(seed.body)
    return replace(seed, url=dated(seed.url), further=further, form=form, body=body, old=True)


def _address(written: str, values: Values) -> str:
    """An address with its placeholders filled and quoted; query parameters with one that has no value are dropped.

    A placeholder before the query must have a value, else KeyError is raised.
    """
    place, question, query = written.partition("?")
    parameters = [each for each in query.split("&") if all(name in values for name in PLACEHOLDER.findall(each))]
    filled = place + (question + "&".join(parameters) if parameters else "")
    return PLACEHOLDER.sub(lambda found: quote(str(values[found[0]]), safe=""), filled)


def _text(text: str, values: Values) -> Any:
    """A text with its placeholders filled; UNKNOWN if one has no value. If it is one placeholder, the value itself."""
    if any(name not in values for name in PLACEHOLDER.findall(text)):
        return UNKNOWN
    if PLACEHOLDER.fullmatch(text):
        return values[text]
    return PLACEHOLDER.sub(lambda found: str(values[found[0]]), text)


def _json(value: Any, values: Values) -> Any:
    if isinstance(value, dict):
        filled = ((name, _json(each, values)) for name, each in value.items())
        return {name: each for name, each in filled if each is not UNKNOWN}
    if isinstance(value, list):
        return [filled for each in value if (filled := _json(each, values)) is not UNKNOWN]
    return _text(value, values) if isinstance(value, str) else value
