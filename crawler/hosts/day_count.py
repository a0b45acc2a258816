"""The requests of the last 24 hours by host and source, and what they leave of the budgets of a day.

Requests are counted by the minute in which they went out. A minute counts until all of it is more than a day old, so
that no 24 hours hold more than a budget allows.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from crawler.hosts.allowance import DAY, kept

MINUTE = 60
COUNTED_MINUTES = DAY // MINUTE + 1  # including the current minute

ASKED = """create table asked (
    host text not null,
    minute integer not null,
    source text not null,
    requests integer not null,
    primary key (host, minute, source)
) without rowid, strict"""

Budget = tuple[str, str, int]  # `host` or `source`, its name, its size
WHERE = {"host": "host = ?", "source": "source = ?"}


@dataclass(frozen=True, slots=True)
class RequestClaim:
    """A request to be counted, with the budgets of a day of its source and its host (None: no budget).

    recheck: for a known article, which must leave the part kept for new ones. with_it: the number of requests that
    follow it and must have room too: 1 for robots.txt, which is fetched for another request.
    """

    source: str
    of_source: int | None = None
    of_host: int | None = None
    recheck: bool = False
    with_it: int = 0

    @property
    def is_bounded(self) -> bool:
        """True if any budget holds."""
        return self.of_source is not None or self.of_host is not None

    def for_rechecks(self) -> RequestClaim:
        """The same claim for a known article."""
        return replace(self, recheck=True)


@dataclass(frozen=True, slots=True)
class Spent:
    """A budget of a day that leaves no room: its owner, its size, and when it has room again (seconds since 1970).

    of: `host` or `source`. recheck: there is still room for new articles.
    """

    of: str
    name: str
    limit: int
    more_at: float
    recheck: bool = False


class DayCount:
    """The table `asked` of hosts.db; calls join the open transaction. Times are seconds since 1970."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def make(self) -> None:
        """Create the table, dropping an old one."""
        self._conn.execute("drop table if exists asked")
        self._conn.execute(ASKED)
        self._conn.execute("create index asked_for on asked(source, minute)")

    def add(self, host: str, claim: RequestClaim, now: float) -> None:
        """Count a request, and delete the host's counts that are older than a day."""
        minute = int(now // MINUTE)
        self._conn.execute("delete from asked where host = ? and minute <= ?", (host, minute - COUNTED_MINUTES))
        self._conn.execute(
            "insert into asked values (?, ?, ?, 1) on conflict do update set requests = requests + 1",
            (host, minute, claim.source),
        )

    def spent(self, host: str, claim: RequestClaim, now: float) -> Spent | None:
        """The budget that leaves no room for a request: the source's, else the host's; None if both have room."""
        held = budgets(host, claim)
        self._righted(now, held)
        for of, name, limit in held:
            most = most_asked(limit, claim)
            if self._asked(of, name, now) >= most:
                more_at = self._more_at(of, name, most, now)
                return Spent(of, name, limit, more_at, claim.recheck and self._asked(of, name, now) < limit)
        return None

    def left(self, host: str, claim: RequestClaim, now: float) -> int | None:
        """The number of requests like this one that all its budgets have room for; None, any number, if it has none."""
        held = budgets(host, claim)
        self._righted(now, held)
        rooms = [most_asked(limit, claim) - self._asked(of, name, now) for of, name, limit in held]
        return max(0, min(rooms)) if rooms else None

    def _righted(self, now: float, held: list[Budget]) -> None:
        """If the clock went back, move the counts of minutes still to come to the current minute."""
        minute = int(now // MINUTE)
        for of, name, _ in held:
            sql = f"select 1 from asked where {WHERE[of]} and minute > ? limit 1"  # noqa: S608 ours
            if self._conn.execute(sql, (name, minute)).fetchone():
                self._right(minute)

    def _right(self, minute: int) -> None:
        sql = "select host, source, sum(requests) from asked where minute > ? group by host, source"
        ahead = self._conn.execute(sql, (minute,)).fetchall()
        self._conn.execute("delete from asked where minute > ?", (minute,))
        self._conn.executemany(
            """
            insert into asked (host, minute, source, requests) values (?1, ?4, ?2, ?3)
            on conflict do update set requests = requests + excluded.requests
            """,
            [(*row, minute) for row in ahead],
        )

    def _asked(self, of: str, name: str, now: float) -> int:
        sql = f"select coalesce(sum(requests), 0) from asked where {WHERE[of]} and minute > ?"  # noqa: S608 ours
        (asked,) = self._conn.execute(sql, (name, int(now // MINUTE) - COUNTED_MINUTES)).fetchone()
        return int(asked)

    def _more_at(self, of: str, name: str, most: int, now: float) -> float:
        """The time at which a budget of `most` requests, which is spent now, has room for one more.

        A day from now if `most` is 0.
        """
        since, over = int(now // MINUTE) - COUNTED_MINUTES, self._asked(of, name, now) - most + 1
        sql = (
            f"select minute, sum(requests) from asked where {WHERE[of]} and minute > ? group by minute order by minute"  # noqa: S608 ours
        )
        for minute, requests in self._conn.execute(sql, (name, since)):
            over -= requests
            if over <= 0:
                return float((minute + COUNTED_MINUTES) * MINUTE)
        return now + DAY


def budgets(host: str, claim: RequestClaim) -> list[Budget]:
    """The budgets of a request: that of its source, then that of its host."""
    told = (("source", claim.source, claim.of_source), ("host", host, claim.of_host))
    return [(of, name, limit) for of, name, limit in told if limit is not None]


def most_asked(limit: int, claim: RequestClaim) -> int:
    """The number of requests of a day from which on a budget of `limit` has no room for this one."""
    return limit - claim.with_it - (kept(limit) if claim.recheck else 0)
