"""Seeds: where a crawl starts, and how the pages of each list follow each other."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TypeGuard

from archive.settings import DATE, TURNING
from parsers.json_rows import SHANGGUAN, RowFields

UNSAID = {"unsaid": True}  # a field that a written declaration omits while it has its default
DAYS = 7  # for a list whose address names a day
NEWEST = 5  # for a list that leads to lists


@dataclass(frozen=True, slots=True)
class Feed:
    """An RSS or Atom feed."""

    url: str


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap or sitemap index (sitemaps.org), followed to its leaves."""

    url: str


@dataclass(frozen=True, slots=True)
class NewsSitemap:
    """A sitemap with publication dates of the last days."""

    url: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """An HTML list in up to `pages` pages; one without a new link is the last.

    `{page}` in the url counts from `first` (None: 1) by `step`. further: the address of the second and later pages,
    if it differs from the first: the `{page}` in it is `first` (None: 2) on the second page. Without `{page}` the
    list's own link to its next page (下一页) is followed. `{year}`, `{month}` and `{day}` stand for each of the last
    `days` days in the source's zone; a day without a list is no fault. lists: a pattern of the addresses of further
    lists that this one links (an index of issues), `depth` levels down. On the lowest level of them the first
    `newest` that a list links are read in every crawl, the others once and then about once a week. ids: a pattern
    whose first group is the article's id in a link; the article is then asked at the source's `article` with that id,
    not at the link. old: of an earlier generation of the site, so that it is no fault when it no longer exists or is
    empty.
    """

    url: str
    pages: int = 1
    ids: str | None = None
    old: bool = False
    first: int | None = field(default=None, metadata=UNSAID)
    step: int = field(default=1, metadata=UNSAID)
    further: str | None = field(default=None, metadata=UNSAID)
    lists: str | None = field(default=None, metadata=UNSAID)
    depth: int = field(default=1, metadata=UNSAID)
    newest: int = field(default=NEWEST, metadata=UNSAID)
    days: int = field(default=DAYS, metadata=UNSAID)


@dataclass(frozen=True, slots=True)
class JsonList:
    """JSON whose rows name articles by id or url, page after page; JSONP is unwrapped.

    It is asked by GET, or by POST of a web form or of `body`, a JSON text; headers are sent with each request. In the
    url and in the values of form and body, `{page}` counts from `first` (None: 1) by `step`; `{last}` is the time of
    the last row so far, as it stands there; `{until}` is the same, but in the first request the present moment in
    milliseconds; `{cursor}` is the last answer's value at `cursor`, a path of names with dots. A query parameter, or a
    value of form or body, with a placeholder that has no value is dropped, as in the first request. A value of `body`
    that is one placeholder and nothing else becomes its value, a number as a number. If no `{cursor}` is used, the
    value at `cursor` is the address of the next page. further and the placeholders of a date are as in a ListPage.
    script selects (CSS) the <script> of an HTML page that holds the JSON. old as in a ListPage.
    """

    url: str
    rows: RowFields = field(default=SHANGGUAN, metadata=UNSAID)
    pages: int = field(default=1, metadata=UNSAID)
    form: tuple[tuple[str, str], ...] | None = field(default=None, metadata=UNSAID)
    body: str | None = field(default=None, metadata=UNSAID)
    headers: tuple[tuple[str, str], ...] = field(default=(), metadata=UNSAID)
    cursor: str | None = field(default=None, metadata=UNSAID)
    script: str | None = field(default=None, metadata=UNSAID)
    first: int | None = field(default=None, metadata=UNSAID)
    step: int = field(default=1, metadata=UNSAID)
    further: str | None = field(default=None, metadata=UNSAID)
    days: int = field(default=DAYS, metadata=UNSAID)
    old: bool = field(default=False, metadata=UNSAID)

    @property
    def is_posted(self) -> bool:
        """True if it is asked by POST."""
        return self.form is not None or self.body is not None


@dataclass(frozen=True, slots=True)
class PrintEdition:
    """The printed 解放日报 by its dates: issues lead to pages, and pages with a column's name to articles.

    url: the root of the site. Reads the newest issue and those of the days before, `days` in all; with `since` the
    issues back to that moment.
    """

    url: str
    days: int = DAYS


Seed = Feed | Sitemap | NewsSitemap | ListPage | JsonList | PrintEdition


def name_of(seed: Seed) -> str:
    """The address by which the archive knows a list: its url; for a list asked by POST with a hash of form or body.

    The hash is a fragment, and is left out if the url has a fragment of its own.
    """
    if not isinstance(seed, JsonList) or not seed.is_posted or "#" in seed.url:
        return seed.url
    posted = seed.body or json.dumps(seed.form)
    return f"{seed.url}#{hashlib.sha256(posted.encode()).hexdigest()[:8]}"


def number_of(seed: ListPage | JsonList, place: int) -> int:
    """The value of `{page}` in the request for a page. place: 0 for the first page of the list.

    Without `further` it is `first` (None: 1) at place 0. With `further` it is `first` (None: 2) at place 1, for the
    count begins at the second page; place 0 is then one `step` before.
    """
    if seed.further is not None:
        return (2 if seed.first is None else seed.first) + (place - 1) * seed.step
    return (1 if seed.first is None else seed.first) + place * seed.step


def page_address(seed: ListPage | JsonList, place: int) -> str:
    """The address of a page of a list, with `{page}` filled; other placeholders stay. place: 0 for the first page."""
    written = seed.further if place and seed.further is not None else seed.url
    return written.replace("{page}", str(number_of(seed, place)))


def is_dated(seed: Seed) -> TypeGuard[ListPage | JsonList]:
    """True if `{year}`, `{month}` or `{day}` stands in a list's requests, so that there is a list for each day."""
    return any(name in text for text in _texts(seed) for name in DATE)


def is_turned(seed: Seed) -> bool:
    """True if a list's declaration says how to reach the next page: by `further`, a cursor, `{page}` or the like."""
    if not isinstance(seed, ListPage | JsonList):
        return False
    by_cursor = isinstance(seed, JsonList) and seed.cursor is not None
    return by_cursor or seed.further is not None or any(name in text for text in _texts(seed) for name in TURNING)


def holds(seed: JsonList, name: str) -> bool:
    """True if a text (`name`, a placeholder such as `{last}`) stands in a list's url, further, body or form values."""
    return any(name in text for text in _texts(seed))


def leads_to_lists(seed: Seed) -> bool:
    """True for sitemaps and for lists that lead to lists: each of the files or lists below is a list of its own."""
    return isinstance(seed, Sitemap | NewsSitemap) or (isinstance(seed, ListPage) and seed.lists is not None)


def _texts(seed: Seed) -> tuple[str, ...]:
    """The texts of a list in which placeholders may stand: url, further, body and form values; () for other seeds.

    "" stands for a further or body that is not set.
    """
    if isinstance(seed, JsonList):
        form = tuple(value for _, value in seed.form or ())
        return (seed.url, seed.further or "", seed.body or "", *form)
    return (seed.url, seed.further or "") if isinstance(seed, ListPage) else ()
