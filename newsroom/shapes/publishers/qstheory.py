"""求是网 below /qstheory: lists, articles of both generations, and the printed 求是 by its years and issues.

Follows the site as seen: list paths, /…/YYYY-MM/DD/c_N.htm until 2024 with `.headtitle h1`, `.pubtime` and
`.highlight`; since 2025 /YYYYMMDD/HASH/c.html with `.inner > span` for 来源, 作者 and the time, `#detailContent`, links
relative to the list; /qs/mulu.htm with `.booktitle a` to a year, which leads to issues, which lead to articles, all at
addresses like those of articles. INFERRED: the day of the change, the order of a year's issues, the content of each
list and issue, the rows of a list.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from html import escape

from newsroom.http.answers import SitePage
from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.columns import Shelf
from newsroom.shapes.parts.policy_sites import STATE, Leaf, NeighbourSite
from newsroom.site.room import Newsroom
from newsroom.stories.dates import SHANGHAI
from newsroom.stories.story import CULTURE, OPINION, THINKER, Head, Story

CHANGE = date(2025, 1, 1)
MULU = "/qs/mulu.htm"
PRINTED, ONLINE = frozenset({THINKER}), frozenset({OPINION, CULTURE})


def _address(room: Newsroom, number: int) -> str:
    day, name = policy_sites.first_day(room, number), str(policy_sites.FIRST_ID + number)
    if day < CHANGE:
        return f"/llwx/{day:%Y-%m/%d}/c_{name}.htm"
    # 32 hexadecimal digits, as on the site; the last eight are the id.
    return f"/{day:%Y%m%d}/{hashlib.sha256(name.encode()).hexdigest()[:24]}{name}/c.html"


def _render(story: Story, leaf: Leaf) -> str:
    title, when, who = (
        escape(story.headline),
        policy_sites.shown(story, "%Y-%m-%d %H:%M:%S"),
        policy_sites.author(story),
    )
    line = f'<span class="pubtime">{when}</span> <span>来源：求是网</span> <span class="author">作者：{who}</span>'
    text = policy_sites.body(story)
    if leaf.day < CHANGE:
        body = f'<div class="headtitle"><h1>{title}</h1>{line}</div>\n<div class="highlight">{text}</div>'
    else:
        line = (
            f'<span class="appellation">来源：求是网</span> <span class="appellation">作者：{who}</span> '
            f'<span class="pubtime">{when}</span>'
        )
        body = (
            f'<div class="content"><div class="inner"><h1>{title}</h1>\n{line}</div>\n'
            f'<div class="fs-text">大 中 小</div><div id="detailContent">{text}'
            f'<div class="xl_ewm">扫描二维码</div></div></div>'
        )
    head = policy_sites.meta(story) + f'<meta name="publishdate" content="{story.date_published[:10]}">\n'
    return policy_sites.PAGE.format(title=f"{title} - 求是网", head=head, body=body)


def _entry(listed: str, path: str, head: Head) -> str:
    """The HTML of a row in a list; the link is relative if `path` has today's form (…/c.html).

    listed: the list's path, without the site's prefix. path: the article's, with it.
    """
    link = policy_sites.beside(f"{SITE.prefix}{listed}", path) if path.endswith("/c.html") else path
    return policy_sites.entry(listed, link, head)


def _magazine(room: Newsroom, path: str) -> SitePage | None:
    """A page of links to the magazine's years, a year's issues (two a month) or an issue's articles, or None."""
    issues = list(_issues(room))
    years = list(dict.fromkeys(day.year for day in issues))
    if path == MULU:
        return _contents("在线读刊", ((MULU, _directory(date(year, 1, 1), year), f"{year}年") for year in years))
    for year in years:
        if path == (here := _directory(date(year, 1, 1), year)):
            own = sorted(day for day in issues if day.year == year)
            return _contents(
                f"《求是》{year}年", ((here, _directory(day), f"《求是》{year}年第{_number(day)}期") for day in own)
            )
    for day in issues:
        if path == (here := _directory(day)):
            shelf = Shelf(room, PRINTED)
            numbers = [n for n in shelf.numbers(0, shelf.total) if _issue_of(room, n) == day]
            rows = ((here, _address(room, n), room.head(n, "zh").headline) for n in numbers)
            return _contents(f"{day.year}年第{_number(day)}期《求是》目录", rows)
    return None


def _issues(room: Newsroom) -> Iterator[date]:
    """Yield the days of all issues (the 1st and 16th of a month) since the first article, the newest first."""
    first, last = (datetime.fromtimestamp(at, SHANGHAI).date() for at in (room.published(1), room.now))
    for year in range(last.year, first.year - 1, -1):
        for month in range(12, 0, -1):
            for day in (16, 1):
                if _half(first) <= (each := date(year, month, day)) <= last:
                    yield each


def _half(day: date) -> date:
    return day.replace(day=16 if day.day >= 16 else 1)


def _issue_of(room: Newsroom, number: int) -> date:
    return _half(policy_sites.first_day(room, number))


def _number(day: date) -> int:
    return day.month * 2 - (day.day < 16)


def _directory(day: date, of: object = "") -> str:
    """The path of the page that lists an issue: `/YYYYMMDD/HASH/c.html` with its day, like an article's path.

    For the page that lists a year's issues, `day` is its first day and `of` the year: another hash, so another path.
    """
    return f"/{day:%Y%m%d}/{hashlib.sha256(f'{day} {of}'.encode()).hexdigest()[:32]}/c.html"


def _contents(title: str, rows: Iterable[tuple[str, str, str]]) -> SitePage:
    """A page of links; rows: (path of this page itself, path of the link, text of the link).

    The first is only needed to make the link relative.
    """
    links = "".join(
        f'<p class="booktitle"><a href="{policy_sites.beside(here, to)}"><strong>{escape(text)}</strong></a></p>\n'
        for here, to, text in rows
    )
    body = f'<div class="inner"><h1>{title}</h1></div><div id="detailContent" class="highlight">{links}</div>'
    return SitePage(policy_sites.PAGE.format(title=f"{title} - 求是网", head="", body=body).encode)


SITE = NeighbourSite(
    prefix="/qstheory",
    lists={
        "/qszq/llwx/index.htm": ONLINE,
        "/qszq/xxbj/index.htm": ONLINE,
        "/qslgxd/index.htm": ONLINE,
        "/qswp.htm": STATE,
        "/economy/index.htm": STATE,
        "/politics/index.htm": STATE,
        "/culture/index.htm": ONLINE,
        "/cpc/index.htm": STATE,
        "/v9zhuanqu/zhuanqu/sddy/index.htm": STATE,
        "/v9zhuanqu/zhuanqu/qszf/index.htm": ONLINE,
        "/v9zhuanqu/zhuanqu/xxwd/index.htm": STATE,
        "/v9zhuanqu/zhuanqu/llzt/index.htm": ONLINE,
    },
    address=_address,
    named=re.compile(r"/(?:llwx/\d{4}-\d\d/\d\d/c_|\d{8}/[0-9a-f]{24})(?P<n>\d{8})(?:\.htm|/c\.html)"),
    render=_render,
    entry=_entry,
    more=_magazine,
)
