"""The time of day and its zone, as pages print them beside a date."""

import re
from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo

_PARTS_OF_DAY = {
    **dict.fromkeys(("凌晨", "清晨", "早晨", "早上", "上午", "清早", "大清早", "黎明", "拂晓", "早", "晨"), "morning"),
    **dict.fromkeys(("中午", "正午", "午间"), "noon"),
    **dict.fromkeys(("下午", "午后", "傍晚"), "afternoon"),
    **dict.fromkeys(("晚上", "晚间", "夜晚", "晚"), "evening"),
    **dict.fromkeys(("半夜", "午夜", "子夜", "夜", "夜里", "夜间", "深夜"), "night"),
}
_PART = "|".join(sorted(_PARTS_OF_DAY, key=len, reverse=True))
_ZONES = {
    **dict.fromkeys(("Z", "UTC", "GMT", "UT"), 0),
    "EST": -300,
    "EDT": -240,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
    "HKT": 480,
    "BJT": 480,
    "SGT": 480,
    "JST": 540,
    "KST": 540,
    "CET": 60,
    "CEST": 120,
    "BST": 60,
    "MSK": 180,
    **dict.fromkeys(("北京时间", "北京時間", "BEIJING TIME"), 480),
}
_ZONE = (
    r"北京[时時]间|北京時間|Beijing\s+[Tt]ime|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?(?!\d)"
    r"|(?:Z|[A-Z]{2,4}T|UTC|GMT|UT)(?![A-Za-z])"
)
_TIME = rf"""
    (?:(?P<part>{_PART})|(?<![A-Za-z])(?P<before>[AaPp])\.?[Mm]\.?(?=\s?\d{{1,2}}:))?\s*
    (?P<hour>\d{{1,2}})
    (?:
        \s*:\s*(?P<minute>\d{{2}})(?!\d)(?:\s*:\s*(?P<second>\d{{2}})(?!\d)(?:[.,]\d{{1,9}})?)?
      | \s*(?:点钟|點鐘|点|點|时|時)(?!间|間)(?:
            (?P<half>半)
          | (?P<quarter>[123一二三])刻
          | \s*(?P<minute_zh>\d{{1,2}})(?!\d|[日号月年])\s*分?(?:\s*(?P<second_zh>\d{{1,2}})\s*秒)?
          | 整|[钟鐘]|多?[许許]|多[钟鐘]?|左右
        )?
      | (?=\s*[AaPp]\.?[Mm]\b)
    )
    (?:\s*(?P<meridiem>[AaPp])\.?\s?[Mm]\b\.?)?
    (?:\s*[(（]?(?P<zone>{_ZONE})[)）]?)?
"""
# Between a day and its hour: ISO's T, gov.cn's dash, commas, a weekday, "at".
_WEEKDAY = r"\(?(?:周|星期|礼拜)[一二三四五六日天]\)?,?|\([一二三四五六日月火水木金土]\)"
_GLUE = rf"(?:\s*(?:T|[-,|/@·]|{_WEEKDAY}|at|，|、|的)){{0,3}}\s*"
AFTER_DAY = re.compile(_GLUE + _TIME, re.VERBOSE)
BEFORE_DAY = re.compile(_TIME + r"(?:\s*(?:,|on|\||-|·|，|[A-Z][a-z]{2,8},)){0,2}\s*$", re.VERBOSE)
ALONE = re.compile(_TIME, re.VERBOSE)
_COMPACT = re.compile(
    r"T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?:\.\d{1,9})?(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)


class ImpossibleTimeError(ValueError):
    """A time of day that no clock shows, or two readings that contradict each other."""


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time of day, with None for minute, second or zone where the page prints none, or a zone that is unknown."""

    hour: int
    minute: int | None
    second: int | None
    zone: tzinfo | None

    @property
    def precision(self) -> str:
        """hour, minute or second: the last part that the page prints."""
        if self.second is not None:
            return "second"
        return "hour" if self.minute is None else "minute"


def read_clock(
    found: re.Match[str], zone_name: str, *, twenty_four: bool = False, part: str | None = None
) -> TimeOfDay | None:
    """The time of day of a match of AFTER_DAY, BEFORE_DAY or ALONE.

    None for 24:00, and for 晚上12点 with any minutes: the end of the day, so that only the day counts. ``zone_name`` is
    the page's zone, by which CST is China's time or Chicago's. ``part`` is the part of the day that stands before the
    match (今晚八点). PM after an hour above 12 is redundant ("23:01 PM"), and "12:05 AM" is 0:05. Raises
    ImpossibleTimeError for a time that no clock shows, for AM after an hour above 12 and, if ``twenty_four`` (a page
    known to print 24-hour clocks with AM and PM), also for "12:05 AM".
    """
    meridiem, part = (found["meridiem"] or found["before"] or "").lower(), found["part"] or part
    hour = _hour(int(found["hour"]), meridiem, part, twenty_four=twenty_four)
    minute = _number(found["minute"] or found["minute_zh"])
    if found["half"]:
        minute = 30
    if found["quarter"]:
        minute = 15 * {"一": 1, "二": 2, "三": 3}.get(found["quarter"], 0) or 15 * int(found["quarter"])
    second = _number(found["second"] or found["second_zh"])
    if hour == 24 and (int(found["hour"]) == 12 or not (minute or second)):
        return None
    if hour > 23 or (minute or 0) > 59 or (second or 0) > 60:  # 60: a leap second
        raise ImpossibleTimeError(f"No clock shows {found[0].strip()!r}.")
    zone = None if _ends_a_range(found) else _zone(found["zone"], zone_name)
    return TimeOfDay(hour, minute, min(second, 59) if second is not None else None, zone)


def read_compact(text: str, zone_name: str) -> TimeOfDay | None:
    """The time of day of ISO 8601's basic form: 230105, T2301, T150100Z; None for any other text.

    Raises ImpossibleTimeError for a time that no clock shows.
    """
    found = _COMPACT.fullmatch(text)
    if found is None:
        return None
    hour, minute, second = int(found["hour"]), int(found["minute"]), _number(found["second"])
    if hour > 23 or minute > 59 or (second or 0) > 59:
        raise ImpossibleTimeError(f"No clock shows {text!r}.")
    return TimeOfDay(hour, minute, second, _zone(found["zone"], zone_name))


def _hour(hour: int, meridiem: str, part: str | None, *, twenty_four: bool) -> int:
    if meridiem == "p":
        if hour == 0:
            raise ImpossibleTimeError("There is no hour 0 after noon.")
        return hour + 12 if hour < 12 else hour
    if meridiem == "a":
        if hour > 12 or (hour == 12 and twenty_four):
            raise ImpossibleTimeError(f"Hour {hour} is not before noon.")
        return hour % 12
    kind = _PARTS_OF_DAY.get(part or "")
    if kind == "afternoon" or (kind == "evening" and hour >= 4) or (kind == "night" and hour >= 6):
        return hour + 12 if hour < 12 or (kind != "afternoon" and hour == 12) else hour
    return hour + 12 if kind == "noon" and hour < 3 else hour


def _ends_a_range(found: re.Match[str]) -> bool:
    """True if the text read as a zone is the end of a range, as in 10:30-11:30: it follows the minutes with a dash.

    A real offset follows seconds or a blank, or the time has ISO's T before it.
    """
    behind_minutes = (found["zone"] or "").startswith("-") and found["minute"] and not found["second"]
    return bool(behind_minutes) and found.end("minute") == found.start("zone") and "T" not in found[0]


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _zone(text: str | None, zone_name: str) -> tzinfo | None:
    if not text:
        return None
    name = " ".join(text.upper().split())
    if name == "CST":  # China's clock on a Chinese page, Chicago's in RFC 822
        return timezone(timedelta(hours=8 if zone_name.startswith("Asia/") else -6))
    digits = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", name)
    if digits:
        offset = int(digits[2]) * 60 + int(digits[3] or 0)
        # No zone is farther from UTC than fourteen hours.
        return timezone(timedelta(minutes=offset if digits[1] == "+" else -offset)) if offset <= 14 * 60 else None
    minutes = _ZONES.get(name)
    return timezone(timedelta(minutes=minutes)) if minutes is not None else None
