"""上观 2017-2020, server-rendered: /news/list, /news/sublist and /news/detail.

Follows the site as seen: addresses, section ids (those from 9000 on are this newsroom's own) and selectors. INFERRED:
everything around those selectors, and twenty entries a page.
"""

from html import escape

from newsroom.http.answers import Request, SitePage, whole_number
from newsroom.shapes.parts import common
from newsroom.shapes.parts.columns import Shelf
from newsroom.shapes.publishers.shangguan import FIRST_ID, SECTIONS, number_of, title
from newsroom.site.room import Newsroom
from newsroom.stories.story import COLUMNS, Column, Head, Story

PER_PAGE = 20
_PINNED = '<span class="top_label">置顶</span>'


def section(room: Newsroom, request: Request) -> SitePage | None:
    """`/news/list?section=ID&page=N`: a page of the list of a section; without a section, of all columns.

    It has no entries after the last page and for an unknown section. Without N it is page 1; None only if N is no
    number from 1.
    """
    asked = request.query.get("section")
    columns = [column for column in COLUMNS if asked in (None, "", str(SECTIONS[column].id))]
    return _list(room, request, "list", columns)


def sub_section(room: Newsroom, request: Request) -> SitePage | None:
    """`/news/sublist?section=SUBID&page=N`: a page of the list of a sub-section.

    It has no entries after the last page and without a known sub-section. Without N it is page 1; None only if N is no
    number from 1.
    """
    asked = request.query.get("section")
    return _list(room, request, "sublist", [c for c in COLUMNS if asked == str(SECTIONS[c].sub_id)])


def _list(room: Newsroom, request: Request, name: str, columns: list[Column]) -> SitePage | None:
    page = whole_number(request.query.get("page", "1"))
    if page is None:
        return None
    shelf = Shelf(room, frozenset(columns))
    last = max(1, -(-shelf.total // PER_PAGE))
    asked = request.query.get("section", "")
    following = f"/news/{name}?section={asked}&amp;page={page + 1}" if page < last else None
    return SitePage(lambda: _list_body(room, shelf, page, following))


def _list_body(room: Newsroom, shelf: Shelf, page: int, following: str | None) -> bytes:
    numbers = shelf.numbers((page - 1) * PER_PAGE, PER_PAGE)
    dated = "shangguan_old" not in room.undated
    items = "".join(_item(room.head(number, "zh"), page == 1 and not at, dated) for at, number in enumerate(numbers))
    links = {(SECTIONS[column].sub_id, SECTIONS[column].sub_name) for column in shelf.columns}
    subs = "".join(
        f'<li class="subsection-li"><a href="/news/sublist?section={sub}">{name}</a></li>'
        for sub, name in sorted(links)
    )
    turn = f'<a href="{following}">下一页</a>' if following else ""
    return _PAGE.format(
        title="上观新闻",
        body=f'<ul class="subsection">{subs}</ul>\n{items}<div class="fenye1outer">{turn}</div>',
    ).encode()


def _item(head: Head, pinned: bool, dated: bool) -> str:
    address = f"/news/detail?id={FIRST_ID + head.number}"
    author = escape(head.speaker or head.author or "")
    date = f" {head.date_published[:19].replace('T', ' ')}" if dated else ""
    return (
        f'<div class="chengshi"><div class="chengshi_img"><a href="{address}">'
        f'<img src="/image/{head.number}.png"></a></div>'
        f'<div class="chengshi_wz"><div class="chengshi_wz_h"><a href="{address}">'
        f"{_PINNED if pinned else ''}{escape(title(head))}</a></div>"
        f'<div class="chengshi_wz_m">{escape(head.summary)}</div>'
        f'<div class="chengshi_wz_f">{author}{date}</div></div></div>\n'
    )


def detail(room: Newsroom, request: Request) -> SitePage | None:
    """`/news/detail?id=N`: an article, or the page in place of one that is gone; None if there is no such article.

    N is FIRST_ID and the article's number: 700012 for article 12.
    """
    number = number_of(request.query.get("id"))
    if number is None or not room.exists(number):
        return None
    return common.gone(room, number) or SitePage(lambda: _detail_body(room.story(number, "zh")), article=number)


def _detail_body(story: Story) -> bytes:
    paragraphs = [f"<p>{line}</p>\n" for line in escape("\n".join(story.paragraphs), quote=False).split("\n")]
    for place, text in reversed(story.headings):
        paragraphs.insert(place, f"<p><strong>{escape(text, quote=False)}</strong></p>\n")
    biography = f"<p><strong>思想者小传</strong></p>\n<p>{escape(story.biography)}</p>\n" if story.biography else ""
    filed, name, editor = SECTIONS[story.column], escape(title(story)), escape(story.editor)
    author = escape(story.speaker or story.author or "")
    body = (
        f'<div class="weizhi"><a href="/">首页</a> &gt; <a href="/news/list?section={filed.id}">{filed.name}</a> &gt; '
        f'<a href="/news/sublist?section={filed.sub_id}">{filed.sub_name}</a></div>\n'
        f'<div class="left"><div class="wz_contents">{name}</div>\n'
        f'<div class="fenxiang_zz"><span>来源：上观新闻</span><span>作者：{author}</span>'
        f"{story.date_published[:16].replace('T', ' ')}</div>\n"
        f'<div class="wz_contents1"><div><b>摘要：</b>{escape(story.summary)}</div>\n'
        f'<div id="newscontents" class="newscontents">\n{"".join(paragraphs)}{biography}</div>\n'
        f'<div class="news-edit-info">栏目主编：{editor} 文字编辑：{editor}</div></div></div>'
    )
    return _PAGE.format(title=f"{name}--上观新闻", body=body).encode()


_PAGE = """<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{title}</title></head>
<body>
{body}
</body></html>
"""

EXACT = {"/news/list": section, "/news/sublist": sub_section, "/news/detail": detail}
