"""Two at once: the second waits or reports who is at it, and nothing is asked or made twice."""

import os
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from support.checkout import ROOT
from support.journeys import ENOUGH, SOAK, Thinker
from support.loaded import Loaded

from newsroom.process import Site, running

pytestmark = [pytest.mark.slow, pytest.mark.soak]

ROUNDS = 20 if SOAK else 2
OPENERS = 6
ARTICLES = 8
OPEN = """
import sys, time
from pathlib import Path
from archive import open_archive
home, go = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
while not go.exists():
    time.sleep(0.001)
open_archive(home).close()
"""


@pytest.mark.parametrize("turn", range(10 if SOAK else 3))
def test_processes_that_begin_on_a_new_home_at_once_make_its_database_one_after_the_other(
    tmp_path: Path, turn: int
) -> None:
    go, program = tmp_path / "go", tmp_path / "opener.py"
    program.write_text(OPEN)
    command = [str(program), str(tmp_path / "home"), str(go)]
    openers = [Loaded(command, {**os.environ, "PYTHONPATH": str(ROOT)}) for _ in range(OPENERS)]
    for opener in openers:
        assert opener.stdout is not None
        assert opener.stdout.readline() == "ready\n"
    go.touch()
    ended = [(opener.communicate(timeout=ENOUGH)[1], opener.returncode) for opener in openers]
    assert ended == [("", 0)] * OPENERS


def started(thinker: Thinker, *commands: tuple[str, ...]) -> list[subprocess.Popen[str]]:
    return [thinker.start(*command) for command in commands]


def asked(site: Site) -> Counter[str]:
    """The number of requests for each list and article."""
    return Counter(str(line["path"]) for line in site.log() if not str(line["path"]).startswith("/-/"))


def test_of_two_crawlers_of_one_source_one_crawls(tmp_path: Path) -> None:
    """On a new home each time. The second names the first, or crawls again if the first has ended already."""
    led = 0
    for turn in range(ROUNDS):
        with running(articles=ARTICLES) as site:
            thinker = Thinker(tmp_path / str(turn), site)
            crawlers = started(thinker, ("crawl", "newsroom"), ("crawl", "newsroom"))
            ended = [(*crawler.communicate(timeout=ENOUGH), crawler.returncode) for crawler in crawlers]
            codes = sorted(code for *_, code in ended)
            assert codes in ([0, 5], [0, 0]), ended
            led += codes == [0, 5]
            assert all("is in use by process" in err for _, err, code in ended if code == 5)
            times = 1 if codes == [0, 5] else 2
            fetched = [line for line in site.log() if line["status"] == 200 and "/article/" in str(line["path"])]
            assert len(fetched) == ARTICLES
            assert {path: count for path, count in asked(site).items() if count > times} == {}
        with closing(sqlite3.connect(thinker.home / "archive.db")) as database:
            assert database.execute("select count(*), sum(revisions) from articles").fetchone() == (ARTICLES, ARTICLES)
    print(f"{led} of {ROUNDS} pairs met")
    assert led >= ROUNDS // 2


def test_of_two_schedulers_one_leads(tmp_path: Path) -> None:
    for turn in range(ROUNDS if SOAK else 1):
        with running(articles=ARTICLES) as site:
            thinker = Thinker(tmp_path / str(turn), site)
            thinker.run("init")
            with (thinker.home / "thinker.toml").open("a") as settings:
                settings.write('\n[sources.newsroom]\nschedule = "every 2s"\n')
            schedulers = started(thinker, ("schedule", "run"), ("schedule", "run"))
            try:
                second = _first_that_ends(schedulers)
                leader = next(each for each in schedulers if each is not second)
                _until_crawled(thinker, leader)
            finally:
                for each in schedulers:
                    each.send_signal(signal.SIGTERM)
            _, err = second.communicate(timeout=ENOUGH)
            assert (second.returncode, "scheduler is in use by process" in err) == (5, True)
            leader.communicate(timeout=ENOUGH)
            with closing(sqlite3.connect(thinker.home / "archive.db")) as database:
                (crawls,) = database.execute("select count(*) from crawls").fetchone()
                (twice,) = database.execute("select count(*) - count(distinct due_at) from coverage").fetchone()
            assert (asked(site)["/robots.txt"] <= crawls, twice) == (True, 0)
            fetched = [line for line in site.log() if line["status"] == 200 and "/article/" in str(line["path"])]
            assert len(fetched) == ARTICLES


def _first_that_ends(processes: list[subprocess.Popen[str]]) -> subprocess.Popen[str]:
    """Wait for the first of these processes that ends by itself."""
    deadline = time.monotonic() + ENOUGH
    while time.monotonic() < deadline:
        for process in processes:
            if process.poll() is not None:
                return process
        time.sleep(0.05)
    raise AssertionError("both lead")


def _until_crawled(thinker: Thinker, leader: subprocess.Popen[str]) -> None:
    """Wait until two slots have been served."""
    deadline = time.monotonic() + ENOUGH
    while time.monotonic() < deadline:
        assert leader.poll() is None
        with closing(sqlite3.connect(thinker.home / "archive.db")) as database:
            if database.execute("select count(*) from crawls where finished_at is not null").fetchone()[0] >= 2:
                return
        time.sleep(0.2)
    raise AssertionError("nobody crawls")
