"""A crawl that asks nothing any more names its process and ends; one that waits, works, opens or closes goes on."""

import fcntl
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from time import sleep
from typing import Any

import pytest
from support.checkout import ROOT, SUPPORT
from support.journeys import Thinker
from support.raw_site import RawSite, article, raw_site, reply
from support.tables import every_row

from crawler.runs.pulse import Patience
from newsroom.process import running

STALL = 2  # seconds; 120 in a crawl


@every_row(
    ("steps", "left"),
    [
        # Each step: seconds, excused, at work, seconds that are left of a pause.
        ([(60, False, False, 0)], 60),
        ([(60, False, False, 0)] * 2, 0),
        ([(60, False, False, 0), (1, True, False, 0), (60, False, False, 0)], 60),  # a request was made
        ([(60, False, False, 0), (1, False, True, 0), (60, False, False, 0)], 60),  # work takes its own time
        ([(60, False, True, 0)] * 29, 60),
        ([(60, False, True, 0)] * 30, 0),  # but half an hour of it in one piece is too long
        ([(60, False, True, 0), (60, False, False, 0)] * 15, 0),
        ([(60, True, True, 0)] * 600, 120),  # to open or to close takes as long as it takes
        ([(60, False, False, 0), (1, False, False, 3599)], 3719),  # a Crawl-delay of an hour, and 120 seconds
        ([(1, False, False, 1), (60, False, False, 0)], 60),
    ],
)
def test_patience_runs_out_after_120_idle_seconds_or_half_an_hour_of_work(
    steps: list[tuple[float, bool, bool, float]], left: float
) -> None:
    patience = Patience(120, 1800)
    assert [patience.step(*step) for step in steps][-1] == left


@dataclass(frozen=True)
class Heard:
    """The summary of a crawl, its stderr, and its pulses, one a second."""

    summary: dict[str, Any]
    log: str
    pulses: list[dict[str, Any]]


def unheard(_count: int) -> None:
    """Ignore the number of pulses."""


def crawled(home: Path, source: str = "raw", hear: Callable[[int], None] = unheard, **options: object) -> Heard:
    """Crawl in a process that may go STALL seconds without a request; `hear` gets the number of pulses."""
    reading, writing = os.pipe()
    told = json.dumps({"source": source, "stall": STALL, "listener": writing, **options})
    pulses = []
    with subprocess.Popen(
        [sys.executable, str(SUPPORT / "crawling.py"), str(home), told],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, pass_fds=[writing], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as pipe:
            for line in pipe:
                pulses.append(json.loads(line))
                hear(len(pulses))
        out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return Heard(json.loads(out), f"{process.pid}: {err}", pulses)


def never(connection: socket) -> None:
    connection.recv(1)  # until the crawler has had enough


def dripping(connection: socket) -> None:
    for byte in reply(article(0)):
        connection.sendall(bytes([byte]))
        sleep(60)


@pytest.mark.slow
@pytest.mark.parametrize("answer", [never, dripping], ids=["no answer", "a byte a minute"])
def test_a_crawl_that_makes_no_request_ends_itself_and_names_its_process(
    tmp_path: Path, answer: Callable[[socket], None]
) -> None:
    with raw_site({"/article/0.html": answer, "/article/1.html": reply(article(1))}) as site:
        site.declared(tmp_path)
        found = crawled(tmp_path)
    assert (found.summary["finish_reason"], found.summary["new_articles"]) == ("stalled", 1)
    (line,) = [line for line in found.log.splitlines() if "made no request" in line]
    pid = found.log.partition(":")[0]
    assert re.search(
        rf"process {pid} \(`thinker crawl raw`, since [\dTZ:-]+\) is stopped: it made no request for 2 s, not",
        line,
    )
    assert f"(the last one was {site.address}/article/" in line
    assert site.address in found.pulses[-1]["url"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "event",
    [
        {"do": "robots", "text": "User-agent: *\nCrawl-delay: 5\n"},
        {"do": "status", "article": 2, "code": 503, "retry_after": 6},
    ],
    ids=["delay", "patience"],
)
def test_a_crawl_waits_as_long_as_its_hosts_ask(tmp_path: Path, event: dict[str, object]) -> None:
    with running(articles=2) as site:
        thinker = Thinker(tmp_path, site)
        thinker.run("init")
        os.environ["THINKER_NEWSROOM"] = site.address
        try:
            site.event(**event)
            found = crawled(tmp_path, "newsroom")
        finally:
            del os.environ["THINKER_NEWSROOM"]
    assert found.summary["finish_reason"] == "finished", found.log
    assert max(pulse["left"] for pulse in found.pulses) > STALL + 3


def large_list(site: RawSite, home: Path, addresses: int) -> None:
    """Give the site a sitemap of `addresses` addresses, one of which answers."""
    site.declared(home)
    urls = "".join(f"<url><loc>{site.address}/article/{number}.html</loc></url>" for number in range(addresses))
    sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    site.answers["/sitemap.xml"] = reply(sitemap.encode(), "application/xml")


@pytest.mark.slow
def test_a_list_of_200_000_addresses_is_no_stall(tmp_path: Path) -> None:
    with raw_site({"/article/0.html": reply(article(0))}) as site:
        large_list(site, tmp_path, 200_000)
        found = crawled(tmp_path, limit=1)
    assert found.summary["finish_reason"] == "limit", found.log


@pytest.mark.slow
def test_to_wait_for_the_archive_is_no_stall(tmp_path: Path) -> None:
    """Another process has the home to itself at the beginning, as one that enters a lost database; then its rows."""
    kept = threading.Event()

    def keep_rows(connection: socket) -> None:
        connection.sendall(reply(article(0)))
        with closing(sqlite3.connect(tmp_path / "archive.db", timeout=60)) as db:
            db.execute("begin immediate")
            kept.set()
            sleep(STALL + 2)

    def let_in(pulses: int) -> None:
        if pulses == STALL + 2:
            fcntl.flock(folder, fcntl.LOCK_UN)

    with raw_site({"/article/0.html": keep_rows, "/article/1.html": reply(article(1))}) as site:
        site.declared(tmp_path)
        folder = os.open(tmp_path, os.O_RDONLY)
        fcntl.flock(folder, fcntl.LOCK_EX)
        found = crawled(tmp_path, hear=let_in)
        os.close(folder)
    assert (found.summary["finish_reason"], found.summary["new_articles"]) == ("finished", 2), found.log
    assert [pulse["url"] for pulse in found.pulses].count(None) > STALL
    assert kept.is_set()
