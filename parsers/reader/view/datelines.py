"""Types for a date in a short line of a page, and for the offsets of headline and body in its visible text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Meaning = Literal["published", "updated", "written", "other"]


@dataclass(frozen=True, slots=True)
class Dateline:
    """A date as it stands on the page, its rank (higher: likelier the article's), and its meaning."""

    raw: str
    rank: float
    meaning: Meaning = "published"
    place: int = 0  # in the visible text


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The page's visible text with the offsets of headline and body in it.

    `titles` are the offsets after each occurrence of the headline. `body` is the offset of the body's first line, the
    end of the text if it is not found. `end` is an offset in the body's last line; if that is not found the offset of
    the first line, 0 without both.
    """

    text: str
    titles: tuple[int, ...]
    body: int
    end: int
