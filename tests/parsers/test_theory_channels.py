"""The theory channels as public clients of 2026 read them: facts only, in pages of our own."""

import pytest
from support.handmade import PROSE, page, paragraphs, read
from support.tables import every_row

from parsers import NotAnArticle, page_of, parse

BOX = f"{paragraphs(PROSE)}<p>（作者系江海大学教授）</p>"
SECTIONS = {"people_theory": "理论", "gmw_theory": "理论首发"}
SOURCE_LINES = {
    "people_theory": "人民网－理论频道",
    "gmw_theory": "光明网-理论频道",
    "rmlt": "人民论坛网",
    "qstheory": "《求是》2026/15",
}
TODAY = {
    "people_theory": (
        "http://theory.people.com.cn/n1/2026/0805/c40531-40775000.html",
        f"""<title>江与海的连接--理论--人民网</title><meta name="publishdate" content="2026-08-05">
        <div class="layout route cf" id="rwb_navpath"><a href="/">人民网</a>&gt;&gt;<a href="/GB/40531/">理论</a></div>
        <div class="rm_txt"><h1>江与海的连接</h1><div class="author cf">王小青</div>
        <div class="channel cf"><b id="newstime">2026年08月05日08:15</b> | 来源：<a>人民网－理论频道</a></div>
        <div class="rm_txt_con cf"><div class="bza"><span>编者按</span><p>{PROSE[1]}</p></div>
        <div id="rm_txt_zw"><p><script>showPlayer()</script></p>{BOX}</div>
        <div class="edit cf">(责编：李一)</div><p class="paper_num"><em>分享让更多人看到</em></p></div>
        <div class="rm_relevant cf"><h2>相关新闻</h2><a href="/n1/2026/0804/c1-1.html">另一篇</a></div>
        </div><div id="rwb_tjyd"><h3>推荐阅读</h3><p>{PROSE[2]}</p></div>""",
    ),
    "gmw_theory": (
        "https://theory.gmw.cn/2026-08/05/content_38940893.htm",
        f"""<title>江与海的连接 _光明网</title><div id="contentBreadcrumbs2"><a href="/">首页</a> &gt;
        <a href="/node_10133.htm">理论首发</a> &gt; <font>正文</font></div>
        <h1 id="articleID">江与海的连接</h1><div><span id="articlePubTime">2026-08-05 08:15</span>
        <span>来源：<a>光明网-理论频道</a></span></div><div id="ContentPh"><p>作者：王小青</p>{BOX}
        <p>【上一篇】<a href="content_1.htm">另一篇</a></p><div class="m-zbTool">分享到</div>
        <div id="articleLiability">[责任编辑：李一]</div></div>""",
    ),
    "gmw_theory, its other names": (
        "https://theory.gmw.cn/2026-08/05/content_38940893.htm",
        f"""<title>江与海的连接 _光明网</title><div id="contentBreadcrumbs2"><a href="/">首页</a> &gt;
        <a href="/node_10133.htm">理论首发</a> &gt; <font>正文</font></div>
        <h1 class="u-title">江与海的连接</h1><div><span class="m-con-time">2026-08-05 08:15</span>
        <span>来源：<a>光明网-理论频道</a></span></div><div class="u-mainText"><p>作者：王小青</p>{BOX}
        <div class="liability">[责任编辑：李一]</div></div>""",
    ),
    "rmlt": (
        "https://www.rmlt.com.cn/2026/0805/753156.shtml",
        f"""<title>江与海的连接_人民论坛网</title><h1 class="article-title">江与海的连接</h1>
        <p><span class="date">2026-08-05 08:15</span><span class="source">来源：人民论坛网</span> 作者：王小青</p>
        <div class="article-content">{BOX}<p>责编：李一</p></div>""",
    ),
    "qstheory": (
        "https://www.qstheory.cn/20260805/0123456789abcdef0123456789abcdef/c.html",
        f"""<title>江与海的连接 - 求是网</title><meta name="publishdate" content="2026-08-05">
        <meta name="source" content="求是网"><meta name="author" content="王小青">
        <meta name="keywords" content="江海 列车">
        <div class="content"><div class="inner"><h1>江与海的连接</h1><h2>——长三角的变化</h2>
        <span class="appellation">来源：《求是》2026/15</span><span class="appellation">作者：王小青</span>
        <span class="pubtime">2026-08-05 08:15:00</span></div><div class="fs-text">大 中 小</div>
        <div id="detailContent">{BOX}<p>责任编辑：李一</p><div class="xl_ewm">扫描二维码</div></div>
        <div class="sharebox">分享到</div></div>""",
    ),
}


@every_row("layout", TODAY)
def test_each_theory_channel_of_2026_gives_names_date_section_and_text(layout):
    url, html = TODAY[layout]
    source = layout.partition(",")[0]
    article = read(html, url)
    assert (article.headline, article.paragraphs) == ("江与海的连接", tuple(PROSE))
    assert article.date_published is not None
    assert article.date_published.isoformat() == "2026-08-05T08:15:00+08:00"
    assert (article.authors, article.editors) == (("王小青",), ("李一",))
    assert article.biography == "（作者系江海大学教授）"
    assert article.article_section == SECTIONS.get(source)
    assert article.source_line == SOURCE_LINES[source]
    assert (article.alternative_headline, article.keywords) == (
        ("——长三角的变化", ("江海", "列车")) if source == "qstheory" else (None, ())
    )


@every_row(
    ("layout", "name", "missed"),
    [
        ("people_theory", "rm_txt_zw", "body does not match css #rm_txt_zw"),
        ("people_theory", "newstime", "date_published does not match css #newstime"),
        ("gmw_theory", "ContentPh", "body does not match css #ContentPh, .u-mainText"),
        ("gmw_theory", "articleID", "headline does not match css .u-title, #articleID"),
        ("gmw_theory", "articlePubTime", "date_published does not match css #articlePubTime, .m-con-time"),
        ("rmlt", "article-title", "headline does not match css .article-title"),
        ("rmlt", "date", "date_published does not match css .date"),
        ("qstheory", "detailContent", "body does not match css #detailContent"),
        ("qstheory", "inner", "date_published does not match css .inner > span"),
    ],
)
def test_a_place_that_has_another_name_is_missed_and_the_page_is_read_on(layout, name, missed):
    url, html = TODAY[layout]
    assert page_of(page(html, url)).missing_places() == ()
    changed = page(html.replace(f'"{name}"', '"x-81"'), url)
    assert page_of(changed).missing_places() == (missed,)
    assert parse(changed).headline == "江与海的连接"


def test_the_contents_of_an_issue_in_print_are_no_article():
    links = "".join(
        f'<p><a href="../20260801/{number:032x}/c.html"><strong>江与海的连接，第{number}篇</strong></a> /王小青</p>'
        for number in range(12)
    )
    html = f"""<title>2026年第15期《求是》目录 - 求是网</title><div class="content"><div class="inner">
    <h1>2026年第15期《求是》目录</h1><span class="pubtime">2026-08-01 09:00:00</span></div>
    <div id="detailContent">{links}</div></div>"""
    with pytest.raises(NotAnArticle):
        read(html, "https://www.qstheory.cn/20260801/0123456789abcdef0123456789abcdef/c.html")
