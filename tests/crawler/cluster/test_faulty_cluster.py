"""A cluster with faults: clocks that are off, a depot or server that is away, a lag, a wrong password, a full disk."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.cluster import cluster_home, killed, summaries
from support.cluster_figures import asked_of, twice
from support.fake_clock import FakeClock
from support.journeys import Thinker
from support.redis_server import RedisServer
from support.towns import rows, said

from newsroom.process import running

INGEST = ("-q", "ingest", "--once", "--json")
ARTICLES = 5


@pytest.mark.slow
@pytest.mark.faketime
@pytest.mark.parametrize(("of_worker", "of_ingester"), [(3600, -3600), (-3600, 3600)])
def test_clocks_that_are_an_hour_off_cost_no_request_and_no_moment(
    tmp_path: Path, of_worker: int, of_ingester: int
) -> None:
    now = datetime.now(UTC)
    of = {seconds: FakeClock(tmp_path / f"{seconds}", now + timedelta(seconds=seconds)) for seconds in (3600, -3600)}
    with running(articles=ARTICLES) as site, RedisServer(tmp_path) as server:
        home = cluster_home(tmp_path / "home", server, town=said(site))
        worker = Thinker(home, site).start("-q", "worker", under=of[of_worker].under)
        ingester = Thinker(home, site).start(*INGEST, under=of[of_ingester].under)
        try:
            out, err = ingester.communicate(timeout=120)
        finally:
            killed(ingester)
            killed(worker)
        assert ingester.returncode == 0, err[-3000:]
        assert summaries(out)["town"]["new_articles"] == ARTICLES
        assert twice(asked_of(site)) == 0
    captured = [datetime.fromisoformat(at) for (at,) in rows(home, "select captured_at from captures")]
    assert max(abs(at - now) for at in captured) < timedelta(minutes=5)
