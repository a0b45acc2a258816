"""A document is decoded once, parsed once, and refuses what would take too long."""

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from support.tables import every_row

from parsers import Article, Document, ParseError, parse
from parsers.pages import PAGES
from parsers.slow_markup import readable_part

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def page(payload: bytes | str, content_type: str | None = "text/html", **rest: str) -> Document:
    encoded = payload.encode() if isinstance(payload, str) else payload
    return Document(encoded, content_type, rest.pop("url", "https://example.com/1"), NOW, **rest)


def test_text_tree_and_encoding_come_from_one_decoding():
    document = page('<meta charset="gbk"><p>江海观察</p>'.encode("gbk"))
    assert (document.encoding.casefold().replace("18030", "k"), document.tree.css_first("p").text()) == (
        "gbk",
        "江海观察",
    )
    assert document.tree is document.tree


@every_row("before", ["", "\ufeff"])
@every_row("after", ["", "\ufffd", "\x00"])
def test_the_tree_of_a_page_in_utf_8_is_that_of_its_text(before, after):
    markup = f"<title>江海</title><p>江海观察{after}</p>"
    document = page(before + markup)
    assert document.encoding == "UTF-8"
    assert document.tree.html == LexborHTMLParser(markup).html


def test_meta_keeps_the_first_content_of_each_name_and_no_empty_one():
    document = page(
        '<meta name="Author" content="A"><meta name="author" content="B"><meta property="og:title" content=" T ">'
        '<meta itemprop="datePublished" content="2020-01-02"><meta name="keywords" content="">'
    )
    assert document.meta == {"author": "A", "og:title": "T", "datepublished": "2020-01-02"}


@every_row(
    ("script", "things"),
    [
        ('{"@type": "NewsArticle"}', [{"@type": "NewsArticle"}]),
        ('{"@type": "NewsArticle",}', [{"@type": "NewsArticle"}]),
        ('[{"a": 1}, {"b": 2},]', [{"a": 1}, {"b": 2}]),
        ('{"headline": "two\nlines"}', [{"headline": "two\nlines"}]),
        ('{"headline": "bell \x07"}', [{"headline": "bell  "}]),
        ('<!-- {"a": 1} -->', [{"a": 1}]),
        ('// <![CDATA[\n{"a": 1}\n// ]]>', [{"a": 1}]),
        ('{"@graph": [{"a": 1}, [{"b": 2}]]}', [{"@graph": [{"a": 1}, [{"b": 2}]]}, {"a": 1}, {"b": 2}]),
        ("{broken", []),
        ("null", []),
        ("", []),
    ],
)
def test_json_ld_is_read_with_a_little_tolerance(script, things):
    assert page(f'<script type="application/ld+json">{script}</script>').json_ld == things


@every_row(
    ("payload", "value"),
    [('{"a": [1]}', {"a": [1]}), ("\ufeff [1, 2]", [1, 2]), ("<p>no</p>", None), ("{half", None), ("", None)],
)
def test_only_a_json_payload_gives_json(payload, value):
    assert page(payload, "application/json").json == value


def test_visible_text_has_a_line_for_each_run_of_text_and_no_empty_one():
    document = page("<p> 江海 <b>观察</b>\n\n</p><p>&nbsp;</p><pre>eins\n\nzwei</pre>")
    assert document.visible_text == "江海\n观察\neins\nzwei"


def test_visible_text_has_no_script_and_no_style():
    assert page("<p>a<b>b</b></p><script>c</script><style>d</style><div>e").visible_text == "a\nb\ne"


def test_elements_inside_scripts_and_styles_are_removed_with_them():
    inner = "<foreignObject><h1>Unseen</h1><p>Unseen</p><meta name=author content=Unseen></foreignObject>"
    html = "<h1>Ferries</h1><svg><script><style>x</style><script>y</script>{}</script><style>{}</style></svg><p>Seen"
    document = page(html.format(inner, inner))
    assert (document.visible_text, document.meta) == ("Ferries\nSeen", {})
    assert {name: len(nodes) for name, nodes in document.named.items() if nodes} == {"h1": 1, "p": 1}


@every_row(
    ("payload", "reason"),
    [
        ("<div>" * 100_000, "the page nests more than 4,000 blocks"),
        ("<DIV CLASS=x>" * 9_000, "the page nests more than 4,000 blocks"),
        (
            "".join(f"<p><b id={number}>x</p>" for number in range(1_200)),
            "the page leaves so many formatting tags open that its tree would not end",
        ),
        ("<a " + " ".join(f"a{n}=1" for n in range(50_000)) + ">", "a tag of the page has more than 1,000 attributes"),
        (
            '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
            "the JSON is nested too deeply",
        ),
        ("x" * 10_000_001, "the payload has 10,000,001 bytes; more than 10,000,000 are not read"),
    ],
)
def test_slow_markup_is_refused_with_its_reason(payload, reason):
    with pytest.raises(ParseError) as caught:
        parse(page(payload))
    assert caught.value.reason == reason


@every_row(
    ("unit", "most"),
    [("<td>1</td>", 120_000), ("<p>x</p>", 30_000), ("<img>", 30_000), ("</b>", 400_000)],
)
def test_markup_is_cut_at_the_first_tag_that_is_too_many(unit, most):
    assert [page(unit * count).is_cut for count in (most, most + 1)] == [False, True]
    assert readable_part(unit.encode() * 500_000) == unit.encode() * most


# A script or a comment with very many tags in it is one element; behind a tag whose end is unsure all of them count.
@every_row(
    ("before", "after", "whole"),
    [
        ("<title>江海</title><script>var t='", "'</script>", True),
        ("<p class='x' id=y hidden><!-- ", "-->", True),
        ("<!-- ", "", False),
        ('<a title="<!--">', "-->", False),
        ('<a "><script x=">', "</script>", False),
        ("<svg><style>", "</style></svg>", False),
        ("<select><style></select>", "</style>", False),
        ("<script><!--<script></script><style></script>--></script>", "</style>", False),
    ],
)
def test_tags_in_scripts_and_comments_do_not_count(before, after, whole):
    markup = f"{before}{'<p>x</p>' * 45_000}{after}<p>x</p>".encode()
    assert (readable_part(markup) == markup) is whole


@pytest.mark.slow
def test_a_page_with_too_many_tags_is_read_as_far_as_they_are_and_marked():
    head = "<title>江海市统计年鉴附表</title><h1>江海市统计年鉴附表</h1>"
    said = "江与海把几座城市连成一片，也把产业、人才和服务连成一片，各区县的人口和产值列在下表。" * 4
    row = "<tr><td>江城</td><td>120</td><td>95</td></tr>"
    article = parse(page(f"{head}<p>{said}</p><table border=1>{row * 100_000}"))
    assert (article.headline, article.incomplete) == ("江海市统计年鉴附表", True)
    assert (article.paragraphs[0], {*article.paragraphs[1:-1]}) == (said, {"江城\t120\t95"})
    assert len(article.paragraphs) == 29_999  # of 30,000 lines one is the headline


def test_deep_json_is_refused():
    with pytest.raises(ParseError, match="nested too deeply"):
        parse(page("[" * 100_000, "application/json"))


def test_a_fragment_inside_json_is_refused_like_a_page():
    answer = (
        '{"success": true, "object": {"id": 1, "title": "x", "publishtime": 1712970000000, "detail": "'
        + "<div>" * 100_000
        + '"}}'
    )
    with pytest.raises(ParseError, match="nests more than"):
        parse(page(answer, "application/json", source="shangguan"))


def test_deep_but_readable_pages_are_read():
    prose = "<p>" + "A sentence of the article, and another one. " * 5 + "</p>"
    html = "<title>How deep a page may be</title><h1>How deep a page may be</h1>" + "<div>" * 3_000 + prose
    assert parse(page(html)).headline == "How deep a page may be"


SOURCES = [None, *sorted(name for class_ in PAGES for name in class_.sources)]
MARKUP = re.split(
    r"\s+",
    """<p> </p> <div class=related> <h1> </h1> <title> </title> <br> <b> <a href='x'> <table> <tr> <td>
    索引号： 发文机关：
    <script type='application/ld+json'> </script> {"@type":"NewsArticle", "headline": [ ] } 2024-04-13
    23:01 来源： 作者：
    &#0; <img src=http://[> {"success":true,"object":{"id":1,"title":"x","detail":"y"}}
    Release time: Title | 思想者 ：""",
)
NAMES = re.findall(
    r"\w+",
    "success object article id title detail content publishtime ismember newstype pincurls columns deleted jdate",
)
TYPES = [None, "text/html", "text/plain", "x; charset=\x00"]
URLS = ["https://www.gov.cn/zhengce/1.htm", "urn:sha256:00", "http://[::1", "not a url", ""]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(SOURCES), st.sampled_from(TYPES))
def test_any_bytes_give_an_article_or_a_parse_error(payload, source, content_type):
    read(Document(payload, content_type, "https://example.com/a?id=1", NOW, source))


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(MARKUP) | st.text(max_size=12), max_size=40).map(" ".join),
    st.sampled_from(SOURCES),
    st.sampled_from(URLS),
)
def test_any_markup_gives_an_article_or_a_parse_error(text, source, url):
    read(Document(text.encode("utf-8", "surrogatepass"), "text/html", url, NOW, source))


@settings(deadline=None)
@given(JSON, st.sampled_from([None, "shangguan", "jiefang"]))
def test_any_json_gives_an_article_or_a_parse_error(value, source):
    read(Document(json.dumps(value).encode(), "application/json", "https://example.com/?id=7", NOW, source))


def read(document: Document) -> None:
    try:
        article = parse(document)
    except ParseError as refused:
        article = Article(headline=refused.reason)
    assert article.headline
    assert "\n" not in article.headline
    assert all(article.paragraphs)


def test_stray_text_between_many_rows_is_kept_whole():
    rows = "".join(f"&nbsp;<tr class=x>{n}<td class=y>cell {n}</td></tr>\n" for n in range(20_000))
    page = f"<h1>Results</h1><table>{rows}</table>"
    words = Document(page.encode(), "text/html", "https://example.com/1", NOW).visible_text.split()
    assert sorted(word for word in words if word.isdigit()) == sorted([str(n) for n in range(20_000)] * 2)
