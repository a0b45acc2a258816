"""Decide if a change is substantive: width, blanks, shapes of marks, counters and the editor line are not.

`parsers.text.counters` defines counters, as for the reader: archived values may contain counters that the parser of an
earlier version took for text.
"""

import re
import unicodedata
from typing import Literal

from archive.properties import may_be_substantive
from parsers.reader import WORDS
from parsers.text import before_counter, is_counter, without_glued_counter

Significance = Literal["substantive", "cosmetic"]


def _widths() -> dict[int, str]:
    """A table for `str.translate` from full- and half-width forms to the usual characters.

    NFKC would fold `10²` to `102` and `①` to `1` too.
    """
    found: dict[int, str] = {}
    for code in (0x3000, *range(0xFF01, 0xFFEF)):
        kind, _, other = unicodedata.decomposition(chr(code)).partition(" ")
        if kind in ("<wide>", "<narrow>"):
            found[code] = chr(int(other, 16))
    return found


# Shapes of the same mark. An added or removed mark is a substantive change: quotation marks and 书名号 mark quotations.
_MARKS = str.maketrans(
    {
        **dict.fromkeys("“”„‟「」『』〝〞", '"'),
        **dict.fromkeys("‘’‚‛`´", "'"),
        **dict.fromkeys("‐‑‒–—―−─", "-"),
        **dict.fromkeys("•・‧∙･", "·"),
        "〜": "~",
        "⋯": "…",
        "。": ".",
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"),
    }
)
_FORMS = {**_widths(), **_MARKS}
_DASH = re.compile("-{2,}")
_ELLIPSIS = re.compile(r"(?:…|\.{3})+")
_LATIN = "0-9A-Za-z\u00c0-\u024f"
_IDLE_SPACE = re.compile(rf"(?<![{_LATIN}]) | (?![{_LATIN}])")

_FIELD = re.compile(r"(?P<name>[^\n:：]{0,60})(?P<colon>[:：]\s?)(?P<value>.*)", re.DOTALL)
_COUNT = re.compile("[0-9０-９:：]")


def significance_of(name: str, before: str | None, after: str | None) -> Significance:
    """ "cosmetic" if both texts differ in nothing but width, blanks, shapes of marks and counters, else "substantive".

    Equal texts are "cosmetic" too. Counters are what a site adds by itself, such as `阅读：12` or `3小时前`. `name` is
    the property; of some, such as `editors`, every change is cosmetic. None counts as an empty text.
    """
    same = not may_be_substantive(name) or _said(name, before) == _said(name, after)
    return "cosmetic" if same else "substantive"


def _said(name: str, text: str | None) -> str:
    """A property's text for comparison: without counters, and with one form of each width, blank and mark.

    A headline keeps its counters, and `body_text` those between its other lines.
    """
    lines = (text or "").split("\n")
    if name == "body_text":
        lines = _between_counters(lines)
    elif name == "metadata":
        lines = [_field(line) for line in lines if not _is_count(line)]
    elif name in ("source_line", "authors"):
        lines = ["" if is_counter(line) else before_counter(line) for line in lines]
    elif name != "headline":
        lines = [before_counter(line, surely=True) for line in lines if not _is_count(line)]
    return _folded("\n".join(lines))


def _field(line: str) -> str:
    """A line `label: value` with its value cut before a counter; any other line is unchanged."""
    found = _FIELD.fullmatch(line)
    if found is None:
        return line
    name, value = found["name"], found["value"]
    return name + found["colon"] + ("" if _is_count(value) else before_counter(value, surely=name in WORDS))


def _is_count(line: str) -> bool:
    """True if a line is a counter with digits or a colon; 昨天 and 打印 alone may be keywords."""
    return is_counter(line) and _COUNT.search(line) is not None


def _between_counters(lines: list[str]) -> list[str]:
    """The lines of a text without the counters before and after it, nor one at the end of its last line.

    Of that last line the text before its counter stays. Unchanged if it has only counters.
    """
    begin, end = 0, len(lines)
    while begin < end and is_counter(lines[begin]):
        begin += 1
    while begin < end and is_counter(lines[end - 1]):
        end -= 1
    return [*lines[begin : end - 1], without_glued_counter(lines[end - 1])] if begin < end else lines


def _folded(text: str) -> str:
    marks = unicodedata.normalize("NFC", text.translate(_FORMS)).translate(_MARKS)
    marks = _ELLIPSIS.sub("…", _DASH.sub("-", marks))
    return _IDLE_SPACE.sub("", " ".join(marks.split()))
