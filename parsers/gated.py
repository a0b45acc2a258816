"""A pattern with its signs: words one of which stands in all that it matches, so that most texts are passed over."""

from __future__ import annotations

import re
from functools import cached_property


class Gated:
    """A rule: a pattern that is compiled when it is first used, and tried only on texts that show one of its signs.

    Signs are words with blanks between them, in lower case where the pattern ignores case. None: every text is tried.
    """

    def __init__(self, pattern: str, signs: str = "", flags: int = 0) -> None:
        self.source, self.signs, self.flags = pattern, tuple(signs.split()), flags

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.source, self.flags)

    def may(self, text: str) -> bool:
        """Whether the text shows a sign; without one the pattern cannot match in it."""
        if not self.signs:
            return True
        text = text.lower() if self.flags & re.IGNORECASE else text
        return any(sign in text for sign in self.signs)

    def search(self, text: str) -> re.Match[str] | None:
        """The first match anywhere in the text."""
        return self.pattern.search(text) if self.may(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        """The match at the text's start."""
        return self.pattern.match(text) if self.may(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match of the whole text."""
        return self.pattern.fullmatch(text) if self.may(text) else None
