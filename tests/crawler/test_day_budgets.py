"""Budgets of a day: counted over sources, crawls and processes; the order of requests when they are short."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.journeys import Thinker
from support.towns import crawl, declare, figures, rows, said

from newsroom.process import Site, running

pytestmark = pytest.mark.slow

ARTICLES = 10
LISTS, AGAIN = 3, 2  # robots.txt and a sitemap of two files, of which one says the next time that it is unchanged


@pytest.fixture
def site() -> Iterator[Site]:
    with running(articles=ARTICLES, also=["localhost"]) as site:
        yield site


def place(site: Site) -> str:
    return site.address.removeprefix("http://")


def hosts(home: Path, **budgets: int) -> None:
    with (home / "thinker.toml").open("a") as settings:
        for host, requests in budgets.items():
            settings.write(f'[hosts."{host}"]\nrequests_per_day = {requests}\n')


def a_day_passes(home: Path) -> None:
    """Move every request so far more than a day into the past: a day has 1,440 minutes."""
    with closing(sqlite3.connect(home / "hosts.db")) as database, database:
        database.execute("update asked set minute = minute - 1442")


def numbers(site: Site, since: int = 0) -> list[int]:
    """The articles that were asked for, in order."""
    paths = [str(line["path"]) for line in site.log()[since:]]
    return [int(path.rpartition("/")[2].partition(".")[0]) for path in paths if "/article/" in path]


def told(summary: dict[str, object]) -> tuple[object, ...]:
    return summary["finish_reason"], summary["left"], summary["left_new"], summary["errors"]


@pytest.mark.parametrize("delay", [0, 0.01])
def test_a_day_of_a_source_ends_a_crawl_and_the_next_day_goes_on(site: Site, tmp_path: Path, delay: float) -> None:
    """robots.txt, lists and second tries count; nothing at all is asked once all is spent."""
    site.event(do="status", article=ARTICLES, code=500, times=1)
    home = declare(tmp_path, town=said(site, requests_per_day=8, delay=delay))
    (first,) = crawl(home, "town")
    assert told(first) == ("budget", ARTICLES - 4, ARTICLES - 4, 0)
    assert first["spent"] == f"the 8 requests a day of town are spent until {first['more_at']}"
    assert len(site.log()) == 8
    (second,) = crawl(home, "town")
    assert told(second) == ("budget", ARTICLES - 4, ARTICLES - 4, 0)
    assert (second["requests"], second["articles_seen"], len(site.log())) == (0, None, 8)
    a_day_passes(home)
    (third,) = crawl(home, "town")
    assert (len(site.log()), third["new_articles"]) == (16, 8 - AGAIN)
    assert {*numbers(site)} == {*range(1, ARTICLES + 1)}


def test_two_sources_share_the_day_of_their_host(site: Site, tmp_path: Path) -> None:
    other = site.at("localhost")
    home = declare(tmp_path, town=said(site, aliases=[place(other)]), village=said(other))
    hosts(home, **{f"www.{place(other)}": 12})
    both = crawl(home, "town", "village")
    assert len(site.log()) == 12
    assert {each["finish_reason"] for each in both} == {"budget"}
    assert all(str(each["spent"]).startswith("the 12 requests a day of ") for each in both)


def test_rechecks_leave_a_fifth_of_the_day_budget_for_lists_and_new_articles(site: Site, tmp_path: Path) -> None:
    home = declare(tmp_path, town=said(site, requests_per_day=20, recheck=0))
    assert figures(crawl(home, "town")[0]) == ("finished", ARTICLES, 0, 0)
    (second,) = crawl(home, "town")
    assert told(second) == ("budget", ARTICLES - 1, 0, 0)
    assert len(site.log()) == LISTS + ARTICLES + AGAIN + 1 == 20 - 20 // 5
    assert second["articles_asked"] == 1
    site.event(do="publish", article=ARTICLES + 1)
    (third,) = crawl(home, "town")
    assert (third["new_articles"], len(site.log())) == (1, 20)
    assert "are spent until" in str(third["spent"])


def test_a_short_budget_asks_articles_waiting_50_days_first_then_the_most_overdue(site: Site, tmp_path: Path) -> None:
    """Each was fetched an hour ago and is due: two that were edited for minutes, one that waits for 50 days first."""
    home = declare(tmp_path, town=said(site, requests_per_day=LISTS + 5, delay=0.01))
    crawl(home, "town")
    a_day_passes(home)
    crawl(home, "town")
    a_day_passes(home)
    with closing(sqlite3.connect(home / "archive.db")) as database, database:
        set_back = (
            "update frontier set last_fetched_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?), due_at = "
            "strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?) where url like ?"
        )
        database.executemany(
            set_back,
            [("-60 minutes", "-5 minutes", f"%/{number}.html") for number in range(1, ARTICLES + 1)]
            + [("-60 minutes", "-50 minutes", f"%/{number}.html") for number in (3, 7)]
            + [("-55 days", "-1 minutes", "%/5.html")],
        )
    before = len(site.log())
    dry = crawl(home, "town", dry_run=True)
    a_day_passes(home)
    (ended,) = crawl(home, "town")
    asked = numbers(site, before)
    assert asked == [5, 3, 7, *asked[3:]]
    assert [row["url"].rpartition("/")[2] for row in dry[0]] == [f"{number}.html" for number in asked]
    assert told(ended) == ("budget", ARTICLES - len(asked), 0, 0)


def test_a_missing_article_gets_its_witness_even_with_a_short_budget(site: Site, tmp_path: Path) -> None:
    crawl(declare(tmp_path, town=said(site)), "town")
    for number in range(1, ARTICLES, 2):
        site.event(do="remove", article=number)
    home = declare(tmp_path, town=said(site, requests_per_day=10, recheck=0))
    (second,) = crawl(home, "town", recheck="all")
    assert (second["finish_reason"], second["unjudged"]) == ("budget", 0)
    assert rows(home, "select count(*) > 0 from articles where first_missed_at is not null") == [(1,)]
    assert rows(home, "select count(*) from articles where unjudged_since is not null") == [(0,)]


def test_a_spent_host_of_two_lets_the_other_go_on(tmp_path: Path) -> None:
    with running(articles=ARTICLES) as first, running(articles=ARTICLES, seed=2) as second:
        both = [site.address for site in (first, second)]
        lists, names = [f"{address}/sitemap.xml" for address in both], [place(site) for site in (first, second)]
        scope = "http://127.0.0.1:[0-9]+/article/.*"
        home = declare(tmp_path, town=said(first, sitemaps=lists, hosts=names, allow=names, scope=scope))
        hosts(home, **{place(first): LISTS + 4})
        (ended,) = crawl(home, "town")
        assert told(ended) == ("budget", ARTICLES - 4, ARTICLES - 4, 0)
        assert (len(first.log()), len(second.log())) == (LISTS + 4, LISTS + ARTICLES)
        (again,) = crawl(home, "town")
        assert (again["finish_reason"], len(first.log())) == ("budget", LISTS + 4)  # not even its robots.txt
        assert again["articles_seen"] is None  # nobody knows what its lists show
        assert rows(home, "select count(*) from frontier where lease_token is not null") == [(0,)]


def test_the_backlog_of_a_spent_host_keeps_no_known_article_of_another_waiting(tmp_path: Path) -> None:
    with running(articles=ARTICLES) as first, running(articles=ARTICLES, seed=2) as second:
        names = [place(site) for site in (first, second)]
        lists, scope = [f"{site.address}/sitemap.xml" for site in (first, second)], "http://127.0.0.1:[0-9]+/article/.*"
        town = said(first, sitemaps=lists, hosts=names, allow=names, scope=scope, recheck=0)
        crawl(declare(tmp_path, town=town), "town")
        never = (
            "insert into frontier (source, urlkey, url, kind, due_at, place) values ('town', ?1, ?1, 'article', '', 1)"
        )
        with closing(sqlite3.connect(tmp_path / "archive.db")) as database, database:
            database.executemany(never, [(f"{first.address}/article/{number}.html",) for number in range(1000, 6200)])
        before = len(second.log())
        hosts(tmp_path, **{names[0]: 5})
        (ended,) = crawl(tmp_path, "town")
        assert (ended["finish_reason"], ended["left"] - ended["left_new"]) == ("budget", ARTICLES)
        assert sorted(numbers(second, before)) == [*range(1, ARTICLES + 1)]


def test_an_article_redirected_to_a_spent_host_is_asked_once_per_crawl(tmp_path: Path) -> None:
    """More of them than are under way at once: what went first is due again while the others are still asked."""
    many = 100
    with running(articles=many) as first, running(articles=many) as second:
        names = [place(site) for site in (first, second)]
        scope = "http://127.0.0.1:[0-9]+/article/.*"
        for number in range(1, many + 1):
            first.event(do="redirect", article=number, to=f"{second.address}/article/{number}.html")
        home = declare(tmp_path, town=said(first, hosts=names, allow=names, scope=scope, recheck=0))
        crawl(home, "town")
        with closing(sqlite3.connect(home / "hosts.db")) as database, database:
            database.execute("delete from asked")
        before = len(first.log())
        hosts(home, **{names[1]: 5})
        (ended,) = crawl(home, "town", limit=3 * many)
        assert ended["finish_reason"] == "budget"
        assert sorted(numbers(first, before)) == [*range(1, many + 1)]
        assert ended["left"] == many - ended["articles_answered"]


def test_a_crawl_that_has_little_time_ends_itself_before_its_delay_would_take_longer(
    site: Site, tmp_path: Path
) -> None:
    home = declare(tmp_path, town=said(site, delay=1))
    (ended,) = crawl(home, "town", time_limit=10)
    assert ended["finish_reason"] == "budget"
    assert ended["spent"] == "the 10 seconds of a crawl are over"
    assert 0 < ended["new_articles"] < 7
    assert (ended["left"], ended["more_at"]) == (ARTICLES - ended["new_articles"], None)
    (again,) = crawl(home, "town")
    assert figures(again) == ("finished", ended["left"], 0, 0)


def test_lists_are_read_where_the_time_holds_few_requests(site: Site, tmp_path: Path) -> None:
    """robots.txt, and two lists three and six seconds later: only a known article leaves time for a witness."""
    (ended,) = crawl(declare(tmp_path, town=said(site, delay=3)), "town", time_limit=10)
    assert (ended["finish_reason"], ended["by_kind"]) == ("budget", {"list": 2, "robots": 1})
    assert (ended["left"], ended["left_new"]) == (ARTICLES, ARTICLES)


def test_a_budget_too_short_for_rechecks_within_60_days_is_reported_with_the_needed_one(tmp_path: Path) -> None:
    with running(articles=130) as site:
        crawl(declare(tmp_path, town=said(site)), "town")
        declare(tmp_path, town=said(site, requests_per_day=3, recheck=0))
        out, err = Thinker(tmp_path, site).start("crawl", "town", "--recheck", "only").communicate(timeout=120)
    assert "0 new articles" in out
    assert (
        "town: 130 known articles cannot all be re-checked within 60 days: budgets and delays allow 3 requests "
        "a day, 5 are needed"
    ) in err
    assert (
        "left for a later crawl: 129 known articles: the 3 requests a day of town, but for those kept for new "
        "articles, are spent until 20"
    ) in err


def test_doctor_says_that_a_spent_day_ends(site: Site, tmp_path: Path) -> None:
    """A larger budget helps where that of a crawl is spent; that of a day comes back by itself."""
    home = declare(tmp_path, town=said(site, requests_per_day=2, delay=0))
    crawl(home, "town")
    process = Thinker(home, site).start("doctor", "town")
    out, _ = process.communicate(timeout=120)
    faults = [line for line in out.splitlines() if line.startswith("✗")]
    assert process.returncode == 3
    assert faults
    assert all(
        line.endswith("Z → ask again later") and "the 2 requests a day of town are spent" in line for line in faults
    )
