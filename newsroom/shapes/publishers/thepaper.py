"""澎湃新闻 below /thepaper: its API, lists, articles of both layouts.

Follows the site as seen: list_N, newsDetail_forward_N; POST /contentapi/nodeCont/getByNodeIdPortal with `nodeId` and
`startTime`, which answers `data.list[]` and the next `data.startTime`, and 403 without a Referer, code 99998 without a
JSON content type; the page's `__NEXT_DATA__`; the saved thepaper_article_qiushi_essay of 2020 (.news_path,
h1.news_title, .news_about, .news_txt, .infor_item, meta Keywords). INFERRED: the words of the refusals, the class
names since 2022 (which change with every build), the rows of a list, the columns of each node, and the moment that
`startTime` means.
"""

import json
import re
from datetime import date, datetime
from html import escape
from itertools import islice

from newsroom.http.answers import JSON, Request, SitePage, fixed, whole_number
from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.columns import Shelf
from newsroom.shapes.parts.policy_sites import STATE, THOUGHT, Leaf, NeighbourSite
from newsroom.site.room import Newsroom
from newsroom.stories.story import Column, Story

CHANGE = date(2022, 1, 1)
ROWS_PER_ANSWER = 4  # of an answer; 20 on the site
# Nodes by their numbers on the site; each holds one kind of our columns.
NODES: dict[int, frozenset[Column]] = {
    25536: THOUGHT, 25483: THOUGHT, 26525: THOUGHT, 25444: THOUGHT, 27224: THOUGHT,
    25488: STATE, 25462: STATE, 25446: STATE, 25445: STATE,
}  # fmt: skip
API = "/contentapi/nodeCont/getByNodeIdPortal"
_WALL = "<!DOCTYPE html><html><head><title>WAF</title></head><body><p>您的请求已被拦截</p></body></html>"


def rows(room: Newsroom, request: Request) -> SitePage:
    """POST of JSON (`nodeId`, `startTime`): a node's four newest rows before `startTime`, and the next `startTime`.

    `startTime` is in milliseconds; without it, the newest of all. The next one is the moment of the last row, 0 without
    rows; `hasNext` is false at the end. Without a Referer the answer is 403.
    """
    page = _answer(room, request)
    page.methods = ("POST",)
    return page


def _answer(room: Newsroom, request: Request) -> SitePage:
    if not request.headers.get("referer"):
        return fixed(_WALL, status=403)
    try:
        asked = json.loads(request.body or b"null")
    except ValueError:
        asked = None
    if not isinstance(asked, dict) or not request.headers.get("content-type", "").startswith("application/json"):
        return fixed(json.dumps({"code": 99998, "desc": "系统繁忙"}, ensure_ascii=False), JSON)
    columns = NODES.get(whole_number(str(asked.get("nodeId"))) or 0, frozenset())
    start = asked.get("startTime")
    shelf = Shelf(room, columns)
    numbers = shelf.numbers(0, shelf.total) if columns else iter(())
    older = (n for n in numbers if not isinstance(start, int) or _moment(room, n) < start)
    found = list(islice(older, ROWS_PER_ANSWER + 1))
    shown = found[:ROWS_PER_ANSWER]
    data = {
        "hasNext": len(found) > ROWS_PER_ANSWER,
        "startTime": _moment(room, shown[-1]) if shown else 0,
        "list": [_row(room, number) for number in shown],
    }
    return fixed(json.dumps({"code": 200, "data": data}, ensure_ascii=False), JSON)


def _moment(room: Newsroom, number: int) -> int:
    return room.published(number) * 1000


def _row(room: Newsroom, number: int) -> dict[str, object]:
    head = room.head(number, "zh")
    return {
        "contId": str(policy_sites.FIRST_ID + number),
        "name": head.headline,
        "pubTime": policy_sites.shown(head),
        "pubTimeLong": _moment(room, number),
        "link": "",
        "nodeInfo": {"name": head.article_section},
    }


def _address(_room: Newsroom, number: int) -> str:
    return f"/newsDetail_forward_{policy_sites.FIRST_ID + number}"


def _render(story: Story, leaf: Leaf) -> str:
    title, when, who = escape(story.headline), policy_sites.shown(story), policy_sites.author(story)
    text, section, editor = policy_sites.body(story), escape(story.article_section), escape(story.editor)
    if leaf.day < CHANGE:
        body = (
            f'<div class="news_path"><a href="/">首页</a> &gt; <a href="list_25483">{section}</a></div>\n'
            f'<h1 class="news_title">{title}</h1>\n<div class="news_about"><p>{who}</p>'
            f'<p>{when}<span> 来源：澎湃新闻</span></p></div>\n<div class="news_txt">{text}</div>\n'
            f'<div class="news_infor_extra"><div class="infor_item">责任编辑：{editor}</div></div>'
        )
    else:
        body = (
            f'<div id="__next"><div class="index_path__x1Z"><a href="/">首页</a> &gt; '
            f'<a href="list_25483">{section}</a></div>\n'
            f'<h1 class="index_title__B8m">{title}</h1>\n<div class="index_left__Lfz"><div>作者：{who}</div>'
            f"<div>{when}</div><div>来源：澎湃新闻</div></div>\n"
            f'<div class="index_cententWrap__Jv8">{text}</div>\n<div>责任编辑：{editor}</div></div>\n'
            f'<script id="__NEXT_DATA__" type="application/json">{_next_data(story)}</script>'
        )
    return policy_sites.PAGE.format(
        title=f"{title}_{section}_澎湃新闻-The Paper", head=policy_sites.meta(story, ","), body=body
    )


def _next_data(story: Story) -> str:
    """The JSON of `__NEXT_DATA__`, from which the page is built."""
    moment = datetime.fromisoformat(story.date_published)
    detail = {
        "contId": str(policy_sites.FIRST_ID + story.number),
        "name": story.headline,
        "summary": story.summary,
        "content": policy_sites.body(story),
        "author": story.speaker or story.author or "",
        "pubTime": policy_sites.shown(story),
        "publishTime": int(moment.timestamp() * 1000),
        "tagList": [{"tag": tag} for tag in story.keywords],
        "nodeInfo": {"nodeId": 25483, "name": story.article_section},
    }
    told = {"props": {"pageProps": {"detailData": {"contType": 0, "contentDetail": detail}}}}
    return json.dumps(told, ensure_ascii=False).replace("</", "<\\/")


SITE = NeighbourSite(
    prefix="/thepaper",
    lists={f"/list_{node}": columns for node, columns in NODES.items()},
    address=_address,
    named=re.compile(r"/newsDetail_forward_(?P<n>\d+)"),
    render=_render,
    entry=policy_sites.entry,
    validators=False,
)
EXACT = {f"{SITE.prefix}{API}": rows}
