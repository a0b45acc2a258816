"""What a request is sent for: the address in hand, where it is asked, and where redirects have led so far."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.judging import UnfinishedArticle
from crawler.frontier import Lease


@dataclass(frozen=True, slots=True)
class Errand:
    """url is asked next. via: what was asked before it, since the chain of redirects began.

    lasting: all of these were for good. tried: addresses of the lease that gave no article. unfinished: the article
    whose next page is wanted.
    """

    lease: Lease
    url: str
    via: tuple[str, ...] = ()
    lasting: bool = True
    tried: tuple[str, ...] = ()
    unfinished: UnfinishedArticle | None = None

    @classmethod
    def of(cls, lease: Lease) -> Errand:
        """Ask for an address as it waits."""
        return cls(lease, lease.url)

    def led_to(self, url: str, lasting: bool) -> Errand:
        """Follow a redirect; where a further page leads says nothing of the article's own address."""
        lasting = self.lasting and (lasting or self.unfinished is not None)
        return replace(self, url=url, via=(*self.via, self.url), lasting=lasting)

    def at(self, url: str) -> Errand:
        """Ask at another of its addresses, for this one gave no article."""
        return Errand(self.lease, url, tried=(*self.tried, *self.via, self.url))

    def going_on(self, unfinished: UnfinishedArticle) -> Errand:
        """Ask for the next page of the article."""
        return replace(self, url=unfinished.url, via=(), unfinished=unfinished)
