"""Links are read from lists: pages, feeds, sitemaps and the publisher's JSON."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.feeds import APRIL, ATOM, NOW, RDF, RSS
from support.tables import every_row

from parsers import Document, ParseError
from parsers.links import Link, article_links, feed_links, json_list_links, sitemap_links

BASE = "https://www.example.cn/list/2?section=1"


def document(text: str | bytes, content_type: str = "text/html", url: str = BASE) -> Document:
    return Document(text.encode() if isinstance(text, str) else text, content_type, url, NOW)


def test_article_links_are_absolute_in_order_and_once():
    page = document(
        '<a href="/a/2.html"><img></a><a href="/a/2.html#top">Second  story</a><a href="./1.html"> First </a>'
        '<a href="//m.example.cn/a/3">Third</a><a href="/about">About</a>'
    )
    assert article_links(page, r"/(?:a/\d|\d)") == [
        Link("https://www.example.cn/a/2.html", "Second story"),
        Link("https://www.example.cn/list/1.html", "First"),
        Link("https://m.example.cn/a/3", "Third"),
    ]


def test_a_base_element_counts_and_a_pinned_mark_does_not():
    page = document('<base href="https://other.example/x/"><a href="1.html"><span>置顶</span> 思想者｜江与海</a>')
    assert article_links(page) == [Link("https://other.example/x/1.html", "思想者｜江与海")]


@every_row(
    "reference",
    [
        "javascript:alert(1)",
        "mailto:a@b.cn",
        "#top",
        "",
        "ftp://example.cn/a",
        "http://u:p@example.cn/",
        "http://[",
        "tel:1",
    ],
)
def test_unsafe_references_are_no_links(reference):
    assert article_links(document(f'<a href="{reference}">x</a>')) == []


def test_a_line_break_inside_an_address_is_removed():
    page = document('<a href="http://opinion.example.cn/n1/c1-2.html\n">Opinion</a>')
    assert article_links(page) == [Link("http://opinion.example.cn/n1/c1-2.html", "Opinion")]


@pytest.mark.parametrize(
    ("xml", "links"),
    [
        (
            RSS,
            [
                Link("https://www.example.cn/a/1", "江与海", APRIL),
                Link("https://www.example.cn/a/2", "By guid"),
            ],
        ),
        (ATOM, [Link("https://www.example.cn/a/1", "One & two", APRIL)]),
        (RDF, [Link("https://www.example.cn/a/1", "T", APRIL)]),
    ],
    ids=["rss", "atom", "rdf"],
)
def test_rss_atom_and_rdf_feeds_give_their_links(xml, links):
    assert feed_links(document(xml, "application/xml")) == links


NETSCAPE = (
    '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"\n'
    ' "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
)
ITEM = "<channel><item><title>T</title><link>/a/1</link></item></channel>"


@every_row(
    "feed",
    [
        f'<?xml version="1.0"?>\n{NETSCAPE}\n<rss version="0.91">{ITEM}</rss>',
        f"<!-- of 1999 -->{NETSCAPE}<rss version='0.91'>{ITEM}</rss>",
        f'<?xml version="1.0"?><?xml-stylesheet href="/rss.css"?>{NETSCAPE}<rss version="0.91">{ITEM}</rss>',
        f'<!DOCTYPE rss><rss version="0.92">{ITEM}</rss>',
        f"<!-- <![CDATA[ --><rss>{ITEM}<i><![CDATA[<!DOCTYPE html><html></html>]]></i></rss>",
        "<!DOCTYPE rdf:RDF PUBLIC 'a name'>"
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'>"
        "<channel/><item><title>T</title><link>/a/1</link></item></rdf:RDF>",
    ],
)
def test_a_document_type_that_declares_nothing_is_harmless(feed):
    assert feed_links(document(feed, "application/xml")) == [Link("https://www.example.cn/a/1", "T")]


@every_row(
    ("feed", "urls"),
    [
        ('<feed xml:base="https://other.example/x/"><entry xml:base="y/"><link href="1"/></entry></feed>',
         ["https://other.example/x/y/1"]),
        ('<feed xml:base="javascript:alert(1)"><entry><link href="1"/></entry></feed>', ["https://www.example.cn/list/1"]),
        ("<feed><entry><id>https://www.example.cn/a/1</id></entry><entry><id>tag:example.cn,2024:2</id></entry></feed>",
         ["https://www.example.cn/a/1"]),
        ("<rss><item><guid>https://www.example.cn/a/1</guid></item>"
         '<item><guid isPermaLink="false">https://www.example.cn/a/2</guid></item></rss>', ["https://www.example.cn/a/1"]),
        ('<entry><link rel="self" href="/entry.xml"/><link href="/a/1"/></entry>', ["https://www.example.cn/a/1"]),
        ('<feed><entry><link href="/a?id=1&sid=2"/></entry></feed>', ["https://www.example.cn/a?id=1&sid=2"]),
        ("<rss><item><link>/a?id=1&sid=2</link><title>A & B &nbsp; &lt;</title></item></rss>",
         ["https://www.example.cn/a?id=1&sid=2"]),
        ('<Channel xmlns="http://purl.org/net/rss1.1#"><items><item><link>/a/1</link></item></items></Channel>',
         ["https://www.example.cn/a/1"]),
    ],
)  # fmt: skip
def test_feed_entries_of_every_form_give_their_addresses(feed, urls):
    assert [link.url for link in feed_links(document(feed, "application/xml"))] == urls


def test_a_json_feed_gives_its_links_with_titles_and_dates():
    """Version 1.1 (jsonfeed.org/version/1.1); an id that is an address stands for a missing one."""
    items = [
        {"id": "1", "url": "/a/1", "title": "江与海", "date_published": "2024-04-13T23:01:00+08:00"},
        {"id": "https://www.example.cn/a/2", "date_modified": "2024-04-13T15:01:00Z", "title": None},
        {"id": 3, "url": "javascript:alert(1)", "title": "x"},
        {"id": "1", "url": "/a/1", "title": "again"},
        "no item",
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Site", "items": items}
    assert feed_links(document(json.dumps(feed), "application/feed+json")) == [
        Link("https://www.example.cn/a/1", "江与海", APRIL),
        Link("https://www.example.cn/a/2", None, APRIL),
    ]


@pytest.mark.parametrize("value", [{"items": []}, [], {"version": 1}, {"version": None, "items": [{"url": "/a/1"}]}])
def test_json_that_is_no_json_feed_is_refused(value):
    with pytest.raises(ParseError, match="expected a feed, got JSON that is no JSON Feed"):
        feed_links(document(json.dumps(value)))


def test_a_feed_in_gbk_is_decoded_by_its_own_declaration():
    xml = RSS.replace('encoding="utf-8"', 'encoding="gbk"').encode("gbk")
    assert feed_links(document(xml, "text/xml"))[0].title == "江与海"


SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://www.example.cn/a/1 </loc><lastmod>2024-04-13T15:01:00Z</lastmod></url>
<url><loc>https://www.example.cn/a/2</loc><n:news><n:publication><n:name>Site</n:name></n:publication>
<n:publication_date>2024-04-13T23:01:00+08:00</n:publication_date><n:title>News</n:title></n:news></url>
<url><loc>javascript:alert(1)</loc></url></urlset>"""


def test_a_sitemap_gives_articles_with_their_dates():
    assert list(sitemap_links(document(SITEMAP, "application/xml"))) == [
        Link("https://www.example.cn/a/1", None, APRIL),
        Link("https://www.example.cn/a/2", "News", APRIL),
    ]


def test_a_sitemap_index_gives_sitemaps():
    index = "<sitemapindex><sitemap><loc>/s1.xml</loc><lastmod>2024-04-13T15:01:00Z</lastmod></sitemap></sitemapindex>"
    assert list(sitemap_links(document(index))) == [Link("https://www.example.cn/s1.xml", None, APRIL, "sitemap")]


@every_row("read", [feed_links, sitemap_links])
@every_row(
    "xml",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><item><link>/1</link></item></rss>',
        '<!doctype urlset SYSTEM "file:///etc/passwd"><urlset><url><loc>/1</loc></url></urlset>',
        '<?xml version="1.0"?><!ENTITY x SYSTEM "http://127.0.0.1/"><feed/>',
        '<!--<![CDATA[--><!DOCTYPE rss [<!ENTITY a "b">]><rss><item><link>/1</link>]]></item></rss>',
        '<![CDATA[<!DOCTYPE rss [<!ENTITY a "b">]>]]><rss/>',
        '<rss><!DOCTYPE rss [<!ENTITY a "b">]></rss>',
    ],
)
def test_document_types_and_entities_are_refused(read, xml):
    with pytest.raises(ParseError, match="declares a document type"):
        list(read(document(xml, "application/xml")))


def test_a_document_type_hidden_in_utf_16_is_refused():
    xml = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE rss [<!ENTITY a "b">]><rss/>'.encode("utf-16")
    with pytest.raises(ParseError):
        feed_links(document(xml, "application/xml; charset=utf-16"))


@pytest.mark.parametrize(
    ("read", "text", "reason"),
    [
        (feed_links, "<p>hello</p>", "expected a feed (rss, RDF or feed), got <p>"),
        (feed_links, SITEMAP, "expected a feed (rss, RDF or feed), got <urlset>"),
        (json_list_links, "<p>", "expected a list in JSON, got something else"),
    ],
)
def test_payloads_of_the_wrong_kind_are_refused_and_the_reason_names_their_kind(read, text, reason):
    with pytest.raises(ParseError) as caught:
        list(read(document(text)))
    assert caught.value.reason == reason


ROWS = {
    "data": {
        "top1": [{"id": 1185217, "title": "思想者｜江与海", "newstype": "0", "publishtime": 1713020460000}],
        "list": [
            {"id": 1185217, "title": "again", "newstype": "0"},
            {"id": 1, "title": "a special", "newstype": "1", "relatecontentid": "54050"},
            {"id": 2, "title": "five", "newstype": 5, "publishtime": None},
            {"id": "../3", "title": "no id"},
            {"id": 4, "title": "no newstype"},
            {"id": 5, "title": "null for a newstype", "newstype": None},
        ],
    }
}


def test_list_rows_become_article_addresses():
    assert json_list_links(document(json.dumps(ROWS), "application/json", "https://www.shobserver.com/x.json")) == [
        Link("https://www.shobserver.com/news/getNewsDetail?id=1185217", "思想者｜江与海", APRIL),
        Link("https://www.shobserver.com/news/getNewsDetail?id=2", "five"),
        Link("https://www.shobserver.com/news/getNewsDetail?id=4", "no newstype"),
        Link("https://www.shobserver.com/news/getNewsDetail?id=5", "null for a newstype"),
    ]


def test_the_caller_gives_the_shape_of_the_address():
    rows = {"success": True, "object": [{"id": 7, "title": "t", "sectionid": 1, "publishtime": 1713020460000}]}
    links = json_list_links(document(json.dumps(rows)), "https://h.example/detail?id={id}")
    assert links == [Link("https://h.example/detail?id=7", "t", APRIL)]


def test_no_list_gives_more_than_fifty_thousand_links():
    rows = [{"id": number, "title": "t"} for number in range(50_010)]
    assert len(json_list_links(document(json.dumps(rows)))) == 50_000


@pytest.mark.shared
def test_real_rows_of_the_home_page_give_the_addresses_of_their_articles(shared):
    path = shared / "data/policy-pages/shobserver_home_json_rows_20260927.json"
    links = json_list_links(document(path.read_bytes(), "application/json", "https://www.shobserver.com/"))
    assert [link.url.rpartition("=")[2] for link in links] == ["1185217", "1185390", "1185499", "1185002"]


@pytest.mark.shared
def test_real_list_block_mixes_absolute_and_relative_addresses(shared):
    path = shared / "data/policy-pages/govcn_policy_list_fragment.html"
    links = article_links(document(path.read_bytes(), url="https://www.gov.cn/zhengce/"), r"/content_\d+\.htm$")
    assert [link.url for link in links] == [
        f"https://www.gov.cn/zhengce/{middle}content_{number}.htm"
        for middle, number in [
            ("content/202609/", 7082492),
            ("content/202609/", 7082378),
            ("202609/", 7082364),
            ("content/202609/", 7081972),
            ("202609/", 7081587),
        ]
    ]


@pytest.mark.parametrize("read", [article_links, feed_links, sitemap_links, json_list_links])
@settings(deadline=None)
@given(
    payload=st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: f"<rss><item>{text}".encode(errors="ignore"))
)
def test_any_bytes_give_links_or_a_parse_error(read, payload):
    try:
        links = list(read(document(payload)))
    except ParseError:
        return
    assert all(link.url.startswith(("http://", "https://")) for link in links)
