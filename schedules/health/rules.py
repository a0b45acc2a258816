"""The health rules of an archive, computed from its records."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from archive.answers import find_store_faults
from archive.files import Home, instant, stamp
from archive.settings import Settings
from crawler.frontier import DeadLetter, SqliteFrontier, Which
from crawler.hosts import AT_LEAST_EVERY, NeverFetched
from schedules.health.crawl_rules import Expecting, failed, short
from schedules.health.disk_rules import disk, outlook
from schedules.health.known_again import known_again
from schedules.health.request_limits import bounded_sources, budgeted_sources
from schedules.health.silent_sources import unanswered
from schedules.health.site_rules import failing, moved, unjudged
from schedules.health.verdicts import RuleText, following, joined, said, said_of
from schedules.health.watch_rules import watches_found
from schedules.slots import Book, Schedule, Watched, schedules_of

LATE = timedelta(minutes=5)
"""A source counts as stale so long after its second unserved slot: starting and queueing take a while."""
OVERDUE = timedelta(days=2)
USUAL: Mapping[Which, timedelta] = {"all": OVERDUE}
FEW_A_DAY: Mapping[Which, timedelta] = {"unseen": OVERDUE, "seen": AT_LEAST_EVERY}
MAX_ADDRESSES_NAMED = 5  # in one line
OF_CRAWLS = (
    "crawls",
    "answers",
    "expectations",
    "hosts",
    "addresses",
    "lists",
    "presence",
    "layout",
)  # judged from crawls alone


@dataclass(frozen=True, slots=True)
class HealthRule:
    """One verdict: the rule's name, whether it holds, and one line with the finding.

    detail_zh: the line in Chinese; None if only the command line shows it. known: False if there was nothing to judge,
    as in an archive that was never crawled.
    """

    name: str
    ok: bool
    detail: str
    detail_zh: str | None = None
    known: bool = True


def check(
    conn: sqlite3.Connection, home: Home, settings: Settings, sources: Iterable[Expecting], now: datetime
) -> list[HealthRule]:
    """Every health rule with its verdict, in a fixed order; `now` is aware.

    Only declared sources can break a rule; findings on removed or renamed ones are added to its text. Reads the
    database, schedule.db, the ends of the files and the free space at `home`. Raises ScheduleError for a malformed
    schedule.
    """
    watched = list(sources)
    names = {source.name for source in watched}
    bounded, budgeted = (find(watched, settings.requests_per_day) for find in (bounded_sources, budgeted_sources))
    book = Book(home.schedule_database)
    paused, begun = book.paused(), book.starts(now)
    schedules = [each for each in schedules_of(settings, watched) if each.source not in paused]
    unknown = book.unknown(each.source for each in schedules)
    rules = [
        _stores(conn, home),
        _proof(conn),
        _judged("schedule", _stale(conn, schedules, begun, unknown, now), _scheduled(schedules, [*paused])),
        _of_sources("crawls", failed(conn, book.hung()), said("crawls"), names),
        _judged("answers", unanswered(conn, watched, schedules, paused, budgeted), said("answers")),
        _judged("expectations", short(conn, watched), said("expectations")),
        _judged("hosts", moved(conn, watched, settings.crawler.never, now), said("hosts")),
        _of_sources("addresses", known_again(conn), said("addresses"), names),
        _of_sources("lists", failing(conn), said("lists"), names),
        _noted("presence", unjudged(conn), said("presence")),
        _of_sources("layout", _drifted(conn), said("layout"), names),
        _of_sources("quarantine", _quarantined(conn), said("quarantine"), names),
        _judged("frontier", _overdue(conn, schedules, bounded, now), said("frontier")),
        _judged("dead letters", _given_up(dead_letters(conn, settings, watched)), said("dead_letters")),
        _search_index(conn),
        _watches(conn, home, now),
        _rule("disk", *disk(outlook(conn, home.path, settings.free_space_floor, now), now)),
    ]
    return rules if _is_crawled(conn) else [_of_crawls(rule) for rule in rules]


def proof_rule(faults: int, now: datetime) -> HealthRule:
    """The rule `proof` after a deep verification that ended at `now` with so many faults.

    It stands until the next deep verification gives another.
    """
    if faults:
        return _rule("proof", False, said("proof_failed", faults=faults, at=stamp(now)))
    return _rule("proof", True, said("proof_passed", at=stamp(now)))


def store(conn: sqlite3.Connection, rules: Sequence[HealthRule], now: datetime) -> None:
    """Write the verdicts into the table health, where the status page reads them; other rules keep the stored ones."""
    rows = [(rule.name, rule.ok, rule.detail, rule.detail_zh, stamp(now)) for rule in rules]
    conn.executemany(
        """
        insert into health (name, ok, detail, detail_zh, checked_at)
        values (?, ?, ?, ?, ?)
        on conflict (name) do update
           set ok = excluded.ok, detail = excluded.detail, detail_zh = excluded.detail_zh,
               checked_at = excluded.checked_at
        """,
        rows,
    )


def _stores(conn: sqlite3.Connection, home: Home) -> HealthRule:
    faults = [RuleText(str(each), each.in_chinese) for each in find_store_faults(conn, home)]
    return _rule("stores", not faults, following(joined(faults), said("lacking")) if faults else said("stores"))


def _proof(conn: sqlite3.Connection) -> HealthRule:
    row = conn.execute("select ok, detail, detail_zh from health where name = 'proof'").fetchone()
    never = said("proof_never")
    if row is None or row[1] == never.en:  # a crawl stores this verdict, too, before any verification
        return _rule("proof", True, never, known=False)
    return HealthRule("proof", bool(row[0]), row[1], row[2])


def _is_crawled(conn: sqlite3.Connection) -> bool:
    return bool(conn.execute("select exists (select 1 from crawls where finished_at is not null)").fetchone()[0])


def _of_crawls(rule: HealthRule) -> HealthRule:
    """The rule as an archive without an ended crawl shows it: unknown if it holds and only crawls can break it.

    Any other rule is returned unchanged.
    """
    return _rule(rule.name, True, said("not_crawled"), known=False) if rule.ok and rule.name in OF_CRAWLS else rule


def _rule(name: str, ok: bool, found: RuleText, known: bool = True) -> HealthRule:
    return HealthRule(name, ok, found.en, found.zh, known)


def _judged(name: str, faults: Iterator[RuleText], well: RuleText) -> HealthRule:
    found = list(faults)
    return _rule(name, not found, joined(found) if found else well)


def _of_sources(
    name: str, faults: Iterable[tuple[str, RuleText]], well: RuleText, declared: Collection[str]
) -> HealthRule:
    """A rule that the (source, finding) pairs of declared sources break; those of other sources only extend its text.

    well: the text if no declared source has a finding.
    """
    found = [(source in declared, fault) for source, fault in faults]
    told = joined(fault for counts, fault in found if counts)
    rule = _rule(name, not told.en, told if told.en else well)
    left = joined(fault for counts, fault in found if not counts)
    if not left.en:
        return rule
    besides = said_of("undeclared", left)
    return replace(rule, detail=rule.detail + besides.en, detail_zh=(rule.detail_zh or "") + besides.zh)


def _noted(name: str, found: Iterable[tuple[str, RuleText]], well: RuleText) -> HealthRule:
    """A rule that always holds; its text is the findings, which an operator should know but cannot mend.

    Of each (source, finding) pair only the finding is used. well: the text without findings.
    """
    said_of_it = joined(each for _, each in found)
    return _rule(name, True, said_of_it if said_of_it.en else well)


def dead_letters(
    conn: sqlite3.Connection, settings: Settings, sources: Iterable[Watched]
) -> dict[str, list[DeadLetter]]:
    """By source the addresses that failed until they were given up; sources without any are left out.

    Only `sources` are looked at. Addresses that `never` in thinker.toml excludes are left out too.
    """
    never = NeverFetched(settings.crawler.never)
    found = {source.name: SqliteFrontier(conn, source.name).dead_letters() for source in sources}
    kept = {name: [each for each in letters if not never.reason(each.url)] for name, letters in found.items()}
    return {name: letters for name, letters in kept.items() if letters}


def _given_up(found: dict[str, list[DeadLetter]]) -> Iterator[RuleText]:
    for source, letters in found.items():
        named = ", ".join(letter.url for letter in letters[:MAX_ADDRESSES_NAMED])
        name = "given_up_more" if len(letters) > MAX_ADDRESSES_NAMED else "given_up"
        yield said(name, source=source, count=len(letters), named=named, more=len(letters) - MAX_ADDRESSES_NAMED)


def _scheduled(schedules: Sequence[Schedule], paused: Sequence[str]) -> RuleText:
    if paused:
        return said("schedule_paused", count=len(schedules), paused=", ".join(paused))
    return said("schedule", count=len(schedules))


def _stale(
    conn: sqlite3.Connection,
    schedules: Sequence[Schedule],
    begun: Mapping[str, str],
    unknown: Mapping[str, str],
    now: datetime,
) -> Iterator[RuleText]:
    """Yield a finding for each source that let two slots pass since its last crawl began.

    If it was never crawled, the two slots count from its first missed slot; without one, from `unknown`: by source the
    start of a scheduler that has not yet owed it a slot, because it read thinker.toml before the schedule was set.
    begun: by source the last start of a crawl by the scheduler, on the same clock. A crawl dated later than now is
    ignored: the clock went back, but the archive's times never do.
    """
    for schedule in schedules:
        crawled, missed = conn.execute(
            """
            select (select max(started_at) from crawls where source = :source and started_at <= :now),
                   (select min(due_at) from coverage where source = :source and due_at <= :now)
            """,
            {"source": schedule.source, "now": stamp(now + LATE)},
        ).fetchone()
        crawled = max(filter(None, (crawled, begun.get(schedule.source))), default=None)
        last = crawled or missed or unknown.get(schedule.source)
        slots = list(islice(schedule.after(instant(last)), 2)) if last else []
        if len(slots) == 2 and slots[1] + LATE < now:
            name = "not_since" if crawled else "never_crawled" if missed else "not_known"
            yield said(name, source=schedule.source, at=last, schedule=schedule.text)


def _drifted(conn: sqlite3.Connection) -> Iterator[tuple[str, RuleText]]:
    """Yield (source, finding): pages that wait for a parser of a new layout, then new layouts.

    The new layouts are those that the last ended crawl of each source met.
    """
    for source, count in conn.execute(
        """
        select c.source, count(distinct c.urlkey)
          from captures c
         where c.verdict = 'layout'
           and not exists (select 1 from captures n
                            where n.urlkey = c.urlkey and n.source = c.source and n.id > c.id
                              and n.record_type <> 'revisit' and n.status in (200, 203))
         group by c.source order by c.source
        """
    ):
        yield source, said("pages_wait", source=source, count=count)
    for source, detail in conn.execute(
        """
        select e.source, e.detail
          from events e
          join crawls c on c.key = e.detail ->> 'crawl'
         where e.kind = 'drift'
           and c.id = (select id from crawls where source = e.source and finished_at is not null and is_single is null
                        order by started_at desc, id desc limit 1)
         order by e.source
        """
    ):
        told = json.loads(detail)
        lost = ", ".join(f"{each['name']} {each['before']}% → {each['now']}%" for each in told.get("lost", ()))
        name = "other_layout_lost" if lost else "other_layout"
        yield (
            source,
            said(name, source=source, other=told["other_layout"], waiting=told["waiting"], lost=lost),
        )


def _quarantined(conn: sqlite3.Connection) -> Iterator[tuple[str, RuleText]]:
    """Yield (source, finding), one for each source with captures that wait for a newer version.

    Captures of an accepted loss do not count.
    """
    for source, count in conn.execute(
        """
        select source, count(*) from captures
         where verdict = 'quarantined' and parser_version is not null
         group by source order by source
        """
    ):
        yield source, said("quarantined", source=source, count=count)


def _overdue(
    conn: sqlite3.Connection, schedules: Sequence[Schedule], bounded: Collection[str], now: datetime
) -> Iterator[RuleText]:
    """Yield a finding for each of the scheduled sources with urls that have been due for more than two days.

    In `bounded` sources, whose requests a day are few, this holds for urls that were never fetched; those that were may
    be due for 60 days, and have a finding of their own.
    """
    for schedule in schedules:
        frontier = SqliteFrontier(conn, schedule.source)
        patience = FEW_A_DAY if schedule.source in bounded else USUAL
        for which, longest in patience.items():
            if count := frontier.due_count(now - longest, None, which):
                yield said("overdue", source=schedule.source, count=count, days=longest.days)


def _watches(conn: sqlite3.Connection, home: Home, now: datetime) -> HealthRule:
    found = watches_found(home, conn, now)
    if found is None:
        return _rule("watch", True, said("no_watch"), known=False)
    return _rule("watch", not found, joined(found) if found else said("watches"))


def _search_index(conn: sqlite3.Connection) -> HealthRule:
    articles, indexed = conn.execute(
        """
        select (select count(*) from articles) - (select count(*) from articles where state = 'withdrawn'),
               (select count(*) from article_words_docsize)
        """
    ).fetchone()
    if not articles and not indexed:
        return _rule("search", True, said("no_articles"), known=False)
    if articles == indexed:
        return _rule("search", True, said("search", articles=articles))
    return _rule("search", False, said("not_indexed", indexed=indexed, articles=articles))
