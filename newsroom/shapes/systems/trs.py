"""A government site made with TRS WCM below /trs: two lists, and articles in one page or several.

Follows the fields that public crawlers of such sites read: links ./YYYYMM/tYYYYMMDD_N.html; further pages
index_1.html, index_2.html, to which only a script leads, createPageHTML(pages, this page from 0, "index", "html"), an
article's as well (createPageHTML(5, 2, "t20190411_…", "html")), or countPage with currentPage; .TRS_Editor; a path of
CurrChnlCls links after 当前位置：. And the tags for pages of government sites (政府网站发展指引, 2017): ArticleTitle,
PubDate, ContentSource, ColumnName, Keywords, Author. INFERRED: the paths of the lists, which of them has a link 下一页,
the elements round title, date and author.
"""

import re
from datetime import datetime
from html import escape

from newsroom.http.answers import Request, SitePage
from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.columns import Shelf
from newsroom.shapes.parts.policy_sites import STATE, THOUGHT, Leaf, NeighbourSite
from newsroom.site.room import Newsroom
from newsroom.stories.story import Column, Head, Story, column_of

PER_PAGE = 8
PREFIX, SITE_NAME = "/trs", "东湾市人民政府"
LISTS = {"xwdt": STATE, "llgz": THOUGHT}  # the first is turned by a script, the second by links
_LIST = re.compile(r"/(?P<list>xwdt|llgz)/(?:index(?:_(?P<place>[1-9]\d{0,2}))?\.html)?")


def _folder(column: Column) -> str:
    return next(name for name, columns in LISTS.items() if column in columns)


def _address(room: Newsroom, number: int) -> str:
    day = policy_sites.first_day(room, number)
    return f"/{_folder(column_of(number))}/{day:%Y%m}/{_file(day.strftime('%Y%m%d'), number)}.html"


def _file(day: str, number: int) -> str:
    return f"t{day}_{policy_sites.FIRST_ID + number}"


def _render(story: Story, leaf: Leaf) -> str:
    moment, who = datetime.fromisoformat(story.date_published), policy_sites.author(story)
    line = f"<span>时间：{moment:%Y-%m-%d %H:%M}</span><span>来源：{SITE_NAME}</span><span>作者：{who}</span>"
    text = policy_sites.body(story).replace("<p>", "<p>　　").replace("　　<strong>", "<strong>")
    crumbs = "&nbsp;&gt;&nbsp;".join(
        f'<a href="{path}" title="{name}" class="CurrChnlCls">{name}</a>'
        for path, name in (("../../", "首页"), ("../", escape(story.article_section)))
    )
    body = (
        f'<div class="dqwz">当前位置：{crumbs}</div>\n<div class="xl"><h1>{escape(story.headline)}</h1>\n'
        f'<div class="xl_info">{line}</div>\n<div id="Zoom"><div class="TRS_Editor">\n{text}</div></div>\n'
        f'<div class="fenye">{_turning(story, leaf)}</div>\n<p>【打印】【关闭】</p></div>'
    )
    return policy_sites.PAGE.format(title=f"{escape(story.headline)}_{SITE_NAME}", head=_head(story), body=body)


def _head(story: Story) -> str:
    told = {
        "SiteName": SITE_NAME,
        "ColumnName": story.article_section,
        "ArticleTitle": story.headline,
        "PubDate": story.date_published[:16].replace("T", " "),
        "ContentSource": SITE_NAME,
        "Keywords": ";".join(story.keywords),
        "Author": story.speaker or story.author or "",
    }
    return "".join(f'<meta name="{name}" content="{escape(value)}">\n' for name, value in told.items())


def _turning(story: Story, leaf: Leaf) -> str:
    """The script element with the number of an article's pages, in another form for `llgz` than for `xwdt` (LISTS)."""
    if _folder(story.column) == "llgz":
        return f"<script>var currentPage = {leaf.page - 1};\nvar countPage = {leaf.pages}//共多少页\n</script>"
    file = _file(leaf.day.strftime("%Y%m%d"), story.number)
    return f'<script>createPageHTML({leaf.pages}, {leaf.page - 1}, "{file}", "html");</script>'


SITE = NeighbourSite(
    prefix=PREFIX,
    lists={},
    address=_address,
    named=re.compile(r"/(?:xwdt|llgz)/\d{6}/t\d{8}_(?P<n>\d+)(?:_\d+)?\.html"),
    render=_render,
    entry=policy_sites.entry,
    article_page=lambda first, page: f"{first.removesuffix('.html')}_{page - 1}.html",
)


def answer(room: Newsroom, request: Request) -> SitePage | None:
    """The list or the article that a request asks for, or None."""
    found = _LIST.fullmatch(request.path.removeprefix(PREFIX))
    return _list(room, found["list"], int(found["place"] or 0)) if found else SITE.answer(room, request)


def _list(room: Newsroom, name: str, place: int) -> SitePage | None:
    shelf = Shelf(room, LISTS[name])
    pages = max(1, -(-shelf.total // PER_PAGE))
    if place >= pages:
        return None

    def body() -> bytes:
        numbers = shelf.numbers(place * PER_PAGE, PER_PAGE)
        rows = "".join(_row(_address(room, number), room.head(number, "zh")) for number in numbers)
        listing = f'<ul class="list">\n{rows}</ul>\n<div class="fenye">{_pager(name, place, pages)}</div>'
        return policy_sites.PAGE.format(title=SITE_NAME, head="", body=listing).encode()

    return SitePage(body, etag=f"trs-{name}-{place}-{room.listed:x}", modified=room.listed)


def _row(path: str, head: Head) -> str:
    near = "." + path[path.index("/", 1) :]  # from the list's folder on
    title, day = escape(head.headline), head.date_published[:10]
    return f'<li><a href="{near}" title="{title}">{title}</a><span>{day}</span></li>\n'


def _pager(name: str, place: int, pages: int) -> str:
    if name == "xwdt":
        return f'<script>createPageHTML({pages}, {place}, "index", "html");</script>'
    turned = [f'<a href="{_page(n)}">{n + 1}</a>' for n in range(pages)]
    after = f'<a href="{_page(place + 1)}">下一页</a>' if place + 1 < pages else "<span>下一页</span>"
    return " ".join([*turned, after])


def _page(place: int) -> str:
    return f"index_{place}.html" if place else "index.html"
