"""The judgements on an article's presence with their evidence, and the articles not judged, with the reason."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import islice, pairwise
from typing import Any
from urllib.parse import urlsplit

from archive.rules import JUDGEMENTS, UNJUDGED, host_in, host_of, key_of

MAX_LISTS_NAMED = 5  # per article; a sitemap index may lead to 50,000

_WHY = f"""
    (select p.counted from probes p where p.article_id = a.id and p.counted in {tuple(sorted(UNJUDGED))}
      order by p.at desc, p.id desc limit 1)
"""


def judgements(conn: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    """The judgements on an article's presence as dicts, in the order of recording, with bounds and evidence.

    Keys: kind, at, last_seen_at, first_missed_at, probes; of a delisting also lists. The article went between
    last_seen_at (None: no dated capture shows it) and first_missed_at; for a delisting these are the last reading of
    the list with it and the first without. A return (kind `restored`) repeats the last_seen_at and first_missed_at of
    the judgement before it, and names its kind in `ended`; its probes are those that found the article again.
    """
    rows = conn.execute(
        f"select kind, at, detail from events where article_id = ? and kind in {JUDGEMENTS} order by id",
        (article_id,),
    )
    found = [_told(kind, at, _borne_out(conn, article_id, at, json.loads(detail))) for kind, at, detail in rows]
    for before, after in pairwise(found):
        if after["kind"] == "restored":
            after |= {name: before[name] for name in ("last_seen_at", "first_missed_at")} | {"ended": before["kind"]}
            after["probes"] = _sights(conn, article_id, after["at"])
    return found


def filed_under(revisions: Sequence[Mapping[str, Any]], at: str) -> int:
    """The index in `revisions`, which is never empty, of the one after which a judgement of the moment `at` is shown.

    It is the last dated revision captured at `at` or before; if all were captured later, the first dated one. Undated
    revisions, which stand first in the list, are chosen only if no other exists: then the last of them.
    """
    dated: list[str] = [each["captured_at"] for each in revisions if each["dating"] == "stated"]
    undated, earlier = len(revisions) - len(dated), sum(moment <= at for moment in dated)
    return min(len(revisions) - 1, undated + max(0, earlier - 1))


def _sights(conn: sqlite3.Connection, article_id: int, at: str) -> list[dict[str, Any]]:
    """The probes of exactly the moment `at` that found the article or found it listed, as dicts.

    Keys: at, outcome (`found` or `listed`), capture (a record id, or None), witness (always None).
    """
    found = conn.execute(
        """
        select p.outcome, c.record_id from probes p left join captures c on c.id = p.capture_id
         where p.article_id = ? and p.at = ? and p.outcome in ('found', 'listed')
        """,
        (article_id, at),
    )
    return [{"at": at, "outcome": outcome, "capture": record, "witness": None} for outcome, record in found]


def _borne_out(conn: sqlite3.Connection, article_id: int, at: str, detail: dict[str, Any]) -> dict[str, Any]:
    """A copy of the detail with last_seen_at set anew: the last dated capture that shows the article; None without one.

    Only captures up to `at` and up to the last_seen_at in the ledger, which is always set, count. Earlier versions
    dated saved files by the times of files, and ledger lines are never changed.
    """
    sql = "select max(captured_at) from sightings where article_id = ? and not undated and captured_at <= ?"
    (seen,) = conn.execute(sql, (article_id, min(at, detail["last_seen_at"]))).fetchone()
    return detail | {"last_seen_at": seen}


def _told(kind: str, at: str, detail: dict[str, Any]) -> dict[str, Any]:
    if kind == "delisted":
        lists = detail["unlisted"]
        seen, missed = detail["last_listed_at"], lists[0]["at"]
        return {"kind": kind, "at": at, "last_seen_at": seen, "first_missed_at": missed, "probes": [], "lists": lists}
    missed = detail["standing"].get("first_missed_at")
    probes = detail.get("evidence", [])
    return {"kind": kind, "at": at, "last_seen_at": detail["last_seen_at"], "first_missed_at": missed, "probes": probes}


def unjudged_of(conn: sqlite3.Connection, article_id: int | None) -> dict[str, Any] | None:
    """The reason why an article's absence is not judged, as a dict; None if it is judged, or the article is not absent.

    Keys: since, the moment of the first probe that missed the article after it was last there; why, `no_witness` (no
    other page of its host answered then) or `seeds_failed` (a list could not be read); and lists, the addresses from
    `failing_beside` (empty for `no_witness`). None for the id None too.
    """
    row = conn.execute(
        f"select a.source, a.url, a.unjudged_since, {_WHY} from articles a where a.id = ?", (article_id,)
    ).fetchone()
    if row is None or row[2] is None:
        return None
    source, url, since, why = row
    return {"since": since, "why": why, "lists": failing_beside(conn, source, url) if why == "seeds_failed" else []}


def unjudged(conn: sqlite3.Connection, limit: int) -> list[dict[str, Any]]:
    """The articles whose absence is not judged, as dicts: at most `limit` (0: none), the latest `since` first.

    Keys: source, key, url, and those of `unjudged_of`: since, why, lists.
    """
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
    """A row for each source and reason with articles not judged, sorted by both.

    It is (source, reason, number of articles, their earliest `since`, the first of their keys by text order).
    """
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
    """Lists that failed in the last crawl that read them, as dicts: sorted by source, at most `limit` of each source.

    Within a source, those with the most failures in a row come first.

    Keys: source, url, failed_url (the page of the list that failed), cause, crawls (the number of failures in a row),
    since (when the first of them began), and answered_at (the last answer before; None if the list never answered).
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
    """The addresses of at most five lists of a source that answered before and fail now, in text order.

    Only lists whose failed page is on the host of `url`, an article's.
    """
    sql = "select url, failed_url from failing_lists where source = ? and answered_at is not null order by url"
    host, hosts = host_in(key_of(url)), dict[str, str]()
    rows = conn.execute(sql, (source,))
    return list(islice((listed for listed, failed in rows if _host_of(failed, hosts) == host), MAX_LISTS_NAMED))


def _host_of(url: str, known: dict[str, str]) -> str | None:
    """The host of an address as in its urlkey (`com,example`), cached in `known`; None for an invalid address."""
    with suppress(ValueError):
        scheme, netloc = urlsplit(url)[:2]
        place = f"{scheme}://{netloc}/"
        if place not in known:
            known[place] = host_of(place)
        return known[place]
    return None
