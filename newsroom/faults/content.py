"""Faults in the content of an answer: another status, another address, other bytes; the HTTP itself is correct."""

import asyncio
import time
from datetime import datetime

from newsroom.events.fault_kinds import MAX_BOMB_BYTES
from newsroom.faults.active_faults import without_again
from newsroom.faults.block_pages import BLOCK_PAGES
from newsroom.faults.encodings import ENCODERS, bomb
from newsroom.faults.struck import Strike, Struck
from newsroom.http.answers import HTML, JSON, TEXT, SitePage, fixed
from newsroom.stories.dates import SHANGHAI, http_date


def _encoding(struck: Struck) -> None:
    how, page, render = struck.text("how", "gzip"), struck.page, struck.page.render
    page.render = lambda: ENCODERS[how](render())
    page.headers += (("Content-Encoding", how),)
    _as_another_version(struck, how)
    struck.answer(page)


def _as_another_version(struck: Struck, mark: str) -> None:
    """Change the page's ETag and Last-Modified, if it has them, so that no client that knows it gets 304."""
    page = struck.page
    page.etag = page.etag and f"{page.etag}-{mark}{struck.fault.at:x}"
    page.modified = page.modified and max(page.modified, struck.fault.at)


def _block_page(struck: Struck) -> None:
    how = struck.text("how", "verify")
    page = fixed(BLOCK_PAGES[how], JSON if how == "json" else HTML, struck.whole("status", 200), struck.page.article)
    page.headers = (("Cache-Control", "no-store"),)
    page.methods = (*page.methods, "POST")
    struck.answer(page)


def _lying_charset(struck: Struck) -> None:
    page = struck.page
    kind, _, parameter = page.content_type.partition(";")
    lie = struck.text("charset") or ("gbk" if "utf-8" in parameter else "utf-8")
    page.content_type = f"{kind}; charset={lie}"
    page.etag = page.modified = None
    struck.answer(page)


def _rename(struck: Struck) -> None:
    page, render = struck.page, struck.page.render
    name, to = (f'"{struck.text(each)}"'.encode() for each in ("name", "to"))
    page.render = lambda: render().replace(name, to)
    _as_another_version(struck, "renamed")
    struck.answer(page)


def _status(struck: Struck) -> None:
    code, retry = struck.whole("code", 503), _retry_after(struck)
    headers: tuple[tuple[str, str], ...] = (("Retry-After", retry),) if retry else ()
    if retry and not retry.isdigit():  # a date is relative to the Date header
        headers += (("Date", http_date(int(time.time()))),)
    struck.answer(SitePage(f"{code}\n".encode, TEXT, code, struck.page.article, headers=headers))


def _retry_after(struck: Struck) -> str | None:
    """The value of Retry-After; None if the fault has no argument `retry_after`.

    Seconds stay as given, or with `form` date become the HTTP date so many seconds from now (RFC 9110 §10.2.3). A time
    in ISO 8601 becomes an HTTP date. Any other text stays, as one line. Dates are of the real time, because a client
    reads them by its own clock.
    """
    text = struck.text("retry_after")
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return http_date(int(time.time()) + int(text)) if struck.text("form") == "date" else text
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return _one_line(text)
    return http_date(int((when if when.tzinfo else when.replace(tzinfo=SHANGHAI)).timestamp()))


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def _redirect(struck: Struck) -> None:
    _answer_elsewhere(struck, _one_line(struck.text("to")), struck.whole("code", 302))


def _loop(struck: Struck) -> None:
    """Redirect to the same address with a mark, and from there back; newsroom.faults.active_faults knows the mark."""
    target = struck.request.target
    plain = without_again(target)
    mark = "&again=1" if "?" in plain else "?again=1"
    _answer_elsewhere(struck, plain + mark if target == plain else plain, 302)


def _answer_elsewhere(struck: Struck, to: str, status: int) -> None:
    struck.answer(SitePage(lambda: b"", TEXT, status, struck.page.article, headers=(("Location", to),)))


def _trap(struck: Struck) -> None:
    page, render = struck.page, struck.page.render
    if page.status == 200 and page.content_type.startswith("text/html"):
        link = b'<p class="calendar"><a href="/calendar/2026/11.html">\xe2\x80\xba</a></p>\n</body>'
        if "utf-8" not in page.content_type:
            link = link.replace(b"\xe2\x80\xba", b"&gt;")
        page.render = lambda: render().replace(b"</body>", link)
        _as_another_version(struck, "trap")
    struck.answer(page)


def _bomb(struck: Struck) -> None:
    size = min(MAX_BOMB_BYTES, max(0, struck.whole("bytes", 100_000_000)))
    struck.channel.run(_send_bomb(struck, size))


async def _send_bomb(struck: Struck, size: int) -> None:
    packed = await asyncio.to_thread(bomb, size)
    headers = (("Content-Encoding", "gzip"),)
    struck.answer(SitePage(lambda: packed, struck.page.content_type, 200, struck.page.article, headers=headers))


STRIKES: dict[str, Strike] = {
    "encoding": _encoding,
    "block_page": _block_page,
    "lying_charset": _lying_charset,
    "rename": _rename,
    "status": _status,
    "redirect": _redirect,
    "loop": _loop,
    "trap": _trap,
    "bomb": _bomb,
}
