"""Days in the forms that pages print: numeric, Chinese, English, without a year, or relative to today."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from parsers.text import CASELESS_HAN

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_MONTH = "|".join(_MONTHS)
_SHIFTS = {
    **dict.fromkeys(
        ("今天", "今日", "当天", "當天", "本日", "今儿", "今兒", "今儿个", "今兒個", "今晨", "今早", "今晚", "今夜"), 0
    ),
    **dict.fromkeys(("当晚", "today", "tonight", "this morning", "this afternoon", "this evening", "今"), 0),
    **dict.fromkeys(("昨天", "昨日", "昨晚", "昨夜", "昨晨", "昨早", "昨儿", "昨兒", "昨儿个", "昨兒個"), -1),
    **dict.fromkeys(("yesterday", "last night", "昨"), -1),
    **dict.fromkeys(
        ("前天", "前日", "前晚", "前夜", "前儿", "前兒", "前儿个", "前兒個", "一昨日", "day before yesterday"), -2
    ),
    **dict.fromkeys(("明天", "明日", "明晚", "明晨", "明早", "明儿", "明兒", "明儿个", "明兒個", "tomorrow"), 1),
    **dict.fromkeys(("后天", "後天", "后日", "後日", "后晚", "後晚", "后儿", "後兒", "后儿个", "後兒個"), 2),
    "day after tomorrow": 2,
}
# 今 and 昨 alone count only before a part of the day: 昨下午3点.
_SHIFT = "|".join(
    re.escape(word) + ("(?=[上下中]午|凌晨|傍晚)" if len(word) == 1 else "")
    for word in sorted(_SHIFTS, key=len, reverse=True)
)
# 此前日本, 如今天气, 说明日期: there the two characters belong to two words. 今日头条 and 今日早报 are publishers.
_WITHIN_WORDS = "[之以今此目日提先当當说說声聲证證表如至迄古最]"
_GOES_ON = f".[儿兒][童女科歌]|日[本均期]|今日(?:头条|頭條|俄罗斯|美国|中国|{CASELESS_HAN}{{1,3}}[报報网網刊](?!道))"
_YEAR_SHIFTS = {"今": 0, "本": 0, "去": -1, "前": -2, "大前": -3, "明": 1, "后": 2, "後": 2}
_WEEKDAYS = {mark: place % 7 for place, mark in enumerate("一二三四五六日天")} | {"天": 6, "日": 6}
_STEPS = {"上": -1, "本": 0, "这": 0, "這": 0, "下": 1}
# 4月12家企业, 4月30万人次: a count, and not a day.
_COUNTED = "[个個家人名位次万萬亿億元天项項种種件条條篇岁歲国國省余餘多]"
_ENGLISH_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TO = "(?:[-~〜～–]|—{1,2}|--|至|到)"

_SEPARATOR = "[-/.·‐‑–—]"
_DASHES = "-‐‑–—"
_A_YEAR = r"\.?\s*[-,|]?\s*\d+(?!\d?:)"  # a number that is not an hour

DAY = re.compile(
    rf"""
    (?<![\d历曆])(?<!\d[-/.·])(?P<y>\d{{4}})(?:
        \s?(?P<sep>[-/.·‐‑–—])\s?(?P<m>\d{{1,2}})\s?(?P=sep)\s?
            (?P<d>\d{{2}}(?=\d{{2}}:\d{{2}})|\d{{1,2}}(?!\d|\.\d))
      | \s*年\s*(?P<m_zh>\d{{1,2}})\s*月份?\s*
            (?P<d_zh>\d{{1,2}})(?:\s*[日号號]|(?=\s*{_TO}\s*\d{{1,2}}[日号號])|(?!\d|\s*[-—至到]|{_COUNTED}))
      | \s?(?P<sep_y>{_SEPARATOR}|年)\s?(?P<m_mix>\d{{1,2}})\s?(?P<sep_m>{_SEPARATOR}|月)\s?(?P<d_mix>\d{{1,2}})
            (?:\s?[日号號]|(?!\d|\s?[-/.·‐‑–—至到]\s?\d|\s?[月期季批辑卷]|{_COUNTED}))
      | \s(?P<m_sp>\d{{2}})\s(?P<d_sp>\d{{2}})(?!\d)
    )
  | \b(?P<mon>{_MONTH})\.?\s*[-,]?\s*(?P<d_en>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*[,|·-]\s*|\s+)(?P<y_en>\d{{4}})(?![\d:])
  | (?<![\d/.-])(?P<y_ymd>\d{{4}})[\s,-]{{1,2}}(?P<mon_ymd>{_MONTH})\.?[\s-]{{1,2}}(?P<d_ymd>\d{{1,2}})(?![\d:])
  | (?<!\d)(?P<d_dm>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+|\s*[-/.]\s*)(?:of\s+)?(?P<mon_dm>{_MONTH})\.?
        (?:\s*[-/,.]\s*|\s+)(?P<y_dm>\d{{4}}|\d{{2}}(?=\s\d\d:))(?!\d)
  | \b(?P<mon_c>{_MONTH})\s+(?P<d_c>\d{{1,2}})\s+(?=[\d:]{{5,8}}\s+(?:[A-Z]{{3,4}}\s+)?(?P<y_c>\d{{4}})\b)
  | (?<!\d)(?<!\d[-/.])(?P<n1>\d{{1,2}})(?P<sep_us>[-/.])(?P<n2>\d{{1,2}})(?P<sep_us_y>[-/.])
        (?P<y_us>\d{{4}})(?!\d|[-/.]\d)
  | (?<!\d)(?P<yy>\d{{2}})年(?P<yy_m>\d{{1,2}})月(?P<yy_d>\d{{1,2}})(?:[日号號]|(?!\d))
  | (?:(?P<rel_y>大前|[今本去前明后後])年的?\s*)?(?<![\d历曆闰閏])(?<!\d[年/.-])(?P<m_no>\d{{1,2}})(?:
        \s?月\s?(?P<d_no>\d{{1,2}})(?:\s?[日号號]|(?!\d|日|{_COUNTED}))
        |[-/·](?P<d_slash>\d{{1,2}})(?:[日号號]|(?=\s+\d{{1,2}}:\d{{2}})))
  | (?:(?P<rel_y2>大前|[今本去前明后後])年的?\s*)?(?P<rel_m>(?:上{{1,2}}|这|這|下{{1,2}})[个個]?|本|同|当|當)月份?\s*
        (?P<d_rel>\d{{1,2}})[日号號]
  | (?<!{_WITHIN_WORDS})(?!{_GOES_ON})(?P<shift>(?:大{{1,3}}(?=[前后後][天日]))?(?:{_SHIFT}))
        (?!期|{CASELESS_HAN}{{0,6}}[之以][前后])
  | (?P<week>(?:上{{1,2}}|这|這|下{{1,2}})一?[个個]?|本)?(?:[周週](?=[周週]|星期))?(?:[周週]|星期|礼拜|禮拜)
        (?P<wd>[一二三四五六日天])(?!{CASELESS_HAN}?刊|年|报|[至到])
  | (?:(?P<week_en>last|this|on|next)\s*)?\b(?P<wd_en>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b
  | \b(?<!\d\s)(?P<mon_no>{_MONTH})\.?\s+(?P<d_en_no>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?!{_A_YEAR})
  | (?<![\d:.,/-])(?P<d_dm_no>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<mon_dm_no>{_MONTH})\b(?!{_A_YEAR})
  | (?<![\d第〕）)\]】月])(?<!月\s)(?P<d_only>\d{{1,2}})(?:
        日(?!{CASELESS_HAN}{{0,6}}[前后])
        |[号號](?!{CASELESS_HAN}|-(?!\d{{1,2}}[日号號]))|[号號](?=[上下]午|[早晚]|凌晨|中午|星期|周))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WITH_MONTH_NAMES = (
    ("y_en", "mon", "d_en"),
    ("y_ymd", "mon_ymd", "d_ymd"),
    ("y_dm", "mon_dm", "d_dm"),
    ("y_c", "mon_c", "d_c"),
)
_RECURRING = re.compile(r"(?:每逢?|每(?:年|[个個]?月|[周週]|星期)的?)\s?$")
_RANGE = re.compile(rf"\s*{_TO}\s*")
_EARLIEST_YEAR, _LATEST_YEAR = 1800, 2999


class ImpossibleDayError(ValueError):
    """A day that no calendar has, or that the page's words do not determine."""


def names_its_year(found: re.Match[str]) -> bool:
    """True if a match of DAY is a whole date, which can be read without knowing today."""
    return any(found.group("y", "y_en", "y_ymd", "y_dm", "y_c", "y_us", "yy"))


def recurs(text: str, found: re.Match[str]) -> bool:
    """True if a match of DAY in ``text`` recurs (每周六, 每年3月15日) and so is not one day."""
    return bool(_RECURRING.search(text[max(0, found.start() - 5) : found.start()]))


def range_end(between: str, found: re.Match[str], begin: date) -> date | None:
    """The last day of a range, 2024年4月12日至19日, if ``found`` is such an end (19日, 4月19日); else None.

    Between the days stands nothing but 至, 到, ~ or a dash: ``between`` is the text there, ``begin`` the first day,
    ``found`` a match of DAY. Raises ImpossibleDayError for a last day that the calendar does not have.
    """
    bare = found["d_only"] or (found["m_no"] and not found["rel_y"])
    if not bare or not _RANGE.fullmatch(between):
        return None
    if found["d_only"]:
        return _calendar_day(begin.year, begin.month, int(found["d_only"]))
    month, day = int(found["m_no"]), int(found["d_no"] or found["d_slash"])
    return _calendar_day(begin.year + (month < begin.month), month, day)


def read_day(found: re.Match[str], today: date | None) -> tuple[date, bool]:
    """The day of a match of DAY, and True for a word such as 昨天 or 上周六, False for a date (also 去年3月1日, 5日).

    3月1日 and 5日 are the latest such day up to ``today``; 去年3月1日 and 下月5日 count from today's year or month.
    Raises ImpossibleDayError for 30 February, for a day that needs ``today`` without one, and for words that leave the
    day open: 03/04/2024 and 2024年4-5 may be two, "may 3" may be none.
    """
    if found["y"]:
        return _of_year(found), False
    for year, name, day in _WITH_MONTH_NAMES:
        if found[name]:
            return _calendar_day(_full_year(found[year]), _MONTHS[found[name].lower()], int(found[day])), False
    if found["y_us"]:
        separator = found["sep_us"] if found["sep_us"] == found["sep_us_y"] else "/"
        return _numeric(int(found["n1"]), int(found["n2"]), int(found["y_us"]), separator), False
    if found["yy"]:
        return _calendar_day(_full_year(found["yy"]), int(found["yy_m"]), int(found["yy_d"])), False
    if today is None:
        raise ImpossibleDayError(f"{found[0].strip()!r} needs the day it was read on.")
    return _from_today(found.groupdict(), today)


def _of_year(found: re.Match[str]) -> date:
    """The day of a match that opens with its year: of 2024年4-13 it is 13 April.

    Raises ImpossibleDayError for 2024年4-5, which may be two months, and for a day that the calendar does not have.
    """
    month = int(found["m"] or found["m_zh"] or found["m_sp"] or found["m_mix"])
    day = int(found["d"] or found["d_zh"] or found["d_sp"] or found["d_mix"])
    if month < day <= 12 and _may_be_a_range(found):
        raise ImpossibleDayError(f"{found[0]!r} may be two months.")
    return _calendar_day(int(found["y"]), month, day)


def _may_be_a_range(found: re.Match[str]) -> bool:
    """True if the two numbers after the year may be two months (2024年4-5); 2024年04-05 and 2024年4-5日 are days."""
    dash = found["sep_m"] is not None and found["sep_m"] in _DASHES and found["sep_y"] not in _DASHES
    return dash and not found["m_mix"].startswith("0") and found[0].endswith(found["d_mix"])


def _calendar_day(year: int, month: int, day: int) -> date:
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        raise ImpossibleDayError(f"The year {year} is none of a page.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ImpossibleDayError(f"There is no day {year}-{month}-{day}.") from None


def _full_year(digits: str) -> int:
    """The year as a number; two digits are of 1970 to 2069 (RFC 6265 §5.1.1)."""
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 70 else 2000)


def _numeric(first: int, second: int, year: int, separator: str) -> date:
    """The day of two numbers and a year: day.month with dots (13.04.2024), else in the order that makes a day.

    Raises ImpossibleDayError if there is no such day, or if without dots the two orders are two days (03/04).
    """
    if separator == "." or first > 12:
        return _calendar_day(year, second, first)
    if second > 12 or first == second:
        return _calendar_day(year, first, second)
    raise ImpossibleDayError(f"{first}/{second}/{year} is two days.")


def _from_today(group: dict[str, str | None], today: date) -> tuple[date, bool]:
    if group["shift"]:
        return today + timedelta(days=_shift(group["shift"].lower())), True
    if group["wd"] or group["wd_en"]:
        return _weekday(group, today), True
    if group["rel_m"]:
        mark = group["rel_m"][0]
        year, month = _months_away(today, _STEPS.get(mark, 0) * group["rel_m"].count(mark))
        return _calendar_day(year + _YEAR_SHIFTS[group["rel_y2"] or "今"], month, int(group["d_rel"] or 0)), False
    if group["d_only"]:
        return _last_with_day(int(group["d_only"]), today), False
    name = group["mon_no"] or group["mon_dm_no"]
    if name == "may":
        raise ImpossibleDayError("What 1 may be is no month.")
    if name:
        day = int(group["d_en_no"] or group["d_dm_no"] or 0)
        return _in_the_past(_MONTHS[name.lower()], day, today), False
    month, day = int(group["m_no"] or 0), int(group["d_no"] or group["d_slash"] or 0)
    if group["rel_y"]:
        return _calendar_day(today.year + _YEAR_SHIFTS[group["rel_y"]], month, day), False
    return _in_the_past(month, day, today), False


def _shift(word: str) -> int:
    """The number of days from today that a word means; each 大 goes one further: 3 for 大后天, -4 for 大大前天."""
    bare = word.lstrip("大")
    return _SHIFTS[bare] + (len(word) - len(bare)) * (-1 if bare[0] == "前" else 1)


def _in_the_past(month: int, day: int, today: date) -> date:
    """The latest day of this month and number up to today; 29 February may be eight years back.

    Raises ImpossibleDayError if no calendar has it.
    """
    found = _latest(((year, month, day) for year in range(today.year, today.year - 9, -1)), today)
    if found is None:
        raise ImpossibleDayError(f"There is no day {month}-{day}.")
    return found


def _last_with_day(day: int, today: date) -> date:
    found = _latest(((*_months_away(today, -months), day) for months in range(13)), today)
    if found is None:
        raise ImpossibleDayError(f"No month has a day {day}.")
    return found


def _latest(days: Iterable[tuple[int, int, int]], today: date) -> date | None:
    """The first of these days (year, month, number), given latest first, that is in the calendar and not after today.

    None without one.
    """
    for year, month, day in days:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None


def _months_away(today: date, months: int) -> tuple[int, int]:
    count = today.year * 12 + today.month - 1 + months
    return count // 12, count % 12 + 1


def _weekday(group: dict[str, str | None], today: date) -> date:
    """The day of a weekday: 上周六 is last week's, 本周六 this week's (from Monday), 周六 the last up to today.

    On a Saturday 周六 is today. Each further 上 or 下 is one week more: 上上周六 is that of the week before last. "next
    Saturday" is the first after today, "last Saturday" the last before it, any other Saturday the last up to it.
    """
    english = (group["wd_en"] or "").lower()
    wanted = _ENGLISH_WEEKDAYS.index(english) if english else _WEEKDAYS[group["wd"] or "一"]
    monday = today - timedelta(days=today.weekday())
    week = group["week"] or " "
    if week[0] in _STEPS:
        return monday + timedelta(days=wanted + 7 * _STEPS[week[0]] * week.count(week[0]))
    if (group["week_en"] or "").lower() == "next":
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    back = (today.weekday() - wanted) % 7
    return today - timedelta(days=back or (7 if (group["week_en"] or "").lower() == "last" else 0))
