"""Chinese numerals of dates written as digits: 二〇二四年四月十三日 becomes 2024年4月13日."""

import re

_DIGITS = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    **dict.fromkeys("〇○◯Oo0", 0),  # typed by keyboards without 〇
    "两": 2,
    "兩": 2,
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_TWENTY = {"廿": 20, "卅": 30}
_NUMERAL = "零〇○◯一二三四五六七八九十百千两兩廿卅"
_UNIT = r"年|月|日|号|號|点|點|时|時|分|秒|刻|天|周|星期|礼拜|个|個|小时|小時|钟头"
# 周三, 星期三 and 初三 keep their numeral: it names a day there and is not a count.
_BEFORE_UNIT = re.compile(rf"(?<![{_NUMERAL}周期拜初第])[{_NUMERAL}]{{1,9}}(?=\s*(?:{_UNIT}))")
_YEAR = re.compile(r"[一二][零〇○◯Oo0一二三四五六七八九]{3}(?=\s*年)")
_MINUTES = re.compile(rf"(?<=[点點时時])[{_NUMERAL}]{{1,4}}(?![{_NUMERAL}刻])")
# A day without 日 is Gregorian behind a year. Without a year it is too, unless it is a feast of the lunar calendar
# (八月十五 is the Mid-Autumn Festival) or is marked as lunar. That calendar calls its first month 正月, its last one
# 腊月 and its first days 初一, 初二, so only the feasts can be confused.
_DAY_OF_YEAR = re.compile(rf"(?<=年)(\s*\d{{1,2}}\s*月)([零〇一二三四五六七八九十]{{1,3}})(?![{_NUMERAL}])")
_DAY_OF_JANUARY = re.compile(rf"(?<![\d年])(1\s*月)([一二三四五六七八九十]{{1,3}})(?![{_NUMERAL}日号號]|{_UNIT})")
_DAY_OF_MONTH = re.compile(
    r"(?<![\d年历曆闰閏])(?<![历曆年]\s)((\d{1,2})\s*月)([一二三四五六七八九十]{1,3})"
    r"(?=$|[^\w日号號]|[上下中]午|凌晨|傍晚|[早晚至到])"
)
_FEASTS = frozenset({(2, 2), (3, 3), (5, 5), (6, 6), (7, 7), (7, 15), (8, 15), (9, 9), (10, 15)})


def with_digits(text: str) -> str:
    """``text`` with the Chinese numerals of dates, times and spans of time written as digits.

    Those of weekdays (周三) stay, and those of days that may be lunar (初三; 8月十五 for 八月十五).
    """
    counted = _MINUTES.sub(_as_digits, _BEFORE_UNIT.sub(_as_digits, _YEAR.sub(_as_digits, text)))
    told = _DAY_OF_JANUARY.sub(_day_of_year, _DAY_OF_YEAR.sub(_day_of_year, counted))
    return _DAY_OF_MONTH.sub(_day_of_month, told)


def _day_of_year(found: re.Match[str]) -> str:
    return f"{found[1]}{number(found[2])}"


def _day_of_month(found: re.Match[str]) -> str:
    month, day = int(found[2]), number(found[3]) or 0
    return found[0] if (month, day) in _FEASTS or day > 31 else f"{found[1]}{day}"


def number(numeral: str) -> int | None:
    """The value of a Chinese numeral, read as a sum (二十三) or as digits in a row (二〇二四); None for other text."""
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
    lunar = numeral[0] in _TWENTY and "年" not in found.string[max(0, found.start() - 8) : found.start()]
    if value is None or lunar:
        return numeral
    # 零七年 is 07年, not 7年.
    digits = str(value).zfill(len(numeral)) if all(mark in _DIGITS for mark in numeral) else str(value)
    joined = found.string[found.start() - 1 : found.start()].isdigit()  # 2010 01 29五点
    return f" {digits}" if joined else digits
