"""Schedules as people write them: the slots of each, and the message for one that cannot be read."""

import pickle
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from archive.settings.settings import Settings
from schedules.slots.schedule import Schedule, ScheduleError, Slot, next_runs, parse_schedule, schedules_of

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def year_of(schedule: Schedule) -> list[datetime]:
    """Its slots of 2026 on the source's own clock."""
    zone = ZoneInfo(schedule.timezone)
    local = (due.astimezone(zone) for due in schedule.after(datetime(2025, 12, 31, 23, 59, 59, tzinfo=zone)))
    return list(takewhile(lambda due: due.year == 2026, local))


@every_row(
    ("text", "zone", "slots"),
    [
        ("every 10s", "Asia/Shanghai", ["2026-01-01T00:00:10Z", "2026-01-01T00:00:20Z"]),
        ("every 10 seconds", "UTC", ["2026-01-01T00:00:10Z", "2026-01-01T00:00:20Z"]),
        ("Every 30 minutes", "UTC", ["2026-01-01T00:30:00Z", "2026-01-01T01:00:00Z"]),
        ("every 6 hours", "Asia/Shanghai", ["2026-01-01T04:00:00Z", "2026-01-01T10:00:00Z"]),
        ("every 1 day", "Asia/Shanghai", ["2026-01-01T16:00:00Z", "2026-01-02T16:00:00Z"]),
        ("30 6 * * *", "Asia/Shanghai", ["2026-01-01T22:30:00Z", "2026-01-02T22:30:00Z"]),
        ("30 6 * * mon-fri", "Asia/Shanghai", ["2026-01-01T22:30:00Z", "2026-01-04T22:30:00Z"]),
        ("0 9 * * sun", "UTC", ["2026-01-04T09:00:00Z", "2026-01-11T09:00:00Z"]),
        ("0 9 * * mon,wed", "UTC", ["2026-01-05T09:00:00Z", "2026-01-07T09:00:00Z"]),
        ("*/20 * * * *", "Asia/Kathmandu", ["2026-01-01T00:15:00Z", "2026-01-01T00:35:00Z"]),
    ],
)
def test_a_schedule_gives_its_slots_in_the_zone_of_the_source(text: str, zone: str, slots: list[str]) -> None:
    found = islice(parse_schedule("newsroom", text, zone).after(NEW_YEAR), 2)
    assert [f"{due:%Y-%m-%dT%H:%M:%SZ}" for due in found] == slots


@every_row(
    ("text", "cause"),
    [
        ("0 9 * * 0", "write weekdays as names (mon-sun), because cron and APScheduler number them differently"),
        ("0 9 * * 1-5", "write weekdays as names (mon-sun), because cron and APScheduler number them differently"),
        ("0 9 31 2 *", "this date does not exist in any year"),
        ("every 0s", 'write "every 10s" (minutes, hours, days) or a crontab line'),
        ("every 5 fortnights", 'write "every 10s" (minutes, hours, days) or a crontab line'),
        ("hourly", 'write "every 10s" (minutes, hours, days) or a crontab line'),
        ("", 'write "every 10s" (minutes, hours, days) or a crontab line'),
        ("61 * * * *", "Error validating expression '61'"),
        ("* * * *", 'write "every 10s" (minutes, hours, days) or a crontab line'),
    ],
)
def test_an_unreadable_schedule_is_refused_with_its_reason(text: str, cause: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        parse_schedule("newsroom", text, "Asia/Shanghai")
    assert str(caught.value).startswith(f"sources.newsroom.schedule: {text!r} is not a schedule: {cause}")


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_a_daily_crawl_comes_once_on_every_day_of_a_year(zone: str) -> None:
    days = Counter(due.date() for due in year_of(parse_schedule("x", "30 2 * * *", zone)))
    assert len(days) == 365
    assert set(days.values()) == {1}


def test_an_hourly_crawl_follows_elapsed_time_where_clocks_move() -> None:
    assert len(year_of(parse_schedule("x", "0 * * * *", "Europe/Berlin"))) == 365 * 24


def test_only_sources_with_a_schedule_are_owed_crawls_and_the_settings_go_first() -> None:
    settings = Settings.model_validate({"sources": {"newsroom": {"schedule": "every 10s"}, "quiet": {"delay": 1}}})
    declared = {"quiet": None, "newsroom": "every 1d", "a5qu": "30 6 * * *", "jiefang": None}
    sources = [SimpleNamespace(name=name, timezone="UTC", schedule=text) for name, text in declared.items()]
    schedules = schedules_of(settings, sources)
    assert [(each.source, each.text, each.timezone) for each in schedules] == [
        ("a5qu", "30 6 * * *", "UTC"),
        ("newsroom", "every 10s", "UTC"),
    ]
    assert next_runs(schedules, NEW_YEAR) == [
        Slot("newsroom", NEW_YEAR + timedelta(seconds=10)),
        Slot("a5qu", NEW_YEAR + timedelta(hours=6, minutes=30)),
    ]


LINES = st.sampled_from(["every 7s", "every 5 hours", "every 3 days", "15 2 * * *", "*/7 1-3 * * sun", "5 * * * *"])
ZONES = st.sampled_from(["Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe"])


@given(LINES, ZONES, st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 hypothesis wants naive bounds
def test_slots_are_later_in_order_and_the_same_after_a_restart(line: str, zone: str, moment: datetime) -> None:
    schedule = parse_schedule("x", line, zone)
    slots = list(islice(schedule.after(moment), 5))
    assert slots[0] > moment
    assert slots == sorted(set(slots))
    stored = pickle.loads(pickle.dumps(schedule.trigger))
    assert list(islice(Schedule("x", line, zone, stored).after(slots[1]), 3)) == slots[2:]
