"""Find the moment and the address at which a page was saved, as the saving program or the page wrote them down.

SingleFile writes a comment at the head of a page, the Wayback Machine one at its foot. wget records the moment only
with --save-headers: then the response's head, with its Date, precedes the page; otherwise only the file's time is set,
to the page's Last-Modified. A browser's "saved from url" has an address and no moment; without such a mark the page
itself may name its address (`rel=canonical`, `og:url`). A web archive keeps the address in that of its copy. HTTrack's
comment is ignored: templates once copied with it carry it in every page of a site.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape

from parsers.urls import urlkey

MARK_REACH_BYTES = 64 << 10  # of either end of a file, in which a mark is searched
WEB = datetime(1990, 1, 1, tzinfo=UTC)  # before the web no page was saved
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

# Each `{n,m}` is bounded, as the text may come from anyone.
SINGLE_FILE = re.compile(
    rb"<!--\s{0,9}(?:Page saved with|Archive processed by) SingleFile\s{0,9}url: (?P<url>[^\r\n]{0,4000})[\r\n]{1,2}"
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

SAVED_FROM = re.compile(rb"<!--\s{0,9}saved from url=\(\d{1,5}\)(?P<url>\S{1,4000})\s{0,9}-->")
TAG = re.compile(rb"<(?:link|meta)\s([^<>]{1,4000})>", re.IGNORECASE)
ATTRIBUTE = re.compile(
    rb"([a-z:-]{1,20})\s{0,9}=\s{0,9}(?:\"([^\"]{0,4000})\"|'([^']{0,4000})'|([^\s\"'>]{1,4000}))", re.IGNORECASE
)
NAMING = {("rel", "canonical"): "href", ("property", "og:url"): "content", ("name", "og:url"): "content"}
WOMBAT = re.compile(rb"__wm\.wombat\([\"'](?P<url>https?://[^\"'\s]{1,4000})[\"']")
WEB_ADDRESS = re.compile(r"https?://\S{1,4000}")
COPY = re.compile(
    r"https?://(?:web\.archive\.org/web|archive\.(?:today|ph|is|li|vn|fo|md))/(?:[\d.-]{4,20})(?:[a-z]{2}_)?/(https?://.+)"
)


def moment_left(payload: bytes) -> datetime | None:
    """The earliest moment that the programs which saved a page left in it; None without a moment since the web began.

    Read are an HTTP head before the page, the mark of SingleFile and that of the Wayback Machine. A saved copy of an
    archive's page has two; the earlier one is that of the text on its site.
    """
    return min(_moments(payload), default=None)


def addresses_left(payload: bytes) -> list[str]:
    """The web addresses at which a page stood before it was saved, the likeliest first; [] if it names none.

    That which the saving program wrote counts alone; without one those that the page itself names. A copy in a web
    archive counts as the page that was copied. All are claims: anyone can write a page that names any address.
    """
    head = payload[:MARK_REACH_BYTES]
    marks = [found["url"] for found in (SINGLE_FILE.search(head), SAVED_FROM.search(head)) if found]
    named = marks or [*_named(head), *(found["url"] for found in [WOMBAT.search(head)] if found)]
    found = (original_address(unescape(url.decode("utf-8", "replace").strip())) for url in named)
    return list(dict.fromkeys(filter(None, found)))


def original_address(url: str) -> str | None:
    """The web address without its fragment, or that which was copied if it is a web archive's; None for any other text.

    `https://web.archive.org/web/20200401120000/http://a.example/1` -> `http://a.example/1`
    """
    copied = COPY.match(url)
    address = (copied[1] if copied else url).partition("#")[0]
    if not WEB_ADDRESS.fullmatch(address) or not address.isprintable():
        return None
    try:
        urlkey(address)
    except ValueError:
        return None
    return address


def _named(head: bytes) -> Iterator[bytes]:
    for tag in TAG.finditer(head):
        said = {name.lower().decode(): one or two or bare for name, one, two, bare in ATTRIBUTE.findall(tag[1])}
        for (attribute, word), place in NAMING.items():
            if said.get(attribute, b"").strip().lower() == word.encode() and place in said:
                yield said[place]


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
