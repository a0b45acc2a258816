"""The hyperlinks inside a body are kept as data: in which paragraph, with which words, where they lead."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.handmade import HEAD, PROSE, paragraphs, read
from support.tables import every_row

from parsers import Article, TextLink, from_json, to_json
from parsers.article import stitched

URL = "https://news.example.cn/a/1.html"


def links(*lines: str, head: str = HEAD, url: str = URL, source: str | None = None) -> tuple[TextLink, ...]:
    return read(f"{head}<div class=text>{paragraphs(list(lines))}</div>", url, source).links


# gov.cn and 求是 link what they quote, 澎湃 and 观察者网 earlier reports, English sites their sources.
def test_a_link_keeps_its_paragraph_its_words_and_its_address():
    quoting = (
        '印发了<a href="/zhengce/1.htm" target="_blank">《关于江海的意见》</a>，<b><a href="b.htm">解读</a></b>也有。'
    )
    assert links(PROSE[0], quoting, *PROSE[1:]) == (
        TextLink(1, "《关于江海的意见》", "https://news.example.cn/zhengce/1.htm"),
        TextLink(1, "解读", "https://news.example.cn/a/b.htm"),
    )


@every_row(
    "leads",
    [
        "javascript:alert(1)", " JavaScript:alert(1)", "java\nscript:alert(1)", "data:text/html,<b>1</b>", "vbscript:x",
        "file:///etc/passwd", "ftp://example.org/1", "mailto:a@example.org", "tel:110", "#fn1", "", "http://",
        "https://user:pass@example.org/1", "http://[::1", "blob:https://example.org/1", "https:\\\\example.org",
    ],
)  # fmt: skip
def test_an_unsafe_link_is_left_out_and_its_words_are_kept(leads):
    line = f'这一句里有<a href="{leads}">一个链接</a>，字都还在。'
    article = read(f"{HEAD}<div class=text>{paragraphs([*PROSE, line])}</div>")
    assert (article.links, article.paragraphs[-1]) == ((), "这一句里有一个链接，字都还在。")


@every_row(
    ("base", "leads", "url"),
    [
        ("", "2.html", "https://news.example.cn/a/2.html"),
        ("", "//other.example.org/2", "https://other.example.org/2"),
        ('<base href="https://other.example.org/x/">', "2.html", "https://other.example.org/x/2.html"),
        ('<base href="/x/">', "2.html", "https://news.example.cn/x/2.html"),
        ('<base target="_blank">', "2.html", "https://news.example.cn/a/2.html"),
        ('<base href="javascript:alert(1)">', "2.html", "https://news.example.cn/a/2.html"),
    ],
)
def test_an_address_is_joined_to_the_base_of_the_page(base, leads, url):
    found = links(*PROSE, f'这一句里有<a href="{leads}">一个链接</a>，就一个。', head=f"<head>{base}</head>{HEAD}")
    assert [link.url for link in found] == [url]


def test_links_without_words_anchors_and_links_outside_the_text_are_left_out():
    lines = [
        '<a name="top"></a>这一句里有<a href="/1"><img src="/1.jpg"></a>图片。',
        '这一句里有<a name="here">一个锚</a>和<a href="/2">一个链接</a>，然后<a>什么也没有</a>。',
        '<a href="/3">另一篇：江边的树与海边的灯</a>',
        '<span class="sr-only"><a href="/4">跳到正文</a></span>',
    ]
    found = links(*PROSE, *lines)
    assert [(link.text, link.url) for link in found] == [("一个链接", "https://news.example.cn/2")]


def test_a_link_over_several_lines_is_one_in_each():
    broken = '<div>先说<a href="/1">江，<br>再说海</a>，就到这里为止了。</div>'
    html = f"{HEAD}<div class=text>{paragraphs(PROSE)}{broken}</div>"
    assert read(html).links == (
        TextLink(3, "江，", "https://news.example.cn/1"),
        TextLink(4, "再说海", "https://news.example.cn/1"),
    )


def test_a_cell_and_a_standfirst_have_links_as_well():
    table = '<table><tr><th>城市</th><th>人口</th></tr><tr><td><a href="/1">江海</a></td><td>100万</td></tr></table>'
    summed = '<div class=summary><p>摘要：江与海连成一片，<a href="/0">江海</a>这些年变化很大。</p></div>'
    article = read(f"{HEAD}{summed}<div class=text>{paragraphs(PROSE)}{table}{paragraphs(PROSE[:1])}</div>")
    told = [(article.paragraphs[link.paragraph], link.text, link.url[-1]) for link in article.links]
    assert told == [("江与海连成一片，江海这些年变化很大。", "江海", "0"), ("江海\t100万", "江海", "1")]


def test_headings_move_the_places_where_they_are_paragraphs():
    html = f"""{HEAD}<div class=text><p>{PROSE[0]}</p><h2>第一部分<a href="/h">讲江</a></h2>
    <p>这一句里有<a href="/1">一个链接</a>，就一个。</p><h2>第二部分</h2>
    <p>这里有<a href="/2">另一个链接</a>，也就一个。</p>
    <h2><a href="/3">第三部分</a></h2></div>"""
    article = read(html)
    told = [(article.paragraphs[link.paragraph], link.text) for link in article.links]
    assert told == [
        ("第一部分讲江", "讲江"),
        ("这一句里有一个链接，就一个。", "一个链接"),
        ("这里有另一个链接，也就一个。", "另一个链接"),
    ]


def test_a_way_back_that_is_cut_off_takes_its_link_along():
    assert links(*PROSE, f'{PROSE[0]}<a href="/">返回搜狐，查看更多</a>') == ()


PIECES = st.lists(st.tuples(st.sampled_from("江海城市桥船"), st.integers(0, 9), st.booleans()), min_size=1, max_size=9)


@given(st.lists(PIECES, min_size=1, max_size=4))
def test_the_words_of_every_link_stand_in_its_paragraph(lines):
    shown = [
        "这一句"
        + "".join(f'<a href="/{n}">{word}</a>' if linked else word for word, n, linked in pieces)
        + "到此为止了。"
        for pieces in lines
    ]
    article = read(f"{HEAD}<div class=text>{paragraphs([*PROSE, *shown])}</div>")
    expected = [
        TextLink(3 + place, word, f"https://news.example.cn/{n}")
        for place, pieces in enumerate(lines)
        for word, n, linked in pieces
        if linked
    ]
    assert list(article.links) == expected
    assert all(link.text in article.paragraphs[link.paragraph] for link in article.links)
    assert from_json(json.loads(json.dumps(to_json(article)))) == article


def test_json_writes_a_link_as_paragraph_text_and_url():
    article = Article("江与海", paragraphs=("甲乙",), links=(TextLink(0, "乙", "https://example.org/"),))
    assert to_json(article)["links"] == [{"paragraph": 0, "text": "乙", "url": "https://example.org/"}]


def test_an_article_stored_before_links_were_kept_has_no_links():
    old = to_json(Article("江与海"))
    del old["links"]
    assert from_json(old).links == ()


def test_links_of_an_article_in_pages_stand_where_their_paragraphs_are():
    first = Article("江与海", paragraphs=("甲", "乙"), links=(TextLink(1, "乙", "https://example.org/1"),))
    second = replace(
        first, paragraphs=("甲", "丙", "丁"), headings=("题",), heading_positions=(2,),
        links=(TextLink(0, "甲", "https://example.org/0"), TextLink(2, "丁", "https://example.org/2")),
    )  # fmt: skip
    whole = stitched([first, second])
    assert whole.paragraphs == ("甲", "乙", "丙", "丁")
    assert [(whole.paragraphs[link.paragraph], link.url[-1]) for link in whole.links] == [("乙", "1"), ("丁", "2")]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["<a href=/1>字</a>", "<a href=/1><b>字</b></a>", "<a href=/1><br>字</a>"])
def test_links_without_end_are_read_in_good_time(form):
    links(*PROSE, form * 40_000)
