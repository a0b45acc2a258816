"""The items of an ordered list keep the numbers that readers see; each list names the sites it stands for."""

from hypothesis import given
from hypothesis import strategies as st
from support.handmade import HEAD, PROSE, paragraphs, read
from support.tables import every_row

from parsers.reader.body.markup.numbers import marked

ONE, TWO, THREE = "推进线路加密", "统一跨省票价", "公开每日客流"


def items(*texts: str) -> str:
    return "".join(f"<li>{text}</li>" for text in texts)


def lines(numbered: str) -> tuple[list[str], tuple[str, ...]]:
    """The lines between the paragraphs round a list, and the headings among them."""
    html = f"<html><head>{HEAD}</head><body><div class=article>{between(numbered)}</div></body></html>"
    found = read(html)
    assert found.paragraphs[:2] == tuple(PROSE[:2])
    assert found.paragraphs[-1] == PROSE[2]
    return list(found.paragraphs[2:-1]), found.headings


def between(numbered: str) -> str:
    return f"{paragraphs(PROSE[:2])}{numbered}{paragraphs(PROSE[2:])}"


LISTS = {
    "plain": ("www.who.int, www.gov.uk, blogs in Markdown", f"<ol>{items(ONE, TWO)}</ol>", [f"1. {ONE}", f"2. {TWO}"]),
    "start": ("news.qq.com, www.huxiu.com", f"<ol start=4>{items(ONE, TWO)}</ol>", [f"4. {ONE}", f"5. {TWO}"]),
    "reversed": ("www.bbc.com, www.buzzfeed.com", f"<ol reversed>{items(ONE, TWO)}</ol>", [f"2. {ONE}", f"1. {TWO}"]),
    "value": (
        "www.legislation.gov.uk",
        f"<ol><li>{ONE}<li value=7>{TWO}<li>{THREE}</ol>",
        [f"1. {ONE}", f"7. {TWO}", f"8. {THREE}"],
    ),
    "letters and Roman digits": (
        "eur-lex.europa.eu, www.un.org",
        f"<ol type=a>{items(ONE)}</ol><ol type=I start=4>{items(TWO)}</ol>",
        [f"a. {ONE}", f"IV. {TWO}"],
    ),
    "Chinese numbers of a style": (
        "www.moj.gov.cn, flk.npc.gov.cn",
        f"<ol start=10 style='list-style-type: cjk-ideographic'>{items(ONE, TWO)}</ol>",
        [f"十、{ONE}", f"十一、{TWO}"],
    ),
    "nested": (
        "docs and reports of www.oecd.org",
        f"<ol><li>{ONE}<ol type=a>{items(TWO)}</ol></li><li>{THREE}</li></ol>",
        [f"1. {ONE}", f"a. {TWO}", f"2. {THREE}"],
    ),
    "paragraphs in items": (
        "www.mckinsey.com, ckeditor",
        f"<ol><li><p>{ONE}</p><p>{TWO}</p></li><li><p>{THREE}</p></li></ol>",
        [f"1. {ONE}", TWO, f"2. {THREE}"],
    ),
    "numbers of their own": (
        "www.gov.cn, www.ndrc.gov.cn",
        f"<ol>{items('1.' + ONE, '（二）' + TWO, '③' + THREE)}</ol>",
        [f"1.{ONE}", f"（二）{TWO}", f"③{THREE}"],
    ),
    "no numbers shown": (
        "www.thepaper.cn, teasers of WordPress",
        f"<ol style='list-style: none'>{items(ONE, TWO)}</ol>",
        [ONE, TWO],
    ),
    "unordered": ("all sites", f"<ul>{items(ONE, TWO)}</ul>", [ONE, TWO]),
    "unordered in ordered": (
        "developer.mozilla.org",
        f"<ol><li>{ONE}<ul>{items(TWO)}</ul></li><li>{THREE}</li></ol>",
        [f"1. {ONE}", TWO, f"2. {THREE}"],
    ),
    "an item without words": (
        "www.youtube.com embeds in blogs",
        f"<ol><li><img src=/1.jpg></li></ol><p>{ONE}。</p><ol><li>{TWO}</li></ol>",
        [f"{ONE}。", f"1. {TWO}"],
    ),
    "entries of a page": (
        "live blogs of www.theguardian.com",
        f"<ol><li><article><h3>九点</h3><p>{ONE}。</p></article></li></ol>",
        ["九点", f"{ONE}。"],
    ),
}


@every_row(("sites", "numbered", "expected"), LISTS.values())
def test_items_keep_their_numbers(sites, numbered, expected):
    assert lines(numbered)[0] == expected
    assert sites


def test_a_heading_keeps_its_number():
    """Listicles: www.businessinsider.com, www.36kr.com."""
    found, headings = lines(f"<ol start=3><li><strong>{ONE}</strong></li></ol>")
    assert found == [f"3. {ONE}"]
    assert headings == (f"3. {ONE}",)


@given(st.integers(-50, 5000), st.sampled_from("1aAiI"), st.booleans())
def test_any_number_is_written_before_the_text(start, kind, backwards):
    told = f"<ol start={start} type={kind} {'reversed' if backwards else ''}>{items(ONE, TWO)}</ol>"
    first, second = lines(told)[0]
    assert first.endswith(f". {ONE}")
    assert second.endswith(f". {TWO}")
    assert first.removesuffix(ONE) != second.removesuffix(TWO)


@given(st.text(), st.text())
def test_no_letter_of_a_text_is_lost_behind_its_number(marker, text):
    assert marked(marker, text) in (text, marker + text)
