"""The other address to ask where an article's own gives none: one that lists name, or on which its site answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from archive.judging import Fetched, Outcome
from archive.rules import host_of
from crawler.frontier import Origin, at_place_of, is_downgrade, origin, same_key
from crawler.session.errand import Errand
from crawler.session.visits import SEEN


@dataclass(slots=True)
class OtherAddresses:
    """The schemes, with and without www., under which each host answered in this crawl."""

    _answering: dict[str, dict[Origin, str]] = field(default_factory=dict)  # by the urlkey's host

    def note(self, fetched: Fetched, outcome: Outcome) -> None:
        """Note the scheme and host of a response, if it gave an article or a list."""
        if outcome.kind in SEEN or (outcome.kind == "list" and fetched.status == 200):
            self._answering.setdefault(host_of(fetched.url), {})[origin(fetched.url)] = fetched.url

    def instead(self, errand: Errand, answered: bool, since: datetime, had: bool = True) -> str | None:
        """The next address of the errand's article to ask; None if no other is left.

        First those of its other addresses that `ArticleAddresses.instead` gives, then its path with each scheme and
        www. under which its host answered in this crawl: the article may have moved with its site. answered: True if
        this address gave any answer, also an error of the server; then only addresses that a list named since the crawl
        began (`since`) are taken of the former. had: True if https ever answered for the article; then none with http
        in place of https is taken, unless a list named it since.
        """
        asked = (*errand.tried, *errand.via, errand.url)
        tried = {origin(url) for url in asked if same_key(url, errand.lease.url)}
        had = had or any(scheme == "https" for scheme, _ in self._answering.get(host_of(errand.lease.url), {}))
        others = errand.lease.addresses.instead(answered, since, had)
        moved = self._beside(errand.lease.url)
        return next((url for url in (*others, *moved) if origin(url) not in tried), None)

    def _beside(self, url: str) -> Iterator[str]:
        """Yield the address with each scheme and host name under which its host answered, its own too if that answered.

        Never http in place of https.
        """
        for known in self._answering.get(host_of(url), {}).values():
            if not is_downgrade(url, known):
                yield at_place_of(url, known)
