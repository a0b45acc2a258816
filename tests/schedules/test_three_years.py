"""Three years of a source whose lists name no dates: a simulated clock, the real cadence and the real frontier."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import log
from pathlib import Path

import pytest
from sqlite_utils import Database
from support.journeys import SOAK

from archive import connect
from archive.judging.reading.fetched import Fetched
from archive.judging.runs.outcomes import Outcome
from archive.migrations import migrate
from archive.rows.recrawl_age import Moments
from crawler.frontier import Waiting
from crawler.frontier.sqlite import SqliteFrontier
from crawler.session.visits import Visiting
from schedules.cadence import next_due

pytestmark = [pytest.mark.slow, pytest.mark.soak]

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEARS = 3 * 365  # days
EVERY = 6 * HOUR  # between two crawls
A_DAY = 20 if SOAK else 1  # articles; the issue counts a hundred

Said = Callable[[datetime], Moments]  # the knowledge about an article that was first seen at a moment


@dataclass
class Site:
    """When every article was asked, and the longest time in between."""

    visits: dict[str, list[datetime]] = field(default_factory=dict)
    gap: timedelta = timedelta()

    def asked(self, urlkey: str, at: datetime) -> None:
        seen = self.visits.setdefault(urlkey, [])
        self.gap = max(self.gap, at - seen[-1]) if seen else self.gap
        seen.append(at)


def watched(home: Path, said: Said) -> Site:
    """Crawl at every slot; a list names every article on its first day, without a date."""
    database = Database(connect(home / "archive.db"))
    migrate(database)
    database["sources"].insert({"name": "demo"})
    frontier, site, known = SqliteFrontier(database.conn, "demo"), Site(), {}
    with closing(database.conn):
        database.conn.execute("begin immediate")
        for day in range(YEARS):
            for slot in range(int(DAY / EVERY)):
                now = FIRST + day * DAY + slot * EVERY
                if slot == 0:
                    new = [Waiting(f"https://a.example/{day}-{n}", f"example,a)/{day}-{n}") for n in range(A_DAY)]
                    frontier.add(new, now)
                    known |= {each.urlkey: said(now) for each in new}
                visiting = Visiting(now, next_due)
                while leases := frontier.lease(64, now, 600):
                    for lease in leases:
                        site.asked(lease.urlkey, now)
                        page = Fetched(lease.url, 304, (), b"", now)
                        told = visiting.answered(lease, Outcome("seen"), page, known[lease.urlkey])
                        frontier.ack(lease, told.visit)
    return site


def the_cadence_says(came_out: datetime, first: datetime) -> list[datetime]:
    """The visits of an article, worked out from its age alone: each at the first slot that the interval reaches."""
    visits, last = [first], FIRST + YEARS * DAY - EVERY
    while True:
        interval = min(max((visits[-1] - came_out) / 24, timedelta(minutes=10)), 30 * DAY)
        slots = -(-int(interval.total_seconds()) // int(EVERY.total_seconds()))
        if visits[-1] + slots * EVERY > last:
            return visits
        visits.append(visits[-1] + slots * EVERY)


@pytest.mark.parametrize(
    ("said", "lead"),
    [
        pytest.param(lambda now: Moments(now, now - HOUR), HOUR, id="the page has a date"),
        pytest.param(Moments, timedelta(), id="nothing has a date"),
    ],
)
def test_articles_of_undated_lists_are_visited_as_the_cadence_says(tmp_path: Path, said: Said, lead: timedelta) -> None:
    site = watched(tmp_path, said)
    assert len(site.visits) == YEARS * A_DAY
    wrong = {
        key: len(visits) for key, visits in site.visits.items()
        if visits != the_cadence_says(visits[0] - lead, visits[0])
    }  # fmt: skip
    assert wrong == {}
    assert site.gap <= 30 * DAY
    # An article of x days is asked 24/x times a day, at most at every slot, at least every 30 days: on the last of the
    # days 4·6 + 24·ln(720/6) + (1095 - 720)/30 requests, or 151, for each article that comes out in a day. As long as
    # only a list's date was known it was one for each article that there is: 1,095.
    last = FIRST + (YEARS - 30) * DAY
    lately = sum(at >= last for visits in site.visits.values() for at in visits) / 30
    assert lately <= A_DAY * (24 + 24 * log(120) + 375 / 30)
