"""The page classes of our sources read the seed and pages of our own in the shapes of the sites."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from support.handmade import ENGLISH, HEAD, NOW, PROSE, paragraphs, read
from support.tables import every_row

import parsers
from parsers import Article, Blocked, Document, Gone, NotAnArticle, ParseError, Restricted, parse
from parsers.pages import page_for

# -- policy documents

DOCUMENT = f"""<table class="bd1"><tr><td><b>索 引 号：</b></td><td>000014349/2024-00001</td>
<td><b>主题分类：</b></td><td></td></tr>
<tr><td>发文机关：</td><td>江海办公厅</td><td>成文日期：</td><td>2024年01月27日</td></tr>
<tr><td>标　　题：</td><td colspan=3>江海办公厅关于河道的通知</td></tr>
<tr><td>发文字号：</td><td>江办发〔2024〕5号</td><td>发布日期：</td><td>2024年02月15日</td></tr></table>
<table><tr><td id="UCAP-CONTENT"><p>江海办公厅<br>关于河道的通知</p><p>江办发〔2024〕5号</p>
{paragraphs(PROSE)}<p>一、总体要求</p>
<p>{PROSE[0]}</p></td></tr></table><div>扫一扫在手机打开当前页</div>"""


def test_a_policy_document_is_read_by_its_table():
    article = read(DOCUMENT, "https://www.gov.cn/zhengce/content/1.htm")
    assert (article.headline, article.date_published_raw) == ("江海办公厅关于河道的通知", "2024年02月15日")
    assert article.metadata == (
        ("索引号", "000014349/2024-00001"),
        ("发文机关", "江海办公厅"),
        ("成文日期", "2024年01月27日"),
        ("标题", "江海办公厅关于河道的通知"),
        ("发文字号", "江办发〔2024〕5号"),
        ("发布日期", "2024年02月15日"),
    )
    assert article.paragraphs == ("江办发〔2024〕5号", *PROSE, PROSE[0])
    assert (article.headings, article.heading_positions) == (("一、总体要求",), (4,))


@every_row(
    ("table", "metadata", "published"),
    [
        (
            "<table><tr><td>索 引 号:</td><td>JH000/2024-7</td><td>发布机构:</td><td>江海市发改委</td></tr>"
            "<tr><td>生成日期:</td><td>2024-04-12</td><td>公开日期:</td><td>2024-04-13</td></tr></table>",
            {"索引号": "JH000/2024-7", "发布机构": "江海市发改委", "生成日期": "2024-04-12", "公开日期": "2024-04-13"},
            "2024-04-13",
        ),
        (
            "<ul><li>文号：江府〔2024〕5号</li><li>发文日期：2024年4月13日</li><li>有效性：</li></ul>",
            {"文号": "江府〔2024〕5号", "发文日期": "2024年4月13日"},
            "2024年4月13日",
        ),
        (
            "<dl><dt>发文机关：</dt><dd>江海办公厅</dd><dt>来源：</dt><dd>江海政府网</dd><dt>成文日期：</dt>"
            "<dd>2024年04月13日</dd></dl>",
            {"发文机关": "江海办公厅", "来源": "江海政府网", "成文日期": "2024年04月13日"},
            "2024年04月13日",
        ),
        (
            "<dl><dt>索引号：</dt><dd>JH000/2024-7</dd></dl><dl><dt>发文机关：</dt><dd>江海办公厅</dd></dl>"
            "<dl><dt>有效性：</dt><dd>有效</dd></dl><table><caption>索引号：</caption></table>",
            {"索引号": "JH000/2024-7", "发文机关": "江海办公厅", "有效性": "有效"},
            None,
        ),
        ("<table><tr><td>来源：</td><td>江海日报</td><td>主题词：</td><td>河道</td></tr></table>", {}, None),
    ],
)
def test_document_tables_of_provinces_and_cities_give_metadata_and_date(table, metadata, published):
    article = read(f"{HEAD}{table}<div>{paragraphs(PROSE)}</div>", "https://www.example.gov.cn/1.html")
    assert (dict(article.metadata), article.date_published_raw) == (metadata, published)


def test_the_responsible_editor_of_gov_cn_is_no_author():
    html = f'<meta name="author" content="王小青">{HEAD}<div id="UCAP-CONTENT">{paragraphs(PROSE)}</div>'
    article = read(html, "https://www.gov.cn/yaowen/1.htm")
    assert (article.editors, article.authors) == (("王小青",), ())


# -- 上观 and 解放日报

DETAIL = "https://www.shobserver.com/news/getNewsDetail?id=751736"
ROW = {
    "id": 751736,
    "title": "思想者｜张立文：江与海的连接",
    "summary": "江与海，怎样连接？",
    "detail": f'{paragraphs(PROSE)}<p><img src="/i/1.png"></p><p><strong>思想者小传</strong></p>'
    "<p>张立文，江海大学教授。</p>"
    "<p>栏目主编：王小青 文字编辑：王小青</p>",
    "publishtime": 1713020460000,
    "addtime": 1700000000000,
    "edittime": 1800000000000,
    "newstype": "0",
    "ismember": 0,
}


def answer(**changes: object) -> str:
    return json.dumps({"success": True, "object": ROW | changes}, ensure_ascii=False)


def test_the_json_of_getnewsdetail_gives_exactly_the_expected_article():
    assert read(answer(), DETAIL, kind="application/json") == Article(
        headline="江与海的连接",
        article_section="思想者",
        speaker="张立文",
        standfirst="江与海，怎样连接？",
        editors=("王小青",),
        date_published=datetime.fromisoformat("2024-04-13T23:01:00+08:00"),
        date_published_raw="1713020460000",
        date_precision="second",
        zone_assumed=False,
        in_language="zh-Hans",
        identity="751736",
        paragraphs=tuple(PROSE),
        biography="张立文，江海大学教授。",
        media=(parsers.Media("https://www.shobserver.com/i/1.png"),),
    )


@every_row(
    ("payload", "error", "reason"),
    [
        ('{"success": false, "object": null}', Gone, "success is not true"),
        ('{"success": false, "msg": "您的访问过于频繁，请稍后再试"}', Blocked, "a check of the visitor"),
        ("<title>访问验证</title><p>请完成安全验证</p>", Blocked, "a check of the visitor"),
        ('{"success": true, "object": null}', NotAnArticle, "the answer has no object"),
        (answer(id=751737), NotAnArticle, "asked for id 751736, got id 751737"),
        (answer(ismember=1, detail=""), Restricted, "for members only"),
        (answer(newstype=3), NotAnArticle, "newstype 3 is no article"),
        (answer(detail=""), NotAnArticle, "detail is empty or repeats the title"),
        (answer(detail="<p>思想者｜张立文：江与海的连接</p>"), NotAnArticle, "detail is empty or repeats the title"),
        (json.dumps({"success": True, "object": [{"id": 1, "title": "a"}]}), NotAnArticle, "a list in JSON, 1 rows"),
        ("<p>{{title}}</p><p>此文章不存在或已下线</p>", NotAnArticle, "shell"),
    ],
)
def test_an_answer_without_an_article_raises_the_error_of_its_kind(payload, error, reason):
    with pytest.raises(ParseError) as caught:
        read(payload, DETAIL)
    assert type(caught.value) is error
    assert caught.value.reason.startswith(reason)


def test_the_server_rendered_page_of_2017_gives_names_date_summary_and_text():
    html = f"""<title>思想者｜张立文：江与海的连接--上观新闻</title>
    <div class="weizhi"><a href="/">首页</a> &gt; <a>思想者</a></div>
    <div class="left"><div class="wz_contents">思想者｜张立文：江与海的连接</div>
    <div class="fenxiang_zz"><span>来源：上观新闻</span>
    <span>作者：王小青</span>2019-06-21 16:39</div><div class="wz_contents1"><div><b>摘要：</b>江与海，怎样连接？</div>
    <div id="newscontents">{paragraphs(PROSE)}</div><div class="news-edit-info">栏目主编：李一</div></div></div>"""
    article = read(html, "https://www.jfdaily.com/news/detail?id=158818")
    assert (article.headline, article.article_section, article.speaker) == ("江与海的连接", "思想者", "张立文")
    assert (article.source_line, article.authors, article.editors) == ("上观新闻", ("王小青",), ("李一",))
    assert article.date_published == datetime.fromisoformat("2019-06-21T16:39:00+08:00")
    assert (article.standfirst, article.paragraphs) == ("江与海，怎样连接？", tuple(PROSE))
    assert article.identity == "158818"


PRINTED = {
    "id": 500001,
    "title": "江与海的连接",
    "introtitle": "思想者",
    "subtitle": "——长三角的变化",
    "author": "张立文",
    "source": "解放日报",
    "columns": "思想者",
    "jdate": "2024-05-14",
    "content": "<br/>".join([*PROSE, "看得见的变化", PROSE[0], "（作者为江海大学教授）"]),
    "pincurls": '[{"url": "/p/1.jpg", "name": "n", "ttile": "江边"}, 7]',
    "deleted": 0,
}


@pytest.mark.parametrize(
    ("url", "payload"),
    [
        ("https://www.jfdaily.com/staticsg/data/journal/2024-05-14/10/article/500001.json", {"article": PRINTED}),
        (
            "https://www.jfdaily.com/journal/getJournalPageArticle.do?id=500001",
            {"success": True, "object": {"article": PRINTED}},
        ),
    ],
    ids=["until 2024-12-15", "since"],
)
def test_both_generations_of_the_printed_edition_give_the_same_properties(url, payload):
    article = read(json.dumps(payload), url, kind="application/json")
    assert (article.headline, article.article_section, article.speaker) == ("江与海的连接", "思想者", "张立文")
    assert (article.kicker, article.authors, article.source_line) == (None, (), "解放日报")
    assert (article.date_published_raw, article.date_precision) == ("2024-05-14", "day")
    assert (article.paragraphs, article.headings) == ((*PROSE, PROSE[0]), ("看得见的变化",))
    assert (article.biography, article.identity) == ("（作者为江海大学教授）", "500001")
    assert article.media == (parsers.Media("https://www.jfdaily.com/p/1.jpg", "image", "江边"),)


@every_row(
    ("payload", "error"),
    [
        ({"success": False, "object": None}, Gone),
        ({"article": PRINTED | {"deleted": 1}}, Gone),
        ({"article": PRINTED | {"title": "广告"}}, NotAnArticle),
        ({"article": PRINTED | {"content": ""}}, NotAnArticle),
        ({"pages": [{"pname": "思想者", "articleList": []}]}, NotAnArticle),
    ],
)
def test_print_without_an_article_raises_the_error_of_its_kind(payload, error):
    with pytest.raises(ParseError) as caught:
        read(json.dumps(payload), "https://www.jfdaily.com/journal/getJournalPageArticle.do?id=1")
    assert type(caught.value) is error


@every_row(
    ("line", "place"),
    [
        ("（作者系江海大学教授）", "biography"),
        ("（作者：王小青，系江海大学教授）", "biography"),
        ("(作者单位：江海社会科学院)", "biography"),
        ("本文作者为江海研究院研究员。", "biography"),
        ("（作者：王小青 江海大学教授）", "byline"),
        ("作者是什么意思？", "body"),
        ("作者在书里写道，江水会涨。", "body"),
    ],
)
def test_a_line_about_the_author_is_sorted_into_biography_byline_or_text(line, place):
    article = read(f"{HEAD}<div>{paragraphs([*PROSE, line])}</div>")
    assert article.biography == (line if place == "biography" else None)
    assert article.paragraphs == (*PROSE, *([line] if place == "body" else []))


# -- the theory channels: an old layout reads the captures of its time


def aged(html: str, url: str, captured: str) -> Article:
    return parse(Document(html.encode(), "text/html", url, datetime.fromisoformat(f"{captured}T12:00:00+08:00")))


BOX = f"{paragraphs(PROSE)}<p>（作者系江海大学教授）</p>"
LAYOUTS = {
    "thepaper": (
        "https://www.thepaper.cn/newsDetail_forward_1",
        f"""<title>江与海的连接_思想市场_澎湃新闻</title><div class="news_path"><a>首页</a><a>思想市场</a></div>
        <h1>江与海的连接</h1><div class="news_about"><p>王小青</p><p>2019-04-02 10:11 来源：澎湃新闻</p></div>
        <div class="news_txt">{BOX}</div><div class="news_editor">责任编辑：李一</div>""",
    ),
    "qstheory": (
        "http://www.qstheory.cn/dukan/qs/2019-04/02/c_1124364140.htm",
        f"""<title>江与海的连接 - 求是网</title><div class="headtitle"><h1>江与海的连接</h1>
        <span class="appellation">来源：《求是》2019/07</span><span class="appellation">作者：王小青</span>
        <span class="pubtime">2019-04-02 10:11:00</span></div>
        <div class="highlight">{BOX}<p>责任编辑：李一</p></div>""",
    ),
    "people_theory": (
        "http://theory.people.com.cn/n1/2019/0402/c40531-31009000.html",
        f"""<title>江与海的连接--理论--人民网</title><span id="rwb_navpath"><a href="/">人民网</a>&gt;&gt;<a
        href="/GB/40531/">理论</a></span><h1>江与海的连接</h1><p class="author">王小青</p>
        <div class="box01"><div class="fl">2019年04月02日10:11  来源：<a>人民网－理论频道</a></div></div>
        <div id="rwb_zw">{BOX}</div><div class="edit clearfix">(责编：李一)</div>""",
    ),
    "gmw_theory": (
        "https://theory.gmw.cn/2019-04/02/content_32708000.htm",
        f"""<title>江与海的连接 _光明网</title><meta name="publishdate" content="2019-04-02">
        <div id="contentBreadcrumbs2"><a href="/">首页</a> &gt; <a href="/">理论频道</a> &gt;
        <a href="/node_10133.htm">理论首发</a> &gt; <font>正文</font></div>
        <h1 id="articleTitle">江与海的连接</h1><div id="contentMsg"><span id="pubTime">2019-04-02 10:11</span>
        <span id="source">来源：<a>光明网-理论频道</a></span><span id="author">作者：王小青</span></div>
        <div id="contentMain">{BOX}</div><p>[责任编辑：李一]</p>""",
    ),
    "rmlt": (
        "http://www.rmlt.com.cn/2019/0402/543000.shtml",
        f"""<title>江与海的连接_人民论坛网</title><h1>江与海的连接</h1><p><span class="date">2019-04-02 10:11</span>
        <span class="source">来源：人民论坛网</span> 作者：王小青</p>
        <div class="article-content">{BOX}<p>责编：李一</p></div>""",
    ),
    "cssn": (
        "http://www.cssn.cn/zx/201904/t20190402_4859264.shtml",
        f"""<title>江与海的连接-中国社会科学网</title><div class="TitleFont">江与海的连接</div>
        <div class="TitleFont2">2019年4月2日 10:11 来源：中国社会科学网 作者：王小青</div>
        <div id="Zoom"><div class="TRS_Editor">{BOX}</div></div><div>责任编辑：李一</div>""",
    ),
}

SOURCE_LINES = {
    "thepaper": "澎湃新闻",
    "qstheory": "《求是》2019/07",
    "people_theory": "人民网－理论频道",
    "gmw_theory": "光明网-理论频道",
    "rmlt": "人民论坛网",
    "cssn": "中国社会科学网",
}


COLUMNS = {"people_theory": "理论", "gmw_theory": "理论首发"}


@every_row("source", LAYOUTS)
@every_row("captured", ["2019-05-01", "2026-05-01"])
def test_each_theory_channel_is_read_alike_in_2019_and_2026(source, captured):
    url, html = LAYOUTS[source]
    article = aged(html, url, captured)
    assert (article.headline, article.paragraphs) == ("江与海的连接", tuple(PROSE))
    assert article.date_published is not None
    assert article.date_published.isoformat() == "2019-04-02T10:11:00+08:00"
    assert (article.authors, article.editors) == (("王小青",), ("李一",))
    assert article.biography == "（作者系江海大学教授）"
    assert article.source_line == SOURCE_LINES[source]
    if source != "thepaper":  # which names the column in its old layout only
        assert article.article_section == COLUMNS.get(source)


# -- 澎湃新闻 holds an article twice: in the JSON that the page is built from, and as the page shows it

STATE = {
    "contId": "34198044",
    "name": "江与海的连接",
    "summary": "江与海，怎样连接？",
    "content": f"{BOX}<p><img src='https://imagecloud.thepaper.cn/1.jpg'></p>",
    "author": "澎湃新闻记者 王小青",
    "pubTime": "10小时前",
    "publishTime": 1713020460000,
    "tagList": [{"tag": "长三角"}, {"tag": "通勤"}],
    "nodeInfo": {"nodeId": 25483, "name": "思想市场"},
}
SHOWN = f"""<title>江与海的连接_思想市场_澎湃新闻-The Paper</title><meta name="keywords" content="长三角,通勤">
<div id="__next"><h1 class="x1">江与海的连接</h1><div><div>澎湃新闻记者 王小青</div><div>2024-04-13 23:01</div>
<div>来源：澎湃新闻</div></div><div class="x2">{BOX}</div><div>责任编辑：李一</div></div>"""


def next_page(shown: str, **changes: object) -> Article:
    told = {"props": {"pageProps": {"detailData": {"contentDetail": STATE | changes}}}}
    text = json.dumps(told, ensure_ascii=False).replace("</", "<\\/")
    script = f'<script id="__NEXT_DATA__" type="application/json">{text}</script>'
    return read(f"{shown}{script}", "https://www.thepaper.cn/newsDetail_forward_34198044")


WHOLE = Article(
    headline="江与海的连接",
    article_section="思想市场",
    authors=("王小青",),
    editors=("李一",),
    source_line="澎湃新闻",
    keywords=("长三角", "通勤"),
    date_published=datetime.fromisoformat("2024-04-13T23:01:00+08:00"),
    date_published_raw="1713020460000",
    date_precision="second",
    zone_assumed=False,
    in_language="zh-Hans",
    identity="34198044",
    paragraphs=tuple(PROSE),
    biography="（作者系江海大学教授）",
    media=(parsers.Media("https://imagecloud.thepaper.cn/1.jpg"),),
)
BY_THE_PAGE = {"date_published_raw": "2024-04-13 23:01", "date_precision": "minute", "zone_assumed": True}


@every_row(
    ("shown", "changes", "differs"),
    [
        (SHOWN, {}, {}),
        ("<title>澎湃新闻</title><div id=__next></div>", {}, {"source_line": None, "editors": ()}),
        (
            SHOWN,
            {"publishTime": "2024-04-13 23:01:00"},
            {"date_published_raw": "2024-04-13 23:01:00", "zone_assumed": True},
        ),
        (SHOWN, {"publishTime": None}, BY_THE_PAGE),  # 10小时前 is told anew at every visit
        (SHOWN, {"content": "<video src='1.mp4'></video>"}, {"media": ()}),
        (SHOWN, {"content": None}, {"media": ()}),
        (
            SHOWN,
            dict.fromkeys(STATE),
            {"media": (), "identity": None, "article_section": None, **BY_THE_PAGE},
        ),
    ],
)
def test_thepaper_is_read_from_its_json_and_the_page_fills_the_gaps(shown, changes, differs):
    assert next_page(shown, **changes) == replace(WHOLE, **differs)


@every_row(
    "script",
    [
        "",
        "<script id=__NEXT_DATA__ type=application/json>{</script>",
        f"<script id=__NEXT_DATA__ type=application/json>{'[' * 100_000}</script>",
        "<script id=__NEXT_DATA__ type=application/json>[7]</script>",
        '<script id=__NEXT_DATA__ type=application/json>{"props": {"pageProps": "x"}}</script>',
    ],
)
def test_unusable_json_leaves_the_article_to_be_read_from_the_page(script):
    article = read(f"{SHOWN}{script}", "https://www.thepaper.cn/newsDetail_forward_34198044")
    assert article == replace(WHOLE, media=(), identity=None, article_section=None, **BY_THE_PAGE)


# -- four more neighbours: what their public clients read, in pages of our own

NEIGHBOURS = {
    "ndrc": (
        "https://www.ndrc.gov.cn/xwdt/xwfb/202404/t20240413_1406862.html",
        f"""<title>江与海的连接-国家发展和改革委员会</title><meta name="ArticleTitle" content="江与海的连接">
        <meta name="PubDate" content="2024-04-13 23:01"><meta name="ContentSource" content="政策研究室">
        <meta name="ColumnName" content="新闻发布"><div class="article">
        <h2>江与海的连接</h2><div class="TRS_Editor">{paragraphs(PROSE)}</div></div>
        <table class="enclosure"><tr><td>附件：<a class="xxgk_list1" href="P1.pdf">江与海.pdf</a></td></tr></table>""",
        {"article_section": "新闻发布", "source_line": "政策研究室"},
    ),
    "people_opinion": (
        "http://opinion.people.com.cn/n1/2024/0413/c461529-40223222.html",
        f"""<title>江与海的连接--观点--人民网</title><div id="rwb_navpath"><a href="/">人民网</a>&gt;&gt;<a
        href="/GB/8213/49160/49219/index.html">人民时评</a></div><div class="rm_txt"><h1>江与海的连接</h1>
        <div class="author cf">王小青</div><div class="channel cf"><div class="col-1-1">2024年04月13日23:01 |
        来源：<a>人民网－人民日报</a></div></div>
        <div class="rm_txt_con cf"><div id="rm_txt_zw">{paragraphs(PROSE)}</div>
        <div class="edit cf">(责编：李一)</div></div></div>""",
        {
            "article_section": "人民时评", "source_line": "人民网－人民日报", "authors": ("王小青",),
            "editors": ("李一",),
        },
    ),
    "pbc": (
        "https://www.pbc.gov.cn/goutongjiaoliu/113456/113469/2024041317153548424/index.html",
        f"""<title>江与海的连接</title><table><tr><td><h2>江与海的连接</h2></td></tr><tr><td class="hui12"
        id="laiyuan">文章来源：沟通交流</td><td class="hui12" id="shijian">2024-04-13 23:01:00</td></tr></table>
        <div id="zoom">{paragraphs(PROSE)}</div>""",
        {"source_line": "沟通交流"},
    ),
    "aisixiang": (
        "https://www.aisixiang.com/data/150001.html",
        f"""<title>王小青：江与海的连接_爱思想</title><div class="show_text"><h3>王小青：江与海的连接</h3>
        <div class="info">选择字号：<a>大</a> 本文共阅读 123 次 更新时间：2024-04-13 23:01</div>
        <div class="about"><div><p align="right">进入专题： <u>长三角</u> <u>通勤</u></p>
        <p>● <strong>王小青</strong></p></div></div><div class="article-content">{paragraphs(PROSE)}</div></div>""",
        {"authors": ("王小青",), "keywords": ("长三角", "通勤")},
    ),
}  # fmt: skip


@every_row("source", NEIGHBOURS)
def test_pages_of_the_four_neighbours_are_read_with_and_without_their_source(source):
    url, html, told = NEIGHBOURS[source]
    for asked in (None, source):
        article = read(html, url, asked)
        assert (article.headline, article.paragraphs) == ("江与海的连接", tuple(PROSE))
        assert article.date_published == datetime.fromisoformat("2024-04-13T23:01:00+08:00")
        names = ("article_section", "source_line", "authors", "editors", "keywords")
        usual = {"article_section": None, "source_line": None, "authors": (), "editors": (), "keywords": ()}
        assert {name: getattr(article, name) for name in names} == usual | told
    assert [media.url for media in article.media] == (
        ["https://www.ndrc.gov.cn/xwdt/xwfb/202404/P1.pdf"] if source == "ndrc" else []
    )


def test_the_path_of_a_people_page_that_names_its_site_only_is_no_column():
    url, html = LAYOUTS["people_theory"]
    bare = html.replace('&gt;&gt;<a\n        href="/GB/40531/">理论</a>', "")
    assert bare != html
    assert aged(bare, url, "2026-05-01").article_section is None


@pytest.mark.parametrize(
    ("url", "last_day", "old", "new"),
    [
        (LAYOUTS["thepaper"][0], "2021-12-31", "ThepaperOldPage", "ThepaperPage"),
        (LAYOUTS["qstheory"][0], "2024-12-31", "QstheoryOldPage", "QstheoryPage"),
        (LAYOUTS["people_theory"][0], "2020-12-31", "PeopleTheoryOldPage", "PeopleTheoryPage"),
        ("http://www.qstheory.cn/20240415/0123456789/c.html", "2024-12-31", "QstheoryPage", "QstheoryPage"),
    ],
)
def test_old_layouts_are_dated(url, last_day, old, new):
    day = datetime.fromisoformat(f"{last_day}T23:00:00+08:00")
    assert [page_for(url, at).__name__ for at in (day, day + timedelta(days=2))] == [old, new]


# -- the mirror

TITLE = "How do rivers lead the way?, Thinker | Ruan Qing: Rivers and roads | Delta | Construction"


def item(title: str, path: str) -> str:
    picture = f'<a href="{path}"><img src="/i.png" alt="{title}"></a>'
    return f'<div class="item">{picture}<a href="{path}">{title}</a><p>{title} is cut</p></div>'


def test_a_mirror_page_gives_titles_keywords_text_biography_and_related_items():
    html = f"""<title>{TITLE}</title><a href="/">Home</a><h1>{TITLE}</h1>
    <div class="time">Release time:Apr 13, 2024 23:01 PM</div>
    {paragraphs(ENGLISH)}<p><strong>Next</strong></p>
    <p>{TITLE}</p>{paragraphs(ENGLISH[:1])}
    <p>Biography of Thinkers</p><p>Ruan Qing, a planner.</p>
    <p>Please indicate the source of the reprint as "Shangguan News".</p><div class="related">
    {item("Why trains?, Thinker | Xia Bin: Rails", "/viewpoint/why_1.html")}
    {item("Second", "/viewpoint/second_2.html")}</div>"""
    article = read(html, "https://a5qu.com/viewpoint/how_6089.html")
    assert (article.headline, article.alternative_headline) == ("Rivers and roads", "How do rivers lead the way?")
    assert (article.article_section, article.speaker) == ("Thinker", "Ruan Qing")
    assert article.keywords == ("Delta", "Construction")
    assert article.date_published == datetime.fromisoformat("2024-04-13T23:01:00+08:00")
    assert (article.paragraphs, article.headings) == ((*ENGLISH, ENGLISH[0]), ("Next",))
    assert (article.biography, article.source_line) == ("Ruan Qing, a planner.", "Shangguan News")
    assert [(link.headline, link.url) for link in article.related] == [
        ("Why trains?, Thinker | Xia Bin: Rails", "https://a5qu.com/viewpoint/why_1.html"),
        ("Second", "https://a5qu.com/viewpoint/second_2.html"),
    ]


def test_a_list_of_the_mirror_is_no_article():
    with pytest.raises(NotAnArticle, match="no release time under a title; 4 links"):
        read(
            f"<h1>Viewpoint</h1>{item('First', '/a_1.html')}{item('Second', '/a_2.html')}",
            "https://a5qu.com/viewpoint/page_1.html",
        )


@pytest.mark.shared
def test_the_seed_is_read_whole(shared):
    seed = json.loads((shared / "data/seed_cases.json").read_text(encoding="utf-8"))
    url, expected = seed["seed"]["page_url"], SimpleNamespace(**seed["page_expected"])
    payload = (shared / "data/seed.txt").read_bytes()
    lines = payload.decode().splitlines()
    article = parse(Document(payload, "text/plain", url, NOW, "a5qu"))
    assert (article.article_section, article.speaker) == (expected.column, expected.speaker)
    assert (article.headline, article.alternative_headline) == (expected.headline, expected.subtitle)
    assert article.keywords == tuple(expected.tags)
    assert article.date_published is not None
    assert article.date_published.isoformat() == expected.mirror_release_time
    assert article.paragraphs == tuple(lines[number - 1] for number in expected.body_lines)
    assert article.headings == tuple(expected.section_headings)
    assert (article.biography, article.reprint_notice) == (lines[60], lines[62])
    assert [(link.headline, link.teaser) for link in article.related] == [
        (lines[number - 1], lines[number + 2]) for number in (65, 70, 75, 80, 85)
    ]
