"""The frontier in archive.db: no server, and its acknowledgements can share a transaction with the captures."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from archive.clock import instant, stamp
from crawler.frontier import Lease, Visit, Waiting

COLUMNS = "url, urlkey, kind, attempts, etag, last_modified, published_at, last_fetched_at, lease_until"
NEVER = datetime.max.replace(tzinfo=UTC)


class SqliteFrontier:
    """One source's rows of the table `frontier`; statements join whatever transaction is open on the connection."""

    def __init__(self, conn: sqlite3.Connection, source: str) -> None:
        self._conn = conn
        self._source = source
        self._next_expiry = datetime.min.replace(tzinfo=UTC)  # no lease can have expired before this
        self._holder = secrets.token_hex(8)
        self._leases = 0

    def add(self, links: Iterable[Waiting], now: datetime) -> int:
        due = stamp(now)
        rows = [
            (
                self._source,
                link.urlkey,
                link.url,
                link.kind,
                due,
                stamp(link.published_at) if link.published_at else None,
            )
            for link in links
        ]
        before = self._conn.total_changes
        self._conn.executemany(
            """
            insert into frontier (source, urlkey, url, kind, due_at, published_at)
            values (?, ?, ?, ?, ?, ?)
            on conflict do nothing
            """,
            rows,
        )
        new = self._conn.total_changes - before
        if new < len(rows):
            self._changed(rows)
        return new

    def _changed(self, rows: list[tuple[str, str, str, str, str, str | None]]) -> None:
        self._conn.executemany(
            """
            update frontier
               set published_at = :published,
                   due_at = case when :published > last_fetched_at then min(due_at, :due) else due_at end
             where source = :source and urlkey = :urlkey
               and :published is not null and :published > coalesce(published_at, '')
            """,
            [{"source": row[0], "urlkey": row[1], "due": row[4], "published": row[5]} for row in rows],
        )

    def lease(
        self, n: int, now: datetime, seconds: float, since: datetime | None = None, unseen: bool = False
    ) -> list[Lease]:
        rows = self._expired(n, now) if now >= self._next_expiry else []
        if len(rows) < n:
            taken = {row[1] for row in rows}
            rows += [row for row in self._due(n, now, since, unseen) if row[1] not in taken][: n - len(rows)]
        return self._take(rows, now, seconds)

    def take(self, urlkey: str, now: datetime, seconds: float) -> Lease | None:
        row = self._conn.execute(
            f"""
            select {COLUMNS} from frontier
             where source = ? and urlkey = ? and (lease_until is null or lease_until <= ?)
            """,  # noqa: S608 the columns are ours
            (self._source, urlkey, stamp(now)),
        ).fetchone()
        return self._take([row], now, seconds)[0] if row else None

    def hasten(self, urlkeys: Iterable[str], now: datetime) -> None:
        self._conn.executemany(
            "update frontier set due_at = min(due_at, ?) where source = ? and urlkey = ?",
            [(stamp(now), self._source, urlkey) for urlkey in urlkeys],
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
        """The expired leases; the scan is remembered, so that it is not made again before one can expire."""
        rows = self._conn.execute(
            f"""
            select {COLUMNS} from frontier
             where source = ? and lease_token is not null
             order by lease_until limit ?
            """,  # noqa: S608 the columns are ours
            (self._source, n + 1),
        ).fetchall()
        self._next_expiry = instant(rows[-1][8]) if rows else NEVER
        expired = [row for row in rows if row[8] <= stamp(now)]
        if len(expired) < len(rows):
            self._next_expiry = instant(rows[len(expired)][8])
        return expired[:n]

    def _due(self, n: int, now: datetime, since: datetime | None, unseen: bool) -> list[tuple[str, ...]]:
        return self._conn.execute(
            f"""
            select {COLUMNS} from frontier
             where source = :source and due_at <= :now
               and (lease_until is null or lease_until <= :now)
               and (:since is null or published_at >= :since
                    or (published_at is null and last_fetched_at is null))
               and (not :unseen or last_fetched_at is null)
             order by due_at limit :n
            """,  # noqa: S608 the columns are ours
            {"source": self._source, "now": stamp(now), "since": since and stamp(since), "unseen": unseen, "n": n},
        ).fetchall()

    def _leased(self, row: tuple[str, ...]) -> Lease:
        self._leases += 1
        url, urlkey, kind, attempts, etag, last_modified, published_at, fetched_at, _ = row
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
        )

    def ack(self, lease: Lease, visit: Visit) -> bool:
        return self._close(
            lease,
            """
            set due_at = :due_at, lease_token = null, lease_until = null, attempts = 0, last_status = :status,
                last_fetched_at = :at,
                etag = case when :status = 304 then coalesce(:etag, etag) else :etag end,
                last_modified = case when :status = 304 then coalesce(:last_modified, last_modified)
                                     else :last_modified end
            """,
            visit,
        )

    def nack(self, lease: Lease, visit: Visit) -> bool:
        return self._close(
            lease,
            """
            set due_at = :due_at, lease_token = null, lease_until = null, attempts = attempts + 1,
                last_status = :status
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
        return self._conn.execute(
            "update frontier set due_at = :now where source = :source and kind = 'article' and due_at > :now",
            {"source": self._source, "now": stamp(now)},
        ).rowcount

    def due_count(self, now: datetime) -> int:
        row: tuple[int] = self._conn.execute(
            """
            select count(*) from frontier
             where source = :source and due_at <= :now and (lease_until is null or lease_until <= :now)
            """,
            {"source": self._source, "now": stamp(now)},
        ).fetchone()
        return row[0]
