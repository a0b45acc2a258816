"""The effect of a visit on the next one: a row for each outcome, without clock, network or database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.tables import every_row

from archive.judging.reading.fetched import Fetched
from archive.judging.runs.outcomes import Outcome
from archive.rows.recrawl_age import Moments
from crawler.frontier import NEVER, Lease, Visit
from crawler.session.visits import (
    BY_ROBOTS,
    GIVE_UP_AFTER,
    Disposition,
    Refusal,
    Visiting,
    failure_wait,
    fruitless_wait,
)

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
URL = "https://a.example/1"
HEADERS = (("ETag", '"1"'), ("Last-Modified", "Thu, 26 Nov 2026 11:00:00 GMT"))
DAY = timedelta(days=1)


def lease(attempts: int = 0, fetched_at: datetime | None = None) -> Lease:
    return Lease(URL, "example,a)/1", "article", "t", attempts, None, None, None, fetched_at)


def page(status: int) -> Fetched:
    return Fetched(URL, status, HEADERS, b"", NOON)


def daily(_kind: str, _published: datetime | None, changed: datetime | None, now: datetime) -> datetime:
    """An article that just changed is due in an hour."""
    return now + (timedelta(hours=1) if changed else DAY)


VALID = ('"1"', "Thu, 26 Nov 2026 11:00:00 GMT")


@every_row(
    ("kind", "status", "attempts", "wait", "told", "done"),
    [
        ("new", 200, 0, DAY, (200, *VALID), True),
        ("seen", 304, 0, DAY, (304, *VALID), True),
        ("edited", 200, 3, timedelta(hours=1), (200, *VALID), True),
        ("gone", 404, 0, DAY, (404, None, None), True),
        ("redirected", 301, 0, DAY, (301, None, None), True),
        ("restricted", 200, 0, DAY, (200, *VALID), True),
        ("unreachable", 503, 0, timedelta(minutes=5), (503, None, None), False),
        ("unreachable", 503, 1, timedelta(minutes=30), (503, None, None), False),
        ("unreachable", 503, 10, DAY, (503, None, None), False),
        ("incomplete", 200, 0, timedelta(minutes=5), (200, None, None), False),
        ("not_article", 2**64, 0, DAY, (None, None, None), True),
    ],
)
def test_the_outcome_of_an_answer_sets_the_next_visit(
    kind: str, status: int, attempts: int, wait: timedelta, told: tuple[int | None, ...], done: bool
) -> None:
    found = Visiting(NOON, daily).answered(lease(attempts), Outcome(kind), page(status), None)  # type: ignore[arg-type]
    assert (found.visit, found.done) == (Visit(NOON, NOON + wait, *told), done)  # type: ignore[arg-type]


def test_a_fixed_recheck_overrules_the_cadence_but_never_within_the_crawl() -> None:
    found = Visiting(NOON, daily, recheck=0).answered(lease(), Outcome("seen"), page(304), None)
    assert found.visit.due_at == NOON + timedelta(seconds=1)


HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FRESH = (10 * MINUTE, 30 * MINUTE, 2 * HOUR, 8 * HOUR, DAY, 7 * DAY, 30 * DAY, 30 * DAY)


@every_row(
    ("age", "waits"),
    [
        (timedelta(), FRESH),
        (4 * HOUR, FRESH),
        (10 * HOUR, FRESH[1:]),  # a 24th of its age is 25 minutes: within ten it does not become an article
        (2 * DAY, FRESH[2:]),
        (365 * DAY, FRESH[4:]),  # and within hours none that was old when it was first seen, but it is asked once more
    ],
)
def test_addresses_that_never_gave_an_article_are_asked_ever_more_rarely(
    age: timedelta, waits: tuple[timedelta, ...]
) -> None:
    assert tuple(fruitless_wait(visits, age) for visits in range(1, len(waits) + 1)) == waits
    assert fruitless_wait(99, age) == 30 * DAY


@every_row(
    ("kind", "key", "fruitless", "wait"),
    [
        ("redirected", None, 1, 10 * MINUTE),
        ("restricted", None, 2, 30 * MINUTE),
        ("gone", None, 3, 2 * HOUR),
        ("not_article", None, 4, 8 * HOUR),
        ("revisit", None, 5, DAY),  # the same bytes as a page that gave none
        ("redirected", "town-1", 0, DAY),  # of an article the cadence decides, however it is missing
        ("restricted", "town-1", 0, DAY),
        ("seen", "town-2", 9, DAY),  # it leads to an article
        ("layout", None, 9, DAY),  # an article that waits for its page class
        ("crashed", None, 9, DAY),
        ("quarantined", None, 9, DAY),
        ("unreachable", None, 9, 5 * MINUTE),
    ],
)
def test_only_addresses_without_an_article_get_the_fruitless_wait(
    kind: str, key: str | None, fruitless: int, wait: timedelta
) -> None:
    moments, outcome = Moments(NOON, fruitless=fruitless), Outcome(kind, key)  # type: ignore[arg-type]
    assert Visiting(NOON, daily).answered(lease(), outcome, page(200), moments).visit.due_at == NOON + wait
    always = Visiting(NOON - HOUR, daily, recheck=60).answered(lease(), outcome, page(200), moments)
    assert always.visit.due_at == NOON + (5 * MINUTE if kind == "unreachable" else MINUTE)


def test_an_old_page_without_an_article_waits_seven_days_after_its_second_visit() -> None:
    listed = replace(lease(), published_at=NOON - 400 * DAY)
    found = Visiting(NOON, daily).answered(listed, Outcome("gone"), page(404), Moments(NOON, fruitless=2))
    assert found.visit.due_at == NOON + 7 * DAY


def day(n: int) -> datetime:
    return NOON - n * DAY


@every_row(
    ("moments", "listed", "kind", "told"),
    [
        (Moments(day(9), day(10)), None, "seen", (day(10), None)),
        (Moments(day(9), day(10)), day(3), "seen", (day(10), None)),  # of a page that has a date no list is asked
        (Moments(day(9)), day(10), "seen", (day(10), None)),
        (Moments(day(9)), day(3), "seen", (day(9), None)),  # what a list says later is no publication
        (Moments(day(9)), None, "seen", (day(9), None)),
        (Moments(day(9), NOON + 400 * DAY), None, "seen", (day(9), None)),  # nothing is seen before it comes out
        (Moments(day(9), datetime(1970, 1, 1, tzinfo=UTC)), None, "seen", (day(9), None)),
        (Moments(day(9), datetime(1957, 2, 27, tzinfo=UTC)), day(9999), "seen", (day(9999), None)),
        (Moments(day(9)), datetime(1970, 1, 1, tzinfo=UTC), "seen", (day(9), None)),
        (Moments(day(9), day(10), day(5)), None, "seen", (day(10), day(5))),
        (Moments(day(9), day(10), day(5)), None, "edited", (day(10), NOON)),  # the 200 shows another text
        (Moments(day(9), day(10), NOON), None, "edited", (day(10), NOON)),
        (Moments(day(9), day(10), day(5)), None, "gone", (day(10), day(5))),
        (None, day(3), "seen", (day(3), None)),
    ],
)
def test_the_cadence_gets_the_publication_date_and_the_last_change(
    moments: Moments | None, listed: datetime | None, kind: str, told: tuple[datetime | None, datetime | None]
) -> None:
    heard = []

    def cadence(_kind: str, published: datetime | None, changed: datetime | None, now: datetime) -> datetime:
        heard.append((published, changed))
        return now + DAY

    asked = replace(lease(), published_at=listed)
    Visiting(NOON, cadence).answered(asked, Outcome(kind), page(200), moments)  # type: ignore[arg-type]
    assert heard == [told]


def test_a_failed_fetch_is_retried_in_hours_and_a_robots_refusal_in_a_day() -> None:
    visiting = Visiting(NOON, daily)
    missed, refused = visiting.missed(lease(2), NOON), visiting.refused(lease(), BY_ROBOTS, NOON)
    assert (missed.visit.due_at, missed.done) == (NOON + timedelta(hours=2), False)
    assert (refused.visit.due_at, refused.done) == (NOON + DAY, False)


def test_refusals_are_looked_at_ever_more_rarely_or_never() -> None:
    visiting = Visiting(NOON, daily)
    visits = [visiting.refused(lease(n), BY_ROBOTS, NOON).visit for n in range(4)]
    assert [(visit.due_at - NOON).days for visit in visits] == [1, 7, 30, 30]
    barred = visiting.refused(lease(), Refusal("refused by policy", for_good=True), NOON)
    assert barred == Disposition(Visit(NOON, NEVER, None, given_up="refused"))


@pytest.mark.parametrize(
    ("attempts", "fetched_at", "visit"),
    [
        (10, None, Visit(NOON, NOON + DAY, None)),
        (11, None, Visit(NOON, NEVER, None, given_up="failed")),
        (10, NOON - DAY, Visit(NOON, NOON + DAY, None)),
        (11, NOON - DAY, Visit(NOON, NOON + 30 * DAY, None)),  # what we hold is never given up
        (99, NOON - DAY, Visit(NOON, NOON + 30 * DAY, None)),
    ],
)
def test_twelve_failures_give_up_an_address_that_was_never_fetched(
    attempts: int, fetched_at: datetime | None, visit: Visit
) -> None:
    visiting = Visiting(NOON, daily)
    assert visiting.missed(lease(attempts, fetched_at), NOON) == Disposition(visit)
    answered = visiting.answered(lease(attempts, fetched_at), Outcome("unreachable"), page(503), None)
    assert answered == Disposition(replace(visit, status=503))


def test_an_address_is_given_up_after_more_than_a_week() -> None:
    assert sum(map(failure_wait, range(GIVE_UP_AFTER - 1)), timedelta()) == timedelta(days=7, hours=14, minutes=35)


def test_waits_grow_up_to_a_day() -> None:
    assert [failure_wait(n).total_seconds() for n in range(7)] == [300, 1800, 7200, 43200, 86400, 86400, 86400]
