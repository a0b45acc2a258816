"""Workers, the server and the ingester are killed: the archive is that of one machine, and no host is hurried."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import Popen

import pytest
from support.cluster import Cluster, cluster_home, killed, said_by, summaries, workers
from support.cluster_figures import Figures, asked_of, smallest_gap, twice
from support.journeys import ENOUGH, SOAK, Thinker
from support.redis_server import RedisServer
from support.towns import declare, said

from newsroom.process import Site, running

WORKERS, HOSTS, ARTICLES, DELAY = (8, 20, 250, 0.2) if SOAK else (2, 3, 24, 0.1)
AT_ONCE = 6  # crawls
SECONDS = 5.0  # between two kills, each of a worker; on a small site a worker dies with each of the others
# Of all articles; on a small site one answer that was on the wire is more than a hundredth.
MOST_TWICE = 0.01 if SOAK else 0.15
# Which dies too, at the first kill after so large a part of all articles.
OTHERS = ((0.2, "server"), (0.4, "ingester"), (0.7, "ingester"))
LOOK_EVERY_SECONDS = 1.0
INGEST = ("-q", "ingest", "--once", "--json")
RECHECK = 36_000  # seconds after which an article is due again


def _sources(site: Site, hosts: list[str], recheck: int) -> dict[str, str]:
    wanted = {"removal_probes": 2, "removal_spacing": 0, "recheck": recheck, "delay": DELAY}
    return {f"town{number}": said(site.at(host), **wanted) for number, host in enumerate(hosts)}


def _crawled(home: Path, site: Site, names: list[str]) -> None:
    """Crawl each source, as one machine does."""
    with ThreadPoolExecutor(AT_ONCE) as several:
        list(several.map(lambda name: Thinker(home, site).run("-q", "crawl", name), names))


class _Trial:
    """An ingester and workers that are killed until all is taken in."""

    def __init__(self, cluster: Cluster, server: RedisServer, site: Site) -> None:
        self.site = site
        self.cluster, self.server, self.figures = cluster, server, Figures()
        self.kills, self._chance, self._others = 0, random.Random(43), list(OTHERS)
        self.ingester = self._ingester()

    @property
    def is_over(self) -> bool:
        """True if all that should be killed was."""
        return not self._others

    def _ingester(self) -> Popen[str]:
        return self.cluster.thinker.start(*INGEST)

    def run(self) -> str:
        """Run, kill, and return the output of the last ingester."""
        began = killed_at = looked = time.monotonic()
        while self.ingester.poll() is None:
            assert time.monotonic() - began < ENOUGH
            time.sleep(0.2)
            self.figures.count(self.cluster.home / "segments")
            if time.monotonic() - looked >= LOOK_EVERY_SECONDS:
                self._look()
                looked = time.monotonic()
            if time.monotonic() - killed_at >= SECONDS if SOAK else self._is_next():
                killed_at = time.monotonic()
                self._kill()
        out, err = self.ingester.communicate()
        assert self.ingester.returncode == 0, err[-3000:]
        return out

    def _is_next(self) -> bool:
        """True if another than a worker is to be killed now."""
        return not self.is_over and len(asked_of(self.site)) >= self._others[0][0] * HOSTS * ARTICLES

    def _look(self) -> None:
        working = [each.pid for each in self.cluster.workers]
        self.figures.look(workers=working, ingester=[self.ingester.pid], server=[self.server.pid])

    def _kill(self) -> None:
        self._look()
        self.kills += 1
        number = self._chance.randrange(WORKERS)
        self.cluster.kill(number)
        if self._is_next():
            _, victim = self._others.pop(0)
            if victim == "server":
                self.server.kill()
                self.server.start()
            else:
                killed(self.ingester)
                self.ingester = self._ingester()
        self.cluster.start(number)


@pytest.mark.slow
@pytest.mark.soak
def test_the_archive_is_that_of_one_machine_if_anything_is_killed(tmp_path: Path) -> None:
    hosts = [f"127.0.0.{number}" for number in range(2, 2 + HOSTS)]
    with running(articles=ARTICLES, also=hosts) as site, RedisServer(tmp_path) as server:
        sources = _sources(site, hosts, RECHECK)
        alone = declare(tmp_path / "alone", **sources)
        shared = cluster_home(tmp_path / "shared", server, AT_ONCE, **sources)
        began = time.monotonic()
        with workers(shared, WORKERS, site) as cluster:
            trial = _Trial(cluster, server, site)
            ends = {str(each["finish_reason"]) for each in summaries(trial.run()).values()}
            asked, figures = asked_of(site), trial.figures
            share, gap = twice(asked) / (HOSTS * ARTICLES), smallest_gap(asked)
            print(  # for `make soak ARGS=-s`
                f"{time.monotonic() - began:.0f} s, {trial.kills} kills, {len(asked)} requests, {twice(asked)} twice "
                f"({share:.2%} of the articles), smallest gap {gap:.3f} s of {DELAY} s, "
                f"{len(figures.segments)} segments, processor seconds: ingester {figures.used('ingester'):.0f}, "
                f"workers {figures.used('workers'):.0f}, server {figures.used('server'):.1f}"
            )
            assert trial.is_over
            assert ends == {"finished"}
            assert share <= MOST_TWICE
            assert gap >= DELAY
        _crawled(alone, site, list(sources))
        assert said_by(shared) == said_by(alone)
        assert Thinker(shared).json("verify", "--deep")["ok"]
