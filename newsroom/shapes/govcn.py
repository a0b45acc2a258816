"""中国政府网 below /govcn: the policy library with both generations of its addresses, and the gazette.

Follows ../shared/facts/source-site.md 1.9 (`.list ul li` with `a` and `span`, absolute and `./` links, addresses,
meta firstpublishedtime with a dash before the hour, #UCAP-CONTENT, the table of 索引号 …) and three saved pages:
govcn_policy_list_fragment, govcn_policy_1_fragment (the table) and govcn_gazette_article (meta author).
INFERRED: the days of the changes, the line under the title, the table's values, which column is a policy and which a
piece of the gazette.
"""

import re
from datetime import date, datetime
from html import escape

from newsroom.room import Newsroom
from newsroom.shapes import neighbours
from newsroom.shapes.neighbours import STATE, THOUGHT, Leaf, Neighbour
from newsroom.story import Head, Story, column_of

CHANGE = date(2022, 1, 1)


def _address(room: Newsroom, number: int) -> str:
    day, name = neighbours.first_day(room, number), f"content_{neighbours.FIRST_ID + number}"
    if column_of(number) in THOUGHT:
        return f"/gongbao/{day:%Y}/issue_{day:%Y%m}/{day:%Y%m}/{name}.html"
    return f"/zhengce/content/{day:%Y-%m/%d}/{name}.htm" if day < CHANGE else f"/zhengce/content/{day:%Y%m}/{name}.htm"


def _render(story: Story, _leaf: Leaf) -> str:
    title, when = escape(story.headline), datetime.fromisoformat(story.date_published)
    moment = f'<meta name="firstpublishedtime" content="{when:%Y-%m-%d-%H:%M:%S}">\n'
    editor = f'<meta name="author" content="{escape(story.editor)}">\n'
    # A piece of the gazette has no table of its own.
    table = "" if story.column in THOUGHT else _table(story, title, when)
    body = (
        f'{table}<h1>{title}</h1>\n<div class="pages_date">{when:%Y-%m-%d %H:%M} 来源： 中国政府网</div>\n'
        f'<div class="pages_content" id="UCAP-CONTENT">{neighbours.body(story)}</div>'
    )
    return neighbours.PAGE.format(title=f"{title}_中国政府网", head=moment + editor, body=body)


def _table(story: Story, title: str, when: datetime) -> str:
    rows = (
        ("索 引 号", f"000014349/{when:%Y}-{story.number:05}"),
        ("主题分类", escape(story.article_section)),
        ("发文机关", "国务院"),
        ("成文日期", f"{when:%Y年%m月%d日}"),
        ("标　　题", title),
        ("发文字号", f"国发〔{when:%Y}〕{story.number}号"),
        ("发布日期", f"{when:%Y年%m月%d日}"),
    )
    cells = "".join(f"<tr><td><b>{name}：</b></td><td>{value}</td></tr>\n" for name, value in rows)
    return f'<table class="bd1"><tbody>\n{cells}</tbody></table>\n'


def _entry(listed: str, path: str, head: Head) -> str:
    """On /zhengce/ every other link is relative, as in the saved list."""
    here = f"{SITE.prefix}{listed}"
    relative = head.number % 2 and listed == "/zhengce/" and path.startswith(here)
    return neighbours.entry(listed, f"./{path.removeprefix(here)}" if relative else path, head)


SITE = Neighbour(
    prefix="/govcn",
    lists={"/zhengce/": STATE, "/zhengce/zuixin/": STATE, "/gongbao/currentissue.htm": THOUGHT},
    address=_address,
    named=re.compile(r"/(?:zhengce/content|gongbao)/[\w/-]+/content_(?P<n>\d+)\.html?"),
    render=_render,
    entry=_entry,
    listing='<div class="list fl"><ul>{entries}</ul></div>{next}',
)
