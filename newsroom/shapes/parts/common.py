"""Pages of all shapes: gone, restricted, the calendar trap; and the form of a title."""

from datetime import date

from newsroom.http.answers import Request, SitePage, fixed
from newsroom.site.room import Newsroom
from newsroom.stories.story import OPINION, THINKER, Head

SITE_NAME = "江海观察"

_SHELL = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="robots" content="noindex"></head>
<body><header><a href="/">江海观察 Jianghai Observer</a></header><main>{body}</main></body></html>
"""
_MISSING = {
    404: _SHELL.format(language="zh-CN", title="页面不存在", body="<h1>404</h1><p>您访问的页面不存在。</p>"),
    410: _SHELL.format(language="zh-CN", title="文章已删除", body="<h1>410</h1><p>该文章已被删除。</p>"),
}
# A template without an article, as shown by sites that answer 200 for everything.
_EMPTY = _SHELL.format(
    language="zh-CN",
    title="江海观察",
    body='<article><h1></h1><div class="content"></div></article><p class="tip">此内容不存在或已下线</p>',
)
_LOGIN = _SHELL.format(
    language="zh-CN",
    title="登录 - 江海观察",
    body="<h1>请登录</h1><p>本文仅限会员阅读，请登录后继续。</p>"
    '<form class="login" method="post" action="/login">'
    '<input name="user"><input name="password" type="password"><button>登录</button></form>',
)


def missing(status: int, article: int | None = None) -> SitePage:
    return fixed(_MISSING[status], status=status, article=article)


def gone(room: Newsroom, number: int) -> SitePage | None:
    """The page in place of a removed or restricted article; None if the article is there.

    The same bytes on every visit: nothing here depends on the rest of the site.
    """
    condition = room.condition(number)
    if condition.page:
        return None
    if condition.state == "restricted":
        return login(room, number)
    if condition.how == "shell":
        return lasting(room, number, fixed(_EMPTY, article=number))
    if condition.how == "front":
        return redirect("/", article=number)
    return missing(int(condition.how or 404), number)


def login(room: Newsroom, number: int) -> SitePage:
    """The login page in the place of an article, with status 200."""
    return lasting(room, number, fixed(_LOGIN, article=number))


def lasting(room: Newsroom, number: int, page: SitePage) -> SitePage:
    """The page in an article's place, with ETag and Last-Modified if the article's `condition` has `validators`.

    The event that removed or restricted the article sets them.
    """
    condition = room.condition(number)
    if condition.validators:
        page.modified = room.modified(number)
        page.etag = f"{condition.state}-{number:x}-{page.modified:x}"
    return page


def redirect(to: str, status: int = 302, article: int | None = None) -> SitePage:
    return SitePage(lambda: b"", status=status, article=article, headers=(("Location", to),))


def title(head: Head, separator: str = " | ", tags: bool = False) -> str:
    """The title as the site prints it: `思想者 | 张某：标题` in THINKER, with the column but no speaker in OPINION.

    In other columns it is the headline alone. tags: True appends the keywords.
    """
    chinese = head.language == "zh"
    if head.column is THINKER and head.speaker:
        speaker = f"{head.speaker}{'：' if chinese else ': '}"
        found = f"{head.article_section}{separator}{speaker}{head.headline}"
    elif head.column is OPINION:
        found = f"{head.article_section}{separator}{head.headline}"
    else:
        found = head.headline
    return " | ".join((found, *head.keywords)) if tags else found


def calendar(room: Newsroom, request: Request) -> SitePage | None:
    """The page of a month or day of the trap, which link each other without end; None unless the trap is on."""
    parts = request.path.removeprefix("/calendar/").removesuffix(".html").split("/")
    if not room.faults.trapped or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    numbers = [int(part) for part in parts]
    if len(numbers) not in (2, 3) or not (1 <= numbers[0] <= 9998 and 1 <= numbers[1] <= 12):
        return None
    return fixed(_month(numbers[0], numbers[1]))


def _month(year: int, month: int) -> str:
    before = date(year, month, 1).toordinal() - 1
    after = date(year + month // 12, month % 12 + 1, 1).toordinal()
    links = [f'<a href="/calendar/{year}/{month}/{day}.html">{day}</a>' for day in range(1, 29)]
    for label, day in (("上月", before), ("下月", after)):
        there = date.fromordinal(max(1, day))
        links.append(f'<a href="/calendar/{there.year}/{there.month}.html">{label}</a>')
    body = f"<h1>{year}年{month}月</h1><p>{' '.join(links)}</p>"
    return _SHELL.format(language="zh-CN", title=f"{year}年{month}月", body=body).replace("noindex", "all")


PREFIXES = (("/calendar/", calendar),)
