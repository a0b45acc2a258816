"""`appears:` and `disappears:`: what an edit added to a text, and what it removed."""

import pytest
from support.tables import every_row

from archive.search import EditedTexts, parse
from archive.search.grammar.query import written

BEFORE = {"headline": ["谈税收"], "body_text": ["房地产税一次，物业税一次。\n别的"], "keywords": ["税"]}
AFTER = {"headline": ["谈房地產税"], "body_text": ["房地产税一次，又有房地产税。\n别的"], "keywords": ["税", "住房"]}


@every_row(
    ("query", "read"),
    [
        ("appears:房地产税", "appears:房地产税"),
        ("出现:(房地产税 OR 物业税) 住房", "(appears:房地产税 OR appears:物业税) 住房"),
        ("消失：title:税 -别的", "disappears:title:税 -别的"),
        ('-appears:"a b"', '-appears:"a b"'),
        ("appears:(a -b)", "appears:a -appears:b"),
        ("title:appears:税", "title:appears 税"),
        ("appears: 税", "appears 税"),
    ],
)
def test_a_query_on_edits_is_read_as(query: str, read: str) -> None:
    tree = parse(query, edits=True).tree
    assert tree is not None
    assert written(tree) == read


@every_row(
    ("query", "was", "now"),
    [
        ("房地产税", True, True),
        ("物业税", True, False),
        ("住房", False, True),
        ("appears:房地产税", True, True),
        ("disappears:房地产税", False, False),
        ("appears:title:房地产税", True, True),
        ("appears:tag:税", False, False),
        ("disappears:物业税 appears:tag:住房", True, True),
        ("disappears:物业税 住房", False, True),
        ("-appears:别的", True, True),
        ("appears:一次", False, False),
        ("disappears:一次", True, True),
    ],
)
def test_an_edit_is_found_by_both_texts_and_by_their_difference(query: str, was: bool, now: bool) -> None:
    texts = EditedTexts(BEFORE, AFTER)
    assert (texts.found_before(query), texts.found_after(query)) == (was, now)


def test_a_chain_of_turns_of_any_length_is_read() -> None:
    assert parse("出现:" * 660 + "税", edits=True).tree is not None


@pytest.mark.parametrize("query", ["appears:房地产税", "disappears:物业税"])
def test_nothing_appears_in_a_text_without_one_before(query: str) -> None:
    texts = EditedTexts(None, AFTER)
    assert (texts.found_before(query), texts.found_after(query)) == (False, False)
