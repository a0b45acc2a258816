"""The rows of list pages as entries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from archive.publish.database.reading import rows
from archive.publish.feeds import content, identifiers
from archive.publish.feeds.feed import EPOCH, FeedItem
from archive.publish.feeds.texts import in_a_line, moment
from archive.publish.formatting.filters import host, tongue, web_url
from archive.publish.messages.language import Words

MAX_OPENING_CHARACTERS = 300  # characters of an article's first paragraph
Absolute = Callable[[str], str]  # an address of the site's as the world sees it


def completed(conn: sqlite3.Connection, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of articles with what their entries need beside: begins, url, tags, and changed_at.

    That is when the archive last wrote something down of the article: it never goes back, whatever is found later.
    """
    more = {row["key"]: row for row in rows(conn, _MORE, (json.dumps([row["key"] for row in found]),))}
    return [row | more[row["key"]] | {"in_language": row.get("in_language") or more[row["key"]]["in_language"]}
            for row in found if row["key"] in more]  # fmt: skip


def entry(row: dict[str, Any], w: Words, absolute: Absolute) -> FeedItem:
    """The entry of a row: of an event, which has a kind, or of an article that was completed."""
    return _of_event(row, w, absolute) if "kind" in row else _of_article(row, w, absolute)


def _of_article(row: dict[str, Any], w: Words, absolute: Absolute) -> FeedItem:
    return FeedItem(
        id=identifiers.of_article(row),
        title=in_a_line(row["headline"]) or row["key"],
        lang=tongue(row["headline"], row["in_language"]),
        url=absolute(f"/a/{quote(row['key'], safe='')}"),
        updated=moment(row["changed_at"]) or EPOCH,
        published=moment(row["date_published"]),
        summary="",
        content=content.of_article(row, w),
        original=_original(row["url"]),
        authors=tuple(filter(None, [in_a_line(row.get("speaker"))])),
        tags=tuple(filter(None, map(in_a_line, json.loads(row["tags"])))),
    )


def _of_event(row: dict[str, Any], w: Words, absolute: Absolute) -> FeedItem:
    happened, at = moment(row["at"]), moment(row["recorded_at"])
    said = [w["listed"].join(w[name] for name in row["properties"])]
    said += [w[row["significance"]]] if row["properties"] and row["significance"] else []
    return FeedItem(
        id=identifiers.of_event(row),
        title=w[row["kind"]]
        + w["colon"]
        + (in_a_line(row["headline"]) or row["key"] or in_a_line(row["publisher"]) or row["source"]),
        lang=tongue(row["headline"], row["in_language"]) if row["key"] else w.lang,
        url=absolute(_page_of(row)),
        updated=at or happened or EPOCH,
        published=happened,
        summary=" · ".join(filter(None, said)),
        content=content.of_event(row, w),
    )


def _page_of(row: dict[str, Any]) -> str:
    """Where to read more: by digests, which name the same versions whatever else is found later."""
    if not row["key"]:
        return "/status"
    page = f"/a/{quote(row['key'], safe='')}"
    if row["properties"] and row["version_before"] and row["version"]:
        return f"{page}/diff/{row['version_before']}..{row['version']}"
    return f"{page}/v/{row['version']}" if row["version"] else page


def _original(url: str | None) -> str | None:
    """The publisher's address as a URI (RFC 3986), when a reader may follow it."""
    safe = web_url(url)
    return quote(safe, safe="%/:?#@!$&'()*+,;=~") if safe and safe.isascii() and host(safe) else None


_MORE = f"""
    select a.key, a.url, a.in_language, a.speaker,
           substr(a.body_text, 1,
                  instr(substr(a.body_text, 1, {MAX_OPENING_CHARACTERS}) || char(10), char(10)) - 1) as begins,
           (select max(e.recorded_at) from events e where e.article_id = a.id) as changed_at,
           (select json_group_array(k.name) from (select keyword_id from article_keywords where article_id = a.id
              order by position) t join keywords k on k.id = t.keyword_id) as tags
      from articles a where a.key in (select value from json_each(?))
"""
