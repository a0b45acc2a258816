"""When a crawl comes again: by what the pages say of themselves, and without reading lists where only that is asked."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.journeys import Thinker

from archive.files.clock import instant
from newsroom.process import Site, running
from schedules.cadence import LATEST, SOONEST

pytestmark = pytest.mark.slow

ARTICLES = 6


@pytest.fixture
def site() -> Iterator[Site]:
    clock = (datetime.now(UTC) - timedelta(days=200)).isoformat(timespec="seconds")
    with running(articles=ARTICLES, clock=clock) as site:
        site.event(do="lists", dated=False)
        yield site


@pytest.fixture
def thinker(tmp_path: Path, site: Site) -> Thinker:
    """A source of one's own at the newsroom, which leaves its articles to the cadence."""
    (tmp_path / "thinker.toml").write_text(
        f'[sources.town]\nhomepage = "{site.address}"\nfeeds = ["{site.address}/feed.xml"]\ndelay = 0\nexpect = 3\n'
        f'scope = ".*/article/.*"\nallow = ["{site.address[7:]}"]\n'
    )
    return Thinker(tmp_path, site)


def rows(thinker: Thinker, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(thinker.home / "archive.db")) as database, database:
        return database.execute(sql).fetchall()


DUE = """
    select f.published_at, f.last_fetched_at, f.due_at, a.date_published_utc
      from frontier f join addresses d using (source, urlkey) join articles a on a.id = d.article_id
     where f.url like '%/{}.html'
    """


def wait_for(age: timedelta) -> timedelta:
    return min(max(age / 24, SOONEST), LATEST)


def test_an_undated_list_leaves_the_age_to_the_page_and_an_edit_begins_it_anew(site: Site, thinker: Thinker) -> None:
    thinker.run("crawl", "town")
    for number in range(1, ARTICLES + 1):
        ((listed, fetched, due, published),) = rows(thinker, DUE.format(number))
        assert listed is None
        assert instant(published) < instant(fetched) - timedelta(days=199)
        assert abs(instant(due) - instant(fetched) - wait_for(instant(fetched) - instant(published))) <= timedelta(
            seconds=1
        )
    site.event(do="edit", article=2)
    for crawl in ("all", "all"):  # the second finds nothing new, and knows of the edit all the same
        thinker.run("crawl", "town", "--recheck", crawl)
        (_, fetched, due, _) = rows(thinker, DUE.format(2))[0]
        assert instant(due) - instant(fetched) == SOONEST


def test_a_missing_old_article_is_due_again_one_day_later(site: Site, thinker: Thinker) -> None:
    thinker.run("crawl", "town")
    site.event(do="remove", article=1)
    thinker.run("crawl", "town", "--recheck", "all")
    sql = """
        select a.state, a.last_missed_at, f.due_at
          from articles a join addresses d on d.article_id = a.id join frontier f using (source, urlkey)
         where f.url like '%/1.html'
        """
    ((state, missed, due),) = rows(thinker, sql)
    assert (state, instant(due) - instant(missed)) == ("soft_gone", timedelta(days=1))


def test_recheck_only_asks_known_due_articles_and_reads_no_list(site: Site, thinker: Thinker) -> None:
    thinker.run("crawl", "town")
    before = rows(thinker, "select * from lists, listed")
    rows(
        thinker, "update frontier set due_at = '2020-01-01T00:00:00Z' where url like '%/1.html' or url like '%/2.html'"
    )
    site.event(do="edit", article=2)
    site.event(do="publish", article=ARTICLES + 1)
    asked = len(site.log())
    planned = thinker.json("crawl", "town", "--recheck", "only", "--dry-run")
    assert planned == [
        {"url": f"{site.address}/article/{n}.html", "why": "due since 2020-01-01T00:00:00Z"} for n in (1, 2)
    ]
    summary = thinker.json("crawl", "town", "--recheck", "only")  # two articles are fewer than the source expects
    paths = [str(line["path"]) for line in site.log()[asked:] if not str(line["path"]).startswith("/-/")]
    assert sorted(set(paths)) == ["/article/1.html", "/article/2.html", "/robots.txt"]
    assert [summary[name] for name in ("finish_reason", "requests", "new_articles", "new_revisions", "articles_seen")] \
        == ["finished", 2, 0, 1, None]  # fmt: skip
    assert rows(thinker, "select * from lists, listed") == before
    assert thinker.json("crawl", "town")["new_articles"] == 1


def test_recheck_only_with_since_asks_the_articles_that_its_dry_run_plans(site: Site, thinker: Thinker) -> None:
    """The plan reads no list: the frontier holds the addresses that lists named last."""
    thinker.run("crawl", "town")
    rows(thinker, "update frontier set due_at = '2020-01-01T00:00:00Z'")
    rows(thinker, "update frontier set published_at = '2026-11-02T00:00:00Z' where url like '%/3.html'")
    rows(thinker, "update frontier set published_at = '2026-11-01T00:00:00Z' where url like '%/4.html'")
    only = ("crawl", "town", "--recheck", "only", "--since", "2026-11-02")
    planned = [plan["url"] for plan in thinker.json(*only, "--dry-run")]
    asked = len(site.log())
    thinker.run(*only)
    paths = [str(line["path"]) for line in site.log()[asked:] if str(line["path"]).startswith("/article/")]
    assert planned == [f"{site.address}{path}" for path in paths] == [f"{site.address}/article/3.html"]
