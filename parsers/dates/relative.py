"""Relative times of lists: 10分钟前, 半小时前, 1小时20分钟前, 刚刚, 3 hours ago."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A length of time; months and years are counted on the calendar."""

    span: timedelta
    precision: str
    months: int = 0


_UNITS: dict[str, _Unit] = {
    **dict.fromkeys(("秒", "秒钟", "秒鐘", "second", "sec", "s"), _Unit(timedelta(seconds=1), "second")),
    **dict.fromkeys(("分", "分钟", "分鐘", "minute", "min", "m"), _Unit(_MINUTE, "minute")),
    **dict.fromkeys(("刻", "刻钟", "刻鐘"), _Unit(15 * _MINUTE, "minute")),
    **dict.fromkeys(("小时", "小時", "钟头", "鐘頭", "hour", "hr", "h"), _Unit(_HOUR, "hour")),
    **dict.fromkeys(("天", "日", "day", "d"), _Unit(_DAY, "day")),
    **dict.fromkeys(("周", "週", "星期", "礼拜", "禮拜", "week", "wk"), _Unit(7 * _DAY, "day")),
    **dict.fromkeys(("月", "month"), _Unit(30 * _DAY, "day", months=1)),
    **dict.fromkeys(("年", "year", "yr"), _Unit(365 * _DAY, "day", months=12)),
}
_CHINESE = "|".join(sorted((unit for unit in _UNITS if not unit.isascii()), key=len, reverse=True))
_ENGLISH = "|".join(sorted((unit for unit in _UNITS if unit.isascii()), key=len, reverse=True))
_WORDS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_COUNT = "|".join(sorted(_WORDS, key=len, reverse=True))
_MAX_MONTHS = 12 * 150  # 2020年前 means before that year, which dates nothing
# 07年以前 names a year; 3月前 names a month: months are counted with 个.
_AMOUNT = rf"""
    (?:(?!0\d)\d{{1,4}}\s*[个個]?\s*(?:[半多余餘]\s*[个個]?)?|半\s*[个個]?)\s*
    (?:(?<=[个個半多余餘])月|(?!月)(?:{_CHINESE}))\s*半?
"""
_AMOUNT_EN = rf"(?:\d{{1,4}}|\b(?:{_COUNT})\b)\s*(?:{_ENGLISH})s?\b\.?"
AGO = re.compile(
    rf"""
    (?P<now>刚刚|刚才|剛剛|剛才|just\ now|moments\ ago)
  | (?<![\d.:月年])(?<![月年]\s)(?P<amounts>(?:{_AMOUNT}[零又]?\s*){{1,3}})
        [之以]?(?P<direction>[前后後])(?![面者往来夕线沿锋景期])
  | (?<![\w.:])(?P<amounts_en>{_AMOUNT_EN}(?:(?:\s*,)?\s*(?:and\s+)?{_AMOUNT_EN}){{0,2}})\s+ago\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PIECE = re.compile(
    rf"""
    (?:(?P<count>\d{{1,4}}|\b(?:{_COUNT})\b)\s*[个個]?|(?=半))\s*(?P<half>半)?[多余餘]?\s*[个個]?\s*
    (?P<unit>{_CHINESE}|(?:{_ENGLISH})(?=s?\b))(?P<and_half>\s*半)?
    """,
    re.VERBOSE | re.IGNORECASE,
)


def read_ago(found: re.Match[str], now: datetime) -> tuple[datetime, datetime, datetime, str]:
    """Value, earliest, latest and precision of a match of AGO, relative to ``now``.

    Sites round down, so 10小时前 lies between eleven and ten hours ago. The value is the latest moment for hours and
    longer units. It is the earliest for minutes and seconds, for 半小时前, for 刚刚 (a minute ago) and for the future
    (3天后). Raises OverflowError outside the years 1 to 9999, and for more than 150 years in months or years.
    """
    if found["now"]:
        return now - _MINUTE, now - _MINUTE, now, "minute"
    pieces = list(_PIECE.finditer(found["amounts"] or found["amounts_en"]))
    unit, halved = _UNITS[pieces[-1]["unit"].lower()], bool(pieces[-1]["half"] or pieces[-1]["and_half"])
    sign = 1 if (found["direction"] or "前") != "前" else -1
    near = _moved(now, pieces, sign)
    far = near + sign * (unit.span / 2 if halved else unit.span) if not unit.months else _by_months(near, sign)
    precision = "minute" if halved and unit.span <= _DAY else unit.precision
    if sign > 0:
        return near, near, far, precision
    half_an_hour = unit.span == _HOUR and halved and len(pieces) == 1 and not pieces[0]["count"]
    return (near if unit.span >= _HOUR and not half_an_hour else far), far, near, precision


def counts_days(found: re.Match[str]) -> bool:
    """True if a match of AGO is Chinese and ends in days, so that a time of day may follow (2天前 13:45)."""
    return bool(found["amounts"]) and [*_PIECE.finditer(found["amounts"])][-1]["unit"] in "天日"


def _moved(now: datetime, pieces: list[re.Match[str]], sign: int) -> datetime:
    for piece in pieces:
        unit, count = _UNITS[piece["unit"].lower()], _count(piece["count"])
        halved = bool(piece["half"] or piece["and_half"])
        if unit.months > 1 or (unit.months and not halved):
            now = _by_months(now, sign * (count * unit.months + unit.months // 2 * halved))
        else:
            now += sign * (count + halved / 2) * unit.span
    return now


def _by_months(moment: datetime, months: int) -> datetime:
    """The moment moved by so many months, on the same day of the month or the last one that the month has.

    Raises OverflowError for more than 150 years, and outside the years 1 to 9999.
    """
    if abs(months) > _MAX_MONTHS:
        raise OverflowError(f"{months} months are no date.")
    count = moment.year * 12 + moment.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if not 1 <= year <= 9999:
        raise OverflowError(f"There is no year {year}.")
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def _count(text: str | None) -> int:
    if not text:
        return 0
    return int(text) if text.isdigit() else _WORDS[text.lower()]
