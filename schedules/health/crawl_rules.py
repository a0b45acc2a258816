"""Health rules on the figures of crawls: how the last one ended, its errors, the articles it saw."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from archive.rows import falls_short
from schedules.health.verdicts import RuleText, said
from schedules.slots import STALLED, Watched

CUT = ("killed", "stopped")  # finish reasons of a crawl whose process was ended by force or by a signal
ENDED_WELL = ("finished", "limit", "budget", "waiting", "stopped")
FEW_ERRORS = 3
"""Fewer errors are no fault, even in a small crawl: any site answers 500 at times.

But if nothing else was answered and no article seen (the only list has a wrong address), one error is a fault.
"""
ERROR_PERCENT = 5
"""More errors than this share of a crawl's requests are a fault."""


class Expecting(Watched, Protocol):
    """A source with the number of articles that its crawls should see (0: no expectation)."""

    @property
    def expect(self) -> int: ...


def failed(conn: sqlite3.Connection, hung: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, RuleText]]:
    """Yield (source, finding) for each source whose last ended crawl ended badly, or with many errors.

    Many: at least FEW_ERRORS and more than ERROR_PERCENT of the requests, or every request without any article seen.
    hung: by source the slot and the start of its last process, if that hung and was ended. This is the finding instead,
    unless a crawl that began later has ended by itself.
    """
    for source, at, reason, errors, requests, seen in conn.execute(
        """
        select s.name, c.started_at, c.finish_reason, c.errors, c.requests, c.articles_seen
          from sources s
          left join crawls c
            on c.id = (select id from crawls where source = s.name and finished_at is not null and is_single is null
                        order by started_at desc, id desc limit 1)
         order by s.name
        """
    ):
        slot, begun = hung.get(source, ("", ""))
        if slot and (at is None or at < begun or reason in CUT):
            yield source, said("hung", source=source, at=slot)
        elif at is None:
            continue
        elif reason not in ENDED_WELL:
            name = "ended_stalled" if reason == STALLED else "ended_as"
            yield source, said(name, source=source, at=at, reason=reason)
        elif _many(errors or 0, requests or 0, seen):
            yield (
                source,
                said("errors", source=source, errors=errors, requests=requests, at=at, percent=ERROR_PERCENT),
            )


def short(conn: sqlite3.Connection, sources: Iterable[Expecting]) -> Iterator[RuleText]:
    """Yield a finding for each source whose last crawl saw fewer articles than expected.

    Crawls that were cut short are skipped; one that spent its budget saw too few only if it saw no article at all. A
    source without an expectation is compared with its own history: too few is no article, if any earlier crawl saw
    some.
    """
    for source in sources:
        crawls = conn.execute(
            """
            select id, started_at, finish_reason, articles_seen
              from crawls
             where source = ? and finish_reason in ('finished', 'budget') and articles_seen is not null
             order by started_at desc, id desc
             limit 1
            """,
            [source.name],
        )
        for crawl, at, reason, seen in crawls:
            if falls_short(reason, seen, source.expect):
                yield said("short", source=source.name, seen=seen, expected=source.expect, at=at)
            elif seen == 0:
                yield from _silent(conn, source.name, at, crawl)


def _many(errors: int, requests: int, seen: int | None) -> bool:
    nothing_else = seen == 0 and 0 < requests <= errors
    return nothing_else or (errors >= FEW_ERRORS and errors * 100 > requests * ERROR_PERCENT)


def _silent(conn: sqlite3.Connection, source: str, at: str, crawl: int) -> Iterator[RuleText]:
    """Yield a finding with the last crawl before this one, begun at `at`, that saw articles, however old.

    Nothing if none ever did. Two crawls may begin in one second.
    """
    for before, seen in conn.execute(
        """
        select started_at, articles_seen
          from crawls
         where source = ? and articles_seen > 0 and (started_at, id) < (?, ?)
         order by started_at desc, id desc
         limit 1
        """,
        [source, at, crawl],
    ):
        yield said("silent", source=source, at=at, seen=seen, before=before)
