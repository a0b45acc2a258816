"""The purpose of a request: the leased address, the url to ask, and the redirects so far."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.judging import UnfinishedArticle
from crawler.frontier import Lease


@dataclass(frozen=True, slots=True)
class Errand:
    """A lease and the url to ask for it next. via: the urls asked before in this chain of redirects, in order.

    lasting: all of these redirects were permanent. tried: the urls asked before at other addresses of the lease.
    unfinished: the article whose next page is wanted; None for the first page.
    """

    lease: Lease
    url: str
    via: tuple[str, ...] = ()
    lasting: bool = True
    tried: tuple[str, ...] = ()
    unfinished: UnfinishedArticle | None = None

    @classmethod
    def of(cls, lease: Lease) -> Errand:
        """The errand to ask for a leased address."""
        return cls(lease, lease.url)

    def led_to(self, url: str, lasting: bool) -> Errand:
        """The errand to ask `url` after a redirect.

        lasting: it was permanent. One of a further page of an article counts as permanent in any case.
        """
        lasting = self.lasting and (lasting or self.unfinished is not None)
        return replace(self, url=url, via=(*self.via, self.url), lasting=lasting)

    def at(self, url: str) -> Errand:
        """The errand to ask at another address of the lease, after this one gave no article."""
        return Errand(self.lease, url, tried=(*self.tried, *self.via, self.url))

    def going_on(self, unfinished: UnfinishedArticle) -> Errand:
        """The errand to ask for the next page of the article."""
        return replace(self, url=unfinished.url, via=(), unfinished=unfinished)
