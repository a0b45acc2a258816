"""A crawl whose process hangs is named and ended by its scheduler, and health says so until a crawl goes well again."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from support.checkout import ROOT
from support.raw_site import RawSite, article, raw_site, reply
from support.tables import every_row

from archive import read_archive
from archive.files.home import Home
from archive.settings.settings import load_settings
from crawler.sources import all_sources
from schedules.crawls import Crawls
from schedules.health.rules import HealthRule, check
from schedules.slots.book import Book
from schedules.slots.pulses import HeardPulse

SLOT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
STALL = 2.0
CRAWL = f"""
import dataclasses, json, os, sys
from archive.settings import load_settings
from crawler import crawl
from crawler.runs import CrawlOptions
from crawler.sources import source_named

home = sys.argv[1]
options = CrawlOptions(due_at=os.environ["THINKER_DUE_AT"], stall={STALL}, listener=int(os.environ["THINKER_PULSE"]))
told = crawl(source_named("raw", load_settings(home)), home, options)
print(json.dumps(dataclasses.asdict(told)))
"""


@every_row(
    ("line", "until", "url"),
    [
        (b'{"left": 7, "asked_at": "2026-11-25T12:00:00Z", "url": "http://a/1"}', 137.0, "http://a/1"),
        (b'{"left": -3.5, "asked_at": null, "url": null}', 126.5, None),
        (b'{"left": 3719.5}', 3849.5, None),
        (b'{"left": 7, "url": 5}', 137.0, None),
        (b'{"left": 7, "url": "http://a/' + b"x" * 999 + b'"}', 137.0, "http://a/" + "x" * 291),
        (b'{"left": "soon"}', 150.0, None),
        (b'{"url": "http://a/1"}', 150.0, None),
        (b"[7]", 150.0, None),
        (b"7", 150.0, None),
        (b"no pulse", 150.0, None),
        (b"\xff\xfe", 150.0, None),
    ],
)
def test_a_pulse_moves_the_deadline_and_other_lines_are_ignored(line: bytes, until: float, url: str | None) -> None:
    pulse = HeardPulse("thinker crawl raw", "2026-11-25T12:00:00Z", began=0)
    pulse.hear(line, now=100)
    assert (pulse.until, pulse.url) == (until, url)


@dataclass
class Desk:
    """A home whose only source is a site of the test."""

    home: Path
    script: str = CRAWL
    patience: float = 60.0  # seconds until the first pulse: a crawl takes a few to be loaded

    def __post_init__(self) -> None:
        command = ["env", f"PYTHONPATH={ROOT}", sys.executable, "-c", self.script, str(self.home)]
        self.crawls = Crawls(
            self.home, lambda source, slots: None, lambda _home, _source: command,
            grace=1, apart=0, stall=self.patience, margin=2,
        )  # fmt: skip
        self.slots = 0

    async def crawl(self, meanwhile: Callable[[int], None] | None = None) -> dict[str, Any]:
        """Crawl at the next slot; meanwhile is called with the process once it has made its first request."""
        self.crawls.owe("raw", [SLOT + self.slots * timedelta(hours=1)])
        self.slots += 1
        async with asyncio.timeout(120):
            while self.crawls._running:
                pulse = self.crawls.pulses.get("raw")
                if meanwhile and pulse and pulse.url:
                    meanwhile(pulse.pid)
                    meanwhile = None
                await asyncio.sleep(0.05)
        return Book(Home(self.home).schedule_database).runs(latest=True)[0]

    def rule(self) -> HealthRule:
        settings = load_settings(self.home)
        with closing(read_archive(self.home)) as opened:
            now = SLOT + self.slots * timedelta(hours=1)
            rules = check(opened.conn, opened.home, settings, all_sources(settings).values(), now)
        return next(rule for rule in rules if rule.name == "crawls")


def suspend(pid: int) -> None:
    os.kill(pid, signal.SIGSTOP)


def declared(site: RawSite, home: Path) -> None:
    site.declared(home)
    with Home(home).settings_file.open("a") as settings:
        settings.write('recheck = 0\nschedule = "every 1 hour"\n')


@pytest.mark.slow
def test_a_process_that_is_suspended_is_ended_and_health_is_red_until_a_crawl_goes_well(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    held = threading.Event()

    def hold(connection: socket) -> None:
        held.wait(60)
        connection.sendall(reply(article(0)))

    with raw_site({"/article/0.html": hold}) as site:
        declared(site, tmp_path)
        desk = Desk(tmp_path)
        run = asyncio.run(desk.crawl(suspend))
        assert (run["exit_code"], run["finish_reason"]) == (-signal.SIGKILL, "stalled")
        assert desk.rule() == HealthRule(
            "crawls",
            False,
            "raw: the process that crawled the slot of 2026-11-25T12:00:00Z hung and was ended: "
            "`thinker status` shows it and its last request; run `thinker crawl raw` to try again",
            "raw：2026-11-25T12:00:00Z 时段的采集进程停止响应，已被结束：`thinker status` "
            "会列出该进程和最后的请求；运行 `thinker crawl raw` 可重试",
        )
        held.set()
        assert asyncio.run(desk.crawl())["finish_reason"] == "finished"
        assert desk.rule().ok
    line = run["last_lines"].splitlines()[-1]
    assert line.startswith("process ")
    assert "(`thinker crawl raw`, since " in line
    assert f"is stopped: it makes no requests and does not end (the last one was {site.address}/" in line
    heard = capfd.readouterr().err
    assert line in heard
    assert "raw  due 2026-11-25T12:00:00Z  stalled  SIGKILL" in heard


@pytest.mark.slow
def test_a_crawl_that_waits_as_its_host_asks_is_left_alone(tmp_path: Path) -> None:
    rules = reply(b"User-agent: *\nCrawl-delay: 7\n", "text/plain")
    with raw_site({"/article/0.html": reply(article(0)), "/robots.txt": rules}) as site:
        declared(site, tmp_path)
        run = asyncio.run(Desk(tmp_path).crawl())
    assert (run["exit_code"], run["finish_reason"]) == (0, "finished")


@pytest.mark.slow
@pytest.mark.parametrize(
    "script",
    ["", "import os; os.write(int(os.environ['THINKER_PULSE']), b'no pulse\\n')"],
    ids=["says nothing", "says no pulse"],
)
def test_a_process_that_never_says_that_it_lives_is_ended(tmp_path: Path, script: str) -> None:
    Home(tmp_path).create()
    run = asyncio.run(Desk(tmp_path, f"{script}\nimport time; time.sleep(600)", patience=2).crawl())
    assert (run["exit_code"], run["finish_reason"]) == (-signal.SIGTERM, "stalled")
    assert "it makes no requests and does not end (none was reported)" in run["last_lines"]
