"""Find the moment at which a page was saved, as the saving program wrote it into the file.

SingleFile writes a comment at the head of a page, the Wayback Machine one at its foot. wget records the moment only
with --save-headers: then the response's head, with its Date, precedes the page; otherwise only the file's time is set,
to the page's Last-Modified. A browser's "saved from url" has an address and no moment. HTTrack's comment is ignored:
templates once copied with it carry it in every page of a site.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MARK_REACH_BYTES = 64 << 10  # of either end of a file, in which a mark is searched
WEB = datetime(1990, 1, 1, tzinfo=UTC)  # before the web no page was saved
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

# Each `{n,m}` is bounded, as the text may come from anyone.
SINGLE_FILE = re.compile(
    rb"<!--\s{0,9}(?:Page saved with|Archive processed by) SingleFile\s{0,9}url: [^\r\n]{0,4000}[\r\n]{1,2}"
    rb"\s{0,9}saved date: (?P<date>[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{4} \d{2}:\d{2}:\d{2} GMT[+-]\d{4})"
)
WAYBACK = re.compile(
    rb"(?:<!--|/\*)\s{0,9}FILE ARCHIVED ON (?P<date>\d{1,2}:\d{2}:\d{2} [A-Z][a-z]{2} \d{2}, \d{4}) "
    rb"AND RETRIEVED FROM THE\s{1,9}INTERNET ARCHIVE ON "
)
HEADERS = re.compile(
    rb"HTTP/1\.[01] \d{3}[^\r\n]{0,200}\r?\n(?:[!-9;-~]{1,100}:[^\r\n]{0,8000}\r?\n){0,100}?"
    rb"[Dd]ate: ?(?P<date>[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT)\r?\n"
)


def moment_left(payload: bytes) -> datetime | None:
    """The earliest moment that the programs which saved a page left in it; None without a moment since the web began.

    Read are an HTTP head before the page, the mark of SingleFile and that of the Wayback Machine. A saved copy of an
    archive's page has two; the earlier one is that of the text on its site.
    """
    return min(_moments(payload), default=None)


def _moments(payload: bytes) -> Iterator[datetime]:
    head, foot = payload[:MARK_REACH_BYTES], payload[-MARK_REACH_BYTES:]
    told = HEADERS.match(head), SINGLE_FILE.search(head)
    for found, read in (*((each, _read) for each in told), (WAYBACK.search(foot), _read_wayback)):
        at = read(found["date"].decode("ascii")) if found else None
        if at is not None and at >= WEB:
            yield at


def _read(text: str) -> datetime | None:
    """The moment in `Thu, 26 Nov 2026 10:00:00 GMT` (RFC 9110) or `Thu Nov 26 2026 10:00:00 GMT+0800` (JavaScript).

    None if there is no such moment, as on 31 February.
    """
    if "," in text:
        try:
            return parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
    _, month, day, year, clock = text[:24].split()
    return _moment(year, month, day, clock, f"{text[-5:-2]}:{text[-2:]}")


def _read_wayback(text: str) -> datetime | None:
    """The moment in `10:00:00 Nov 26, 2026`, which is in UTC; None if there is no such moment."""
    clock, month, day, year = text.replace(",", "").split()
    return _moment(year, month, day, clock.zfill(8), "+00:00")


def _moment(year: str, month: str, day: str, clock: str, zone: str) -> datetime | None:
    if month not in MONTHS:
        return None
    try:
        return datetime.fromisoformat(f"{year}-{MONTHS.index(month) + 1:02}-{day}T{clock}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
