"""Turns the rows of list pages into feed entries."""

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
from archive.publish.formatting.beginnings import brief
from archive.publish.formatting.filters import host, tongue, web_url
from archive.publish.messages.language import Words

MAX_OPENING_CHARACTERS = 300  # of an article's first paragraph; twice as many narrow ones
HAVE_TWO_TEXTS = ("edited", "reparsed")  # kinds of events that can make an article a hit of a query, or end that
Absolute = Callable[[str], str]  # turns a path of the site into a public address


def completed(conn: sqlite3.Connection, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of articles with `begins`, `url`, `speaker`, `tags` and `changed_at` added.

    An empty `in_language` is filled in from the article.
    `begins` is the beginning of the body's first line, with `…` if the line goes on ("" if the site shows none of it),
    `tags` a JSON list of names.
    `changed_at` is the time at which the article's latest event was recorded (None without events), so it never goes
    back, even if older captures are imported. Rows whose `key` no article has are left out.
    """
    more = {row["key"]: row for row in rows(conn, _MORE, (json.dumps([row["key"] for row in found]),))}
    for each in more.values():
        each["begins"] = brief((each["begins"] or "").partition("\n")[0], MAX_OPENING_CHARACTERS)
    return [row | more[row["key"]] | {"in_language": row.get("in_language") or more[row["key"]]["in_language"]}
            for row in found if row["key"] in more]  # fmt: skip


def entry(row: dict[str, Any], w: Words, absolute: Absolute, precision: str | None = None) -> FeedItem:
    """The entry of a row: an event if it has a `kind`, else an article's row from `completed`.

    precision: of the event's time, see `beijing`.
    """
    return _of_event(row, w, absolute, precision) if "kind" in row else _of_article(row, w, absolute)


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


def _of_event(row: dict[str, Any], w: Words, absolute: Absolute, precision: str | None) -> FeedItem:
    happened, at = moment(row["at"]), moment(row["recorded_at"])
    said = [w["listed"].join(w[name] for name in row["properties"])]
    said += [w[row["significance"]]] if row["properties"] and row["significance"] else []
    return FeedItem(
        id=identifiers.of_event(row),
        title=w[row["kind"]]
        + (w("as_a_hit", change=w[f"hit_{row['hit']}"]) if row.get("hit") and row["kind"] in HAVE_TWO_TEXTS else "")
        + w["colon"]
        + (in_a_line(row["headline"]) or row["key"] or in_a_line(row["publisher"]) or row["source"]),
        lang=tongue(row["headline"], row["in_language"]) if row["key"] else w.lang,
        url=absolute(_page_of(row)),
        updated=at or happened or EPOCH,
        published=happened,
        summary=" · ".join(filter(None, said)),
        content=content.of_event(row, w, precision),
        tags=tuple(filter(None, [row.get("hit")])),
    )


def _page_of(row: dict[str, Any]) -> str:
    """The path of an event's page: the comparison of an edit, else the version, else the article.

    An event without an article has `/status`. Versions are named by digests, for numbers may change with later finds.
    """
    if not row["key"]:
        return "/status"
    page = f"/a/{quote(row['key'], safe='')}"
    if row["properties"] and row["version_before"] and row["version"]:
        return f"{page}/diff/{row['version_before']}..{row['version']}"
    return f"{page}/v/{row['version']}" if row["version"] else page


def _original(url: str | None) -> str | None:
    """The publisher's address as a URI (RFC 3986): characters that a URI cannot hold are percent-encoded.

    None if it is missing, not safe to follow, or has a character that is not ASCII.
    """
    safe = web_url(url)
    return quote(safe, safe="%/:?#@!$&'()*+,;=~") if safe and safe.isascii() and host(safe) else None


_MORE = f"""
    select a.key, a.url, a.in_language, a.speaker,
           substr(a.body_text, 1, {2 * MAX_OPENING_CHARACTERS + 1}) as begins,
           (select max(e.recorded_at) from events e where e.article_id = a.id) as changed_at,
           (select json_group_array(k.name) from (select keyword_id from article_keywords where article_id = a.id
              order by position) t join keywords k on k.id = t.keyword_id) as tags
      from articles a where a.key in (select value from json_each(?))
"""
