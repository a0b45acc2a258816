"""The text of any page is found in one box, several boxes or the box round the headline. The pages are our own."""

import pytest
from support.tables import every_row

from parsers.document import parse_markup
from parsers.reader.body.box.container import container
from parsers.reader.body.markup.blocks import read_blocks

LINES = [
    "The ferry that joins the two islands will run all winter, the harbour office said on Monday.",
    "Until now the boats stopped in October, and whoever lived on the small island stayed there.",
    "The council pays a third of the cost; the rest comes from the tickets and from the post.",
    "Fishermen had asked for the winter boats for years, with letters and once with a blockade.",
    "The first winter crossing is planned for the second week of November, weather permitting.",
    "A second boat may follow in two years, when the new landing stage has been built.",
]
TEASER = "Another story, told in two lines so that it looks like a paragraph, and it is one, of sorts."
HEADLINE = "The ferry runs all winter"
H1 = f"<h1>{HEADLINE}</h1>"


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def found(html: str) -> list[str]:
    """The lines of text in the box of a page, in order."""
    box = container(parse_markup(html.encode()), headline=HEADLINE)
    assert box is not None
    return [block.text for block in read_blocks(box.node, box.strangers) if block.kind == "text"]


@every_row(
    "html",
    [
        f"<div>{H1}<div class=text>{paragraphs(LINES)}</div></div>",
        f"<article>{H1}<div class=chunk>{paragraphs(LINES[:3])}</div><div class=ad>Buy!</div>"
        f"<div class=chunk>{paragraphs(LINES[3:])}</div></article>",
        f"{H1}<main><section class='part part-1'><div>{paragraphs(LINES[:2])}</div></section>"
        f"<section class='part part-2'><div>{paragraphs(LINES[2:4])}</div></section>"
        f"<section class='part part-3'><div>{paragraphs(LINES[4:])}</div></section></main>",
        f"{H1}<div><div itemprop=articleBody>{paragraphs(LINES[:4])}</div>"
        f"<div itemprop=articleBody>{paragraphs(LINES[4:])}</div></div>",
        f"{H1}<div>{'<br>'.join(LINES)}</div>",
        f"<article>{H1}{''.join(f'<div class=line>{line}</div>' for line in LINES)}</article>"
        f"<ul>{f'<li><p>{TEASER}</p></li>' * 9}</ul>",
        f"<body class=with-sidebar><div class=sidebar-wrap><article>{H1}{paragraphs(LINES)}</article></div>"
        f"<div class=gdpr><p>{TEASER}</p><p>{TEASER}</p></div>",
    ],
)
def test_a_text_is_found_whole(html):
    assert found(html) == LINES


def test_the_article_with_the_headline_comes_before_a_longer_one():
    other = f"<article><h2>Something else</h2><div>{paragraphs([TEASER] * 20)}</div></article>"
    assert found(f"<main><article>{H1}<div>{paragraphs(LINES)}</div></article>{other}</main>") == LINES


def test_boxes_beside_the_parts_of_a_text_are_left_out():
    html = f"""<article>{H1}<div class=about>By our reporter</div><div class=text>{paragraphs(LINES[:3])}</div>
    <aside><p>{TEASER}</p></aside><div class=text>{paragraphs(LINES[3:])}</div>
    <div class=author>She writes about the sea.</div></article>"""
    assert found(html) == LINES


def test_an_inline_element_is_no_box():
    assert found(f"{H1}<div><p class=all>{'<br>'.join(LINES)}</p></div>") == LINES


def test_declared_boxes_come_first():
    tree = parse_markup(f"<div class=story>{paragraphs(LINES[:1])}</div><div>{paragraphs(LINES)}</div>".encode())
    box = container(tree, (".gone", ".story"))
    assert box is not None
    assert box.node.text() == LINES[0]


@pytest.mark.parametrize(
    "html", ["", "<p>Short.</p>", "<div><a href=/1>A link that is long enough to be a line</a></div>"]
)
def test_a_page_without_prose_has_no_box_with_text(html):
    box = container(parse_markup(html.encode()))
    assert box is None or not read_blocks(box.node)[0].text.startswith("The")


@pytest.mark.parametrize(
    "html",
    ["<div>" * 3_000 + paragraphs(LINES), "<p>x, y, z, and so on and on</p>" * 30_000, "<div><br>" * 2_000],
    ids=["deep", "many", "breaks"],
)
def test_strange_pages_end(html):
    container(parse_markup(html.encode()), headline=HEADLINE)


def test_a_part_of_a_text_may_be_called_a_widget():
    parts = "".join(f"<div class='widget article-widget'><p>{line}</p></div>" for line in LINES)
    html = f"<div>{H1}<div class=widgets>{parts}</div></div>"
    box = container(parse_markup(html.encode()), headline=HEADLINE)
    assert box is not None
    assert [block.text for block in read_blocks(box.node, box.strangers, box.parts)] == LINES


def test_hidden_copies_are_no_parts():
    hidden = f"<div class=part style='display:none'>{paragraphs(LINES[3:])}</div>"
    html = f"{H1}<div><div class=part>{paragraphs(LINES[:3])}</div>{hidden}</div>"
    box = container(parse_markup(html.encode()), headline=HEADLINE)
    assert box is not None
    assert [block.text for block in read_blocks(box.node, box.strangers, box.parts)] == LINES[:3]


CHINESE = "江海大学昨天举行了一场讨论会，来自各地的学者参加了会议，并就很多问题交换了意见。"
CHINESE_LIST = "另外一篇文章的摘要，说的是别的城市，和上面的讨论会没有什么关系，也不是它的正文。"


@pytest.mark.parametrize("tag", ["div", "span", "section", "article"])
def test_a_publishing_systems_box_goes_before_a_longer_list(tag):
    html = f"""<h3>江海大学举行讨论会</h3><{tag} class=TRS_Editor>{paragraphs([CHINESE] * 3)}</{tag}>
    <div class=list2>{paragraphs([CHINESE_LIST] * 9)}</div>"""
    box = container(parse_markup(html.encode()), headline="江海大学举行讨论会")
    assert box is not None
    assert box.node.attributes == {"class": "TRS_Editor"}
