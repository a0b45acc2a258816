"""Selectors: where a source's declaration says that headline, body, date and authors stand on its pages."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

MAX_SELECTOR_CHARACTERS = 500
DIGEST_CHARACTERS = 6  # of a parser version


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors of a page's parts; None: the page class, or the general reader, finds it.

    script selects the <script> that holds the article as JSON: the others are then paths of names in it, with dots.
    edition counts the selectors that one archive has read a source by: 0 until there were any. It stands in the
    parser version, so that what was declared later is the newer reading, also when selectors are taken away.
    """

    headline: str | None = None
    body: str | None = None
    date: str | None = None
    authors: str | None = None
    script: str | None = None
    edition: int = 0

    def __bool__(self) -> bool:
        return any(self.said().values())

    def said(self) -> dict[str, str]:
        """The selectors that are there, by what they find."""
        return {name: value for name, value in asdict(self).items() if name != "edition" and value is not None}

    @property
    def places(self) -> dict[str, str]:
        """Where each part stands, by its name: a selector, or a path in the script's JSON."""
        return {name: value for name, value in self.said().items() if name != "script"}

    @property
    def digest(self) -> str:
        """Which selectors these are, in a few characters."""
        text = json.dumps(self.said(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_CHARACTERS] if self else "none"

    def version(self, parser: str) -> str:
        """The version of a parser that reads by them: "4", "4+sel1.0a1b2c"."""
        return f"{parser}+sel{self.edition}.{self.digest}" if self.edition else parser

    @classmethod
    def of(cls, said: Any, edition: int = 0) -> Self:
        """The selectors that a declaration in JSON says; what it does not say as text is not there."""
        told = said if isinstance(said, dict) else {}
        names = [field.name for field in fields(cls) if field.name != "edition"]
        return cls(**{name: told[name] for name in names if isinstance(told.get(name), str)}, edition=edition)


NO_SELECTORS = Selectors()


def require_selector(text: str) -> str:
    """The selector itself; raises ValueError with one line for what is no CSS selector (Selectors Level 4)."""
    if len(text) > MAX_SELECTOR_CHARACTERS:
        raise ValueError(f"a selector has at most {MAX_SELECTOR_CHARACTERS} characters, this one has {len(text)}")
    try:
        LexborHTMLParser("<p>").css(text)
    except SelectolaxError:
        raise ValueError(f'{text!r} is no CSS selector, such as "h1.title" or "#content"') from None
    return text
