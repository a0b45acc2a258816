"""The origin of values: texts that keep the place that gave them, and records of decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol


class Place(Protocol):
    """The origin of a value, such as a Candidate or a Rule; `rule` names it in words."""

    @property
    def rule(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """An origin that is no element of the page; `rule` says in words how a value was decided."""

    rule: str


class Text(str):
    """A text from a page with the place that gave it; `raw` is the text as printed.

    `note` says how it was understood, "" if there is nothing to say.
    """

    place: Place
    raw: str
    note: str = ""


def text_from(place: Place, text: str, raw: str | None = None) -> Text:
    """The text as a `Text` with this place and with `raw`, the text as printed; a `Text` is returned unchanged.

    Without `raw` the text itself counts as printed.
    """
    if isinstance(text, Text):
        return text
    found = Text(text)
    found.place, found.raw = place, text if raw is None else raw
    return found


def made_of(value: str, text: str) -> str:
    """The value as a `Text` with the place and the `raw` of `text`, which it was made of.

    A note of `text` is not kept. The value itself if `text` is no `Text`.
    """
    return text_from(text.place, str(value), text.raw) if isinstance(text, Text) else value


def noted(text: str, note: str) -> str:
    """For a `Text` a new one like it, with this note alone; any other text unchanged."""
    if not isinstance(text, Text):
        return text
    found = Text(text)
    found.place, found.raw, found.note = text.place, text.raw, note
    return found


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision for a value: the rules in words, and the texts as printed and places that it was read from.

    `texts` and `places` are () for a value that was computed from others; `line` is always None.
    """

    rule: str
    texts: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    line: str | None = None


def decided_by(value: Any) -> Decided | None:
    """The decision for a text or a tuple of texts; None if no `Text`, which knows its place, is among them.

    Its rule joins the rules of their places by " and ", each once, then their notes by ", "; other texts do not count.
    """
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
    """The value as an ordinary string, without its place; None stays None."""
    return None if value is None else str(value)


def plain_all(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values as ordinary strings, without their places."""
    return tuple(map(str, values))
