"""Chinese numerals of dates turned into digits: 二〇二四年四月十三日 becomes 2024年4月13日."""

import re

_DIGITS = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    "〇": 0,
    "○": 0,
    "Ｏ": 0,
    "两": 2,
    "兩": 2,
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_TWENTY = {"廿": 20, "卅": 30}
_NUMERAL = "零〇○Ｏ一二三四五六七八九十百千两兩廿卅"
_UNIT = r"年|月|日|号|號|点|點|时|時|分|秒|刻|天|周|星期|礼拜|个|個|小时|小時|钟头"
# 周三, 星期三 and 初三 keep their numeral: there it names a day and counts nothing.
_BEFORE_UNIT = re.compile(
    rf"(?<![{_NUMERAL}周期拜初第])[{_NUMERAL}]{{1,9}}(?=\s*(?:{_UNIT}))|(?<=[月点點时時])[{_NUMERAL}]{{1,4}}(?![{_NUMERAL}])"
)


def with_digits(text: str) -> str:
    """``text`` with the numerals that count years, months, days and hours written as digits."""
    return _BEFORE_UNIT.sub(_as_digits, text)


def number(numeral: str) -> int | None:
    """The value of a Chinese numeral, read as a sum (二十三) or as digits in a row (二〇二四)."""
    if not numeral or not all(mark in _DIGITS or mark in _TENS or mark in _TWENTY for mark in numeral):
        return None
    if all(mark in _DIGITS for mark in numeral):
        return int("".join(str(_DIGITS[mark]) for mark in numeral))
    total = pending = 0
    for mark in numeral:
        if mark in _TENS:
            total += (pending or 1) * _TENS[mark]
            pending = 0
        elif mark in _TWENTY:
            total += _TWENTY[mark]
        else:
            pending = _DIGITS[mark]
    return total + pending


def _as_digits(found: re.Match[str]) -> str:
    numeral = found[0]
    value = number(numeral)
    if value is None:
        return numeral
    # 零七年 is 07年, not 7年.
    return str(value).zfill(len(numeral)) if all(mark in _DIGITS for mark in numeral) else str(value)
