"""Every visible character of a kept paragraph stays, whatever the elements are called that stand in its sentences."""

import contextlib
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborNode
from support.handmade import HEAD, PROSE, paragraphs, read
from support.tables import every_row

from parsers import Document, ParseError, page_of
from parsers.reader.body.lines.sorting import CUT
from parsers.reader.page import ArticlePage

AT = datetime(2026, 11, 25, tzinfo=UTC)
# Elements inside sentences, as sites write them: 新浪, 腾讯, 网易 (hot words), 凤凰, 澎湃, 观察者网 (keywords),
# Variety, WordPress (tags), taz, heise (related, share), Wikipedia's kin (footnote marks), Reuters (terms explained).
INLINE = [
    '<a class="tag-link" href="/t/1">{}</a>',
    '<a class="keyword" href="/k">{}</a>',
    '<a class="hot-word" href="/k" target="_blank">{}</a>',
    '<a class="a-tips-Article-QQ" href="/k">{}</a>',
    '<span class="keywords">{}</span>',
    '<span class="infoMono">{}</span>',
    '<a class="related" href="/a/2.html">{}</a>',
    '<a class="related-link" href="/a/2.html"><b>{}</b></a>',
    '<a class="share" href="/share">{}</a>',
    '<span class="social-share">{}</span>',
    '<sup class="footnote"><a href="#fn1" id="fnref1">{}</a></sup>',
    '<sup class="comment-ref">{}</sup>',
    '<a class="ad-link" href="/x">{}</a>',
    '<em class="tags">{}</em>',
    '<a rel="tag" class="tags" href="/tag/1">{}</a>',
    '<span id="sidebar-note">{}</span>',
    '<a class="recommend" href="/a/3.html">{}</a>',
    '<a class="popular widget" href="/a/3.html">{}</a>',
]


@every_row("element", INLINE)
@every_row("place", ["inside", "first", "last"])
def test_an_element_inside_a_sentence_stays(element, place):
    said = {"inside": "这些年，{}的列车开得更密。", "first": "{}的列车这些年开得更密。", "last": "开得更密的，是{}"}[
        place
    ]
    article = read(f"{HEAD}<div>{paragraphs([PROSE[0], said.format(element.format('江海')), *PROSE[1:]])}</div>")
    assert article.paragraphs == (PROSE[0], said.format("江海"), *PROSE[1:])


@pytest.mark.parametrize(
    "element",
    [
        '我们把它叫做<button class="glossary">同城化</button>，意思很清楚。',
        '我们把它叫做<label class="term" for="t1">同城化</label>，意思很清楚。',
        '我们把它叫做<span class="source-text">同城化</span>，意思很清楚。',
        '我们把它叫做<span class="copyright">同城化</span>，意思很清楚。',
    ],
)
def test_a_term_that_is_explained_is_a_word(element):
    article = read(f"{HEAD}<div>{paragraphs([PROSE[0], element, *PROSE[1:]])}</div>")
    assert article.paragraphs == (PROSE[0], "我们把它叫做同城化，意思很清楚。", *PROSE[1:])


def test_a_word_that_is_called_a_caption_may_open_a_sentence():
    line = '<span class="caption">江海</span>的列车这些年开得更密。'
    article = read(f"{HEAD}<div>{paragraphs([PROSE[0], line, *PROSE[1:]])}</div>")
    assert article.paragraphs == (PROSE[0], "江海的列车这些年开得更密。", *PROSE[1:])


@pytest.mark.parametrize(
    "line",
    [
        '<p><a class="share" href="/w">微信</a> <a class="share" href="/b">微博</a></p>',
        '<p><span class="tags"><a href="/t">江海</a></span></p>',
        '<div><a class="related" href="/a/2.html">另一篇文章说的是别的城市</a></div>',
        '<p><button class="share">分享</button></p>',
    ],
)
def test_a_line_of_asides_only_is_left_out(line):
    assert read(f"{HEAD}<div>{paragraphs(PROSE)}{line}</div>").paragraphs == tuple(PROSE)


@pytest.mark.parametrize("names", ["sr-only", "visually-hidden", "hidden", "is-hidden"])
def test_hidden_words_are_left_out_of_a_sentence(names):
    line = PROSE[1].replace("，", f'，<span class="{names}">（打开新窗口）</span>', 1)
    assert read(f"{HEAD}<div>{paragraphs([PROSE[0], line, PROSE[2]])}</div>").paragraphs == tuple(PROSE)


def test_bare_words_between_paragraphs_keep_their_links():
    """观察者网 and older 163 pages: a text in the box itself, its links among it, before paragraphs."""
    html = f"""{HEAD}<div class=a><div class=text>{PROSE[0] * 2}<a href="/k">通勤</a>的列车开得更密，跨城办事跑得更少。
    {paragraphs(PROSE * 3)}</div><div class=text>{paragraphs(PROSE * 3)}</div></div>"""
    assert f"{PROSE[0] * 2}通勤的列车开得更密，跨城办事跑得更少。" in read(html).paragraphs


@every_row(
    ("line", "kept"),
    [
        ("他说，请大家看报告全文", "他说，请大家看报告全文"),
        ("点开看，才知道有多详细", "点开看，才知道有多详细"),
        ("他按了按钮，让页面返回首页", "他按了按钮，让页面返回首页"),
        ("这是看得见的变化。返回搜狐，查看更多", "这是看得见的变化。"),
        ("这是看得见的变化。[详细]", "这是看得见的变化。"),
        ("这是看得见的变化……【全文】", "这是看得见的变化……"),
        ("这是看得见的变化。全文>>", "这是看得见的变化。"),
    ],
)
def test_a_way_back_stands_behind_an_end(line, kept):
    assert read(f"{HEAD}<div>{paragraphs([*PROSE, line])}</div>").paragraphs == (*PROSE, kept)


WORDS = st.text(st.sampled_from("江海城市与年轻人的日常abc 12%（）“”、"), min_size=1, max_size=12).filter(
    lambda text: any(map(str.isalpha, text))
)
PIECES = st.lists(st.tuples(st.sampled_from(["{}", "{}", "<b>{}</b>", *INLINE]), WORDS), min_size=1, max_size=6)


@given(st.lists(PIECES, min_size=1, max_size=4))
def test_no_character_of_a_generated_paragraph_is_lost(lines):
    """Each opens and ends with bare words, as a sentence does."""
    marked = [f"这一段说{''.join(form.format(text) for form, text in pieces)}，到这里为止。" for pieces in lines]
    plain = [f"这一段说{''.join(text for _, text in pieces)}，到这里为止。" for pieces in lines]
    found = read(f"{HEAD}<div>{paragraphs([*PROSE, *marked])}</div>").paragraphs
    assert list(map(bare, found)) == list(map(bare, [*PROSE, *plain]))


def bare(text: str) -> str:
    """The characters that are to be seen: no blank, no control and no mark that only steers the line."""
    return "".join(character for character in text if character.isprintable() and not character.isspace())


# -- the saved pages

NOT_SHOWN = {
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "svg",
    "select",
    "textarea",
    "object",
    "video",
    "audio",
}
OPENING = 20  # characters by which a line is found
LINE_BREAKS = {"br", "div", "ul", "table", "p", "li", "figure", "img", "blockquote"}


@pytest.mark.slow
@pytest.mark.shared
def test_no_character_of_a_paragraph_of_a_saved_page_is_lost(shared):
    """A paragraph of the page that shows all of a kept line shows nothing else."""
    compared, lost = 0, []
    for document in saved(shared):
        with contextlib.suppress(ParseError):
            read_page = page_of(document)
            read_page.article()
            for line, shown in kept_paragraphs(read_page):
                compared += 1
                if line not in shown and (longer := [text for text in shown if stands_in(line, text)]):
                    lost.append((document.url, line[:60], longer[0][:80]))
    assert (compared > 8_000, lost) == (True, [])


def stands_in(line: str, text: str) -> bool:
    """True if a text is the line with more characters here and there."""
    rest = iter(text)
    return all(character in rest for character in line)


def kept_paragraphs(read_page: ArticlePage) -> Iterator[tuple[str, list[str]]]:
    """Each kept line that opens like paragraphs of its box, and what these show."""
    box = read_page.box
    if box is None:
        return
    shown: dict[str, list[str]] = {}
    for node in box.css("p"):
        if not any(inner.tag in LINE_BREAKS for inner in node.traverse() if inner.mem_id != node.mem_id):
            text = bare(visible(node))
            shown.setdefault(text[:OPENING], []).append(text)
    of_box = set(map(id, read_page.shown))
    for block, fate in read_page.lines.fates:
        line = bare(block.text) if id(block) in of_box else ""
        if fate in ("prose", "heading", CUT) and block.tag == "p" and line[:OPENING] in shown:
            yield line, shown[line[:OPENING]]


def visible(node: LexborNode) -> str:
    """The text that an element shows, by the plainest reading: no script, and nothing hidden by name or by style."""
    if node.is_text_node:
        return node.text_content or ""
    names = set((node.attributes.get("class") or "").lower().split())
    style = "".join((node.attributes.get("style") or "").lower().split())
    hidden = names & {"hidden", "hide", "invisible", "sr-only", "visually-hidden", "is-hidden", "js-hidden"}
    hidden = hidden or "credit" in names  # of a picture: kept with it
    hidden = hidden or "hidden" in node.attributes or "display:none" in style or "visibility:hidden" in style
    if node.tag in NOT_SHOWN or node.tag == "button" or hidden or node.tag == "_comment":
        return ""
    return "".join(visible(child) for child in node.iter(include_text=True))


def saved(shared: Path) -> Iterator[Document]:
    folder = shared / "data/extraction"
    for line in (folder / "truth.jsonl").read_text("utf-8").splitlines():
        told = json.loads(line)
        payload = gzip.decompress((folder / told["file"]).read_bytes())
        yield Document(payload, "text/html", told["url"] or "", AT)
