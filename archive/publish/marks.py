"""How what went shows where a line through it would hardly be seen."""

import unicodedata
from collections.abc import Callable

from markupsafe import Markup

from archive.publish.shown import mixed


def bare(text: str) -> bool:
    """Whether a text is punctuation and blanks alone (general categories P, Z, C and M of Unicode 4.5)."""
    return bool(text) and all(unicodedata.category(character)[0] in "PZCM" for character in text)


def went(text: str, lang: str) -> Markup:
    """Safe HTML of a text that went: punctuation alone stands in ⟦ ⟧."""
    return Markup("⟦{}⟧").format(mixed(text, lang)) if bare(text) else mixed(text, lang)


FILTERS: dict[str, Callable[..., str]] = {"went": went}
