"""The page of one article: its current text or an earlier version, with its history and its sources."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from datasette.utils.asgi import Request, Response

from archive.answers import corrected, joining_acts, moves_of, unjudged_of
from archive.history import article_json
from archive.publish.article import memento
from archive.publish.article.body_blocks import blocks
from archive.publish.article.facts import facts, ours
from archive.publish.article.history import (
    Version,
    article_row,
    captures_of,
    count_captures,
    current_of,
    events_of,
    leads_on,
    plain_version,
    told_versions,
    version_named,
    version_path,
    versions_of,
)
from archive.publish.article.history_strip import strip
from archive.publish.article.neighbours import neighbours
from archive.publish.article.version_list import beside, past
from archive.publish.citing.citation import Citation, citation
from archive.publish.citing.embedded import coins, json_ld, meta, open_graph
from archive.publish.citing.forms import FORMS
from archive.publish.citing.gbt7714 import reference
from archive.publish.database.reading import MissingError, mode_of, number_asked, read, rights_of, rows
from archive.publish.formatting.filters import host, short_digest, telling_apart, visible, web_url
from archive.publish.server.errors import missing
from archive.publish.server.parameters import takes
from archive.publish.server.rendering import page, wants_json
from archive.publish.server.request_urls import absolute, with_parameters
from archive.publish.server.request_urls import key_of as key_of
from archive.rows import link_key
from archive.rules import AWAY

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

SEEN = ("source", "publisher", "first_seen_at", "last_seen_at", "last_seen_url", "first_missed_at", "revisions")
MAX_RETURNS_SHOWN = 3  # the latest ones
IN_BYLINE = ("date_published", "speaker", "authors", "article_section", "source_line")  # under the headline, not again


@takes("before")
async def show(datasette: Datasette, request: Request) -> Response:
    """`/a/KEY`: the current version; 410 if the article was withdrawn."""
    return await _show(datasette, request, None)


@takes("at", "before")
async def show_version(datasette: Datasette, request: Request) -> Response:
    """`/a/KEY/v/DIGEST`, with at least 12 hex digits of the digest: one version. 410 if the article was withdrawn.

    `/a/KEY/v/3`, with a version number, and any other name of a version (see `version_named`) redirect to the address
    with the first 12 digits. 404 with a list of the versions for a name that none has, or that fits several.
    """
    return await _show(datasette, request, unquote(request.url_vars["version"]))


async def _show(datasette: Datasette, request: Request, named: str | None) -> Response:
    key = key_of(request)
    try:
        found = await read(datasette, article, key, named, wants_json(request), request.args.get("at"))
    except MissingError as reason:
        return await missing(datasette, request, reason)
    found["text"] = await read(datasette, mode_of, rights_of(datasette), key)
    if named and leads_on(named):
        permalink = version_path(key, found["version"], request.url_vars["as"] or "")
        return Response.redirect(datasette.urls.path(with_parameters(request, permalink, "before", "ui")))
    there = memento.addresses(datasette, request, key, found["url"])
    made = {} if wants_json(request) else _made(datasette, request, found)
    response = await page(datasette, request, "article/article", found, **made)
    response.headers |= memento.headers_of(there, found["version"])
    return response


def _made(datasette: Datasette, request: Request, found: dict[str, Any]) -> dict[str, Any]:
    """Further values for the page's template, computed from the article object `found`."""
    versions = found["versions"]
    absences = [each for version in versions for each in reversed(version["absences"])]
    version, cited = shown_version(found), citation_of(datasette, request, found)
    dated = any(each["dating"] == "stated" for each in versions)
    listed = past(versions, number_asked(request, "before"), found["version"])
    return {
        "article": found,
        "dated": dated,
        "missed": found if dated else found | {"last_seen_at": None},
        "permalink": version_path(found["key"], version),
        "compared": compared_with_current(found),
        "blocks": blocks(found),
        "facts": [fact for fact in facts(found) if fact.property not in IN_BYLINE],
        "ours": ours(found),
        "returns": [each for each in absences if each["kind"] == "restored"][:MAX_RETURNS_SHOWN],
        "strip": strip(versions, found["state"], found["first_missed_at"], [each["at"] for each in found["moves"]]),
        "past": listed,
        "precision": telling_apart(each.version["captured_at"] for each in listed.told),
        "beside": beside(versions, found["version"]),
        "cited": cited,
        "files": [(form.name, version_path(found["key"], version, f".{end}")) for end, form in FORMS.items()],
        "reference": visible(reference(cited)),  # one line of many texts
        "json_ld": json_ld(found, cited),
        "meta": meta(cited),
        "coins": coins(cited),
        "shown": version,
        "original": without_scheme(found["last_seen_url"]),
        "open_graph": open_graph(found, cited),
        "gone": found["state"] in AWAY,
        "wayback": wayback(found["last_seen_url"], found["last_seen_at"]),
    }


def shown_version(found: dict[str, Any]) -> Version:
    """The version on the page: the one in the address, else the current one."""
    return found["version"] or current_of(found["versions"])


def compared_with_current(found: dict[str, Any]) -> str | None:
    """The path `/a/KEY/diff/SHOWN..CURRENT`, in digests, that compares the version on the page with the current one.

    None if their digests are equal.
    """
    old, new = (each["content_digest"] for each in (shown_version(found), current_of(found["versions"])))
    return f"/a/{quote(found['key'])}/diff/{short_digest(old)}..{short_digest(new)}" if old != new else None


def wayback(url: str, at: str) -> str | None:
    """The address at which the Wayback Machine lists what it has of a URL from about this day; None for no web address.

    The site never asks for it: it is a link that a reader may follow.
    """
    return f"https://web.archive.org/web/{at[:10].replace('-', '')}*/{url}" if web_url(url) else None


def without_scheme(url: str) -> str:
    """The host of a web address in ASCII and its path, as text for a link; any other address as it is."""
    return host(url) + urlsplit(url).path if web_url(url) else url


def citation_of(datasette: Datasette, request: Request, found: dict[str, Any]) -> Citation:
    """The citation of the version that is shown."""
    version = shown_version(found)
    return citation(found, version, absolute(datasette, request, version_path(found["key"], version)))


def article(
    conn: sqlite3.Connection, key: str, named: str | None, every: bool = False, at: str | None = None
) -> dict[str, Any]:
    """The article object (docs/api.md) with all `versions`, latest first.

    Its texts are the current ones, or those of the version `named` if that is not None (for `named` and `at` see
    `version_named`). Only with `every` it also has the events (in the order of recording) and the captures (oldest
    first), of which there may be thousands; `captures_count` is always there. Raises MissingError without such an
    article or version, WithdrawnError for one that is hidden.
    """
    row = article_row(conn, key)
    versions = versions_of(conn, row["id"])
    version = version_named(conn, row, versions, named, at) if named else None
    text = article_json(conn, row["id"], version["state_id"] if version else None)
    found = {
        **text,
        **{name: row[name] for name in SEEN},
        "neighbours": neighbours(conn, row),
        "related": _related(conn, row["source"], text["related"]),
        "version": plain_version(version) if version else None,
        "versions": told_versions(conn, row["id"], versions),
        "captures_count": count_captures(conn, row["id"]),
        "corrections": corrected(conn, row["id"]),
        "unjudged": unjudged_of(conn, row["id"]),
        "moves": moves_of(conn, row["id"]),
        "acts": joining_acts(conn, row["id"]),
    }
    return found | {"events": events_of(conn, row["id"]), "captures": captures_of(conn, row["id"])} if every else found


def _related(conn: sqlite3.Connection, source: str, links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`links`, each with a `key`: that of the article in the archive that has this address, None if none has it.

    An article of `source` is preferred to one of another source; withdrawn articles do not count.
    """
    urlkeys = [link_key(link["url"]) for link in links]
    known = {row["urlkey"]: row["key"] for row in rows(conn, _COPIES, (json.dumps(urlkeys), source))}
    return [link | {"key": known.get(urlkey)} for link, urlkey in zip(links, urlkeys, strict=True)]


_COPIES = """
    select d.urlkey, a.key
      from json_each(?) as wanted
      join sources as s
      join addresses as d on d.source = s.name and d.urlkey = wanted.value
      join articles as a on a.id = d.article_id
     where a.state <> 'withdrawn'
     order by s.name = ?
"""
