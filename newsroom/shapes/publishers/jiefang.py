"""The printed 解放日报 in both generations: issue, page and article as JSON.

Follows the site as seen: static files until 2024-12-15, `.do` addresses from 2024-12-16; `articlelist` in
reverse page order; `content` joined by <br/>; the author's unit in a last paragraph （作者为…）; `pincurls` a JSON
string with `ttile`; adverts titled 广告. INFERRED: that list.do names the newest issue and takes `date`, the
page numbers (思想者's is not known), `success`, and the answer for an absent article: a removed one is missing
for any `how`, and one for members only is the site's login page.
"""

import json
import re
from datetime import date, datetime, time, timedelta

from newsroom.http.answers import JSON, Request, SitePage, fixed, whole_number
from newsroom.shapes.parts import common
from newsroom.site.room import Newsroom
from newsroom.stories.dates import SHANGHAI, iso
from newsroom.stories.story import CULTURE, DEPTH, ECONOMY, OPINION, POLICY, THINKER, Column, Story

FIRST_ID = 500_000  # article n is printed with id FIRST_ID + n
_ADVERT_ID = 400_000  # adverts: this plus the page's number
CHANGE = date(2024, 12, 16)
MAX_ARTICLES_OF_ISSUE = 60  # articles in one issue, even on a day with more

PAGES: dict[str, tuple[str, tuple[Column, ...]]] = {
    "01": ("要闻", (POLICY,)),
    "04": ("深度", (DEPTH,)),
    "06": ("财经", (ECONOMY,)),
    "08": ("文化", (CULTURE,)),
    "09": ("评论", (OPINION,)),
    "10": ("思想者", (THINKER,)),
    "12": ("广告", ()),
}
_FAILED = {"success": False, "object": None}
_OLD = re.compile(r"/staticsg/data/journal/(\d{4}-\d\d-\d\d)/(?:navi|(\d\d)/article/(\d+))\.json")
_NEW = re.compile(r"/journal/(\d{4}-\d\d-\d\d)/getJournalPage\.do")


def printed_on(room: Newsroom, day: date) -> list[int]:
    """The numbers of the articles published on a day, at most 60, the oldest first, those that events published last.

    Some may be missing in lists now.
    """
    start = int(datetime.combine(day, time(), SHANGHAI).timestamp())
    end = start + 86_400
    own = range(room.calendar.last_before(start) + 1, room.calendar.last_before(end) + 1)
    extras = [number for number in room.extras if start <= room.published(number) < end]
    return [*own, *extras][:MAX_ARTICLES_OF_ISSUE]


def _on_page(room: Newsroom, day: date, page: str) -> list[int]:
    columns = PAGES[page][1]
    return [number for number in printed_on(room, day) if room.head(number, "zh").column in columns]


def _row(room: Newsroom, number: int, day: date) -> dict[str, object]:
    head = room.head(number, "zh")
    return {
        "id": FIRST_ID + number,
        "title": head.headline,
        "introtitle": head.article_section if head.column is THINKER else "",
        "subtitle": head.alternative_headline or "",
        "author": head.speaker or head.author or "",
        "jdate": day.isoformat(),
    }


def _advert(page: str, day: date) -> dict[str, object]:
    blank = dict.fromkeys(("introtitle", "subtitle", "author"), "")
    return {"id": _ADVERT_ID + int(page), "title": "广告", **blank, "jdate": day.isoformat()}


def _rows(room: Newsroom, day: date, page: str) -> list[dict[str, object]]:
    listed = (number for number in _on_page(room, day, page) if room.condition(number).listed)
    rows = [_row(room, number, day) for number in listed]
    return rows if page == "01" else [*rows, _advert(page, day)]


def _page_of(room: Newsroom, day: date, page: str) -> dict[str, object]:
    return {
        "pnumber": page,
        "pname": PAGES[page][0],
        "jdate": day.isoformat(),
        "imgurl": f"{room.address}/image/{int(page)}.png",
    }


def old_edition(room: Newsroom, request: Request) -> SitePage | None:
    """The answer in JSON to a request for an issue or an article of the static edition, before CHANGE; else None.

    `/staticsg/data/journal/DATE/navi.json` and `…/DATE/PNUMBER/article/ID.json`; for a removed or restricted article
    the page of `_in_its_place`.
    """
    found = _OLD.fullmatch(request.path)
    day = _day(found[1]) if found else None
    if found is None or day is None or day >= CHANGE or not _printed(room, day):
        return None
    if found[2] is None:
        return fixed(
            _json({"pages": [_page_of(room, day, p) | {"articleList": _rows(room, day, p)} for p in PAGES]}),
            JSON,
        )
    if found[2] not in PAGES:
        return None
    return _old_article(room, day, found[2], found[3])


def _old_article(room: Newsroom, day: date, page: str, asked: str) -> SitePage | None:
    number = _number(asked)
    if number is None:
        return fixed(_json({"article": _advert(page, day)}), JSON) if _is_advert(asked) else None
    if number not in _on_page(room, day, page):
        return None
    return _in_its_place(room, number) or SitePage(
        lambda: _json({"article": _article(room, number)}).encode(), JSON, article=number
    )


def _in_its_place(room: Newsroom, number: int) -> SitePage | None:
    """The old static edition's page in place of an article: the login page if it is restricted, 404 if it is removed.

    None if the article is there.
    """
    condition = room.condition(number)
    if condition.page or condition.state == "restricted":
        return common.gone(room, number)
    return common.missing(404, number)


def issues(room: Newsroom, request: Request) -> SitePage:
    """`/journal/list.do`: the newest issue, or that of `date`; an empty list if the `.do` edition has no such issue."""
    asked = request.query.get("date")
    day = _day(asked) if asked else _today(room)
    known = day is not None and day >= CHANGE and _printed(room, day)
    departs = [{"code": "jfrb", "jdate": day.isoformat(), "pnumber": "01"}] if day and known else []
    return fixed(_json({"success": True, "object": {"departList": departs}}), JSON)


def new_page(room: Newsroom, request: Request) -> SitePage | None:
    """`/journal/DATE/getJournalPage.do?page=01&code=jfrb`: an issue's page in JSON, with its articles.

    None if the `.do` edition has no issue of that day, for an unknown page, and for another `code`.
    """
    found, query = _NEW.fullmatch(request.path), request.query
    day, page = _day(found[1]) if found else None, query.get("page", "01")
    if day is None or day < CHANGE or page not in PAGES or query.get("code") != "jfrb" or not _printed(room, day):
        return None
    answer = {
        "page": _page_of(room, day, page),
        "pagelist": [_page_of(room, day, other) for other in PAGES],
        "articlelist": _rows(room, day, page)[::-1],
    }
    return fixed(_json({"success": True, "object": answer}), JSON)


def new_article(room: Newsroom, request: Request) -> SitePage:
    """`/journal/getJournalPageArticle.do?id=ID`: an article in JSON; `object` is null if it is removed or unknown.

    For a restricted article it is the login page.
    """
    asked = request.query.get("id")
    number = _number(asked)
    if number is None or not room.exists(number):
        return fixed(_json(_FAILED), JSON)
    condition = room.condition(number)
    if condition.state == "restricted":
        return common.login(room, number)
    if not condition.page:
        return common.lasting(room, number, fixed(_json(_FAILED), JSON, article=number))
    return SitePage(
        lambda: _json({"success": True, "object": {"article": _article(room, number)}}).encode(),
        JSON,
        article=number,
    )


def _article(room: Newsroom, number: int) -> dict[str, object]:
    story = room.story(number, "zh")
    at = room.published(number)
    day = datetime.fromtimestamp(at, SHANGHAI).date()
    picture = {
        "url": f"/image/{number}.png",
        "name": story.headline,
        "author": story.editor,
        "ttile": story.headline,
    }
    return _row(room, number, day) | {
        "source": "解放日报",
        "columns": story.article_section,
        "content": "<br/>".join([*_lines(story), *_unit(story)]),
        "pincurls": json.dumps([picture], ensure_ascii=False),
        "addtime": iso(at),
        "edittime": iso(room.edited(number)),
        "deleted": 0,
    }


def _lines(story: Story) -> list[str]:
    lines = list(story.paragraphs)
    for place, text in reversed(story.headings):
        lines.insert(place, text)
    return lines


def _unit(story: Story) -> list[str]:
    """At most one line, （作者为…）, with the part of a biography after its first comma, up to the next one or its end.

    [] without a biography or a comma in it.
    """
    parts = story.biography.split("，") if story.biography else []
    return [f"（作者为{parts[1]}）"] if len(parts) > 1 else []


def _number(text: str | None) -> int | None:
    found = whole_number(text)
    return found - FIRST_ID if found and found > FIRST_ID else None


def _is_advert(text: str) -> bool:
    found = whole_number(text)
    return found is not None and _ADVERT_ID < found < FIRST_ID


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _today(room: Newsroom) -> date:
    return datetime.fromtimestamp(room.now, SHANGHAI).date()


def _printed(room: Newsroom, day: date) -> bool:
    """True if an issue of that day exists: from the first article's day to the site's own today."""
    first = datetime.fromtimestamp(room.published(1), SHANGHAI).date() if room.articles else _today(room)
    return first - timedelta(days=1) < day <= _today(room)


def _json(found: object) -> str:
    return json.dumps(found, ensure_ascii=False)


EXACT = {"/journal/list.do": issues, "/journal/getJournalPageArticle.do": new_article}
PREFIXES = (("/staticsg/data/journal/", old_edition), ("/journal/", new_page))
