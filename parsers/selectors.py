"""Selectors in a source's declaration for headline, body, date and authors of its pages."""

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
    """CSS selectors of a page's parts. Without one (None), and where it finds nothing, the page class finds the part.

    script selects the <script> that holds the article as JSON: the others are then paths of names in it, with dots.
    edition counts the sets of selectors by which an archive has read a source, 0 before the first. It is part of the
    parser version, so that a later declaration is the newer reading, even one that takes selectors away.
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
        """The selectors that are given, by the name of their part, with `script` and without `edition`."""
        return {name: value for name, value in asdict(self).items() if name != "edition" and value is not None}

    @property
    def places(self) -> dict[str, str]:
        """The selectors that are given, by part, but not `script`; with a script they are paths in its JSON."""
        return {name: value for name, value in self.said().items() if name != "script"}

    @property
    def digest(self) -> str:
        """The first 6 hex digits of the SHA-256 of the selectors, without `edition`; "none" without any selector."""
        text = json.dumps(self.said(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_CHARACTERS] if self else "none"

    def version(self, parser: str) -> str:
        """The version of a parser that reads with these selectors: "4" becomes "4+sel1.0a1b2c"; edition 0 keeps "4"."""
        return f"{parser}+sel{self.edition}.{self.digest}" if self.edition else parser

    @classmethod
    def of(cls, said: Any, edition: int = 0) -> Self:
        """The selectors in a declaration's JSON object; unknown names and values that are not text are ignored.

        NO_SELECTORS, except for the edition, if `said` is no object.
        """
        told = said if isinstance(said, dict) else {}
        names = [field.name for field in fields(cls) if field.name != "edition"]
        return cls(**{name: told[name] for name in names if isinstance(told.get(name), str)}, edition=edition)


NO_SELECTORS = Selectors()


def require_selector(text: str) -> str:
    """Return a CSS selector unchanged; raise ValueError if it is invalid (Selectors Level 4) or too long."""
    if len(text) > MAX_SELECTOR_CHARACTERS:
        raise ValueError(f"a selector has at most {MAX_SELECTOR_CHARACTERS} characters, this one has {len(text)}")
    try:
        LexborHTMLParser("<p>").css(text)
    except SelectolaxError:
        raise ValueError(f'{text!r} is no CSS selector, such as "h1.title" or "#content"') from None
    return text
