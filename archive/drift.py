"""Drift: a site that changed its layout is told from articles that were edited.

A page that shows another text in another layout is no proof of an edit: its capture waits for a parser that knows
the layout. What every crawl could read is counted property by property, so that a loss shows too.
"""

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.captures import document_of, stored_record
from parsers import Document, ParseError
from parsers.article import Article
from parsers.shape import likeness, shape

PROPERTIES = (
    "headline", "alternative_headline", "article_section", "speaker", "standfirst", "authors", "editors", "source_line",
    "keywords", "date_published", "body_text", "headings", "biography", "reprint_notice", "media",
)  # fmt: skip
ALIKE = 0.5  # likeness of two captures of one layout, at least
GLANCES = 20  # pages of a crawl with a known text whose layout is compared all the same
LEAST, SHARE = 3, 0.2  # pages of a crawl in another layout, and their share, that mean the site
ENOUGH = 20  # pages before a lost property is told from chance
USUAL, FALLEN = 0.8, 0.5  # a property that so many pages had, and less than this part of them still has


@dataclass(slots=True)
class Layouts:
    """What one crawl saw of a source's layout; of the capture before, the layout is read back from its record."""

    conn: sqlite3.Connection
    folder: Path
    pages: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    looked: int = 0
    other: int = 0
    waiting: int = 0
    example: str | None = None

    def note(self, article: Article) -> None:
        """Count what could be read from a page."""
        self.pages += 1
        self.filled.update(name for name in PROPERTIES if getattr(article, name))

    def glance(self, article_id: int, urlkey: str, page: Document) -> None:
        """Compare the layout of a page whose text is known, for the first pages of a crawl."""
        if self.looked < GLANCES:
            self.differs(article_id, urlkey, page)

    def differs(self, article_id: int, urlkey: str, page: Document) -> bool:
        """Whether a page has another layout than the newest capture of its address with the article's current state."""
        self.looked += 1
        before = self._shape_before(article_id, urlkey)
        other = before is not None and likeness(before, shape(page)) < ALIKE
        self.other += other
        return other

    def wait(self, url: str, reason: str) -> None:
        """Count a page that gave no revision because its layout is another."""
        self.waiting += 1
        self.example = self.example or f"{url}: {reason}"

    def findings(self, source: str) -> dict[str, Any] | None:
        """What a drift event says, None where the layout is what it was."""
        lost = self._lost(source)
        moved = max(self.waiting, self.other)
        looked = max(self.pages + self.waiting if self.waiting else self.looked, 1)
        if not lost and not (moved >= LEAST and moved / looked >= SHARE):
            return None
        told = {"pages": self.pages, "other_layout": self.other, "waiting": self.waiting, "lost": lost}
        return told | ({"example": self.example} if self.example else {})

    def coverage(self) -> dict[str, Any]:
        """How many pages were read, and how many of them had each property."""
        return {"pages": self.pages, "filled": {name: self.filled[name] for name in PROPERTIES}} if self.pages else {}

    def _shape_before(self, article_id: int, urlkey: str) -> frozenset[str] | None:
        row = self.conn.execute(
            """
            select coalesce(c.refers_to, c.record_id)
              from revision_records r
              join revision_captures rc on rc.revision_id = r.id
              join captures c on c.id = rc.capture_id
             where r.article_id = ? and r.current and c.urlkey = ?
             order by c.captured_at desc, c.id desc limit 1
            """,
            (article_id, urlkey),
        ).fetchone()
        try:
            return shape(document_of(stored_record(self.conn, self.folder, row[0]), None)) if row else None
        except ParseError:
            return None  # it was read by another road then (an import), and says nothing of the layout

    def _lost(self, source: str) -> list[str]:
        """Properties that most pages of the crawls before had, and few of this one."""
        if self.pages < ENOUGH:
            return []
        before = self.conn.execute(
            """
            select f.property, sum(f.filled) * 1.0 / sum(f.pages)
              from field_coverage f join crawls c on c.id = f.crawl_id
             where c.source = ? group by 1 having sum(f.pages) >= ?
            """,
            (source, ENOUGH),
        ).fetchall()
        return sorted(
            f"{name} {usual:.0%} → {self.filled[name] / self.pages:.0%}"
            for name, usual in before
            if usual >= USUAL and self.filled[name] / self.pages < FALLEN * usual
        )
