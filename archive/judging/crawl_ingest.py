"""A crawl's ingest: live responses in their order, lists and witnesses, and at its end the missing articles."""

import logging
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime

from archive.decisions import Clock, RobotsReading
from archive.files import instant, stamp
from archive.judging.absences import unanswered
from archive.judging.ingest import Ingest, figures_of
from archive.judging.known_articles import article_at, article_with
from archive.judging.moving import left_addresses, tell_known_again, tell_moved
from archive.judging.presence import (
    FailedList,
    Lists,
    Vouching,
    candidates,
    doubted,
    is_held_up,
    judge,
    note_failed_lists,
    other_addresses,
    seen_elsewhere,
    shown_by_unchanged,
)
from archive.judging.reading import (
    Fetched,
)
from archive.judging.runs import (
    CrawlReach,
    CrawlSummary,
    Outcome,
    close_crawl,
    gap_before,
    open_crawl,
    robots_read,
)
from archive.judging.shown_states import settle_held_back
from archive.rows import (
    articles_answered,
    articles_seen,
    captures_by_kind,
    standing_of_key,
)
from archive.rules import host_of
from archive.search import merge

NOT_WHOLE = CrawlReach()

logger = logging.getLogger(__name__)


class CrawlIngest(Ingest):
    """The ingest of one crawl: `begin_crawl`, then what was fetched, then `finish`."""

    ORIGIN = "site"

    _not_before: datetime | None = None  # the ledger's last moment when the crawl began, if the clock was before it

    def begin_crawl(
        self, now: datetime, due_at: str | None = None, reads_lists: bool = True, single: bool = False
    ) -> str:
        """Open a crawl by its warcinfo record and ledger line; returns its key, such as `newsroom-20261125T110300Z`.

        A crawl that a crash cut short is closed first; slots missed or failed since the last one that was done are
        recorded as a gap. due_at: the slot of this crawl, if it has one. reads_lists: True if the crawl will read every
        list from its first page to its last. single: it will ask single addresses only, which ends no gap. If the clock
        is before the ledger's last line, an event `clock` says so.
        """
        self._failed_lists: list[FailedList] = []
        self._single = single
        if self._clock_said is not None:
            last = self.stores.ledger.recorded_at
            self._not_before = instant(last)
            self.stores.tell(Clock(at=last, source=self.source.name, said=self._clock_said))
        started = self._in_order(now)
        crawl, self.session.warcinfo = open_crawl(self.stores, self.source, started, due_at, single)
        self.session.crawl, self.vouching = crawl, Vouching(self.session, reads_lists)
        self.lists = Lists(self.session, self.vouching)
        if not single and (gap := gap_before(self.conn, self.source.name, stamp(started), due_at)):
            self.stores.tell(gap)
        self.commit()
        return crawl

    def missed(self, url: str, reason: str, at: datetime) -> Outcome:
        """Record that no response came from a url (time-out, refused connection); returns the outcome "unreachable".

        reason: one line.
        """
        return unanswered(self.session, url, stamp(self._in_order(at)), reason)

    def list_failed(self, failed: FailedList) -> None:
        """Note that a list could not be read; at the crawl's end `note_failed_lists` draws the consequences."""
        self._failed_lists.append(failed)

    def unchanged_list(self, url: str, lastmod: datetime) -> int | None:
        """The number of articles on a list that has not changed since it was last read whole; None if it must be read.

        That may have been in an earlier crawl. lastmod: the moment of its last change according to its index. The list
        counts as shown in this crawl, not as read again.
        """
        return shown_by_unchanged(self.session, url, stamp(lastmod), self._in_order(self.clock()))

    def note_robots(self, record_id: str, reading: RobotsReading) -> None:
        """Record that a robots.txt was read: its rules hold for this crawl. Durable after the next `commit`."""
        assert self.session.crawl is not None
        self.stores.tell(robots_read(self.conn, self.session.crawl, record_id, reading))

    def other_addresses(self, url: str) -> list[str]:
        """The other urlkeys of the article known at a url, without those that gave any answer in this crawl.

        [] if no article is known there.
        """
        return other_addresses(self.session, url)

    def is_seen_elsewhere(self, url: str) -> bool:
        """True if the article known at a url seems to have moved; False if no article is known there.

        A crawl began after it was last seen there, and since the start of that crawl it was seen at another address.
        """
        return seen_elsewhere(self.session, url)

    def knows(self, urlkey: str) -> bool:
        """True if an article is known under an urlkey."""
        sql = "select 1 from addresses where source = ? and urlkey = ?"
        return self.conn.execute(sql, (self.source.name, urlkey)).fetchone() is not None

    def key_at(self, url: str) -> str | None:
        """The key of the article that is known under an address; None if no article is."""
        article = article_at(self.session, url)
        return article.key if article else None

    def doubted(self) -> list[tuple[str, datetime]]:
        """The urlkeys of articles that this crawl missed and left in doubt, each with the time of a new probe.

        Each address of such an article is among them.
        """
        return list(doubted(self.session))

    def left_addresses(self) -> list[str]:
        """The urlkeys that articles left for another one, by lines of this crawl: they need not be asked any more."""
        return list(left_addresses(self.session))

    def names_one(self, url: str, key: str | None) -> bool:
        """True if the article known at a url has this key, also as one of several."""
        article = article_at(self.session, url)
        there = article_with(self.session, key) if key else None
        return article is not None and there is not None and article.id == there.id

    def is_missed(self, url: str) -> bool:
        """True if an article is known at a url, and not seen by the last probe there."""
        article = article_at(self.session, url)
        return article is not None and standing_of_key(self.conn, article.key).state != "live"

    def witnesses(self, url: str) -> Iterator[tuple[str, str]]:
        """Articles to request as witnesses for the one missing at a url, as (key, urlkey), the likeliest first.

        An article has a pair for each of its addresses on the host. Often empty: none is wanted unless a miss on the
        host waits for a witness.
        """
        host = host_of(url)
        return candidates(self.session, host) if self.session.witnesses.wanted(host) else iter(())

    def ask(self, url: str, key: str) -> None:
        """Note that the article `key` is being requested as a witness. url: that given to `witnesses`, not its own."""
        self.session.witnesses.ask(host_of(url), key)

    def front_of(self, url: str) -> str | None:
        """The url of the front page of a missing article's host, to be requested; None if it would not help.

        url: the missing article's. It is given once per host and crawl, if the article stands alone on its host, no
        list vouches for it or may name it, its address answered 404 or 410, the miss could count (see
        `Vouching.front_of`), and no failed list keeps the host's articles from being judged.
        """
        key = self.key_at(url)
        miss = next((each for each in reversed(self.counts.missing) if each.key == key), None)
        front = self.vouching.front_of(miss, url) if miss is not None else None
        return None if front and is_held_up(self.session, self._failed_lists, host_of(url)) else front

    def note_front(self, url: str, record_id: str) -> None:
        """Note the capture of the front page that `front_of` gave for a url."""
        self.vouching.saw_front(host_of(url), record_id)

    def finish(
        self,
        finish_reason: str,
        requests: int,
        errors: int,
        now: datetime,
        reach: CrawlReach = NOT_WHOLE,
    ) -> CrawlSummary:
        """Judge the missing articles, close the crawl and commit; returns its figures.

        The fields `waiting`, `left`, `left_new`, `spent` and `more_at` keep their defaults: the crawler fills them.

        requests, errors: those that the crawler counted; the ingest's own errors are added. reach: the part of the
        source that the crawl looked for.
        """
        counts, source = self.counts, self.source
        scripted = () if self._single else self.session.scripted.lines(source.name)
        for line in (*self.session.unmatched.lines(source.name), *scripted):
            logger.warning("%s", line)
        settle_held_back(self.session)
        note_failed_lists(self.session, self._failed_lists, reach.lists_read)
        self.vouching.reads_lists &= reach.lists_read
        unjudged = judge(self.session, self.vouching)
        if reach.lists_read:  # all lists together: an article may leave one and stand on another
            self.lists.judge()
        tell_known_again(self.session)
        tell_moved(self.session)
        crawl = str(self.session.crawl)
        figures = replace(
            figures_of(counts, requests, errors),
            articles_seen=articles_seen(self.conn, crawl) if reach.whole else None,
            articles_asked=reach.asked,
            articles_answered=articles_answered(self.conn, crawl),
        )
        ended = stamp(self._in_order(now))
        layouts = self.session.layouts
        if drift := layouts.findings(str(self.session.crawl), ended):
            self.stores.tell(drift)
        started = close_crawl(self.stores, str(self.session.crawl), finish_reason, figures, ended, layouts.coverage())
        self.commit()
        merge(self.conn)
        return CrawlSummary(
            source.name, finish_reason, **asdict(figures), started_at=started, finished_at=ended, unjudged=unjudged,
            by_kind=captures_by_kind(self.conn, crawl),
        )  # fmt: skip

    def _dated(self, fetched: Fetched) -> Fetched:
        at = self._in_order(fetched.captured_at)
        return fetched if at == fetched.captured_at else replace(fetched, captured_at=at)

    def _in_order(self, at: datetime) -> datetime:
        """The moment `at`; if the clock went back, at least the ledger's last one: live captures keep their order."""
        return at if self._not_before is None else max(at, self._not_before)
