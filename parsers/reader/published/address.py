"""The day in a page's address, and the clock on which it fits a moment in UTC."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from parsers.dates import ParsedDate, parse_date
from parsers.document import split_url
from parsers.reader.view.provenance import noted

URL_DATE = re.compile(
    r"(?:^|[/_t-])((?:19|20)\d\d)(?:[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])|/([1-9])/([12]?\d|3[01]))(?=[/_.-]|$)"
)
UTC = "UTC"  # the zone of a page without a known one
# Zones to try for such pages, west and east of Greenwich: Xinhua in English stands under .com.
WEST = ("America/New_York", "America/Los_Angeles")
EAST = ("Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney")


def day_in_address(url: str) -> str | None:
    """The day in an address, year first: 2019-09-26 of /2019-09/26/, 2019-9-26 of /2019/9/26/; None without one."""
    found = URL_DATE.search(url)
    return "-".join(filter(None, found.groups())) if found else None


def on_clock_of_address(told: ParsedDate | None, url: str, zone: str) -> ParsedDate | None:
    """The moment; one in UTC is moved to the clock on which it falls on the day in the page's address.

    The moment stays the same. A site puts its own day into its addresses: 17:30Z on the 12th, filed under the 13th, is
    half past one in Shanghai. The clock is that of `zone`; if that is UTC, several are tried. None, any other moment,
    and one that falls on that day on none of the clocks, is returned unchanged.
    """
    if told is None or told.precision == "day" or told.zone_assumed or told.value.utcoffset() != timedelta(0):
        return told
    day = _day(url)
    zones = _elsewhere(url) if zone == UTC else (zone,)
    if day is None or told.value.date() == day:
        return told
    clock = next((name for name in zones if told.value.astimezone(ZoneInfo(name)).date() == day), None)
    return _on_clock(told, clock) if clock else told


def _elsewhere(url: str) -> tuple[str, ...]:
    """The zones to try for a page whose host and language name none: America's, then Shanghai, Tokyo and Sydney.

    For .au only Sydney follows those of America.
    """
    return (*WEST, EAST[-1]) if (split_url(url).hostname or "").endswith(".au") else (*WEST, *EAST)


def _day(url: str) -> date | None:
    text = day_in_address(url)
    found = parse_date(text) if text else None
    return found.value.date() if found else None


def _on_clock(told: ParsedDate, zone: str) -> ParsedDate:
    """The same moment on another clock; its text keeps a note of the clock."""
    moments = {name: getattr(told, name).astimezone(ZoneInfo(zone)) for name in ("value", "earliest", "latest")}
    raw = noted(told.raw, f"told on the clock of {zone}, on which the day is the address's")
    return replace(told, raw=raw, **moments)
