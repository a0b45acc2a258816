"""The frontier on a Redis or Valkey server, for workers on several machines; frontier.lua holds its rules."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from heapq import nsmallest
from itertools import islice
from typing import Any, TypeVar

from crawler.frontier.addresses import read_addresses, written
from crawler.frontier.protocol import (
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
    lateness,
)
from crawler.frontier.redis.rows import Row, dead_letter, epoch, known_address, lease_of, read_row
from crawler.frontier.redis.server import Script, Server

PAGE = 500  # rows in one call, so that others do not wait long
INDEXES = ("rows", "untried", "tried", "seen", "leases", "failed", "refused", "moved")

T = TypeVar("T")


@cache
def _script() -> Script:
    return Script("frontier.lua")


def keys_of(server: Server, source: str) -> list[str]:
    """The keys of the INDEXES of a source, in their order."""
    return [server.key("frontier", source, each) for each in INDEXES]


class RedisFrontier:
    """One source's urls on a server; each call is carried out whole, or several times in pages where it concerns all.

    The clock of the server decides where no moment is given. holder: the name of who leases, as in Tokens. max_losses:
    the failed fetches and lost leases in a row after which a url whose lease was lost is given up.

    What one machine can know does not hold here: that the holders of leases are dead (`reclaim` needs the holder's
    name), and that a call was not carried out if its answer is lost. A `lease` that is sent again for that reason
    leaves urls that nobody asks until their leases end; a call that gives a lease back gets its first answer.

    All untried urls count as due: they are since a list named them.
    """

    def __init__(self, server: Server, source: str, holder: str | None = None, max_losses: int = MAX_LOSSES) -> None:
        self._server = server
        self._keys = keys_of(server, source)
        self._losses = (max_losses, int(RARELY.total_seconds()))
        self._tokens = Tokens(holder)
        self._places = 0

    def add(self, links: Iterable[Waiting], now: datetime | None) -> int:
        new = 0
        for page in _pages(links):
            values: list[str | float | None] = []
            for link in page:
                self._places += 1
                values += [link.urlkey, link.url, link.kind, epoch(link.published_at), self._places, link.section]
            added, elsewhere = self._do("add", epoch(now), int(SILENCE.total_seconds()), *values)
            new += added
            again: set[str] = set()
            for at in range(0, len(elsewhere), 4):
                urlkey, url, others, named = elsewhere[at : at + 4]
                if urlkey in again:
                    url, others = self._addresses(urlkey)
                again.add(urlkey)
                self._name_otherwise(urlkey, url, others, named, now)
        return new

    def _name_otherwise(self, urlkey: str, url: str, others: str, named: str, now: datetime | None) -> None:
        """Note that a list names a known url with another scheme, or with or without www.

        url, others: of its row, as it was when the list was added.
        """
        at = now or self._clock()
        while True:
            before = read_addresses(url, others or None)
            after = before.named(named, at)
            if after == before:
                return
            is_new = int(not before.knows(named))
            if self._do("name", epoch(now), urlkey, url, others, after.url, written(after), is_new):
                return
            url, others = self._addresses(urlkey)

    def lease(
        self, n: int, now: datetime | None, seconds: float, since: datetime | None = None, which: Which = "all"
    ) -> list[Lease]:
        leases: list[Lease] = []
        group, skip = 1, 0
        while group and len(leases) < n:
            tokens = [self._tokens.next(now is None) for _ in range(n - len(leases))]
            told = (epoch(now), seconds, epoch(since), which, group, skip, len(tokens), *tokens, *self._losses)
            found, group, skip = self._do("lease", *told)
            leases += [lease_of(*each) for each in found]
        return leases

    def take(self, urlkey: str, now: datetime | None, seconds: float, *, due: bool = False) -> Lease | None:
        token = self._tokens.next(now is None)
        found = self._do("take", epoch(now), seconds, urlkey, token, int(due), *self._losses)
        return lease_of(*found) if found else None

    def overdue(
        self,
        n: int,
        now: datetime | None,
        longest: timedelta,
        since: datetime | None = None,
        *,
        every: bool = False,
    ) -> list[Overdue]:
        now = now or self._clock()
        late = (
            (
                lateness(now, each.fetched_at, each.due_at, longest, each.published_at),
                each.due_at,
                each.urlkey,
                each.url,
            )
            for each in self._seen(now, NEVER - timedelta(seconds=1) if every else now)
            if each.fetched_at and (since is None or (each.published_at and each.published_at >= since))
        )
        return list(dict.fromkeys(Overdue(urlkey, url) for *_, urlkey, url in nsmallest(n, late)))

    def hasten(self, urlkeys: Iterable[str], now: datetime | None, *, only_moved: bool = False) -> None:
        for page in _pages(urlkeys):
            self._do("hasten", epoch(now), int(only_moved), *page)

    def leave(self, urlkeys: Iterable[str], now: datetime | None) -> None:
        for page in _pages(urlkeys):
            self._do("leave", epoch(now), *page)

    def ack(self, lease: Lease, visit: Visit) -> bool:
        return self._close("ack", lease, visit)

    def nack(self, lease: Lease, visit: Visit) -> bool:
        return self._close("nack", lease, visit)

    def forget(self, lease: Lease) -> bool:
        return self._close("forget", lease)

    def release(self, lease: Lease) -> bool:
        return self._close("release", lease)

    def _close(self, what: str, lease: Lease, visit: Visit | None = None) -> bool:
        remembered = int(2 * self._server.patience) + 1
        told: list[str | float | None] = [what, lease.urlkey, lease.token, int(ends_by_clock(lease.token)), remembered]
        if visit is not None:
            told += [epoch(visit.at), epoch(visit.due_at), visit.status]
            told += [visit.etag, visit.last_modified, visit.given_up]
        while True:
            moved: list[str | None] = []
            if what == "ack" and visit is not None and visit.url is not None:
                url, others = self._addresses(lease.urlkey)
                after = read_addresses(url, others or None).answered(visit.url)
                moved = [url, others, after.url, written(after)]
            answer = self._do("close", *told, *moved, call=secrets.token_hex(8))
            if answer >= 0:
                return bool(answer)

    def renew(self, leases: Iterable[Lease], seconds: float, now: datetime | None = None) -> set[str]:
        held: set[str] = set()
        for page in _pages(leases):
            pairs = [each for lease in page for each in (lease.urlkey, lease.token)]
            held.update(self._do("renew", epoch(now), seconds, *pairs))
        return held

    def reclaim(self, now: datetime | None, holder: str | None = None) -> int:
        return self._paged("reclaim", now, holder)

    def recall(self, now: datetime | None) -> int:
        now = now or self._clock()
        return sum(self._paged("recall", now, index) for index in (1, 2, 3))

    def revive(self, now: datetime | None) -> int:
        now, revived = now or self._clock(), 0
        while more := self._do("revive", epoch(now)):
            revived += more
        return revived

    def dead_letters(self) -> Iterator[DeadLetter]:
        after = "-"
        while keys := self._server.call("ZRANGEBYLEX", self._keys[5], after, "+", "LIMIT", 0, PAGE):
            yield from (dead_letter(row) for _, row in self._rows(keys))
            after = f"({keys[-1]}"

    def known(self) -> Iterator[KnownAddress]:
        """Yield every article in the frontier, given-up ones too, in no order.

        One may come twice, if rows are added meanwhile.
        """
        cursor = "0"
        while True:
            cursor, found = self._server.call("HSCAN", self._keys[0], cursor, "COUNT", PAGE)
            for key, text in found.items():
                if "k" not in (row := read_row(text)):
                    yield known_address(key, row)
            if str(cursor) == "0":
                return

    def due_count(self, now: datetime | None, since: datetime | None = None, which: Which = "all") -> int:
        return self._paged("count", now, epoch(since), which)

    # -- the server -------------------------------------------------------------------------------------------

    def _do(self, operation: str, *values: str | float | None, call: str = "") -> Any:
        keys = [*self._keys, self._server.key("call", call)]
        return self._server.run(_script(), keys, operation, *values)

    def _paged(self, operation: str, now: datetime | None, *values: str | float | None) -> int:
        """The sum over the pages of an operation that gives (number, where to go on)."""
        now, done, skip = now or self._clock(), 0, 0
        while skip >= 0:
            more, skip = self._do(operation, epoch(now), *values, skip)
            done += more
        return done

    def _clock(self) -> datetime:
        return datetime.fromtimestamp(self._server.now(), UTC).replace(microsecond=0)

    def _addresses(self, urlkey: str) -> tuple[str, str]:
        """The url of a row and its other addresses as text; two empty texts if it is gone."""
        text = self._server.call("HGET", self._keys[0], urlkey)
        row: Row = read_row(text) if text else {}
        return row.get("u", ""), row.get("x", "")

    def _rows(self, keys: Sequence[str]) -> Iterator[tuple[str, Row]]:
        texts = self._server.call("HMGET", self._keys[0], *keys)
        return ((key, read_row(text)) for key, text in zip(keys, texts, strict=True) if text)

    def _seen(self, now: datetime, until: datetime) -> Iterator[KnownAddress]:
        """The fetched urls that are due until then and not leased, one by one in pages; one may come twice."""
        at, last = 0, int(self._server.call("ZCOUNT", self._keys[3], "-inf", epoch(until)))
        while at < last:
            keys = self._server.call("ZRANGE", self._keys[3], at, min(at + PAGE, last) - 1)
            yield from (known_address(key, row) for key, row in self._rows(keys))
            at += PAGE
        ended = self._server.call("ZRANGEBYSCORE", self._keys[4], "-inf", epoch(now))
        for page in _pages(ended):
            for key, row in self._rows(page):
                if "g" not in row and "f" in row and row["d"] <= epoch(until):
                    yield known_address(key, row)


def _pages(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while page := list(islice(rest, PAGE)):
        yield page
