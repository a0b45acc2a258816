"""Dates in short lines of a page, and where headline and body stand in its visible text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Meaning = Literal["published", "updated", "written", "other"]


@dataclass(frozen=True, slots=True)
class Dateline:
    """A date as it stands on the page, how likely it is that of the article, and what it is said to be the day of."""

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
