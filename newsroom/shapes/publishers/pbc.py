"""中国人民银行 below /pbc: its announcements.

Follows the fields that public clients of the site read: `font.newslist_style > a[title][istitle]` with
`span.hui12`, further pages 11040-N.html to which no link leads (a script turns them), addresses whose number begins
with the day, #zoom and #shijian. INFERRED: the markup round these.
"""

import re
from html import escape

from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.policy_sites import STATE, THOUGHT, Leaf, NeighbourSite
from newsroom.site.room import Newsroom
from newsroom.stories.story import Head, Story

PLACE = "/goutongjiaoliu/113456/113469"


def _address(room: Newsroom, number: int) -> str:
    return f"{PLACE}/{policy_sites.first_day(room, number):%Y%m%d}000{policy_sites.FIRST_ID + number}/index.html"


def _render(story: Story, _leaf: Leaf) -> str:
    title = escape(story.headline)
    body = (
        f'<table><tr><td align="center"><h2>{title}</h2></td></tr></table>\n<table><tr><td class="hui12">字号</td>'
        f'<td class="hui12" id="laiyuan">文章来源：沟通交流</td><td class="hui12" id="shijian">'
        f"{policy_sites.shown(story, '%Y-%m-%d %H:%M:%S')}</td></tr></table>\n"
        f'<div id="zoom">{policy_sites.body(story)}</div>'
    )
    return policy_sites.PAGE.format(title=title, head="", body=body)


def _entry(_listed: str, path: str, head: Head) -> str:
    title = escape(head.headline)
    return (
        f'<font class="newslist_style"><a href="{path}" title="{title}" istitle="true">{title}</a></font>'
        f'<span class="hui12">{head.date_published[:10]}</span><br>\n'
    )


SITE = NeighbourSite(
    prefix="/pbc",
    lists={f"{PLACE}/index.html": THOUGHT | STATE},
    address=_address,
    named=re.compile(rf"{PLACE}/\d{{8}}000(?P<n>\d{{8}})/index\.html"),
    render=_render,
    entry=_entry,
    listing="<div>{entries}</div>{next}",
    list_page=lambda _first, page: f"{PLACE}/11040-{page}.html",
)
