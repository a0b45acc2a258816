"""How what went and came shows, also where a line through it or below it would hardly be seen."""

import re
from collections.abc import Callable

from markupsafe import Markup

from archive.diffing import is_bare
from archive.publish.formatting.filters import mixed

_UNSEEN = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


def went(text: str, lang: str) -> Markup:
    """Safe HTML of a text that went: punctuation and blanks alone stand in ⟦ ⟧, so that they are seen to."""
    told = came(text, lang)
    return Markup("⟦{}⟧").format(told) if unsaid(text) else told


def unsaid(text: str) -> bool:
    """Whether a text is punctuation and blanks alone."""
    return bool(text) and all(map(is_bare, text))


def came(text: str, lang: str) -> Markup:
    """Safe HTML of a text that came; a character that takes no room is told by its name, like [U+200B]."""
    return mixed(_UNSEEN.sub(_name, text), lang)


def weight(text: str, lang: str) -> int:
    """How many bytes a text takes on a page."""
    return len(str(mixed(text, lang)).encode())


def _name(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


FILTERS: dict[str, Callable[..., str | bool]] = {"went": went, "came": came, "unsaid": unsaid}
