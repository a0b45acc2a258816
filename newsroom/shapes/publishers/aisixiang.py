"""爱思想 below /aisixiang: its list of newest texts, and its essays.

Follows the fields that public clients of the site read: /toplist?id=10 with `.tops_list` of `.tips a`, `.name` and
`.times`, /data/N.html with `.show_text h3` (`author：title`), `.about strong`, `.about u`, `.info` (更新时间：) and
.article-content. INFERRED: the markup round these.
"""

import re
from html import escape

from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.policy_sites import STATE, THOUGHT, Leaf, NeighbourSite
from newsroom.site.room import Newsroom
from newsroom.stories.story import Head, Story


def _address(_room: Newsroom, number: int) -> str:
    return f"/data/{policy_sites.FIRST_ID + number}.html"


def _render(story: Story, _leaf: Leaf) -> str:
    title, who = escape(story.headline), policy_sites.author(story)
    line, topics = f"{who}：{title}", "".join(f" <u>{escape(tag)}</u>" for tag in story.keywords)
    body = (
        f'<div class="show_text"><h3>{line}</h3>\n<div class="info">选择字号：<a>大</a> <a>中</a> 本文共阅读 123 次 '
        f"更新时间：{policy_sites.shown(story)}</div>\n"
        f'<div class="about"><div><p align="right">进入专题：{topics}</p>\n'
        f"<p>● <strong>{who}</strong></p></div></div>\n"
        f'<div class="article-content">{policy_sites.body(story)}</div></div>'
    )
    return policy_sites.PAGE.format(title=f"{line}_爱思想", head="", body=body)


def _entry(_listed: str, path: str, head: Head) -> str:
    title, day = escape(head.headline), head.date_published[:10]
    return (
        f'<div class="tops_list"><div class="tips"><a href="{path}">{title}</a></div>'
        f'<div class="name"><a href="/thinktank/1.html">{policy_sites.author(head)}</a></div>'
        f'<div class="times">{day}</div></div>\n'
    )


SITE = NeighbourSite(
    prefix="/aisixiang",
    lists={"/toplist": THOUGHT | STATE},
    address=_address,
    named=re.compile(r"/data/(?P<n>\d+)\.html"),
    render=_render,
    entry=_entry,
    listing="{entries}{next}",
    validators=False,
)
