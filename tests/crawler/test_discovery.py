"""Lists of many articles: read beside them, conditionally, and not at all where their index says no change."""

import gzip
import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from support.journeys import SOAK, Thinker
from support.sitemap_site import LASTMOD, Sitemaps, sitemaps
from support.towns import crawl, declare, figures, rows, said
from support.written_site import Answer, article, listing, serving

from archive.judging.presence.unchanged import trusted
from crawler.spiders.seeding import HEAD_START
from newsroom.process import running

pytestmark = pytest.mark.soak

CHILDREN = [f"/{number}.xml" for number in range(1, 11)]


def in_order(maps: Sitemaps) -> list[str]:
    return [path for path, _ in maps.site.asked]


@pytest.mark.slow
def test_articles_do_not_wait_for_all_lists_nor_lists_for_all_articles(tmp_path: Path) -> None:
    """10 children of 100: today 12 requests come before the first article, and in a site of 100 children 102."""
    with sitemaps(children=10, each=100) as maps:
        (summary,) = crawl(maps.home(tmp_path), "town")
        asked = in_order(maps)
    assert figures(summary) == ("finished", 1000, 0, 0)
    articles = [number for number, path in enumerate(asked, start=1) if path.startswith("/article/")]
    lists = [number for number, path in enumerate(asked, start=1) if path.endswith(".xml")]
    print(f"the first article is request {articles[0]}, the last list request {lists[-1]} of {len(asked)}")
    assert articles[0] <= 10
    assert articles[0] < lists[-1] < articles[500]
    assert sorted(articles + lists + [1]) == list(range(1, 1013))  # each once, and robots.txt


def test_new_articles_from_the_last_list_go_ahead_of_waiting_rechecks(tmp_path: Path) -> None:
    """40 articles are due again when 10 are new, in the last of 9 lists."""
    with sitemaps(children=9, each=5, lastmod=None) as maps:
        home = maps.home(tmp_path)
        crawl(home, "town")
        maps.site.asked.clear()
        maps.children[9].change([*range(100, 110), *maps.children[9].numbers], None)
        crawl(home, "town", recheck="all")
        asked = [int(path[9:-5]) for path in in_order(maps) if path.startswith("/article/")]
    assert sorted(asked) == [*range(45), *range(100, 110)]
    assert max(map(asked.index, range(100, 110))) < 10 + 16  # so many requests are under way at once


@pytest.mark.slow
def test_a_second_crawl_fetches_the_index_and_the_changed_sitemap(tmp_path: Path) -> None:
    with sitemaps(children=10, each=3) as maps:
        home = maps.home(tmp_path)
        crawl(home, "town")
        assert maps.asked() == sorted([("/sitemap.xml", 200), *((path, 200) for path in CHILDREN)])
        crawl(home, "town")
        assert maps.asked() == [("/sitemap.xml", 304)]
        maps.children[4].change([500, *maps.children[4].numbers], "2024-04-14T08:00:00Z")
        (summary,) = crawl(home, "town")
        assert maps.asked() == [("/4.xml", 200), ("/sitemap.xml", 200)]
        assert figures(summary) == ("finished", 1, 0, 0)
        assert summary["articles_seen"] == 31
        crawl(home, "town")
        assert maps.asked() == [("/sitemap.xml", 304)]


@pytest.mark.slow
def test_a_sitemap_whose_lastmod_never_moves_is_read_once_a_week(tmp_path: Path) -> None:
    """Its site writes the day on which the file was begun, and adds an article all the same."""
    with sitemaps(children=3, each=2) as maps:
        home = maps.home(tmp_path)
        crawl(home, "town")
        maps.children[2].change([100, *maps.children[2].numbers], LASTMOD)
        maps.asked()
        found = []
        for days in (0, 5, 8, 0):
            read_earlier(home, days)
            (summary,) = crawl(home, "town")
            found.append((maps.asked(), summary["new_articles"], summary["articles_seen"]))
    alone, all_of_them = [("/sitemap.xml", 304)], [("/1.xml", 304), ("/2.xml", 200), ("/3.xml", 304)]
    assert found == [([("/sitemap.xml", 200)], 0, 6), (alone, 0, 6), ([*all_of_them, *alone], 1, 7), (alone, 0, 7)]


def read_earlier(home: Path, days: int) -> None:
    """Move the last reading of a home's lists so many days into the past."""
    with closing(sqlite3.connect(home / "archive.db")) as database, database:
        database.execute("update lists set read_at = strftime('%Y-%m-%dT%H:%M:%SZ', read_at, ?)", [f"-{days} days"])


def test_thousands_that_were_read_at_once_are_not_all_read_at_once_again() -> None:
    waits = sorted(trusted(f"https://a.example/{number}.xml").total_seconds() / 3_600 for number in range(2_400))
    assert 6 * 24 <= waits[0] < waits[-1] <= 7 * 24
    by_hour = Counter(int(wait) for wait in waits)
    assert (len(by_hour), max(by_hour.values()) < 200) == (24, True)


def test_an_error_names_the_sitemap_that_is_broken(tmp_path: Path) -> None:
    """An index under another spelling of the host names three: one is a page and one is cut."""

    def answer(path: str) -> Answer | None:
        if path.startswith("/article/"):
            return Answer(article(1))
        bodies = {
            "/sitemap.xml": "<sitemapIndex>{}</sitemapIndex>".format(
                "".join(f"<SiteMap><Loc>{site.address}/{name}.xml</Loc></SiteMap>" for name in ("page", "cut", "well"))
            ),
            "/page.xml": "<html><p>busy</p></html>",
            "/cut.xml": "<urlset><url>",
            "/well.xml": f"<sm:urlSet><sm:URL><sm:loc>{site.address}/article/1.html</sm:loc></sm:URL></sm:urlSet>",
        }
        return Answer(bodies[path].encode()) if path in bodies else None

    with serving(answer) as site:
        home = declare(tmp_path, town=said(site.as_declared))
        out, err = Thinker(home).start("crawl", "town", "--json").communicate(timeout=300)
    assert [line.partition("WARNING: ")[2] for line in err.splitlines() if "WARNING" in line] == [
        f"{site.address}/page.xml: expected a sitemap (urlset or sitemapindex), got <html>",
        f"{site.address}/cut.xml: the XML ends before its first element does: it is cut",
    ]
    assert (json.loads(out)["new_articles"], json.loads(out)["errors"]) == (1, 2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lastmod", "options"),
    [
        (None, {}),  # nobody says when it changed
        ("2999-01-01", {}),  # a day that is not over: it may change after we have read it
        ("2024-04-13T08:00:00Z", {"recheck": "all"}),
    ],
)
def test_lists_that_may_have_changed_are_asked_conditionally(
    tmp_path: Path, lastmod: str | None, options: dict[str, str]
) -> None:
    with sitemaps(children=3, each=3, lastmod=lastmod) as maps:
        home = maps.home(tmp_path)
        crawl(home, "town")
        maps.asked()
        (summary,) = crawl(home, "town", **options)
        assert maps.asked() == [(path, 304) for path in ("/1.xml", "/2.xml", "/3.xml", "/sitemap.xml")]
    assert (figures(summary), summary["articles_seen"]) == (("finished", 0, 0, 0), 9)


def test_a_sitemap_that_redirects_is_left_alone_under_the_name_that_its_index_gives(tmp_path: Path) -> None:
    """As where an index still says http, and its site has gone to https."""
    with sitemaps(children=3, each=3) as maps:
        maps.moved = True
        home = maps.home(tmp_path)
        crawl(home, "town")
        maps.asked()
        crawl(home, "town")
        assert maps.asked() == [("/sitemap.xml", 304)]


@pytest.mark.slow
def test_a_sitemap_without_an_article_of_ours_is_left_alone_until_it_changes(tmp_path: Path) -> None:
    """Such are the sitemaps of a site's authors and tags; one that once had articles and is empty is read again."""
    with sitemaps(children=3, each=4) as maps:
        maps.children[2].numbers.clear()
        home = maps.home(tmp_path)
        crawl(home, "town")
        maps.asked()
        crawl(home, "town")
        assert maps.asked() == [("/sitemap.xml", 304)]
        maps.children[1].change([], "2024-04-14T08:00:00Z")
        maps.children[2].change([100], "2024-04-14T08:00:00Z")
        for answered, new in (([("/1.xml", 200), ("/2.xml", 200), ("/sitemap.xml", 200)], 1),
                              ([("/1.xml", 304), ("/sitemap.xml", 304)], 0)):  # fmt: skip
            (summary,) = crawl(home, "town")
            assert (maps.asked(), figures(summary)) == (answered, ("finished", new, 0, 0))
    assert rows(home, "select kind, count(*) from events group by kind") == [("new", 9)]


def test_a_list_that_came_damaged_is_asked_for_anew(tmp_path: Path) -> None:
    """Its ETag is that of the whole list: a 304 would confirm what nobody can read, for as long as nothing changes."""
    damaged = True

    def answer(path: str) -> Answer | None:
        if path.startswith("/article/"):
            return Answer(article(1))
        given = site.asked[-1][1]["If-None-Match"]
        if path != "/sitemap.xml" or given:
            return Answer(status=304) if given else None
        body = listing(1).replace(b"ADDRESS", site.address.encode())
        packed = b"nothing of the kind" if damaged else gzip.compress(body)
        return Answer(packed, headers=(("ETag", '"1"'), ("Content-Encoding", "gzip")))

    with serving(answer) as site:
        home = declare(tmp_path, town=said(site.as_declared))
        assert figures(crawl(home, "town")[0]) == ("finished", 0, 0, 1)
        damaged = False
        assert figures(crawl(home, "town")[0]) == ("finished", 1, 0, 0)
        site.asked.clear()
        crawl(home, "town")
        assert [path for path, _ in site.asked] == ["/robots.txt", "/sitemap.xml"]  # 304, and that can be read


def test_lists_are_asked_for_in_gzip(tmp_path: Path) -> None:
    """A sitemap of 50 MB is more than is unpacked as a whole; in gzip, and only there, it is read a piece at a time."""
    with sitemaps(children=1, each=1) as maps:
        crawl(maps.home(tmp_path), "town")
        asked = {path: headers["Accept-Encoding"] for path, headers in maps.site.asked if path != "/robots.txt"}
    assert asked == {"/sitemap.xml": "gzip", "/1.xml": "gzip", "/article/0.html": "gzip, deflate, br, zstd"}


def test_another_declaration_reads_every_list_once(tmp_path: Path) -> None:
    """A scope that has become wider covers what was left out of the lists when they were read."""
    with sitemaps(children=3, each=4) as maps:
        narrow = said(maps.site.as_declared, scope=f"{maps.site.address}/article/[0-5].html")
        crawl(declare(tmp_path, town=narrow), "town")
        maps.asked()
        (summary,) = crawl(maps.home(tmp_path), "town")
        assert maps.asked() == [(path, 304) for path in ("/1.xml", "/2.xml", "/3.xml", "/sitemap.xml")]
        assert figures(summary) == ("finished", 6, 0, 0)
        crawl(tmp_path, "town")
        assert maps.asked() == [("/sitemap.xml", 304)]


def test_a_rebuilt_archive_reads_every_list_once(tmp_path: Path) -> None:
    """A rebuild keeps the captures of lists, for conditional requests, but not the articles that each list showed."""
    with sitemaps(children=3, each=3) as maps:
        home = maps.home(tmp_path)
        crawl(home, "town")
        for path in home.glob("archive.db*"):
            path.unlink()
        maps.asked()
        (summary,) = crawl(home, "town")
        assert maps.asked() == [(path, 304) for path in ("/1.xml", "/2.xml", "/3.xml", "/sitemap.xml")]
        assert summary["articles_seen"] == 9
        crawl(home, "town")
        assert maps.asked() == [("/sitemap.xml", 304)]


@pytest.mark.slow
def test_an_unchanged_list_is_read_until_the_articles_it_leaves_out_are_judged(tmp_path: Path) -> None:
    """Delisted after two readings, the second of them a 304; from then on the list is left alone."""
    with sitemaps(children=2, each=5) as maps:
        home = maps.home(tmp_path)
        crawl(home, "town")
        maps.children[1].change([0, 1, 3, 4], "2024-04-14T08:00:00Z")
        maps.asked()
        answers = []
        for _ in range(3):
            crawl(home, "town")
            answers.append((maps.asked(), rows(home, "select count(*) from events where kind = 'delisted'")[0][0]))
    assert answers == [
        ([("/1.xml", 200), ("/sitemap.xml", 200)], 0),
        ([("/1.xml", 304), ("/sitemap.xml", 304)], 1),
        ([("/sitemap.xml", 304)], 1),
    ]


@pytest.mark.slow
def test_an_article_that_moves_to_an_unchanged_list_is_not_missing(tmp_path: Path) -> None:
    with sitemaps(children=2, each=5) as maps:
        home = maps.home(tmp_path)
        maps.children[2].numbers.insert(2, 2)  # both lists show it
        crawl(home, "town")
        maps.children[1].change([0, 1, 3, 4], "2024-04-14T08:00:00Z")
        for _ in range(3):
            crawl(home, "town")
    assert rows(home, "select kind, count(*) from events group by kind") == [("new", 10)]


@pytest.mark.slow
def test_a_limit_is_for_articles_and_ends_the_reading_of_lists(tmp_path: Path) -> None:
    """Nothing is judged of lists that are half read, and the next crawl goes on."""
    with sitemaps(children=30, each=10) as maps:
        home = maps.home(tmp_path)
        (summary,) = crawl(home, "town", limit=5)
        assert (figures(summary), summary["articles_seen"]) == (("limit", 5, 0, 0), None)
        read = len(maps.asked())
        assert HEAD_START <= read < 30
        (summary,) = crawl(home, "town")
        assert (figures(summary), summary["articles_seen"]) == (("finished", 295, 0, 0), 300)


@pytest.mark.slow
def test_a_budget_that_lists_spend_is_one_of_requests(tmp_path: Path) -> None:
    """The next crawl has the lists that this one read from their index, and so comes to the others."""
    with sitemaps(children=12, each=2) as maps:
        home = declare(tmp_path, town=said(maps.site.as_declared, budget_pages=9))
        found = [figures(crawl(home, "town")[0])[:2] for _ in range(6)]
    assert [reason for reason, _ in found][:2] == ["budget", "budget"]
    assert (found[-1], sum(new for _, new in found)) == (("finished", 0), 24)


def test_packed_sitemaps_are_read(tmp_path: Path) -> None:
    with sitemaps(children=3, each=5, packed=True) as maps:
        (summary,) = crawl(maps.home(tmp_path), "town")
        assert maps.asked() == [("/1.xml.gz", 200), ("/2.xml.gz", 200), ("/3.xml.gz", 200), ("/sitemap.xml", 200)]
    assert figures(summary) == ("finished", 15, 0, 0)


@pytest.mark.slow
@pytest.mark.skipif(not SOAK, reason="100,000 articles: make soak")
def test_of_100_000_articles_the_first_comes_early_and_later_only_the_changed_list_is_read(tmp_path: Path) -> None:
    """The newsroom's 100 children of 1,000: the first article within ten requests; then only the list that moved.

    Seen: request 8; the last of 101 list requests was 6,792 of 8,102.
    """
    with running(articles=100_000) as site:
        home = declare(tmp_path, town=said(site))
        crawl(home, "town", limit=8_000)
        paths = [str(line["path"]) for line in site.log()]
        first = next(number for number, path in enumerate(paths, start=1) if path.startswith("/article/"))
        lists = [number for number, path in enumerate(paths, start=1) if "sitemap" in path]
        print(f"first article: request {first}; last of {len(lists)} list requests: {lists[-1]} of {len(paths)}")
        assert (first <= 10, len(lists)) == (True, 101)
        assert rows(home, "select count(*) from frontier") == [(100_000,)]
        site.event(do="edit", article=55_555)
        crawl(home, "town", limit=10)
        asked = [str(line["path"]) for line in site.log()[len(paths) :] if "sitemap" in str(line["path"])]
    assert asked == ["/sitemap.xml", "/sitemap-56.xml"]
