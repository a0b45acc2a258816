"""A month of calm days has no alarm, and each health rule reports its planted failure within two slots.

Scheduler, crawls, archive and rules are the real ones; only the time of day is not. A new rule is a new row.
"""

import fcntl
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from support.days import FIRST, Days, days, until
from support.journeys import SOAK
from support.towns import declare, said

from archive import open_archive, read_archive
from archive.files.home import Home
from archive.settings.settings import Settings
from archive.watches.book import add, open_book
from archive.watches.definition import made
from crawler.sources import all_sources
from newsroom.process import Site, running
from schedules.health.rules import check

pytestmark = [pytest.mark.slow, pytest.mark.soak, pytest.mark.faketime]

ARTICLES = 12
OPENING = "2026-11-25T08:00:00+08:00"  # the clock of the site at the beginning: its articles are older
DAY = timedelta(days=1)
EVERY = timedelta(hours=6) if SOAK else DAY


def declared(home: Path, site: Site, every: timedelta, expect: int = ARTICLES - 2, **more: object) -> Path:
    """A source with the cadence of every other; its delay is 0, and two probes a day apart confirm a removal."""
    town = said(
        site, feeds=[f"{site.address}/feed.xml"], timezone="UTC", schedule=f"every {every // timedelta(hours=1)} hours",
        expect=expect, removal_probes=2, removal_spacing=0, **more,
    )  # fmt: skip
    declare(home, town=town)
    with Home(home).settings_file.open("r+", encoding="utf-8") as settings:
        text = settings.read()
        settings.seek(0)
        settings.write(f"free_space_floor = 1\n{text}")
    return home


def publish(days: Days) -> dict[str, object]:
    """A new article, dated as the day is."""
    return {"do": "publish", "date_published": (days.slot - timedelta(hours=1)).isoformat()}


# What happens on a calm day, by its number; at weekends nothing does. A fault strikes the next so many requests.
CALM: dict[int, list[dict[str, object]]] = {
    1: [{"do": "edit", "article": 3}, {"do": "status", "article": 5, "code": 500, "times": 1}],
    4: [{"do": "remove", "article": 2}],
    5: [{"do": "redirect", "article": 4, "to": "/article/5.html", "times": 1}],
    6: [{"do": "status", "code": 503, "retry_after": "1", "times": 2}],  # the whole site, for a moment
    7: [{"do": "cosmetic", "article": 6}, {"do": "status", "article": 7, "code": 404, "times": 1}],
    8: [{"do": "restore", "article": 2}],
    11: [{"do": "reset", "article": 8, "times": 1}],
    12: [{"do": "edit", "article": 12, "property": "headline"}],
    13: [{"do": "hang", "path": "/feed.xml", "seconds": 3, "times": 1}],
    14: [{"do": "delist", "article": 1}],
    15: [{"do": "status", "path": "/sitemap.xml", "code": 500, "times": 1}],
    18: [{"do": "remove", "article": 9, "how": "410"}],
    19: [{"do": "robots", "text": "User-agent: *\nCrawl-delay: 0.2\nDisallow: /search\n"}],
    22: [{"do": "status", "article": 10, "code": 500, "times": 2}, {"do": "edit", "article": 11}],
    25: [{"do": "status", "path": "/robots.txt", "code": 404}],
    27: [{"do": "edit", "article": 13}],
}
DAYS = 30 if SOAK else 10


def test_a_month_of_calm_days_has_no_alarm(tmp_path: Path) -> None:
    with running(articles=ARTICLES, clock=OPENING) as site:
        home = declared(tmp_path / "home", site, EVERY)
        with days(home, site, tmp_path, every=EVERY) as month:
            month.begin()
            alarms = []
            for day in range(DAYS):
                if (FIRST + day * DAY).weekday() < 5:
                    site.event(**publish(month))
                for event in CALM.get(day, ()):
                    site.event(**event)
                for _ in range(DAY // EVERY):
                    month.serve()
                    alarms += [(day, month.red)] if month.red else []
            assert alarms == []
            kinds = {event["kind"] for event in month.thinker.json("changes")}
    assert {"new", "edited", "removed", "restored"} <= kinds


@dataclass(frozen=True)
class Failure:
    """A planted failure, the remedy that the alarm names, and the number of slots (`every` apart) until the alarm.

    later: how long after the last of them, where a rule gives a slot some minutes.
    """

    plant: Callable[[Days], None]
    remedy: str
    slots: int = 2
    every: timedelta = DAY
    later: timedelta = timedelta()


def sql(days: Days, statement: str) -> None:
    with closing(sqlite3.connect(Home(days.home).database, timeout=60)) as db, db:
        db.execute(statement)


def cut_a_capture(days: Days) -> None:
    newest = max(Home(days.home).captures.glob("town-2*.warc.gz"))
    os.truncate(newest, newest.stat().st_size - 100)


def alter_a_row(days: Days) -> None:
    """Change the database behind the archive's back, and run the proof that a machine runs every night."""
    sql(days, "update articles set headline = headline || '。' where id = 1")
    days.command("verify", "--deep")


def hold_the_lock(days: Days) -> None:
    """Hold the source's lock, as a crawl that never ends does: the crawl of each slot finds it in use."""
    lock = (Home(days.home).locks / "town.lock").open("r+")
    fcntl.flock(lock, fcntl.LOCK_EX)
    days.held.append(lock)


def close_the_site(days: Days) -> None:
    days.site.event(do="outage", on=True)


def ask_for_patience(days: Days) -> None:
    days.site.event(do="status", path="/robots.txt", code=429, retry_after="86400")


def remove_articles(days: Days) -> None:
    for article in range(1, ARTICLES):
        days.site.event(do="remove", article=article)


def redesign(days: Days) -> None:
    days.site.event(do="redesign")


def refuse_a_row(days: Days) -> None:
    """Refuse the new state of article 5, whose edit then fails in every crawl."""
    refused = "begin select raise(abort, 'planted'); end"
    sql(days, f"create trigger planted before insert on states when new.article_id = 5 {refused}")
    for article in range(1, ARTICLES + 1):
        days.site.event(do="edit", article=article)


def starve(days: Days) -> None:
    """Set a budget that the two lists and robots.txt use up."""
    change(days, "removal_probes = 2", "removal_probes = 2\nbudget_pages = 2")


def publish_what_never_answers(days: Days) -> None:
    """Publish an article that never answers, and enter eleven failures: the next crawl meets the twelfth."""
    days.site.event(**publish(days))
    days.site.event(do="reset", article=ARTICLES + 1)
    days.serve()
    due = "attempts = 11, due_at = '2026-01-01T00:00:00Z'"
    sql(days, f"update frontier set {due} where url like '%/{ARTICLES + 1}.html'")


def lose_an_index_row(days: Days) -> None:
    sql(days, "delete from article_words where rowid = (select search_id from articles limit 1)")


def raise_the_floor(days: Days) -> None:
    change(days, "free_space_floor = 1", "free_space_floor = 1000000000")


def break_a_list(days: Days) -> None:
    """Break one of two lists; among all requests of a crawl its errors are few."""
    days.site.event(do="status", path="/feed.xml", code=500)


def move_away(days: Days) -> None:
    """Redirect articles to the same path on another port, a host that nobody declared."""
    for article in (3, 4, 5):
        days.site.event(do="redirect", article=article, to=f"http://127.0.0.1:9/article/{article}.html")


def name_each_visit(days: Days) -> None:
    """Name each known article at new addresses, as a list with session ids does."""
    visits = "(select 1 as visit union all select 2 union all select 3 union all select 4)"
    sql(days, f"""
        insert into frontier (source, urlkey, url, kind, due_at)
        select source, urlkey || '?visit=' || visit, url || '?visit=' || visit, kind, '2026-01-01T00:00:00Z'
          from frontier, {visits} where kind = 'article'
        """)  # fmt: skip


def watch_in_vain(days: Days) -> None:
    """Add a watch whose address refused a message."""
    with closing(read_archive(days.home)) as archive, open_book(archive.home) as book:
        add(book, archive, made("dead", {"to": "http://127.0.0.1:9/"}), FIRST)
        book.execute("update watches set failing_since = '2026-11-25T12:00:00Z', trouble = 'HTTP 410'")
        at = "2026-11-25T12:00:00Z"
        row = ("0" * 64, "dead", at, at, "HTTP 410")
        book.execute(
            "insert into messages (id, watch, pace, made_at, due_at, refused) values (?, ?, 'now', ?, ?, ?)", row
        )


def kill_the_scheduler(days: Days) -> None:
    days.end()


def lose_the_server(days: Days) -> None:
    """Let workers send the requests, by a server that does not run."""
    file = Home(days.home).settings_file
    file.write_text(f'{file.read_text("utf-8")}\n[cluster]\nurl = "redis://127.0.0.1:9/0"\n', encoding="utf-8")


def change(days: Days, before: str, after: str) -> None:
    """Replace a text in thinker.toml."""
    file = Home(days.home).settings_file
    file.write_text(file.read_text("utf-8").replace(before, after), encoding="utf-8")


DOCTOR = "run `thinker doctor town` to see what to change"
PLANTED = {
    "stores": Failure(cut_a_capture, "restore the file, or accept the loss with `thinker rebuild --accept-loss`"),
    "proof": Failure(alter_a_row, "run `thinker rebuild`, then verify again"),
    "schedule": Failure(
        hold_the_lock, "`thinker status` shows the last lines of its crawls", later=timedelta(minutes=6)
    ),
    "crawls": Failure(close_the_site, "run `thinker crawl town` to see why"),
    "answers": Failure(ask_for_patience, "set a longer `delay`", slots=3),  # two after the first without an answer
    "expectations": Failure(remove_articles, DOCTOR),
    "lists": Failure(break_a_list, "run `thinker doctor town` to check each list"),
    "hosts": Failure(move_away, "hosts = ["),
    "addresses": Failure(name_each_visit, 'write `drop_parameters = ["visit"]` under `[sources.town]`'),
    "layout": Failure(redesign, "run `thinker doctor town` to see what can be read"),
    "quarantine": Failure(refuse_a_row, "wait for a newer version of thinker: upgrade"),
    "frontier": Failure(starve, "give crawls more time, shorten `delay`", every=2 * DAY),
    "dead letters": Failure(publish_what_never_answers, "run `thinker crawl town --recheck all` to try again"),
    "watch": Failure(watch_in_vain, "correct it, then run `thinker watch resume dead`"),
    "search": Failure(lose_an_index_row, "run `thinker reindex`"),
    "disk": Failure(raise_the_floor, "crawls are stopped: free some space"),
    "cluster": Failure(lose_the_server, "start it, or correct `url`", slots=0, later=timedelta(minutes=1)),
    "scheduler": Failure(kill_the_scheduler, "start `thinker run` or", slots=0, later=timedelta(minutes=3)),
}


# Failures that do not disturb each other share their days, one step after another; in full size each has its own.
TOGETHER: list[list[tuple[str, ...]]] = [
    [("dead letters", "lists", "hosts"), ("addresses",), ("scheduler",)],
    [("layout", "proof", "search", "watch"), ("crawls",), ("disk",)],
    [("quarantine",), ("expectations",), ("stores",), ("cluster",)],
    [("answers",), ("schedule",)],
    [("frontier",)],
]
TRIALS = [[(rule,)] for rule in PLANTED] if SOAK else TOGETHER


def test_every_rule_has_its_failure(tmp_path: Path) -> None:
    with closing(open_archive(tmp_path)) as archive:
        rules = check(archive.conn, archive.home, Settings(), all_sources(Settings()).values(), FIRST)
    assert {rule.name for rule in rules} | {"cluster", "scheduler"} == {*PLANTED, "presence"}  # which is never red
    assert sorted(rule for steps in TOGETHER for step in steps for rule in step) == sorted(PLANTED)


@pytest.mark.parametrize("steps", TRIALS, ids=lambda steps: "-".join(rule for (rule, *_) in steps))
def test_a_planted_failure_turns_its_rule_red_in_time_and_names_the_remedy(
    tmp_path: Path, steps: list[tuple[str, ...]]
) -> None:
    every = PLANTED[steps[0][0]].every
    with running(articles=ARTICLES, clock=OPENING) as site:
        home = declared(tmp_path / "home", site, every)
        with days(home, site, tmp_path, every=every) as found:
            found.begin()
            found.serve()
            assert found.red == {}
            for rules in steps:
                turn_red(found, {rule: PLANTED[rule] for rule in rules})


def turn_red(found: Days, failures: dict[str, Failure]) -> None:
    """Plant these failures at once; each of their rules, still well, turns red in time and names the remedy."""
    assert failures.keys() & found.red.keys() == set()
    for failure in failures.values():
        failure.plant(found)
    for _ in range(max(failure.slots for failure in failures.values())):
        if failures.keys() - found.red.keys():
            found.serve()
    if failures.keys() - found.red.keys():
        found.clock.step(int(max(failure.later for failure in failures.values()).total_seconds()))
        until(lambda: failures.keys() <= found.red.keys(), lambda: str(found.red))
    assert {rule: found.red[rule] for rule in failures if failures[rule].remedy not in found.red[rule]} == {}
