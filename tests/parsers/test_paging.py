"""The address of an article's next page is found, and its pages are joined into one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.tables import every_row

from parsers import Article, Document, Media, NotAnArticle, parse
from parsers.article import stitched
from parsers.links.paging import following_page, page_count, page_number

NOW = datetime(2026, 11, 25, tzinfo=UTC)
FIRST = "https://www.example.cn/a/content_123.html"


def page(links: str, url: str = FIRST, head: str = "") -> Document:
    html = f"<html><head><meta charset=utf-8>{head}</head><body><h1>题目</h1><p>正文。</p>{links}</body></html>"
    return Document(html.encode(), "text/html; charset=utf-8", url, NOW)


@every_row(
    ("first", "url", "number"),
    [
        (FIRST, "https://www.example.cn/a/content_123_2.html", 2),
        (FIRST, "http://example.cn/a/content_123-2.html", 2),
        (FIRST, "https://www.example.cn/a/content_123/2.html", 2),
        (FIRST, "https://www.example.cn/a/content_123.html?page=2", 2),
        ("https://example.cn/a/5", "https://example.cn/a/5/2", 2),
        ("https://example.cn/a/5/", "https://example.cn/a/5/page/2/", 2),
        ("https://example.cn/a/5/", "https://example.cn/a/5/index_2.html", None),  # another extension: not told apart
        ("https://example.cn/a/index.html", "https://example.cn/a/index_1.html", 1),
        ("https://example.cn/n/c1001-40.html", "https://example.cn/n/c1001-40-3.html", 3),
        ("https://example.cn/t2024_12.html", "https://example.cn/t2024_12_1.html", 1),
        ("https://example.cn/a/5_1.html", "https://example.cn/a/5_2.html", 2),
        ("https://example.cn/a/1.html", "https://example.cn/a/1_2.html", 2),
        ("https://example.cn/a/1", "https://example.cn/a/1/2", 2),
        ("https://example.cn/a/12_1.html", "https://example.cn/a/12_1_2.html", 2),
        ("https://example.cn/v?id=5", "https://example.cn/v?id=5&page=2", 2),
        ("https://example.cn/v?page=1&id=5", "https://example.cn/v?id=5&page=2", 2),
        # Other articles, other hosts, the first page itself.
        (FIRST, FIRST, None),
        (FIRST, "https://www.example.cn/a/content_124.html", None),
        (FIRST, "https://www.example.cn/a/content_1234.html", None),
        (FIRST, "https://www.example.cn/b/content_123_2.html", None),
        (FIRST, "https://m.example.cn/a/content_123_2.html", None),
        (FIRST, "https://www.example.cn/a/content_123_20240101.html", None),
        ("https://example.cn/a/story_1.html", "https://example.cn/a/story_2.html", None),
        ("https://example.cn/a/5", "https://example.cn/a/6", None),
        ("https://example.cn/v?id=5", "https://example.cn/v?id=6&page=2", None),
        ("https://example.cn/a/1.html", "https://example.cn/a/2.html", None),
        ("https://example.cn/a/1", "https://example.cn/a/2", None),
        ("https://example.cn/20240101/1.html", "https://example.cn/20240101/2.html", None),
        ("https://example.cn/", "https://example.cn/2", None),
    ],
)  # fmt: skip
def test_an_address_gives_its_page_number_within_an_article(first: str, url: str, number: int | None):
    assert page_number(first, url) == number


@every_row(
    ("links", "expected"),
    [
        ('<a href="content_123_2.html">下一页</a>', "https://www.example.cn/a/content_123_2.html"),
        ('<a href="content_123_2.html">下页 &gt;</a>', "https://www.example.cn/a/content_123_2.html"),
        ('<a href="?page=2#top">Next page »</a>', "https://www.example.cn/a/content_123.html?page=2"),
        ('<a rel="nofollow next" href="/a/content_123/2.html"><b>下一页</b></a>',
         "https://www.example.cn/a/content_123/2.html"),
        ('<a href="content_124.html">下一页</a><a href="content_123_2.html">下一页</a>',
         "https://www.example.cn/a/content_123_2.html"),
        ('<a href="content_124.html">下一篇</a>', None),
        ('<a href="content_123_2.html">下一篇</a>', None),
        ('<a rel="next" href="content_124.html">下一页</a>', None),
        ('<a href="content_123.html">下一页</a>', None),
        ('<a href="javascript:next()">下一页</a>', None),
        ('<a href="content_123_2.html">2</a>', None),
        ('<p>翻到下一页看看。</p>', None),
    ],
)  # fmt: skip
def test_a_next_page_link_counts_only_within_the_same_article(links: str, expected: str | None):
    assert following_page(page(links)) == expected


@every_row(
    ("url", "link", "expected"),
    [
        ("https://example.cn/5_2.html", "5_3.html", "https://example.cn/5_3.html"),
        ("https://example.cn/a/7", '/a/8">下一页</a><a href="/a/7/2', "https://example.cn/a/7/2"),
        ("https://example.cn/5_2.html", "5_1.html", None),  # back is not on
        ("https://example.cn/5_2.html", "5.html", None),
        ("https://example.cn/5?page=2", "?page=3", "https://example.cn/5?page=3"),
        ("https://example.cn/5/2", "/5/3", "https://example.cn/5/3"),
    ],
)
def test_a_further_page_leads_on(url: str, link: str, expected: str | None):
    assert following_page(page(f'<a href="{link}">下一页</a>', url)) == expected


def test_a_link_element_counts_where_the_page_can_be_turned():
    head = '<link rel="next" href="content_123_2.html">'
    assert following_page(page('<a href="#">下一页</a>', head=head)) == "https://www.example.cn/a/content_123_2.html"


@every_row(
    ("url", "script", "further", "expected", "count"),
    [
        ("t20190402_4858823.shtml", "var countPage = 3//共多少页", False, "t20190402_4858823_1.shtml", 3),
        ("t20190402_4858823_1.shtml", "var countPage=3;", True, "t20190402_4858823_2.shtml", None),
        ("t20190402_4858823_2.shtml", "var countPage=3;", True, None, None),
        ("t20190402_4858823.shtml", "var countPage = 1", False, None, 1),
        ("t20190402_4858823.shtml", "var countPage = 0", False, None, 1),
        ("t20190402_4858823.shtml", "var countPage = 999", False, None, 1),
        ("t20190402_4858823.shtml", "var discountPage = 3", False, None, 1),
        ("t20190402_4858823.shtml?x=1", "var countPage = 3", False, None, 1),
        ("t20190402_4858823.shtml", "var countPage = 99", False, "t20190402_4858823_1.shtml", 30),
        # a newer form of the same system, of articles and of lists
        ("t20190411_5.html", 'createPageHTML(3, 0, "t20190411_5", "html");', False, "t20190411_5_1.html", 3),
        ("t20190411_5_1.html", 'createPageHTML(3, 1, "t20190411_5", "html");', True, "t20190411_5_2.html", None),
        ("t20190411_5_2.html", 'createPageHTML(3, 2, "t20190411_5", "html");', True, None, None),
        ("t20190411_5.html", 'createPageHTML(1, 0, "t20190411_5", "html");', False, None, 1),
        ("t20190411_5.html", 'createPageHTML(9, 0, "t20190411_6", "html");', False, None, 1),
        ("t20190411_5.html", 'createPageHTML(9, 0, "../../x", "html");', False, None, 1),
        (
            "t20190411_5.html",
            "function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt) {}",
            False,
            None,
            1,
        ),
        ("index.htm", 'createPageHTML(50, 0, "index","htm","500");', False, "index_1.htm", 30),
        ("index_1.htm", "createPageHTML(50,1,'index','htm');", False, "index_2.htm", None),
    ],
)
def test_a_page_count_in_a_script_gives_the_address_of_the_next_page(
    url: str, script: str, further: bool, expected: str | None, count: int | None
):
    """As TRS has them, 中国社会科学网 among others: no link leads on, the script writes it."""
    found = replace(page(f"<script>{script}</script>", f"http://www.cssn.cn/zx/201904/{url}"), further=further)
    assert following_page(found) == (expected and f"http://www.cssn.cn/zx/201904/{expected}")
    assert count is None or page_count(found) == count


def test_the_links_of_the_first_page_give_the_number_of_pages():
    links = "".join(f'<a href="content_123_{n}.html">{n}</a>' for n in (2, 3, 3, 4))
    assert page_count(page(links + '<a href="content_124.html">下一篇</a>')) == 4
    assert page_count(page("")) == 1


@pytest.mark.parametrize("text", ['<a href="5_2">下一页</a>', "content_123_", "<a href=content_123>下一页</a>"])
def test_a_page_full_of_one_thing_is_done_soon(text: str):
    assert following_page(page(text * 20_000)) is None


ONE = Article(
    headline="题目",
    editors=("甲",),
    paragraphs=("一", "二"),
    headings=("上",),
    heading_positions=(1,),
    media=(Media("http://x.cn/1.jpg"),),
)


@every_row(
    ("further", "paragraphs", "headings"),
    [
        ([], ["一", "二"], [("上", 1)]),
        ([Article("题目（2）", paragraphs=("三",))], ["一", "二", "三"], [("上", 1)]),
        ([Article("题目", paragraphs=("三", "四"), headings=("中", "下"), heading_positions=(0, 1))],
         ["一", "二", "三", "四"], [("上", 1), ("中", 2), ("下", 3)]),
        ([Article("题目", paragraphs=("三",), headings=("末",), heading_positions=(1,)),
          Article("题目", paragraphs=("四",))],
         ["一", "二", "三", "四"], [("上", 1), ("末", 3)]),
        # A running head, and a page that says what the first one says.
        ([Article("题目", paragraphs=("一", "三"))], ["一", "二", "三"], [("上", 1)]),
        ([ONE], ["一", "二"], [("上", 1)]),
        ([Article("题目")], ["一", "二"], [("上", 1)]),
        # A line at the foot of every page.
        ([Article("题目", paragraphs=("三", "二"))], ["一", "三", "二"], [("上", 1)]),
    ],
)  # fmt: skip
def test_pages_are_joined_in_order_into_one_article(
    further: list[Article], paragraphs: list[str], headings: list[tuple[str, int]]
):
    article = stitched([ONE, *further])
    assert list(article.paragraphs) == paragraphs
    assert list(zip(article.headings, article.heading_positions, strict=True)) == headings
    assert article.headline == "题目"


def test_the_last_page_says_how_it_ends():
    last = Article(
        "题目",
        editors=("乙",),
        source_line="某报",
        biography="甲，学者。",
        reprint_notice="不得转载。",
        media=(Media("http://x.cn/1.jpg"), Media("http://x.cn/2.jpg")),
        paragraphs=("三",),
    )
    article = stitched([ONE, last])
    assert (article.editors, article.biography, article.reprint_notice) == (("乙",), "甲，学者。", "不得转载。")
    assert article.source_line == "某报"
    assert [item.url[-5:] for item in article.media] == ["1.jpg", "2.jpg"]
    assert stitched([last, ONE]).biography == "甲，学者。"


LAST = "最后一句话不长，却也是这篇文章的一部分，不能少。"


def test_a_further_page_may_be_short():
    html = f"<meta charset=utf-8><title>题目</title><body><h1>一个题目</h1><div><p>{LAST}</p></div></body>"
    first = Document(html.encode(), "text/html", FIRST, NOW)
    assert parse(replace(first, further=True)).paragraphs == (LAST,)
    with pytest.raises(NotAnArticle):
        parse(first)


def test_a_further_page_may_begin_with_a_heading_in_bold():
    """On a first page such a line opens the text, and is read as part of it."""
    lines = f"<p><strong>看得见的变化</strong></p><p>{LAST}</p><p>{'江水东流，日夜不息。' * 9}</p>"
    html = f"<meta charset=utf-8><title>题目</title><body><h1>一个题目</h1><div id=Zoom>{lines}</div></body>"
    first = Document(html.encode(), "text/html", FIRST, NOW, "cssn")
    found = [parse(replace(first, further=further)) for further in (False, True)]
    assert [(len(each.paragraphs), each.headings) for each in found] == [(3, ()), (2, ("看得见的变化",))]


def test_a_first_page_may_be_short_where_it_calls_itself_an_article():
    linked = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "一个题目"}</script>'
    links = f'<div><p>{LAST}</p></div><a href="content_123_2.html">下一页</a>'
    assert LAST in parse(page(links, head=f"<title>一个题目</title>{linked}")).paragraphs
