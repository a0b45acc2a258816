"""What the lines of an article's box are: prose, headings between them, and the rest by name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from parsers.article import Media
from parsers.reader.body.blocks import Block

SENTENCE = re.compile(r"[。，！？；…!?।؟۔،]|[.](?:\s|$|[\"”])")


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of a box once they are sorted; nothing changes them afterwards."""

    paragraphs: tuple[str, ...] = ()
    standfirst: tuple[str, ...] = ()  # the lines of the summary before them
    headings: tuple[str, ...] = ()
    heading_positions: tuple[int, ...] = ()
    media: tuple[Media, ...] = ()
    biography: str | None = None
    reprint_notice: str | None = None
    machinery: tuple[str, ...] = ()  # 责任编辑：… and the like
    fates: tuple[tuple[Block, str], ...] = ()  # what each line of the box became, as it was decided
    ending: str | None = None  # the line that announces what follows an article

    @property
    def prose(self) -> int:
        """Characters in lines that hold a sentence."""
        return self.prose_up_to(sum(map(len, (*self.standfirst, *self.paragraphs))))

    def prose_up_to(self, enough: int) -> int:
        """As many of them as are enough, or all."""
        size = 0
        for line in (*self.standfirst, *self.paragraphs):
            if SENTENCE.search(line):
                size += len(line)
                if size >= enough:
                    break
        return size

    def text(self) -> dict[str, tuple[Any, ...]]:
        """The text with its headings apart: paragraphs, headings, heading_positions."""
        return {
            "paragraphs": self.paragraphs,
            "headings": self.headings,
            "heading_positions": self.heading_positions,
        }

    def text_with_headings(self) -> dict[str, tuple[Any, ...]]:
        """The text in which each heading is a paragraph of its own, too."""
        paragraphs, places = list(self.paragraphs), []
        for shift, (place, heading) in enumerate(zip(self.heading_positions, self.headings, strict=True)):
            paragraphs.insert(place + shift, heading)
            places.append(place + shift)
        return {**self.text(), "paragraphs": tuple(paragraphs), "heading_positions": tuple(places)}


@dataclass(slots=True)
class Draft:
    """A body while its lines are sorted one after the other."""

    paragraphs: list[str] = field(default_factory=list)
    standfirst: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    heading_positions: list[int] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    biography: str | None = None
    reprint_notice: str | None = None
    machinery: list[str] = field(default_factory=list)
    fates: list[tuple[Block, str]] = field(default_factory=list)
    ending: str | None = None

    def heading(self, text: str) -> None:
        """Take a line for a heading of what follows."""
        self.headings.append(text)
        self.heading_positions.append(len(self.paragraphs))

    def idle_headings(self) -> list[str]:
        """Take back the headings that stand before nothing, the last one first."""
        taken = []
        while self.heading_positions and self.heading_positions[-1] >= len(self.paragraphs):
            self.heading_positions.pop()
            taken.append(self.headings.pop())
        return taken

    def done(self) -> Body:
        """The body that it has become; a summary of nothing is the text."""
        if not self.paragraphs:
            self.paragraphs, self.standfirst = self.standfirst, []
        return Body(
            tuple(self.paragraphs),
            tuple(self.standfirst),
            tuple(self.headings),
            tuple(self.heading_positions),
            tuple(self.media),
            self.biography,
            self.reprint_notice,
            tuple(self.machinery),
            tuple(self.fates),
            self.ending,
        )
