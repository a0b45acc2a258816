"""A host that asks for patience makes nobody else wait: another source, or another host of the same one."""

from itertools import pairwise
from pathlib import Path

import pytest
from support.towns import crawl, declare, figures, rows, said

from crawler.spiders.article_spider import MAX_REQUESTS_UNDER_WAY
from newsroom.process import Site, running

pytestmark = pytest.mark.slow

ARTICLES = 12
PATIENCE = 6  # seconds


def longest(site: Site) -> float:
    """The most seconds between two requests for articles."""
    asked = [line for line in site.log() if "/article/" in str(line["path"])]
    times = [float(line["at"]["monotonic"]) for line in asked]  # type: ignore[index]
    return max(later - earlier for earlier, later in pairwise(times))


@pytest.mark.parametrize(("code", "form"), [(429, "seconds"), (503, "date")])
def test_another_source_is_crawled_at_its_own_pace(tmp_path: Path, code: int, form: str) -> None:
    """Two sources at once, of which one is asked to wait at its first article."""
    with running(articles=ARTICLES) as first, running(articles=ARTICLES, seed=2) as second:
        first.event(do="status", code=code, times=1, article=ARTICLES, retry_after=PATIENCE, form=form)
        home = declare(tmp_path, first=said(first, delay=0.05), second=said(second, delay=0.05))
        assert [figures(told) for told in crawl(home, "first", "second")] == [("finished", ARTICLES, 0, 0)] * 2
        assert longest(first) >= PATIENCE - 1  # a date has whole seconds
        assert longest(second) < PATIENCE - 1


def test_another_host_of_the_same_source_is_not_held_up(tmp_path: Path) -> None:
    """One crawl of two hosts, all of whose addresses it can have in hand: what waits of one holds no other's turn."""
    with running(articles=ARTICLES) as first, running(articles=ARTICLES, seed=2) as second:
        first.event(do="status", code=503, retry_after=PATIENCE, times=1, article=ARTICLES)
        both = [site.address for site in (first, second)]
        hosts = [address.removeprefix("http://") for address in both]
        lists = [f"{address}/sitemap.xml" for address in both]
        scope = "http://127.0.0.1:[0-9]+/article/.*"
        town = said(first, sitemaps=lists, hosts=hosts, allow=hosts, scope=scope, delay=0.05)
        home = declare(tmp_path, town=town)
        assert figures(crawl(home, "town")[0]) == ("finished", 2 * ARTICLES, 0, 0)
        assert 2 * ARTICLES <= MAX_REQUESTS_UNDER_WAY
        assert longest(first) >= PATIENCE - 1
        assert longest(second) < PATIENCE - 1
    assert rows(home, "select count(*) from frontier where lease_token is not null") == [(0,)]
