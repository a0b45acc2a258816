"""A source that gets nothing is red after three slots, for whichever reason its crawls end; a quiet source is not."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.empty_database import open_database
from support.journeys import Thinker, asked
from support.raw_site import article, raw_site, reply
from support.tables import every_row

from archive.files.clock import stamp
from archive.files.home import Home
from archive.settings.settings import Settings
from newsroom.process import Site, running
from schedules.health.rules import HealthRule, check
from schedules.slots.book import Book

FIRST = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WELL = HealthRule("answers", True, "the article pages of every source answer", "各来源的文章均可访问")


@dataclass(frozen=True)
class Watching:
    name: str = "newsroom"
    timezone: str = "UTC"
    schedule: str | None = "every 1 hour"
    expect: int = 0


@dataclass(frozen=True)
class Crawled:
    """The end of a crawl, and the numbers of known articles that its lists showed, that it asked, and that answered."""

    reason: str = "finished"
    seen: int | None = 0
    asked: int | None = 0
    answered: int | None = 0
    by_hand: bool = False


GOT = Crawled(seen=9, asked=2, answered=2)
NOTHING_DUE = Crawled(seen=9)
NOTHING = Crawled()
WAITING, ROBOTS = Crawled("waiting"), Crawled("robots", seen=9, asked=9)


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    with closing(open_database()) as conn:
        conn.execute("insert into sources (name) values ('newsroom')")
        yield conn


def verdict(
    conn: sqlite3.Connection, crawls: Sequence[Crawled], home: Home, source: Watching = Watching()
) -> HealthRule:
    """The verdict of the rule after these crawls, one an hour."""
    for number, each in enumerate(crawls):
        at = stamp(FIRST + number * HOUR)
        conn.execute(
            """
            insert into crawls (key, source, due_at, started_at, finished_at, finish_reason, articles_seen,
                                articles_asked, articles_answered)
            values (?1, 'newsroom', ?2, ?1, ?1, ?3, ?4, ?5, ?6)
            """,
            (at, None if each.by_hand else at, each.reason, each.seen, each.asked, each.answered),
        )
    now = FIRST + len(crawls) * HOUR
    return next(
        rule for rule in check(conn, home, Settings(free_space_floor=0), [source], now) if rule.name == "answers"
    )


@every_row(
    ("crawls", "ok"),
    [
        ([NOTHING] * 2, True),
        ([NOTHING] * 3, False),
        ([GOT, NOTHING, NOTHING], True),
        ([GOT] + [NOTHING] * 3, False),
        ([NOTHING] * 3 + [GOT], True),
        ([WAITING] * 3, False),
        ([Crawled("outage", 0, 9)] * 3, False),
        ([Crawled("stopped", None)] * 3, False),  # cut before a list was read
        ([Crawled("killed", None, None)] * 3, False),
        ([Crawled("budget", None)] * 3, False),
        ([WAITING, Crawled("stopped", None), NOTHING], False),  # whatever the reasons
        ([GOT, WAITING, GOT, WAITING, GOT, WAITING], True),
        # A quiet weekend: lists name known articles, which are not due, or one of them is dead.
        ([GOT] + [NOTHING_DUE] * 60, True),
        ([GOT] + [Crawled(seen=9, asked=1)] * 9, True),
        ([GOT] + [Crawled(seen=9, asked=3)] * 3, False),  # lists answer and articles do not
        ([GOT] + [Crawled(seen=1, asked=1)] * 3, False),  # the only one there is
        ([GOT, NOTHING, NOTHING_DUE, NOTHING_DUE], True),  # an outage that is over
        ([GOT, NOTHING, NOTHING_DUE, NOTHING, NOTHING_DUE, NOTHING], False),
        # Lists that spend all requests of a crawl: they answer, and new articles on them are never asked.
        ([GOT] + [Crawled("budget", seen=9)] * 3, False),
        ([GOT] + [Crawled("limit", seen=9, asked=1)] * 3, False),
        ([GOT] + [Crawled("waiting", seen=9, asked=1)] * 3, False),
        ([GOT] + [Crawled("stalled", seen=9)] * 3, False),
        ([GOT] + [Crawled("stopped", seen=9)] * 3, True),  # lists were read to their end
        # What robots.txt refuses is not asked again for days.
        ([GOT, ROBOTS, NOTHING_DUE, NOTHING_DUE], False),
        ([GOT, ROBOTS, GOT, NOTHING_DUE, NOTHING_DUE], True),
        # Only a part was looked for.
        ([GOT] + [Crawled(seen=None)] * 3, True),
        ([GOT] + [Crawled(seen=None, asked=3)] * 3, False),
        ([Crawled(answered=None)] * 3, True),  # an earlier version counted no answers
        ([Crawled(by_hand=True)] * 3, True),  # none of them was a slot's
        ([NOTHING] * 3 + [Crawled(seen=9, asked=2, answered=2, by_hand=True)], True),
    ],
)
def test_three_slots_without_an_answer_are_a_fault(
    conn: sqlite3.Connection, tmp_path: Path, crawls: list[Crawled], ok: bool
) -> None:
    conn.execute("delete from crawls")
    rule = verdict(conn, crawls, Home(tmp_path))
    assert rule.ok is ok
    assert (rule == WELL) is ok


# Of crawls at the full hours of 2026-11-25, from 01:00 on.
AT = "2026-11-25T{:02}:00:00Z".format
DID, ZH_DID = f" (the last answer was in the crawl of {AT(1)})", f"（上一次打开是在 {AT(1)} 的采集）"
TOLD = [
    (
        [GOT, *[WAITING] * 4],
        f"in 4 slots, from {AT(2)} to {AT(5)}{DID}: the site asks to wait: set a longer `delay` in "
        "thinker.toml, or ask the publisher",
        f"{AT(2)} 至 {AT(5)} 的 4 个时段没有文章能打开{ZH_DID}：网站要求稍后再来。请在 thinker.toml 中加大 `delay`，"
        "或与发布者联系",
    ),
    (
        [*[NOTHING] * 2, Crawled("memusage_exceeded", None)],
        f"in 3 slots, from {AT(1)} to {AT(3)}: the crawl ended as memusage_exceeded: run `thinker crawl newsroom` "
        "to see why",
        f"{AT(1)} 至 {AT(3)} 的 3 个时段没有文章能打开：采集以 memusage_exceeded 结束。运行 `thinker crawl newsroom` "
        "可查看原因",
    ),
    (
        [GOT, ROBOTS, *[NOTHING_DUE] * 2],  # the reason is that of the last crawl that asked
        f"in 3 slots, from {AT(2)} to {AT(4)}{DID}: robots.txt forbids it: ask the publisher, or run `thinker "
        "schedule pause newsroom`",
        f"{AT(2)} 至 {AT(4)} 的 3 个时段没有文章能打开{ZH_DID}：网站的 robots.txt 不允许。请与发布者联系，或运行 "
        "`thinker schedule pause newsroom`",
    ),
]


@every_row(("crawls", "en", "zh"), TOLD)
def test_the_answers_rule_states_the_duration_and_the_remedy(
    conn: sqlite3.Connection, tmp_path: Path, crawls: list[Crawled], en: str, zh: str
) -> None:
    conn.execute("delete from crawls")
    found = verdict(conn, crawls, Home(tmp_path))
    assert found == HealthRule("answers", False, f"newsroom: no article page answered {en}", f"newsroom：{zh}")


def test_without_a_schedule_crawls_count(conn: sqlite3.Connection, tmp_path: Path) -> None:
    found = verdict(conn, [Crawled(by_hand=True)] * 3, Home(tmp_path), Watching(schedule=None))
    assert found == HealthRule(
        "answers",
        False,
        f"newsroom: no article page answered in 3 crawls, from {AT(1)} to {AT(3)}: run `thinker doctor newsroom` "
        "to see what its lists name and its pages contain",
        f"newsroom：{AT(1)} 至 {AT(3)} 的 3 次采集没有文章能打开：运行 `thinker doctor newsroom` "
        "可查看列表和页面的内容",
    )


def test_the_answers_rule_skips_a_paused_source(conn: sqlite3.Connection, tmp_path: Path) -> None:
    Book(Home(tmp_path).schedule_database).pause(["newsroom"], FIRST)
    assert verdict(conn, [NOTHING] * 3, Home(tmp_path)) == WELL


def test_ten_years_of_slots_are_looked_at_by_an_index(conn: sqlite3.Connection, tmp_path: Path) -> None:
    """A healthy source costs one look, a silent one what its silence is long."""
    verdict(conn, [GOT, *[NOTHING] * 3], Home(tmp_path))
    for sql in (
        "select id from crawls where source = ? and articles_answered > 0 order by started_at desc, id desc",
        "select id from crawls where source = ? and (started_at, id) > ('', 0) and finished_at is not null"
        " and articles_answered = 0 order by started_at desc, id desc",
    ):
        (plan,) = conn.execute(f"explain query plan {sql}", ("newsroom",)).fetchall()
        assert plan[3].startswith("SEARCH crawls USING ")
        assert "(source=?" in plan[3]


@dataclass
class Slots:
    """A home whose source is crawled in one process a slot, as a scheduler would."""

    thinker: Thinker
    source: str = "newsroom"
    number: int = 0

    def crawl(self, count: Callable[[], int] | None = None) -> dict[str, Any]:
        """The summary of the next slot's crawl. count: that of the requests; the first one more ends it by SIGTERM."""
        before = count() if count else 0
        self.number += 1
        os.environ["THINKER_DUE_AT"] = stamp(FIRST + self.number * HOUR)
        try:
            process = self.thinker.start("crawl", self.source, "--json")
        finally:
            del os.environ["THINKER_DUE_AT"]
        if count:
            while count() == before:
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=120)
        assert out, err
        summary: dict[str, Any] = json.loads(out)
        return summary

    def rule(self) -> HealthRule:
        _, out, err = asked(self.thinker.home, "status", "--json")
        assert out, err
        return next(HealthRule(**each) for each in json.loads(out)["rules"] if each["name"] == "answers")


def slots(home: Path, site: Site) -> Slots:
    thinker = Thinker(home, site)
    thinker.run("init")
    Home(home).settings_file.write_text('[sources.newsroom]\nschedule = "every 1 hour"\n', encoding="utf-8")
    return Slots(thinker)


OUTAGE = {"do": "outage", "on": True}
UNREACHABLE = {"do": "status", "path": "/robots.txt", "code": 500}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("faults", "reason", "remedy"),
    [
        (
            [{"do": "status", "path": "/robots.txt", "code": 429, "retry_after": 3600}],
            "waiting",
            "the site asks to wait: set a longer `delay`",
        ),
        (
            [{"do": "robots", "text": "User-agent: *\nDisallow: /\n"}],
            "robots",
            "robots.txt forbids it: ask the publisher",
        ),
        ([UNREACHABLE, UNREACHABLE, OUTAGE], "outage", "nothing answers: check that this machine is online"),
    ],
    ids=["waiting", "robots", "outage"],
)
def test_a_source_that_gets_nothing_is_red_after_three_slots(
    tmp_path: Path, faults: list[dict[str, object]], reason: str, remedy: str
) -> None:
    """Faults: that of each slot, or one that lasts."""
    with running(articles=4) as site:
        desk = slots(tmp_path, site)
        assert desk.crawl()["articles_answered"] == 4
        oks = []
        for slot in range(3):
            for fault in faults[slot : slot + 1]:
                site.event(**fault)
            summary = desk.crawl()
            assert (summary["finish_reason"], summary["articles_answered"]) == (reason, 0)
            oks.append(desk.rule().ok)
        assert oks == [True, True, False]
        detail = desk.rule().detail
        assert (
            "newsroom: no article page answered in 3 slots, from 2026-11-25T03:00:00Z to 2026-11-25T05:00:00Z "
            in detail
        )
        assert remedy in detail


@pytest.mark.slow
def test_a_crawl_that_is_cut_before_anything_answers_is_no_good_end(tmp_path: Path) -> None:
    with running(articles=4) as site:
        desk = slots(tmp_path, site)
        site.event(do="hang", path="/robots.txt")
        found = [(desk.crawl(lambda: len(site.log()))["finish_reason"], desk.rule().ok) for _ in range(3)]
    assert found == [("stopped", True), ("stopped", True), ("stopped", False)]
    assert "the crawl was stopped early, by a signal or by the limit of six hours" in desk.rule().detail


@pytest.mark.slow
def test_lists_that_answer_do_not_cover_up_that_articles_do_not(tmp_path: Path) -> None:
    """robots.txt allows lists, which go on naming known articles, and forbids articles."""
    with running(articles=4) as site:
        desk = slots(tmp_path, site)
        desk.crawl()
        site.event(do="robots", text="User-agent: *\nDisallow: /article/\n")
        found = [(desk.crawl(), desk.rule().ok) for _ in range(3)]
    assert [(each["finish_reason"], each["articles_asked"], ok) for each, ok in found] == [
        ("robots", 4, True),
        ("robots", 4, True),
        ("robots", 4, False),
    ]


@pytest.mark.slow
def test_lists_that_answer_do_not_cover_up_that_articles_ask_for_patience(tmp_path: Path) -> None:
    """Known articles are not due for a month, and the new ones on the list answer "later" again and again."""
    later = b"HTTP/1.1 429 Later\r\nRetry-After: 3600\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with raw_site({f"/article/{number}.html": reply(article(number)) for number in range(4)}) as site:
        site.declared(tmp_path)
        with Home(tmp_path).settings_file.open("a") as settings:
            settings.write('schedule = "every 1 hour"\n')
        desk = Slots(Thinker(tmp_path), "raw")
        desk.thinker.run("init")
        desk.crawl()
        site.answers["/article/4.html"] = later
        site.name_all()
        found = []
        for _ in range(3):
            found.append((desk.crawl(), desk.rule().ok))
            (tmp_path / "hosts.db").unlink()  # the hour is over
    figures = [(each["finish_reason"], each["articles_seen"], ok) for each, ok in found]
    assert figures == [("waiting", 4, True), ("waiting", 4, True), ("waiting", 4, False)]
    assert "the site asks to wait: set a longer `delay`" in desk.rule().detail


@pytest.mark.slow
def test_lists_that_spend_the_budget_are_no_answer(tmp_path: Path) -> None:
    """Known articles are not due for a month, and no request is left for the new ones on the list."""
    with raw_site({f"/article/{number}.html": reply(article(number)) for number in range(4)}) as site:
        site.declared(tmp_path)
        new = [f"/article/{number}.html" for number in range(4, 7)]
        with Home(tmp_path).settings_file.open("a") as settings:
            settings.write('schedule = "every 1 hour"\n')
        desk = Slots(Thinker(tmp_path), "raw")
        desk.thinker.run("init")
        desk.crawl()
        with Home(tmp_path).settings_file.open("a") as settings:
            settings.write("budget_pages = 1\n")
        site.answers |= {path: reply(article(number)) for number, path in enumerate(new, 4)}
        site.name_all()
        found = [(desk.crawl(), desk.rule().ok) for _ in range(3)]
    figures = [(each["finish_reason"], each["articles_seen"], ok) for each, ok in found]
    assert figures == [("budget", 4, True), ("budget", 4, True), ("budget", 4, False)]
    assert "the budget was used up early: raise `budget_pages`" in desk.rule().detail


@pytest.mark.slow
def test_a_source_that_has_nothing_new_is_well(tmp_path: Path) -> None:
    """Four articles of 2024: once fetched, none is due for a month, and its sitemap goes on naming them."""
    with raw_site({f"/article/{number}.html": reply(article(number)) for number in range(4)}) as site:
        site.declared(tmp_path)
        with Home(tmp_path).settings_file.open("a") as settings:
            settings.write('schedule = "every 1 hour"\n')
        desk = Slots(Thinker(tmp_path), "raw")
        desk.thinker.run("init")
        found = [desk.crawl() for _ in range(4)]
        asks = len([path for path in site.asked if path.startswith("/article/")])
    figures = [(each["articles_seen"], each["articles_asked"], each["articles_answered"]) for each in found]
    assert figures == [(4, 0, 4), *[(4, 0, 0)] * 3]
    assert asks == 4
    assert desk.rule() == WELL
