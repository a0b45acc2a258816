"""Memento (RFC 7089): the versions of an original resource, found by time.

The original is an article's address; each version is a memento, dated by the moment its text was first seen. Versions
that come from a newer parser are not mementos, for the site did not change; nor are texts without a capture date.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from datasette.utils.asgi import Request, Response

from archive.files import instant, stamp
from archive.publish.article.history import article_row, version_path
from archive.publish.database.reading import MissingError, number_asked, read, rows
from archive.publish.messages.refusals import invalid_request
from archive.publish.server.errors import missing
from archive.publish.server.parameters import takes
from archive.publish.server.rendering import JSON
from archive.publish.server.request_urls import absolute, key_of, uri
from parsers.article import json_line

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

MEMENTOS_PER_TIMEMAP = 500  # further mementos are in the next TimeMap
LINK_FORMAT = "application/link-format; charset=utf-8"  # RFC 6690, as RFC 7089 §5 asks for
_RFC_1123 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")


@dataclass(frozen=True, slots=True)
class Memento:
    """One version: its position in the history, the stamp of the moment it was first seen (UTC), and its path."""

    position: int
    at: str
    path: str


@dataclass(frozen=True, slots=True)
class MementoLinks:
    """The addresses that go with an article, each a URI in ASCII."""

    original: str
    timegate: str
    timemap: str

    @property
    def links(self) -> list[str]:
        return [
            f'<{self.original}>; rel="original"',
            f'<{self.timegate}>; rel="timegate"',
            f'<{self.timemap}>; rel="timemap"; type="application/link-format"',
        ]


def addresses(datasette: Datasette, request: Request, key: str, url: str) -> MementoLinks:
    """The addresses of the original, the TimeGate and the TimeMap of an article."""
    place = f"/a/{quote(key)}"
    gate, listing = (absolute(datasette, request, f"{place}/{name}") for name in ("timegate", "timemap"))
    return MementoLinks(uri(url), uri(gate), uri(listing))


def headers_of(there: MementoLinks, version: Mapping[str, Any] | None) -> dict[str, str]:
    """The Link header of an article's page, and Memento-Datetime if `version` is a memento (RFC 7089 §2).

    None stands for the page of the current text, which is no memento. Neither is a version whose time is unknown or
    that a reparse made. `version` may also be a capture.
    """
    links = {"link": ", ".join(there.links)}
    if version is None or version["dating"] == "unknown" or version.get("origin") == "reparse":  # captures have none
        return links
    return links | {"memento-datetime": http_date(version["captured_at"])}


def http_date(at: str) -> str:
    """The HTTP date (`Sat, 13 Apr 2024 15:01:00 GMT`) of a stamp such as `2024-04-13T15:01:00Z`."""
    return format_datetime(instant(at), usegmt=True)


@takes(free=True)  # Memento clients add the address of the original
async def timegate(datasette: Datasette, request: Request) -> Response:
    """`/a/KEY/timegate`: 302 to the version that was current at Accept-Datetime, or without this header to the last.

    To the first if the header is earlier than all. 400 if it is not a date in the form of RFC 1123, 404 if the article
    has no mementos, 410 if it was withdrawn.
    """
    asked = request.headers.get("accept-datetime")
    at = stamp(_asked(asked)) if asked else None
    found = await _read(datasette, request, _nearest, at)
    if isinstance(found, Response):
        return found
    row, chosen = found
    there = addresses(datasette, request, row["key"], row["url"])
    ends = [_link(datasette, request, memento, rel) for rel, memento in _named(chosen)]
    response = Response.redirect(datasette.urls.path(chosen["memento"].path))
    response.headers |= {"vary": "accept-datetime", "link": ", ".join([*there.links, *ends])}
    response.headers |= {"cache-control": "no-cache"}
    return response


@takes("after")
async def timemap(datasette: Datasette, request: Request) -> Response:
    """`/a/KEY/timemap` in link format or, with `.json`, in JSON: the first MEMENTOS_PER_TIMEMAP mementos, oldest first.

    `?after=N` gives those after position N instead. 404 if the article has none (after N), 410 if it was withdrawn.
    """
    after = number_asked(request, "after")
    found = await _read(datasette, request, _listed, after)
    if isinstance(found, Response):
        return found
    row, listed = found
    there = addresses(datasette, request, row["key"], row["url"])
    told = [(_absolute(datasette, request, each), http_date(each.at)) for each in listed[:MEMENTOS_PER_TIMEMAP]]
    more = (
        f"{there.timemap}?after={listed[MEMENTOS_PER_TIMEMAP - 1].position}"
        if len(listed) > MEMENTOS_PER_TIMEMAP
        else None
    )
    if request.url_vars["as"]:
        said = json_line(_as_json(there, told, more))
        return Response(said, headers={"cache-control": "no-cache"}, content_type=JSON)
    here = f"{there.timemap}?after={after}" if after is not None else there.timemap
    said = _as_links(there, told, here, more, first=after is None)
    return Response(said, headers={"cache-control": "no-cache"}, content_type=LINK_FORMAT)


def mementos(conn: sqlite3.Connection, article_id: int, where: str, values: Sequence[Any]) -> list[Memento]:
    """The mementos of an article that `where` selects, in the order that it gives.

    `where` is SQL to follow the conditions, such as `and r.position > ? order by r.position limit ?`; `values` are for
    its `?`.
    """
    found = rows(
        conn,
        f"""select r.position, r.captured_at, s.content_digest, a.key, r.position > f.position as again
              from revision_records r
              join (select state_id, min(position) as position from revision_records
                     where article_id = ? group by state_id) f on f.state_id = r.state_id
              join states s on s.id = r.state_id join articles a on a.id = r.article_id
             where r.article_id = ? and r.origin <> 'reparse' and r.run >= 0 {where}""",
        (article_id, article_id, *values),
    )
    return [Memento(each["position"], each["captured_at"], version_path(each["key"], each)) for each in found]


def _nearest(conn: sqlite3.Connection, article_id: int, at: str | None) -> dict[str, Memento]:
    """The mementos `memento`, `first`, `last`, `prev` and `next`; those that do not exist are left out.

    `memento` is the one current at a moment: the first if `at` is earlier than all, the last without `at`. Raises
    MissingError without mementos.
    """

    def one(where: str, *values: object) -> Memento | None:
        return next(iter(mementos(conn, article_id, f"{where} limit 1", values)), None)

    first, last = one("order by r.position"), one("order by r.position desc")
    if first is None or last is None:
        raise MissingError("mementos")
    chosen = (one("and r.captured_at <= ? order by r.position desc", at) if at else last) or first
    before = one("and r.position < ? order by r.position desc", chosen.position)
    after = one("and r.position > ? order by r.position", chosen.position)
    found = {"memento": chosen, "first": first, "last": last, "prev": before, "next": after}
    return {name: memento for name, memento in found.items() if memento}


def _listed(conn: sqlite3.Connection, article_id: int, after: int | None) -> list[Memento]:
    found = mementos(
        conn,
        article_id,
        "and r.position > ? order by r.position limit ?",
        (-1 if after is None else after, MEMENTOS_PER_TIMEMAP + 1),
    )
    if not found:
        raise MissingError("mementos")
    return found


async def _read(datasette: Datasette, request: Request, reading: Any, *values: object) -> Any:
    """The article's row and the result of `reading(conn, article_id, …)`, as a pair.

    Instead a Response if the article is missing (404) or withdrawn (410), or if `reading` raises MissingError.
    """
    key = key_of(request)

    def within(conn: sqlite3.Connection) -> tuple[dict[str, Any], Any]:
        row = article_row(conn, key)
        return row, reading(conn, row["id"], *values)

    try:
        return await read(datasette, within)
    except MissingError as reason:
        return await missing(datasette, request, reason)


def _asked(text: str) -> datetime:
    """Parse Accept-Datetime. Raises BadRequest unless it is in the form of RFC 1123 (RFC 7089 §2.1.1)."""
    if _RFC_1123.fullmatch(text.strip()):
        try:
            return parsedate_to_datetime(text.strip()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise invalid_request("no_http_date")


def _named(chosen: Mapping[str, Memento]) -> list[tuple[str, Memento]]:
    """Pairs of relation types, such as `first prev memento`, and memento: each memento of `chosen` once.

    `chosen` is the result of `_nearest`.
    """
    rels: dict[Memento, list[str]] = {}
    for name in ("first", "last", "prev", "next", "memento"):
        if name in chosen:
            rels.setdefault(chosen[name], []).append(name)
    return [(" ".join([*(rel for rel in found if rel != "memento"), "memento"]), each) for each, found in rels.items()]


def _absolute(datasette: Datasette, request: Request, memento: Memento) -> str:
    return uri(absolute(datasette, request, memento.path))


def _link(datasette: Datasette, request: Request, memento: Memento, rel: str) -> str:
    return f'<{_absolute(datasette, request, memento)}>; rel="{rel}"; datetime="{http_date(memento.at)}"'


def _as_links(there: MementoLinks, told: list[tuple[str, str]], here: str, more: str | None, first: bool) -> str:
    span = f'; from="{told[0][1]}"; until="{told[-1][1]}"'
    lines = [
        f'<{there.original}>; rel="original"',
        f'<{here}>; rel="self"; type="application/link-format"{span}',
        f'<{there.timegate}>; rel="timegate"',
        *(f'<{address}>; rel="{{}}memento"; datetime="{at}"' for address, at in told),
    ]
    for place, end, is_end in ((3, "first ", first), (-1, "last ", more is None)):
        lines[place] = lines[place].replace("{}", f"{end}{{}}" if is_end else "{}")
    lines += [f'<{more}>; rel="timemap"; type="application/link-format"'] if more else []
    return ",\n".join(line.replace("{}", "") for line in lines) + "\n"


def _as_json(there: MementoLinks, told: list[tuple[str, str]], more: str | None) -> dict[str, Any]:
    listed = [{"uri": address, "datetime": at} for address, at in told]
    return {
        "original_uri": there.original,
        "timegate_uri": there.timegate,
        "timemap_uri": {"link_format": there.timemap, "json_format": f"{there.timemap}.json"},
        "mementos": {"list": listed},
        "next": more and more.replace("/timemap?", "/timemap.json?"),
    }
