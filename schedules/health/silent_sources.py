"""Health rule on sources without any article: for how many slots, since when, why, and the advice."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from archive.files import instant
from schedules.health.verdicts import RuleText, following, said
from schedules.slots import Schedule, Watched

MIN_SILENT_SLOTS = 3
"""So many slots without an answer are a fault; any site is down for one."""
MAX_SPENT_TIME = timedelta(days=2)  # a budget that is spent in the morning is free again on the next day
MIN_UNANSWERED_ARTICLES = 3  # known articles without an answer: more than a fault of single pages
REFUSED = ("robots", "policy")  # a refused url is not asked again for a day or more, and counts as refused meanwhile
CUT = ("waiting", "limit", "budget", "stalled")  # finish reasons of an incomplete crawl
MAX_CRAWLS_LOOKED_AT = 10_000  # at so many the message adds a plus sign
REASONED = ("waiting", *REFUSED, "limit", "budget", "stopped", "stalled", "outage", "finished")


@dataclass(frozen=True, slots=True)
class SilentCrawl:
    """A crawl in which no article answered.

    asked: number of known articles that were asked; seen: number of articles in its lists; None: not counted.
    """

    started_at: str
    due_at: str | None
    finish_reason: str
    seen: int | None
    asked: int | None

    @property
    def got_nothing(self) -> bool:
        """True if the source failed to answer, False if it may only have had nothing new.

        True if `asked` was not counted or is three or more, or if the crawl was cut: the rest may hold all news. Else
        True if its lists name no more articles than were asked, False if they name more: a quiet weekend is no fault.
        If `seen` was not counted: False for finish reason "finished", a crawl of a part (`--since`, `--recheck only`);
        True for any other.
        """
        if self.asked is None or self.asked >= MIN_UNANSWERED_ARTICLES or self.finish_reason in CUT:
            return True
        if self.seen is None:
            return self.finish_reason != "finished"
        return self.seen <= self.asked


def unanswered(
    conn: sqlite3.Connection,
    sources: Iterable[Watched],
    schedules: Iterable[Schedule],
    paused: Collection[str],
    budgeted: Collection[str] = (),
) -> Iterator[RuleText]:
    """Yield a finding for each source of which no article answered in its last three slots or more.

    For a source without a schedule, crawls count instead of slots. An article answers with its text, with a 304, or in
    a layout that waits for a later version; a 404 or a redirect is no answer. One answer ends the silence, also in a
    crawl by hand. Slots without a crawl are left to the rule `schedule`; paused sources are skipped. budgeted: sources
    that may use up their requests of a day; if only budgets ended their crawls, the silence must last two days.
    """
    scheduled = {each.source for each in schedules}
    for source in sources:
        if source.name in paused:
            continue
        answered = _last_answered(conn, source.name)
        crawls = _crawls_after(conn, source.name, answered)
        silent = _counted(crawls, source.name in scheduled)
        if len(silent) >= MIN_SILENT_SLOTS and not (source.name in budgeted and _waits_for_the_next_day(silent)):
            more = "+" if len(crawls) == MAX_CRAWLS_LOOKED_AT else ""
            yield _told(source.name, silent, more, answered and answered[0], source.name in scheduled)


def _waits_for_the_next_day(silent: Sequence[SilentCrawl]) -> bool:
    """True if a budget ended each crawl that got nothing, and the last of `silent` began within two days of the first.

    Also if none of them got nothing.
    """
    lasted = instant(silent[-1].started_at) - instant(silent[0].started_at)
    return lasted < MAX_SPENT_TIME and all(each.finish_reason == "budget" for each in silent if each.got_nothing)


def _last_answered(conn: sqlite3.Connection, source: str) -> tuple[str, int] | None:
    sql = """
        select started_at, id from crawls where source = ? and articles_answered > 0 and is_single is null
         order by started_at desc, id desc limit 1
    """
    row: tuple[str, int] | None = conn.execute(sql, (source,)).fetchone()
    return row


def _crawls_after(conn: sqlite3.Connection, source: str, answered: tuple[str, int] | None) -> list[SilentCrawl]:
    """The ended crawls without an answer since the crawl `answered` (its start and id), oldest first; None: all.

    At most MAX_CRAWLS_LOOKED_AT, the newest. Crawls of earlier versions counted no answers and are skipped.
    """
    rows = conn.execute(
        """
        select started_at, due_at, finish_reason, articles_seen, articles_asked from crawls
         where source = ? and (started_at, id) > (?, ?) and finished_at is not null and articles_answered = 0
           and is_single is null
         order by started_at desc, id desc limit ?
        """,
        (source, *(answered or ("", 0)), MAX_CRAWLS_LOOKED_AT),
    )
    return [SilentCrawl(*row) for row in rows][::-1]


def _counted(crawls: Sequence[SilentCrawl], scheduled: bool) -> list[SilentCrawl]:
    """The crawls that count as silent: those that got nothing, and those after a refusal by robots.txt or our rules.

    A refused url is not asked again for a day, so the next crawls only seem to have nothing new: after a crawl that was
    refused, all count until one that got nothing for another reason. If the source is scheduled, only crawls of a slot
    are returned.
    """
    counted, refused = list[SilentCrawl](), False
    for crawl in crawls:
        if crawl.got_nothing:
            refused = crawl.finish_reason in REFUSED
        elif not refused:
            continue
        if crawl.due_at is not None or not scheduled:
            counted.append(crawl)
    return counted


def _told(source: str, silent: Sequence[SilentCrawl], more: str, answered: str | None, scheduled: bool) -> RuleText:
    unit = "slots" if scheduled else "crawls"
    first, last = (each.due_at if scheduled else each.started_at for each in (silent[0], silent[-1]))
    told = said(f"silent_{unit}", source=source, count=f"{len(silent):,}{more}", first=first, last=last)
    before = [said("answered_last", at=answered)] if answered else []
    reason = next(each.finish_reason for each in reversed(silent) if each.got_nothing)
    name = f"because_{reason}" if reason in REASONED else "because_other"
    return following(told, *before, said(name, source=source, reason=reason))
