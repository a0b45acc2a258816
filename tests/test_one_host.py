"""Two sources of one host, killed again and again: nothing is lost, little is asked twice, the host sees one pace."""

import os
import random
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice, pairwise
from pathlib import Path

import pytest
from support.journeys import ENOUGH, SOAK, Thinker

from archive import open_archive
from archive.files.home import Home
from archive.files.lock import is_locked
from archive.replaying.fixity import verify
from crawler.session.writer import GROUP_SIZE
from newsroom.process import Site, running

pytestmark = [pytest.mark.slow, pytest.mark.soak]

ARTICLES, KILLS, MOST_BETWEEN = (5_000, 50, 80) if SOAK else (120, 4, 12)
SOURCES = {"odd": "13579", "even": "02468"}  # by the last digit of an article's number
DELAY = 0.05  # seconds
IN_FLIGHT = 1  # requests of a source on a host that has a delay


def test_two_crawls_of_one_host_lose_nothing_and_keep_the_delay_despite_kills(tmp_path: Path):
    with running(articles=ARTICLES) as site:
        thinker = Thinker(declared(tmp_path, site), site)
        children = {name: thinker.start("crawl", name) for name in SOURCES}
        cut = sum(killed_in_turn(thinker, site, children))
        for child in children.values():
            _, err = child.communicate(timeout=ENOUGH)
            assert child.returncode == 0, err
        asked = [line for line in site.log() if not str(line["path"]).startswith("/-/")]
    whole(tmp_path)
    times = sorted(float(line["at"]["monotonic"]) for line in asked)  # type: ignore[index]
    gaps = sorted(later - earlier for earlier, later in pairwise(times))
    fetched = Counter(str(line["path"]) for line in asked if "/article/" in str(line["path"]))
    again = sum(fetched.values()) - ARTICLES
    print(f"{cut} kills, {len(asked)} requests, {again} articles fetched again, shortest gap {gaps[0]:.4f} s")
    assert cut >= KILLS // 2, "the crawls were over before most of the kills: the trial says little"
    assert gaps[0] >= DELAY
    assert len(fetched) == ARTICLES
    assert again <= cut * (IN_FLIGHT + GROUP_SIZE)


def declared(home: Path, site: Site) -> Path:
    """Two sources that read the same lists; one has the odd articles, the other the even ones."""
    place = site.address.removeprefix("http://")
    lists = f'homepage = "{site.address}"\nsitemaps = ["{site.address}/sitemap.xml"]\nallow = ["{place}"]\n'
    text = "".join(
        f"[sources.{name}]\n{lists}delay = {DELAY}\nscope = '{site.address}/article/\\d*[{digits}]\\.html'\n"
        for name, digits in SOURCES.items()
    )
    open_archive(home).close()
    (home / "thinker.toml").write_text(text, encoding="utf-8")
    return home


def killed_in_turn(thinker: Thinker, site: Site, children: dict[str, subprocess.Popen[str]]) -> Iterator[bool]:
    """Kill one of the two crawls amid its articles and start it anew, while the other goes on; True if it still ran."""
    chance = random.Random(7)
    for name in islice(cycle(SOURCES), KILLS):
        enough = asked_of(site, name) + chance.randint(1, MOST_BETWEEN)
        while children[name].poll() is None and asked_of(site, name) < enough:
            time.sleep(0.2)
        yield killed(children[name])
        while is_locked(Home(thinker.home), name):  # until all that it had started are dead too
            time.sleep(0.05)
        children[name] = thinker.start("crawl", name)


def asked_of(site: Site, name: str) -> int:
    """The number of requests for articles of a source that the site has seen."""
    return sum(bool(re.fullmatch(rf"/article/\d*[{SOURCES[name]}]\.html", str(line["path"]))) for line in site.log())


def killed(child: subprocess.Popen[str]) -> bool:
    """Kill a crawl. Returns True if it still ran."""
    if cut := child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate()
    return cut


def whole(home: Path) -> None:
    """Check that every article is there once, and every byte as it was written."""
    archive = open_archive(home)
    assert verify(archive).ok
    found = archive.conn.execute(
        "select source, count(*), count(distinct url), sum(revisions) from articles group by 1"
    )
    assert found.fetchall() == [(name, ARTICLES // 2, ARTICLES // 2, ARTICLES // 2) for name in ("even", "odd")]
    assert archive.conn.execute("select count(*) from events where kind = 'new'").fetchone() == (ARTICLES,)
    assert archive.conn.execute("select count(*) from frontier where lease_token is not null").fetchone() == (0,)
    archive.close()
