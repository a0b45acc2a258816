"""kill -9 at any moment loses nothing and stores nothing twice."""

import os
import random
import signal
import time
from pathlib import Path

import pytest
from journeys import SOAK, Thinker

from archive import open_archive
from archive.fixity import verify
from newsroom.process import Site, running

ARTICLES, KILLS, LONGEST = (5_000, 20, 12.0) if SOAK else (250, 5, 4.0)


@pytest.mark.slow
def test_a_crawl_that_is_killed_again_and_again_ends_like_one_that_is_not(tmp_path: Path):
    with running(articles=ARTICLES) as site:
        unharmed, killed = Thinker(tmp_path / "unharmed", site), Thinker(tmp_path / "killed", site)
        unharmed.run("crawl", "newsroom")
        cut = _kill_often(killed)
        killed.run("crawl", "newsroom")
        assert _states(killed.home) == _states(unharmed.home)
        assert len(_states(killed.home)) == ARTICLES
        assert cut >= KILLS // 2, "the crawl was over before most of the kills: the trial says little"
        _nothing_twice(killed.home)
        _few_refetched(site, cut)


def _kill_often(killed: Thinker) -> int:
    """Start, wait a random while, kill; how many crawls were really cut."""
    chance = random.Random(7)
    cut = 0
    for _ in range(KILLS):
        crawl = killed.start("crawl", "newsroom")
        deadline = time.monotonic() + chance.uniform(1.0, LONGEST)
        while crawl.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        if crawl.poll() is None:
            os.killpg(crawl.pid, signal.SIGKILL)
            cut += 1
        crawl.communicate()
    return cut


def _states(home: Path) -> list[tuple[object, ...]]:
    archive = open_archive(home)
    found = archive.conn.execute(
        "select key, revisions, content_digest, body_text from articles order by key"
    ).fetchall()
    archive.close()
    return found


def _nothing_twice(home: Path) -> None:
    archive = open_archive(home)
    assert verify(archive).ok
    twice = "select article_id, content_digest from revision_records group by 1, 2 having count(*) > 1"
    assert archive.conn.execute(twice).fetchall() == []
    assert archive.conn.execute("select count(*) from events where kind = 'new'").fetchone() == (ARTICLES,)
    unfinished = archive.conn.execute("select count(*) from crawls where finished_at is null").fetchone()
    assert unfinished == (0,)
    archive.close()


def _few_refetched(site: Site, cut: int) -> None:
    """At most what was under way at each kill is fetched again in full."""
    full = [entry for entry in site.log() if entry["status"] == 200 and str(entry["path"]).startswith("/article/")]
    assert len(full) <= 2 * ARTICLES + cut * 64
