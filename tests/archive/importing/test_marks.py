"""The moment that the program which saved a page wrote into it."""

import time
from datetime import UTC, datetime

from support.tables import every_row

from archive.importing.marks import MARK_REACH_BYTES, moment_left

PAGE = "<head><title>题目</title></head><body><p>正文</p></body></html>"
TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)


def single_file(date: str, said: str = "Page saved with SingleFile", more: str = "") -> str:
    url = "https://www.shobserver.com/staticsg/res/html/web/newsDetail.html?id=751736"
    return f"<!DOCTYPE html> <html lang=zh><!--\n {said} \n url: {url} \n saved date: {date}{more}\n-->{PAGE}"


def httrack(date: str, version: str = "3.x [XR&CO'2014]") -> str:
    return (
        f"<!-- Mirrored from www.qstheory.cn/dukan/qs/2020-05/c_1.htm by HTTrack Website Copier/{version}, {date} -->"
    )


def wayback(date: str, opens: str = "<!--", closes: str = "-->") -> str:
    return (
        f"<html>{PAGE}\n{opens}\n     FILE ARCHIVED ON {date} AND RETRIEVED FROM THE\n"
        "     INTERNET ARCHIVE ON 12:26:55 Nov 27, 2026.\n"
        f"     JAVASCRIPT APPENDED BY WAYBACK MACHINE, COPYRIGHT INTERNET ARCHIVE.\n{closes}\n"
    )


def headers(date: str, status: str = "HTTP/1.1 200 OK") -> str:
    return f"{status}\r\nServer: nginx\r\n{date}\r\nContent-Type: text/html\r\n\r\n<html>{PAGE}"


MARKS = [
    # SingleFile: a JavaScript date, in the time zone of the person who saved the page, named in that person's language.
    (single_file("Thu Nov 26 2026 18:00:00 GMT+0800 (China Standard Time)"), TEN),
    (single_file("Thu Nov 26 2026 18:00:00 GMT+0800 (中国标准时间)"), TEN),
    (single_file("Thu Nov 26 2026 13:00:00 GMT+0300 (Москва, стандартное время)"), TEN),
    (single_file("Thu Nov 26 2026 05:00:00 GMT-0500 (GMT-05:00)"), TEN),
    (single_file("Thu Nov 26 2026 18:00:00 GMT+0800", "Archive processed by SingleFile", " \n info: 存"), TEN),
    (single_file("Thu Nov 26 2026"), None),
    (single_file("Thu Nov 31 2026 18:00:00 GMT+0800"), None),
    (single_file("Thu Nov 26 2026 18:00:00 GMT+9999"), None),
    (single_file("Thu Növ 26 2026 18:00:00 GMT+0800"), None),
    (single_file("Thu Nov 26 1970 18:00:00 GMT+0800"), None),
    ("&lt;!-- Page saved with SingleFile", None),
    # HTTrack: a site's own template may carry it.
    (f"<!DOCTYPE html>\n<html>\n\n{httrack('Thu, 26 Nov 2026 10:00:00 GMT')}\n{PAGE}", None),
    (f"<html>{PAGE}{'x' * 3 * MARK_REACH_BYTES}\n{httrack('Thu, 26 Nov 2026 10:00:00 GMT')}\n</html>", None),
    # The Wayback Machine: at the foot of a page or of a script.
    (wayback("10:00:00 Nov 26, 2026"), TEN),
    (wayback("10:00:00 Nov 26, 2026", "/*", "*/"), TEN),
    (wayback("0:00:12 Apr 05, 1999"), datetime(1999, 4, 5, 0, 0, 12, tzinfo=UTC)),
    (wayback("10:00:00 Nov 31, 2026"), None),
    (wayback("10:00:00 XYZ 26, 2026"), None),
    (single_file("Fri Nov 27 2026 18:00:00 GMT+0800") + wayback("10:00:00 Nov 26, 2026"), TEN),
    # wget --save-headers: the head of the response. Without it wget leaves nothing.
    (headers("Date: Thu, 26 Nov 2026 10:00:00 GMT"), TEN),
    (headers("date: Thu, 26 Nov 2026 10:00:00 GMT", "HTTP/1.0 200"), TEN),
    (headers("Last-Modified: Thu, 26 Nov 2026 10:00:00 GMT"), None),
    (f"<html>{headers('Date: Thu, 26 Nov 2026 10:00:00 GMT')}", None),
    # Browsers give an address alone.
    (f"<!-- saved from url=(0025)http://example.com/1.html -->\n<html>{PAGE}", None),
    ("", None),
]


@every_row("text, expected", MARKS)
def test_a_mark_says_when_a_page_was_saved(text: str, expected: datetime | None) -> None:
    assert moment_left(text.encode()) == expected


HOSTILE = [
    b"<!-- Page saved with SingleFile \n url: " + b"\n url: " * 20_000,
    b"<!--" + b" " * 100_000,
    b"<!-- Mirrored from " * 10_000,
    b"<!-- Mirrored from " + b"a by HTTrack Website Copier/" * 5_000,
    b"HTTP/1.1 200 OK\r\n" + b"a:\r\n" * 50_000,
    b"HTTP/1.1 200 OK\r\n" + b"Date: \r\n" * 50_000,
    b"<!--" * 50_000 + b"FILE ARCHIVED ON ",
]


@every_row("payload", HOSTILE)
def test_no_page_makes_looking_for_a_mark_slow(payload: bytes) -> None:
    began = time.process_time()
    assert moment_left(payload) is None
    assert time.process_time() - began < 1
