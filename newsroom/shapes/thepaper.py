"""澎湃新闻 below /thepaper: lists, articles of both layouts.

Follows ../shared/facts/source-site.md 1.9 (list_N, newsDetail_forward_N) and the saved
thepaper_article_qiushi_essay of 2020 (.news_path, h1.news_title, .news_about, .news_txt, .infor_item, meta Keywords).
INFERRED: the layout since 2022, whose class names change with every build of the site (none is relied on), the rows
of a list and what each list holds.
"""

import re
from datetime import date
from html import escape

from newsroom.room import Newsroom
from newsroom.shapes import neighbours
from newsroom.shapes.neighbours import STATE, THOUGHT, Leaf, Neighbour
from newsroom.story import Story

CHANGE = date(2022, 1, 1)


def _address(_room: Newsroom, number: int) -> str:
    return f"/newsDetail_forward_{neighbours.FIRST_ID + number}"


def _render(story: Story, leaf: Leaf) -> str:
    title, when, who = escape(story.headline), neighbours.shown(story), neighbours.author(story)
    text, section, editor = neighbours.body(story), escape(story.article_section), escape(story.editor)
    if leaf.day < CHANGE:
        body = (
            f'<div class="news_path"><a href="/">首页</a> &gt; <a href="list_25483">{section}</a></div>\n'
            f'<h1 class="news_title">{title}</h1>\n<div class="news_about"><p>{who}</p>'
            f'<p>{when}<span> 来源：澎湃新闻</span></p></div>\n<div class="news_txt">{text}</div>\n'
            f'<div class="news_infor_extra"><div class="infor_item">责任编辑：{editor}</div></div>'
        )
    else:
        body = (
            f'<div class="index_path__x1Z"><a href="/">首页</a> &gt; <a href="list_25483">{section}</a></div>\n'
            f'<h1 class="index_title__B8m">{title}</h1>\n<div class="index_left__Lfz"><div>作者：{who}</div>'
            f"<div>{when}</div><div>来源：澎湃新闻</div></div>\n"
            f'<div class="index_cententWrap__Jv8">{text}</div>\n<div>责任编辑：{editor}</div>'
        )
    return neighbours.PAGE.format(
        title=f"{title}_{section}_澎湃新闻-The Paper", head=neighbours.meta(story, ","), body=body
    )


SITE = Neighbour(
    prefix="/thepaper",
    lists={"/list_25488": STATE, "/list_25483": THOUGHT, "/list_26525": THOUGHT, "/list_25445": STATE},
    address=_address,
    named=re.compile(r"/newsDetail_forward_(?P<n>\d+)"),
    render=_render,
    entry=neighbours.entry,
    validators=False,
)
