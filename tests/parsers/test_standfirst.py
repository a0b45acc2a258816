"""The summary between a headline and its text: which lines it is; told apart, and the text opens with it all the same.

A search reads the text, and so do scorers: what a 导语 says is to be found there.

Pages are our own, in the shapes of the sites that each of them names.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.handmade import ENGLISH, PROSE, paragraphs, read
from support.tables import every_row

from parsers import Article
from parsers.text.notices import opens_summary, without_summary_label

TITLE = "The ferry runs all winter"
SUMMARY = "For the first time the small island is not cut off from October to March"
TEXT = [*ENGLISH, "Until now the boats stopped in October, and whoever lived on the island stayed there."]
HEADLINE = "江与海的连接"
DIGEST = "江与海怎样连成一片？三座城市的答案各不相同。"


def western(above: str, inside: str = "", head: str = "") -> Article:
    """A page whose headline stands apart from the box of its text."""
    html = f"""<html lang=en><head><title>{TITLE}</title>{head}</head><body><article><div><h1>{TITLE}</h1>{above}</div>
    <div class=text>{inside}{paragraphs(TEXT)}</div></article></body></html>"""
    return read(html, "https://news.example.com/1")


def chinese(above: str = "", inside: str = "", box: str = "div class=text") -> Article:
    head = f"<title>{HEADLINE}</title><div class=head><h1>{HEADLINE}</h1>{above}</div>"
    return read(f"{head}<{box}>{inside}{paragraphs(PROSE)}</div>")


@every_row(
    ("above", "standfirst"),
    [
        (f"<p class=standfirst>{SUMMARY}</p>", SUMMARY),  # thetimes.co.uk
        (f"<header><h2 class=sub-title>{SUMMARY}</h2><span>By Ana Ruiz</span></header>", SUMMARY),  # express.co.uk
        (f"<h2>{SUMMARY}</h2><p>By Ana Ruiz</p>", SUMMARY),  # cbssports.com, vg.no: a heading under the headline
        (f"<p>By Ana Ruiz</p><h2>{SUMMARY}</h2>", None),  # one that stands further down is of something else
        (f"<div><p>{SUMMARY}.</p></div>", f"{SUMMARY}."),  # elpais.com, nzz.ch: names made by machines
        (f"<p>By Ana Ruiz</p><div class=css-19akfyr><p>{SUMMARY}.</p></div>", f"{SUMMARY}."),  # sueddeutsche.de
        (f"<div class=ContentHeaderDek-bIqFFZ>{SUMMARY}</div>", SUMMARY),  # wired.com, vanityfair.com
        (f"<div data-gu-name=standfirst><p>{SUMMARY}</p></div>", SUMMARY),  # theguardian.com
        (f"<div><span>Share</span><p itemprop=description>{SUMMARY}</p></div>", SUMMARY),  # mirror.co.uk
        (
            f"<ul class=summary-list><li>{SUMMARY}</li><li>The boats are new this winter</li></ul>",
            f"{SUMMARY} The boats are new this winter",
        ),  # businessinsider.com
        ("<p class=lead>4 June 2026, 10:00, Harbour</p>", None),
        (
            "<div class=author-bio><p>Ana Ruiz is our writer for ships and harbours, and has been for years.</p></div>",
            None,
        ),
        ("<p class=lead>Read more: the ships of the north</p>", None),
        (f"<h2>{TITLE}: a report</h2>", None),  # the headline again
        (
            "<figure><img src=/1.jpg><figcaption>The quay in March, seen from the large island.</figcaption></figure>",
            None,
        ),
    ],
)
def test_a_summary_between_headline_and_text_is_the_standfirst(above, standfirst):
    article = western(above)
    opening, text = article.paragraphs[: -len(TEXT)], article.paragraphs[-len(TEXT) :]
    assert (article.standfirst, " ".join(opening), text) == (standfirst, standfirst or "", tuple(TEXT))


@pytest.mark.parametrize(
    ("inside", "standfirst"),
    [
        (f"<p class=article-leadtext>{SUMMARY}.</p>", f"{SUMMARY}."),  # diepresse.com, zdf.de
        (f"<p>By Ana Ruiz</p><h2 class=LeadText_lead-text__wd>{SUMMARY}</h2>", SUMMARY),  # dailystar.co.uk
        (f"<div class=teaser_text>{SUMMARY}.</div>", None),  # a teaser of something else as often
        (f"<div class=id-StoryElement-leadText><p>{SUMMARY}.</p></div>", f"{SUMMARY}."),  # fr.de
    ],
)
def test_an_opening_line_named_as_lead_text_is_the_standfirst(inside, standfirst):
    article = western("", inside)
    assert article.standfirst == standfirst
    assert article.paragraphs[-len(TEXT) :] == tuple(TEXT)


def test_a_paragraph_in_the_header_of_an_article_is_its_standfirst():
    """apnews.com, theconversation.com: <article><header><h1>…</h1><p>…</p></header>text."""
    header = f"<header><h1>{TITLE}</h1><p>{SUMMARY}.</p><p>By Ana Ruiz</p></header>"
    article = read(f"<html lang=en><title>{TITLE}</title><article>{header}{paragraphs(TEXT)}</article></html>")
    assert (article.standfirst, article.paragraphs) == (f"{SUMMARY}.", (f"{SUMMARY}.", *TEXT))
    article = read(f"<html lang=en><title>{TITLE}</title><article><h1>{TITLE}</h1>{paragraphs(TEXT)}</article></html>")
    assert (article.standfirst, article.paragraphs) == (None, tuple(TEXT))


def test_a_sentence_as_heading_under_the_headline_is_the_standfirst_in_one_box_too():
    """haz.de, wirtschaftsweiber.de: <h1>…</h1><h2>…</h2> before the text; a heading of its first part is shorter."""
    for second, standfirst in ((SUMMARY, SUMMARY), ("How it began", None)):
        html = f"<article><h1>{TITLE}</h1><h2>{second}</h2>{paragraphs(TEXT)}</article>"
        article = read(f"<html lang=en><title>{TITLE}</title>{html}</html>")
        assert (article.standfirst, article.headings) == (standfirst, () if standfirst else (second,))


@pytest.mark.parametrize("name", ["author-intro", "author_description", "bio-summary", "photo-description"])
def test_a_box_named_for_a_person_or_a_picture_is_no_standfirst(name):
    about = "张立文，江海大学教授，长期研究长三角一体化发展问题。"
    article = chinese(f"<div class={name}>{about}</div>")
    assert (article.standfirst, article.paragraphs) == (None, tuple(PROSE))


def test_an_aside_that_is_called_a_summary_is_one():
    assert chinese("", f"<aside class=summary>{DIGEST}</aside>").standfirst == DIGEST
    assert chinese("", f"<aside class=related>{DIGEST}</aside>").standfirst is None


def test_a_lead_paragraph_further_down_is_text():
    html = f"<h1>{TITLE}</h1><div>{paragraphs(TEXT)}<p class=lead>{SUMMARY}.</p>{paragraphs(TEXT[:1])}</div>"
    article = read(f"<title>{TITLE}</title>{html}", "https://news.example.com/1")
    assert (article.standfirst, article.paragraphs) == (None, (*TEXT, f"{SUMMARY}.", TEXT[0]))


@pytest.mark.parametrize("head", ["", f'<meta name=description content="{SUMMARY}">'])
def test_the_meta_description_does_not_decide_the_standfirst(head):
    assert western(f"<div><p>{SUMMARY}</p></div>", head=head).standfirst == SUMMARY
    assert western("", f"<p>{SUMMARY}</p>", head).standfirst is None


@every_row(
    "above",
    [
        f"<div class=summary>{DIGEST}</div>",  # chinadaily.com.cn, huanqiu.com
        f'<div class="article-summary"><b>摘要：</b>{DIGEST}</div>',  # jfdaily.com, k.sina.com.cn
        f"<p class=ep-summary>{DIGEST}</p>",  # 163.com before 2016
        f"<div class=zhaiyao><p>【摘要】{DIGEST}</p></div>",  # university and party school sites
        f"<div class=daodu>导读：{DIGEST}</div>",  # rmlt.com.cn, banyuetan.org
        f"<p>2024-04-13 10:00 来源：江海日报</p><p>{DIGEST}</p>",
    ],
)
@every_row("box", ["div class=text", "div class=TRS_Editor", "div id=ozoom"])
def test_a_chinese_summary_above_the_text_is_standfirst_and_first_paragraph(above, box):
    article = chinese(above, "", box)
    assert (article.standfirst, article.paragraphs) == (DIGEST, (DIGEST, *PROSE))


@every_row(
    "inside",
    [
        f"<p>【核心提示】{DIGEST}</p>",  # ifeng.com, dahe.cn
        f"<p><strong>核心提示：</strong>{DIGEST}</p>",  # guancha.cn
        f"<p>[摘要]{DIGEST}</p>",  # news.qq.com, whose box holds it
        f"<p><strong>摘要</strong></p><p>{DIGEST}</p>",  # cssn.cn, journals: the label on a line of its own
        f"<p>内容提要：{DIGEST}</p>",  # qstheory.cn
        f"<p>　　导语：{DIGEST}</p>",
        f"<p class=introduction>{DIGEST}</p>",  # bbc.com/zhongwen
    ],
)
@every_row("box", ["div class=text", "div class=TRS_Editor", "div id=js_content"])
def test_a_chinese_summary_that_opens_the_text_is_standfirst_and_first_paragraph(inside, box):
    article = chinese("", inside, box)
    assert (article.standfirst, article.paragraphs) == (DIGEST, (DIGEST, *PROSE))


@pytest.mark.parametrize(
    "line",
    [
        "导语很短，却说清了江与海怎样连成一片，也说清了为什么。",
        "摘要写作是一门手艺，要把三万字写成三百字。",
        "内容为王的时代，江与海怎样连成一片？",
        "编者按：江与海怎样连成一片？本报今起推出系列报道。",
    ],
)
def test_a_sentence_that_begins_like_a_label_is_text(line):
    article = chinese("", f"<p>{line}</p>")
    assert (article.standfirst, article.paragraphs) == (None, (line, *PROSE))


def test_a_summary_of_nothing_is_the_text():
    html = f"<title>{HEADLINE}</title><h1>{HEADLINE}</h1><div class=summary>{paragraphs(PROSE)}</div>"
    article = read(html)
    assert (article.standfirst, article.paragraphs) == (None, tuple(PROSE))


def test_sentences_behind_a_summary_begin_the_text():
    """express.co.uk, onet.pl: the text is parted over boxes, of which only one holds the most."""
    early = "The first boat left at noon with forty people and a piano on board, as the office had announced."
    article = western(f"<h3>{SUMMARY}</h3><div class=x><p>{early}</p></div>")
    assert (article.standfirst, article.paragraphs) == (SUMMARY, (SUMMARY, early, *TEXT))


def test_only_the_first_of_many_summary_paragraphs_is_the_standfirst():
    lines = [f"{number}. {TEXT[0]} {TEXT[1]}" for number in range(12)]
    html = "".join(f"<p class=subtitle>{line}</p>" for line in lines)
    article = read(f"<title>{TITLE}</title><h1>{TITLE}</h1><div class=text>{html}</div>", "https://news.example.com/1")
    assert (article.standfirst, article.paragraphs) == (lines[0], tuple(lines))


@pytest.mark.parametrize("depth", [10, 3_000])
def test_a_box_of_boxes_between_headline_and_text_takes_no_time(depth):
    above = "<div class=lead>" * depth + SUMMARY + "</div>" * depth
    assert western(above).paragraphs[-len(TEXT) :] == tuple(TEXT)


@given(st.text(max_size=80), st.sampled_from(["", "摘要：", "【核心提示】", "导语:", "内容提要"]))
def test_only_a_label_is_taken_from_a_line(text, label):
    line = label + text
    left = without_summary_label(line)
    assert line.endswith(left)
    assert left == line or opens_summary(line)
