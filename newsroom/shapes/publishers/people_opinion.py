"""人民网观点 below /opinion: its front page, its columns and their pieces.

Follows the fields that public clients of the site read: GB/223228/index.html and the like with
`.list_14 li` of `a` and `i`, /n1/YYYY/MMDD/cA-B.html, #rm_txt_zw inside .rm_txt_con, .edit. INFERRED: the markup round
these, and which column stands on which list.
"""

import re
from html import escape

from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.policy_sites import STATE, THOUGHT, Leaf, NeighbourSite
from newsroom.site.room import Newsroom
from newsroom.stories.story import Head, Story


def _address(room: Newsroom, number: int) -> str:
    return f"/n1/{policy_sites.first_day(room, number):%Y/%m%d}/c461529-{policy_sites.FIRST_ID + number}.html"


def _render(story: Story, _leaf: Leaf) -> str:
    title = escape(story.headline)
    body = (
        f'<div class="layout route cf" id="rwb_navpath"><a href="/">人民网</a>&gt;&gt;'
        f'<a href="/opinion/">观点</a>&gt;&gt;'
        f'<a href="/opinion/GB/8213/49160/49219/index.html">{escape(story.article_section)}</a></div>\n'
        f'<div class="layout rm_txt cf"><div class="col col-1"><h3 class="pre"></h3><h1>{title}</h1>'
        f'<h4 class="sub"></h4><div class="author cf">{policy_sites.author(story)}</div><div class="channel cf">'
        f'<div class="col-1-1"><b id="newstime">{policy_sites.shown(story, "%Y年%m月%d日%H:%M")}</b> | '
        f'来源：<a href="/">人民网</a></div></div>\n'
        f'<div class="rm_txt_con cf"><div id="rm_txt_zw">{policy_sites.body(story)}</div>'
        f'<div class="edit cf">(责编：{escape(story.editor)})</div></div></div></div>'
    )
    head = policy_sites.meta(story) + f'<meta name="publishdate" content="{story.date_published[:10]}">\n'
    return policy_sites.PAGE.format(title=f"{title}--观点--人民网", head=head, body=body)


def _entry(_listed: str, path: str, head: Head) -> str:
    return f'<li><a href="{path}">{escape(head.headline)}</a><i>{head.date_published[:10]}</i></li>\n'


SITE = NeighbourSite(
    prefix="/opinion",
    lists={
        "/": THOUGHT | STATE,
        "/GB/223228/index.html": THOUGHT,
        "/GB/8213/49160/49219/index.html": STATE,
        "/GB/436867/index.html": STATE,
    },
    address=_address,
    named=re.compile(r"/n1/\d{4}/\d{4}/c\d+-(?P<n>\d+)\.html"),
    render=_render,
    entry=_entry,
    listing='<ul class="list_14 clearfix">{entries}</ul>{next}',
)
