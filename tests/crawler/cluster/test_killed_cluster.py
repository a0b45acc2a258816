"""Workers, the server and the ingester are killed: the archive is that of one machine, and no host is hurried."""

import random
import time
from pathlib import Path
from subprocess import Popen

import pytest
from support.cluster import Cluster, cluster_home, killed, said_by, summaries, workers
from support.cluster_figures import Figures, asked_of, smallest_gap, twice
from support.journeys import ENOUGH, SOAK, Thinker
from support.redis_server import RedisServer
from support.towns import declare, said

from newsroom.process import Site, running

WORKERS, HOSTS, ARTICLES, DELAY = (8, 20, 250, 0.3) if SOAK else (2, 3, 24, 0.1)
SECONDS = 5.0 if SOAK else 2.5  # between two kills, each of a worker
SERVER, INGESTER = ({3}, {6, 12}) if SOAK else ({1}, {2, 4})  # the kills at which these die too
INGEST = ("-q", "ingest", "--once", "--json")
RECHECK = 36_000  # seconds after which an article is due again


def _sources(site: Site, hosts: list[str], recheck: int) -> dict[str, str]:
    wanted = {"removal_probes": 2, "removal_spacing": 0, "recheck": recheck, "delay": DELAY}
    return {f"town{number}": said(site.at(host), **wanted) for number, host in enumerate(hosts)}


def _crawled(home: Path, site: Site, names: list[str]) -> None:
    """Crawl all sources at once, as one machine does."""
    crawls = [Thinker(home, site).start("-q", "crawl", name) for name in names]
    for each in crawls:
        _, err = each.communicate(timeout=ENOUGH)
        assert each.returncode == 0, err[-3000:]


class _Trial:
    """An ingester and workers that are killed until all is taken in."""

    def __init__(self, cluster: Cluster, server: RedisServer) -> None:
        self.cluster, self.server, self.figures = cluster, server, Figures()
        self.kills, self._chance = 0, random.Random(43)
        self.ingester = self._ingester()

    def _ingester(self) -> Popen[str]:
        return self.cluster.thinker.start(*INGEST)

    def run(self) -> str:
        """What the last ingester printed."""
        began = killed_at = time.monotonic()
        while self.ingester.poll() is None:
            assert time.monotonic() - began < ENOUGH
            time.sleep(0.1)
            working = [each.pid for each in self.cluster.workers]
            self.figures.look(
                self.cluster.home / "segments", workers=working, ingester=[self.ingester.pid], server=[self.server.pid]
            )
            if time.monotonic() - killed_at >= SECONDS:
                killed_at = time.monotonic()
                self._kill()
        out, err = self.ingester.communicate()
        assert self.ingester.returncode == 0, err[-3000:]
        return out

    def _kill(self) -> None:
        self.kills += 1
        number = self._chance.randrange(WORKERS)
        self.cluster.kill(number)
        if self.kills in SERVER:
            self.server.kill()
            self.server.start()
        if self.kills in INGESTER:
            killed(self.ingester)
            self.ingester = self._ingester()
        self.cluster.start(number)


@pytest.mark.slow
@pytest.mark.soak
def test_the_archive_is_that_of_one_machine_if_anything_is_killed(tmp_path: Path) -> None:
    """Twice: all articles are new; then some were edited, some are gone."""
    hosts = [f"127.0.0.{number}" for number in range(2, 2 + HOSTS)]
    with running(articles=ARTICLES, also=hosts) as site, RedisServer(tmp_path) as server:
        sources = _sources(site, hosts, RECHECK)
        alone = declare(tmp_path / "alone", **sources)
        shared = cluster_home(tmp_path / "shared", server, **sources)
        _crawled(alone, site, list(sources))
        before, began = len(asked_of(site)), time.monotonic()
        with workers(shared, WORKERS, site) as cluster:
            trial = _Trial(cluster, server)
            ends = {str(each["finish_reason"]) for each in summaries(trial.run()).values()}
            asked, figures = asked_of(site)[before:], trial.figures
            print(  # for `make soak ARGS=-s`
                f"{time.monotonic() - began:.0f} s, {trial.kills} kills, {len(asked)} requests, {twice(asked)} twice "
                f"({twice(asked) / (HOSTS * ARTICLES):.2%} of the articles), smallest gap {smallest_gap(asked):.3f} s of "
                f"{DELAY} s, {len(figures.segments)} segments, processor seconds: ingester "
                f"{figures.used('ingester'):.0f}, workers {figures.used('workers'):.0f}, "
                f"server {figures.used('server'):.1f}"
            )
            assert trial.kills >= max(SERVER | INGESTER)
            assert ends == {"finished"}
            assert said_by(shared) == said_by(alone)
            assert twice(asked) <= HOSTS * ARTICLES // 100
            assert smallest_gap(asked) >= DELAY
            site.event(do="edit", article=3)
            site.event(do="remove", article=5, how="404")
            declare(alone, **_sources(site, hosts, 0))
            cluster_home(shared, server, **_sources(site, hosts, 0))
            for _ in range(2):
                cluster.thinker.run(*INGEST)
        for _ in range(2):
            _crawled(alone, site, list(sources))
        assert said_by(shared) == said_by(alone)
        assert Thinker(shared).json("verify", "--deep")["ok"]
