"""The part of publishers' texts that leaves the site: all of it, an excerpt, or nothing. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archive.properties import PROPERTIES
from archive.settings import TEXT_MODES, TextMode
from parsers.text import CLOSING, STOPS

if TYPE_CHECKING:  # it loads pydantic, which the process for SQL does not need
    from archive.settings import Settings

MAX_EXCERPT_CHARACTERS = 200  # its mark counted
CUT = "…"
PASSAGES = frozenset(each.name for each in PROPERTIES if each.is_passage)
"""The names of properties that are text of the publisher; an excerpt has their beginning."""
INNER = frozenset(each.name for each in PROPERTIES if each.is_inner)
"""The names of properties that repeat parts of the text, such as its headings; no excerpt has them."""
_SENTENCE_END = re.compile(rf"[{STOPS}]+[{CLOSING}]*|[.!?][\"”’)]*(?=\s)")
_TEXT_OF_ITEMS = {"related": "teaser", "media": "caption"}


@dataclass(frozen=True, slots=True)
class Rights:
    """The mode of texts by their source; `general` holds for sources without a word of their own."""

    general: TextMode = "full"
    sources: Mapping[str, TextMode] = field(default_factory=dict)

    def of(self, source: str | None) -> TextMode:
        """The mode of a source; for None, an unknown one, the strictest of all."""
        if source is None:
            return max((self.general, *self.sources.values()), key=TEXT_MODES.index)
        return self.sources.get(source, self.general)

    def strictest(self, sources: Iterable[str]) -> TextMode:
        """The strictest mode of some sources, such as those of a merged article."""
        return max(map(self.of, sources), key=TEXT_MODES.index, default=self.of(None))

    def rank(self, source: str | None) -> int:
        """The strictness of the mode of a source: 0 for full."""
        return TEXT_MODES.index(self.of(source))

    @property
    def are_full(self) -> bool:
        """True if every text leaves the site as it is."""
        return self.of(None) == "full"

    @property
    def as_json(self) -> dict[str, Any]:
        """The same as JSON, for another process and for Datasette's settings."""
        return {"general": self.general, "sources": dict(self.sources)}


FULL = Rights()


def rights_in(settings: Settings, local: bool) -> Rights:
    """The rights that the settings state. local: only this machine can reach the site."""
    return Rights(settings.publish.text or ("full" if local else "excerpt"), dict(settings.publish.sources))


def excerpt(text: str) -> str:
    """The text, or the beginning of one that is longer than MAX_EXCERPT_CHARACTERS, with `…` at the cut.

    The beginning ends with a sentence if one ends in it.
    """
    if len(text) <= MAX_EXCERPT_CHARACTERS:
        return text
    begins = text[: MAX_EXCERPT_CHARACTERS - len(CUT)]
    ends = [found.end() for found in _SENTENCE_END.finditer(begins)]
    return (begins[: ends[-1]] if ends else begins).rstrip() + CUT


def shown_text(mode: TextMode, text: str | None) -> str | None:
    """The part of a text that leaves the site in a mode; None for nothing."""
    if text is None or mode == "full":
        return text
    return excerpt(text) if mode == "excerpt" else None


def shown_details(mode: TextMode, details: str) -> str:
    """The properties in `details`, a JSON object, as they leave the site in a mode; JSON too."""
    if mode == "full":
        return details
    told = json.loads(details)
    for name in (*PASSAGES, *INNER):
        if name in told:
            told[name] = None if name in INNER else shown_text(mode, told[name])
    for name, part in _TEXT_OF_ITEMS.items():
        if name in told:
            told[name] = [_with_part(mode, item, part) for item in told[name]]
    if "metadata" in told:
        told["metadata"] = [[excerpt(str(each)) for each in pair] for pair in told["metadata"]]
    return json.dumps({name: value for name, value in told.items() if value is not None}, ensure_ascii=False)


def _with_part(mode: TextMode, item: Any, part: str) -> Any:
    return item | {part: shown_text(mode, item.get(part))} if isinstance(item, dict) else item
