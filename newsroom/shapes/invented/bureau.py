"""An invented civil affairs bureau below /bureau: a list, and its reprints of the newsroom's articles.

It imitates no single site: a table of 索引号 and 发布机构, a byline with 来源 and the day, a body.
"""

import re
from datetime import timedelta
from html import escape

from newsroom.http.answers import Request, SitePage, fixed, whole_number
from newsroom.shapes.parts import common, policy_sites
from newsroom.site.room import Newsroom
from newsroom.stories.story import Story

NAME = "东湾市民政局"
DAYS = timedelta(days=1)  # from publication to reprint
_ADDRESS = re.compile(r"/bureau/art/\d{8}/(?P<n>\d+)\.html")


def listing(room: Newsroom, _request: Request) -> SitePage:
    """`/bureau/`: all its reprints, that of the highest article's number first."""
    rows = "".join(_row(room, number) for number in sorted(room.reprints)[::-1])
    body = f'<h1>{NAME}</h1><div class="list"><ul>{rows}</ul></div>'
    return fixed(policy_sites.PAGE.format(title=f"新闻中心_{NAME}", head="", body=body))


def _row(room: Newsroom, number: int) -> str:
    title, day = escape(room.reprints[number].headline), policy_sites.first_day(room, number) + DAYS
    return f'<li><a href="{address(room, number)}">{title}</a><span>{day:%Y-%m-%d}</span></li>\n'


def address(room: Newsroom, number: int) -> str:
    """The path of a reprint, on either host."""
    return f"/bureau/art/{policy_sites.first_day(room, number) + DAYS:%Y%m%d}/{number}.html"


def reprint(room: Newsroom, request: Request) -> SitePage | None:
    """`/bureau/art/DAY/N.html`, the page of a reprint; None for any other path.

    Every host shows it; after a move the site's first host redirects to the second instead.
    """
    found = _ADDRESS.fullmatch(request.path)
    number = whole_number(found["n"]) if found else None
    if number is None or number not in room.reprints or request.path != address(room, number):
        return None
    if number in room.moved and room.address not in room.others:
        return common.redirect(room.others[0] + request.path, 301, number)
    return fixed(_page(room, number), article=number)


def _page(room: Newsroom, number: int) -> str:
    story: Story = room.reprints[number]
    day, title = policy_sites.first_day(room, number) + DAYS, escape(story.headline)
    if not story.paragraphs:  # a scan
        picture = f'<img src="/image/{number}.png" alt="">'
        return policy_sites.PAGE.format(title=f"{title}_{NAME}", head="", body=picture)
    cells = (("索 引 号", f"DW0500-{day:%Y}-{number:04}"), ("发布机构", NAME), ("发布日期", f"{day:%Y年%m月%d日}"))
    table = "".join(f"<tr><td><b>{name}：</b></td><td>{value}</td></tr>\n" for name, value in cells)
    return policy_sites.PAGE.format(
        title=f"{title}_{NAME}",
        head=policy_sites.meta(story),
        body=f'<table class="xxgk"><tbody>\n{table}</tbody></table>\n<h1>{title}</h1>\n'
        f'<div class="info">发布时间：{day:%Y-%m-%d} 来源：{common.SITE_NAME}</div>\n'
        f'<div class="article-content">\n{policy_sites.body(story)}</div>',
    )


EXACT = {"/bureau/": listing}
PREFIXES = (("/bureau/", reprint),)
