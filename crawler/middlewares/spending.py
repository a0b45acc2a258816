"""Which budgets have no request left, as a crawl hears it when one is refused."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from archive.files.clock import stamp
from archive.judging.ingest import CrawlSummary
from crawler.middlewares.budget import BudgetSpent


@dataclass(slots=True)
class Spending:
    """What is not asked any more: nothing at all, no known article, or nothing of some of the source's hosts.

    hosts: the names of all of them. first: the refusal that says why the crawl leaves something for later.
    """

    hosts: frozenset[str]
    first: BudgetSpent | None = None
    over: bool = False
    over_for_known: bool = False
    spent: set[str] = field(default_factory=set)
    spent_for_known: set[str] = field(default_factory=set)

    def note(self, refusal: BudgetSpent) -> None:
        """A request was refused."""
        self.first = self.first or refusal
        if refusal.host is not None:
            self.spent_for_known.add(refusal.host)
            if not refusal.recheck:
                self.spent.add(refusal.host)
        self.over_for_known |= refusal.host is None or self.hosts <= self.spent_for_known
        self.over |= (refusal.host is None and not refusal.recheck) or self.hosts <= self.spent


def with_budget(summary: CrawlSummary, spent: BudgetSpent | None) -> CrawlSummary:
    """The summary of a crawl with what it says of the budget that ended it; None: none did."""
    if spent is None or summary.finish_reason != "budget":
        return summary
    return replace(summary, spent=str(spent), more_at=stamp(spent.more_at) if spent.more_at else None)
