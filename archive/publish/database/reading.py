"""Reads the archive for pages: in a thread, in one transaction, within a time limit."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Request

from archive.files import DATABASE as DATABASE
from archive.publish.database.live_database import LiveDatabase
from archive.publish.messages.refusals import invalid_request
from archive.sandbox import FULL, Rights
from archive.settings import TextMode

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

PAGE_TIME_LIMIT_MS = 3_000  # for all queries of a page together

MAX_ROWS_OF_DATA = 200  # of a list, by `limit`
ENDING = re.compile(r"\.(?:json|atom)$")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z", re.ASCII)

P = ParamSpec("P")
T = TypeVar("T")
Reading = Callable[Concatenate[sqlite3.Connection, P], T]


class MissingError(LookupError):
    """The archive has no article, version, person or the like of this name; the message is the name alone."""


class NoCaptureError(MissingError):
    """The archive, or the article in the address, has no capture of this record id."""


class OtherKeyError(MissingError):
    """An article has that key, but another one leads.

    leading: the leading key.
    """

    def __init__(self, key: str, leading: str) -> None:
        super().__init__(key)
        self.leading = leading


class WithdrawnError(MissingError):
    """The archive shows nothing of the article with that key any more.

    at and reason: the moment and the reason code of the act; None if no act is known.
    """

    def __init__(self, key: str, at: str | None, reason: str | None) -> None:
        super().__init__(key)
        self.key, self.at, self.reason = key, at, reason


class NoVersionError(MissingError):
    """The article has no version of that name, or several versions with different texts.

    article: its key and headline; several: if the name fits several; versions: a dict of each version, latest first.
    """

    def __init__(
        self, name: str, article: Mapping[str, Any], several: bool, versions: Sequence[dict[str, Any]]
    ) -> None:
        super().__init__(name)
        self.article, self.several, self.versions = article, several, versions


async def read(datasette: Datasette, reading: Reading[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of `reading(conn, *args, **kwargs)`, run in a thread within one transaction.

    Raises sqlite3.OperationalError after PAGE_TIME_LIMIT_MS.
    """
    return await read_within(PAGE_TIME_LIMIT_MS, datasette, reading, *args, **kwargs)


async def read_within(limit: int, datasette: Datasette, reading: Reading[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Like `read`, with a limit in milliseconds."""

    def inside(conn: sqlite3.Connection) -> T:
        with sqlite_timelimit(conn, limit):
            conn.execute("begin")
            try:
                return reading(conn, *args, **kwargs)
            finally:
                conn.execute("rollback")

    database = datasette.get_database(DATABASE)
    lane = database.on_page if isinstance(database, LiveDatabase) else database.execute_fn
    found: T = await lane(inside)
    return found


def rights_of(datasette: Datasette) -> Rights:
    """The rights of the texts; all of them are whole if plain Datasette serves the archive."""
    database = datasette.get_database(DATABASE)
    return database.rights if isinstance(database, LiveDatabase) else FULL


def mode_of(conn: sqlite3.Connection, rights: Rights, key: str) -> TextMode:
    """The mode of the texts of an article: that of the strictest source of its keys."""
    asked = "select source from keys where article_id = (select article_id from keys where key = ?)"
    return rights.strictest(source for (source,) in conn.execute(asked, (key,)))


def site_shows(rights: Rights) -> str | None:
    """The name of the message that says what of texts the site leaves out; None if it leaves nothing out."""
    if rights.are_full:
        return None
    differ = {rights.general, *rights.sources.values()} != {rights.general}
    return "site_shows_some" if differ else f"site_shows_{rights.general}"


def rows(conn: sqlite3.Connection, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[dict[str, Any]]:
    """The rows of a query as dicts, for templates and for JSON."""
    cursor = conn.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def named(properties: str | None) -> list[str]:
    """The names in a text that SQLite's group_concat joined by commas; [] for None and ""."""
    return properties.split(",") if properties else []


def whole(text: str) -> int | None:
    """The number that a text of 1 to 18 ASCII digits spells, all of which SQLite can hold; None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def number_asked(request: Request, name: str) -> int | None:
    """The number of a parameter such as `?name=7`; None if it is absent or blank.

    Raises BadRequest for any other value that is no number for `whole`, such as -1.
    """
    text: str = (request.args.get(name) or "").strip()
    number = whole(text)
    if text and number is None:
        raise invalid_request("no_number", name=name, text=text[:40])
    return number


def switch_asked(request: Request, name: str) -> bool:
    """True if a parameter such as `?all=1` is 1, False if it is 0, absent or blank. Raises BadRequest for others."""
    text: str = (request.args.get(name) or "").strip()
    if text not in ("", "0", "1"):
        raise invalid_request("no_switch", name=name, text=text[:40])
    return text == "1"


def length_asked(request: Request, usual: int, most: int) -> int:
    """The number of rows that `?limit=` asks for, at most `most`; without it `usual`.

    Raises BadRequest for any other value than a whole number of 1 or more.
    """
    text: str = (request.args.get("limit") or "").strip()
    number = whole(text)
    if text and not number:
        raise invalid_request("no_positive_number", name="limit", text=text[:40] + "…" * (len(text) > 40))
    return min(number, most) if number else usual


def rows_asked(request: Request, per_page: int) -> int:
    """The length of a list: at most `per_page` rows on a page, for its size, and MAX_ROWS_OF_DATA as data or feed."""
    return length_asked(request, per_page, MAX_ROWS_OF_DATA if ENDING.search(request.path) else per_page)


def place_before(request: Request) -> str | None:
    """The parameter `before`, unparsed: the position `MOMENT,ID` after which a list continues.

    None if it is absent or blank. The moment may be empty. Raises BadRequest for any other value: a program with a
    truncated position would otherwise restart the list forever.
    """
    text: str = (request.args.get("before") or "").strip()
    moment, comma, last = text.partition(",")
    if text and (not comma or whole(last) is None or (moment and not _MOMENT.fullmatch(moment))):
        raise invalid_request("no_list_place", text=text[:40])
    return text or None


def count_articles(conn: sqlite3.Connection) -> int:
    """The number of articles that are not withdrawn.

    Computed as all minus the withdrawn ones, for SQLite counts both in indexes alone.
    """
    return int(
        conn.execute(
            """select (select count(*) from articles)
                    - (select count(*) from articles where state = 'withdrawn')"""
        ).fetchone()[0]
    )
