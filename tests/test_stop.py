"""SIGTERM at any moment: a crawl ends within ten seconds, says so, and leaves its archive whole."""

import random
import time
from pathlib import Path

import pytest
from support.journeys import SOAK, Thinker

from archive import open_archive
from archive.replaying.fixity import verify
from newsroom.process import running

pytestmark = [pytest.mark.slow, pytest.mark.soak]

ROUNDS, ARTICLES = (50, 2_000) if SOAK else (3, 200)
GRACE = 10 if SOAK else 30  # seconds; the second for machines that have much else to do


def test_a_stopped_crawl_ends_and_leaves_its_archive_sound(tmp_path: Path) -> None:
    """Some articles never answer; each crawl is stopped after a random while, and the next goes on."""
    chance, stopped = random.Random(23), 0
    with running(articles=ARTICLES) as site:
        for article in range(1, 5):
            site.event(do="hang", article=article)
        thinker = Thinker(tmp_path, site)
        for _ in range(ROUNDS):
            asked = len(site.log())
            crawl = thinker.start("crawl", "newsroom", "--recheck", "all")
            while len(site.log()) == asked:  # before, it is still being started
                assert crawl.poll() is None
                time.sleep(0.1)
            time.sleep(chance.uniform(0.0, 3.0))
            running_still = crawl.poll() is None
            crawl.terminate()
            _, err = crawl.communicate(timeout=GRACE)
            assert crawl.returncode == (7 if running_still else 3), err
            assert "Traceback" not in err
            stopped += running_still
            if (tmp_path / "archive.db").exists():
                archive = open_archive(tmp_path)
                assert verify(archive).faults == ()
                assert archive.conn.execute(
                    "select count(*) from frontier where lease_token is not null"
                ).fetchone() == (0,)
                archive.close()
        site.event(do="clear")
        thinker.run("crawl", "newsroom")
    print(f"{stopped} of {ROUNDS} crawls were stopped")
    assert stopped >= ROUNDS // 2
    archive = open_archive(tmp_path)
    whole = archive.conn.execute("select count(*), count(distinct url), sum(revisions) from articles").fetchone()
    assert whole == (ARTICLES, ARTICLES, ARTICLES)
    archive.close()
