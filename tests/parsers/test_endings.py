"""A text ends before links, legal boilerplate and comments, and before nothing else. Pages are our own."""

import pytest
from support.handmade import HEAD, PROSE, paragraphs, read
from support.tables import every_row

from parsers.reader.body.lines.sorting import read_body
from parsers.reader.body.markup.blocks import Block

STATEMENT = [
    "近日，有人冒用江海大学的名义招生，我校对此高度重视。",
    "江海大学从未委托任何机构或者个人招生，请广大考生提高警惕。",
    "如有线索，请向江海市公安局报案，我们将保留追究法律责任的权利。",
]
LINKS = [f'<a href="/a/{n}.html">第{n}篇：江边的树与海边的灯</a>' for n in range(1, 5)]
TEASED = [line for n, link in enumerate(LINKS) for line in (link, f"第{n}篇的摘要，说的是另外一座城市的事情。")]
LAW = ["本网转载此文，是为了传递更多信息，不代表本网赞同其观点。", "如涉及侵权，请联系我们，我们将及时删除。"]
COMMENTS = ["江边客：说得好。", "2024-04-13 10:30 回复", "海上客：我住在江海，感觉变化很大。", "2024-04-13 11:02 回复"]


def body(*lines: str) -> tuple[str, ...]:
    return read(f"{HEAD}<div class=text>{paragraphs(list(lines))}</div>").paragraphs


# 高校 and 企业 sites, 澎湃号 and WeChat accounts print statements; party papers have a heading 评论 above a commentary;
# Xinhua and 解放日报 put background under 相关链接.
@every_row("opening", ["声明", "郑重声明", "郑重声明：", "特别声明", "【郑重声明】", "免责声明", "版权声明"])
@every_row("before", [[], PROSE, PROSE * 3])
def test_a_statement_with_prose_behind_it_is_text(opening, before):
    assert body(*before, opening, *STATEMENT) == (*before, opening, *STATEMENT)


@every_row("before", [[], PROSE, PROSE * 3])
@every_row("opening", ["声明：", "郑重声明：", "特别声明: "])
def test_a_statement_may_begin_in_the_same_line(opening, before):
    lines = [opening + STATEMENT[0], *STATEMENT[1:]]
    assert body(*before, *lines) == (*before, *lines)


@every_row("heading", ["<h2>评论</h2>", "<p><b>评论</b></p>", "<p>评论</p>", "<h3>【评论】</h3>", "<h2>留言</h2>"])
@every_row("more", [1, 3])
def test_a_heading_inside_is_no_end(heading, more):
    html = f"{HEAD}<div class=text>{paragraphs(PROSE * 3)}{heading}{paragraphs(PROSE[:1] * more)}</div>"
    assert [line for line in read(html).paragraphs if line in PROSE] == [*PROSE * 3, *PROSE[:1] * more]
    assert any("评论" in line or "留言" in line for line in read(html).paragraphs)


def test_background_under_a_heading_is_text():
    background = [PROSE[1] * 2, PROSE[2]]
    assert body(*PROSE * 9, "相关链接", *background)[-2:] == tuple(background)


@every_row(
    "behind",
    [
        ["声明：本文仅代表作者观点，不代表本网立场。"],
        ["免责声明", *LAW],
        ["郑重声明：本网所有稿件，未经许可不得转载。", *LAW],
        ["版权声明", LAW[0], "（责任编辑：王小青）"],
        ["版权所有：江海网", "江ICP备410404号-1"],
        ["相关阅读", *LINKS],
        ["相关阅读", *TEASED],
        ["推荐阅读：", *LINKS, "更多精彩内容，请下载客户端"],
        ["评论", *COMMENTS],
        ["网友评论", "说得好。", "我也住在江海。"],
        ["最新评论 12条", *COMMENTS],
        ["网友评论（2）", *COMMENTS],
        ["发表评论", "网友 2024-04-13 10:30 说："],
        ["评论", "网友江边客：说得好。", "网友海上客：我也住在江海。"],
        ["评论", *LINKS],
        ["Related articles", *LINKS],
        ["Comments", "Jane says:", "I live on the small island, too."],
    ],
)
def test_a_text_ends_before_links_law_and_comments(behind):
    assert body(*PROSE * 2, *behind) == tuple(PROSE * 2)


@pytest.mark.slow
@pytest.mark.parametrize("line", ["评论", "郑重声明", "相关阅读", "声明：本网转载", "Comments"])
def test_lines_that_may_end_a_text_are_read_in_good_time(line):
    blocks = [Block("text", line)] * 40_000
    read_body([Block("text", PROSE[0])] * 2 + blocks + [Block("text", PROSE[1])], None, "https://news.example.cn/1")
