"""中国政府网 below /govcn: lists in JSON, the policy library with both generations of its addresses, news, the gazette.

Follows the site as seen (`.list ul li`, addresses, meta firstpublishedtime with a dash before the hour, #UCAP-CONTENT,
the table of 索引号 …; the lists: arrays of TITLE, SUB_TITLE, URL, DOCRELPUBTIME, with some rows that lead to
tv.cctv.com; `.infolist li`), and three saved pages: govcn_policy_list_fragment, govcn_policy_1_fragment (the table) and
govcn_gazette_article (meta author).
INFERRED: the days of the changes, the line under the title, the table's values, the place of each column.
"""

import json
import re
from datetime import date, datetime
from html import escape

from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.policy_sites import Leaf, NeighbourSite
from newsroom.site.room import Newsroom
from newsroom.stories.story import CULTURE, DEPTH, ECONOMY, OPINION, POLICY, THINKER, Column, Head, Story, column_of

CHANGE = date(2022, 1, 1)
NEWS = "/yaowen/liebiao/YAOWENLIEBIAO.json"
# The place of each column: documents, readings of them, news, statements of ministries, the gazette.
PLACES: dict[Column, str] = {
    POLICY: "zhengce/content", OPINION: "zhengce", DEPTH: "yaowen/liebiao", ECONOMY: "lianbo/bumen",
}  # fmt: skip


def _address(room: Newsroom, number: int) -> str:
    day, name = policy_sites.first_day(room, number), f"content_{policy_sites.FIRST_ID + number}"
    place = PLACES.get(column_of(number))
    if place is None:
        return f"/gongbao/{day:%Y}/issue_{day:%Y%m}/{day:%Y%m}/{name}.html"
    return f"/{place}/{day:%Y-%m/%d}/{name}.htm" if day < CHANGE else f"/{place}/{day:%Y%m}/{name}.htm"


def _render(story: Story, _leaf: Leaf) -> str:
    title, when = escape(story.headline), datetime.fromisoformat(story.date_published)
    moment = f'<meta name="firstpublishedtime" content="{when:%Y-%m-%d-%H:%M:%S}">\n'
    editor = f'<meta name="author" content="{escape(story.editor)}">\n'
    # News, and a piece of the gazette, have no table of their own.
    table = _table(story, title, when) if story.column is POLICY else ""
    body = (
        f'{table}<h1>{title}</h1>\n<div class="pages_date">{when:%Y-%m-%d %H:%M} 来源： 中国政府网</div>\n'
        f'<div class="pages_content" id="UCAP-CONTENT">{policy_sites.body(story)}</div>'
    )
    return policy_sites.PAGE.format(title=f"{title}_中国政府网", head=moment + editor, body=body)


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


def _row(address: str, head: Head) -> dict[str, str]:
    return {"TITLE": head.headline, "SUB_TITLE": "", "URL": address, "DOCRELPUBTIME": head.date_published[:10]}


def _entry(listed: str, path: str, head: Head) -> str:
    """The HTML of a row in a list.

    The link is relative if the article's number is odd and its path is below the list's folder, as in the saved list.
    """
    here = f"{SITE.prefix}{listed.removesuffix('index.htm')}"
    relative = head.number % 2 and path.startswith(here)
    return policy_sites.entry(listed, f"./{path.removeprefix(here)}" if relative else path, head)


def _in_json(listed: str, rows: list[tuple[str, Head]]) -> str:
    elsewhere = {
        "TITLE": "【新闻联播】要闻一则", "SUB_TITLE": "", "URL": "https://tv.cctv.com/2025/01/01/V1.shtml",
        "DOCRELPUBTIME": "2025-01-01",
    }  # fmt: skip
    found = [elsewhere] if listed == NEWS else []
    return json.dumps([*found, *(_row(address, head) for address, head in rows)], ensure_ascii=False)


SITE = NeighbourSite(
    prefix="/govcn",
    lists={
        "/zhengce/zuixin/ZUIXINZHENGCE.json": frozenset({POLICY}),
        NEWS: frozenset({DEPTH}),
        "/zhengce/jiedu/ZCJD_QZ.json": frozenset({OPINION}),
        "/gongbao/zuixin/gongbao.json": frozenset({THINKER, CULTURE}),
        "/lianbo/bumen/index.htm": frozenset({ECONOMY}),
    },
    address=_address,
    named=re.compile(r"/(?:zhengce|gongbao|yaowen|lianbo)/[\w/-]+/content_(?P<n>\d+)\.html?"),
    render=_render,
    entry=_entry,
    listing='<div class="infolist"><ul>{entries}</ul></div>{next}',
    in_json=_in_json,
)
