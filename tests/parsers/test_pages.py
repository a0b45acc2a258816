"""Each capture is read by its page class, and the general class reads pages of any site. The pages are our own."""

import importlib
import json
import pkgutil
from datetime import UTC, date, datetime

import pytest
from support.handmade import ENGLISH, HEAD, NOW, PROSE, page, paragraphs, read
from support.tables import every_row

import parsers.pages
from parsers import Article, Gone, NotAnArticle, ParseError, RelatedLink, Restricted
from parsers.pages import PAGES, page_for, selection
from parsers.reader.byline.authors import AUTHORS
from parsers.reader.default import DefaultPage, matched
from parsers.reader.headline.shown import without_site
from parsers.reader.page import ArticlePage
from parsers.reader.published.dateline import joined_labels
from parsers.reader.view.candidates import first

# -- which class


@every_row(
    ("url", "source", "name"),
    [
        ("http://www.gov.cn/zhengce/content/1.htm", None, "GovcnPage"),
        ("https://theory.people.com.cn/n1/1.html", None, "PeopleTheoryPage"),
        ("https://notpeople.com.cn/1.html", None, "DefaultPage"),
        ("https://www.thepaper.cn/newsDetail_forward_1", None, "ThepaperPage"),
        ("https://www.shobserver.com/news/getNewsDetail?id=1", None, "ShangguanPage"),
        ("https://www.jfdaily.com/news/detail?id=1", None, "ShangguanDetailPage"),
        ("https://export.shobserver.com/baijiahao/html/1.html", None, "ShangguanDetailPage"),
        ("https://www.jfdaily.com/journal/getJournalPageArticle.do?id=1", None, "JiefangPage"),
        ("https://www.jfdaily.com/staticsg/data/journal/2024-05-01/10/article/1.json", None, "JiefangPage"),
        ("http://127.0.0.1:8765/article/1.html", "newsroom", "NewsroomPage"),
        ("http://127.0.0.1:8765/news/detail?id=1", "shangguan", "ShangguanDetailPage"),
        ("https://www.gov.cn/1.htm", "a5qu", "A5quPage"),
        ("https://www.gov.cn/1.htm", "imported", "GovcnPage"),
        ("urn:sha256:00", None, "DefaultPage"),
        ("http://[::1", None, "DefaultPage"),
    ],
)
def test_the_source_decides_then_the_host_then_the_path(url, source, name):
    assert page_for(url, NOW, source).__name__ == name


def test_an_old_layout_reads_captures_until_its_last_day(monkeypatch):
    old = type("OldPage", (DefaultPage,), {"hosts": frozenset({"example.com"}), "valid_until": date(2025, 3, 1)})
    new = type("NewPage", (DefaultPage,), {"hosts": frozenset({"example.com"})})
    monkeypatch.setattr(selection, "PAGES", (old, new))
    days = [datetime(2025, 3, day, 23, tzinfo=UTC) for day in (1, 2)]
    assert [page_for("https://example.com/1", day) for day in days] == [old, new]


def test_every_page_class_of_the_folder_is_in_the_tuple():
    modules = [
        importlib.import_module(f"parsers.pages.{found.name}") for found in pkgutil.iter_modules(parsers.pages.__path__)
    ]
    declared = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, ArticlePage) and (value.sources or value.hosts)
    }
    assert declared == set(PAGES)


# -- any site


PLAIN = f"""<html lang="zh-CN"><head><title>江与海的连接_财经频道_示例新闻网</title>
<meta name="keywords" content="长三角,通勤"></head><body>
<nav><a href="/">首页</a> <a href="/fin">财经</a></nav><div class="main"><h1>江与海的连接</h1>
<div class="info"><span>2024-04-13 23:01</span> <span>来源：</span><span>示例日报</span> 作者：夏斌</div>
<div class="text">{paragraphs(PROSE[:2])}<p><strong>看得见的变化</strong></p><p>{PROSE[2]}</p>
<p><img src="/pic/1.jpg" alt="江"></p><p>（责任编辑：王小青）</p>
<div class="share"><a href="#">分享到微博</a></div></div></div>
<div class="comments"><p>评论一：写得很好，我也想说几句话，说得很长很长很长很长。</p></div>
<footer>版权所有 2026-01-01</footer></body></html>"""


def test_a_plain_chinese_page_gives_exactly_the_expected_article():
    assert read(PLAIN) == Article(
        headline="江与海的连接",
        authors=("夏斌",),
        editors=("王小青",),
        source_line="示例日报",
        keywords=("长三角", "通勤"),
        date_published=datetime.fromisoformat("2024-04-13T23:01:00+08:00"),
        date_published_raw="2024-04-13 23:01",
        date_precision="minute",
        zone_assumed=True,
        in_language="zh-Hans",
        paragraphs=(*PROSE[:2], "看得见的变化", *PROSE[2:]),
        headings=("看得见的变化",),
        heading_positions=(2,),
        media=(parsers.Media("https://news.example.cn/pic/1.jpg", "image", "江"),),
    )


def test_json_ld_metadata_comes_before_shown_text():
    linked = {
        "@type": ["NewsArticle"],
        "headline": "Rivers and roads",
        "datePublished": "2024-04-13T15:01:00Z",
        "dateModified": "2024-04-14T00:00:00Z",
        "author": [{"name": "Ruan Qing"}, {"name": "Xia Bin"}],
        "keywords": ["Delta", "Trains"],
        "articleSection": "Economy",
    }
    article = read(
        f"""<html lang="en-GB"><title>Rivers and roads | Example Times</title><link rel="canonical" href="/a/1">
        <script type="application/ld+json">{json.dumps(linked)}</script><article><h1>Rivers and roads</h1>
        <p class="date">1 January 2020</p>{paragraphs(ENGLISH)}</article>""",
        "https://www.example.com/a/1?utm_source=x",
    )
    assert (article.date_published, article.zone_assumed) == (datetime(2024, 4, 13, 15, 1, tzinfo=UTC), False)
    assert article.date_modified == datetime(2024, 4, 14, tzinfo=UTC)
    assert (article.authors, article.keywords) == (("Ruan Qing", "Xia Bin"), ("Delta", "Trains"))
    assert (article.article_section, article.in_language) == ("Economy", "en-GB")
    assert (article.canonical_url, article.paragraphs) == ("https://www.example.com/a/1", tuple(ENGLISH))


@every_row(
    ("head", "shown", "headline"),
    [
        ("<title>发改委出债券指引_示例财经</title>", "<h1>发改委出债券指引</h1>", "发改委出债券指引"),
        ("<title>易先生：信心从哪里来_示例新闻网</title>", "<h1>易先生：信心从哪里来</h1>", "易先生：信心从哪里来"),
        ("<title>山西品牌正式启动 - 山西省人民政府门户网站</title>", "<h1>山西省人民政府网站</h1>", "山西品牌正式启动"),
        ("<title>谁在守护江海？|公园_示例新闻</title>", "<h1>新闻中心</h1><h1>谁在守护江海？</h1>", "谁在守护江海？"),
        (
            "<title>观察：江海之间，人往何处去</title>",
            "<h3>观察：江海之间，人往何处去</h3>",
            "观察：江海之间，人往何处去",
        ),
        ('<title>X</title><meta property="og:title" content="江海之间的城市">', "", "江海之间的城市"),
        ("", "<h1>只有一个标题的页面</h1>", "只有一个标题的页面"),
        (
            "<title>调整2007　年河道的决议</title>",
            "<h1>调整2007　年河道的决议</h1>",
            "调整2007年河道的决议",
        ),
        ("<title>2019 年最佳江海　观察</title>", "<h1>2019 年最佳江海　观察</h1>", "2019 年最佳江海 观察"),
    ],
)
def test_the_headline_is_the_text_on_which_page_and_title_agree(head, shown, headline):
    assert read(f"<head>{head}</head><body>{shown}<div>{paragraphs(PROSE)}</div>").headline == headline


@every_row(
    ("title", "headline"),
    [
        ("益阳：“数字”是优长-半月谈", "益阳：“数字”是优长"),
        ("定了！江海邮轮_政务_澎湃新闻", "定了！江海邮轮"),
        ("Rain – The Example Times", "Rain"),
        ("A well-being index", "A well-being index"),
        ("Delta 2024: plans - and doubts", "Delta 2024: plans - and doubts"),
        ("江与海--文化--人民网", "江与海"),
        ("江海评论：走自己的路-人民日报-人民网", "江海评论：走自己的路"),
        ("江海评论：走自己的路_部门政务_中国政府网", "江海评论：走自己的路"),
        ("示例新闻网", "示例新闻网"),
    ],
)
def test_the_name_of_the_site_is_left_off(title, headline):
    assert without_site(title) == headline


@every_row(
    ("line", "published", "precision"),
    [
        ("2024-04-13 23:01:05", "2024-04-13T23:01:05+08:00", "second"),
        ("2024年04月13日23:01 | 来源：示例网", "2024-04-13T23:01:00+08:00", "minute"),
        ("发布日期：2024-04-13", "2024-04-13T00:00:00+08:00", "day"),
        ("示例网河北频道 ( 2024-04-13 09:20:26 )", "2024-04-13T09:20:26+08:00", "second"),
        ("最后更新: 2024-05-01 10:00</p><p>2024-04-13 23:01", "2024-04-13T23:01:00+08:00", "minute"),
    ],
)
def test_the_date_stands_near_the_headline(line, published, precision):
    html = f"<p>2026年1月1日 星期四</p>{HEAD}<p>{line}</p><div>{paragraphs(PROSE)}</div>"
    article = read(html)
    assert article.date_published is not None
    assert (article.date_published.isoformat(), article.date_precision) == (published, precision)


def test_a_finer_date_of_the_same_day_is_better_than_the_day_in_meta():
    html = '<meta name="publishdate" content="2024-04-13"><title>江与海的连接</title><h1>江与海的连接</h1>'
    article = read(f"{html}<p>2024年4月13日 08:18</p><div>{paragraphs(PROSE)}</div>")
    assert article.date_published_raw == "2024年4月13日 08:18"


def test_the_address_gives_the_day_if_the_page_has_no_date():
    html = f"{HEAD}<div>{paragraphs(PROSE)}</div>"
    article = read(html, "https://www.cssn.cn/201904/t20190402_4859264.shtml")
    assert (article.date_published_raw, article.date_precision) == ("2019-04-02", "day")
    assert read(html).date_published is None


def test_text_parted_by_line_breaks_is_paragraphs():
    html = f"{HEAD}<table><tr><td>{'<br><br>　　'.join(PROSE)}</td></tr></table>"
    assert read(html).paragraphs == tuple(PROSE)


def test_the_body_ends_where_related_items_and_comments_begin():
    html = f"""{HEAD}<div>{paragraphs(PROSE)}
    <p>相关阅读</p><p><a href="/2">另一篇文章的标题在这里</a></p>
    <p>另一篇文章的摘要，不属于正文，也不该算作正文。</p></div>"""
    assert read(html).paragraphs == tuple(PROSE)


def test_related_items_stand_beside_the_article():
    html = f"""{HEAD}<div>{paragraphs(PROSE)}</div><div class="related"><ul>
    <li><a href="/2">另一篇文章的标题在这里</a><p>它的摘要</p></li><li><a href="/3">第三篇文章的标题在这里</a></li>
    <li><a href="https://ads.example.org/">广告的标题写得也很长很长</a></li></ul></div>"""
    assert read(html).related == (
        RelatedLink("另一篇文章的标题在这里", "https://news.example.cn/2", "它的摘要"),
        RelatedLink("第三篇文章的标题在这里", "https://news.example.cn/3"),
    )


def test_biography_and_notice_are_kept_apart():
    html = f"""{HEAD}<div>{paragraphs(PROSE)}<p><b>作者简介</b></p>
    <p>张立文，江海大学教授。</p><p>转载请注明来源为“示例日报”。</p></div>"""
    article = read(html)
    assert (article.biography, article.paragraphs) == ("张立文，江海大学教授。", tuple(PROSE))
    assert article.reprint_notice == "转载请注明来源为“示例日报”。"


def test_keywords_of_the_site_are_no_keywords_of_the_article():
    html = PLAIN.replace("长三角,通勤", "山西;山西省;山西省政府;政府网;长三角")
    assert read(html).keywords == ()


@pytest.mark.parametrize(
    ("host", "text", "zone"),
    [
        ("news.example.com", PROSE, "+08:00"),
        ("www.example.tw", PROSE, "+08:00"),
        ("www.example.com", ENGLISH, "+00:00"),
        ("www.example.cn", ENGLISH, "+08:00"),
    ],
)
def test_the_zone_of_a_bare_time_follows_host_and_language(host, text, zone):
    html = f"<title>A headline</title><h1>A headline</h1><p>2024-04-13 23:01</p><div>{paragraphs(text * 2)}</div>"
    published = read(html, f"https://{host}/1").date_published
    assert published is not None
    assert published.isoformat() == f"2024-04-13T23:01:00{zone}"


def test_a_label_and_the_value_in_the_next_element_are_one_line():
    assert joined_labels(["来源：", "新华社", "作者：", "责任编辑：王小青"]) == [
        "来源：新华社",
        "作者：",
        "责任编辑：王小青",
    ]


ITEMS = "".join(
    f'<li><a href="/a/{n}">第{n}篇文章的标题，写得不长也不短</a><span>2024-04-{n}</span></li>' for n in range(10, 30)
)


@every_row(
    ("html", "error", "reason"),
    [
        (f"<title>新闻列表</title><h1>新闻列表</h1><ul>{ITEMS}</ul>", NotAnArticle, "a list"),
        (f"<ul>{ITEMS}</ul>", NotAnArticle, "no headline; 20 links"),
        ("", NotAnArticle, "no headline; 0 links"),
        ('{"data": [{"id": 1, "title": "a"}, {"id": 2, "title": "b"}]}', NotAnArticle, "JSON with 2 rows"),
        ('<?xml version="1.0"?><rss><channel/></rss>', NotAnArticle, "a feed or sitemap"),
        ("<title>页面不存在</title><h1>404</h1><p>您访问的页面不存在。</p>", Gone, "the page says that it is gone"),
        (
            "<title>江海</title><article><h1></h1></article><p>此内容不存在或已下线</p>",
            Gone,
            "the page says that it is gone",
        ),
        (
            "<title>登录</title><h1>请登录</h1><p>仅限会员阅读</p><input type=password>",
            Restricted,
            "the page asks for a login",
        ),
    ],
)
def test_a_page_that_is_no_article_is_refused_with_a_reason(html, error, reason):
    with pytest.raises(ParseError) as caught:
        read(html)
    assert type(caught.value) is error
    assert caught.value.reason.startswith(reason)


def test_a_publisher_declares_the_form_of_its_bylines():
    class OwnForm(DefaultPage):
        authors = first(matched(r"执笔人◎([\u4e00-\u9fff]{2,4})"), AUTHORS)

    html = f"{HEAD}<p>2024-04-13 10:00</p><p>{{}}</p><div class=content>{paragraphs(PROSE * 3)}</div>"
    own, other = (OwnForm(page(html.format(line))).article().authors for line in ("执笔人◎阮青", "作者：王小青"))
    assert (own, other) == (("阮青",), ("王小青",))
