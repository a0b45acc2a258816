"""The health rules: what must hold of an archive that is looked after, computed from what it recorded."""

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Protocol

from archive.behind import shortfalls
from archive.clock import instant, stamp
from archive.home import Home
from archive.settings import Settings
from schedules.slots import Schedule, Watched, schedules_of

ENDED_WELL = ("finished", "limit", "stopped")
LATE = timedelta(minutes=5)
"""How long after its second unserved slot a source counts as stale: starting and queueing take a while."""
OVERDUE = timedelta(days=2)


class Expecting(Watched, Protocol):
    """A source with the number of articles that its crawls should see (0: no expectation)."""

    @property
    def expect(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """One verdict: the rule's name, whether it holds, and one line that says what was found."""

    name: str
    ok: bool
    detail: str


def check(
    conn: sqlite3.Connection, home: Home, settings: Settings, sources: Iterable[Expecting], now: datetime
) -> list[Rule]:
    """Every health rule with its verdict, in a fixed order; `now` is aware.

    Reads the database, the ends of the files and the free space at `home`. Raises ScheduleError for a schedule that
    cannot be read.
    """
    watched = list(sources)
    schedules = schedules_of(settings, watched)
    return [
        _judged("stores", map(str, shortfalls(conn, home)), "captures and ledger hold all that was entered"),
        _proof(conn),
        _judged("schedule", _stale(conn, schedules, now), f"{len(schedules)} scheduled, none is late"),
        _judged("crawls", _failed(conn), "the last crawl of every source ended well"),
        _judged("expectations", _short(conn, watched), "every source shows as many articles as expected"),
        _judged("layout", _drifted(conn), "every source has the layout its last crawl expected"),
        _judged("quarantine", _quarantined(conn), "no capture waits for a newer version"),
        _judged("frontier", _overdue(conn, schedules, now), "nothing scheduled waits for long"),
        _search_index(conn),
        _free_space(home.path, settings.free_space_floor),
    ]


def proof_rule(faults: int, now: datetime) -> Rule:
    """What a deep verification that ended now says until the next one."""
    if faults:
        return Rule("proof", False, f"`thinker verify --deep` found {faults} faults at {stamp(now)}: run it again")
    return Rule("proof", True, f"`thinker verify --deep` passed at {stamp(now)}")


def store(conn: sqlite3.Connection, rules: Sequence[Rule], now: datetime) -> None:
    """Write the verdicts into the table health, where the status page reads them."""
    rows = [(rule.name, rule.ok, rule.detail, stamp(now)) for rule in rules]
    conn.executemany(
        """
        insert into health (name, ok, detail, checked_at)
        values (?, ?, ?, ?)
        on conflict (name) do update
           set ok = excluded.ok, detail = excluded.detail, checked_at = excluded.checked_at
        """,
        rows,
    )


def _proof(conn: sqlite3.Connection) -> Rule:
    row = conn.execute("select ok, detail from health where name = 'proof'").fetchone()
    return Rule("proof", bool(row[0]), row[1]) if row else Rule("proof", True, "`thinker verify --deep` was never run")


def _judged(name: str, faults: Iterator[str], well: str) -> Rule:
    found = list(faults)
    return Rule(name, not found, "; ".join(found) or well)


def _stale(conn: sqlite3.Connection, schedules: Sequence[Schedule], now: datetime) -> Iterator[str]:
    """Sources that let two slots pass since their last crawl began, or since their first missed slot."""
    for schedule in schedules:
        crawled, missed = conn.execute(
            """
            select (select max(started_at) from crawls where source = :source),
                   (select min(due_at) from coverage where source = :source)
            """,
            {"source": schedule.source},
        ).fetchone()
        last = crawled or missed
        slots = list(islice(schedule.after(instant(last)), 2)) if last else []
        if len(slots) == 2 and slots[1] + LATE < now:
            since = f"has not been crawled since {crawled}" if crawled else "was never crawled"
            yield f"{schedule.source} {since} ({schedule.text}): is `thinker schedule run` running?"


def _failed(conn: sqlite3.Connection) -> Iterator[str]:
    for source, at, reason, errors in conn.execute(
        """
        select source, max(started_at), finish_reason, errors
          from crawls
         where finished_at is not null
         group by source
         order by source
        """
    ):
        if reason not in ENDED_WELL:
            yield f"{source}: the crawl of {at} ended as {reason}"
        elif errors:
            yield f"{source}: {errors} errors in the crawl of {at}"


def _short(conn: sqlite3.Connection, sources: Iterable[Expecting]) -> Iterator[str]:
    """Sources whose last whole crawl answered with fewer captures than articles are expected."""
    for source in sources:
        last = conn.execute(
            """
            select started_at, captures
              from crawls
             where source = ? and finish_reason = 'finished'
             order by started_at desc
             limit 1
            """,
            [source.name],
        ).fetchone()
        if last and last[1] < source.expect:
            yield f"{source.name}: {last[1]} of {source.expect} expected in the crawl of {last[0]}"


def _drifted(conn: sqlite3.Connection) -> Iterator[str]:
    """Sources whose last crawl met another layout, or of which pages wait for a parser that knows the new one."""
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
        yield f"{source}: {count} pages wait, for text and layout changed together: adapt the page class"
    for source, detail in conn.execute(
        """
        select e.source, e.detail
          from events e
          join crawls c on c.key = e.detail ->> 'crawl'
         where e.kind = 'drift'
           and c.started_at = (select max(started_at) from crawls where source = e.source and finished_at is not null)
         order by e.source
        """
    ):
        told = json.loads(detail)
        lost = ", ".join(f"{each['name']} {each['before']}% → {each['now']}%" for each in told.get("lost", ()))
        lost = f", lost: {lost}" if lost else ""
        yield f"{source}: another layout on {told['other_layout']} pages, {told['waiting']} wait{lost}"


def _quarantined(conn: sqlite3.Connection) -> Iterator[str]:
    """Sources with captures that this version could not take; what an accepted loss distrusts waits for none."""
    for source, count in conn.execute(
        """
        select source, count(*) from captures
         where verdict = 'quarantined' and parser_version is not null
         group by source order by source
        """
    ):
        yield f"{source}: {count} captures wait for a newer version, which tries them again"


def _overdue(conn: sqlite3.Connection, schedules: Sequence[Schedule], now: datetime) -> Iterator[str]:
    for schedule in schedules:
        (count,) = conn.execute(
            "select count(*) from frontier where source = ? and due_at < ?",
            [schedule.source, stamp(now - OVERDUE)],
        ).fetchone()
        if count:
            yield f"{schedule.source}: {count} urls are due for more than {OVERDUE.days} days"


def _search_index(conn: sqlite3.Connection) -> Rule:
    articles, indexed = conn.execute(
        "select (select count(*) from articles), (select count(*) from articles_fts_docsize)"
    ).fetchone()
    if articles == indexed:
        return Rule("search", True, f"all {articles} articles are in the index")
    return Rule("search", False, f"{indexed} index rows for {articles} articles: run `thinker reindex`")


def _free_space(home: Path, floor: int) -> Rule:
    """Megabytes are 10^6 bytes, as disks are sold."""
    free = shutil.disk_usage(home).free // 10**6
    detail = f"{free:,} MB free, the floor is {floor:,} MB"
    return Rule("disk", free >= floor, detail if free >= floor else f"{detail}: crawls stop; make room")
