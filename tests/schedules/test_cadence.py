"""When an article is looked at again, as a table."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from schedules.cadence import LATEST, SOONEST, next_due

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
MOMENTS = st.datetimes(timezones=st.just(UTC), min_value=datetime(1949, 1, 1), max_value=datetime(2100, 1, 1))  # noqa: DTZ001 hypothesis wants naive bounds


@every_row(
    ("kind", "age", "wait"),
    [
        ("list", None, timedelta(minutes=5)),
        ("feed", timedelta(days=900), timedelta(minutes=5)),
        ("article", timedelta(0), timedelta(minutes=10)),
        ("article", timedelta(hours=1), timedelta(minutes=10)),
        ("article", timedelta(hours=12), timedelta(minutes=30)),
        ("article", timedelta(days=1), timedelta(hours=1)),
        ("article", timedelta(days=30), timedelta(hours=30)),
        ("article", timedelta(days=365), timedelta(days=365) / 24),
        ("article", timedelta(days=720), timedelta(days=30)),
        ("article", timedelta(days=9999), timedelta(days=30)),
        (
            "article",
            -timedelta(days=2),
            timedelta(minutes=10),
        ),  # dated tomorrow: the site's clock, or an embargo
        ("article", None, timedelta(days=1)),
    ],
)
def test_wait_grows_with_age(kind: str, age: timedelta | None, wait: timedelta) -> None:
    published = None if age is None else NOW - age
    assert next_due(kind, published, None, NOW) == NOW + wait


def test_an_edit_brings_an_old_article_back_under_watch() -> None:
    published, edited = NOW - timedelta(days=2000), NOW - timedelta(days=1)
    assert next_due("article", published, edited, NOW) == NOW + timedelta(hours=1)


def test_the_next_due_time_is_in_utc_even_if_now_is_in_another_zone() -> None:
    shanghai = NOW.astimezone(timezone(timedelta(hours=8)))
    assert next_due("list", None, None, shanghai).isoformat() == "2026-11-25T12:05:00+00:00"


@given(MOMENTS, MOMENTS, MOMENTS)
def test_a_recheck_always_comes_and_never_in_a_rush(published: datetime, changed: datetime, now: datetime) -> None:
    assert now + SOONEST <= next_due("article", published, changed, now) <= now + LATEST


@given(MOMENTS, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9000)))
def test_an_older_article_waits_at_least_as_long(published: datetime, older: timedelta) -> None:
    now = datetime(2101, 1, 1, tzinfo=UTC)
    assert next_due("article", published, None, now) <= next_due("article", published - older, None, now)
