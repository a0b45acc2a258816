"""The frontier in archive.db: no server, and acknowledgements can share a transaction with the captures."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from archive.files import instant, stamp
from crawler.frontier.addresses import read_addresses, written
from crawler.frontier.protocol import (
    BY_CLOCK,
    MAX_LOSSES,
    NEVER,
    RARELY,
    SILENCE,
    DeadLetter,
    KnownAddress,
    Lease,
    Overdue,
    Tokens,
    Visit,
    Waiting,
    Which,
    ends_by_clock,
)
from crawler.frontier.sqlite_turns import AGAIN, COLUMNS, FREE, LATENESS, SEEN, TRIED, WANTED, due_queries, turns

MINE = "source = :source and urlkey = :urlkey and lease_token = :token and (:clock is null or lease_until > :clock)"
# Of a lease that was lost: with it the url failed too often in a row. Refused and moved ones stay so.
LOST_ENOUGH = f"given_up is null and attempts + 1 >= {MAX_LOSSES}"


class SqliteFrontier:
    """One source's rows of the table `frontier`; statements join the connection's open transaction.

    holder: the name of who leases, as in Tokens.
    """

    def __init__(self, conn: sqlite3.Connection, source: str, holder: str | None = None) -> None:
        self._conn = conn
        self._source = source
        self._next_expiry = datetime.min.replace(tzinfo=UTC)  # no lease can have expired before this
        self._tokens = Tokens(holder)
        self._places = 0

    def add(self, links: Iterable[Waiting], now: datetime | None) -> int:
        now = _moment(now)
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
        self, n: int, now: datetime | None, seconds: float, since: datetime | None = None, which: Which = "all"
    ) -> list[Lease]:
        by_clock, now = now is None, _moment(now)
        rows = self._expired(n, now, since, which) if now >= self._next_expiry else []
        if len(rows) < n:
            taken = {row[1] for row in rows}
            rows += [row for row in self._due(n, now, since, which) if row[1] not in taken][: n - len(rows)]
        return self._take(rows, now, seconds, by_clock)

    def take(self, urlkey: str, now: datetime | None, seconds: float, *, due: bool = False) -> Lease | None:
        by_clock, now = now is None, _moment(now)
        self._count_lost(now)
        row = self._conn.execute(
            f"""
            select {COLUMNS} from frontier
             where source = ? and urlkey = ? and (lease_until is null or lease_until <= ?) and due_at <= ?
            """,  # noqa: S608 the columns are ours
            (self._source, urlkey, stamp(now), stamp(now if due else NEVER)),
        ).fetchone()
        return self._take([row], now, seconds, by_clock)[0] if row else None

    def overdue(
        self, n: int, now: datetime | None, longest: timedelta, since: datetime | None = None, *, every: bool = False
    ) -> list[Overdue]:
        now = _moment(now)
        told = {
            "source": self._source, "now": stamp(now), "since": since and stamp(since), "n": n,
            "longest": int(longest.total_seconds()), "until": stamp(NEVER - timedelta(seconds=1) if every else now),
        }  # fmt: skip
        ((rows, _),) = turns(since is not None, "seen")
        sql = f"""
        select urlkey, url from frontier
         where {rows} and source = :source and due_at <= :until and (lease_until is null or lease_until <= :now)
         order by {LATENESS}, due_at, urlkey limit :n
        """  # noqa: S608 they are ours
        return [Overdue(*row) for row in self._conn.execute(sql, told)]

    def hasten(self, urlkeys: Iterable[str], now: datetime | None, *, only_moved: bool = False) -> None:
        self._conn.executemany(
            """
            update frontier set due_at = min(due_at, ?), given_up = null
             where source = ? and urlkey = ? and (given_up = 'moved' or (given_up is null and not ?))
            """,
            [(stamp(_moment(now)), self._source, urlkey, only_moved) for urlkey in urlkeys],
        )

    def leave(self, urlkeys: Iterable[str], now: datetime | None) -> None:
        self._conn.executemany(
            """
            update frontier set due_at = ?, given_up = 'moved', named_at = ?
             where source = ? and urlkey = ? and given_up is null
            """,
            [(stamp(NEVER), stamp(_moment(now)), self._source, urlkey) for urlkey in urlkeys],
        )

    def _take(self, rows: list[tuple[str, ...]], now: datetime, seconds: float, by_clock: bool) -> list[Lease]:
        until = now + timedelta(seconds=seconds)
        leases = [self._leased(row, by_clock) for row in rows]
        self._conn.executemany(
            "update frontier set lease_token = ?, lease_until = ? where source = ? and urlkey = ?",
            [(lease.token, stamp(until), self._source, lease.urlkey) for lease in leases],
        )
        if leases:
            self._next_expiry = min(self._next_expiry, until)
        return leases

    def _count_lost(self, now: datetime) -> None:
        """Count each lease that ended by the clock as a failed fetch, once: its token loses the mark of the clock."""
        self._conn.execute(
            f"""
            update frontier
               set attempts = attempts + 1,
                   due_at = iif({LOST_ENOUGH}, iif(last_fetched_at is null, :never, :rarely), due_at),
                   given_up = iif({LOST_ENOUGH} and last_fetched_at is null, 'failed', given_up),
                   named_at = iif({LOST_ENOUGH} and last_fetched_at is null, :now, named_at),
                   lease_until = iif({LOST_ENOUGH}, null, lease_until),
                   lease_token = iif({LOST_ENOUGH}, null, substr(lease_token, 1 + length(:mark)))
             where source = :source and lease_until <= :now and lease_token glob :mark || '*'
            """,  # noqa: S608 the condition is ours
            {
                "source": self._source, "now": stamp(now), "never": stamp(NEVER), "rarely": stamp(now + RARELY),
                "mark": BY_CLOCK,
            },
        )  # fmt: skip

    def _expired(self, n: int, now: datetime, since: datetime | None, which: Which) -> list[tuple[str, ...]]:
        """Up to n rows whose lease has expired; notes when the next can expire, to skip the search until then."""
        self._count_lost(now)
        told = {"source": self._source, "now": stamp(now), "since": since and stamp(since), "which": which, "n": n}
        leased = "source = :source and lease_token is not null"
        sql = f"""
        select {COLUMNS} from frontier where {leased} and lease_until <= :now and {WANTED} order by lease_until limit :n
        """  # noqa: S608 ours
        rows = self._conn.execute(sql, told).fetchall()
        (first,) = self._conn.execute(f"select min(lease_until) from frontier where {leased}", told).fetchone()  # noqa: S608 ours
        self._next_expiry = instant(first) if first else NEVER
        return rows

    def _due(self, n: int, now: datetime, since: datetime | None, which: Which) -> list[tuple[str, ...]]:
        told = {"source": self._source, "now": stamp(now), "since": since and stamp(since)}
        rows: list[tuple[str, ...]] = []
        for query in due_queries(since is not None, which):
            if len(rows) < n:
                rows += self._conn.execute(query, {**told, "n": n - len(rows)}).fetchall()
        return rows

    def _leased(self, row: tuple[str, ...], by_clock: bool) -> Lease:
        url, urlkey, kind, attempts, etag, last_modified, published_at, fetched_at, _, others, section = row
        return Lease(
            url=url,
            urlkey=urlkey,
            kind=kind,
            token=self._tokens.next(by_clock),
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
        mine = self._mine(lease)
        if found := self._conn.execute(f"select url, other_urls from frontier where {MINE}", mine).fetchone():  # noqa: S608 ours
            after = read_addresses(*found).answered(url)
            sql = f"update frontier set url = :url, other_urls = :others where {MINE}"  # noqa: S608 ours
            self._conn.execute(sql, {**mine, "url": after.url, "others": written(after)})

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
        return self._conn.execute(f"delete from frontier where {MINE}", self._mine(lease)).rowcount == 1  # noqa: S608 ours

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
        return self._conn.execute(f"update frontier {change} where {MINE}", {**self._mine(lease), **told}).rowcount == 1

    def _mine(self, lease: Lease, clock: datetime | None = None) -> dict[str, str | None]:
        """The values of MINE: the row of a lease, if it is held at the moment `clock`, by default if its token says so.

        The lease of a crawl that gives its own moments is held until another holder has the url.
        """
        if clock is None and ends_by_clock(lease.token):
            clock = _moment(None)
        told = {"source": self._source, "urlkey": lease.urlkey, "token": lease.token}
        return {**told, "clock": stamp(clock) if clock else None}

    def renew(self, leases: Iterable[Lease], seconds: float, now: datetime | None = None) -> set[str]:
        now = _moment(now)
        until = stamp(now + timedelta(seconds=seconds))
        sql = f"update frontier set lease_until = :until where {MINE}"  # noqa: S608 ours
        self._next_expiry = min(self._next_expiry, instant(until))
        return {
            lease.token
            for lease in leases
            if self._conn.execute(sql, {**self._mine(lease, now), "until": until}).rowcount == 1
        }

    def reclaim(self, now: datetime | None, holder: str | None = None) -> int:
        now = _moment(now)
        ended = self._conn.execute(
            """
            update frontier set lease_until = :now
             where source = :source and lease_token is not null and lease_until > :now
               and (:holder is null or substr(lease_token, instr(lease_token, '@') + 1) = :holder)
            """,
            {"source": self._source, "now": stamp(now), "holder": holder},
        ).rowcount
        if ended:
            self._next_expiry = min(self._next_expiry, now)
        return ended

    def recall(self, now: datetime | None) -> int:
        recalled = 0
        for rows in (TRIED, SEEN):
            sql = f"""
            update frontier set due_at = :now
             where source = :source and {rows} and due_at > :now and given_up is null and kind = 'article'
            """  # noqa: S608 the condition is ours
            recalled += self._conn.execute(sql, {"source": self._source, "now": stamp(_moment(now))}).rowcount
        return recalled

    def revive(self, now: datetime | None) -> int:
        sql = "update frontier set given_up = null, attempts = 0, due_at = ? where source = ? and given_up is not null"
        return self._conn.execute(sql, (stamp(_moment(now)), self._source)).rowcount

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

    def due_count(self, now: datetime | None, since: datetime | None = None, which: Which = "all") -> int:
        told = {"source": self._source, "now": stamp(_moment(now)), "since": since and stamp(since)}
        counts = (
            self._conn.execute(f"select count(*) from frontier where {rows} and {FREE}", told)  # noqa: S608 ours
            for rows, _ in turns(since is not None, which)
        )
        return sum(count.fetchone()[0] for count in counts)


def _moment(now: datetime | None) -> datetime:
    """The moment itself; for None this machine's clock, for archive.db lies on it."""
    return now or datetime.now(UTC)
