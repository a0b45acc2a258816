"""The mirror's lines in their fixed order, from a text dump of a page; related items are doubled titles."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from parsers.article import RelatedLink
from parsers.reader.body.markup.blocks import Block
from parsers.reader.platforms.mirror import MirrorPage, read_mirror, related_items

TITLE = "How?, Thinker | Li Wei: The way | city | life"
RELEASED = "Release time:Apr 13, 2024 23:01 PM"
NOTICE = 'Please indicate the source of the reprint as "Shangguan News".'


def mirror(*lines: str) -> MirrorPage | None:
    return read_mirror([Block("text", line) for line in lines])


def test_every_line_has_its_place():
    page = mirror(
        TITLE, "Author:Randy Hahn", RELEASED, "First paragraph.", "A heading", TITLE, "Second paragraph.",
        "Biography of Thinkers", "Li Wei, Director.", NOTICE,
        "Another title | a | b", "Another title | a | b", "Its teaser", "A third | c | d", "A third | c | d",
    )  # fmt: skip
    assert page is not None
    assert (page.title, page.author, page.released) == (TITLE, "Randy Hahn", "Apr 13, 2024 23:01 PM")
    assert (page.body.paragraphs, page.body.headings) == (("First paragraph.", "Second paragraph."), ("A heading",))
    assert page.body.heading_positions == (1,)
    assert (page.body.biography, page.body.reprint_notice) == ("Li Wei, Director.", NOTICE)
    assert page.related == (
        RelatedLink("Another title | a | b", None, "Its teaser"),
        RelatedLink("A third | c | d", None, None),
    )


@every_row(
    ("lines", "paragraphs", "headings"),
    [
        (["Text.", TITLE.replace("|", "｜"), "More."], ["Text.", "More."], []),
        (["Text.", f"{TITLE} is how it begins."], ["Text.", f"{TITLE} is how it begins."], []),
        (["Text.", "A last short line"], ["Text.", "A last short line"], []),
        (["Text.", "Other title", "Other title", "Its teaser"], ["Text."], []),
        (["In short:", "Text."], ["In short:", "Text."], []),
    ],
)
def test_a_repeated_title_is_a_caption_and_other_lines_stay(lines, paragraphs, headings):
    page = mirror(TITLE, RELEASED, *lines)
    assert page is not None
    assert (list(page.body.paragraphs), list(page.body.headings)) == (paragraphs, headings)


@every_row("lines", [[], [TITLE], [RELEASED], [TITLE, "Text."], ["Author:Randy Hahn", RELEASED]])
def test_lines_without_title_and_release_time_are_no_article(lines):
    assert mirror(*lines) is None


@pytest.mark.shared
def test_the_seed_cases_of_repeats_and_related_items_are_read_as_expected(shared: Path):
    cases = json.loads((shared / "data/seed_cases.json").read_text("utf-8"))["cases"]
    related = [case for case in cases if case["kind"] == "related_block"]
    repeats = [case for case in cases if case["kind"] == "repeated_title"]
    assert (len(related), len(repeats)) == (5, 6)
    for case in related:
        lines = [line for line in case["raw"].split("\n") if line]
        assert related_items(lines) == (RelatedLink(lines[0], None, case["expected"]["teaser"]),), case["id"]
    for case in repeats:
        page = mirror(case["raw"], RELEASED, "Text.", case["raw"], "More.")
        assert page is not None, case["id"]
        assert page.body.paragraphs == ("Text.", "More."), case["id"]


LINES = st.lists(
    st.text(max_size=60).filter(str.strip) | st.sampled_from([TITLE, RELEASED, NOTICE, "Biography of Thinkers"])
)


@given(LINES)
def test_any_lines_have_a_place(lines):
    page = mirror(TITLE, RELEASED, *lines)
    assert page is not None
    assert len(page.body.headings) == len(page.body.heading_positions)
    assert all(0 <= place < len(page.body.paragraphs) for place in page.body.heading_positions)
