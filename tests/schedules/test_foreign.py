"""Schedules handed to cron and systemd: what they become there, and that systemd reads the same slots in them."""

import os
import re
import subprocess
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from support.journeys import asked
from support.tables import every_row

from archive.files.home import Home
from schedules.slots.foreign import calendar, cron_fields
from schedules.slots.schedule import parse_schedule

FORMS = [
    ("30 6 * * mon-fri", "30 6 * * 1-5", "Mon..Fri *-*-* 6:30:00 Asia/Shanghai"),
    ("0 9 * * sat,sun", "0 9 * * 6,7", "Sat,Sun *-*-* 9:0:00 Asia/Shanghai"),
    ("*/20 1-3 * * *", "*/20 1-3 * * *", "*-*-* 1..3:0/20:00 Asia/Shanghai"),
    ("5 4 1,15 jan-mar *", "5 4 1,15 1-3 *", "*-1..3-1,15 4:5:00 Asia/Shanghai"),
    ("0 9 1-7 * mon", None, "Mon *-*-1..7 9:0:00 Asia/Shanghai"),  # cron: every Monday, and on each of these days
    ("0 9 last * *", None, None),
    ("every 10s", None, "*-*-* *:*:0/10"),
    ("every 7s", None, None),
    ("Every 30 minutes", "*/30 * * * *", "*-*-* *:0/30:00 Asia/Shanghai"),
    ("every 90 minutes", None, None),
    ("every 1 hour", "0 * * * *", "*-*-* *:0:00 Asia/Shanghai"),
    ("every 6 hours", "0 */6 * * *", "*-*-* 0/6:0:00 Asia/Shanghai"),
    ("every 1d", "0 0 * * *", "*-*-* 0:0:00 Asia/Shanghai"),
    ("every 3 days", None, None),
]


@every_row(("text", "cron", "event"), FORMS)
def test_a_schedule_is_translated_to_cron_and_systemd_if_they_can_express_it(
    text: str, cron: str | None, event: str | None
) -> None:
    schedule = parse_schedule("newsroom", text, "Asia/Shanghai")
    assert (cron_fields(schedule), calendar(schedule)) == (cron, event)


@pytest.mark.parametrize(
    ("text", "cron"), [("every 1d", None), ("every 1 hour", "0 * * * *"), ("0 9 * * *", "0 9 * * *")]
)
def test_an_interval_is_no_wall_clock_where_clocks_move(text: str, cron: str | None) -> None:
    assert cron_fields(parse_schedule("x", text, "Europe/Berlin")) == cron


@pytest.mark.systemd
@every_row("text", [text for text, _, event in FORMS if event])
def test_systemd_finds_the_slots_that_we_find(text: str) -> None:
    schedule = parse_schedule("newsroom", text, "Asia/Shanghai")
    command = [
        "systemd-analyze",
        "calendar",
        "--iterations=5",
        "--base-time=2026-11-25 12:00:00 UTC",
        calendar(schedule),
    ]
    out = subprocess.run(command, env={**os.environ, "TZ": "UTC"}, check=True, capture_output=True, text=True).stdout
    found = re.findall(r"(?:Next elapse|Iteration #\d): \w+ (.+) UTC", out)
    expected = islice(schedule.after(datetime(2026, 11, 25, 12, tzinfo=UTC)), 5)
    assert found == [f"{slot:%Y-%m-%d %H:%M:%S}" for slot in expected]


SETTINGS = """
[sources.newsroom]
schedule = "every 10s"
[sources.shangguan]
schedule = "30 6 * * mon-fri"
"""


def test_lines_of_a_crontab_name_the_zone_the_home_and_the_source(tmp_path: Path) -> None:
    home = tmp_path / "100% of it"
    Home(home).create()
    Home(home).settings_file.write_text(SETTINGS)
    code, out, err = asked(home, "schedule", "export", "--cron")
    zone, line = out.splitlines()
    assert (code, zone) == (0, "CRON_TZ=Asia/Shanghai")
    assert re.fullmatch(rf"30 6 \* \* 1-5 \S+ \S+/thinker\.py --home '{tmp_path}/100\\% of it' crawl shangguan", line)
    assert err == "newsroom: 'every 10s' cannot be written for cron: use `thinker schedule run`\n"


@pytest.mark.systemd
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    home, units = tmp_path / '100% $HOME "x"', tmp_path / "units"
    Home(home).create()
    Home(home).settings_file.write_text(SETTINGS)
    assert asked(home, "schedule", "export", "--systemd", "--into", str(units)) == (0, "", "")
    names = sorted(file.name for file in units.iterdir())
    assert names == ["thinker-crawl-newsroom.timer", "thinker-crawl-shangguan.timer", "thinker-crawl@.service"]
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *(units / name for name in names)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "", "")
    assert asked(home, "schedule", "export", "--systemd")[1].count("\nOnCalendar=") == 2


def test_schedule_export_requires_exactly_one_of_cron_and_systemd(tmp_path: Path) -> None:
    Home(tmp_path).create()
    assert [asked(tmp_path, "schedule", "export", *options)[0] for options in ([], ["--cron", "--systemd"])] == [2, 2]
    assert asked(tmp_path, "schedule", "export", "--cron") == (0, "", "no source has a schedule: nothing to export\n")
