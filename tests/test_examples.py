"""The example of every help works as it is printed: in an empty folder, in which the demo has been shown."""

import json
import signal
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.command_tree import EXAMPLES
from support.folders import Folder, typing
from support.redis_server import RedisServer

from crawler.frontier.redis.orders import Orders
from crawler.frontier.redis.server import Server
from newsroom.process import Site, running
from newsroom.site.demo import NEW

pytestmark = pytest.mark.slow

OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
DEMO, SCHEDULER = EXAMPLES[("demo",)], EXAMPLES[("schedule", "run")]
CLUSTER = [EXAMPLES[("worker",)], EXAMPLES[("ingest",)]]
SERVING = [EXAMPLES[("serve",)], EXAMPLES[("run",)]]
ENDING = sorted(  # an example removes what others show, so it comes last
    (example for example in dict.fromkeys(EXAMPLES.values()) if example not in (DEMO, SCHEDULER, *CLUSTER, *SERVING)),
    key=lambda example: " remove " in example,
)
SETTINGS = '[sources.newsroom]\nschedule = "every 1d"\n'
STOPPED = 7


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    path = tmp_path_factory.mktemp("folder")
    shown = subprocess.run(
        ["sh", "-euc", DEMO], env=typing(path), cwd=path, capture_output=True, text=True, timeout=300
    )
    assert shown.returncode == 0, shown.stderr
    (path / "data" / "demo" / "thinker.toml").write_text(SETTINGS, encoding="utf-8")
    with running(articles=60, demo=True) as site:
        _save_a_page(site, path)
        yield Folder(path, site, shown.stderr)


def _save_a_page(site: Site, path: Path) -> None:
    """Write the files that examples name: one page as a browser saves it, and a folder of such pages."""
    with OPEN(f"{site.address}/article/12.html", timeout=60) as answer:
        page = answer.read()
    (path / "saved-pages").mkdir()
    for place in (path / "page.html", path / "saved-pages" / "page.html"):
        place.write_bytes(page)


@pytest.mark.parametrize("example", ENDING)
def test_each_example_command_prints_output_and_valid_json_if_asked(folder: Folder, example: str) -> None:
    printed = folder.done(example)
    assert json.loads(printed) if example.endswith("--json") else printed.strip()


@pytest.mark.parametrize("example", SERVING)
def test_a_site_answers_until_it_is_interrupted(folder: Folder, example: str) -> None:
    process = folder.start(example)
    try:
        with OPEN(f"{process.stdout.readline().strip()}/a/newsroom-12", timeout=60) as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == STOPPED, err
    assert "Traceback" not in err


def test_the_scheduler_crawls_until_it_is_interrupted(folder: Folder) -> None:
    (folder.home / "thinker.toml").write_text(SETTINGS.replace("1d", "5s"), encoding="utf-8")
    before = _crawled(folder.home)
    process = folder.start(SCHEDULER)
    try:
        deadline = time.monotonic() + 120
        while _crawled(folder.home) == before:
            assert (process.poll(), time.monotonic() < deadline) == (None, True)
            time.sleep(0.2)
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == STOPPED, err
    assert "Traceback" not in err


def test_a_worker_fetches_what_an_ingester_wants(folder: Folder, tmp_path: Path) -> None:
    with RedisServer(tmp_path) as server:
        (folder.home / "thinker.toml").write_text(f'[cluster]\nurl = "{server.url}"\n', encoding="utf-8")
        worker_example, ingest_example = CLUSTER
        ingester = folder.start(ingest_example)
        orders = Orders(Server(server.url))
        while not orders.state().orders:  # a worker ends when no crawl has been at work for ten seconds
            assert ingester.poll() is None
            time.sleep(0.1)
        worker = folder.start(worker_example)
        told = [process.communicate(timeout=120) for process in (ingester, worker)]
    assert [process.returncode for process in (ingester, worker)] == [0, 0], told
    assert told[0][0].startswith("newsroom: finished: ")
    assert " 0 failed" in told[1][0]


def _crawled(home: Path) -> int:
    with closing(sqlite3.connect(f"{(home / 'archive.db').as_uri()}?mode=ro", uri=True)) as conn:
        (slots,) = conn.execute("select count(*) from coverage where outcome in ('done', 'late')").fetchone()
    return int(slots)


def test_the_commands_that_the_demo_offers_work_as_printed(folder: Folder) -> None:
    search, phrase, history, serve = [line.strip() for line in folder.told.splitlines() if line.startswith("  ")]
    assert NEW in folder.done(search)
    assert "2025-04" in folder.done(phrase)
    assert "body_text" in folder.done(history)
    assert serve.endswith("serve --port 0")
