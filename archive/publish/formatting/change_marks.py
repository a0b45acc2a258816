"""HTML of deleted and inserted text, visible even if it is only invisible characters."""

import re
from collections.abc import Callable

from markupsafe import Markup

from archive.publish.formatting.filters import mixed

_UNSEEN = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


def revealed(text: str, lang: str) -> Markup:
    """Safe HTML of a changed text as by `mixed`; invisible characters except line breaks appear like [U+200B]."""
    return mixed(named_unseen(text), lang)


def named_unseen(text: str) -> str:
    """The text with every invisible character except line breaks by its code, like [U+200B]."""
    return _UNSEEN.sub(_name, text)


def weight(text: str, lang: str) -> int:
    """The number of bytes of the HTML that `mixed` makes of a text."""
    return len(str(mixed(text, lang)).encode())


def _name(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


FILTERS: dict[str, Callable[..., Markup]] = {"revealed": revealed}
