"""How many requests each host got for each source in the last 24 hours, and what the budgets of a day leave.

Requests are counted by the minute in which they went out. A minute counts until all of it is more than a day old, so
that no 24 hours hold more than a budget says.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from crawler.hosts.allowance import DAY, kept

MINUTE = 60
COUNTED_MINUTES = DAY // MINUTE + 1  # minutes, the running one among them

ASKED = """create table asked (
    host text not null,
    minute integer not null,
    source text not null,
    requests integer not null,
    primary key (host, minute, source)
) without rowid, strict"""

Budget = tuple[str, str, int]  # of a host or source, its name, its size
WHERE = {"host": "host = ?", "source": "source = ?"}


@dataclass(frozen=True, slots=True)
class RequestClaim:
    """A request that wants to be counted: for which source, and what of it and of the host a day may hold (None: all).

    recheck: a known article, which leaves what is kept for new ones. with_it: requests that this one is made for, as a
    robots.txt is, and that must have room too.
    """

    source: str
    of_source: int | None = None
    of_host: int | None = None
    recheck: bool = False
    with_it: int = 0

    @property
    def is_bounded(self) -> bool:
        """Whether any budget holds."""
        return self.of_source is not None or self.of_host is not None

    def for_rechecks(self) -> RequestClaim:
        """The same for a known article."""
        return replace(self, recheck=True)


@dataclass(frozen=True, slots=True)
class Spent:
    """A budget of a day that leaves no room: what has it, its size, and when it has room again (seconds since 1970).

    of: `host` or `source`. recheck: there is room for new articles still.
    """

    of: str
    name: str
    limit: int
    more_at: float
    recheck: bool = False


class DayCount:
    """The table `asked` of hosts.db; each call is part of the transaction that is open. Times are since 1970."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def make(self) -> None:
        """Make the table anew."""
        self._conn.execute("drop table if exists asked")
        self._conn.execute(ASKED)
        self._conn.execute("create index asked_for on asked(source, minute)")

    def add(self, host: str, claim: RequestClaim, now: float) -> None:
        """Count a request, and delete the counts that are older than a day."""
        minute = int(now // MINUTE)
        self._conn.execute("delete from asked where host = ? and minute <= ?", (host, minute - COUNTED_MINUTES))
        self._conn.execute(
            "insert into asked values (?, ?, ?, 1) on conflict do update set requests = requests + 1",
            (host, minute, claim.source),
        )

    def spent(self, host: str, claim: RequestClaim, now: float) -> Spent | None:
        """The first budget that leaves no room for a request, that of the source first."""
        budgets = _budgets(host, claim)
        self._righted(now, budgets)
        for of, name, limit in budgets:
            most = _most(limit, claim)
            if self._asked(of, name, now) >= most:
                more_at = self._more_at(of, name, most, now)
                return Spent(of, name, limit, more_at, claim.recheck and self._asked(of, name, now) < limit)
        return None

    def left(self, host: str, claim: RequestClaim, now: float) -> int | None:
        """How many requests like this one have room; None: any number."""
        budgets = _budgets(host, claim)
        self._righted(now, budgets)
        rooms = [_most(limit, claim) - self._asked(of, name, now) for of, name, limit in budgets]
        return max(0, min(rooms)) if rooms else None

    def _righted(self, now: float, budgets: list[Budget]) -> None:
        """Where the clock has gone back, what was asked in minutes that are still to come counts as asked now."""
        minute = int(now // MINUTE)
        for of, name, _ in budgets:
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
        """When so many minutes will have gone that one request more has room."""
        since, over = int(now // MINUTE) - COUNTED_MINUTES, self._asked(of, name, now) - most + 1
        sql = (
            f"select minute, sum(requests) from asked where {WHERE[of]} and minute > ? group by minute order by minute"  # noqa: S608 ours
        )
        for minute, requests in self._conn.execute(sql, (name, since)):
            over -= requests
            if over <= 0:
                return float((minute + COUNTED_MINUTES) * MINUTE)
        return now + DAY


def _budgets(host: str, claim: RequestClaim) -> list[Budget]:
    told = (("source", claim.source, claim.of_source), ("host", host, claim.of_host))
    return [(of, name, limit) for of, name, limit in told if limit is not None]


def _most(limit: int, claim: RequestClaim) -> int:
    return limit - claim.with_it - (kept(limit) if claim.recheck else 0)
