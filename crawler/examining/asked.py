"""What was asked of a source that is examined, and what came: the material of the findings."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.decisions import RobotsReading
from archive.judging import Fetched, PageReading
from crawler.examining.finding import LATER, NETWORK
from crawler.sources import Seed
from parsers import Document
from parsers.links import Link


@dataclass(frozen=True, slots=True)
class AskedPage:
    """An address that was asked: every answer on the way, and the document at its end or why there is none.

    by_robots: its rules refuse it. no_robots: robots.txt could not be had, so that nothing is asked. patience: for how
    many seconds its host wants to be left alone, where that is longer than a crawl waits. refused: by robots.txt, or by
    our own rules. silent: nothing answered, which may be of the network. spent: what helps where a budget
    is spent.
    ours: what to change in thinker.toml where our own rules kept us from it.
    """

    url: str
    answers: tuple[Fetched, ...] = ()
    document: Document | None = None
    problem: str | None = None
    by_robots: bool = False
    no_robots: bool = False
    patience: float = 0.0
    refused: bool = False
    silent: bool = False
    spent: str | None = None
    ours: str | None = None

    @property
    def moved_to(self) -> str | None:
        """Where redirects led."""
        last = self.answers[-1].url if self.answers else self.url
        return None if last == self.url else last

    @property
    def withheld(self) -> bool:
        """Whether its host or the robots.txt there keeps it from us, which says nothing of the declaration."""
        return self.by_robots or self.no_robots or self.patience > 0

    @property
    def ailing(self) -> bool:
        """Whether its site was ill or busy when it answered."""
        return bool(self.answers) and (self.answers[-1].status >= 500 or self.answers[-1].status == 429)

    def remedy(self, change: str) -> str:
        """What helps where nothing came; change: what to change where the declaration is at fault."""
        if self.spent:
            return self.spent
        if self.ours:
            return self.ours
        return LATER if self.ailing else f"{NETWORK if self.silent else ''}{change}"


@dataclass(frozen=True, slots=True)
class RobotsSeen:
    """The robots.txt of a host: where it was asked, every answer on the way, and what it came to.

    reading None: it could not be had, and problem says why.
    """

    url: str
    answers: tuple[Fetched, ...]
    reading: RobotsReading | None = None
    problem: str | None = None


@dataclass(slots=True)
class ListSeen:
    """A seed, the pages of it that were read, and the links in them that the source wants."""

    seed: Seed
    asked: list[AskedPage] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ArticleSeen:
    """An article that was asked, the page class that reads it, and what that made of it (None: nothing came)."""

    asked: AskedPage
    page_class: str
    reading: PageReading | None = None


@dataclass(slots=True)
class SeenSite:
    """All that was asked. robots: what the robots.txt of each host came to."""

    lists: list[ListSeen] = field(default_factory=list)
    articles: list[ArticleSeen] = field(default_factory=list)
    robots: list[RobotsSeen] = field(default_factory=list)

    @property
    def asked(self) -> list[AskedPage]:
        """Every address but robots.txt, in the order in which they were asked."""
        return [*(each for seed in self.lists for each in seed.asked), *(each.asked for each in self.articles)]
