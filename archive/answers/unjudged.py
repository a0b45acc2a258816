"""Articles that do not answer and are not judged: since when, and what keeps a judgement back."""

import sqlite3
from contextlib import suppress
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from archive.rows.captures import key_of
from archive.rules.standing import UNJUDGED
from archive.rules.urlkeys import host_in, host_of

NAMED = 5  # lists that are named for one article; a sitemap may lead to 50,000

_WHY = f"""
    (select p.counted from probes p where p.article_id = a.id and p.counted in {tuple(sorted(UNJUDGED))}
      order by p.at desc, p.id desc limit 1)
"""


def unjudged_of(conn: sqlite3.Connection, article_id: int | None) -> dict[str, Any] | None:
    """Why one article is not judged: since, why (no_witness, seeds_failed) and the lists that fail; None: it is.

    since is the first probe that missed the article after it was last there.
    """
    row = conn.execute(
        f"select a.source, a.url, a.unjudged_since, {_WHY} from articles a where a.id = ?", (article_id,)
    ).fetchone()
    if row is None or row[2] is None:
        return None
    source, url, since, why = row
    return {"since": since, "why": why, "lists": failing_beside(conn, source, url) if why == "seeds_failed" else []}


def unjudged(conn: sqlite3.Connection, limit: int) -> list[dict[str, Any]]:
    """The articles that are not judged, the latest first: source, key, url, since, why, and the lists that fail."""
    rows = conn.execute(
        f"""
        select a.source, a.key, a.url, a.unjudged_since, {_WHY} from articles a
         where a.unjudged_since is not null order by a.unjudged_since desc, a.id desc limit ?
        """,
        (limit,),
    ).fetchall()
    beside: dict[tuple[str, str], list[str]] = {}
    for source, _, url, _, why in rows:
        if why == "seeds_failed" and (source, host_in(key_of(url))) not in beside:
            beside[source, host_in(key_of(url))] = failing_beside(conn, source, url)
    return [
        {"source": source, "key": key, "url": url, "since": since, "why": why}
        | {"lists": beside[source, host_in(key_of(url))] if why == "seeds_failed" else []}
        for source, key, url, since, why in rows
    ]


def counts(conn: sqlite3.Connection) -> list[tuple[str, str, int, str, str]]:
    """Of each source and reason: how many articles are not judged, since when, and the key of one; in their order."""
    rows = conn.execute(
        f"""
        select source, why, count(*), min(since), min(key)
          from (select a.source, a.key, a.unjudged_since as since, {_WHY} as why from articles a
                 where a.unjudged_since is not null)
         group by source, why order by source, why
        """
    )
    return rows.fetchall()


def failing_lists(conn: sqlite3.Connection, limit: int) -> list[dict[str, Any]]:
    """Lists that failed in the last crawl which read them, so many of each source, those that fail longest first.

    source, url, failed_url (the page of it that failed), cause, crawls (how many in a row), since, and answered_at:
    when it last answered before; None: it never did.
    """
    names = "source, url, failed_url, cause, crawls, since, answered_at"
    rows = conn.execute(
        f"""
        select {names} from (
            select {names}, row_number() over (partition by source order by crawls desc, url) as place
              from failing_lists)
         where place <= ? order by source, place
        """,
        (limit,),
    )
    return [dict(zip(names.split(", "), row, strict=True)) for row in rows]


def failing_beside(conn: sqlite3.Connection, source: str, url: str) -> list[str]:
    """The first lists of an article's host that answered before and fail now."""
    sql = "select url, failed_url from failing_lists where source = ? and answered_at is not null order by url"
    host, hosts = host_in(key_of(url)), dict[str, str]()
    rows = conn.execute(sql, (source,))
    return list(islice((listed for listed, failed in rows if _host_of(failed, hosts) == host), NAMED))


def _host_of(url: str, known: dict[str, str]) -> str | None:
    """The host of an address, of many with the same one at once; None for what is no address."""
    with suppress(ValueError):
        scheme, netloc = urlsplit(url)[:2]
        place = f"{scheme}://{netloc}/"
        if place not in known:
            known[place] = host_of(place)
        return known[place]
    return None
