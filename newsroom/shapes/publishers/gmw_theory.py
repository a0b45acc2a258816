"""光明网理论频道 below /gmw: lists in pages, articles of three layouts.

Follows the site as seen (node_N.htm, next page in #displaypagenum, addresses, meta publishdate and contentid; rows of
a list, node_N_2.htm, and two names for each place of an article: .u-title or #articleID, .m-con-time or
#articlePubTime, .u-mainText or #ContentPh), and the saved gmw_article of 2017 (#contentBreadcrumbs2, #articleTitle,
#contentMsg, #contentMain). INFERRED: which names the pages of which days have, the places of source and author, that
the path kept its name, and the content of each list.
"""

import re
from datetime import date
from html import escape

from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.policy_sites import STATE, THOUGHT, Leaf, NeighbourSite
from newsroom.site.room import Newsroom
from newsroom.stories.story import Head, Story

CHANGE, TODAY = date(2020, 1, 1), date(2025, 1, 1)


def _address(room: Newsroom, number: int) -> str:
    return f"/{policy_sites.first_day(room, number):%Y-%m/%d}/content_{policy_sites.FIRST_ID + number}.htm"


def _render(story: Story, leaf: Leaf) -> str:
    title, when, who = escape(story.headline), policy_sites.shown(story), policy_sites.author(story)
    text, editor = policy_sites.body(story), escape(story.editor)
    section = f'<a href="/gmw/node_10133.htm">{escape(story.article_section)}</a>'
    path = f'<a href="/">首页</a> &gt; <a href="/gmw/">理论频道</a> &gt; {section} &gt; <font>正文</font>'
    path = f'<div id="contentBreadcrumbs2">{path}</div>\n'
    if leaf.day < CHANGE:
        body = (
            f'{path}<h1 id="articleTitle">{title}</h1>'
            f'<div id="contentMsg"><span id="pubTime">{when}</span><span id="source">来源：<a href="/">光明网</a>'
            f'</span><span id="author">作者：{who}</span></div>\n<div id="contentMain">{text}</div>\n'
            f'<div id="contentLiability">[责任编辑：{editor}]</div>'
        )
    elif leaf.day < TODAY:
        body = (
            f'{path}<h1 class="u-title">{title}</h1>\n<div class="m-contentMsg">'
            f'<span class="m-con-time">{when}</span><span class="m-con-source">来源：<a href="/">光明网</a></span>'
            f'<span class="m-con-author">作者：{who}</span></div>\n<div class="u-mainText">{text}</div>\n'
            f'<span class="m-contentEdit">[责任编辑：{editor}]</span>'
        )
    else:
        body = (
            f'{path}<h1 id="articleID">{title}</h1>\n<div class="m-contentMsg"><span id="articlePubTime">{when}</span>'
            f'<span class="m-con-source">来源：<a href="/">光明网</a></span></div>\n'
            f'<div id="ContentPh"><p>作者：{who}</p>\n{text}<div class="m-zbTool">分享到</div>'
            f'<div id="articleLiability">[责任编辑：{editor}]</div></div>'
        )
    head = policy_sites.meta(story) + f'<meta name="publishdate" content="{story.date_published[:10]}">\n'
    return policy_sites.PAGE.format(title=f"{title} _光明网", head=head, body=body)


def _entry(listed: str, path: str, head: Head) -> str:
    link = policy_sites.beside(f"{SITE.prefix}{listed}", path)
    title = f'<span class="channel-newsTitle"><a href="{link}">{escape(head.headline)}</a></span>'
    return f'<li>{title}<span class="channel-newsTime">{head.date_published[:10]}</span></li>\n'


SITE = NeighbourSite(
    prefix="/gmw",
    lists={
        "/node_10133.htm": THOUGHT,
        "/node_97034.htm": STATE,
        "/node_97957.htm": THOUGHT,
        "/node_47530.htm": STATE,
        "/node_97958.htm": THOUGHT,
        "/node_41267.htm": STATE,
    },
    address=_address,
    named=re.compile(r"/\d{4}-\d\d/\d\d/content_(?P<n>\d+)\.htm"),
    render=_render,
    entry=_entry,
    listing='<div class="channelLeftPart"><ul class="channel-newsGroup">{entries}</ul>\n'
    '<div id="displaypagenum">{next}</div></div>',
    list_page=lambda first, page: f"{first.removesuffix('.htm')}_{page}.htm",
)
