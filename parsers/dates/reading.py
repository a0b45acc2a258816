"""Dates as pages print them, with their precision and the range that they may mean."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from parsers.dates.clock import AFTER_DAY, ALONE, BEFORE_DAY, ImpossibleTimeError, TimeOfDay, read_clock, read_compact
from parsers.dates.days import DAY, ImpossibleDayError, names_its_year, range_end, read_day, recurs
from parsers.dates.printed import as_printed, normal
from parsers.dates.relative import AGO, counts_days, read_ago

_FIRST_EPOCH, _END_EPOCH = 10**12, 10**13  # milliseconds: 2001 to 2286; ten digits would be seconds
_MIRROR_LABEL = re.compile(r"release\s*time\s*:", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(T?\d{4}(?:\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_RFC_3339 = re.compile(
    r"(?:1[89]|20)\d\d-\d\d-\d\dT\d\d:\d\d(?P<second>:\d\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-3]):?[0-5]\d)"
)
_MONTH_DAY = re.compile(r"(\d{1,2})[-/.·](\d{1,2})")
_STEPS = {
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}
_MAX_TIME_BEFORE_CHARACTERS = 32  # characters in front of a day that may hold its time


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A moment that a page names. All datetimes are aware, in the page's offset, else in the zone that was assumed.

    The value of a date without a time is the beginning of the day, but of 昨天 and the like the end.
    """

    value: datetime
    precision: str  # day, hour, minute or second
    earliest: datetime  # the range that it may mean, to the second
    latest: datetime
    zone_assumed: bool  # the page names no zone, and the moment depends on it (2小时前 does not)
    kind: str  # page_date, mirror_release_time (a5qu: when the copy appeared), relative or epoch
    raw: str  # as printed


def parse_date(raw: str | int, now: datetime | None = None, timezone: str = "Asia/Shanghai") -> ParsedDate | None:
    """The first date in ``raw``: a text of a page, or milliseconds since 1970 (UTC) as JSON sends them.

    A date that names its year goes before one that does not: 国发〔2019〕3号 is not the third day of a month.
    ``now`` is the moment of the capture; without it relative forms and days without a year give None.
    ``timezone`` is the page's zone if it names none. Nothing is guessed: an impossible date, an ambiguous one
    (03/04/2024) and seconds since 1970 are passed over; None if ``raw`` holds no other date. Never raises for any text;
    a ``timezone`` that does not exist raises zoneinfo.ZoneInfoNotFoundError.

    >>> parse_date("Release time:Apr 13, 2024 23:01 PM").value.isoformat()
    '2024-04-13T23:01:00+08:00'
    """
    zone = _zone(timezone)
    if isinstance(raw, int):
        return _epoch(raw, zone)
    if whole := iso_moment(raw.strip()):
        return whole
    found, printed = _told(normal(raw), now, zone), raw.strip()
    return found if found is None or found.raw == printed else replace(found, raw=printed)


@lru_cache(maxsize=32)  # a page is asked for its own date in several ways
def _told(text: str, now: datetime | None, zone: ZoneInfo) -> ParsedDate | None:
    here = _here(now, zone)
    return _whole(text, here, zone) or _first(text, here, zone)


def iso_moment(text: str) -> ParsedDate | None:
    """The moment of a text that is an RFC 3339 timestamp of 1800 to 2099, as in JSON-LD and meta; None for any other.

    Seconds, and the colon of the offset, may be missing; a date alone and a time without an offset give None.
    """
    found = _RFC_3339.fullmatch(text)
    try:
        value = datetime.fromisoformat(text).replace(microsecond=0) if found else None
    except ValueError:
        return None
    if found is None or value is None:
        return None
    precision, rest = ("second", 0) if found["second"] else ("minute", 59)
    latest = value + timedelta(seconds=rest)
    return ParsedDate(value, precision, value, latest, zone_assumed=False, kind="page_date", raw=text)


def find_dates(text: str, now: datetime | None = None, timezone: str = "Asia/Shanghai") -> list[ParsedDate]:
    """All dates of a short text (its first 2,000 characters), in order; ``raw`` is the piece as printed.

    Without ``now`` relative forms and days without a year are left out; so is 20240413, which `parse_date` reads alone.

    >>> [date.raw for date in find_dates("成文日期：二〇一九年一月二十七日 发布日期：2019-02-15")]
    ['二〇一九年一月二十七日', '2019-02-15']
    """
    zone, plain = _zone(timezone), normal(text)
    found = [parsed for parsed, _ in _dates(plain, _here(now, zone), zone)]
    pieces = as_printed(text, plain, [date.raw for date in found])
    return [replace(date, raw=piece) for date, piece in zip(found, pieces, strict=True)]


def conflicts(dates: Iterable[ParsedDate]) -> list[ParsedDate]:
    """Those of several candidates for one date that cannot mean the same moment as the first.

    >>> conflicts(find_dates("2024-04-13 2024年4月13日 23:01 2024-04-14"))[0].raw
    '2024-04-14'
    """
    several = list(dates)
    return [date for date in several[1:] if date.latest < several[0].earliest or several[0].latest < date.earliest]


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _epoch(milliseconds: int, zone: ZoneInfo) -> ParsedDate | None:
    if not _FIRST_EPOCH <= milliseconds < _END_EPOCH:
        return None
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC).astimezone(zone)
    return ParsedDate(moment, "second", moment, moment, zone_assumed=False, kind="epoch", raw=str(milliseconds))


def _whole(text: str, here: datetime | None, zone: ZoneInfo) -> ParsedDate | None:
    """The date of a text in a form that counts only if nothing else is there; None for any other text.

    20240413 (with or without a time), 13 digits (milliseconds since 1970) and, with ``here``, 04-13 and 13:45
    (of today or yesterday).
    """
    if text.isdigit() and len(text) == 13:  # milliseconds since 1970, of 2001 to 2286
        return _epoch(int(text), zone)
    try:
        return _compact(text, zone) or _bare_day_or_time(text, here, zone)
    except (ImpossibleDayError, ImpossibleTimeError, ValueError, OverflowError):
        return None


def _compact(text: str, zone: ZoneInfo) -> ParsedDate | None:
    found = _COMPACT.fullmatch(text)
    if found is None or not "1900" <= found[1] <= "2099":
        return None
    day = date(int(found[1]), int(found[2]), int(found[3]))
    return _moment(day, read_compact(found[4], zone.key) if found[4] else None, zone, "page_date", text)


def _bare_day_or_time(text: str, here: datetime | None, zone: ZoneInfo) -> ParsedDate | None:
    if here is None or len(text) > 24:
        return None
    bare = _MONTH_DAY.fullmatch(text)
    day = DAY.match(f"{bare[1]}月{bare[2]}日") if bare else None
    if day:
        return _moment(read_day(day, here.date())[0], None, zone, "page_date", text)
    found = ALONE.fullmatch(text)
    if found is None:
        return None
    clock = read_clock(found, zone.key)
    if clock is None:
        return None
    moment = _moment(here.date(), clock, zone, "relative", text)
    yesterday = here.date() - timedelta(days=1)
    return moment if moment.value <= here else _moment(yesterday, clock, zone, "relative", text)


def _first(text: str, here: datetime | None, zone: ZoneInfo) -> ParsedDate | None:
    first = None
    for parsed, whole in _dates(text, here, zone):
        if whole:
            return parsed
        first = first or parsed
    return first


@dataclass(frozen=True, slots=True)
class _SearchPosition:
    """The position of a search in a text, and the date of the match before it: 19日 after 4月12日至 is of its month."""

    text: str
    here: datetime | None
    zone: ZoneInfo
    position: int = 0
    last: ParsedDate | None = None  # None: there was no match before it, or it gave no date
    whole: bool = False  # the match before it names its year


def _dates(text: str, here: datetime | None, zone: ZoneInfo) -> Iterator[tuple[ParsedDate, bool]]:
    """Yield each date of a text in order, with True if it names its year."""
    place = _SearchPosition(text, here, zone)
    ago, day = AGO.search(text), DAY.search(text)
    while place.position < len(text):
        ago, day = _from(place.position, ago, text), _from(place.position, day, text)
        if ago and (day is None or ago.start() <= day.start()):
            parsed, end = _ago(ago, place)
            whole = False
        elif day:
            parsed, end, whole = _day(day, place)
        else:
            return
        if parsed:
            yield parsed, whole  # most callers stop here
        place = replace(place, position=end, last=parsed, whole=whole)


def _from(position: int, found: re.Match[str] | None, text: str) -> re.Match[str] | None:
    """The first match at or after ``position``: ``found`` itself if it stands there, so that nothing is searched twice.

    None for no ``found``, or if no match follows.
    """
    return found if found is None or found.start() >= position else found.re.search(text, position)


def _ago(found: re.Match[str], place: _SearchPosition) -> tuple[ParsedDate | None, int]:
    """The date of a match of AGO, None if it gives none, and the position at which the search goes on.

    A time of day after it counts too: 2天前 13:45 is a minute of that day.
    """
    end = found.end()
    if place.here is None:
        return None, end
    try:
        value, earliest, latest, precision = read_ago(found, place.here)
        clock_match = AFTER_DAY.match(place.text, end) if counts_days(found) else None
        clock = read_clock(clock_match, place.zone.key) if clock_match else None
    except (OverflowError, ImpossibleTimeError):
        return None, end
    if clock_match and clock:
        end = clock_match.end()
        return _moment(value.date(), clock, place.zone, "relative", place.text[found.start() : end].strip()), end
    return ParsedDate(value, precision, earliest, latest, zone_assumed=False, kind="relative", raw=found[0]), end


def _day(found: re.Match[str], place: _SearchPosition) -> tuple[ParsedDate | None, int, bool]:
    """The date of a match of DAY (None if it gives none), the next position, and True if the match names its year.

    A match that names its year may give no date: 2024年2月30日 -> (None, position, True). The end of a range names its
    year if the beginning does.
    """
    text, here, end = place.text, place.here, found.end()
    mirror = bool(_MIRROR_LABEL.search(text, place.position, found.start()))
    whole = names_its_year(found)
    try:
        clock_match = _clock_beside(text, found, place.position)
        if clock_match:
            end = max(end, clock_match.end())
        part = found["shift"][-1] if found["shift"] else None
        clock = read_clock(clock_match, place.zone.key, twenty_four=mirror, part=part) if clock_match else None
        if recurs(text, found):
            return None, end, whole
        begun = range_end(text[place.position : found.start()], found, place.last.value.date()) if place.last else None
        day, told = (begun, False) if begun else read_day(found, here.date() if here else None)
        kind = "mirror_release_time" if mirror else "relative" if told else "page_date"
        parsed = _moment(day, clock, place.zone, kind, text[found.start() : end].strip())
    except (ImpossibleDayError, ImpossibleTimeError, OverflowError):
        return None, end, whole
    whole = whole or bool(begun and place.whole)
    return _whole_day_told(parsed, here) if told and clock is None and here else parsed, end, whole


def _clock_beside(text: str, found: re.Match[str], after: int) -> re.Match[str] | None:
    behind = AFTER_DAY.match(text, found.end())
    if behind:
        return behind
    start = max(after, found.start() - _MAX_TIME_BEFORE_CHARACTERS)
    return BEFORE_DAY.search(text[start : found.start()]) if ":" in text[start : found.start()] else None


def _moment(day: date, clock: TimeOfDay | None, zone: ZoneInfo, kind: str, raw: str) -> ParsedDate:
    said: tzinfo | None = clock.zone if clock else None
    precision = clock.precision if clock else "day"
    at = time(clock.hour, clock.minute or 0, clock.second or 0) if clock else time()
    value = datetime.combine(day, at, said or zone)
    latest = value if precision == "second" else value + _STEPS[precision] - timedelta(seconds=1)
    return ParsedDate(value, precision, value, latest, zone_assumed=said is None, kind=kind, raw=raw)


def _whole_day_told(parsed: ParsedDate, here: datetime) -> ParsedDate:
    """A date such as 昨天, without an hour, with its last second as value: 23:59:59, but ``here`` if it is today."""
    latest = min(parsed.latest, here) if here >= parsed.earliest else parsed.latest
    return replace(parsed, value=latest, latest=latest)


def _here(now: datetime | None, zone: ZoneInfo) -> datetime | None:
    """``now`` in the page's zone, without microseconds; a naive ``now`` is taken to be in it. None gives None."""
    if now is None:
        return None
    here = now.replace(tzinfo=zone) if now.tzinfo is None else now.astimezone(zone)
    return here.replace(microsecond=0)
