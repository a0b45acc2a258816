"""人民论坛网 below /rmlt.

Follows the site as seen: list paths, `.txt-list`, /YYYY/MMDD/N.shtml, `h1`, today's `.article-title`, `span.date`,
`span.source`, `.article-content`. INFERRED: that the headline got its class with 2025, the place of the author, the
words round these places, the rows of a list and the content of each list.
"""

import re
from datetime import date
from html import escape

from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.policy_sites import STATE, THOUGHT, Leaf, NeighbourSite
from newsroom.site.room import Newsroom
from newsroom.stories.story import Story

TODAY = date(2025, 1, 1)


def _address(room: Newsroom, number: int) -> str:
    return f"/{policy_sites.first_day(room, number):%Y/%m%d}/{policy_sites.FIRST_ID + number}.shtml"


def _render(story: Story, leaf: Leaf) -> str:
    title, who, text = escape(story.headline), policy_sites.author(story), policy_sites.body(story)
    name = ' class="article-title"' if leaf.day >= TODAY else ""
    body = (
        f'<h1{name}>{title}</h1>\n<p class="article-info"><span class="date">{policy_sites.shown(story)}</span>'
        f'<span class="source">来源：人民论坛网</span><span class="author">作者：{who}</span></p>\n'
        f'<div class="article-content">{text}</div>\n<p class="editor">责任编辑：{escape(story.editor)}</p>'
    )
    return policy_sites.PAGE.format(title=f"{title}_人民论坛网", head=policy_sites.meta(story), body=body)


SITE = NeighbourSite(
    prefix="/rmlt",
    lists={
        "/idea/": THOUGHT,
        "/idea/yuanchuang/": THOUGHT,
        "/idea/lilun/": STATE,
        "/eco/theory/": STATE,
        "/thinktank/zjgd/": THOUGHT,
        "/exclusive/": STATE,
    },
    address=_address,
    named=re.compile(r"/\d{4}/\d{4}/(?P<n>\d+)\.shtml"),
    render=_render,
    entry=policy_sites.entry,
    listing='<ul class="txt-list">{entries}</ul>{next}',
)
