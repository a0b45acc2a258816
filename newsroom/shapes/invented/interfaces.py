"""Interfaces by which sites hand out their lists: a cursor, an offset, JSONP, pages built from JSON, issues, days.

INFERRED: the names are no publisher's own. Each way has been seen on real sites: a POST of JSON that needs a Referer
and continues by a cursor, an offset that grows by twenty, a page with its text in `__NEXT_DATA__` alone, a journal's
index of issues, a newspaper's list for each day.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import escape
from typing import Any

from newsroom.http.answers import JSON, Request, SitePage, fixed, whole_number
from newsroom.shapes.parts import common, policy_sites
from newsroom.site.room import Newsroom
from newsroom.stories.dates import SHANGHAI, iso

ROWS_PER_ANSWER = 20
JAVASCRIPT = "text/javascript; charset=utf-8"
_CALLBACK = re.compile(r"[A-Za-z_]\w{0,40}", re.ASCII)
_MONTH = re.compile(r"/magazine/(\d{4})-(\d\d)\.html", re.ASCII)
_DAY = re.compile(r"/daily/(\d{4})/(\d\d)/(\d\d)\.html", re.ASCII)
_APP = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head>
<body><div id="__next"></div>
<script id="__NEXT_DATA__" type="application/json">{data}</script>
<script src="/app/main.js" defer></script></body></html>
"""


def search(room: Newsroom, request: Request) -> SitePage:
    """`/api/search`: POST of JSON (`size`, `cursor`) with a Referer of the site, else 403; 405 for another method.

    The answer names the next cursor, null after the last row; it is 400 if `size` or `cursor` cannot be read.
    """
    page = _searched(room, request)
    page.methods = ("POST",)
    return page


def _searched(room: Newsroom, request: Request) -> SitePage:
    ours = request.headers.get("referer", "").startswith(f"{room.address}/")
    if not ours or not request.headers.get("content-type", "").startswith("application/json"):
        return fixed('{"code": 403, "msg": "forbidden"}', JSON, 403)
    try:
        asked = json.loads(request.body)
        size, start = int(asked["size"]), int(str(asked.get("cursor", "c0")).removeprefix("c"))
    except (ValueError, TypeError, KeyError, AttributeError):
        return fixed('{"code": 400, "msg": "size, cursor"}', JSON, 400)
    size, start = min(max(size, 1), 100), max(start, 0)
    following = f"c{start + size}" if start + size < room.total else None
    return _json({"code": 200, "data": {"rows": list(_rows(room, start, size)), "next": following}})


def offset(room: Newsroom, request: Request) -> SitePage:
    """`/api/items?from=0&size=20`: the rows at `size` places from `from` on, at most 100; none after the last."""
    start, size = (request.query.get(name, "") for name in ("from", "size"))
    first = 0 if start == "0" else whole_number(start) or 0
    return _json(
        {"total": room.total, "items": list(_rows(room, first, min(whole_number(size) or ROWS_PER_ANSWER, 100)))}
    )


def wrapped(room: Newsroom, request: Request) -> SitePage:
    """`/api/latest.js?callback=show`: JavaScript (JSONP) that calls the function with the newest hundred rows.

    Without a valid name in the query it calls `callback`.
    """
    callback = request.query.get("callback", "callback")
    name = callback if _CALLBACK.fullmatch(callback) else "callback"
    return fixed(f"/**/ {name}({_text({'rows': list(_rows(room, 0, 100))})});", JAVASCRIPT)


def app(room: Newsroom, _request: Request) -> SitePage:
    """`/app/`: an HTML page of a list, whose newest hundred rows stand only in a script, as JSON."""
    rows = [{**row, "link": row["link"].replace("/article/", "/app/")} for row in _rows(room, 0, 100)]
    return fixed(_app("江海观察", {"list": rows}))


def app_article(room: Newsroom, request: Request) -> SitePage | None:
    """`/app/N.html`: an HTML page of an article, whose text stands only in a script, as JSON.

    For a removed or restricted article the page of `common.gone`; None if there never was such an article.
    """
    path = request.path
    number = whole_number(path[5:-5]) if path.endswith(".html") else None
    if number is None or not room.exists(number):
        return None
    if gone := common.gone(room, number):
        return gone
    return SitePage(
        lambda: _app_page(room, number), article=number, etag=f"app-{number:x}-{len(room.history(number)):x}"
    )


def _app_page(room: Newsroom, number: int) -> bytes:
    story = room.story(number, "zh")
    article = {
        "id": number,
        "title": story.headline,
        "html": policy_sites.body(story),
        "writer": {"name": story.speaker or story.author},
        "published": int(datetime.fromisoformat(story.date_published).timestamp() * 1000),
    }
    return _app(story.headline, {"article": article}).encode()


def _app(title: str, properties: dict[str, Any]) -> str:
    return _APP.format(title=escape(title), data=_text({"props": {"pageProps": properties}}))


def magazine(room: Newsroom, _request: Request) -> SitePage:
    """`/magazine/`: its issues, one a month from the newest article back to the first, also without any in between."""
    newest = max(map(room.published, (room.calendar.articles, *room.extras)))
    months = _months(*(datetime.fromtimestamp(at, SHANGHAI).date() for at in (newest, room.published(1))))
    return fixed(_page("目录", [(f"/magazine/{month:%Y-%m}.html", f"{month:%Y年%m月}") for month in months]))


def _months(newest: date, oldest: date) -> Iterator[date]:
    month = newest.replace(day=1)
    while month >= oldest.replace(day=1):
        yield month
        month = (month - timedelta(days=1)).replace(day=1)


def issue(room: Newsroom, request: Request) -> SitePage | None:
    """`/magazine/YYYY-MM.html`: the listed articles of a month; None if none was published in it.

    If all that were published are unlisted now, it is a page without links.
    """
    found = _MONTH.fullmatch(request.path)
    if found is None or not (1 <= int(found[2]) <= 12 and 1970 <= int(found[1]) <= 9998):
        return None
    first = date(int(found[1]), int(found[2]), 1)
    return _between(room, f"{first:%Y年%m月}", first, (first + timedelta(days=31)).replace(day=1))


def daily(room: Newsroom, request: Request) -> SitePage | None:
    """`/daily/YYYY/MM/DD.html`: the listed articles of a day; None if none was published on it."""
    found = _DAY.fullmatch(request.path)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
    if day is None or not 1970 <= day.year <= 9998:
        return None
    return _between(room, f"{day:%Y年%m月%d日}", day, day + timedelta(days=1))


def _between(room: Newsroom, title: str, first: date, end: date) -> SitePage | None:
    """A page that lists the articles published from `first` until before `end`, without unlisted ones.

    None if nothing was published then; a page without links if all are unlisted.
    """
    start, stop = (int(datetime(*day.timetuple()[:3], tzinfo=SHANGHAI).timestamp()) for day in (first, end))
    own = range(room.calendar.last_before(start) + 1, room.calendar.last_before(stop) + 1)
    extras = [number for number in room.extras if start <= room.published(number) < stop]
    numbers = [number for number in (*reversed(extras), *reversed(own)) if room.condition(number).listed]
    links = [(f"/article/{number}.html", room.head(number).headline) for number in numbers]
    return fixed(_page(title, links)) if own or extras else None


def _page(title: str, links: list[tuple[str, str]]) -> str:
    rows = "".join(f'<li><a href="{path}">{escape(text)}</a></li>\n' for path, text in links)
    return policy_sites.PAGE.format(title=title, head="", body=f"<h1>{title}</h1><ul>\n{rows}</ul>")


def _rows(room: Newsroom, start: int, count: int) -> Iterator[dict[str, Any]]:
    for number in room.newest(start, count):
        head = room.head(number)
        yield {"link": f"/article/{number}.html", "name": head.headline, "when": iso(room.published(number))}


def _json(value: Any) -> SitePage:
    return fixed(_text(value), JSON)


def _text(value: Any) -> str:
    """The value as JSON that can stand in a script: without `<`, which could end the script."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


EXACT = {"/api/search": search, "/api/items": offset, "/api/latest.js": wrapped, "/app/": app, "/magazine/": magazine}
PREFIXES = (("/app/", app_article), ("/magazine/", issue), ("/daily/", daily))
