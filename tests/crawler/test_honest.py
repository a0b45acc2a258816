"""A crawl reports itself truly: real processes against real sites, their exit codes, figures and lines."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.fixed_pages import Pages, serving, town
from support.journeys import Thinker

from newsroom.process import running


@pytest.fixture
def pages() -> Iterator[Pages]:
    with serving() as site:
        yield site


def listed(*numbers: int) -> str:
    return "".join(f"<a href='/article/{n}'>第{n}篇文章的题目</a>" for n in numbers)


def crawled(thinker: Thinker, *options: str) -> tuple[int, Any, str]:
    """Exit code, summary and stderr of a crawl of the town."""
    process = thinker.start("crawl", "town", "--json", *options)
    out, err = process.communicate(timeout=300)
    return process.returncode, json.loads(out) if out else None, err


def red(thinker: Thinker) -> dict[str, str]:
    out, _ = thinker.start("status", "--json").communicate(timeout=300)
    return {rule["name"]: rule["detail"] for rule in json.loads(out)["rules"] if not rule["ok"]}


def rows(thinker: Thinker, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(thinker.home / "archive.db")) as database, database:
        return database.execute(query).fetchall()


def test_a_crawl_that_finds_too_few_articles_says_so(tmp_path: Path, pages: Pages) -> None:
    pages.put("/list", listed(1))
    pages.put_articles(1)
    thinker = town(tmp_path / "home", pages, lists="/list", more="expect = 2\n")
    doctor = "`thinker doctor town` says what to change"
    line = f"thinker: 1 article of town seen, at least 2 expected: {doctor}"
    for form in ((), ("--json",)):
        process = thinker.start("crawl", "town", "--recheck", "all", *form)
        _, err = process.communicate(timeout=120)
        assert (process.returncode, err.splitlines()[-1:]) == (3, [line])


@pytest.mark.slow
def test_an_expectation_counts_articles_that_are_there(tmp_path: Path, pages: Pages) -> None:
    """Eight that are listed and answer 404; then they answer; then they are listed and not due; then two are gone."""
    pages.put("/list", listed(*range(8)))
    thinker = town(tmp_path / "home", pages, lists="/list", more="expect = 8\n")
    code, summary, _ = crawled(thinker)
    assert (code, summary["captures"], summary["articles_seen"]) == (3, 10, 0)  # robots.txt, the list and eight pages
    assert red(thinker)["expectations"].startswith("town: 0 articles seen in the crawl of ")
    pages.put_articles(*range(8))
    code, summary, _ = crawled(thinker, "--recheck", "all")
    assert (code, summary["new_articles"], summary["articles_seen"]) == (0, 8, 8)
    code, summary, _ = crawled(thinker)
    assert (code, summary["captures"], summary["articles_seen"]) == (0, 2, 8)
    assert red(thinker) == {}
    thinker.run("rebuild")
    assert rows(thinker, "select articles_seen from crawls order by id") == [(0,), (8,), (8,)]
    del pages.pages["/article/3"], pages.pages["/article/4"]
    code, summary, _ = crawled(thinker, "--recheck", "all")
    assert (code, summary["articles_seen"]) == (3, 6)
    code, summary, _ = crawled(thinker, "--since", "2026-01-01")
    assert (code, summary["articles_seen"]) == (0, None)
    assert red(thinker)["expectations"].startswith("town: 6 articles seen in the crawl of ")


@pytest.mark.slow
def test_an_address_that_never_answers_is_given_up_reported_and_asked_on_recheck_all(
    tmp_path: Path, pages: Pages
) -> None:
    """Eleven failures lie behind it; the twelfth is met here, and the list goes on naming it."""
    pages.put("/list", listed(1, 2))
    pages.put_articles(1)
    pages.put("/article/2", "busy", status=500)
    thinker = town(tmp_path / "home", pages, lists="/list")
    crawled(thinker)
    rows(thinker, "update frontier set attempts = 11, due_at = '2026-01-01T00:00:00Z' where url like '%/2'")
    assert crawled(thinker)[0] == 3
    asked = pages.asked.count("/article/2")
    assert crawled(thinker)[0] == 0
    assert pages.asked.count("/article/2") == asked
    status, url = json.loads(thinker.run("status", "--json", code=3)), f"{pages.address}/article/2"
    assert status["dead_letters"] == [{"source": "town", "url": url, "attempts": 12, "status": 500}]
    assert red(thinker)["dead letters"].startswith(f"town: 1 addresses never answered and are no longer tried: {url}: ")
    pages.put_articles(2)
    assert crawled(thinker, "--recheck", "all")[1]["new_articles"] == 1
    assert red(thinker) == {}


RSS, MAP = "<rss><channel>{}</channel></rss>", '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>'
SEEDS = [
    ("feeds", "/feed", None, "/feed: HTTP 404"),
    ("feeds", "/feed", "", "/feed: the answer is empty"),
    ("feeds", "/feed", "<!DOCTYPE html><html><p>busy</p></html>", "/feed: expected XML, got an HTML page"),
    ("feeds", "/feed", "<html><p>busy</p></html>", "/feed: expected a feed (rss, RDF or feed), got <html>"),
    ("feeds", "/feed", RSS.format(""), "/feed: names no article, and 1 are expected of town"),
    ("sitemaps", "/map", None, "/map: HTTP 404"),
    ("sitemaps", "/map", " \n", "/map: the answer is empty"),
    ("sitemaps", "/map", "<html></html>", "/map: expected a sitemap (urlset or sitemapindex), got <html>"),
    ("sitemaps", "/map", MAP, "/map: names no article, and 1 are expected of town"),
    ("lists", "/list.json", "<html>busy</html>", "/list.json: expected a list in JSON, got something else"),
    ("lists", "/list.json", "{}", "/list.json: names no article, and 1 are expected of town"),
    ("lists", "/list.json", "", "/list.json: the answer is empty"),
    ("lists", "/list", None, "/list: HTTP 404"),
    ("lists", "/list", "", "/list: the answer is empty"),
    ("lists", "/list", "<p>nothing here</p>", "/list: names no article, and 1 are expected of town"),
]


def test_each_unusable_seed_is_an_error_and_a_warning_names_it(tmp_path: Path, pages: Pages) -> None:
    """All of them at once, beside a list that is well, each under a folder of its own."""
    pages.put("/list", listed(1))
    pages.put_articles(1)
    seeds: dict[str, list[str]] = {"feeds": [], "sitemaps": [], "lists": [f"{pages.address}/list"]}
    for number, (kind, path, body, _) in enumerate(SEEDS):
        seeds[kind].append(f"{pages.address}/{number}{path}")
        if body is not None:
            pages.put(f"/{number}{path}", body)
    more = "".join(f"{kind} = {json.dumps(urls)}\n" for kind, urls in seeds.items())
    thinker = town(tmp_path / "home", pages, more=f"expect = 1\n{more}")
    code, summary, err = crawled(thinker)
    assert (code, summary["errors"], summary["new_articles"]) == (3, len(SEEDS), 1)
    told = [line.partition("WARNING: ")[2] for line in err.splitlines() if "WARNING" in line]
    assert sorted(told) == sorted(f"{pages.address}/{n}{line}" for n, (*_, line) in enumerate(SEEDS))
    told = red(thinker)["crawls"]
    assert told.startswith(f"town: {len(SEEDS)} errors in {summary['requests']} requests in the crawl of")


def test_a_source_without_seeds_is_refused(tmp_path: Path, pages: Pages) -> None:
    thinker = town(tmp_path / "home", pages)
    remedy = "add feeds, sitemaps, lists, json_lists or posts to [sources.town] in thinker.toml"
    assert thinker.run("crawl", "town", code=2) == f"thinker: source 'town' has no seeds: {remedy}\n"
    assert not (tmp_path / "home" / "ledger").exists()


def test_a_proxy_that_is_not_used_is_named(tmp_path: Path, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    pages.put("/list", listed(1))
    pages.put_articles(1)
    thinker = town(tmp_path / "home", pages, lists="/list")
    monkeypatch.setenv("http_proxy", "http://user:secret@127.0.0.1:9")
    code, _, err = crawled(thinker)
    assert (code, err.count("http_proxy is not used"), "secret" in err) == (0, 1, False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    code, _, err = crawled(thinker)
    assert (code, "proxy" in err) == (0, False)


@pytest.mark.slow
def test_several_sources_are_one_array_and_each_crawl_is_a_line_in_the_log(tmp_path: Path, pages: Pages) -> None:
    with running(articles=3) as site:
        pages.put("/list", listed(1, 404))
        pages.put_articles(1)
        pages.put("/feed", "<html>思想者\x1b[31m\u202e</html>")
        thinker = Thinker(town(tmp_path / "home", pages, lists="/list", feeds="/feed").home, site)
        process = thinker.start("crawl", "newsroom", "town", "--json", "--log-json")
        out, err = process.communicate(timeout=300)
        summaries = json.loads(out)
        assert (process.returncode, [each["source"] for each in summaries]) == (3, ["newsroom", "town"])
        lines = [json.loads(line) for line in err.splitlines()]
        told = [(line["event"], line["level"], line.get("source")) for line in lines]
        assert told == [
            ("crawl_started", "info", "newsroom"),
            ("crawl_ended", "info", "newsroom"),
            ("crawl_started", "info", "town"),
            ("log", "warning", None),
            ("crawl_ended", "info", "town"),
        ]
        assert lines[3]["message"] == f"{pages.address}/feed: expected a feed (rss, RDF or feed), got <html>"
        assert {name: lines[4][name] for name in summaries[1]} == summaries[1]
        _, err = thinker.start("crawl", "newsroom").communicate(timeout=300)
        assert [line.partition(" INFO: ")[2].partition(" after")[0] for line in err.splitlines()] == [
            "crawl of newsroom ended (finished)"
        ]


@pytest.mark.slow
@pytest.mark.parametrize("closed", ["2>&-", "<&- 2>&-"])
def test_a_crawl_works_with_closed_standard_error(tmp_path: Path, pages: Pages, closed: str) -> None:
    pages.put("/list", listed(1))
    pages.put_articles(1)
    thinker = town(tmp_path / "home", pages, lists="/list")
    process = thinker.start("crawl", "town", "--json", under=("sh", "-c", f'exec "$@" {closed}', "sh"))
    out, _ = process.communicate(timeout=300)
    assert (process.returncode, json.loads(out)["new_articles"]) == (0, 1)
    assert json.loads(thinker.run("verify", "--deep", "--json"))["ok"]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=str)
def test_a_signal_ends_every_crawl_within_ten_seconds(tmp_path: Path, pages: Pages, number: int) -> None:
    """The first of two sources hangs; the second is never begun, and no process is left."""
    with running(articles=3) as site:
        pages.put("/list", listed(1))
        site.event(do="hang", article=2)
        thinker = Thinker(town(tmp_path / "home", pages, lists="/list").home, site)
        before = signal.signal(number, signal.SIG_DFL)  # a shell's background job, and nohup, let a child ignore it
        process = thinker.start("crawl", "newsroom", "town", "--json")
        signal.signal(number, before)
        while not any(line["path"] == "/article/2.html" for line in site.log()):
            assert process.poll() is None
            time.sleep(0.1)
        time.sleep(0.5)
        began = time.monotonic()
        os.kill(process.pid, number)
        out, _ = process.communicate(timeout=30)
        assert time.monotonic() - began < 10
        assert process.returncode == 7
        assert [(each["source"], each["finish_reason"]) for each in json.loads(out)] == [("newsroom", "stopped")]
        assert pages.asked == []
        left = subprocess.run(["pgrep", "-f", str(tmp_path / "home")], capture_output=True, text=True, check=False)
        assert left.stdout == ""
