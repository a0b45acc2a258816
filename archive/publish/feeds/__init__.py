"""Turns every list page into Atom and JSON Feed: `/changes.atom`, `/changes.feed.json`.

A list page names its feed when it is rendered (`page(…, feed=…)`). Its data hold `articles` (or `hits`) or `events`,
latest first, and `older`, the position after which the next page begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlencode

from datasette.utils.asgi import Request, Response

from archive.publish.database.reading import read, rights_of, site_shows
from archive.publish.feeds.entries import completed, entry
from archive.publish.feeds.feed import EPOCH, FeedPage
from archive.publish.feeds.identifiers import of_feed
from archive.publish.feeds.json_feed import JSON_FEED, json_feed
from archive.publish.feeds.texts import in_a_line
from archive.publish.formatting.addresses import ending_of, quoted
from archive.publish.formatting.filters import precisions
from archive.publish.formatting.query_notes import sentences
from archive.publish.messages.language import Ui, Words, ui_of
from archive.publish.messages.refusals import nothing_there
from parsers.article import json_line

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

SUFFIXES = {".atom": ("Atom", "application/atom+xml"), ".feed.json": ("JSON Feed", "application/feed+json")}
_ROWS = ("articles", "hits", "events")  # the first of these in a page's data is its list


def asked(request: Request) -> bool:
    """True if the request is for a feed: its path ends with `.atom` or `.feed.json`."""
    return ending_of(request.path) in SUFFIXES


async def reply(datasette: Datasette, request: Request, feed: str | None, data: Mapping[str, Any]) -> Response:
    """The list in a page's data, as a feed in the format of the address.

    `feed` is the name of the message that names the feed. Raises NotFound for None: the page has no list.
    """
    if feed is None:
        raise nothing_there("no_feed")
    w = Words(ui_of(request))
    found: list[dict[str, Any]] = next((data[name] for name in _ROWS if name in data), [])
    if any("kind" not in row for row in found):
        found = await read(datasette, completed, found)
    listed = _feed(datasette, request, feed, data, found, w)
    if ending_of(request.path) == ".feed.json":
        return Response(json_line(json_feed(listed)), content_type=JSON_FEED)
    from archive.publish.feeds.atom import ATOM, atom  # slow: feedgen takes longer to import than the rest of the site

    return Response(atom(listed).decode(), content_type=ATOM)


def links(datasette: Datasette, request: Request, lang: Ui) -> list[dict[str, str]]:
    """The two feeds of a list page, Atom and JSON Feed: dicts of `name` (of the format), media `type` and `href`.

    `href` keeps the page's query without `before`, `limit` and `order`; `ui` stays only for English.
    """
    here = request.path if request.path != "/" else "/latest"
    query = _query(request, ui="en" if lang == "en" else None, before=None, limit=None, order=None)
    return [{"name": name, "type": kind, "href": datasette.urls.path(here + ending) + query}
            for ending, (name, kind) in SUFFIXES.items()]  # fmt: skip


def _feed(
    datasette: Datasette,
    request: Request,
    name: str,
    data: Mapping[str, Any],
    found: list[dict[str, Any]],
    w: Words,
) -> FeedPage:
    def absolute(path: str) -> str:
        return str(datasette.absolute_url(request, datasette.urls.path(path)))

    ending = ending_of(request.path)
    here = "/".join(quoted(unquote(part)) for part in request.path.removesuffix(ending).split("/"))
    here = "/latest" if here == "/" else here
    page = "/" if here == "/latest" else here
    at = here + ending
    known = precisions(found)
    made = [entry(row, w, absolute, known.get(row["key"])) for row in found]
    entries = tuple({each.id: each for each in made}.values())
    return FeedPage(
        id=of_feed(here, parse_qs(request.query_string)),
        title=" · ".join(filter(None, [_subject(data, w[name]), w["site"]])),
        subtitle=in_a_line(" ".join([w["purpose"], *_left_out(datasette, w), *sentences(data.get("notes", ()), w)])),
        lang=w.lang,
        author=w["site"],
        page=absolute(page + _query(request)),
        url=absolute(at + _query(request)),
        first=absolute(at + _query(request, before=None)) if request.args.get("before") else None,
        older=absolute(at + _query(request, before=data["older"])) if data.get("older") else None,
        updated=max((each.updated for each in entries), default=EPOCH),
        entries=entries,
    )


def _left_out(datasette: Datasette, w: Words) -> list[str]:
    """The sentence that says what of texts the site leaves out; [] if it leaves nothing out."""
    told = site_shows(rights_of(datasette))
    return [w[told]] if told else []


def _subject(data: Mapping[str, Any], kind: str) -> str:
    """The feed's subject, such as `养老 · Search`: its search words or the name of its person, tag etc., and `kind`.

    `kind` alone if the page has neither.
    """
    about = next((data[name] for name in ("q", "name", "date", "about") if isinstance(data.get(name), str)), "")
    return " · ".join(filter(None, [in_a_line(about), kind]))


def _query(request: Request, **changes: str | None) -> str:
    """`?` and the request's query string with some parameters set, or removed by None; "" if none are left."""
    asked_for = parse_qs(request.query_string, keep_blank_values=True)
    asked_for |= {name: [value] if value is not None else [] for name, value in changes.items()}
    query = urlencode(asked_for, doseq=True)
    return f"?{query}" if query else ""
