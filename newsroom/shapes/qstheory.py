"""求是网 below /qstheory: lists, articles of both generations.

Follows ../shared/facts/source-site.md 1.9: list paths, /…/YYYY-MM/DD/c_N.htm until 2024 with `.headtitle h1`,
`.pubtime` and `.highlight`, /YYYYMMDD/HASH/c.html since 2025. INFERRED: the day of the change, the whole layout since
(h1, .pubtime, .content), the words beside the date, what each list holds, the rows of a list.
"""

import hashlib
import re
from datetime import date
from html import escape

from newsroom.room import Newsroom
from newsroom.shapes import neighbours
from newsroom.shapes.neighbours import STATE, THOUGHT, Leaf, Neighbour
from newsroom.story import Story

CHANGE = date(2025, 1, 1)


def _address(room: Newsroom, number: int) -> str:
    day, name = neighbours.first_day(room, number), str(neighbours.FIRST_ID + number)
    if day < CHANGE:
        return f"/llwx/{day:%Y-%m/%d}/c_{name}.htm"
    # 32 hexadecimal digits, as on the site; the last eight are the id.
    return f"/{day:%Y%m%d}/{hashlib.sha256(name.encode()).hexdigest()[:24]}{name}/c.html"


def _render(story: Story, leaf: Leaf) -> str:
    title, when, who = escape(story.headline), neighbours.shown(story, "%Y-%m-%d %H:%M:%S"), neighbours.author(story)
    line = f'<span class="pubtime">{when}</span> <span>来源：求是网</span> <span class="author">作者：{who}</span>'
    text = neighbours.body(story)
    if leaf.day < CHANGE:
        body = f'<div class="headtitle"><h1>{title}</h1>{line}</div>\n<div class="highlight">{text}</div>'
    else:
        body = f'<h1>{title}</h1>\n<div class="info">{line}</div>\n<div class="content">{text}</div>'
    return neighbours.PAGE.format(title=f"{title} - 求是网", head=neighbours.meta(story), body=body)


SITE = Neighbour(
    prefix="/qstheory",
    lists={
        "/qszq/llwx/index.htm": THOUGHT,
        "/economy/index.htm": STATE,
        "/qslgxd/index.htm": THOUGHT,
        "/qswp.htm": STATE,
    },
    address=_address,
    named=re.compile(r"/(?:llwx/\d{4}-\d\d/\d\d/c_|\d{8}/[0-9a-f]{24})(?P<n>\d{8})(?:\.htm|/c\.html)"),
    render=_render,
    entry=neighbours.entry,
)
