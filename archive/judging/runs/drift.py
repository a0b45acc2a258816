"""Drift: tell a site that changed its layout from articles that were edited.

A page with another text in another layout is held back: the crawl's end decides by the other pages if the article
changed or only its layout. The share of pages with each property is compared with earlier crawls as well.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from archive.decisions import Drift, LostProperty
from archive.files import ContentError, Record, WarcError
from archive.properties import PROPERTIES
from archive.rows import FieldCoverage, Unproved, document_of, stored_record
from parsers.article import Article
from parsers.scaffold import likeness, shape_of

WATCHED = tuple(each.name for each in PROPERTIES if each.is_watched)
MIN_LIKENESS = 0.5  # two captures below this likeness have different layouts
MAX_KNOWN_PAGES_COMPARED = 200  # pages of known text whose layouts a crawl compares; the rest is extrapolated
LEAST, SHARE = 3, 0.2  # pages of a crawl, and share of those that answered, from which the whole site has changed
MIN_PAGES = 20  # below this a missing property may be chance
CRAWLS_COMPARED = 100  # crawls whose share of each property is the usual one; more would only take longer to sum
USUAL, FALLEN = 0.8, 0.5  # shares: usual if so many pages had it, lost if less than this part of them still has it

LAYOUT: Literal["layout"] = "layout"  # captures.verdict of a page that waits for a parser version that knows its layout
Judgement = Literal["edit", "hold", "wait"]


@dataclass(frozen=True, slots=True)
class HeldBackCapture:
    """A capture with another text in another layout: the ids of its record and its row, its address and its moment."""

    record_id: str
    capture_id: int
    url: str
    captured_at: str


@dataclass(slots=True)
class Layouts:
    """The layouts of a source in one crawl; the layout before comes from the newest earlier capture."""

    conn: sqlite3.Connection
    folder: Path
    source: str
    pages: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    answered: int = 0  # known articles that answered, revisits included
    again: int = 0  # of these, other bytes with the same text
    glanced: int = 0  # of these, compared
    moved: int = 0  # of these, in another layout
    held: list[HeldBackCapture] = field(default_factory=list)
    unread: int = 0  # known articles whose page shows none, or does not fit its page class any more
    example: str | None = None  # the capture of the first known article that was held back, waits or gave no article

    def note(self, article: Article) -> None:
        """Count a page that was read, and the watched properties that it has."""
        self.pages += 1
        self.filled.update(name for name in WATCHED if getattr(article, name))

    def same(self, urlkey: str, record: Record) -> None:
        """Count a capture with the same text as before in other bytes; compare its layout with the capture before it.

        Of each crawl only the first MAX_KNOWN_PAGES_COMPARED such captures are compared; the others are only counted.
        """
        self.again += 1
        if self.glanced < MAX_KNOWN_PAGES_COMPARED:
            self.glanced += 1
            before = self._before(urlkey, record)
            self.moved += before is not None and self._other(before, record)

    def judge(self, urlkey: str, record: Record, differs: Callable[[Record], bool]) -> Judgement:
        """Judge a changed text at a known address by the earlier capture there: "edit", "hold" or "wait".

        "edit" without a readable earlier capture. "hold", until the crawl's end, if the earlier one has another layout.
        "wait" if the earlier one waits for a parser and `differs(earlier)` is not True. Else "edit". `differs` returns
        True if the earlier capture shows another text than this one.
        """
        before = self._before(urlkey, record)
        if before is None:
            return "edit"
        if self._other(before, record):
            return "hold"
        return "edit" if not self._waits(before) or differs(before) else "wait"

    def redesigned(self) -> bool:
        """True if the captures held back come from a redesign: they are many among the pages in the new layout.

        Many: LEAST or more, and a SHARE or more of these pages.
        """
        alike = self.again * self.moved / self.glanced if self.glanced else 0.0
        return len(self.held) >= LEAST and len(self.held) >= SHARE * (len(self.held) + alike)

    def findings(self, crawl: str, at: str) -> Drift | None:
        """The event `drift` if many pages have another layout or wait, or if properties were lost; else None."""
        moved = round(self.again * self.moved / self.glanced) if self.glanced else 0
        other, waiting = moved + len(self.held), self.unread + (len(self.held) if self.redesigned() else 0)
        lost = self._lost()
        if not lost and not any(count >= LEAST and count >= SHARE * self.answered for count in (other, waiting)):
            return None
        return Drift(
            at=at, source=self.source, crawl=crawl, record_id=self.example, pages=self.answered,
            other_layout=max(other, waiting), waiting=waiting, lost=lost,
        )  # fmt: skip

    def coverage(self) -> FieldCoverage | None:
        """The number of pages read, and of those with each property of WATCHED; None without pages."""
        return FieldCoverage(self.pages, {name: self.filled[name] for name in WATCHED}) if self.pages else None

    def _before(self, urlkey: str, record: Record) -> Record | None:
        """The record of the newest earlier good capture of this address that holds bytes.

        None without one, or if it cannot be read. Good: status 200 or 203, whole, dated and not quarantined.
        """
        row = self.conn.execute(
            """
            select record_id from captures
             where urlkey = ? and source = ? and record_id <> ? and captured_at <= ?
               and record_type <> 'revisit' and (status is null or status in (200, 203))
               and verdict is not 'quarantined' and truncated is null and dating = 'stated'
             order by captured_at desc, id desc limit 1
            """,
            (urlkey, self.source, record.record_id, record.fields["warc-date"]),
        ).fetchone()
        try:
            return stored_record(self.conn, self.folder, row[0]) if row else None
        except (WarcError, OSError, Unproved):
            return None  # `thinker verify` names the damage; new pages are read all the same

    def _other(self, before: Record, now: Record) -> bool:
        like = likeness(_shape(before), _shape(now))
        return like is not None and like < MIN_LIKENESS

    def _waits(self, record: Record) -> bool:
        sql = "select verdict from captures where record_id = ?"
        return bool(self.conn.execute(sql, (record.record_id,)).fetchone() == (LAYOUT,))

    def _lost(self) -> tuple[LostProperty, ...]:
        """Properties that most pages of the earlier crawls had, and few of this one have, by name, with both shares.

        () if this crawl or the earlier ones read fewer than MIN_PAGES. The shares are in percent.
        """
        if self.pages < MIN_PAGES:
            return ()
        before = self.conn.execute(
            """
            select f.property, sum(f.filled) * 1.0 / sum(f.pages)
              from field_coverage f join crawls c on c.id = f.crawl_id
             where c.id in (select id from crawls where source = ? order by started_at desc limit ?)
             group by 1 having sum(f.pages) >= ?
            """,
            (self.source, CRAWLS_COMPARED, MIN_PAGES),
        ).fetchall()
        return tuple(
            LostProperty(name=name, before=round(100 * usual), now=round(100 * self.filled[name] / self.pages))
            for name, usual in sorted(before)
            if usual >= USUAL and self.filled[name] / self.pages < FALLEN * usual
        )


def _shape(record: Record) -> frozenset[bytes]:
    try:
        return shape_of(document_of(record, None).payload)
    except (ContentError, WarcError):
        return frozenset()
