"""人民网理论频道 below /people: lists, articles of both layouts.

Follows ../shared/facts/source-site.md 1.9 (list paths, addresses, meta publishdate, source, contentid) and two saved
pages: people_politics_article_20240424 (.rm_txt, h1, .author, .channel .col-1-1, .rm_txt_con, .edit) and
people_culture_article of 2019 (.text_title, p.author, .box01, #rwb_zw). INFERRED: that the layout changed with 2021,
a third link in the path, the rows of a list, and what each list holds.
"""

import re
from datetime import date
from html import escape

from newsroom.room import Newsroom
from newsroom.shapes import neighbours
from newsroom.shapes.neighbours import STATE, THOUGHT, Leaf, Neighbour
from newsroom.story import Story

CHANGE = date(2021, 1, 1)


def _address(room: Newsroom, number: int) -> str:
    return f"/n1/{neighbours.first_day(room, number):%Y/%m%d}/c40531-{neighbours.FIRST_ID + number}.html"


def _render(story: Story, leaf: Leaf) -> str:
    title, who, text = escape(story.headline), neighbours.author(story), neighbours.body(story)
    line = f"{neighbours.shown(story, '%Y年%m月%d日%H:%M')}"
    section = f'<a href="/people/GB/148980/index.html">{escape(story.article_section)}</a>'
    path = f'<a href="/">人民网</a>&gt;&gt;<a href="/people/">理论</a>&gt;&gt;{section}'
    if leaf.day < CHANGE:
        body = (
            f'<span id="rwb_navpath">{path}</span>\n<div class="text_title"><h3 class="pre"></h3><h1>{title}</h1>'
            f'<h4 class="sub"></h4><p class="author">{who}</p><div class="box01"><div class="fl">{line}&nbsp;&nbsp;'
            f'来源：<a href="/">人民网</a></div></div></div>\n<div class="box_con" id="rwb_zw">{text}'
            f'<div class="edit clearfix">(责编：{escape(story.editor)})</div></div>'
        )
    else:
        body = (
            f'<div class="layout route cf" id="rwb_navpath">{path}</div>\n<div class="layout rm_txt cf"><div '
            f'class="col col-1"><h3 class="pre"></h3><h1>{title}</h1><h4 class="sub"></h4><div class="author cf">{who}'
            f'</div><div class="channel cf"><div class="col-1-1">{line} | 来源：<a href="/">人民网</a></div></div>\n'
            f'<div class="rm_txt_con cf">{text}<div class="edit cf">(责编：{escape(story.editor)})</div></div>'
            "</div></div>"
        )
    head = neighbours.meta(story) + f'<meta name="publishdate" content="{story.date_published[:10]}">\n'
    return neighbours.PAGE.format(title=f"{title}--理论--人民网", head=head, body=body)


SITE = Neighbour(
    prefix="/people",
    lists={"/GB/148980/index.html": THOUGHT, "/GB/409497/index.html": STATE, "/GB/409499/": STATE},
    address=_address,
    named=re.compile(r"/n1/\d{4}/\d{4}/c\d+-(?P<n>\d+)\.html"),
    render=_render,
    entry=neighbours.entry,
)
