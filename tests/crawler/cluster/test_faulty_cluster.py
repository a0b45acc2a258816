"""A cluster with faults: clocks that are off, a depot or server that is away, a lag, a wrong password, a full disk."""

import signal
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.cluster import cluster_home, killed, summaries, workers
from support.cluster_figures import asked_of, twice
from support.fake_clock import FakeClock
from support.journeys import ENOUGH, Thinker
from support.redis_server import RedisServer
from support.small_disks import mounted
from support.towns import rows, said

from crawler.frontier import Orders, Server
from newsroom.process import running

INGEST = ("-q", "ingest", "--once", "--json")
ARTICLES = 5
STOP_SECONDS = 40  # the workers in compose.cluster.yaml have 60


@pytest.mark.slow
@pytest.mark.faketime
@pytest.mark.parametrize(("of_worker", "of_ingester"), [(3600, -3600), (-3600, 3600)])
def test_clocks_that_are_an_hour_off_cost_no_request_and_no_moment(
    tmp_path: Path, of_worker: int, of_ingester: int
) -> None:
    now = datetime.now(UTC)
    of = {
        each: FakeClock(tmp_path / f"{each}", now + timedelta(seconds=each), lags=True)
        for each in (of_worker, of_ingester)
    }
    with running(articles=ARTICLES) as site, RedisServer(tmp_path) as server:
        home = cluster_home(tmp_path / "home", server, town=said(site))
        worker = Thinker(home, site).start("-q", "worker", under=of[of_worker].under)
        ingester = Thinker(home, site).start(*INGEST, under=of[of_ingester].under)
        try:
            out, err = ingester.communicate(timeout=ENOUGH)
        finally:
            killed(ingester)
            killed(worker)
        assert ingester.returncode == 0, err[-3000:]
        assert summaries(out)["town"]["new_articles"] == ARTICLES
        assert twice(asked_of(site)) == 0
    captured = [datetime.fromisoformat(at) for (at,) in rows(home, "select captured_at from captures")]
    assert max(abs(at - now) for at in captured) < timedelta(minutes=30)


@pytest.mark.slow
def test_a_depot_and_a_server_that_are_away_for_seconds_cost_no_request(tmp_path: Path) -> None:
    """Nor do workers that stop while two segments wait."""
    with running(articles=3 * ARTICLES) as site, RedisServer(tmp_path) as server:
        home = cluster_home(tmp_path / "home", server, town=said(site, delay=0.2))
        with (home / "thinker.toml").open("a", encoding="utf-8") as file:
            file.write("most_segments = 2\n")  # of [cluster], which is the last table
        with workers(home, 1, site) as cluster:
            ingester = cluster.thinker.start(*INGEST)
            _until(lambda: len(asked_of(site)) >= ARTICLES)
            depot = home / "segments"
            depot.rename(tmp_path / "away")
            depot.write_text("a file, where no folder can be made")
            _until(lambda: list((home / "spool-0").glob("*/*.jsonl")) != [])
            depot.unlink()
            (tmp_path / "away").rename(depot)
            server.kill()
            time.sleep(2)
            server.start()
            out, err = ingester.communicate(timeout=ENOUGH)
            asked = asked_of(site)
    assert ingester.returncode == 0, err[-3000:]
    assert (summaries(out)["town"]["new_articles"], twice(asked)) == (3 * ARTICLES, 0)


@pytest.mark.slow
@pytest.mark.parametrize(("command", "lines"), [(("worker", "--once"), 1), (("-q", "crawl", "town"), 2)])
def test_a_wrong_password_is_a_line_that_says_where_to_correct_it(
    tmp_path: Path, command: tuple[str, ...], lines: int
) -> None:
    """A crawl says in a second one that it ended early."""
    with running(articles=1) as site, RedisServer(tmp_path, "--requirepass", "another") as server:
        home = cluster_home(tmp_path / "home", server, town=said(site))
        process = Thinker(home, site).start(*command)
        _, err = process.communicate(timeout=ENOUGH)
    assert (process.returncode, len(err.splitlines())) == (1, lines)
    assert "refuses the user or password" in err
    assert "correct it in thinker.toml" in err


@pytest.mark.slow
def test_a_worker_whose_server_is_away_ends_sooner_than_containers_are_killed(tmp_path: Path) -> None:
    with RedisServer(tmp_path) as server:
        home = cluster_home(tmp_path / "home", server)
        orders = Orders(Server(server.url))
        with closing(orders), workers(home, 1) as cluster:
            _until(lambda: orders.state().workers != ())
            server.kill()
            (worker,) = cluster.workers
            worker.send_signal(signal.SIGTERM)
            _, err = worker.communicate(timeout=STOP_SECONDS)
    assert (worker.returncode, err) == (7, "")


@pytest.mark.slow
@pytest.mark.root
def test_a_worker_whose_disk_is_full_says_so_and_another_goes_on(tmp_path: Path) -> None:
    with (
        running(articles=ARTICLES) as site,
        RedisServer(tmp_path) as server,
        mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=16k", "tmpfs") as small,
    ):
        home = cluster_home(tmp_path / "home", server, town=said(site))
        ingester = Thinker(home, site).start(*INGEST)
        full = Thinker(home, site).start("-q", "worker", "--spool", str(small / "spool"))
        _, told = full.communicate(timeout=ENOUGH)
        with workers(home, 1, site):
            out, err = ingester.communicate(timeout=ENOUGH)
    assert (full.returncode, len(told.splitlines())) == (6, 1)
    assert "the disk is full" in told
    assert ingester.returncode == 0, err[-3000:]
    assert summaries(out)["town"]["new_articles"] == ARTICLES


def _until(true: Callable[[], bool]) -> None:
    """Wait until something is true."""
    until = time.monotonic() + ENOUGH
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)
