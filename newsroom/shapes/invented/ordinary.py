"""The ordinary site at `/`: front page, paged lists and article pages, in the shape of any news site.

It imitates no single site. Seen on real sites: titles such as `思想者 | 某某：标题` (上观), the English title line with
its second clause and tags (the mirror a5qu), GBK pages declared in meta.
"""

import zlib
from collections.abc import Callable
from html import escape

from newsroom.http.answers import Request, SitePage, fixed, whole_number
from newsroom.shapes.invented.designs import DESIGNS, ArticleView
from newsroom.shapes.parts import common, turning
from newsroom.site.room import Newsroom
from newsroom.stories.dates import iso
from newsroom.stories.story import Head, language_of

PER_PAGE = 50
FRONT_ENTRIES = 30
MAX_CACHED_PAGES = 1000
_SEPARATORS = (
    " | ",
    "｜",
    " | ",
    "丨",
    " | ",
)  # separators seen in front of a speaker on real sites


def _png() -> bytes:
    """The bytes of a PNG image of one grey pixel."""
    chunks = ((b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0"), (b"IDAT", zlib.compress(b"\0\x80")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4) for name, body in chunks
    )


_IMAGE = _png()


def is_gbk(number: int) -> bool:
    """True for every seventh article (3, 10, 17 …): its page is GBK, declared only in the meta element."""
    return number % 7 == 3


def display_title(head: Head) -> str:
    """The text of the h1 of an article page: `common.title`, in Chinese with a separator that varies by article.

    In English the second clause, if any, comes first, and an article with a speaker has its tags at the end.
    """
    if head.language == "zh":
        return common.title(head, _SEPARATORS[head.number % len(_SEPARATORS)])
    line = common.title(head, tags=head.speaker is not None)
    return f"{head.alternative_headline}, {line}" if head.alternative_headline else line


def article(room: Newsroom, request: Request) -> SitePage | None:
    """`/article/N.html`, and `/article/N_PAGE.html` for pages 2 and on of an article in pages.

    For a removed or restricted article the page of `common.gone`. None without such an article or page.
    """
    number, page = turning.place(request.path) or (0, 0)
    if not room.exists(number) or page > _pages(room, number):
        return None
    gone = common.gone(room, number) if room.conditions else None
    if gone:
        return gone
    gbk = is_gbk(number)
    etag = f"{_edition(room)}-{number:x}-{len(room.history(number)):x}-{room.design}"
    if page > 1:
        etag += f"-{page}"
    return SitePage(
        lambda: _kept(room, number, page, etag),
        content_type="text/html" if gbk else "text/html; charset=utf-8",
        article=number,
        part=page,
        etag=etag,
        modified=max(room.modified(number), room.redesigned),
    )


def _pages(room: Newsroom, number: int) -> int:
    wanted = room.turns.get(number, 1)
    return turning.count(room.story(number), wanted) if wanted > 1 else 1


def _edition(room: Newsroom) -> str:
    # Newsrooms with other arguments have other texts under the same addresses.
    return f"{room.seed:x}-{room.clock:x}-{room.articles:x}"


def _kept(room: Newsroom, number: int, page: int, etag: str) -> bytes:
    """The bytes of a page: cached ones if their ETag is the same, else rendered; a thousand pages are cached."""
    key = room.address, number, page
    kept = room.pages.get(key)
    if kept is None or kept[0] != etag:
        kept = room.pages[key] = (etag, _article_body(room, number, page))
        if len(room.pages) > MAX_CACHED_PAGES:
            del room.pages[next(iter(room.pages))]
    return kept[1]


def _article_body(room: Newsroom, number: int, page: int) -> bytes:
    story, gbk, pages = room.story(number), is_gbk(number), _pages(room, number)
    view = ArticleView(
        story=turning.part(story, page, pages),
        title=display_title(story),
        url=room.address + turning.address(number, page),
        modified=iso(room.edited(number)),
        charset="gbk" if gbk else "utf-8",
        related=related(room, number),
        pager=turning.pager(story, page, pages),
        last=page == pages,
    )
    text = DESIGNS[room.design](view)
    # A published text may hold characters that GBK lacks.
    return text.encode("gbk", "xmlcharrefreplace") if gbk else text.encode()


def related(room: Newsroom, number: int) -> list[tuple[str, str, str]]:
    """Address, title and teaser of up to three older articles as first published: no event changes them."""
    olds = [old for old in (number - 5, number - 10, number - 20) if 1 <= old <= room.articles]
    heads = [room.first_head(old, language_of(number)) for old in olds]
    return [(f"/article/{head.number}.html", display_title(head), head.summary) for head in heads]


def front(room: Newsroom, _request: Request) -> SitePage:
    """`/`: the articles at the newest thirty places, and a link to the list of all; unlisted ones are left out."""
    return _list_page(room, "front", lambda: _front_body(room))


def _front_body(room: Newsroom) -> bytes:
    entries = _entries(room, 0, FRONT_ENTRIES)
    body = f'<h1>江海观察</h1><ul class="entries">{entries}</ul><p><a href="/list/1">更多 More</a></p>'
    return _LIST.format(title="江海观察 Jianghai Observer", links="", body=body).encode()


def listing(room: Newsroom, request: Request) -> SitePage | None:
    """`/list/PAGE`: the articles at fifty places, newest first; unlisted ones are left out. None after the last."""
    number = whole_number(request.path[6:])
    last = max(1, -(-room.total // PER_PAGE))
    if number is None or number > last:
        return None
    return _list_page(room, f"list-{number}", lambda: _listing_body(room, number, last))


def _listing_body(room: Newsroom, number: int, last: int) -> bytes:
    entries = _entries(room, (number - 1) * PER_PAGE, PER_PAGE)
    turns = [("prev", number - 1, "上一页")] * (number > 1) + [("next", number + 1, "下一页")] * (number < last)
    links = "".join(f'<link rel="{rel}" href="/list/{page}">' for rel, page, _ in turns)
    anchors = " ".join(f'<a rel="{rel}" href="/list/{page}">{label}</a>' for rel, page, label in turns)
    body = f'<h1>全部文章</h1><ul class="entries">{entries}</ul><nav class="pages">{anchors}</nav>'
    return _LIST.format(title=f"全部文章 {number}/{last}", links=links, body=body).encode()


def _entries(room: Newsroom, start: int, count: int) -> str:
    dated = "ordinary" not in room.undated
    return "".join(_entry(room.head(number), dated) for number in room.newest(start, count))


def _list_page(room: Newsroom, name: str, render: Callable[[], bytes]) -> SitePage:
    etag = f"{_edition(room)}-{name}-{room.listed:x}-{room.design}"
    return SitePage(render, etag=etag, modified=max(room.listed, room.redesigned))


def _entry(head: Head, dated: bool) -> str:
    lang = "" if head.language == "zh" else ' lang="en"'
    date = f' <time datetime="{head.date_published}">{head.date_published[:10]}</time>' if dated else ""
    return f'<li{lang}><a href="/article/{head.number}.html">{escape(display_title(head))}</a>{date}</li>\n'


def image(_room: Newsroom, request: Request) -> SitePage | None:
    """`/image/N.png`: one grey pixel, for every number."""
    number = whole_number(request.path[7:-4]) if request.path.endswith(".png") else None
    if number is None:
        return None
    return SitePage(lambda: _IMAGE, content_type="image/png", etag=f"image-{number}", modified=0)


def login(_room: Newsroom, _request: Request) -> SitePage:
    return fixed("<!DOCTYPE html><title>登录</title><p>账号或密码不正确。</p>", status=403)


_LIST = """<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>{title}</title>{links}
<link rel="alternate" type="application/rss+xml" title="江海观察" href="/feed.xml"></head>
<body>
<header><a href="/">江海观察</a> <a href="/list/1">全部文章</a></header>
<main>
{body}
</main>
<footer><a href="/feed.xml">RSS</a> <a href="/sitemap.xml">Sitemap</a></footer>
</body>
</html>
"""

EXACT = {"/": front, "/login": login}
PREFIXES = (("/article/", article), ("/list/", listing), ("/image/", image), *common.PREFIXES)
