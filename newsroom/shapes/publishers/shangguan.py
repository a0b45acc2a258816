"""上观 today: static list JSONs, POST /news/homeMoreNews, getNewsDetail and the shell that is the same for every id.

Follows the site as seen: the shell, lists and row fields, sections, the article. The real id of 思想者 was not found:
the numbers from 9000 on are this newsroom's own. INFERRED: the section of each column, the HTML in `detail`, the words
beside `success: false`, `status` 1, `ismember` 0 and 1, twenty rows a page.
"""

import json
from collections.abc import Iterable
from html import escape
from itertools import islice
from typing import NamedTuple

from newsroom.http.answers import JSON, Request, SitePage, fixed, whole_number
from newsroom.shapes.parts import common
from newsroom.site.room import Newsroom
from newsroom.stories.dates import parse_clock
from newsroom.stories.story import CULTURE, DEPTH, ECONOMY, OPINION, POLICY, THINKER, Column, Head, Story

FIRST_ID = 700_000  # article n has id FIRST_ID + n
ROWS_PER_ANSWER = 20
_DAY = 86_400
_SEPARATORS = ("｜", " | ", "丨", "｜")

Row = dict[str, object]


class Section(NamedTuple):
    """The section and the sub-section in which a column stands on the site, each with its id and its name."""

    id: int
    name: str
    sub_id: int
    sub_name: str


SECTIONS: dict[Column, Section] = {
    THINKER: Section(9001, "观点", 9011, "思想者"),
    OPINION: Section(9001, "观点", 9012, "上观智库"),
    POLICY: Section(1, "政情", 2, "伴公汀"),
    DEPTH: Section(42, "要问", 9042, "纵深"),
    ECONOMY: Section(2, "财经", 13, "市场解码"),
    CULTURE: Section(4, "文化", 40, "文化"),
}


def number_of(text: str | None) -> int | None:
    """The article's number for an id in a query ("700012" -> 12); None for any other text."""
    found = whole_number(text)
    return found - FIRST_ID if found and found > FIRST_ID else None


def title(head: Head) -> str:
    """The title as `common.title` has it, `思想者｜张某：标题`, with a separator that varies by article.

    Titles of 深度 begin with their column too, as in the captured rows.
    """
    separator = _SEPARATORS[head.number % len(_SEPARATORS)]
    if head.column is DEPTH:
        return f"{head.article_section}{separator}{head.headline}"
    return common.title(head, separator)


def _row(room: Newsroom, number: int) -> Row:
    head = room.head(number, "zh")
    section = SECTIONS[head.column]
    row: Row = {
        "id": FIRST_ID + number,
        "title": title(head),
        "summary": head.summary,
        "sectionname": section.name,
        "subsectionname": section.sub_name,
        "subsectionid": section.sub_id,
        "publishtime": room.published(number) * 1000,
        "picurl": f"image/{number}.png" if number % 3 else "",
        "newstype": "0",
        "relatecontentid": "0",
        "replay": 0,
    }
    if "shangguan" in room.undated:
        del row["publishtime"]
    return row


def _rows(room: Newsroom, numbers: Iterable[int]) -> list[Row]:
    return [_row(room, number) for number in numbers]


def _static(room: Newsroom, found: object) -> SitePage:
    """`{"data": found}` as a static JSON file; its ETag and Last-Modified change whenever a list changes."""
    body = json.dumps({"data": found}, ensure_ascii=False).encode()
    page = fixed(body, JSON)
    page.etag, page.modified = f"{room.listed:x}-{len(body):x}-{room.seed:x}", room.listed
    return page


def top(room: Newsroom, _request: Request) -> SitePage:
    rows = _rows(room, room.newest(0, 12))
    return _static(room, {"top1": rows[:1], "top2": rows[1:3], "list": rows[3:]})


def more(room: Newsroom, _request: Request) -> SitePage:
    """`morenewslist.json`: rows of the articles at places 8 to 39, both included.

    Some repeat the recommended ones, as on the site.
    """
    return _static(room, _rows(room, room.newest(8, 32)))


def recommended(room: Newsroom, _request: Request) -> SitePage:
    return _static(room, _rows(room, room.newest(0, 16)))


def quick(room: Newsroom, _request: Request) -> SitePage:
    return _static(room, _rows(room, islice(room.newest(0, 60), 0, None, 3)))


def banner(room: Newsroom, _request: Request) -> SitePage:
    return _static(room, {"list": _rows(room, room.newest(2, 4))})


def rank(room: Newsroom, _request: Request) -> SitePage:
    now = room.listed
    recent = [number for number in room.newest(0, 60) if room.published(number) > now - 2 * _DAY]
    day = [number for number in recent if room.published(number) > now - _DAY]
    return _static(room, {"24": _rows(room, day[::-1][:10]), "48": _rows(room, recent[::-1][:10])})


def home_more(room: Newsroom, request: Request) -> SitePage:
    """POST form `page`, `lastpublishtime` (ms): the twenty newest rows published before that time.

    Without it, or if it is no positive number, the newest of all. The page number has no effect.
    """
    last = whole_number(request.form.get("lastpublishtime"))
    numbers = islice(_before(room, None if last is None else last // 1000), ROWS_PER_ANSWER)
    rows = [
        {
            "id": FIRST_ID + number,
            "sectionid": SECTIONS[head.column].id,
            "title": title(head),
            "publishtime": at * 1000,
        }
        for number in numbers
        for head, at in [(room.head(number, "zh"), room.published(number))]
    ]
    page = fixed(json.dumps({"success": True, "object": rows}, ensure_ascii=False), JSON)
    page.methods = ("POST",)
    return page


def _before(room: Newsroom, moment: int | None) -> Iterable[int]:
    """The numbers of listed articles published before a moment (Unix seconds; None: all), newest first."""
    extras = len(room.extras)
    if moment is None:
        return room.newest()
    for place, number in enumerate(reversed(room.extras)):
        if room.published(number) < moment:
            return room.newest(place)
    return room.newest(extras + room.articles - room.calendar.last_before(moment))


def detail(room: Newsroom, request: Request) -> SitePage:
    """`/news/getNewsDetail?id=N`: `{success, object}` as JSON.

    object is null, and success false, for a removed or unknown article; for a restricted one object has no text.
    """
    asked = request.query.get("id")
    number = number_of(asked)
    if number is None or not room.exists(number):
        return fixed(_failed(), JSON)
    condition = room.condition(number)
    if condition.state == "restricted":
        return common.lasting(room, number, SitePage(lambda: _detail_body(room, number), JSON, article=number))
    if not condition.page:
        return common.lasting(room, number, fixed(_failed(), JSON, article=number))
    return SitePage(lambda: _detail_body(room, number), JSON, article=number)


def _failed() -> str:
    return json.dumps({"success": False, "object": None, "msg": "此文章不存在或已下线"}, ensure_ascii=False)


def _detail_body(room: Newsroom, number: int) -> bytes:
    story = room.story(number, "zh")
    closed = room.condition(number).state == "restricted"
    shown = parse_clock(story.date_published) * 1000
    found = {
        "id": FIRST_ID + number,
        "title": title(story),
        "summary": story.summary,
        "detail": "" if closed else fragment(room, story),
        "publishtime": shown,
        # Both differ from publishtime on the real site: no reader may take its date from them.
        "addtime": shown - _DAY * 1000,
        "edittime": max(shown + _DAY * 1000, room.edited(number) * 1000),
        "newstype": 0,
        "ismember": 1 if closed else 0,
        "originurl": "",
        "status": 1,
    }
    return json.dumps({"success": True, "object": found}, ensure_ascii=False).encode()


def fragment(room: Newsroom, story: Story) -> str:
    """The text as an HTML fragment, with any biography at the end; headings are bold paragraphs (INFERRED).

    A picture follows the first paragraph.
    """
    parts = [f"<p>{line}</p>" for line in escape("\n".join(story.paragraphs), quote=False).split("\n")]
    for place, text in reversed(story.headings):
        parts.insert(place, f"<p><strong>{escape(text, quote=False)}</strong></p>")
    parts.insert(1, f'<p style="text-align:center"><img src="{room.address}/image/{story.number}.png"></p>')
    if story.biography:
        parts.append(f"<p><strong>思想者小传</strong></p><p>{escape(story.biography, quote=False)}</p>")
    return "".join(parts)


_SHELL_PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>上观新闻</title>
<script src="/staticsg/res/js/web/newsDetail.js"></script></head>
<body><div id="app"><div class="news-title">{{title}}</div><div class="news-time">{{publishtime}}</div>
<div class="news-content" v-html="detail"></div>
<div class="offline" style="display:none">此文章不存在或已下线</div></div>
</body></html>
"""


def shell(_room: Newsroom, _request: Request) -> SitePage:
    """`newsDetail.html?id=N`: the same bytes for every id, also for made-up ones."""
    page = fixed(_SHELL_PAGE)
    page.etag, page.modified = "shell", 0
    return page


_HOME = "/staticsg/data/web/home"
EXACT = {
    f"{_HOME}/topnewslist.json": top,
    f"{_HOME}/morenewslist.json": more,
    f"{_HOME}/recommandnewslist.json": recommended,
    f"{_HOME}/quicknewslist.json": quick,
    f"{_HOME}/bannernewslist.json": banner,
    "/staticsg/data/web/common/newsrank.json": rank,
    "/news/homeMoreNews": home_more,
    "/news/getNewsDetail": detail,
    "/staticsg/res/html/web/newsDetail.html": shell,
    "/staticsg/home": shell,
}
