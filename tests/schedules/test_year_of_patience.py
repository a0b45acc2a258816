"""A year of a site that gives few requests a day: a simulated clock, and the real cadence, frontier and hosts.db."""

from collections import deque
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlite_utils import Database
from support.journeys import SOAK

from archive import connect
from archive.judging.reading.fetched import Fetched
from archive.judging.runs.outcomes import Outcome
from archive.migrations import migrate
from archive.rows.recrawl_age import Moments
from crawler.frontier import NEVER, Lease, Waiting
from crawler.frontier.sqlite import SqliteFrontier
from crawler.hosts import HostBook, SqliteHostBook
from crawler.hosts.allowance import AT_LEAST_EVERY, a_day, longest_wait, of_delay
from crawler.hosts.day_count import RequestClaim
from crawler.hosts.host_names import Hosts
from crawler.middlewares.budget import Budget, BudgetSpent
from crawler.middlewares.turns import pause
from crawler.session.rechecks import Rechecks
from crawler.session.visits import Visiting
from schedules.cadence import next_due
from schedules.crawls import CRAWL_LIMIT_SECONDS

pytestmark = [pytest.mark.slow, pytest.mark.soak]

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
DAY, EVERY = timedelta(days=1), timedelta(hours=6)
PART = 1 if SOAK else 15  # in full size 30 articles and 720 requests a day, else a fifteenth of both
A_DAY, NEW = 720 // PART, 30 // PART
HOST, LISTS, ANSWER = "a.example", 2, 1.0  # robots.txt and a list; seconds until an answer is there


@dataclass
class Site:
    """A host at its pace; asked holds the moment of each request, visits those of each article."""

    book: HostBook
    clock: list[float]
    delay: float
    claim: RequestClaim
    asked: list[float] = field(default_factory=list)
    visits: dict[str, list[datetime]] = field(default_factory=dict)

    def ask(self, budget: Budget, recheck: bool = False) -> datetime:
        """A request, as Politeness lets it through. Raises BudgetSpent."""
        claim = self.claim.for_rechecks() if recheck else self.claim
        budget.ask()
        while True:
            turn = self.book.take(HOST, self.delay, claim)
            if not (wait := pause(turn, budget, self.clock[0], 2 * self.delay)) and not turn.spent:
                break
            self.clock[0] += wait
        self.asked.append(self.clock[0])
        self.clock[0] += ANSWER
        self.book.done(HOST, self.delay)
        return datetime.fromtimestamp(self.clock[0], UTC)

    @property
    def most_in_a_day(self) -> int:
        """The most requests that any 24 hours hold."""
        window, most = deque[float](), 0
        for at in self.asked:
            window.append(at)
            while window[0] <= at - DAY.total_seconds():
                window.popleft()
            most = max(most, len(window))
        return most


@dataclass
class Watched:
    """The articles a site shows, the moments at which they changed, and the moments at which that was seen."""

    out: dict[str, datetime] = field(default_factory=dict)
    changed: dict[str, datetime] = field(default_factory=dict)
    seen: dict[str, datetime] = field(default_factory=dict)
    unseen: dict[str, datetime] = field(default_factory=dict)
    waits: list[timedelta] = field(default_factory=list)

    def publish(self, count: int, now: datetime) -> list[Waiting]:
        new = [f"example,a)/{len(self.out) + n}" for n in range(count)]
        self.out |= dict.fromkeys(new, now)
        return [Waiting(f"https://a.example/{key.rpartition('/')[2]}", key) for key in new]

    def edit(self, chance: Random, now: datetime) -> None:
        """Edit an article: in three of four cases one of the last week."""
        keys = list(self.out)
        key = chance.choice(keys[-7 * NEW :] if chance.random() < 0.75 else keys)
        if key in self.seen:
            self.unseen.setdefault(key, now)

    def visit(self, key: str, at: datetime) -> tuple[Outcome, Moments]:
        edited = self.unseen.pop(key, None)
        if edited:
            self.waits.append(at - edited)
            self.changed[key] = at
        self.seen[key] = at
        return Outcome("edited" if edited else "seen"), Moments(self.out[key], self.out[key], self.changed.get(key))


@pytest.mark.parametrize(
    ("delay", "budget"),
    [
        pytest.param(86_400 / A_DAY, None, id="Crawl-delay"),
        pytest.param(2.0, A_DAY, id="requests_per_day"),
    ],
)
def test_a_year_is_never_over_budget_and_asks_every_article_in_time(
    tmp_path: Path, delay: float, budget: int | None
) -> None:
    clock, chance = [FIRST.timestamp()], Random(1)
    book = SqliteHostBook(tmp_path, lambda: clock[0])
    site, watched, longest_crawl = Site(book, clock, delay, RequestClaim("demo", None, budget)), Watched(), 0.0
    database = Database(connect(tmp_path / "archive.db"))
    migrate(database)
    database["sources"].insert({"name": "demo"})
    with closing(database.conn):
        database.conn.execute("begin immediate")
        frontier = SqliteFrontier(database.conn, "demo")
        for slot in range(365 * int(DAY / EVERY)):
            now = FIRST + slot * EVERY
            clock[0] = now.timestamp()
            share = [NEW * n // 4 for n in range(5)]
            named = watched.publish(share[slot % 4 + 1] - share[slot % 4], now)
            if watched.seen and slot % 2:
                watched.edit(chance, now)
            crawl(site, watched, frontier, named, now)
            longest_crawl = max(longest_crawl, clock[0] - now.timestamp())
    book.shut()
    waited = [at[0] - watched.out[key] for key, at in site.visits.items()]
    end = FIRST + 365 * DAY
    gaps = [then - at for visits in site.visits.values() for at, then in zip(visits, [*visits[1:], end], strict=True)]
    edits = sorted(watched.waits)
    half, most = edits[len(edits) // 2], edits[len(edits) * 9 // 10]
    print(
        f"\n{len(site.asked):,} requests in a year, {site.most_in_a_day} in 24 hours at the most; {len(waited):,} "
        f"articles, each asked after {max(waited)} at the latest, and every {max(gaps)} at least; of {len(edits)} "
        f"edits half were seen within {half}, nine of ten within {most}; the longest crawl took "
        f"{longest_crawl / 3600:.2f} h"
    )
    assert site.most_in_a_day <= A_DAY
    assert site.visits.keys() == watched.out.keys()
    assert max(waited) <= DAY
    assert max(gaps) <= AT_LEAST_EVERY
    assert half <= 2 * DAY  # in the order of due_at it is four days
    assert longest_crawl <= CRAWL_LIMIT_SECONDS
    assert len(site.asked) >= 365 * A_DAY * 0.75  # a fifth is kept for lists and new articles


def crawl(site: Site, watched: Watched, frontier: SqliteFrontier, named: list[Waiting], now: datetime) -> None:
    """Read the lists, ask new articles, then known ones in their order, until there is no room or nothing more due."""
    budget = Budget(clock=lambda: site.clock[0], time=CRAWL_LIMIT_SECONDS)
    rechecks = Rechecks(frontier, Hosts(site.delay), now)
    known = frontier.due_count(NEVER - DAY, None, "seen")
    rechecks.longest = longest_wait(known, a_day(site.claim.of_host, of_delay(site.delay)))
    visiting = Visiting(now, next_due)
    in_hand = list[Lease]()
    frontier.reclaim(now)
    try:
        for _ in range(LISTS):
            site.ask(budget)
        frontier.add(named, now)
        while in_hand := frontier.lease(1, now, 600, which="unseen") or rechecks.lease(1, 600):
            (lease,) = in_hand
            at = site.ask(budget, recheck=lease.fetched_at is not None)
            site.visits.setdefault(lease.urlkey, []).append(at)
            outcome, moments = watched.visit(lease.urlkey, at)
            told = visiting.answered(lease, outcome, Fetched(lease.url, 200, (), b"", at), moments)
            frontier.ack(lease, told.visit)
    except BudgetSpent:
        for lease in in_hand:
            frontier.release(lease)
