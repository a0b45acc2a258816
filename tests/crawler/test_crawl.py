"""Whole crawls: a real newsroom on loopback, a process for each crawl, and what the archive then holds."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from support.checkout import ROOT
from support.crawls import ARTICLES, crawl, figures, rows, start
from support.small_disks import mounted

from newsroom.process import Site, running


@pytest.fixture
def site() -> Iterator[Site]:
    with running(articles=ARTICLES) as site:
        yield site


def requests_of(site: Site, pattern: str = r"/article/\d+\.html") -> list[dict[str, Any]]:
    return [line for line in site.log() if re.fullmatch(pattern, str(line["path"]))]


@pytest.mark.slow
def test_a_crawl_finds_every_article_and_the_next_one_asks_for_changes_only(site: Site, tmp_path: Path) -> None:
    first = crawl(site, tmp_path)
    assert figures(first, "finish_reason", "new_articles", "new_revisions", "errors") == ["finished", ARTICLES, 0, 0]
    assert len(requests_of(site)) == ARTICLES
    assert rows(tmp_path, "select count(*), sum(etag is not null) from frontier") == [(ARTICLES, ARTICLES)]
    site.event(do="edit", article=12)
    second = crawl(site, tmp_path)
    assert figures(second, "finish_reason", "new_articles", "new_revisions", "errors") == ["finished", 0, 1, 0]
    statuses = [line["status"] for line in requests_of(site)[ARTICLES:]]
    assert sorted(statuses) == [200] + [304] * (ARTICLES - 1)
    assert rows(tmp_path, "select count(*) from frontier where lease_token is not null") == [(0,)]


def test_robots_txt_is_asked_once_and_obeyed_by_all_that_wait_for_it(site: Site, tmp_path: Path) -> None:
    """Scrapy 2.14 to 2.19 let through what waits for robots.txt; here thirty articles wait at once."""
    site.event(do="robots", text="User-agent: *\nDisallow: /article/\n")
    summary = crawl(site, tmp_path)
    assert figures(summary, "finish_reason", "new_articles", "errors") == ["robots", 0, 0]
    assert requests_of(site) == []
    assert len(requests_of(site, "/robots.txt")) == 1


def test_seeds_that_robots_txt_refuses_end_the_crawl(site: Site, tmp_path: Path) -> None:
    site.event(do="robots", text="User-agent: *\nDisallow: /\n")
    assert crawl(site, tmp_path)["finish_reason"] == "robots"
    assert {line["path"] for line in site.log() if not str(line["path"]).startswith("/-/")} == {"/robots.txt"}


@pytest.mark.slow
def test_an_outage_is_no_news(site: Site, tmp_path: Path) -> None:
    crawl(site, tmp_path)
    site.event(do="outage", on=True)
    assert crawl(site, tmp_path)["finish_reason"] == "outage"
    assert rows(tmp_path, "select distinct state from articles") == [("live",)]
    site.event(do="outage", on=False)
    summary = crawl(site, tmp_path)
    assert figures(summary, "finish_reason", "new_articles", "new_revisions", "errors") == ["finished", 0, 0, 0]


@pytest.mark.slow
@pytest.mark.parametrize(("how", "state"), [("410", "removed"), ("front", "redirected")])
def test_two_crawls_confirm_a_removal(site: Site, tmp_path: Path, how: str, state: str) -> None:
    crawl(site, tmp_path)
    site.event(do="remove", article=5, how=how)
    assert figures(crawl(site, tmp_path), "finish_reason", "errors") == ["finished", 0]
    assert figures(crawl(site, tmp_path), "finish_reason", "errors") == ["finished", 0]
    gone = rows(tmp_path, "select url, state from articles where state <> 'live'")
    assert gone == [(f"{site.address}/article/5.html", state)]
    assert rows(tmp_path, "select kind, count(*) from events where kind <> 'new' group by 1") == [(state, 1)]


def everything_at(site: Site, code: int, articles: range) -> None:
    for article in articles:
        site.event(do="status", article=article, code=code)


@pytest.mark.slow
def test_a_small_site_that_is_ill_loses_nothing(site: Site, tmp_path: Path) -> None:
    """Every article answers 404, twice, while the lists are well: three are asked as witnesses, and fail too."""
    crawl(site, tmp_path)
    everything_at(site, 404, range(1, ARTICLES + 1))
    for _ in range(2):
        summary = crawl(site, tmp_path)
        assert figures(summary, "finish_reason", "errors", "unjudged") == ["finished", 0, ARTICLES]
    assert rows(tmp_path, "select state, count(*) from articles group by 1") == [("live", ARTICLES)]
    assert rows(tmp_path, "select distinct counted from probes") == [("no_witness",)]


@pytest.mark.slow
def test_missing_articles_are_not_judged_while_the_sitemap_fails(site: Site, tmp_path: Path) -> None:
    crawl(site, tmp_path)
    everything_at(site, 404, range(1, ARTICLES // 2))
    site.event(do="status", path="/sitemap.xml", code=404)
    for _ in range(2):
        assert figures(crawl(site, tmp_path), "finish_reason", "unjudged") == ["finished", ARTICLES // 2 - 1]
    assert rows(tmp_path, "select state, count(*) from articles group by 1") == [("live", ARTICLES)]
    assert rows(tmp_path, "select distinct counted from probes") == [("seeds_failed",)]


def test_a_known_article_is_asked_as_a_witness_before_anything_else(site: Site, tmp_path: Path) -> None:
    """Only the one that is missing is due again; the one that is asked for its sake was not."""
    host = site.address.removeprefix("http://")
    (tmp_path / "thinker.toml").write_text(
        f'[sources.town]\nsitemaps = ["{site.address}/sitemap.xml"]\nscope = "http://{host}/article/.*"\n'
        f'allow = ["{host}"]\ndelay = 0\nremoval_probes = 1\n'
    )
    assert crawl(site, tmp_path, source="town")["new_articles"] == ARTICLES
    with closing(sqlite3.connect(tmp_path / "archive.db")) as database, database:
        database.execute("update frontier set due_at = '2020-01-01T00:00:00Z' where url like '%/5.html'")
    site.event(do="status", article=5, code=404)
    before = len(requests_of(site))
    assert figures(crawl(site, tmp_path, source="town"), "unjudged", "errors") == [0, 0]
    asked = [(line["path"], line["status"]) for line in requests_of(site)[before:]]
    assert [status for _, status in asked] == [404, 304]
    assert asked[0][0] == "/article/5.html"
    assert rows(tmp_path, "select url from articles where state = 'removed'") == [(f"{site.address}/article/5.html",)]
    assert rows(tmp_path, "select count(*) from frontier where lease_token is not null") == [(0,)]


@pytest.mark.slow
def test_a_loop_of_redirects_confirms_nothing(site: Site, tmp_path: Path) -> None:
    """However often it is met: the article is unreachable, and live again when its page is."""
    crawl(site, tmp_path)
    site.event(do="loop", article=3)
    for _ in range(3):
        crawl(site, tmp_path, recheck="all")
    state = "select state, misses from articles where url like '%/3.html'"
    assert rows(tmp_path, state) == [("unreachable", 0)]
    site.event(do="clear", article=3)
    crawl(site, tmp_path, recheck="all")
    assert rows(tmp_path, state) == [("live", 0)]
    assert rows(tmp_path, "select kind, count(*) from events where kind <> 'new' group by 1") == []


@pytest.mark.slow
def test_two_crawls_delist_an_article_missing_in_lists_and_relisting_restores_it(site: Site, tmp_path: Path) -> None:
    crawl(site, tmp_path)
    site.event(do="delist", article=5)
    for state in ("live", "delisted", "delisted"):
        crawl(site, tmp_path)
        assert rows(tmp_path, "select state from articles where url like '%/5.html'") == [(state,)]
    site.event(do="restore", article=5)
    crawl(site, tmp_path)
    kinds = [kind for (kind,) in rows(tmp_path, "select kind from events where kind <> 'new' order by id")]
    assert kinds == ["delisted", "restored"]
    assert rows(tmp_path, "select distinct state from articles") == [("live",)]


def test_a_crawl_can_be_limited(site: Site, tmp_path: Path) -> None:
    summary = crawl(site, tmp_path, limit=7)
    assert figures(summary, "finish_reason", "new_articles") == ["limit", 7]
    assert len(requests_of(site)) == 7
    assert crawl(site, tmp_path, recheck="none")["new_articles"] == ARTICLES - 7
    assert len(requests_of(site)) == ARTICLES


@pytest.mark.slow
def test_a_dry_run_reads_the_seeds_and_writes_nothing(site: Site, tmp_path: Path) -> None:
    plan = crawl(site, tmp_path / "none", dry_run=True)
    assert sorted(item["why"] for item in plan) == ["new"] * ARTICLES
    assert not (tmp_path / "none").exists()
    crawl(site, tmp_path / "some", limit=7)
    before = rows(tmp_path / "some", "select count(*) from captures")
    plan = crawl(site, tmp_path / "some", dry_run=True)
    assert sorted(item["why"][:9] for item in plan) == ["due since"] * 7 + ["new"] * (ARTICLES - 7)
    assert rows(tmp_path / "some", "select count(*) from captures") == before
    assert len(requests_of(site)) == 7


@pytest.mark.slow
def test_retry_after_in_seconds_is_honoured(site: Site, tmp_path: Path) -> None:
    site.event(do="status", article=3, code=429, retry_after=3)
    crawl(site, tmp_path)
    asked = [line["at"]["monotonic"] for line in requests_of(site, "/article/3.html")]
    assert len(asked) == 3  # the first and two tries
    assert all(later - earlier >= 2.9 for earlier, later in pairwise(asked))


@pytest.mark.slow
def test_retry_after_as_a_date_is_honoured(site: Site, tmp_path: Path) -> None:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=8)
    site.event(do="status", article=3, code=503, retry_after=format_datetime(until, usegmt=True))
    crawl(site, tmp_path)
    asked = [datetime.fromisoformat(line["at"]["wall"]) for line in requests_of(site, "/article/3.html")]
    assert len(asked) == 3
    assert all(at >= until for at in asked[1:])


@pytest.mark.slow
def test_crawl_delay_is_honoured(site: Site, tmp_path: Path) -> None:
    site.event(do="robots", text="User-agent: thinker-archive\nCrawl-delay: 1\nDisallow: /admin\n")
    crawl(site, tmp_path, limit=3)
    asked = [line["at"]["monotonic"] for line in requests_of(site, r"/(feed|sitemap|article).*")]
    assert len(asked) == 6
    assert all(later - earlier >= 0.9 for earlier, later in pairwise(asked))


def test_a_redirect_is_kept_and_followed_only_inside_the_source(site: Site, tmp_path: Path) -> None:
    with running(articles=3, seed=2) as elsewhere:
        site.event(do="redirect", article=4, to=f"{elsewhere.address}/article/1.html")
        site.event(do="redirect", article=5, to="/article/6.html")
        crawl(site, tmp_path)
        assert elsewhere.log() == [] or all(str(line["path"]).startswith("/-/") for line in elsewhere.log())
    redirects = rows(tmp_path, "select url from captures where status between 300 and 303 order by url")
    assert [str(url).rpartition("/")[2] for (url,) in redirects] == ["4.html", "5.html"]


def test_a_name_that_leads_to_a_private_address_is_refused(site: Site, tmp_path: Path) -> None:
    name = socket.gethostname()
    port = site.address.rpartition(":")[2]
    feed = f"http://{name}:{port}/feed.xml"
    settings = f'contact = "archive@example.org"\n[sources.town]\nfeeds = ["{feed}"]\ndelay = 0\n'
    (tmp_path / "thinker.toml").write_text(settings)
    process = start(site, tmp_path, source="town")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert json.loads(out)["finish_reason"] == "outage"
    assert re.search(rf"refused: {re.escape(name)} is [\d.]+ \((loopback|private|carrier NAT|link-local)\)", err)


def test_hostile_answers_end_neither_the_crawl_nor_the_others(site: Site, tmp_path: Path) -> None:
    site.event(do="reset", article=1)
    site.event(do="truncate", article=2)
    site.event(do="loop", article=3)
    site.event(do="status", article=4, code=500)
    summary = crawl(site, tmp_path)
    assert figures(summary, "finish_reason", "new_articles") == ["finished", ARTICLES - 4]
    assert summary["errors"] >= 3


@pytest.mark.slow
def test_sigterm_stops_a_crawl_within_seconds_and_keeps_the_fetched_articles(site: Site, tmp_path: Path) -> None:
    for article in range(20, 26):
        site.event(do="hang", article=article)
    process = start(site, tmp_path)
    while len(requests_of(site)) < ARTICLES - 6:
        assert process.poll() is None
        time.sleep(0.1)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=10)
    summary = json.loads(out)
    assert process.returncode == 0, err
    assert summary["finish_reason"] == "stopped"
    assert rows(tmp_path, "select count(*) from articles") == [(summary["new_articles"],)]
    assert rows(tmp_path, "select count(*) from frontier where lease_token is not null") == [(0,)]


def test_a_killed_crawl_is_taken_up_again(site: Site, tmp_path: Path) -> None:
    process = start(site, tmp_path)
    while len(requests_of(site)) < 5:
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.communicate()
    summary = crawl(site, tmp_path)
    assert figures(summary, "finish_reason", "errors") == ["finished", 0]
    assert rows(tmp_path, "select count(*), count(distinct url) from articles") == [(ARTICLES, ARTICLES)]
    assert rows(tmp_path, "select count(*) from revisions") == [(ARTICLES,)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for some of the articles only."""
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=1600k", "tmpfs") as folder:
        yield folder


@pytest.mark.root
@pytest.mark.slow
def test_a_full_disk_ends_the_crawl_and_loses_nothing(site: Site, small_disk: Path) -> None:
    (small_disk / "thinker.toml").write_text("free_space_floor = 0\n")
    assert crawl(site, small_disk)["finish_reason"] == "disk_full"
    assert crawl(site, small_disk)["finish_reason"] == "disk_full"
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    assert figures(crawl(site, small_disk), "finish_reason", "errors") == ["finished", 0]
    assert rows(small_disk, "select count(*), sum(revisions) from articles") == [(ARTICLES, ARTICLES)]


def test_the_floor_of_free_space_ends_the_crawl(site: Site, tmp_path: Path) -> None:
    (tmp_path / "thinker.toml").write_text("free_space_floor = 1000000000\n")
    assert figures(crawl(site, tmp_path), "finish_reason", "new_articles") == ["disk_full", 0]
    assert requests_of(site) == []


@pytest.mark.slow
def test_a_second_crawl_of_one_source_is_refused(site: Site, tmp_path: Path) -> None:
    site.event(do="hang", article=1)
    first = start(site, tmp_path)
    while not requests_of(site, "/robots.txt"):
        time.sleep(0.05)
    second = start(site, tmp_path)
    _, err = second.communicate(timeout=30)
    assert second.returncode != 0
    assert "Locked" in err
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=10)


@pytest.mark.slow
def test_scrapys_own_commands_work(site: Site, tmp_path: Path) -> None:
    environment = {**os.environ, "THINKER_NEWSROOM": site.address, "THINKER_HOME": str(tmp_path / "home")}
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run([*scrapy, "list"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert listed.stdout == "articles\n"
    command = [*scrapy, "crawl", "articles", "-a", "source=newsroom"]
    crawled = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90)
    assert crawled.returncode == 0, crawled.stderr
    assert rows(tmp_path / "home", "select finish_reason, new_articles from crawls") == [("finished", ARTICLES)]
    assert rows(tmp_path / "home", "select name, ok from health where name = 'crawls'") == [("crawls", 1)]


@pytest.mark.slow
def test_scrapys_own_crawl_can_be_limited(site: Site, tmp_path: Path) -> None:
    environment = {**os.environ, "THINKER_NEWSROOM": site.address, "THINKER_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", "source=newsroom", "-a"]
    crawled = subprocess.run(
        [*command, "limit=4"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90
    )
    assert crawled.returncode == 0, crawled.stderr
    assert rows(tmp_path, "select finish_reason, new_articles from crawls") == [("limit", 4)]
    newest = sorted(site.truths(), key=lambda article: str(article["date_published"]), reverse=True)[:4]
    assert {line["path"] for line in requests_of(site)} == {f"/article/{article['id']}.html" for article in newest}
    refused = subprocess.run(
        [*command, "limit=x"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90
    )
    assert "limit=x: give the maximum number of articles, as in -a limit=10" in refused.stderr
