"""`crawl --dry-run` says what would be fetched, and where that is nothing, why: each at a site of the test."""

import json
import re
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.fixed_pages import Pages, serving, town
from support.journeys import Thinker

from newsroom.process import running

pytestmark = pytest.mark.slow

NOT_LET_IN = (
    "no list of town has an article that its `scope`, `hosts` and `columns` allow: "
    "`thinker doctor town` shows their links"
)
DOCTOR = "`thinker doctor town` says what to change"
FAILED = f"thinker: lists of town that failed: 1 of 1 (see above): {DOCTOR}"


@pytest.fixture
def pages() -> Iterator[Pages]:
    with serving() as site:
        yield site


def listed(*numbers: int, under: str = "article") -> str:
    return "".join(f"<a href='/{under}/{n}'>第{n}篇文章的题目</a>" for n in numbers)


@dataclass
class Said:
    """The output of a dry run; lines: those of stderr, warnings without their date and name."""

    code: int
    urls: list[str]
    lines: list[str]


def dry_run(thinker: Thinker, *options: str) -> Said:
    """A dry run as text and as JSON, which say the same; but how long a host is to be left alone."""
    found = []
    for form in ((), ("--json",)):
        out, err = (process := thinker.start("crawl", "town", "--dry-run", *form, *options)).communicate(timeout=120)
        lines = [re.sub(r"^[\d :-]+\[.+\] WARNING: ", "", line) for line in err.splitlines()]
        lines = [re.sub(r"/(?:list|robots.txt)(: the host asked us to wait) 3\d{3} s", r"\1", line) for line in lines]
        urls = [row["url"] for row in json.loads(out)] if form else [line.split()[0] for line in out.splitlines()]
        found.append(Said(process.returncode, urls, [line for line in lines if "would fetch" not in line]))
    assert found[0] == found[1]
    return found[0]


def robots_txt(text: str, status: int = 200) -> Callable[[Pages], str]:
    def put(pages: Pages) -> str:
        pages.put("/robots.txt", text, status=status)
        pages.put("/list", listed(1))
        return ""

    return put


def answered(body: str, status: int = 200, more: str = "", **headers: str) -> Callable[[Pages], str]:
    def put(pages: Pages) -> str:
        pages.put("/list", body, status=status, **headers)
        return more.replace("ADDRESS", pages.address)

    return put


# The site's answers, the exit code, and the lines of stderr; SITE is its address.
EMPTY = [
    (answered("gone", 404), 3, ["SITE/list: HTTP 404", FAILED]),
    (answered(""), 3, ["SITE/list: the answer is empty", FAILED]),
    (answered("<p>no link</p>"), 3, [f"thinker: {NOT_LET_IN}"]),
    (answered(listed(1, 2, under="text")), 3, [f"thinker: {NOT_LET_IN}"]),
    (
        answered(listed(1), more='[crawler]\nnever = ["ADDRESS/list"]\n'), 4,
        ["SITE/list: refused: `never` in thinker.toml names SITE/list",
         "thinker: lists of town that our own rules refuse: 1 of 1 (see above): check `never` and "
         "`allow` in thinker.toml"],
    ),
    (
        robots_txt("User-agent: *\nDisallow: /"), 4,
        ["SITE/list: refused by robots.txt",
         "thinker: lists of town that robots.txt refuses: 1 of 1: remove them, or turn the source off"],
    ),
    (
        robots_txt("busy", status=500), 3,
        ["SITE/list: robots.txt answers 500", FAILED],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("site", "code", "lines"), EMPTY, ids=range(len(EMPTY)))
def test_a_source_that_gets_nothing_says_why(
    tmp_path: Path, pages: Pages, site: Callable[[Pages], str], code: int, lines: list[str]
) -> None:
    more = site(pages)
    told = [line.replace("SITE", pages.address) for line in lines]
    assert dry_run(town(tmp_path / "home", pages, more=more, lists="/list")) == Said(code, [], told)
    assert not (tmp_path / "home" / "archive.db").exists()


def test_a_dry_run_fails_if_no_list_row_is_in_a_wanted_column(tmp_path: Path, pages: Pages) -> None:
    rows = [{"url": f"{pages.address}/article/{n}", "title": "题目", "part": "要闻"} for n in range(3)]
    pages.put("/list.json", json.dumps(rows))
    more = 'columns = ["思想者"]\nrows = { url = "url", title = "title", section = "part" }\n'
    thinker = town(tmp_path / "home", pages, more=more, lists="/list.json")
    assert dry_run(thinker) == Said(3, [], [f"thinker: {NOT_LET_IN}"])


def test_a_host_that_asks_for_patience_is_no_failure(tmp_path: Path, pages: Pages) -> None:
    pages.put("/list", "", status=503, Retry_After="3600")
    told = [
        f"{pages.address}: the host asked us to wait; left for a later crawl",
        "thinker: lists of town that wait, because their host asked us to: 1 of 1: a later crawl fetches them",
    ]
    assert dry_run(town(tmp_path / "home", pages, lists="/list")) == Said(0, [], told)


def test_without_any_answer_the_network_is_named_once(tmp_path: Path, pages: Pages) -> None:
    thinker = town(tmp_path / "home", pages, more='feeds = ["http://127.0.0.1:9/feed"]\n')
    file = thinker.home / "thinker.toml"
    file.write_text(file.read_text().replace("allow = [", 'allow = ["127.0.0.1:9", '))
    cause = "robots.txt could not be fetched: 127.0.0.1:9 refuses the connection"
    told = f"nothing answered (the only address asked): http://127.0.0.1:9/feed: {cause}"
    remedy = "is this machine online? `thinker doctor town` checks each list"
    assert dry_run(thinker) == Said(3, [], [f"{told}: {remedy}"])


def test_one_list_of_two_fails_and_the_other_is_planned(tmp_path: Path, pages: Pages) -> None:
    pages.put("/list", listed(1, 2))
    urls = [f"{pages.address}/article/{n}" for n in (1, 2)]
    lines = [f"{pages.address}/feed: HTTP 404", f"thinker: lists of town that failed: 1 of 2 (see above): {DOCTOR}"]
    assert dry_run(town(tmp_path / "home", pages, lists="/list", feeds="/feed")) == Said(3, urls, lines)


def due(thinker: Thinker, moments: dict[str, str]) -> None:
    with closing(sqlite3.connect(thinker.home / "archive.db")) as database, database:
        for path, moment in moments.items():
            database.execute("update frontier set due_at = ? where url like ?", (moment, f"%{path}"))


def test_a_dry_run_shows_the_next_due_time_if_known_articles_are_not_due(tmp_path: Path, pages: Pages) -> None:
    pages.put("/list", listed(1, 2, 3))
    pages.put_articles(1, 2, 3)
    thinker = town(tmp_path / "home", pages, lists="/list")
    only = ["thinker: no article of town is known yet, and --recheck only reads no lists: run `thinker crawl town`"]
    assert dry_run(thinker, "--recheck", "only") == Said(0, [], only)
    thinker.run("crawl", "town")
    due(thinker, {"/1": "2099-01-02T00:00:00Z", "/2": "2099-01-01T00:00:00Z", "/3": "2099-01-03T00:00:00Z"})
    told = ["thinker: 3 articles are known and not due: the next one of town is at 2099-01-01T00:00:00Z"]
    assert dry_run(thinker) == dry_run(thinker, "--recheck", "only") == Said(0, [], told)
    left = ["thinker: 3 articles are left out by --recheck none"]
    assert dry_run(thinker, "--recheck", "none") == Said(0, [], left)
    older = ["thinker: 3 articles are known and not changed since 2026-01-01T00:00:00Z"]
    assert dry_run(thinker, "--since", "2026-01-01") == Said(0, [], older)
    urls = [f"{pages.address}/article/{n}" for n in (2, 1, 3)]
    assert dry_run(thinker, "--recheck", "all").urls == urls
    due(thinker, {"/2": "2020-01-01T00:00:00Z"})
    assert dry_run(thinker) == Said(0, urls[:1], [])


def test_a_dry_run_counts_given_up_articles_and_names_a_failed_list(tmp_path: Path, pages: Pages) -> None:
    pages.put("/list", listed(1))
    pages.put("/article/1", "busy", status=500)
    thinker = town(tmp_path / "home", pages, lists="/list")
    thinker.run("crawl", "town", code=3)
    with closing(sqlite3.connect(thinker.home / "archive.db")) as database, database:
        database.execute("update frontier set given_up = 'failed', due_at = '9999-12-31T23:59:59Z'")
    del pages.pages["/list"]
    told = [
        f"{pages.address}/list: HTTP 404",
        FAILED,
        "thinker: 1 article is given up: `thinker crawl town --recheck all` tries again",
    ]
    assert dry_run(thinker) == Said(3, [], told)


def test_a_dry_run_leaves_out_articles_refused_by_robots_txt_or_our_own_rules(tmp_path: Path, pages: Pages) -> None:
    pages.put("/robots.txt", "User-agent: *\nDisallow: /article/2")
    pages.put("/list", listed(1, 2, 3))
    pages.put_articles(1)
    more = f'[crawler]\nnever = ["{pages.address}/article/3"]\n'
    thinker = town(tmp_path / "home", pages, more=more, lists="/list")
    left_out = [
        "thinker: 1 article is refused by robots.txt: narrow the `scope` of town, or turn it off",
        "thinker: 1 article is refused by our own rules: check `never` and `allow` in thinker.toml",
    ]
    assert dry_run(thinker) == Said(0, [f"{pages.address}/article/1"], left_out)
    assert thinker.json("crawl", "town")["new_articles"] == 1
    pages.put("/list", listed(2))
    thinker = town(tmp_path / "other", pages, lists="/list")
    assert dry_run(thinker) == Said(4, [], left_out[:1])
    assert thinker.json("crawl", "town", code=4)["finish_reason"] == "robots"


def test_a_budget_that_is_spent_on_lists_leaves_the_others_out(tmp_path: Path, pages: Pages) -> None:
    pages.put("/feed", "<rss><channel></channel></rss>")
    pages.put("/list", listed(1))
    thinker = town(tmp_path / "home", pages, lists="/list", feeds="/feed", more="budget_pages = 1\n")
    told = ["thinker: lists of town that the budget left out: 1 of 2: the next crawl continues"]
    assert dry_run(thinker) == Said(0, [], told)


def test_of_several_sources_the_worst_end_counts(tmp_path: Path, pages: Pages) -> None:
    with running(articles=3) as site:
        thinker = Thinker(town(tmp_path / "home", pages, lists="/list").home, site)
        process = thinker.start("crawl", "newsroom", "town", "--dry-run", "--json")
        out, err = process.communicate(timeout=120)
    assert (process.returncode, len(json.loads(out))) == (3, 3)
    assert err.splitlines()[-1] == FAILED


def test_an_interrupted_dry_run_says_that_it_was_stopped(tmp_path: Path) -> None:
    with running(articles=3) as site:
        site.event(do="hang", path="/sitemap.xml")
        process = Thinker(tmp_path, site).start("crawl", "newsroom", "--dry-run")
        while not any(line["path"] == "/sitemap.xml" for line in site.log()):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err.splitlines()[-1]) == (7, "thinker: stopped before every list was read")
    assert (" WARNING: " in err, "Traceback" in err) == (False, False)


def test_a_dry_run_reads_no_list_that_a_crawl_would_leave_alone(tmp_path: Path) -> None:
    """At 120 seconds a request, a hundred sitemaps that are as they were would take three hours."""
    with running(articles=30) as site:
        keys = f'{{ url = "{site.address}/magazine/", lists = "/magazine/\\\\d+-\\\\d+.html$", newest = 1 }}'
        (tmp_path / "thinker.toml").write_text(
            f'[sources.town]\nhomepage = "{site.address}"\nlists = [{keys}]\nscope = "{site.address}/article/.+"\n'
            f'sitemaps = ["{site.address}/sitemap.xml"]\ndelay = 0\nallow = ["{site.address[7:]}"]\nrecheck = 86400\n',
            encoding="utf-8",
        )
        thinker = Thinker(tmp_path, site)

        def asked(*options: str) -> list[str]:
            before = len(site.log())
            process = thinker.start("crawl", "town", *options)
            process.communicate(timeout=120)
            assert process.returncode == 0
            return [str(line["path"]) for line in site.log()[before:] if "/article/" not in str(line["path"])]

        first, planned, second = asked(), asked("--dry-run"), asked()
    assert len(first) > len(planned)
    assert sorted(planned) == sorted(second)
