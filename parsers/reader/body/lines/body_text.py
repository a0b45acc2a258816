"""The lines of an article's box by their kind: prose, headings, and the rest by name."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import Any

from parsers.article import Media, TextLink
from parsers.reader.body.markup.blocks import Block
from parsers.reader.body.markup.numbers import marked
from parsers.text import ELLIPSIS, OTHER_SCRIPTS, STOPS

PROSE_MARK = re.compile(rf"[{STOPS}{ELLIPSIS}{OTHER_SCRIPTS}，；]|[.](?:\s|$|[\"”])")


@dataclass(frozen=True, slots=True)
class Body:
    """The sorted lines of a box, unchanged afterwards."""

    paragraphs: tuple[str, ...] = ()
    standfirst: tuple[str, ...] = ()  # the first paragraphs, which sum up the text
    headings: tuple[str, ...] = ()
    heading_positions: tuple[int, ...] = ()
    media: tuple[Media, ...] = ()
    links: tuple[TextLink, ...] = ()  # of paragraphs and of headings
    of_headings: tuple[int | None, ...] = ()  # for each link the index of the heading that holds it, or None
    biography: str | None = None
    reprint_notice: str | None = None
    machinery: tuple[str, ...] = ()  # 责任编辑：… and the like
    fates: tuple[tuple[Block, str], ...] = ()  # each line of the box with its kind, as it was decided
    ending: str | None = None  # the line at which the text ended
    edges: tuple[str, ...] = ()  # first and last line as the page shows them: no tabs, no numbers of lists

    @property
    def every_line(self) -> tuple[str, ...]:
        """The text of every line of the box, of any kind; of a picture its caption or alternative text, perhaps ""."""
        return tuple([block.text for block, _ in self.fates])

    @property
    def prose(self) -> int:
        """The number of characters in the paragraphs that hold a PROSE_MARK, such as a comma or a full stop."""
        return self.prose_up_to(sum(map(len, self.paragraphs)))

    def prose_up_to(self, enough: int) -> int:
        """As `prose`, but the counting stops after the paragraph with which there are `enough`."""
        size = 0
        for line in self.paragraphs:
            if PROSE_MARK.search(line):
                size += len(line)
                if size >= enough:
                    break
        return size

    def text(self) -> dict[str, tuple[Any, ...]]:
        """The text without headings and standfirst among the paragraphs.

        By name: paragraphs, headings, heading_positions, links; the links without those of the standfirst.
        """
        before = len(self.standfirst)
        inside = [link for link in self.links if link.paragraph >= before]
        return {
            "paragraphs": self.paragraphs[before:],
            "headings": self.headings,
            "heading_positions": tuple(position - before for position in self.heading_positions),
            "links": tuple(replace(link, paragraph=link.paragraph - before) for link in inside),
        }

    def whole_text(self) -> dict[str, tuple[Any, ...]]:
        """The text by the same names as in text(), with headings and standfirst among the paragraphs too.

        `headings` keeps the headings, and heading_positions are the indices at which they stand in these paragraphs. No
        link is left out.
        """
        paragraphs, places = list(self.paragraphs), []
        for shift, (place, heading) in enumerate(zip(self.heading_positions, self.headings, strict=True)):
            paragraphs.insert(place + shift, heading)
            places.append(place + shift)
        moved = [
            replace(link, paragraph=link.paragraph + bisect_right(self.heading_positions, link.paragraph))
            if heading is None
            else replace(link, paragraph=places[heading])
            for link, heading in zip(self.links, self.of_headings, strict=True)
        ]
        return {
            "paragraphs": tuple(paragraphs),
            "headings": self.headings,
            "heading_positions": tuple(places),
            "links": tuple(moved),
        }


@dataclass(slots=True)
class Draft:
    """A body while its lines are sorted one after the other."""

    paragraphs: list[str] = field(default_factory=list)
    standfirst: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    heading_positions: list[int] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    links: list[tuple[TextLink, int | None]] = field(default_factory=list)  # and the index of its heading
    leading: list[TextLink] = field(default_factory=list)  # of the standfirst
    biography: str | None = None
    reprint_notice: str | None = None
    machinery: list[str] = field(default_factory=list)
    fates: list[tuple[Block, str]] = field(default_factory=list)
    ending: str | None = None
    edges: list[str] = field(default_factory=list)

    def paragraph(self, text: str, marker: str = "") -> None:
        """Add a paragraph; `marker`, its number in a list, goes in front, unless `text` begins with a number."""
        self.paragraphs.append(marked(marker, text))
        self.edges[1:] = [text.strip().replace("\t", "\n")]  # each cell is a line of the page
        if len(self.edges) == 1:
            self.edges *= 2

    def heading(self, text: str) -> None:
        """Add a heading before the paragraph that is added next."""
        self.headings.append(text)
        self.heading_positions.append(len(self.paragraphs))

    def idle_headings(self) -> list[str]:
        """Remove the headings that no paragraph follows, with their links, and return them, the last one first."""
        taken = []
        while self.heading_positions and self.heading_positions[-1] >= len(self.paragraphs):
            self.heading_positions.pop()
            taken.append(self.headings.pop())
        self.links = [(link, place) for link, place in self.links if place is None or place < len(self.headings)]
        return taken

    def done(self) -> Body:
        """The finished body; its paragraphs begin with the lines of the standfirst.

        If there are no other paragraphs, these lines are the text, and the body has no standfirst.
        """
        before = len(self.standfirst)
        return Body(
            (*self.standfirst, *self.paragraphs),
            tuple(self.standfirst) if self.paragraphs else (),
            tuple(self.headings),
            tuple(before + position for position in self.heading_positions),
            tuple(self.media),
            (*self.leading, *(replace(link, paragraph=before + link.paragraph) for link, _ in self.links)),
            (*(None for _ in self.leading), *(place for _, place in self.links)),
            self.biography,
            self.reprint_notice,
            tuple(self.machinery),
            tuple(self.fates),
            self.ending,
            tuple(self.edges or (self.standfirst[:1] + self.standfirst[-1:])),
        )
