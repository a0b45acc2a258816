"""光明网理论频道 below /gmw: lists in pages, articles of both layouts.

Follows ../shared/facts/source-site.md 1.9 (node_N.htm, next page in #displaypagenum, addresses, meta publishdate and
contentid) and the saved gmw_article of 2017 (#contentBreadcrumbs2, #articleTitle, #contentMsg, #contentMain).
INFERRED: the layout since (h1.u-title, .m-con-time, .m-con-source, .u-mainText, of which only the last is known), the
day of the change, where the author stands in it, that the path kept its name, the rows of a list and what each list
holds.
"""

import re
from datetime import date
from html import escape

from newsroom.room import Newsroom
from newsroom.shapes import neighbours
from newsroom.shapes.neighbours import STATE, THOUGHT, Leaf, Neighbour
from newsroom.story import Story

CHANGE = date(2020, 1, 1)


def _address(room: Newsroom, number: int) -> str:
    return f"/{neighbours.first_day(room, number):%Y-%m/%d}/content_{neighbours.FIRST_ID + number}.htm"


def _render(story: Story, leaf: Leaf) -> str:
    title, when, who = escape(story.headline), neighbours.shown(story), neighbours.author(story)
    text, editor = neighbours.body(story), escape(story.editor)
    section = f'<a href="/gmw/node_4227.htm">{escape(story.article_section)}</a>'
    path = f'<a href="/">首页</a> &gt; <a href="/gmw/">理论频道</a> &gt; {section} &gt; <font>正文</font>'
    path = f'<div id="contentBreadcrumbs2">{path}</div>\n'
    if leaf.day < CHANGE:
        body = (
            f'{path}<h1 id="articleTitle">{title}</h1>'
            f'<div id="contentMsg"><span id="pubTime">{when}</span><span id="source">来源：<a href="/">光明网</a>'
            f'</span><span id="author">作者：{who}</span></div>\n<div id="contentMain">{text}</div>\n'
            f'<div id="contentLiability">[责任编辑：{editor}]</div>'
        )
    else:
        body = (
            f'{path}<h1 class="u-title">{title}</h1>\n<div class="m-contentMsg">'
            f'<span class="m-con-time">{when}</span><span class="m-con-source">来源：<a href="/">光明网</a></span>'
            f'<span class="m-con-author">作者：{who}</span></div>\n<div class="u-mainText">{text}</div>\n'
            f'<span class="m-contentEdit">[责任编辑：{editor}]</span>'
        )
    head = neighbours.meta(story) + f'<meta name="publishdate" content="{story.date_published[:10]}">\n'
    return neighbours.PAGE.format(title=f"{title} _光明网", head=head, body=body)


SITE = Neighbour(
    prefix="/gmw",
    lists={"/node_4227.htm": THOUGHT | STATE, "/node_10133.htm": THOUGHT, "/node_97034.htm": STATE},
    address=_address,
    named=re.compile(r"/\d{4}-\d\d/\d\d/content_(?P<n>\d+)\.htm"),
    render=_render,
    entry=neighbours.entry,
    listing='<ul class="channel-newsGroup">{entries}</ul>\n<div id="displaypagenum">{next}</div>',
    list_page=lambda first, page: f"{first.removesuffix('.htm')}_{page}.htm",
)
