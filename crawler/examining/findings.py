"""All findings about a source, in the order in which its pages were asked."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.examining.articles import of_article
from crawler.examining.asked import SeenSite
from crawler.examining.finding import DoctorFinding
from crawler.examining.lists import of_list
from crawler.examining.robots import of_robots
from crawler.examining.sections import of_sections
from crawler.sources import JsonList, ListPage, Seed, Source, is_dated, leads_to_lists
from parsers.urls import urlkey


def findings(seen: SeenSite, source: Source) -> list[DoctorFinding]:
    """The findings, faults or not, on every robots.txt, list and article, then on sections and the number of articles.

    A list or article that robots.txt or its host withholds has no finding of its own: there is one on that robots.txt,
    or on the host that asked us to wait.
    """
    lists = [each for each in seen.lists if each.asked and not each.asked[-1].withheld]
    articles = [each for each in seen.articles if not each.asked.withheld]
    return [
        *of_robots(seen),
        *(finding for each in lists for finding in of_list(each, source)),
        *(finding for each in articles for finding in of_article(each)),
        *of_sections(seen, source),
        *_expected(seen, source),
    ]


def by_robots(seen: SeenSite) -> bool:
    """True if robots.txt forbids an address that was wanted, and no article came, be it readable or not."""
    return any(each.by_robots for each in seen.asked) and not any(each.asked.document for each in seen.articles)


def _expected(seen: SeenSite, source: Source) -> Iterator[DoctorFinding]:
    """Yield one finding on the number of articles that the lists name; too few are no fault if a list has more pages.

    No finding if the source expects none, or the lists name none.
    """
    named = {urlkey(link.url) for each in seen.lists for link in each.links}
    if not source.expect or not named:
        return  # each empty list has a finding of its own
    said = f"{len(named)} articles on the pages that were read"
    longer = any(_goes_on(each.seed) for each in seen.lists)
    enough = len(named) >= source.expect or longer
    yield DoctorFinding(
        "expect", str(source.expect), said, None if enough else f"change expect to {len(named)} or less"
    )


def _goes_on(seed: Seed) -> bool:
    more = isinstance(seed, ListPage | JsonList) and (seed.pages > 1 or is_dated(seed))
    return more or leads_to_lists(seed)
