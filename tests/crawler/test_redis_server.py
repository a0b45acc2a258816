"""The server of all workers: killed, away, refusing; what was acknowledged is kept, and a fault is one line."""

import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.checkout import ROOT, SUPPORT
from support.crawls import rows
from support.cut_answers import CutAnswers
from support.redis_server import RedisServer

from archive.settings import ClusterSettings, SettingsError
from crawler.frontier import RedisFrontier, RedisHostBook, Server, ServerError, Visit, Waiting
from newsroom.process import Site
from newsroom.process import running as newsroom

pytestmark = pytest.mark.redis

NOON = datetime(2024, 4, 13, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path) as server:
        yield server


def waiting(*numbers: int) -> list[Waiting]:
    return [Waiting(f"https://a.example/{n}", f"example,a)/{n}") for n in numbers]


def test_nothing_acknowledged_is_lost_when_the_server_is_killed_and_started_again(running: RedisServer) -> None:
    """Its holder goes on by itself: each call waits until the server is back, and an acknowledgement counts once."""
    server = Server(running.url)
    frontier = RedisFrontier(server, "demo", "worker")
    frontier.add(waiting(*range(300)), NOON)

    def kill_and_start() -> None:
        for _ in range(2):
            time.sleep(0.15)
            running.kill()
            running.start()

    killer = threading.Thread(target=kill_and_start)
    killer.start()
    acknowledged: dict[str, int] = {}
    while killer.is_alive() or len(acknowledged) < 300:
        leases = frontier.lease(7, None, 600)
        if not leases:
            if len(acknowledged) == 300:
                break
            frontier.reclaim(None, "worker")  # an answer that was lost with the connection left leases behind
        for lease in leases:
            assert frontier.ack(lease, Visit(NOON, datetime(2100, 1, 1, tzinfo=UTC), 200))
            acknowledged[lease.url] = acknowledged.get(lease.url, 0) + 1
    killer.join()
    assert set(acknowledged.values()) == {1}
    running.kill()
    running.start()
    known = list(frontier.known())
    assert (len(known), {each.fetched_at for each in known}) == (300, {NOON})
    assert (frontier.due_count(None), frontier.reclaim(None)) == (0, 0)
    server.close()


def test_a_call_that_is_sent_again_gives_a_lease_back_once(running: RedisServer) -> None:
    """The server carried it out, and the connection broke before it could say so."""
    way = CutAnswers(running.port)
    server = Server(f"redis://127.0.0.1:{way.port}/0")
    frontier = RedisFrontier(server, "demo")
    frontier.add(waiting(1, 2), NOON)
    first, second = frontier.lease(2, None, 600)
    way.cut_next_answer()
    assert frontier.ack(first, Visit(NOON, NOON + DAY, 200))
    assert not frontier.ack(first, Visit(NOON, NOON + DAY, 200))
    book = RedisHostBook(server)
    way.cut_next_answer()
    assert book.take("a", 60).wait == 0
    assert book.take("a", 60).wait == 60
    assert frontier.release(second)
    book.shut()
    server.close()
    way.close()


def one_line(error: Exception) -> str:
    assert "\n" not in str(error)
    return str(error)


def test_a_server_that_does_not_answer_is_one_line_with_the_remedy() -> None:
    server = Server("redis://worker:s3cret@127.0.0.1:9/0", patience=0.2)
    with pytest.raises(ServerError) as caught:
        RedisFrontier(server, "demo").lease(1, None, 60)
    line = one_line(caught.value)
    assert line.startswith("[cluster] url: the server redis://127.0.0.1:9/0 does not answer: ConnectionError: ")
    assert line.endswith("; start it, or correct the url")
    assert "s3cret" not in line


def test_a_wrong_password_is_said_at_once_and_not_repeated(tmp_path: Path) -> None:
    with RedisServer(tmp_path, "--requirepass", "right") as running:
        server = Server(running.url.replace("//", "//:s3cret@"))
        began = time.monotonic()
        with pytest.raises(ServerError) as caught:
            server.now()
        assert time.monotonic() - began < server.patience / 2
        line = one_line(caught.value)
        assert line.startswith(f"[cluster] url: the server {running.url} refuses the user or password: ")
        assert "s3cret" not in line
        server.close()
        right = Server(running.url.replace("//", "//:right@"))
        assert right.now() > 0
        right.close()


def test_a_server_that_may_not_write_says_so(tmp_path: Path) -> None:
    with RedisServer(tmp_path, "--maxmemory", "1", "--maxmemory-policy", "noeviction") as running:
        server = Server(running.url)
        with pytest.raises(ServerError, match=r"^\[cluster\] url: .* refuses a command: .*maxmemory") as caught:
            RedisFrontier(server, "demo").add(waiting(1), NOON)
        one_line(caught.value)
        server.close()


def test_without_a_server_in_the_settings_a_line_says_what_to_write() -> None:
    with pytest.raises(SettingsError, match=r"no server is set for workers: write \[cluster\] url = "):
        Server.of(ClusterSettings())


WITHOUT = """
import sys
sys.modules["redis"] = None
from archive.settings import ClusterSettings, SettingsError
from crawler.frontier import Server
try:
    Server.of(ClusterSettings(url="redis://127.0.0.1/0"))
except SettingsError as error:
    print(error)
"""


def test_without_the_client_a_line_says_what_to_install() -> None:
    told = subprocess.run([sys.executable, "-c", WITHOUT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "workers on several machines need the extra [cluster]: pip install redis\n"


# -- a whole crawl --------------------------------------------------------------------------------------------


def crawl(site: Site, home: Path, url: str) -> tuple[object, ...]:
    told = [sys.executable, str(SUPPORT / "crawling_on_redis.py"), str(home), url]
    environment = {**os.environ, "THINKER_NEWSROOM": site.address, "PYTHONPATH": str(ROOT)}
    summary = json.loads(subprocess.run(told, env=environment, capture_output=True, text=True, check=True).stdout)
    return tuple(summary[name] for name in ("finish_reason", "new_articles", "new_revisions", "revisits", "errors"))


@pytest.mark.slow
def test_a_crawl_with_its_frontier_on_a_server_finds_all_and_asks_again(running: RedisServer, tmp_path: Path) -> None:
    """archive.db then knows no url that waits, and the server all."""
    with newsroom(articles=12) as site:
        assert crawl(site, tmp_path, running.url) == ("finished", 12, 0, 0, 0)
        site.event(do="edit", article=7)
        site.event(do="remove", article=3, how="410")
        assert crawl(site, tmp_path, running.url)[:3] == ("finished", 0, 1)
        assert rows(tmp_path, "select count(*) from frontier") == [(0,)]
    server = Server(running.url)
    frontier = RedisFrontier(server, "newsroom")
    assert len(list(frontier.known())) == 12
    assert frontier.reclaim(None) == 0
    server.close()


# -- one host, many workers -----------------------------------------------------------------------------------

ASK = """
import sys, time
from crawler.frontier import RedisHostBook, Server
book, delay = RedisHostBook(Server(sys.argv[1]), turn_seconds=0.8), float(sys.argv[2])
while True:
    turn = book.take("a.example", delay)
    if turn.wait:
        time.sleep(turn.wait)
        continue
    print(f"{time.monotonic():.6f}", end=" ", flush=True)
    time.sleep(0.02)
    print(f"{time.monotonic():.6f}", flush=True)
    book.done("a.example", delay)
"""
DELAY = 0.1


@pytest.mark.slow
def test_workers_that_are_killed_and_a_server_too_never_ask_a_host_too_soon(running: RedisServer) -> None:
    """Three workers of one host; one is killed in its turn, the server in the midst of all."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, running.url, str(DELAY)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    first = workers[0].stdout
    assert first is not None
    lines = [first.readline()]
    first.read(1)  # it has a turn
    workers[0].kill()
    time.sleep(1.5)
    running.kill()
    running.start()
    time.sleep(1.5)
    for worker in workers:
        worker.kill()
        lines += worker.communicate()[0].splitlines()
    asked = sorted(tuple(map(float, line.split())) for line in lines if len(line.split()) == 2)
    assert len(asked) > 8
    gaps = [later[0] - earlier[1] for earlier, later in itertools.pairwise(asked)]
    assert min(gaps) >= DELAY - 0.001
