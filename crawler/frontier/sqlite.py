"""The frontier in archive.db: no server, and acknowledgements can share a transaction with the captures."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from archive.files import instant, stamp
from crawler.frontier.addresses import read_addresses, written
from crawler.frontier.protocol import NEVER, SILENCE, DeadLetter, KnownAddress, Lease, Overdue, Visit, Waiting, Which

COLUMNS = (
    "url, urlkey, kind, attempts, etag, last_modified, published_at, last_fetched_at, lease_until, other_urls, section"
)
AGAIN = "given_up in ('failed', 'moved')"  # starts anew when a list names it anew

# The groups of rows in the order of leasing, each with its sort order; m012_fair_frontier made an index for each.
# Given-up rows need no condition: they are due NEVER.
UNTRIED = "last_fetched_at is null and attempts = 0"
TRIED = "last_fetched_at is null and attempts > 0"
SEEN = "last_fetched_at is not null"
NEWEST = "published_at desc, named_at desc, place"
FREE = "source = :source and due_at <= :now and (lease_until is null or lease_until <= :now)"
# `lateness` in SQL.
WAITED = "unixepoch(:now) - unixepoch(last_fetched_at)"
LATENESS = f"""
    case when {WAITED} >= :longest then 0
         when published_at > last_fetched_at and published_at <= :now then 1 else 2 end,
    iif({WAITED} >= :longest, {WAITED}, 1.0 * ({WAITED}) / max(1, unixepoch(due_at) - unixepoch(last_fetched_at))) desc
"""


class SqliteFrontier:
    """One source's rows of the table `frontier`; statements join the connection's open transaction."""

    def __init__(self, conn: sqlite3.Connection, source: str) -> None:
        self._conn = conn
        self._source = source
        self._next_expiry = datetime.min.replace(tzinfo=UTC)  # no lease can have expired before this
        self._holder = secrets.token_hex(8)
        self._leases = 0
        self._places = 0

    def add(self, links: Iterable[Waiting], now: datetime) -> int:
        rows = [self._row(link, now) for link in links]
        before = self._conn.total_changes
        self._conn.executemany(
            """
            insert into frontier (source, urlkey, url, kind, due_at, published_at, named_at, place, section)
            values (:source, :urlkey, :url, :kind, :now, :published, :now, :place, :section)
            on conflict do nothing
            """,
            rows,
        )
        new = self._conn.total_changes - before
        if new < len(rows):
            self._name_again(rows)
            self._name_otherwise(rows, now)
            self._name_sections([row for row in rows if row["section"] is not None])
        return new

    def _row(self, link: Waiting, now: datetime) -> dict[str, str | int | None]:
        self._places += 1
        return {
            "source": self._source,
            "urlkey": link.urlkey,
            "url": link.url,
            "kind": link.kind,
            "published": stamp(link.published_at) if link.published_at else None,
            "place": self._places,
            "section": link.section,
            "now": stamp(now),
            "silent": stamp(now - SILENCE),
        }

    def _name_again(self, rows: list[dict[str, str | int | None]]) -> None:
        """Update known urls that lists name again: note a later date, and start failed or moved ones anew."""
        given_up = f"select 1 from frontier where source = ? and given_up is not null and {AGAIN} limit 1"  # noqa: S608 ours
        if self._conn.execute(given_up, (self._source,)).fetchone():
            anew = "(:published > coalesce(published_at, '') or named_at < :silent)"
            self._conn.executemany(
                f"""
                update frontier
                   set given_up = iif({anew}, null, given_up), attempts = iif({anew}, 0, attempts),
                       due_at = iif({anew}, :now, due_at), named_at = :now
                 where source = :source and urlkey = :urlkey and {AGAIN}
                """,  # noqa: S608 the condition is ours
                rows,
            )
        self._conn.executemany(
            """
            update frontier
               set published_at = :published,
                   due_at = case when :published > last_fetched_at then min(due_at, :now) else due_at end
             where source = :source and urlkey = :urlkey and given_up is not 'refused'
               and :published is not null and :published > coalesce(published_at, '')
            """,
            rows,
        )

    def _name_otherwise(self, rows: list[dict[str, str | int | None]], now: datetime) -> None:
        """Note the addresses of known urls that lists name with another scheme, or with or without www.

        ArticleAddresses.named decides which of them is asked from then on. A new one starts a url anew whose last fetch
        failed, unless it was refused.
        """
        sql = "select url, other_urls from frontier where source = :source and urlkey = :urlkey and url <> :url"
        for row in rows:
            found = self._conn.execute(sql, row).fetchone()
            if found is None:
                continue
            before, url = read_addresses(*found), str(row["url"])
            after = before.named(url, now)
            if after == before:
                continue
            anew = "(:new and attempts > 0 and given_up is not 'refused')"
            self._conn.execute(
                f"""
                update frontier
                   set url = :url, other_urls = :others, due_at = iif({anew}, min(due_at, :now), due_at),
                       given_up = iif({anew}, null, given_up), attempts = iif({anew}, 0, attempts)
                 where source = :source and urlkey = :urlkey
                """,  # noqa: S608 the condition is ours
                {**row, "url": after.url, "others": written(after), "new": not before.knows(url)},
            )

    def _name_sections(self, rows: list[dict[str, str | int | None]]) -> None:
        """Set the section of known urls that have none."""
        sql = "update frontier set section = :section where source = :source and urlkey = :urlkey and section is null"
        self._conn.executemany(sql, rows)

    def lease(
        self, n: int, now: datetime, seconds: float, since: datetime | None = None, which: Which = "all"
    ) -> list[Lease]:
        rows = self._expired(n, now) if now >= self._next_expiry else []
        rows = [row for row in rows if _is_wanted(row, since, which)]
        if len(rows) < n:
            taken = {row[1] for row in rows}
            rows += [row for row in self._due(n, now, since, which) if row[1] not in taken][: n - len(rows)]
        return self._take(rows, now, seconds)

    def take(self, urlkey: str, now: datetime, seconds: float, *, due: bool = False) -> Lease | None:
        row = self._conn.execute(
            f"""
            select {COLUMNS} from frontier
             where source = ? and urlkey = ? and (lease_until is null or lease_until <= ?) and due_at <= ?
            """,  # noqa: S608 the columns are ours
            (self._source, urlkey, stamp(now), stamp(now if due else NEVER)),
        ).fetchone()
        return self._take([row], now, seconds)[0] if row else None

    def overdue(
        self, n: int, now: datetime, longest: timedelta, since: datetime | None = None, *, every: bool = False
    ) -> list[Overdue]:
        told = {
            "source": self._source, "now": stamp(now), "since": since and stamp(since), "n": n,
            "longest": int(longest.total_seconds()), "until": stamp(NEVER - timedelta(seconds=1) if every else now),
        }  # fmt: skip
        ((rows, _),) = _turns(since is not None, "seen")
        sql = f"""
        select urlkey, url from frontier
         where {rows} and source = :source and due_at <= :until and (lease_until is null or lease_until <= :now)
         order by {LATENESS}, due_at, urlkey limit :n
        """  # noqa: S608 they are ours
        return [Overdue(*row) for row in self._conn.execute(sql, told)]

    def hasten(self, urlkeys: Iterable[str], now: datetime, *, only_moved: bool = False) -> None:
        self._conn.executemany(
            """
            update frontier set due_at = min(due_at, ?), given_up = null
             where source = ? and urlkey = ? and (given_up = 'moved' or (given_up is null and not ?))
            """,
            [(stamp(now), self._source, urlkey, only_moved) for urlkey in urlkeys],
        )

    def leave(self, urlkeys: Iterable[str], now: datetime) -> None:
        self._conn.executemany(
            """
            update frontier set due_at = ?, given_up = 'moved', named_at = ?
             where source = ? and urlkey = ? and given_up is null
            """,
            [(stamp(NEVER), stamp(now), self._source, urlkey) for urlkey in urlkeys],
        )

    def _take(self, rows: list[tuple[str, ...]], now: datetime, seconds: float) -> list[Lease]:
        until = now + timedelta(seconds=seconds)
        leases = [self._leased(row) for row in rows]
        self._conn.executemany(
            "update frontier set lease_token = ?, lease_until = ? where source = ? and urlkey = ?",
            [(lease.token, stamp(until), self._source, lease.urlkey) for lease in leases],
        )
        if leases:
            self._next_expiry = min(self._next_expiry, until)
        return leases

    def _expired(self, n: int, now: datetime) -> list[tuple[str, ...]]:
        """Up to n rows whose lease has expired; notes when the next can expire, to skip the scan until then."""
        rows = self._conn.execute(
            f"""
            select {COLUMNS} from frontier
             where source = ? and lease_token is not null
             order by lease_until limit ?
            """,  # noqa: S608 the columns are ours
            (self._source, n + 1),  # one more, to know when the next lease ends
        ).fetchall()
        self._next_expiry = instant(rows[-1][8]) if rows else NEVER
        expired = [row for row in rows if row[8] <= stamp(now)]
        if len(expired) < len(rows):
            self._next_expiry = instant(rows[len(expired)][8])
        return expired[:n]

    def _due(self, n: int, now: datetime, since: datetime | None, which: Which) -> list[tuple[str, ...]]:
        told = {"source": self._source, "now": stamp(now), "since": since and stamp(since)}
        rows: list[tuple[str, ...]] = []
        for query in due_queries(since is not None, which):
            if len(rows) < n:
                rows += self._conn.execute(query, {**told, "n": n - len(rows)}).fetchall()
        return rows

    def _leased(self, row: tuple[str, ...]) -> Lease:
        self._leases += 1
        url, urlkey, kind, attempts, etag, last_modified, published_at, fetched_at, _, others, section = row
        return Lease(
            url=url,
            urlkey=urlkey,
            kind=kind,
            token=f"{self._holder}-{self._leases}",
            attempts=int(attempts),
            etag=etag,
            last_modified=last_modified,
            published_at=instant(published_at) if published_at else None,
            fetched_at=instant(fetched_at) if fetched_at else None,
            others=read_addresses(url, others).others,
            section=section,
        )

    def ack(self, lease: Lease, visit: Visit) -> bool:
        if visit.url is not None:
            self._move(lease, visit.url)
        return self._close(
            lease,
            """
            set due_at = :due_at, lease_token = null, lease_until = null, attempts = 0, last_status = :status,
                last_fetched_at = :at, given_up = :given_up, named_at = iif(:given_up is null, named_at, :at),
                etag = case when :status = 304 then coalesce(:etag, etag) else :etag end,
                last_modified = case when :status = 304 then coalesce(:last_modified, last_modified)
                                     else :last_modified end
            """,
            visit,
        )

    def _move(self, lease: Lease, url: str) -> None:
        """Make `url` the address of a leased row, and keep the others, also those that lists named since the lease."""
        mine = (self._source, lease.urlkey, lease.token)
        sql = "select url, other_urls from frontier where source = ? and urlkey = ? and lease_token = ?"
        if found := self._conn.execute(sql, mine).fetchone():
            after = read_addresses(*found).answered(url)
            sql = "update frontier set url = ?, other_urls = ? where source = ? and urlkey = ? and lease_token = ?"
            self._conn.execute(sql, (after.url, written(after), *mine))

    def nack(self, lease: Lease, visit: Visit) -> bool:
        return self._close(
            lease,
            """
            set due_at = :due_at, lease_token = null, lease_until = null, attempts = attempts + 1,
                last_status = :status, given_up = :given_up, named_at = iif(:given_up is null, named_at, :at)
            """,
            visit,
        )

    def forget(self, lease: Lease) -> bool:
        sql = "delete from frontier where source = ? and urlkey = ? and lease_token = ?"
        return self._conn.execute(sql, (self._source, lease.urlkey, lease.token)).rowcount == 1

    def release(self, lease: Lease) -> bool:
        return self._close(lease, "set lease_token = null, lease_until = null", None)

    def _close(self, lease: Lease, change: str, visit: Visit | None) -> bool:
        told = {
            "at": stamp(visit.at),
            "due_at": stamp(visit.due_at),
            "status": visit.status,
            "etag": visit.etag,
            "last_modified": visit.last_modified,
            "given_up": visit.given_up,
        } if visit else {}  # fmt: skip
        cursor = self._conn.execute(
            f"update frontier {change} where source = :source and urlkey = :urlkey and lease_token = :token",
            {"source": self._source, "urlkey": lease.urlkey, "token": lease.token, **told},
        )
        return cursor.rowcount == 1

    def reclaim(self, now: datetime) -> int:
        return self._conn.execute(
            "update frontier set lease_until = ? where source = ? and lease_token is not null and lease_until > ?",
            (stamp(now), self._source, stamp(now)),
        ).rowcount

    def recall(self, now: datetime) -> int:
        recalled = 0
        for rows in (TRIED, SEEN):
            sql = f"""
            update frontier set due_at = :now
             where source = :source and {rows} and due_at > :now and given_up is null and kind = 'article'
            """  # noqa: S608 the condition is ours
            recalled += self._conn.execute(sql, {"source": self._source, "now": stamp(now)}).rowcount
        return recalled

    def revive(self, now: datetime) -> int:
        sql = "update frontier set given_up = null, attempts = 0, due_at = ? where source = ? and given_up is not null"
        return self._conn.execute(sql, (stamp(now), self._source)).rowcount

    def dead_letters(self) -> Iterator[DeadLetter]:
        sql = """
        select url, attempts, last_status from frontier
         where source = ? and given_up is not null and given_up = 'failed' order by urlkey
        """
        for url, attempts, status in self._conn.execute(sql, (self._source,)):
            yield DeadLetter(url, attempts, status)

    def known(self) -> Iterator[KnownAddress]:
        sql = """
        select url, other_urls, urlkey, due_at, last_fetched_at, published_at
          from frontier where source = ? and kind = 'article'
        """
        for url, others, key, due_at, *moments in self._conn.execute(sql, (self._source,)):
            fetched_at, published_at = (instant(each) if each else None for each in moments)
            yield KnownAddress(url, key, instant(due_at), fetched_at, published_at, read_addresses(url, others).others)

    def due_count(self, now: datetime, since: datetime | None = None, which: Which = "all") -> int:
        told = {"source": self._source, "now": stamp(now), "since": since and stamp(since)}
        counts = (
            self._conn.execute(f"select count(*) from frontier where {rows} and {FREE}", told)  # noqa: S608 ours
            for rows, _ in _turns(since is not None, which)
        )
        return sum(count.fetchone()[0] for count in counts)


def _is_wanted(row: tuple[str, ...], since: datetime | None, which: Which) -> bool:
    """True if `since` and `which` allow the row of an expired lease; the same conditions as in the queries below."""
    published, fetched = row[6], row[7]
    if which != "all" and (which == "unseen") != (fetched is None):
        return False
    return since is None or (published >= stamp(since) if published else fetched is None)


def due_queries(since: bool, which: Which) -> list[str]:
    """A whole SQL query for each group of due rows, in the order of leasing; each reads no more rows than it gives.

    since: True if the queries compare dates with :since.
    """
    return [
        f"select {COLUMNS} from frontier where {rows} and {FREE} order by {order} limit :n"  # noqa: S608 they are ours
        for rows, order in _turns(since, which)
    ]


def _turns(since: bool, which: Which) -> list[tuple[str, str]]:
    """(condition, sort order) of each group of rows, in the order of leasing: SQL without `where` and `order by`.

    since: True if the conditions compare dates with :since.
    """
    dated, undated = "published_at >= :since", "published_at is null"
    unseen = [(f"{UNTRIED} and {each}", NEWEST) for each in (dated, undated)] if since else [(UNTRIED, NEWEST)]
    unseen += [(f"{TRIED} and ({dated} or {undated})" if since else TRIED, "due_at")]
    seen = [(f"{SEEN} and {dated}" if since else SEEN, "due_at")]
    return {"all": [*unseen, *seen], "unseen": unseen, "seen": seen}[which]
