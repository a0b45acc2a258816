"""Workers, the server and the ingester are killed: the archive is that of one machine, and no host is hurried."""

import random
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from support.cluster import cluster_home, killed, said_by, summaries, workers
from support.journeys import ENOUGH, SOAK, Thinker
from support.redis_server import RedisServer
from support.towns import declare, said

from newsroom.process import Site, running

WORKERS, HOSTS, ARTICLES = (8, 20, 250) if SOAK else (2, 3, 24)
KILL_AFTER_REQUESTS = 100 if SOAK else 14  # by all hosts, since the kill before
VICTIMS = ("worker", "ingester", "server", "worker", "worker", "ingester")  # later ones are workers
INGEST = ("-q", "ingest", "--once", "--json")
DELAY = 0.1
GROUP_SIZE = 8  # answers in the WARC file of a crawl that is killed before their transaction ends
TIMER = 0.005  # seconds by which the newsroom may log a request early or late


def _sources(site: Site, hosts: list[str], recheck: int) -> dict[str, str]:
    wanted = {"removal_probes": 2, "removal_spacing": 0, "recheck": recheck, "delay": DELAY}
    return {f"town{number}": said(site.at(host), **wanted) for number, host in enumerate(hosts)}


def _requests(site: Site) -> list[tuple[str, str, float]]:
    """(host, path, moment) of each request."""
    told = [(str(line["host"]), str(line["path"]), line["at"]["monotonic"]) for line in site.log()]  # type: ignore[index]
    return sorted(told, key=lambda line: line[2])


def _crawled(home: Path, site: Site, names: list[str]) -> None:
    Thinker(home, site).run("-q", "crawl", *names)


@pytest.mark.slow
@pytest.mark.soak
def test_the_archive_is_that_of_one_machine_if_anything_is_killed(tmp_path: Path) -> None:
    """Twice: all articles are new; then some were edited, some are gone."""
    chance, hosts = random.Random(43), [f"127.0.0.{number}" for number in range(2, 2 + HOSTS)]
    with running(articles=ARTICLES, also=hosts) as site, RedisServer(tmp_path) as server:
        sources = _sources(site, hosts, 3600)
        alone = declare(tmp_path / "alone", **sources)
        shared = cluster_home(tmp_path / "shared", server, **sources)
        _crawled(alone, site, list(sources))
        before = len(_requests(site))
        with workers(shared, WORKERS, site) as cluster:
            ingester = cluster.thinker.start(*INGEST)
            kills, asked_then, began = 0, before, time.monotonic()
            while ingester.poll() is None:
                assert time.monotonic() - began < ENOUGH
                time.sleep(0.1)
                if (now := len(_requests(site))) - asked_then < KILL_AFTER_REQUESTS:
                    continue
                victim = VICTIMS[kills] if kills < len(VICTIMS) else "worker"
                kills, asked_then = kills + 1, now
                if victim == "server":
                    server.kill()
                    server.start()
                elif victim == "ingester":
                    killed(ingester)
                    ingester = cluster.thinker.start(*INGEST)
                else:
                    number = chance.randrange(WORKERS)
                    cluster.kill(number)
                    cluster.start(number)
            out, err = ingester.communicate()
            assert ingester.returncode == 0, err[-3000:]
            assert {each["finish_reason"] for each in summaries(out).values()} == {"finished"}
            asked = _requests(site)[before:]
            assert said_by(shared) == said_by(alone)
            assert _twice(asked) <= max(len(asked) // 100, GROUP_SIZE * VICTIMS.count("ingester")), kills
            assert min(_gaps(asked)) >= DELAY - TIMER
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


def _twice(asked: list[tuple[str, str, float]]) -> int:
    """The number of requests for articles beyond the first of each."""
    articles = [(host, path) for host, path, _ in asked if "/article/" in path]
    return len(articles) - len(set(articles))


def _gaps(asked: list[tuple[str, str, float]]) -> list[float]:
    """The seconds between two requests to one host in a row."""
    moments = defaultdict(list)
    for host, _, at in asked:
        moments[host].append(at)
    return [later - earlier for each in moments.values() for earlier, later in pairwise(each)]
