"""Number and signature in the text of a policy document, for pages without a block.

The forms are those of GB/T 9704-2012, 7.2.5 and 7.3.5: 国发〔2019〕5号 under the headline; after the text the office,
and below it the day in Arabic numerals without noughts (older ones in Chinese numerals).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from parsers.reader.body.thresholds import MAX_SIGNATURE_CHARACTERS, MAX_SIGNED_LINES
from parsers.text import HAN

NUMBER = re.compile(
    rf"(?:(?:发文|公文)?(?:文号|字号)[:：\s]\s{{0,4}})?[（(]?(?P<number>[{HAN}\s]{{1,30}}(?:[〔﹝\[［（(【]\s?(?:19|20)\d\d\s?[〕﹞\]］）)】]\s?第?\s?\d{{1,5}}\s?号"
    r"|(?:令|公告|通告)\s?(?:〔?(?:19|20)\d\d年?〕?\s?)?(?:\d{4}年\s?)?第?\s?[\d一二三四五六七八九十百零〇]{1,6}\s?号))[）)]?"
)
_NUMERAL = "[一二三四五六七八九十]"
_DAY = (
    r"(?:(?:19|20)\d\d|[一二][零〇○ＯO0一二三四五六七八九]{3})\s?年"
    rf"\s?(?:[1-9]|1[0-2]|{_NUMERAL}{{1,2}})\s?月\s?(?:[1-9]|[12]\d|3[01]|{_NUMERAL}{{1,3}})\s?日"
)
# Ends of the names of offices.
_OFFICE = (
    r"(?:国务院|人大常委会|常务委员会|委员会|[省市县区州盟旗]委|中央|政府|办公[厅室]|[部局厅署院会委办司行]|总队|支队|大队|中心|协会|学会"
    r"|总工会|联合会|集团|公司|大学|学院|海关|领导小组|指挥部)"
)
DAY = re.compile(_DAY)
OFFICES = re.compile(rf"[{HAN}（）\s、]{{0,80}}{_OFFICE}(?:（[{HAN}]{{1,8}}）)?")
BOTH = re.compile(rf"[{HAN}]{{0,24}}{_OFFICE}\s{{0,8}}(?P<day>{_DAY})")


def signed_fields(lines: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The pairs of 文号 and 成文日期 with their values in the lines of a text, in this order, without a missing one.

    The number is the first. The day is the first that an office signs; without one, but with a number, the last line
    that is only a day.

    >>> signed_fields(["国发〔2019〕5号", "国务院", "2019年1月27日"])
    (('文号', '国发〔2019〕5号'), ('成文日期', '2019年1月27日'))
    """
    short = [line.strip() for line in lines[:MAX_SIGNED_LINES]]
    short = [line if len(line) <= MAX_SIGNATURE_CHARACTERS else "" for line in short]
    number = next((found["number"] for line in short if (found := NUMBER.fullmatch(line))), None)
    day = _signed(short) or (_alone(short) if number else None)
    return tuple([(name, value) for name, value in (("文号", number), ("成文日期", day)) if value])


def _signed(lines: Sequence[str]) -> str | None:
    """The first day on the line below an office's name, or after it on the same line; None without one."""
    for above, line in pairwise(["", *lines]):
        if both := BOTH.fullmatch(line):
            return both["day"]
        if DAY.fullmatch(line) and OFFICES.fullmatch(above):
            return line
    return None


def _alone(lines: Sequence[str]) -> str | None:
    """The last line that is only a day, which in a document with a number is the signature's; None without one."""
    return next((line for line in reversed(lines) if DAY.fullmatch(line)), None)
