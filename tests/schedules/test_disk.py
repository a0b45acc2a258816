"""Room on the disk: what the rule says of the same room at another pace, and real crawls of three weeks."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.fake_clock import LIBRARY
from support.journeys import Thinker
from support.tables import every_row

from archive.answers.growth import full_at
from newsroom.process import running
from schedules.health.disk_rules import Outlook, disk

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MB = 10**6
FREE = "10,500 MB free, minimum 500 MB"


def found(daily: float | None, free: int = 10_500, floor: int = 500) -> tuple[bool, str, str]:
    """The verdict on this room (MB) at this daily use, and its text in English and Chinese."""
    room = (free - floor) * MB
    at = None if daily is None else full_at(room, daily * MB, NOW)
    ok, told = disk(Outlook(free * MB, floor * MB, None if daily is None else daily * MB, at), NOW)
    return ok, told.en, told.zh


@every_row(
    ("daily", "ok", "en", "zh"),
    [
        (
            None,
            True,
            f"{FREE}; a forecast needs two weeks of crawls",
            "剩余 10,500 MB，下限 500 MB；采集满两周后才能估计可用多久",
        ),
        (
            0.0,
            True,
            f"{FREE}; at 0 bytes a day this lasts for more than ten years",
            "剩余 10,500 MB，下限 500 MB；每天约增 0 bytes，可用十年以上",
        ),
        (
            2.0,
            True,
            f"{FREE}; at 2.0 MB a day this lasts for more than ten years",
            "剩余 10,500 MB，下限 500 MB；每天约增 2.0 MB，可用十年以上",
        ),
        (
            50.0,
            True,
            f"{FREE}; at 50.0 MB a day this lasts until about 2027-06",
            "剩余 10,500 MB，下限 500 MB；每天约增 50.0 MB，约可用到 2027-06",
        ),
        (
            350.0,
            True,
            f"{FREE}; at 350.0 MB a day this lasts until about 2026-12-24",
            "剩余 10,500 MB，下限 500 MB；每天约增 350.0 MB，约可用到 2026-12-24",
        ),
        (
            400.0,
            False,
            f"{FREE}: at 400.0 MB a day crawls stop about 2026-12-20: free some space",
            "剩余 10,500 MB，下限 500 MB：每天约增 400.0 MB，约于 2026-12-20 停止采集，请腾出空间",
        ),
    ],
)
def test_the_disk_rule_forecasts_how_long_the_free_space_lasts(daily: float | None, ok: bool, en: str, zh: str) -> None:
    assert found(daily) == (ok, en, zh)


@every_row("daily", [None, 0.0, 400.0])
def test_below_the_floor_the_pace_does_not_matter(daily: float | None) -> None:
    ok, en, _ = found(daily, free=499)
    assert (ok, en) == (False, "499 MB free, minimum 500 MB: crawls are stopped: free some space")


@every_row("free", [600, 1_000, 10_500, 10**6])
def test_an_archive_that_grows_slowly_passes_the_disk_rule(free: int) -> None:
    """30 articles a day are some 3 MB with their captures; only where a month is left to the floor is that a matter."""
    ok, en, _ = found(3.0, free=free)
    assert ok, en


def on(day: datetime) -> tuple[str, ...]:
    """The program before a command that takes a day for today."""
    ahead = round((day - datetime.now(UTC)).total_seconds())
    return ("env", f"LD_PRELOAD={LIBRARY}", f"FAKETIME={ahead:+d}", "FAKETIME_DONT_FAKE_MONOTONIC=1")


@pytest.mark.slow
@pytest.mark.faketime
def test_status_says_how_the_archive_grew_and_how_long_the_room_lasts(tmp_path: Path) -> None:
    """One crawl a week, each with edits of every article; before two weeks have passed there is no forecast."""
    told, sizes = [], []
    with running(articles=4) as site:
        thinker = Thinker(tmp_path / "home", site)
        for week in range(4):
            day = datetime(2026, 3, 16, 12, tzinfo=UTC) + week * timedelta(days=7, minutes=10)
            for article in range(1, 5) if week else ():
                site.event(do="edit", article=article, text=f"第{week}周的修改。")
            _, err = thinker.start("crawl", "newsroom", under=on(day)).communicate(timeout=300)
            assert "ended (finished)" in err
            sizes.append(sum(path.stat().st_size for path in (tmp_path / "home" / "captures").iterdir()))
            if week:
                out, _ = thinker.start("status", "--json", under=on(day)).communicate(timeout=300)
                told.append(json.loads(out)["growth"])
        lines = thinker.start("status", under=on(day)).communicate(timeout=300)[0].splitlines()
    assert [each["size"]["captures"] for each in told] == sizes[1:]
    assert told[-1]["months"] == [
        {"month": "2026-04", "source": "newsroom", "bytes": sizes[3] - sizes[2]},
        {"month": "2026-03", "source": "newsroom", "bytes": sizes[2]},  # crawls of 16, 23 and 30 March
    ]
    assert [each["bytes_a_day"] is None for each in told] == [True, False, False]
    weekly = (sizes[-1] - sizes[-2]) / 7
    assert weekly < told[-1]["bytes_a_day"] < 30 * weekly  # with the ledger and the database beside them
    assert any(" a day this lasts " in line for line in lines)
    assert any(line.startswith("  size: captures ") and ", ledger " in line for line in lines)
    assert any(re.fullmatch(r"  newsroom grew by [\d.]+ kB in 2026-04, [\d.]+ kB in 2026-03", line) for line in lines)
