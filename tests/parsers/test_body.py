"""The lines of an article's box are sorted: text, headings, notes, captions, asides. Lines and pages are our own."""

import json
import re
from datetime import UTC, datetime

import pytest
from support.tables import every_row

from parsers import Article, Document, parse
from parsers.document import parse_markup
from parsers.reader.body.lines.article_body import agreed
from parsers.reader.body.lines.list_pages import is_list
from parsers.reader.body.lines.notes import is_note
from parsers.reader.body.lines.sorting import read_body
from parsers.reader.body.markup.blocks import Block, read_blocks
from parsers.reader.body.markup.tag_meanings import TAGS

LINES = [
    "The ferry that joins the two islands will run all winter, the harbour office said on Monday.",
    "Until now the boats stopped in October, and whoever lived on the small island stayed there.",
    "The council pays a third of the cost; the rest comes from the tickets and from the post.",
]
SUMMARY = "For the first time the small island is not cut off from October to March"
TITLE = "The ferry runs all winter"


def page(inside: str, head: str = "") -> Article:
    html = f"<html lang=en><head><title>{TITLE}</title>{head}</head><body>{inside}</body></html>"
    return parse(Document(html.encode(), "text/html", "https://news.example.com/1", datetime(2026, 1, 2, tzinfo=UTC)))


def text(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


@every_row(
    "line",
    [
        "Advertisement",
        "Anzeige",
        "Publicité",
        "Read more: Ships of the north",
        "Lesen Sie auch: Schiffe des Nordens",
        "À lire aussi : les bateaux du nord",
        "Czytaj więcej",
        "Image 2 of 5",
        "3 Min. Lesezeit",
        "Published Jun 04, 2026 • 2 minute read",
        "Stand: 08.07.2026 05:00 Uhr",
        "By Ana Ruiz and Jo Park",
        "Foto: Ana Ruiz",
        "Quelle: Hafenamt",
        "If you like our stories, subscribe here to have them by email.",
        "Sign up for our newsletter and get the best stories in your inbox.",
        "If you buy through our links, we may earn a commission.",
        "Follow our desk on Facebook and Instagram.",
        "この記事は会員限定です。",
    ],
)
def test_a_line_that_speaks_of_the_page_is_a_note(line):
    assert is_note(line)


@every_row(
    "line",
    [
        *LINES,
        "By noon the harbour was empty.",
        "More in common than they think: that is how the two islands see it, and nobody on the quay disagrees with it.",
        "Photographs of the first boat show that it was smaller than a bus.",
        "The newsletter of the harbour office appears twice a year.",
        "Von der Insel kam kein Widerspruch.",
        "长三角的江与海，把几座城市连成一片。",
    ],
)
def test_a_sentence_is_no_note(line):
    assert not is_note(line)


def test_captions_are_those_of_pictures():
    html = f"""{text(LINES[0])}<figure><img src=/1.jpg><div>A boat in ice</div></figure>
    <div class="image-caption">The quay in March</div><p class="wp-caption-text">A ticket</p>{text(LINES[1])}
    <figure><blockquote>We waited for this.</blockquote></figure>"""
    blocks = read_blocks(parse_markup(f"<div>{html}</div>".encode()).body)
    assert [block.text for block in blocks if block.kind == "text"] == [*LINES[:2], "We waited for this."]
    assert [block.text for block in blocks if block.kind == "caption"] == [
        "A boat in ice",
        "The quay in March",
        "A ticket",
    ]


@every_row(
    ("names", "kept"),
    [
        ("paywall", True),
        ("field--label-hidden", True),
        ("hidden md:block", True),
        ("hidden", False),
        ("is-hidden", False),
        ("newsletter-box", False),
        ("RELATED", False),
        ("sidebar-grid__text", True),
    ],
)
def test_a_box_is_left_out_if_its_class_names_an_aside(names, kept):
    blocks = read_blocks(parse_markup(f"<div>{text(*LINES)}<div class='{names}'>{SUMMARY}.</div></div>".encode()).body)
    assert (SUMMARY + "." in [block.text for block in blocks]) is kept


def test_a_box_of_pointers_does_not_end_a_text_that_goes_on():
    html = f"""<article><h1>{TITLE}</h1>{text(*LINES)}<h3>Recommended</h3>
    <p><a href=/2>Another story of the harbour</a></p>{text(*LINES)}</article>"""
    assert page(html).paragraphs == tuple(LINES * 2)


@every_row(
    ("tag", "line", "heading"),
    [
        ("h2", "The boats", True),
        ("h2", "Who pays for the boats?", False),
        ("h3", SUMMARY + ".", False),
        ("h3", "钱从哪里来？", True),
        ("p", "<b>The boats</b>", True),
        ("p", "<b>The boats are old.</b>", False),
    ],
)
def test_a_heading_is_no_sentence_and_stands_among_the_paragraphs(tag, line, heading):
    article = page(f"<article><h1>{TITLE}</h1>{text(LINES[0])}<{tag}>{line}</{tag}>{text(*LINES[1:])}</article>")
    told = re.sub("<.*?>", "", line)
    assert article.headings == ((told,) if heading else ())
    assert article.heading_positions == ((1,) if heading else ())
    assert article.paragraphs == (LINES[0], told, *LINES[1:])


def linked(body: str) -> str:
    article = {"@type": "NewsArticle", "headline": TITLE, "articleBody": body}
    return f'<script type="application/ld+json">{json.dumps(article)}</script>'


LONG = [line * 2 for line in LINES]


def test_lines_that_the_articlebody_leaves_out_are_no_text():
    advice = "Dogs are welcome in our shop on the quay, too."
    html = f"<article><h1>{TITLE}</h1>{text(LONG[0], advice, *LONG[1:])}</article>"
    assert page(html, linked("\n".join(LONG))).paragraphs == tuple(LONG)


def test_a_mere_beginning_takes_nothing_away():
    blocks = [Block("text", line) for line in LONG]
    assert agreed(blocks, LONG[0], []) == agreed(blocks, None, []) == blocks
    assert agreed(blocks, "Something else was said. " * 40, []) == blocks


def test_a_page_that_fills_its_box_by_a_script_is_read_from_its_articlebody():
    html = f"<h1>{TITLE}</h1><div id=app><p>Please wait, the page is loading.</p></div>"
    assert page(html, linked("\n".join(LONG))).paragraphs == tuple(LONG)


def link(words: str) -> Block:
    return Block("text", words, linked=len(words))


@every_row(
    ("blocks", "expected"),
    [
        ([link("A headline that leads elsewhere")] * 6, True),
        ([link("A headline that leads elsewhere"), Block("text", "Its teaser, short.")] * 6, True),
        ([*[link("A headline that leads elsewhere")] * 20, *(Block("text", line) for line in LONG)], False),
        ([Block("heading", "A headline", linked=10), Block("text", LINES[0])] * 7, True),
        ([Block("heading", "A heading"), Block("text", LINES[0])] * 7, False),
    ],
)
def test_a_list_is_links_without_a_run_of_text(blocks, expected):
    assert is_list(blocks) is expected


@every_row("sign", [" ", "A ", "By ", "a,", "&amp;", "<b>", "(", "—"])
def test_lines_of_any_length_are_read_in_good_time(sign):
    line = sign * (1_000_000 // len(sign))
    read_body([Block("text", line), *[Block("text", line[:200])] * 2_000], TITLE, "https://news.example.com/1")
    agreed([Block("text", line)], line, [line])


def test_a_title_repeated_behind_the_text_takes_nothing_away():
    html = f"<h1>{TITLE}</h1><div>{text(LINES[0] * 2, f'<a href=/1.pdf>{TITLE}</a>', *LINES[1:])}</div>"
    assert page(html).paragraphs == (LINES[0] * 2, *LINES[1:])


@pytest.mark.parametrize(
    "line", ["नौका पूरी सर्दी चलेगी और द्वीप कभी अलग नहीं होगा।", "ستعمل العبارة طوال الشتاء، ولن تنقطع الجزيرة عن الساحل."]
)
def test_sentences_of_other_scripts_are_prose(line):
    assert read_body([Block("text", line)], None, "https://news.example.com/1").prose == len(line)


@every_row(
    ("headline", "line"),
    [
        ("The Council's evening edition", "THE COUNCIL’S EVENING EDITION"),
        ("The Council's evening edition", "Ｔｈｅ Council's evening edition"),
        ("Élan vital, a lecture", "E\N{COMBINING ACUTE ACCENT}lan vital, a lecture"),
        ("TM filings rise again", "™ filings rise again"),
        ("城市更新的新路径", "【城市更新的新路径】"),
    ],
)
def test_the_headline_in_another_form_is_no_paragraph(headline, line):
    blocks = [*(Block("text", text) for text in LONG), Block("text", line)]
    assert line not in read_body(blocks, headline, "https://example.org/").paragraphs


def test_the_parser_gives_each_tag_one_number_in_every_document():
    tree = parse_markup(b"<p>Another document")
    names = {number: tag.name for number, tag in TAGS.items() if not tag.name.startswith("-")}
    assert names == {tree.create_node(name).tag_id: name for name in names.values()}
