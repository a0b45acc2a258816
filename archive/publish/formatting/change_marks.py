"""HTML of deleted and inserted text, visible even if it is only punctuation, blanks or invisible characters."""

import re
from collections.abc import Callable

from markupsafe import Markup

from archive.diffing import is_bare
from archive.publish.formatting.filters import mixed

_UNSEEN = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


def went(text: str, lang: str) -> Markup:
    """Safe HTML of deleted text, as by `came`; in ⟦ ⟧ if it is `unsaid`.

    A strike-through would hardly be seen on mere punctuation and blanks.
    """
    told = came(text, lang)
    return Markup("⟦{}⟧").format(told) if unsaid(text) else told


def unsaid(text: str) -> bool:
    """True if the text is not empty, and only punctuation, blanks and control characters."""
    return bool(text) and all(map(is_bare, text))


def came(text: str, lang: str) -> Markup:
    """Safe HTML of inserted text as by `mixed`; invisible characters except line breaks appear like [U+200B]."""
    return mixed(_UNSEEN.sub(_name, text), lang)


def weight(text: str, lang: str) -> int:
    """The number of bytes of the HTML that `mixed` makes of a text."""
    return len(str(mixed(text, lang)).encode())


def _name(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


FILTERS: dict[str, Callable[..., str | bool]] = {"went": went, "came": came, "unsaid": unsaid}
