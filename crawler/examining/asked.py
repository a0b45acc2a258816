"""The requests of an examination and their answers, from which findings are made."""

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
    """An address to ask: every answer on the way, and the document at its end or the problem.

    by_robots: robots.txt refuses it. no_robots: robots.txt could not be had, so nothing is asked. patience: the seconds
    that its host asked for, if that is longer than a crawl waits, else 0. refused: by robots.txt or our own rules;
    False for an undeclared host. silent: it failed, and nothing before it was answered, so the fault may be this
    machine's network. spent: advice where a budget is spent. ours: the change to thinker.toml that lets it be asked,
    where our own rules refused it or its host is not declared (None: no change should).
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
        """The address that answered last, if redirects led to another than `url`; else None."""
        last = self.answers[-1].url if self.answers else self.url
        return None if last == self.url else last

    @property
    def withheld(self) -> bool:
        """True if robots.txt refuses it or could not be had, or its host asked for patience.

        False if only our own rules refuse it. A withheld page says nothing about the declaration.
        """
        return self.by_robots or self.no_robots or self.patience > 0

    @property
    def ailing(self) -> bool:
        """True if the last answer was an error of its server (5xx) or a request to wait (429)."""
        return bool(self.answers) and (self.answers[-1].status >= 500 or self.answers[-1].status == 429)

    def remedy(self, change: str) -> str:
        """Advice on a page that did not come: `spent`, else `ours`, else to ask again later if its site is ailing.

        Else `change`, the advice for a wrong declaration; if nothing answered, with a hint to check the network.
        """
        if self.spent:
            return self.spent
        if self.ours:
            return self.ours
        return LATER if self.ailing else f"{NETWORK if self.silent else ''}{change}"


@dataclass(frozen=True, slots=True)
class RobotsSeen:
    """The robots.txt of a host: its address, every answer on the way, and how it was read.

    reading None: it could not be had, and problem is the reason.
    """

    url: str
    answers: tuple[Fetched, ...]
    reading: RobotsReading | None = None
    problem: str | None = None


@dataclass(slots=True)
class ListSeen:
    """A seed, an AskedPage for each page of it that was asked, and the links in all of them that the source wants."""

    seed: Seed
    asked: list[AskedPage] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ArticleSeen:
    """An article that was asked, the name of the page class that reads it, and the reading (None: no page came)."""

    asked: AskedPage
    page_class: str
    reading: PageReading | None = None


@dataclass(slots=True)
class SeenSite:
    """All answers of an examination, in the order of asking.

    lists: a ListSeen for each seed. articles: an ArticleSeen for each article asked. robots: a RobotsSeen for each
    robots.txt, those of http and https apart.
    """

    lists: list[ListSeen] = field(default_factory=list)
    articles: list[ArticleSeen] = field(default_factory=list)
    robots: list[RobotsSeen] = field(default_factory=list)

    @property
    def asked(self) -> list[AskedPage]:
        """The AskedPage of every page of the lists, then of every article, in the order of asking; no robots.txt."""
        return [*(each for seed in self.lists for each in seed.asked), *(each.asked for each in self.articles)]
