"""Interpreting: what a capture shows becomes a state of an article, a sighting, or the reason why it is neither."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import parsers
from archive.captures import document_of, key_of
from archive.drift import Layouts
from archive.identity import State, article_key
from archive.prepare import Reading, Unread, conversion
from archive.presence import Miss, note_sight
from archive.revisions import Seen, digest_at, sight_again
from archive.stores import Stores
from archive.warc import Record, Sealed
from parsers import Document

if TYPE_CHECKING:
    from archive.paged import Unfinished

OTHER_LAYOUT = "the text differs and so does the layout: no proof of an edit"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a capture turned out to be; `error` is one line when it could not be read."""

    # new, edited, seen, revisit, list, page, not_article, drift, gone, restricted, redirected, unreachable, incomplete
    kind: str
    key: str | None = None
    error: str | None = None
    unfinished: "Unfinished | None" = None  # of a page: the article whose next page is to be fetched


@dataclass(slots=True)
class Counts:
    """The figures of one run."""

    captures: int = 0
    revisits: int = 0
    new_articles: int = 0
    new_revisions: int = 0
    errors: int = 0
    found: int = 0  # articles that answered
    missing: list[Miss] = field(default_factory=list)


@dataclass(slots=True)
class Interpreter:
    """Decides what captures of one source show; tells the ledger and counts. origin: site or import."""

    stores: Stores
    source: str
    reads_as: str | None  # the source whose page classes may read a page; None: the address decides
    origin: str
    layouts: Layouts
    counts: Counts = field(default_factory=Counts)
    warcinfo: str | None = None

    def interpret(self, record: Record, seen: Seen, reading: Reading, kept: Sealed | None = None) -> Outcome:
        """A page that is a whole article, or none."""
        if isinstance(reading, Unread):
            return self.unparsed(record, seen, reading)
        return self.decide(record, seen, reading, lambda: document_of(record, self.reads_as), kept)

    def decide(
        self,
        record: Record,
        seen: Seen,
        state: State,
        page: Callable[[], Document],
        kept: Sealed | None = None,
        pages: Sequence[str] = (),
    ) -> Outcome:
        """A state that a capture shows; of an article in pages the first one's, and `pages` are the others' records."""
        payload_digest = record.fields.get("warc-payload-digest", "")
        found = self.article_at(seen.url)
        key = found[1] if found else article_key(self.source, seen.url, state.article, payload_digest)
        known = self.stores.conn.execute("select id from articles where key = ?", (key,)).fetchone()
        self.counts.found += 1
        if known is None:
            self.layouts.note(state.article)
            self._record_state("new", record, seen, key, state, kept, pages)
            self.counts.new_articles += 1
            return Outcome("new", key)
        same = state.digest in digest_at(self.stores.conn, known[0], seen.captured_at)
        if not self._fits(known[0], seen, page, same):
            return self.unparsed(record, seen, Unread("drift", OTHER_LAYOUT))
        self.layouts.note(state.article)
        if same:
            return self.sighted(record, seen, key, state.digest, pages)
        note_sight(self.stores, key, seen.captured_at)
        self._record_state("edited", record, seen, key, state, kept, pages)
        self.counts.new_revisions += 1
        return Outcome("edited", key)

    def sighted(self, record: Record, seen: Seen, key: str, digest: str, pages: Sequence[str] = ()) -> Outcome:
        """One more capture of a known state."""
        note_sight(self.stores, key, seen.captured_at)
        version, told = parsers.PARSER_VERSION, _pages(pages)
        self.stores.tell("seen", seen.captured_at, key, digest, record.record_id, None, parser_version=version, **told)
        return Outcome("seen", key)

    def unparsed(self, record: Record, seen: Seen, unread: Unread) -> Outcome:
        """A page that gives no article: the reason goes to its capture."""
        found = self.article_at(seen.url)
        key = found[1] if found else None
        self.stores.tell(
            "unparsed",
            seen.captured_at,
            key,
            record_id=record.record_id,
            reason=unread.reason,
            parser_version=parsers.PARSER_VERSION,
        )
        if unread.kind == "drift" or (unread.kind == "not_article" and key is not None):
            self.layouts.wait(seen.url, unread.reason)
        if unread.kind in ("not_article", "drift", "incomplete"):
            self.counts.errors += 1
            return Outcome(unread.kind, key, unread.reason)
        return self.missed(seen.url, unread.kind, seen.captured_at, record.record_id, unread.reason)

    def revisited(self, seen: Seen, refers_to: str) -> Outcome:
        """The bytes of an earlier capture once more."""
        article_id = sight_again(self.stores.conn, refers_to, seen)
        if article_id is None:
            return Outcome("revisit")
        (key,) = self.stores.conn.execute("select key from articles where id = ?", (article_id,)).fetchone()
        self.counts.found += 1
        note_sight(self.stores, key, seen.captured_at)
        return Outcome("revisit", key)

    def missed(self, url: str, outcome: str, at: str, record_id: str | None, reason: str | None = None) -> Outcome:
        """No article came from a url; the end of the crawl judges what that means."""
        found = self.article_at(url)
        if outcome == "unreachable":
            self.counts.errors += 1
        if found is not None:
            self.counts.missing.append(Miss(found[1], outcome, at, record_id))
        return Outcome(outcome, found[1] if found else None, reason)

    def article_at(self, url: str) -> tuple[int, str] | None:
        """Row id and key of the article that is known under a url."""
        row: tuple[int, str] | None = self.stores.conn.execute(
            """
            select a.id, a.key from addresses d join articles a on a.id = d.article_id
             where d.source = ? and d.urlkey = ?
            """,
            (self.source, key_of(url)),
        ).fetchone()
        return row

    def _fits(self, article_id: int, seen: Seen, page: Callable[[], Document], same: bool) -> bool:
        """Whether what a page says may count: another text in another layout is no proof of an edit."""
        if self.origin != "site":
            return True
        if same:
            self.layouts.glance(article_id, key_of(seen.url), page())
            return True
        return not self.layouts.differs(article_id, key_of(seen.url), page())

    def _record_state(
        self,
        kind: str,
        record: Record,
        seen: Seen,
        key: str,
        state: State,
        kept: Sealed | None,
        pages: Sequence[str],
    ) -> None:
        at = datetime.fromisoformat(seen.captured_at)
        made = kept or conversion(record.record_id, seen.url, at, state, self.warcinfo)
        self.stores.tell(
            kind,
            seen.captured_at,
            key,
            state.digest,
            self.stores.keep(made, at).record_id,
            state,
            capture=record.record_id,
            origin=self.origin,
            parser_version=parsers.PARSER_VERSION,
            **_pages(pages),
        )


def _pages(pages: Sequence[str]) -> dict[str, Any]:
    return {"pages": list(pages)} if pages else {}
