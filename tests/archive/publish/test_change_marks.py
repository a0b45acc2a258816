"""The marks of a change and of a hit: no character is hidden by one, and none looks like one."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from itertools import chain, pairwise
from statistics import median
from typing import Any

import pytest
from support.browsing import browsing

from archive.publish.server import stylesheets

CHARACTERS = "一二三十—-ー_日"
LINE = 44  # pixels
UNMARKED = "background:none;text-decoration:none"
BLANK = """() => document.querySelectorAll('.blank').forEach(one => {
    const wide = name => one.closest('div').querySelector(name).getBoundingClientRect().width;
    one.style.letterSpacing = `${wide('.glyph') - wide('.blank')}px` })"""
BOXES = """() => [...document.querySelectorAll('.glyph, .blank')].map(one => {
    const box = one.getBoundingClientRect(), tall = (one.closest('.tall') ?? one).getBoundingClientRect();
    return [box.x, tall.y, box.right, tall.bottom].map((edge, i) => (i < 2 ? Math.ceil : Math.floor)(2 * edge)) })"""
GREYS = """async png => { const image = new Image();
    image.src = 'data:image/png;base64,' + png;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const { data, width, height } = pen.getImageData(0, 0, image.width, image.height);
    let greys = '';
    for (let at = 0; at < data.length; at += 4)
        greys += String.fromCharCode((data[at] * 2 + data[at + 1] * 5 + data[at + 2]) >> 3);
    return [width, btoa(greys)] }"""
LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "print": {"media": "print"},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing() as launched:
        yield launched


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS)
def test_every_character_is_seen_in_a_mark_and_the_mark_draws_nothing_like_it(browser: Any, look: str) -> None:
    texts = [(mark, character) for mark in ("del", "ins", "mark") for character in CHARACTERS]
    seen = iter(_seen(browser, _rows(texts), LINE * len(texts), **LOOKS[look]))  # four cells of each text
    faults = [(*text, *_faults(*each)) for text, *each in zip(texts, *[seen] * 4, strict=False)]
    assert [found for found in faults if found[2:] != (0, 0, 0)] == []
    assert len(faults) == len(texts)


@pytest.mark.slow
@pytest.mark.browser
def test_an_underscore_in_a_link_stands_clear_of_the_line_below_it(browser: Any) -> None:
    glyphs = [f'<span class="glyph" style="font-family:{font}">_</span>' for font in ("inherit", "monospace")]
    links = [f'<p class="tall"><a href="/">a{glyph}</a></p>' for glyph in glyphs]
    for rows in _seen(browser, "".join(links), 200):
        inked = [median(row) < 160 for row in rows]
        assert sum(after and not before for before, after in pairwise(inked)) == 2


def _seen(browser: Any, body: str, height: int, **media: str) -> list[list[bytes]]:
    """The greys of every glyph and blank of a page with our stylesheet, row by row."""
    style = "".join(path.read_text("utf-8") for path in stylesheets._SHEETS["thinker"])
    context = browser.new_context(device_scale_factor=2, viewport={"width": 340, "height": height})
    page = context.new_page()
    page.emulate_media(**media)
    page.set_content(f'<!doctype html><html lang="zh-Hans"><style>{style}</style><main>{body}')
    page.evaluate(BLANK)
    width, found = page.evaluate(GREYS, b64encode(page.screenshot()).decode())
    greys, boxes = b64decode(found), page.evaluate(BOXES)
    context.close()
    return [
        [greys[y * width + left : y * width + right] for y in range(top, bottom)] for left, top, right, bottom in boxes
    ]


def _rows(texts: list[tuple[str, str]]) -> str:
    """Each character in its mark, a blank as wide in its mark, the character without the look of the mark.

    The fourth cell of each is the blank again, with all of its line.
    """
    rows = []
    for at, (mark, character) in enumerate(texts):
        cells = [
            f'<p class="{line}" style="position:absolute;margin:0;white-space:nowrap;line-height:{LINE - 2}px;'
            f'left:{20 + 80 * column}px;top:{LINE * at}px">'
            f'<{mark} style="{style}"><span class="{name}">{shown}</span></{mark}></p>'
            for column, (shown, name, style, line) in enumerate(
                [
                    (character, "glyph", "", ""),
                    ("\u00a0", "blank", "", ""),
                    (character, "glyph", UNMARKED, ""),
                    ("\u00a0", "blank", "", "tall"),
                ]
            )
        ]
        rows.append(f"<div>{''.join(cells)}</div>")
    return "".join(rows)


def _faults(marked: list[bytes], blank: list[bytes], plain: list[bytes], line: list[bytes]) -> tuple[int, int, int]:
    """The pixels of the character that are not seen when it is marked, and those of the mark that look like ink.

    Third the rows of the line, above, in or below the mark, that are neither its ground nor paper.
    """
    with_mark, without_text, text = ([*chain.from_iterable(rows)] for rows in (marked, blank, plain))
    paper, empty = median(text), median(without_text)
    contrast = max(abs(grey - paper) for grey in text)
    of_character = [at for at, grey in enumerate(text) if abs(grey - paper) > contrast * 0.6]
    unseen = sum(abs(with_mark[at] - without_text[at]) < contrast * 0.4 for at in of_character)
    like_ink = sum(abs(grey - empty) > contrast * 0.2 for grey in without_text)
    low, high = min(paper, empty) - contrast * 0.2, max(paper, empty) + contrast * 0.2
    return unseen, like_ink, sum(not low < median(row) < high for row in line)
