"""Dates in short lines of a page, and the places of headline and body in its visible text."""

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
    """The page's visible text with the places of the headline and of the first and last body line in it."""

    text: str
    titles: tuple[int, ...]
    body: int
    end: int
