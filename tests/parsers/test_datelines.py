"""The day of publication is found by the words beside each date of a page. Own words.

Each row stands for sites on which such a line is seen: ministries and portals for headlines about renewal and
amendment, gov.cn and its provinces for days of effect and blocks of labels, WordPress and portals for comments, papers
in Japanese and English for lines of updates.
"""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.handmade import ENGLISH, PROSE, paragraphs
from support.tables import every_row

from parsers import Document
from parsers.explain import explain
from parsers.pages import page_for
from parsers.reader.default import DefaultPage
from parsers.reader.published.labels import label_before, meaning

NOW = datetime(2024, 4, 14, 1, 0, tzinfo=UTC)  # nine o'clock in Shanghai
BODY = f"<div class='text'>{paragraphs(PROSE)}</div>"
ARTICLE = f"<div class='text'>{paragraphs(ENGLISH * 2)}</div>"


def dates(html: str, url: str = "https://news.example.cn/a/1.html") -> tuple[str | None, str | None]:
    """Published and modified, in ISO 8601."""
    article = DefaultPage(Document(html.encode(), "text/html; charset=utf-8", url, NOW)).article()
    published, modified = article.date_published, article.date_modified
    return (published.isoformat() if published else None, modified.isoformat() if modified else None)


def headed(headline: str, lines: str, below: str = "", body: str = BODY) -> str:
    return f"<title>{headline}</title><h1>{headline}</h1>{lines}{body}{below}"


AT = "2024-04-13T09:05:00+08:00"
LATER = "2024-04-15T10:00:00+08:00"
DAY = "2024-04-13T00:00:00+08:00"


@every_row(
    "headline",
    [
        "上海：持续推进城市更新",
        "大规模设备更新",
        "城市更新",
        "十年更新",
        "推动新一轮大规模设备更新和消费品以旧换新",
        "国务院关于修改部分行政法规的决定",
        "关于修改《江海市物业管理条例》的决定：",
        "某部门章程修订",
        "关于统计数据的更正",
        "江海市条例（2024年修订）",
        "教材的修改、更正与更新",
        "旧城改造与更新时间",
        "最新更新",
        "一部词典的编辑与修改",
        "五月一日起，这些新规施行",
        "数据截至",
        "江海条例今起施行",
        "两项办法废止",
        "新规实施",
    ],
)
@every_row(
    "line",
    [
        "<p>2024年04月13日 09:05 来源：江海网</p>",
        "<div><span>2024-04-13 09:05</span><span>江海网</span></div>",
        "<p>时间：2024-04-13 09:05</p>",
    ],
)
def test_a_headline_is_no_label_of_the_date_under_it(headline, line):
    assert dates(headed(headline, line)) == (AT, None)


@every_row(
    "above",
    [
        "<h1>城市更新</h1><h2>大规模设备更新</h2>",
        "<p>频道：城市更新</p><h1>城市更新</h1>",
        "<h1>城市更新</h1><p>关于修改的说明和更新</p>",
        "<h1>城市更新</h1><p>设备更新</p>",
        "<h1>城市<br>更新</h1>",
        "<h1>城市更新</h1><p>更新</p>",
        "<h1>城市更新</h1><p>今起<br>施行</p>",
        "<h1>城市更新</h1><p>Policy update</p>",
        "<h1>城市更新</h1><p>Updates</p>",
    ],
)
def test_an_unrelated_line_is_no_label_of_the_date_under_it(above):
    assert dates(f"<title>城市更新</title>{above}<p>2024-04-13 09:05</p>{BODY}") == (AT, None)


@every_row(
    ("line", "published", "modified"),
    [
        ("栏目：城市更新 2024-04-13 09:05", AT, None),
        ("设备更新 | 2024-04-13 09:05", AT, None),
        ("更新时间：2024-04-15 10:00 发布时间：2024-04-13 09:05", AT, LATER),
        ("发布时间：2024-04-13 09:05 更新时间：2024-04-15 10:00", AT, LATER),
        ("发布时间：2024-04-13 09:05（2024-04-15 10:00 更新）", AT, LATER),
        ("2024-04-13 09:05　最后修改：2024-04-15 10:00", AT, LATER),
        ("发布于2024-04-13 09:05，编辑于2024-04-15 10:00", AT, LATER),
        ("（2024-04-15 10:00 更新）</p><p>2024-04-13 09:05", AT, LATER),
        ("2024年04月13日 09時05分更新", AT, None),  # papers in Japanese: it went online then
        ("2024年4月15日 10:00修订</p><p>2024年4月13日 09:05", AT, LATER),
        ("更新时间：</p><p>2024-04-15 10:00</p><p>发布时间：</p><p>2024-04-13 09:05", AT, LATER),
        ("<b>更新时间</b><i>2024-04-15 10:00</i><b>发布时间</b><i>2024-04-13 09:05</i>", AT, LATER),
        ("本文更新于：2024-04-15 10:00</p><p>2024-04-13 09:05", AT, LATER),
        ("页面最近一次更新时间：2024-04-15 10:00</p><p>2024-04-13 09:05", AT, LATER),
        ("更正时间：2024-04-15 10:00</p><p>2024-04-13 09:05", AT, LATER),
        ("Posted: April 13, 2024 9:05 AM | Updated: Mon 8:31 PM, April 15, 2024", AT, LATER[:11] + "00:00:00+08:00"),
    ],
)
def test_a_label_speaks_of_the_date_beside_it(line, published, modified):
    assert dates(headed("江与海的连接", f"<p>{line}</p>")) == (published, modified)


@every_row(
    "line",
    [
        "施行日期：2024-05-01",
        "生效日期：2024年5月1日",
        "实施时间：2024-05-01",
        "自2024年5月1日起施行",
        "本办法自2024年5月1日起生效",
        "2024年5月1日起实施",
        "2024年5月1日正式施行",
        "（2024年5月1日起试行）",
        "截至2024年3月31日",
        "数据截至 2024-03-31 24:00",
        "报名截止时间：2024-05-06 17:00",
        "截止日期：2024-05-06",
        "2024年5月6日截止",
        "有效期至2026-12-31",
        "有效期：2024-05-01至2026-12-31",
        "有效期截止日：2026年12月31日",
        "废止日期：2026-12-31",
        "失效时间：2026-12-31",
        "施行日期：</p><p>2024-05-01",
        "<b>生效日期</b> <i>2024-05-01</i>",
        "截至<b>2024年3月31日</b>",
        "自<b>2024年5月1日</b>起施行",
        "会议时间：2024年5月8日 14:00",
        "施行日期：<time datetime='2024-05-01'>2024年5月1日</time>",
        "自<time datetime='2024-05-01'>2024年5月1日</time>起施行",
        "effective May 1, 2024",
        "The rules go into effect on May 1, 2024",
        "【施行日期】2024-05-01",
        "<b>施行日期</b>：<span>2024-05-01</span>",
        "<b>施行日期</b><i>：</i><span>2024-05-01</span>",
        "实行日期：2024-05-01",
        "公布之日（2024年5月1日）起施行",
        "截至目前（2024年3月31日）",
        "有效期：自2024年5月1日至2029年4月30日",
    ],
)
def test_a_day_of_effect_or_a_term_never_publishes(line):
    assert dates(headed("江海市公共数据办法", f"<p>{line}</p>")) == (None, None)
    assert dates(headed("江海市公共数据办法", f"<p>{line}</p><p>2024-04-13 09:05</p>")) == (AT, None)
    assert dates(headed("江海市公共数据办法", "<p>2024-04-13 09:05</p>", f"<p>{line}</p>")) == (AT, None)


def test_a_line_with_promulgation_and_effect_gives_the_day_of_promulgation():
    line = "<p>（2024年4月13日江海市人民政府令第3号公布 自2024年5月1日起施行）</p>"
    assert dates(headed("江海市公共数据办法", line)) == (DAY, None)


BLOCKS = {
    "ul": "<ul><li><b>索引号：</b>000014349/2024-00007</li><li><b>发文机关：</b>江海市人民政府</li>"
    "<li><b>成文日期：</b>2024年03月28日</li></ul>",
    "table": "<table><tr><td>索 引 号：</td><td>A1/2024-00007</td><td>成文日期：</td><td>2024年03月28日</td></tr>"
    "<tr><td>发文字号：</td><td>江府发〔2024〕3号</td></tr></table>",
    "divs": "<div><div>索引号</div><div>A1/2024-00007</div></div><div><div>成文日期</div><div>2024-03-28</div></div>",
    "one line": "<p>索引号：000014349/2024-00007 成文日期：2024-03-28</p>",
    "written otherwise": "<ul><li>文号：江府发〔2024〕3号</li><li>生成日期：2024-03-28</li>"
    "<li>签发日期：2024-03-28</li></ul>",
}


@every_row("block", BLOCKS.values())
@every_row("line", ["2024-04-13 09:05 来源：江海市政府", "发布时间：2024-04-13 09:05"])
def test_the_day_of_writing_in_a_block_of_labels_does_not_replace_the_line_of_the_page(block, line):
    headline = "江海市人民政府关于公共数据的通知"
    assert dates(f"{block}{headed(headline, f'<p>{line}</p>')}") == (AT, None)
    assert dates(headed(headline, f"{block}<p>{line}</p>")) == (AT, None)
    assert dates(headed(headline, f"<p>{line}</p>{block}")) == (AT, None)
    assert dates(headed(headline, f"<p>{line}</p>", block)) == (AT, None)


@every_row("block", BLOCKS.values())
def test_the_day_of_writing_in_a_block_dates_a_page_without_another_day(block):
    written = "2024-03-28T00:00:00+08:00"
    assert dates(headed("江海市人民政府关于公共数据的通知", block)) == (written, None)


def test_the_day_of_publication_in_the_block_is_one():
    block = "<ul><li>索引号：A1</li><li>成文日期：2024-03-28</li><li>发布日期：2024-04-13</li></ul>"
    assert dates(headed("江海市人民政府关于公共数据的通知", block)) == (DAY, None)


COMMENT = "<b>江边客</b><span>2024-04-14 08:30</span><p>写得好。</p>"
COMMENTS = {
    "a list by class": f"<div class='comment-list'><div class='item'>{COMMENT}</div></div>",
    "WordPress": f"<section id='comments'><ol class='commentlist'><li>{COMMENT}</li></ol></section>",
    "pinyin": f"<div id='pinglun'>{COMMENT}</div>",
    "留言": f"<div class='liuyan-list'><div class='item'>{COMMENT}</div></div>",
    "replies": f"<ul class='reply-list'><li>{COMMENT}</li></ul>",
    "microdata": f"<div itemprop='comment' itemscope itemtype='https://schema.org/Comment'>{COMMENT}"
    "<time itemprop='datePublished' datetime='2024-04-14T08:30:00+08:00'></time>"
    "<meta itemprop='datePublished' content='2024-04-14T08:30:00+08:00'></div>",
    "a heading alone": f"<h3>网友评论（2）</h3><div>{COMMENT}</div><div>{COMMENT}</div>",
    "time elements": "<div class='comments'><time datetime='2024-04-14T08:30:00+08:00'>14 April</time></div>",
    "a heading without a number": f"<h3>评论</h3><div>{COMMENT}</div>",
    "BEM": f"<div class='hot-comments'><div class='comment__item'>{COMMENT}</div></div>",
    "English heading": f"<h3>2 Comments</h3><div>{COMMENT}</div>",
    "搜狐's own": f"<div id='SOHUCS'>{COMMENT}</div>",
    "short for comment": f"<div class='hot-cmt'>{COMMENT}</div>",
    "typed": "<div itemscope itemtype='https://schema.org/Comment'><p>写得好。</p>"
    "<time itemprop='dateCreated' datetime='2024-04-14T08:30:00+08:00'>14 April</time></div>",
}


@every_row("comments", COMMENTS.values())
def test_a_date_in_a_comment_never_counts(comments):
    assert dates(headed("江与海的连接", "", comments)) == (None, None)
    assert dates(headed("江与海的连接", "<p>2024-04-13</p>", comments)) == (DAY, None)


@pytest.mark.parametrize("box", ["comment-list", "pinglun", "hot-comments", "reply-list"])
def test_a_date_in_a_comment_above_the_text_never_counts(box):
    comments = f"<div class='{box}'>{COMMENT}</div>"
    assert dates(headed("江与海的连接", f"{comments}<p>2024-04-13 09:05</p>")) == (AT, None)
    assert dates(headed("江与海的连接", comments)) == (None, None)


def test_a_channel_of_comment_is_no_comment():
    page = f"<title>江与海的连接</title><div class='comment'><h1>江与海的连接</h1><p>2024-04-13 09:05</p>{BODY}</div>"
    assert dates(page) == (AT, None)


def test_a_row_of_buttons_is_no_comment():
    row = f"<div class='social-comments'><time itemprop='datePublished' datetime='{AT}'></time><a>评论</a></div>"
    assert dates(headed("江与海的连接", row)) == (AT, None)


def test_a_labelled_date_below_a_comment_line_is_still_read():
    assert dates(headed("江与海的连接", "", "<p>评论</p><p>发布时间：2024-04-13 09:05</p>")) == (AT, None)


def linked(moment: str) -> str:
    script = f'<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "{moment}"}}</script>'
    return headed("江与海的连接", script)


@every_row(
    ("moment", "path", "published"),
    [
        ("2024-04-12T17:30:00Z", "/2024-04/13/a1.html", "2024-04-13T01:30:00+08:00"),
        ("2024-04-12T23:05:00.000Z", "/20240413/a1.html", "2024-04-13T07:05:00+08:00"),
        ("2024-04-12T23:05:00+00:00", "/2024/4/13/a1.html", "2024-04-13T07:05:00+08:00"),
        (
            "2024-04-12T17:30:00Z",
            "/2024-04/12/a1.html",
            "2024-04-12T17:30:00+00:00",
        ),  # an address made on a clock of UTC
        ("2024-04-13T01:30:00Z", "/2024-04/13/a1.html", "2024-04-13T01:30:00+00:00"),  # one day on both clocks
        ("2024-04-12T17:30:00Z", "/2024-04/20/a1.html", "2024-04-12T17:30:00+00:00"),  # another day altogether
        ("2024-04-12T17:30:00Z", "/a1.html", "2024-04-12T17:30:00+00:00"),
        ("2024-04-12T17:30:00-05:00", "/2024-04/13/a1.html", "2024-04-12T17:30:00-05:00"),
    ],
)
def test_a_day_in_the_address_decides_between_zones_when_the_stamp_is_utc(moment, path, published):
    assert dates(linked(moment), f"https://news.example.cn{path}") == (published, None)


@every_row(
    ("host", "moment", "day", "published"),
    [
        ("herald.com", "2020-02-18T02:18:11Z", "2020/02/17", "2020-02-17T21:18:11-05:00"),
        ("herald.com", "2020-02-18T05:30:00Z", "2020/02/17", "2020-02-17T21:30:00-08:00"),
        ("xinhuanet.com", "2024-04-12T17:30:00Z", "english/2024-04/13", "2024-04-13T01:30:00+08:00"),
        ("herald.com", "2024-04-12T15:30:00Z", "2024/04/13", "2024-04-13T00:30:00+09:00"),
        ("herald.com", "2024-04-12T14:30:00Z", "2024/04/13", "2024-04-13T00:30:00+10:00"),
        ("herald.com.au", "2020-02-17T16:30:00Z", "2020/02/18", "2020-02-18T03:30:00+11:00"),
        ("herald.de", "2020-02-17T23:30:00Z", "2020/02/18", "2020-02-18T00:30:00+01:00"),
    ],
)
def test_the_zone_is_chosen_so_that_the_local_day_matches_the_address(host, moment, day, published):
    script = f'<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "{moment}"}}</script>'
    page = headed("More boats cross the delta", script, body=ARTICLE)
    assert dates(page, f"https://www.{host}/{day}/boats/")[0] == published


def told(html: str, url: str = "https://news.example.cn/a/1.html"):
    document = Document(html.encode(), "text/html; charset=utf-8", url, NOW)
    assert page_for(url, NOW) is DefaultPage
    return next(found for found in explain(document).properties if found.name == "date_published")


def test_the_explanation_names_the_clock_that_the_address_chose():
    found = told(linked("2024-04-12T17:30:00Z"), "https://news.example.cn/2024-04/13/a1.html")
    assert found.rule == "json-ld datePublished, told on the clock of Asia/Shanghai, on which the day is the address's"
    assert found.raw == "2024-04-12T17:30:00Z"


LINES_OF_UPDATES = pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Updated: March 3, 2024", "2024-03-03"),
        ("Last updated March 3, 2024 9:30 AM", "2024-03-03"),
        ("Updated 3 March 2024", "2024-03-03"),
        ("<b>Updated:</b> <i>March 3, 2024</i>", "2024-03-03"),
        ("Updated: <time datetime='2024-03-03'>March 3, 2024</time>", "2024-03-03"),
        ("<i>Updated on</i> <time datetime='2024-03-03'>March 3, 2024</time>", "2024-03-03"),
        ("Updated 03/14/2024 9:30 AM", "2024-03-14"),
        ("Last modified on 3 March 2024", "2024-03-03"),
    ],
)


def test_an_update_notice_of_the_site_below_an_article_does_not_date_it():
    notice = f"<p>{'Another line of the frame. ' * 30}</p><p>We updated our terms on March 3, 2024</p>"
    page = headed("More boats cross the delta", "", f"<footer>{notice}</footer>", body=ARTICLE)
    assert dates(page, "https://www.herald.com/boats/")[0] is None


@LINES_OF_UPDATES
def test_an_update_alone_publishes_for_want_of_better_and_it_is_said(line, day):
    page = headed("More boats cross the delta", f"<p>{line}</p>", body=ARTICLE)
    url = "https://www.herald.com/boats/"
    published, modified = dates(page, url)
    assert (published[:10], modified[:10]) == (day, day)
    assert told(page, url).rule == "dateline that speaks of an update, for want of a day of publication"
    under = headed("More boats cross the delta", f"<p>{ENGLISH[0]}</p><p>{line}</p>", body=ARTICLE)
    assert dates(under, url)[0][:10] == day
    better = headed("More boats cross the delta", f"<p>March 1, 2024</p><p>{line}</p>", body=ARTICLE)
    assert dates(better, url)[0][:10] == "2024-03-01"
    assert dates(page, "https://www.herald.com/2024/03/01/boats/")[0][:10] == "2024-03-01"


@every_row(
    ("line", "published"),
    [
        ("今天 08:30", "2024-04-14T08:30:00+08:00"),
        ("发布时间：昨天 23:01", "2024-04-13T23:01:00+08:00"),
        ("前天 10:05　来源：江海网", "2024-04-12T10:05:00+08:00"),
        ("昨日 23:01 江海网", "2024-04-13T23:01:00+08:00"),
        ("4月13日 09:05", AT),
        ("04-13 09:05", AT),
        ("更新于 昨天 23:01", None),
        ("截至昨天 23:01", None),
        ("今天多云 10:05", None),
        ("二〇二四年四月十三日", DAY),  # as a journal of theory has it
        ("2024年四月十三", DAY),
        ("2024年4月十三 09:05", AT),
        ("发布日期：２０２４年４－１３", DAY),
        ("2024年4-13 09:05", AT),
        ("2024.4/13", DAY),
        ("自二〇二四年五月一日起施行", None),
        ("根据二〇二四年三月一日的决定", None),
        ("昨天", None),
    ],
)
def test_relative_days_count_from_the_capture_and_chinese_numerals_are_read(line, published):
    assert dates(headed("江与海的连接", f"<p>{line}</p>"))[0] == published


def test_a_relative_day_refines_only_the_same_day_in_the_address():
    page = headed("江与海的连接", "<p>昨天 23:01</p>")
    assert dates(page, "https://news.example.cn/2024-04/13/a.html")[0] == "2024-04-13T23:01:00+08:00"
    assert dates(page, "https://news.example.cn/2024-04/12/a.html")[0] == "2024-04-12T00:00:00+08:00"


LABELS = st.sampled_from(
    ["更新", "修改时间", "发布", "施行", "截至", "成文日期", "自", "起", "：", ":", " ", "（", "Updated", "on", "\n"]
)
TEXT = st.lists(LABELS | st.text(max_size=3), max_size=8).map("".join)


@given(TEXT, TEXT)
def test_any_text_beside_a_date_gives_one_of_four_meanings(label, behind):
    assert meaning(label.lower(), behind) in ("published", "updated", "written", "other")


@given(TEXT, TEXT)
def test_the_label_of_a_date_is_the_text_before_it_in_its_line(before, line):
    text = f"{before}\n{line}2024-04-13"
    start = text.rfind("\n", 0, len(text) - 10) + 1
    assert label_before(text, (), start, len(text) - 10) in text.lower()
    assert label_before(text, (start - 1,), start, len(text) - 10) == text[start : len(text) - 10].lower()


@pytest.mark.parametrize("mark", "_:-")
def test_the_meta_of_publication_is_read_with_every_mark_that_sites_write(mark):
    meta = f'<meta property="article:published{mark}time" content="{AT}">'
    assert dates(f"<head>{meta}</head>{headed('江与海的连接', '')}") == (AT, None)


CALLED = "showTime('2024-04-13 09:05')"


@every_row(
    ("under", "published"),
    [
        (f"<p>来源：江海日报 <script>{CALLED}</script></p>", AT),
        (f"<p><span>发布时间：</span><script>\ndocument.write({CALLED});\n</script></p>", AT),
        ('<p><script>show("2024年04月13日", true)</script></p>', DAY),
        (f"<p>2024-04-13 09:05</p><script>{CALLED.replace('13', '12')}</script>", AT),
        (f"<p>2024-04-13</p><script>{CALLED}</script>", AT),
        ("<svg><script><b>1</b></script></svg>" + f"<script>{CALLED}</script>", AT),
        (f"<p>更新时间：<script>{CALLED}</script></p>", None),
        ("<p><script>countDown('2024-05-01 09:00')</script></p>", None),
        ("<p><script>track('20240413a8f3')</script></p>", None),
        ("<p><script>track('2024-8f3c-11')</script></p>", None),
        (f'<script type="application/json">{CALLED}</script>', None),
    ],
)
def test_a_script_between_headline_and_text_dates_a_page_by_its_first_argument(under, published):
    assert dates(headed("江水涨了三次", under))[0] == published


def test_a_script_outside_headline_and_text_dates_nothing():
    script = f"<script>{CALLED}</script>"
    assert dates(f"{script}{headed('江水涨了三次', '', f'<div>{script}</div>')}")[0] is None
    inside = headed("江水涨了三次", "", body=BODY.replace("</p>", f"</p>{script}"))
    assert dates(f"<head>{script}</head>{inside}")[0] is None


def test_the_line_of_a_script_is_no_text():
    page = headed("江水涨了三次", f"<p>来源：江海日报 <script>{CALLED}</script></p>")
    document = Document(page.encode(), "text/html; charset=utf-8", "https://news.example.cn/a/1.html", NOW)
    assert CALLED not in document.visible_text
    assert document.calls == [(document.visible_text.index(PROSE[0]), "2024-04-13 09:05")]
