"""The numbers that browsers show in front of the items of ordered lists."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from parsers.reader.body.thresholds import MAX_LIST_NUMBER

STYLE = re.compile(
    r"list-style(?:-type)?\s*:[^;]{0,60}?\b(none|decimal|(?:lower|upper)-(?:alpha|latin|roman)|cjk-[a-z-]+)"
)
# Names of the kinds of numbers, in the attribute type and in the style.
KINDS = {
    "1": "decimal",
    "a": "lower-alpha",
    "A": "upper-alpha",
    "i": "lower-roman",
    "I": "upper-roman",
    "lower-latin": "lower-alpha",
    "upper-latin": "upper-alpha",
}
ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)
NUMERALS = "〇一二三四五六七八九"
NUMBER = re.compile(r"-?\d{1,9}")
# A text that begins with a number of its own.
NUMBERED = re.compile(
    r"[（(\[【]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[a-zA-Z]|[ivxIVX]{1,5})(?:[、）)\]】]|[.．](?!\d))|[①-⑳❶-❿⑴-⒇]|第[一二三四五六七八九十\d]{1,3}[条章节、]"
)
OF_ANOTHER_KIND = "h1, h2, h3, h4, h5, h6, article, section, time"  # items that hold them are entries of a page


class Numbers:
    """Counts the items of each ordered list as they are read."""

    def __init__(self) -> None:
        self.next: dict[int, tuple[int, int, str]] = {}  # mem_id of a list -> number of its next item, step, kind

    def of(self, item: LexborNode) -> str:
        """The number shown in front of an item of an ordered list, such as "2. "; "" if no number is shown.

        Each call counts one item on, also if it returns "": call it once for each item, in order.
        """
        parent = item.parent
        if parent is None or parent.tag != "ol":
            return ""
        number, step, kind = self.next.get(parent.mem_id) or _opened(parent)
        told = (item.attributes.get("value") or "").strip()
        if NUMBER.fullmatch(told):
            number = int(told)
        self.next[parent.mem_id] = number + step, step, kind
        return "" if kind == "none" or item.css_first(OF_ANOTHER_KIND) is not None else _written(number, kind)


def marked(marker: str, text: str) -> str:
    """The text with its number in front, unless it begins with a number of its own.

    >>> marked("2. ", "发展目标"), marked("2. ", "二、发展目标")
    ('2. 发展目标', '二、发展目标')
    """
    if not marker or NUMBERED.match(text) or text.startswith(marker.rstrip(". ") + " "):
        return text
    return marker + text


def _opened(numbered: LexborNode) -> tuple[int, int, str]:
    """The number of a list's first item, the step to the next one (1, or -1 if reversed), and the kind of numbers.

    The kind is a value of KINDS, "none" or another name in the list's style; "decimal" if the list gives none.
    """
    attributes = numbered.attributes
    backwards = "reversed" in attributes
    told = (attributes.get("start") or "").strip()
    if NUMBER.fullmatch(told):
        start = int(told)
    else:
        start = sum([1 for child in numbered.iter() if child.tag == "li"]) if backwards else 1
    style = STYLE.search((attributes.get("style") or "")[:500].lower())
    kind = style[1] if style else (attributes.get("type") or "1").strip()
    return start, -1 if backwards else 1, KINDS.get(kind, kind)


def _written(number: int, kind: str) -> str:
    if not 0 < number <= MAX_LIST_NUMBER:
        return f"{number}. "
    if kind.startswith("cjk"):
        return f"{_han(number)}、" if number < 100 else f"{number}、"
    small = _roman(number) if kind.endswith("roman") else _alphabetic(number) if kind.endswith("alpha") else None
    return f"{number}. " if small is None else f"{small.upper() if kind.startswith('upper') else small}. "


def _roman(number: int) -> str:
    written = ""
    for value, letters in ROMAN:
        written += letters * (number // value)
        number %= value
    return written


def _alphabetic(number: int) -> str:
    written = ""
    while number:
        number, letter = divmod(number - 1, 26)
        written = chr(ord("a") + letter) + written
    return written


def _han(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else NUMERALS[tens] + "十") + (NUMERALS[ones] if ones else "")
