"""The origin of values: texts that keep the place that gave them, and records of decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol


class Place(Protocol):
    """Anything that was searched for a value; `rule` names it in words."""

    @property
    def rule(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A place that is not an element of the page: a sentence about the decision."""

    rule: str


class Text(str):
    """A text from a page with the place that gave it; `raw` is the text as printed, `note` how it was understood."""

    place: Place
    raw: str
    note: str = ""


def text_from(place: Place, text: str, raw: str | None = None) -> Text:
    """The text with a place; one that has a place already keeps it."""
    if isinstance(text, Text):
        return text
    found = Text(text)
    found.place, found.raw = place, text if raw is None else raw
    return found


def made_of(value: str, text: str) -> str:
    """A value made of a text, with that text's place; a plain string if the text has none."""
    return text_from(text.place, str(value), text.raw) if isinstance(text, Text) else value


def noted(text: str, note: str) -> str:
    """The text with its place and a note; a plain string if it has no place."""
    if not isinstance(text, Text):
        return text
    found = Text(text)
    found.place, found.raw, found.note = text.place, text.raw, note
    return found


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision for a value: the rules, the texts that it was read from, and their line on the page."""

    rule: str
    texts: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    line: str | None = None


def decided_by(value: Any) -> Decided | None:
    """The decision for one or several texts with places; None for no value, and for plain strings."""
    texts = [text for text in _several(value) if isinstance(text, Text)]
    if not texts:
        return None
    places = tuple(dict.fromkeys(text.place for text in texts))
    rule = ", ".join([" and ".join(dict.fromkeys(place.rule for place in places)), *_notes(texts)])
    return Decided(rule, tuple(dict.fromkeys(text.raw for text in texts)), places)


def _notes(texts: list[Text]) -> list[str]:
    return [note for note in dict.fromkeys(text.note for text in texts) if note]


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, tuple) else (value,)


def plain(value: str | None) -> str | None:
    """The value as an ordinary string."""
    return None if value is None else str(value)


def plain_all(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values as ordinary strings."""
    return tuple(map(str, values))
