"""The pages that a crawl asks and their order: real newsrooms on loopback, and their logs."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.fixed_pages import TEXT, Pages, serving, town
from support.journeys import Thinker

from newsroom.process import Site, running

pytestmark = pytest.mark.slow


@pytest.fixture
def pages() -> Iterator[Pages]:
    with serving() as site:
        yield site


@pytest.fixture
def news() -> Iterator[Site]:
    with running(articles=12) as site:
        yield site


def paths(site: Site, pattern: str = r"/(?!-/).*") -> list[str]:
    return [str(line["path"]) for line in site.log() if re.fullmatch(pattern, str(line["path"]))]


SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def test_links_and_redirects_to_an_undeclared_host_fetch_nothing_there(
    tmp_path: Path, pages: Pages, news: Site
) -> None:
    """A list, a feed, a sitemap and its child, two redirects and a further page, all of which the guard would allow."""
    elsewhere = f"{news.address}/article/1.html"
    pages.put("/list", f"<a href='{elsewhere}'>one</a><a href='/article/2'>two</a><a href='/article/3'>three</a>")
    pages.put("/feed", f"<rss><channel><item><link>{elsewhere}</link></item></channel></rss>")
    pages.put("/map", f"<sitemapindex xmlns='{SITEMAP}'><sitemap><loc>{news.address}/sitemap.xml</loc></sitemap>"
                      f"<sitemap><loc>{pages.address}/far</loc></sitemap></sitemapindex>")  # fmt: skip
    pages.put("/far", status=302, Location=f"{news.address}/sitemap.xml")
    pages.put("/article/2", status=301, Location=elsewhere)
    pages.put("/article/3", f"<h1>题目在此处</h1>{TEXT}<a rel='next' href='{news.address}/article/3_2'>下一页</a>")
    thinker = town(tmp_path / "home", pages, news, lists="/list", feeds="/feed", sitemaps="/map")
    crawled = thinker.json("crawl", "town", code=3)  # the sitemap that leads away is an error
    assert paths(news) == []
    assert (crawled["errors"], crawled["new_articles"]) == (1, 1)
    assert sorted(pages.asked) == ["/article/2", "/article/3", "/far", "/feed", "/list", "/map", "/robots.txt"]
    more = f'hosts = ["{pages.address[7:]}", "{news.address[7:]}"]\n'
    thinker = town(tmp_path / "home", pages, news, more=more, lists="/list", feeds="/feed", sitemaps="/map")
    assert thinker.json("crawl", "town")["new_articles"] == 12
    assert set(paths(news, "/article/.*")) == {f"/article/{n}.html" for n in range(1, 13)}


def test_addresses_under_never_are_not_fetched_even_by_redirects_or_sitemaps(tmp_path: Path, pages: Pages) -> None:
    """An article, a redirect to one, a sitemap's child, and a robots.txt elsewhere."""
    pages.put("/robots.txt", status=302, Location="/private/robots.txt")
    pages.put("/list", "<a href='/article/private/1'>1</a><a href='/article/2'>2</a>")
    pages.put("/article/2", status=302, Location="/article/private/2")
    pages.put("/map", f"<sitemapindex xmlns='{SITEMAP}'><sitemap><loc>{pages.address}/private/map</loc></sitemap>"
                      "</sitemapindex>")  # fmt: skip
    never = f'[crawler]\nnever = ["{pages.address}/private", "{pages.address}/article/private/"]\n'
    thinker = town(tmp_path / "home", pages, more=never, lists="/list", sitemaps="/map")
    assert thinker.json("crawl", "town", code=3)["finish_reason"] == "outage"  # robots.txt cannot be had
    assert pages.asked == ["/robots.txt"]
    del pages.pages["/robots.txt"]
    crawled = thinker.json("crawl", "town", code=4)
    assert (crawled["finish_reason"], crawled["new_articles"]) == ("policy", 0)
    assert not [path for path in pages.asked if "private" in path]
    with closing(sqlite3.connect(thinker.home / "archive.db")) as database:
        waiting = database.execute("select url, given_up from frontier order by url").fetchall()
    assert waiting == [
        (f"{pages.address}/article/2", None),  # it may lead elsewhere another day
        (f"{pages.address}/article/private/1", "refused"),
    ]
    asked = len(pages.asked)
    assert "names" in thinker.run("fetch", f"{pages.address}/article/private/1", code=4)
    assert len(pages.asked) == asked


def test_fresh_articles_come_first_and_the_newest_of_them_under_a_limit(tmp_path: Path, news: Site) -> None:
    thinker = Thinker(tmp_path / "home", news)
    dates = {line["id"]: line["date_published"] for line in news.truths()}
    newest = sorted(dates, key=lambda n: dates[n], reverse=True)
    thinker.run("crawl", "newsroom", "--limit", "5")
    assert sorted(paths(news, "/article/.*")) == sorted(f"/article/{n}.html" for n in newest[:5])
    planned = thinker.json("crawl", "newsroom", "--dry-run", "--limit", "3")
    assert [item["url"].rpartition("/")[2] for item in planned] == [f"{n}.html" for n in newest[5:8]]
    thinker.run("crawl", "newsroom", "--limit", "9")  # the five are due again, and seven were never fetched
    asked = paths(news, "/article/.*")[5:]
    assert {f"/article/{n}.html" for n in newest[5:]} < set(asked)
    assert len(set(asked)) == 9
