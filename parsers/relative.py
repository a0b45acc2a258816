"""How long ago, as lists print it: 10分钟前, 半小时前, 刚刚, 3 hours ago."""

import re
from datetime import datetime, timedelta

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_UNITS: dict[str, tuple[timedelta, str]] = {
    **dict.fromkeys(("秒", "秒钟", "second", "sec", "s"), (timedelta(seconds=1), "second")),
    **dict.fromkeys(("分", "分钟", "分鐘", "minute", "min", "m"), (_MINUTE, "minute")),
    **dict.fromkeys(("刻", "刻钟"), (15 * _MINUTE, "minute")),
    **dict.fromkeys(("小时", "小時", "钟头", "鐘頭", "hour", "hr", "h"), (_HOUR, "hour")),
    **dict.fromkeys(("天", "日", "day", "d"), (_DAY, "day")),
    **dict.fromkeys(("周", "週", "星期", "礼拜", "week", "wk"), (7 * _DAY, "day")),
    **dict.fromkeys(("月", "month"), (30 * _DAY, "day")),
    **dict.fromkeys(("年", "year", "yr"), (365 * _DAY, "day")),
}
_CHINESE = "|".join(sorted((unit for unit in _UNITS if not unit.isascii()), key=len, reverse=True))
_ENGLISH = "|".join(sorted((unit for unit in _UNITS if unit.isascii()), key=len, reverse=True))
_WORDS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_COUNT = "|".join(sorted(_WORDS, key=len, reverse=True))
AGO = re.compile(
    rf"""
    (?P<now>刚刚|刚才|剛剛|剛才|just\ now|moments\ ago)
  | 半个?(?P<half>小时|小時|钟头|天)[之以]?前
  | (?<![\d.:])(?P<count>\d{{1,4}})\s*[个個]?\s*
        (?P<unit>(?<=[个個])月|(?!月)(?:{_CHINESE}))\s*[之以]?(?P<direction>[前后後])(?![面者])
  | (?<![\w.:])(?P<count_en>\d{{1,4}}|{_COUNT})\s*(?P<unit_en>{_ENGLISH})s?\.?\s+ago\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def read_ago(found: re.Match[str], now: datetime) -> tuple[datetime, datetime, datetime, str]:
    """Value, earliest, latest and precision of a match of AGO, told from ``now``.

    Sites round down, so 10小时前 lies between eleven and ten hours ago. One value where one is wanted: the latest
    moment for hours and days, the earliest for minutes. Raises OverflowError before the year 1.
    """
    if found["now"]:
        return now - _MINUTE, now - _MINUTE, now, "minute"
    if found["half"]:
        unit = _UNITS[found["half"]][0]
        return now - unit, now - unit, now - unit / 2, "minute"
    unit, precision = _UNITS[(found["unit"] or found["unit_en"]).lower()]
    count = _count(found["count"] or found["count_en"])
    if (found["direction"] or "前") != "前":
        return now + count * unit, now + count * unit, now + (count + 1) * unit, precision
    earliest, latest = now - (count + 1) * unit, now - count * unit
    return (latest if unit >= _HOUR else earliest), earliest, latest, precision


def _count(text: str) -> int:
    return int(text) if text.isdigit() else _WORDS[text.lower()]
