"""Counters that stand alone are no part of an article, in any of thirty layouts; the same words in a text are text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.handmade import HEAD, PROSE, paragraphs, read
from support.layouts import HELD_OUT, LAYOUTS, Layout
from support.moving import COUNTERS, VISITS, Counter
from support.tables import every_row

from parsers import Document, parse, to_json
from parsers.text.counters import before_counter, is_counter, is_part_of_counter, without_glued_counter

ABSENT = Counter("absent", "", ("", "", ""))
COUNTS = """
    浏览次数：12 | 浏览次数： | 浏览：1,203 次 | 点击： 次 | 阅读 1.2万 | 本文被浏览 12 次 | 已有 1203 人阅读
    被阅读 12次
    访问次数 : 12 | 下载次数：12 | 12人收藏 | 3人点赞 | 评论(3) | 0条评论 | 打印（2） | 推荐(3) | PV：12
    您是第12位访客
    瀏覽人次：12 | 點閱數：12 | Views（12） | 1,204 page views | No comments | Hits: 1,377
    阅读12 评论3 点赞4
    3小时前 | 更新于3小时前 | 发布时间：3小时前 | 昨天 10:20 | 刚刚 | 2 hours ago | Updated 5 mins ago | yesterday
    今天是2026年11月29日 星期日 | 现在是：2026年11月29日 10:20:31 | 今天是 2026年11月29日 星期日 欢迎您访问
    多云 12℃ | 江海 多云 9℃~17℃ | 小雨转阴 8～11℃ | 今日天气 晴 | 气温：9～17℃ 东风3级 | 晴 12°C
    字号：大 中 小 | 【字体：大 中 小】 | 字号：大 【中】 小 | 字体大小：A- A A+ | 大 中 小 打印
    打印本页 关闭窗口 | Post Views: 12 | PV：12 UV：3 | 当前在线：12人 | 赞(12) | 👁 1.2万 | 12人已阅读
    Last updated about 3 hours ago
    分享到： 微信 QQ空间 | 【浏览次数：12次】 | 阅读次数：12 次 【字体：大中小】【打印】【关闭】
"""
TEXTS = """
    全民阅读12月启动 | 阅读 3 本书 | 评论：这是一件好事 | 评论 | 热门评论 | 评论12条意见 | 收藏 12 件文物 | 点赞中国
    打印机
    分享会 | 12人参加 | 12次会议 | 共12页 | 第12条 | 1200 | 气温升到12℃ | 晴 | 小雨 | 天气多云，有人出门 | 3年前的今天
    今天
    今天是12月1日，天气很好 | 今天是个好日子 | 2026年11月29日 | 3月5日 | 阅读：一种生活方式 | 访问：王小青 | 回复：同意
    下载
    Views of the river | 12 reads like a novel | Likes and dislikes | Comments | 大 小 | 来源：江海日报 | 点击量\t1200
"""


def listed(text: str) -> list[str]:
    return [item.strip(" ") for line in text.strip("\n").split("\n") for item in line.split(" | ")]


@pytest.mark.parametrize("line", listed(COUNTS))
def test_a_line_that_counts_is_a_counter(line: str) -> None:
    assert is_counter(line)
    assert before_counter(f"江海日报　浏览次数：3　{line}") == "江海日报"


@pytest.mark.parametrize("line", listed(TEXTS))
def test_a_line_that_says_something_is_no_counter(line: str) -> None:
    assert not is_counter(line)
    assert before_counter(f"江海市 {line}") == f"江海市 {line}"


@every_row(
    ("value", "before", "surely"),
    [
        ("江海日报　浏览次数：12", "江海日报", "江海日报"),
        ("江海日报 浏览次数12", "江海日报", "江海日报"),
        ("江海日报 浏览次数：", "江海日报", "江海日报"),
        ("江海日报 | 点击：[12] | 打印", "江海日报", "江海日报"),
        ("江海日报 阅读 12 作者：王小青", "江海日报", "江海日报 阅读 12 作者：王小青"),
        ("江海日报 多云 12℃", "江海日报", "江海日报 多云 12℃"),
        ("江海日报 yesterday", "江海日报", "江海日报 yesterday"),
        ("江海日报 点击率", "江海日报", "江海日报 点击率"),
        ("江海日报 点赞", "江海日报 点赞", "江海日报 点赞"),
        ("昨天 今天 明天", "昨天 今天 明天", "昨天 今天 明天"),
        ("全民阅读12条", "全民阅读12条", "全民阅读12条"),
        ("江海日报(浏览12次)", "江海日报", "江海日报(浏览12次)"),
        ("江海日报浏览次数：12打印", "江海日报", "江海日报浏览次数：12打印"),
        ("江海印务（打印）", "江海印务（打印）", "江海印务（打印）"),
        ("江海悦读（12）", "江海悦读（12）", "江海悦读（12）"),
        ("江海赞 12", "江海赞 12", "江海赞 12"),
        ("关于阅读 12 本书的通知", "关于阅读 12 本书的通知", "关于阅读 12 本书的通知"),
    ],
)
def test_a_value_ends_before_a_counter(value: str, before: str, surely: str) -> None:
    assert (before_counter(value), before_counter(value, surely=True)) == (before, surely)


@every_row(
    ("line", "without"),
    [
        ("江水涨了。浏览次数：12", "江水涨了。"),
        ("江水涨了。 点击：12次 评论：3", "江水涨了。"),
        ("（江海日报供稿）访问量：1.2万", "（江海日报供稿）"),
        ("江水涨了。阅读12", "江水涨了。阅读12"),
        ("访问量：12", "访问量：12"),
        ("全年访问量：12", "全年访问量：12"),
    ],
)
def test_a_counter_may_be_glued_to_the_last_sentence(line: str, without: str) -> None:
    assert without_glued_counter(line) == without


def test_a_label_or_a_unit_may_stand_alone() -> None:
    assert [word for word in ("点赞", "人次", "1.2万次", "Hits", "今天是", "江海日报") if is_part_of_counter(word)] == [
        "点赞", "人次", "1.2万次", "Hits", "今天是",
    ]  # fmt: skip


def _read(layout: Layout, counter: Counter, visit: int, *, edited: bool = False) -> dict[str, object]:
    page = layout.page(counter, visit, edited=edited)
    return to_json(parse(Document(page, "text/html; charset=utf-8", layout.url, VISITS[visit])))


@pytest.mark.parametrize("layout", [*LAYOUTS, *HELD_OUT], ids=lambda layout: layout.name.replace(" ", "-"))
def test_a_page_is_read_as_it_would_be_without_its_counter(layout: Layout) -> None:
    """At three visits, with each of twenty counters; with an edit beside it, the edit alone differs."""
    plain, changed = _read(layout, ABSENT, 0), _read(layout, ABSENT, 0, edited=True)
    differ = {name for name in plain if plain[name] != changed[name]}
    assert differ == {"paragraphs", "body_text"}
    assert (plain["headline"], plain["source_line"]) == (layout.headline, layout.source)
    assert [tuple(field) for field in plain["metadata"]] == list(layout.metadata)
    assert set(layout.paragraphs) <= set(plain["paragraphs"])
    for counter in COUNTERS:
        assert [_read(layout, counter, visit) for visit in range(3)] == [plain] * 3, counter.name
        assert _read(layout, counter, 2, edited=True) == changed, counter.name


@pytest.mark.parametrize("line", ["点赞 1200", "12条评论", "访问量：1.2亿次", "3年前", "多云 12℃", "收藏：5"])
def test_a_line_inside_the_text_is_text(line: str) -> None:
    """Between two sentences it may be what the article speaks of."""
    lines = [PROSE[0], line, *PROSE[1:]]
    assert read(HEAD + f"<div>{paragraphs(lines)}</div>").paragraphs == tuple(lines)


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("line", ["阅读量：1200万次，同比增长两成。", "浏览次数：去年是3200次，今年翻了一番！"])
def test_a_sentence_that_opens_with_a_label_is_text(line: str, place: int) -> None:
    lines = [*PROSE[:place], line, *PROSE[place:]]
    assert read(HEAD + f"<div>{paragraphs(lines)}</div>").paragraphs == tuple(lines)


@every_row(
    ("heading", "headline"),
    [
        ("江与海的连接<br><span>2026-05-14 09:30 来源：江海日报 评论：3 点击：12</span>", "江与海的连接"),
        ("江与海的连接 <small>浏览：12</small>", "江与海的连接"),
        ("江与海的连接：阅读量12亿次的背后", "江与海的连接：阅读量12亿次的背后"),
    ],
)
def test_a_byline_in_the_heading_is_no_part_of_the_headline(heading: str, headline: str) -> None:
    title = "<title>江与海的连接_江海市人民政府</title>"
    assert read(f"{title}<h1>{heading}</h1><div>{paragraphs(PROSE)}</div>").headline == headline


@pytest.mark.parametrize("behind", ["", " 江海 多云 12℃", " 农历十月廿三", " 农历十月廿三 江海 小雨转阴 8～11℃"])
def test_the_clock_of_a_page_dates_no_article(behind: str) -> None:
    """The date of today, above the headline, with the day of the week and the weather."""
    clock = f"<div>2026年1月2日 星期五{behind}</div>"
    assert read(f"{clock}{HEAD}<div>{paragraphs(PROSE)}</div>").date_published is None


def test_a_table_of_data_keeps_its_columns() -> None:
    table = "<table><tr><td>栏目</td><td>点击量</td></tr><tr><td>要闻</td><td>3200</td></tr>"
    table += "<tr><td>点赞</td><td>1200</td></tr></table>"
    found = read(HEAD + f"<div>{paragraphs(PROSE)}{table}</div>").paragraphs
    assert found == (*PROSE, "栏目\t点击量", "要闻\t3200", "点赞\t1200")


@given(
    st.text(
        st.sampled_from("浏览次数阅读点赞评论：: 12,.万（）[]今天是年月日前小时晴℃~viewsago大中小|。"), max_size=140
    )
)
def test_cutting_a_counter_removes_only_the_end_of_a_value(value: str) -> None:
    before, glued = before_counter(value), without_glued_counter(value)
    assert value.startswith(before)
    assert value.startswith(glued)
    assert before_counter(before) in (before, before_counter(before))
    assert is_counter(value) in (True, False)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=101))
def test_a_long_line_is_no_counter(line: str) -> None:
    assert not is_counter(line)
