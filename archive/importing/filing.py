"""Choose the source and the address under which an imported page is filed.

The rule of trust: an address that came with the page, in a manifest or a WARC record, is never replaced. What the page
itself names then only decides among the sources on its own host. A page that came without an address may name one, as
the operator vouches for the file: it is filed there if an article is known there, or if a declared source has it in its
scope. Its texts have the origin `import`, as all that the site itself did not show.
"""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from archive.importing.files import Saved, SavedFile
from archive.importing.marks import MARK_REACH_BYTES, addresses_left
from archive.rows import keys_at, known_source
from archive.rules import key_of
from archive.settings import SourceRecord
from parsers.pages import source_of_dump

IMPORTED = SourceRecord("imported", in_language="zh-Hans", timezone="Asia/Shanghai")


class Declared(Protocol):
    """A declared source."""

    @property
    def name(self) -> str: ...

    def record(self) -> SourceRecord:
        """The source as the archive knows it."""
        ...

    def within(self, url: str) -> bool:
        """True if an address is on one of its hosts."""
        ...


class AddressClaims(Protocol):
    """The declared sources, by what they claim."""

    def named(self, name: str) -> Declared | None:
        """The source of that name."""
        ...

    def covering(self, url: str) -> Declared | None:
        """The source in whose scope an address is."""
        ...

    def hosting(self, url: str) -> Declared | None:
        """That source, else one that has the host of the address."""
        ...


class FilingPlace(NamedTuple):
    """The source and the address under which a page is filed."""

    source: SourceRecord
    url: str


class Filing:
    """Chooses the place of each page of an import.

    to: the one source of the whole import, or the declared sources, whose claims decide.
    """

    def __init__(self, conn: sqlite3.Connection, to: SourceRecord | AddressClaims) -> None:
        self._conn = conn
        self._claims = None if isinstance(to, SourceRecord) else to
        self._only = to if isinstance(to, SourceRecord) else None

    def place_of(self, saved: Saved) -> FilingPlace:
        """The place of a page: that of the article known at its address, else of a source that claims it.

        Else it is the source `imported`, at the address that came with the page.
        """
        if self._only is not None or self._claims is None:
            return FilingPlace(self._only or IMPORTED, self._known_in(self._only or IMPORTED, saved))
        content = saved.content.payload if isinstance(saved.content, SavedFile) else b""
        if saved.url.startswith("urn:") and (named := next(self._named(content), None)):
            return named
        if known := self._known(saved.url):
            return known
        if saved.url.startswith("urn:"):
            return self._dumped(saved) or FilingPlace(IMPORTED, saved.url)
        owner = self._claims.covering(saved.url) or self._beside(saved.url, content) or self._claims.hosting(saved.url)
        return FilingPlace(owner.record() if owner else IMPORTED, saved.url)

    def _known_in(self, source: SourceRecord, saved: Saved) -> str:
        """The address of a page; one without is filed at that which it names, if the source has an article there."""
        if saved.url.startswith("urn:") and isinstance(saved.content, SavedFile):
            for url in addresses_left(saved.content.payload):
                if any(each.source == source.name for each in keys_at(self._conn, key_of(url))):
                    return url
        return saved.url

    def _known(self, url: str) -> FilingPlace | None:
        """The place of the article that is known at an address: in the source in which it is known there."""
        try:
            known = keys_at(self._conn, key_of(url))
        except ValueError:  # not a valid address
            return None
        return FilingPlace(self._record(known[0].source), url) if known else None

    def _named(self, payload: bytes) -> Iterator[FilingPlace]:
        """Yield the places that a page without an address names itself."""
        assert self._claims is not None
        for url in addresses_left(payload):
            owner = self._claims.covering(url)
            if known := self._known(url):
                yield known
            elif owner:
                yield FilingPlace(owner.record(), url)

    def _dumped(self, saved: Saved) -> FilingPlace | None:
        """The place of a text with the mark of a declared source."""
        content = saved.content
        if self._claims is None or not isinstance(content, SavedFile) or content.content_type != "text/plain":
            return None
        name = source_of_dump(content.payload[:MARK_REACH_BYTES].decode("utf-8", "replace"))
        owner = self._claims.named(name) if name else None
        return FilingPlace(owner.record(), saved.url) if owner else None

    def _beside(self, url: str, payload: bytes) -> Declared | None:
        """The source on whose hosts an address is, and in whose scope that which its page names."""
        assert self._claims is not None
        owners = filter(None, map(self._claims.covering, addresses_left(payload)))
        return next((owner for owner in owners if owner.within(url)), None)

    def _record(self, name: str) -> SourceRecord:
        """A source by its name: as it is declared or, if it is not any more, as the archive knows it."""
        declared = self._claims.named(name) if self._claims else None
        return declared.record() if declared else known_source(self._conn, name)
