"""Electronic newspapers: kicker, second headline, paper and page. Pages of our own in the shapes of the sites."""

import json
from html import escape

import pytest
from support.handmade import PROSE, paragraphs, read
from support.tables import every_row

from parsers.reader.view.epaper import PRINTED_LINE

KICKER, TITLE, SECOND = "长三角一体化发展五年记", "江与海的连接", "——从三座城市看区域协调"
ALL = (KICKER, TITLE, SECOND)
TEXT = paragraphs(PROSE)
ISSUE = (
    "<ul>" + "".join(f"<li><a href=/{n}>第0{n}版：{name}</a></li>" for n, name in ((1, "要闻"), (5, "评论"))) + "</ul>"
)
TYPED = f"""<!--enpproperty <articleid>1</articleid><date>2024-04-13 00:00:00:0</date><author><p>张立文</p></author>
<title><p>{TITLE}</p></title><keyword></keyword><subtitle><p>{SECOND}</p></subtitle><introtitle><p>{KICKER}</p></introtitle>
<siteid>2</siteid><nodeid>5</nodeid><nodename>05版：评论</nodename>/enpproperty-->"""

# name: (url, page, paper, page number and name)
LAYOUTS = {
    "人民日报, since 2020": (
        "http://paper.people.com.cn/rmrb/html/2024-04/13/nw.D110000renmrb_20240413_1-05.htm",
        f"""<title>{TITLE}</title><p class="date left">2024年04月13日 星期六</p><p>第05版：评论</p>{ISSUE}
        <div class="article"><h3>{KICKER}</h3><h1>{TITLE}</h1><h2>{SECOND}</h2><h4></h4><p class="sec">张立文<br>
        《 人民日报
        》（ 2024年04月13日　 第 05 版）</p><div id="ozoom">{TEXT}</div></div>""",
        "人民日报",
        ("05", "评论"),
    ),
    "人民日报, since December 2024: what the editors typed in stands in a comment": (
        "http://paper.people.com.cn/rmrb/pc/content/202412/13/content_30045678.html",
        f"""<title>{TITLE}</title>{ISSUE}<div class="article"><h1>{TITLE}</h1><p class="sec">
        《人民日报》（2024年12月13日 第 05 版）</p>
        <div id="ozoom">{TYPED}<!--enpcontent-->{TEXT}<!--/enpcontent--></div></div>""",
        "人民日报",
        ("05", "评论"),
    ),
    "光明日报, 工人日报, 中国青年报, 文汇报": (
        "https://epaper.gmw.cn/gmrb/html/2018-03/15/nw.D110000gmrb_20180315_1-05.htm",
        f"""<title>{TITLE}-光明日报</title>{ISSUE}<div class="text_c"><h3>{KICKER}</h3><h1>{TITLE}</h1><h2>{SECOND}</h2>
        <h4>本报记者 张立文</h4><div class="lai"><b>《光明日报》（</b> 2018年03月15日 <b>05版）</b></div>
        <div id="articleContent">{TEXT}</div></div>""",
        "光明日报",
        ("05", "评论"),
    ),
    "经济日报, 经济参考报, 南方日报, cnepaper.com: tables": (
        "http://paper.ce.cn/jjrb/html/2017-06/02/content_335.htm",
        f"""<title>{TITLE}-经济日报-中国经济网</title><table><tr><td class="default"><strong>第05版：企业</strong></td>
        </tr></table><table class="wz"><tr><td><table><tbody><tr valign="top"><td class="font02">{KICKER}</td></tr>
        <tr valign="top"><td class="font01">{TITLE}</td></tr><tr valign="top"><td class="font02">{SECOND}</td></tr>
        <tr valign="top"><td class="font02"><founder-author>本报记者 张立文</founder-author></td></tr></tbody></table>
        <div id="ozoom"><founder-content>{TEXT}</founder-content></div></td></tr></table>""",
        None,
        ("05", "企业"),
    ),
    "潍坊日报, 浙江日报 before 2015: named boxes": (
        "http://wfrb.wfnews.com.cn/content/20240413/Articel01002JQ.htm",
        f"""<title>潍坊日报数字报-{TITLE}</title><strong>A01版：头版</strong><div><div id="suptitle">{KICKER}</div>
        <div id="title">{TITLE}</div><div id="subtitle">{SECOND}</div><div id="author">张立文</div></div>
        <div id="ozoom">{TEXT}</div>""",
        None,
        ("A01", "头版"),
    ),
    "新民晚报, 解放日报 before 2014: the page is named in <title>": (
        "http://xmwb.news365.com.cn/html/2012-10/07/content_9_3.htm",
        f"""<title>{TITLE}_2012年10月07日_新民晚报_第A09版:夜光杯</title><p class="yinti">{KICKER}</p><h2>{TITLE}</h2>
        <p class="futi">{SECOND}</p><p>张立文</p><div id="ozoom">{TEXT}</div>""",
        None,
        ("A09", "夜光杯"),
    ),
    "浙江日报 since 2015: the page's number in five figures": (
        "https://zjrb.zjol.com.cn/html/2024-04/13/content_3740001.htm",
        f"""<title>{TITLE}</title><div class="main-ed-map">00005版：理论</div><div class="main-article-alltitle">
        <div class="main-article-pretitle">{KICKER}</div><div class="main-article-title">{TITLE}</div>
        <div class="main-article-subtitle">{SECOND}</div></div><div class="main-article-author">张立文</div>
        <div id="ozoom">{TEXT}</div>""",
        None,
        ("05", "理论"),
    ),
    "文汇报, 南方日报: labels, and no version in the line": (
        "https://dzb.whb.cn/2024-04-13/5/detail-1.html",
        f"""<title>{TITLE}</title><p class="introTitle">{KICKER}</p><h2>{TITLE}</h2><p class="subTitle">{SECOND}</p>
        <div class="info"><span>版次：05</span> <span>版名：笔会</span> <span>作者：张立文</span></div>
        <div class="content">{TEXT}</div>""",
        None,
        ("05", "笔会"),
    ),
    "Founder's own elements": (
        "http://epaper.example.cn/html/2024-04/13/content_1.htm",
        f"""<title>{TITLE}</title><div>第05版：时评</div><founder-introtitle>{KICKER}</founder-introtitle>
        <founder-title>{TITLE}</founder-title><founder-subtitle>{SECOND}</founder-subtitle>
        <founder-author>张立文</founder-author><div id="ozoom"><founder-content>{TEXT}</founder-content></div>""",
        None,
        ("05", "时评"),
    ),
    "人民日报, all titles in the box of the text": (
        "http://paper.people.com.cn/rmrb/html/2024-04/13/nw.D110000renmrb_20240413_2-05.htm",
        f"""<title>{TITLE}</title>{ISSUE}<div id="articleContent"><h3>{KICKER}</h3><h1>{TITLE}</h1><h2>{SECOND}</h2>
        <h4>张立文</h4>{TEXT}</div>""",
        None,
        ("05", "评论"),
    ),
}


@every_row("name", LAYOUTS)
def test_an_electronic_newspaper_gives_all_its_titles_and_its_page(name):
    url, html, paper, (number, page) = LAYOUTS[name]
    article = read(html, url)
    assert (article.kicker, article.headline, article.alternative_headline) == ALL
    assert article.metadata == (("版", number), ("版名", page))
    assert (article.authors, article.paragraphs, article.headings) == (("张立文",), tuple(PROSE), ())
    assert article.standfirst is None
    if paper:
        assert article.source_line == paper


@every_row(
    ("above", "below", "kicker", "second"),
    [
        (f'<h3 class="pre">{KICKER}</h3>', f'<h4 class="sub">{SECOND}</h4>', KICKER, SECOND),  # people.com.cn
        (f"<h4>{KICKER}</h4>", "", KICKER, None),  # qstheory.cn, dangjian.cn
        ("", f"<h2>{SECOND}</h2>", None, SECOND),  # shanxi.gov.cn, news.cn
        ("", f"<p>{SECOND}</p>", None, SECOND),  # the dash says it: 81.cn, ndrc.gov.cn
        ("<h2>评论</h2>", "", None, None),  # the room of the site
        ("", "<h3>相关阅读</h3>", None, None),
        ("", f'<p class="subTitle">{SECOND[2:]}</p>', None, SECOND[2:]),  # southcn.com: called so, and no sentence
        ("<h3>人民网</h3>", "<h4>张立文</h4>", None, None),
        ("<h3>首页 &gt; 理论 &gt; 正文</h3>", "<h4>2024年4月13日 10:00</h4>", None, None),
        ("", "<h4>来源：江海日报</h4>", None, None),
        ("", "<h4>作者：张立文</h4>", None, None),
        (f"<h3>{TITLE}</h3>", f"<h2>{TITLE}</h2>", None, None),
        (f"<p>{KICKER}</p>", "<p>从三座城市看区域协调</p>", None, None),  # nothing says that these are titles
    ],
)
def test_headings_above_and_below_a_headline_are_kicker_and_second_headline(above, below, kicker, second):
    html = f"<title>{TITLE}</title><div>{above}<h1>{TITLE}</h1>{below}<p>2024-04-13 10:00</p></div><div>{TEXT}</div>"
    article = read(html)
    assert (article.kicker, article.alternative_headline, article.metadata) == (kicker, second, ())
    assert article.paragraphs[-3:] == tuple(PROSE)


def test_a_heading_of_the_text_is_no_second_headline():
    article = read(f"<title>{TITLE}</title><article><h1>{TITLE}</h1><h2>看得见的变化</h2>{TEXT}</article>")
    assert (article.alternative_headline, article.headings) == (None, ("看得见的变化",))


def test_headings_of_other_languages_are_no_titles():
    english = "<p>The rivers of the delta join several cities, and with them industry and talent.</p>" * 3
    html = f"<title>Rivers and roads</title><h3>Delta in numbers</h3><h1>Rivers and roads</h1><div>{english}</div>"
    assert read(html).kicker is None


@pytest.mark.parametrize(
    "line",
    [
        "[3] 张立文：《江与海》，《人民日报》（2019年1月2日 第5版）。",
        "据《人民日报》（2024年04月13日 第 05 版）报道，江与海连成一片，三座城市各有答案。",
        "2021版：新的大纲",
    ],
)
def test_citing_a_newspaper_gives_an_article_no_paper_or_page(line):
    article = read(f"<title>{TITLE}</title><h1>{TITLE}</h1><div>{TEXT}<p>{line}</p></div>")
    assert article.metadata == ()


def test_a_reprint_names_the_page_it_was_printed_on():
    """people.com.cn and news.cn close what they take over with such a line."""
    html = f"<title>{TITLE}</title><h1>{TITLE}</h1><div>{TEXT}<p>《 人民日报 》（ 2024年04月13日 05 版）</p></div>"
    assert read(html).metadata == (("版", "05"),)


def test_a_headline_that_is_broken_over_lines_has_its_authors_and_paper():
    html = f"""<title>{TITLE}</title>{ISSUE}<h3>{KICKER}</h3><h1>江与海<br>的连接</h1><h4>张立文</h4>
    <p class="sec">《人民日报》（2024年04月13日 第 05 版）</p><div id="ozoom">{TEXT}</div>"""
    article = read(html, "http://paper.people.com.cn/rmrb/html/2024-04/13/nw.D110000renmrb_20240413_3-05.htm")
    assert (article.headline, article.authors, article.source_line) == (TITLE, ("张立文",), "人民日报")


def test_the_printing_of_a_book_is_no_page_of_a_newspaper():
    line = "出版时间：2020年1月 版次：1 印次：1 定价：58元"
    article = read(f"<title>{TITLE}</title><h1>{TITLE}</h1><div>{TEXT}<p>{line}</p></div>")
    assert article.metadata == ()


@pytest.mark.parametrize("line", ["<h2>一、看得见的变化</h2>", "<h2>看得见的变化</h2>"])
def test_a_heading_beside_the_date_is_no_publisher(line):
    html = f"<title>{TITLE}</title><h1>{TITLE}</h1><p>2024-04-13</p><div>{line}{TEXT}</div>"
    assert read(html).source_line is None


@pytest.mark.parametrize(
    ("url", "fields", "metadata"),
    [
        ("/staticsg/data/journal/2024-04-16/09/article/500001.json", {}, (("版", "09"),)),
        (
            "/journal/getJournalPageArticle.do?id=500001",
            {"pnumber": "09", "pname": "书评"},
            (("版", "09"), ("版名", "书评")),
        ),
        ("/journal/getJournalPageArticle.do?id=500001", {}, ()),
    ],
)
def test_the_json_of_jiefang_names_the_page_where_it_says_so(url, fields, metadata):
    row = {"title": TITLE, "introtitle": KICKER, "subtitle": SECOND, "content": "<br/>".join(PROSE), **fields}
    article = read(json.dumps({"article": row}), f"https://www.jfdaily.com{url}", kind="application/json")
    assert (article.kicker, article.headline, article.alternative_headline) == ALL
    assert article.metadata == metadata


@every_row(
    "text",
    ["《" * 50_000, "《江" + " " * 50_000, "《江海》（2024年1月1日" * 5_000, "<introtitle>" * 9_000, "版" * 50_000],
)
def test_no_line_takes_long(text):
    assert PRINTED_LINE.search(text) is None
    read(f"<title>{TITLE}</title><h1>{TITLE}</h1><!--enpproperty {text}--><p>版{escape(text)}</p><div>{TEXT}</div>")
