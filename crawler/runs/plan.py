"""The plan of a crawl: the urls it would fetch, or the reasons for fetching nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from archive.files import stamp
from crawler.runs.options import Recheck
from crawler.runs.run import Planned


@dataclass(slots=True)
class ListsRead:
    """The number of lists by outcome; each failed list was logged with its cause.

    asked: all that were tried. left: those that were not, because the budget was spent. answers: to requests for lists;
    readable: of these, answers that can be read. wanted: articles in them that a crawl may fetch. silent: no request
    had an answer, not even one for robots.txt, which was logged with advice.
    """

    asked: int = 0
    failed: int = 0
    refused: int = 0  # by robots.txt
    barred: int = 0  # by us
    waiting: int = 0  # their host asked for patience
    left: int = 0
    answers: int = 0
    readable: int = 0
    wanted: int = 0
    silent: bool = False


@dataclass(slots=True)
class NotDue:
    """The number of articles that a crawl would not ask, by reason: not due yet (later), given up, refused and so on.

    next_at: the moment when the first of those not due yet is due; None without any.
    """

    later: int = 0
    given_up: int = 0
    left_out: int = 0  # by --recheck
    older: int = 0  # than --since
    refused: int = 0  # by robots.txt
    barred: int = 0  # by us
    spent: int = 0  # by the budgets of a day
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The urls that a crawl of a source would fetch now, in its order, for these since and recheck.

    stopped: a signal ended the planning before all lists were read.
    """

    source: str
    urls: list[Planned]
    lists: ListsRead
    not_due: NotDue = field(default_factory=NotDue)
    since: datetime | None = None
    recheck: Recheck = "due"
    stopped: bool = False

    @property
    def refused(self) -> bool:
        """True if robots.txt or our own rules are a reason that nothing can be fetched.

        They refuse a list, and no list answered or waits; or they refuse an article, and no url is left to fetch.
        """
        lists, found = self.lists, self.not_due
        no_list = bool(lists.refused or lists.barred) and not (lists.answers or lists.waiting)
        return no_list or (bool(found.refused or found.barred) and not self.urls)

    def faults(self) -> Iterator[str]:
        """Yield a sentence with advice for each kind of fault of the lists."""
        lists, source = self.lists, self.source
        if lists.refused:
            yield f"{self._that('robots.txt refuses', lists.refused)}: remove them, or turn the source off"
        if lists.barred:
            refused = self._that("our own rules refuse", lists.barred)
            yield f"{refused} (see above): check `never` and `allow` in thinker.toml"
        if lists.failed and not lists.silent:
            yield f"{self._that('failed', lists.failed)} (see above): `thinker doctor {source}` says what to change"
        complete = not (lists.failed or lists.refused or lists.barred or lists.waiting or lists.left or self.stopped)
        if lists.readable and complete and not lists.wanted and self.since is None:
            yield nothing_let_in(source)

    def left_out(self) -> Iterator[str]:
        """Yield a sentence for each reason that lists or due articles are not fetched: waits, budgets, refusals."""
        lists, found = self.lists, self.not_due
        if lists.waiting:
            yield f"{self._that('wait, because their host asked us to', lists.waiting)}: a later crawl fetches them"
        if lists.left:
            yield f"{self._that('the budget left out', lists.left)}: the next crawl continues"
        if found.spent:
            yield f"{_articles(found.spent)} left for a later crawl, because the daily requests are used up"
        if found.refused:
            remedy = f"narrow the `scope` of {self.source}, or turn it off"
            yield f"{_articles(found.refused)} refused by robots.txt: {remedy}"
        if found.barred:
            yield f"{_articles(found.barred)} refused by our own rules: check `never` and `allow` in thinker.toml"

    def why_nothing(self) -> Iterator[str]:
        """Yield a sentence for each reason that no url would be fetched, besides `faults` and `left_out`.

        Nothing if there is a url to fetch.
        """
        if not self.urls:
            yield from self._unread()
            yield from self._not_due()

    def _unread(self) -> Iterator[str]:
        lists = self.lists
        if self.since and lists.readable and not lists.wanted:
            yield f"no list of {self.source} has an article in its `scope` that changed since {stamp(self.since)}"
        if self.recheck == "only" and self.not_due == NotDue():
            yield (
                f"no article of {self.source} is known yet, and --recheck only reads no lists: "
                f"run `thinker crawl {self.source}`"
            )

    def _not_due(self) -> Iterator[str]:
        found, source = self.not_due, self.source
        if found.later and found.next_at:
            yield f"{_articles(found.later)} known and not due: the next one of {source} is at {stamp(found.next_at)}"
        if found.left_out:
            yield f"{_articles(found.left_out)} left out by --recheck {self.recheck}"
        if found.older and self.since:
            yield f"{_articles(found.older)} known and not changed since {stamp(self.since)}"
        if found.given_up:
            yield f"{_articles(found.given_up)} given up: `thinker crawl {source} --recheck all` tries again"

    def _that(self, what: str, count: int) -> str:
        return f"lists of {self.source} that {what}: {count} of {self.lists.asked + self.lists.left}"


def nothing_let_in(source: str) -> str:
    """The advice for a source whose lists answer, but name no article within its rules."""
    rules = "`scope`, `hosts` and `columns`"
    return f"no list of {source} has an article that its {rules} allow: `thinker doctor {source}` shows their links"


def _articles(count: int) -> str:
    return "1 article is" if count == 1 else f"{count} articles are"
