"""人民网理论频道 below /people: lists, the publisher's sitemap, articles of three layouts.

Follows the site as seen (list paths, addresses, meta publishdate, source, contentid; the sitemap, whose index is spelt
<sitemapIndex> and names a child twice; #rm_txt_zw, #newstime, and the parts that are not text), and two saved pages:
people_politics_article_20240424 (.rm_txt, h1, .author, .channel .col-1-1, .rm_txt_con, .bza, .edit) and
people_culture_article of 2019 (.text_title, p.author, .box01, #rwb_zw). INFERRED: that the layout changed with 2021
and with 2025, a third link in the path, the rows of a list, the content of each list, and the child of the sitemap
with the channel's articles.
"""

import re
from datetime import date
from html import escape

from newsroom.http.answers import XML, SitePage
from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.columns import Shelf
from newsroom.shapes.parts.policy_sites import STATE, THOUGHT, Leaf, NeighbourSite
from newsroom.site.room import Newsroom
from newsroom.stories.story import Story

CHANGE, TODAY = date(2021, 1, 1), date(2025, 1, 1)
INDEX, CHANNELS = "/sitemap_index.xml", ("politics", "culture", "politics")
ELSEWHERE = "http://politics.people.com.cn/n1/2025/0101/c1001-40000000.html"
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _address(room: Newsroom, number: int) -> str:
    return f"/n1/{policy_sites.first_day(room, number):%Y/%m%d}/c40531-{policy_sites.FIRST_ID + number}.html"


def _render(story: Story, leaf: Leaf) -> str:
    title, who, text = escape(story.headline), policy_sites.author(story), policy_sites.body(story)
    line = f"{policy_sites.shown(story, '%Y年%m月%d日%H:%M')}"
    section = f'<a href="/people/GB/49150/index.html">{escape(story.article_section)}</a>'
    path = f'<a href="/">人民网</a>&gt;&gt;<a href="/people/">理论</a>&gt;&gt;{section}'
    if leaf.day < CHANGE:
        body = (
            f'<span id="rwb_navpath">{path}</span>\n<div class="text_title"><h3 class="pre"></h3><h1>{title}</h1>'
            f'<h4 class="sub"></h4><p class="author">{who}</p><div class="box01"><div class="fl">{line}&nbsp;&nbsp;'
            f'来源：<a href="/">人民网</a></div></div></div>\n<div class="box_con" id="rwb_zw">{text}'
            f'<div class="edit clearfix">(责编：{escape(story.editor)})</div></div>'
        )
    else:
        shown = f'<b id="newstime">{line}</b>' if leaf.day >= TODAY else line
        box = f'<div id="rm_txt_zw">{text}</div>' if leaf.day >= TODAY else text
        note = '<div class="bza"><span></span><p></p></div>\n'
        body = (
            f'<div class="layout route cf" id="rwb_navpath">{path}</div>\n<div class="layout rm_txt cf"><div '
            f'class="col col-1"><h3 class="pre"></h3><h1>{title}</h1><h4 class="sub"></h4><div class="author cf">{who}'
            f'</div><div class="channel cf"><div class="col-1-1">{shown} | 来源：<a href="/">人民网</a></div></div>\n'
            f'<div class="rm_txt_con cf">{note}{box}<div class="edit cf">(责编：{escape(story.editor)})</div>'
            '<p class="paper_num"><em>分享让更多人看到</em></p></div></div></div>'
        )
    head = policy_sites.meta(story) + f'<meta name="publishdate" content="{story.date_published[:10]}">\n'
    return policy_sites.PAGE.format(title=f"{title}--理论--人民网", head=head, body=body)


def _sitemap(room: Newsroom, path: str) -> SitePage | None:
    """The sitemap index or the sitemap of one of CHANNELS; None for any other path.

    Each sitemap of a channel has the entry ELSEWHERE; only that of the second channel has all our articles too.
    """
    if path == INDEX:
        places = (f"{room.address}{SITE.prefix}/sitemap/cn/{channel}/news_sitemap.xml" for channel in CHANNELS)
        entries = "".join(f"<sitemap><loc>{place}</loc></sitemap>\n" for place in places)
        return _xml(f'<sitemapIndex xmlns="{SITEMAPS}">\n{entries}</sitemapIndex>\n')
    channel = re.fullmatch(r"/sitemap/cn/(\w+)/news_sitemap\.xml", path)
    if channel is None or channel[1] not in CHANNELS:
        return None
    shelf = Shelf(room, THOUGHT | STATE)
    own = shelf.numbers(0, shelf.total) if channel[1] == CHANNELS[1] else ()
    rows = [(f"{room.address}{SITE.prefix}{_address(room, n)}", room.head(n).date_published[:10]) for n in own]
    entries = "".join(
        f"<url><loc>{loc}</loc><lastmod>{day}</lastmod><changefreq>daily</changefreq><priority>0.5</priority></url>\n"
        for loc, day in [(ELSEWHERE, "2025-01-01"), *rows]
    )
    return _xml(f'<urlset xmlns="{SITEMAPS}">\n{entries}</urlset>\n')


def _xml(body: str) -> SitePage:
    return SitePage(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode, XML)


SITE = NeighbourSite(
    prefix="/people",
    lists={
        "/GB/49150/index.html": THOUGHT,
        "/GB/409499/": STATE,
        "/GB/148980/index.html": THOUGHT,
        "/GB/409497/index.html": STATE,
    },
    address=_address,
    named=re.compile(r"/n1/\d{4}/\d{4}/c\d+-(?P<n>\d+)\.html"),
    render=_render,
    entry=policy_sites.entry,
    more=_sitemap,
)
