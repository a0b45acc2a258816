"""`thinker doctor SOURCE`: asks a live source for a few pages and compares them with its declaration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive.settings import Settings
from crawler.examining.asked import SeenSite
from crawler.examining.finding import DoctorFinding
from crawler.runs import Run
from crawler.sources import Source
from parsers import Document


@dataclass(frozen=True, slots=True)
class Examined:
    """The findings, and the answers that they were made from.

    lists, articles: the Document of each page that came, readable or not. refused: True if robots.txt forbids an
    address, and no article came. stopped: True if a signal ended the examination.
    """

    findings: list[DoctorFinding]
    seen: SeenSite
    lists: list[Document]
    articles: list[Document]
    refused: bool
    stopped: bool

    @property
    def ok(self) -> bool:
        """True if all of the source is as declared, also without findings; False too if the examination was stopped."""
        return not self.stopped and all(finding.ok for finding in self.findings)


def examine(source: Source, home: Path, settings: Settings) -> Examined:
    """Ask for robots.txt, each list and at most two articles of a source, and compare them with its declaration.

    Once in a process, as a crawl. Stores nothing but, in an existing home, when each host may be asked next. Raises
    NoSeeds and NoContact.
    """
    source.require_seeds()
    source.require_contact(settings.contact)
    run = Run.by(settings, source, home)
    # Scrapy takes a second to import, which commands that do not crawl should not wait for.
    from crawler.examining.findings import by_robots, findings
    from crawler.examining.spider import ExaminingSpider
    from crawler.process import run_to_the_end

    spider = run_to_the_end(ExaminingSpider, run)
    seen = spider.seen
    return Examined(
        findings(seen, source),
        seen,
        [each.document for listed in seen.lists for each in listed.asked if each.document],
        [each.asked.document for each in seen.articles if each.asked.document],
        by_robots(seen),
        spider.finish_reason == "stopped",
    )
