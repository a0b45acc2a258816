"""A diff that a reader of Chinese can use: exact, by character, and the same on every run."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.diff import Segment, segments

MARKED = [
    (None, None, ""),
    (None, "改革", "[+改革]"),
    ("改革", None, "[-改革]"),
    ("改革开放", "改革开放", "改革开放"),
    ("全面推进乡村建设", "全面推进乡村振兴", "全面推进乡村[-建设][+振兴]"),
    ("到2025年底", "到2027年底", "到[-2025][+2027]年底"),
    ("增长3.5%", "增长3.6%", "增长[-3.5][+3.6]%"),
    ("改革，开放", "改革开放", "改革[-，]开放"),
    ("a governed city", "a government city", "a [-governed][+government] city"),
    ("we don't know", "we do know", "we [-don't][+do] know"),
    ("5G时代", "6G时代", "[-5G][+6G]时代"),
    ("the red car", "the big red car", "the [+big ]red car"),
    ("一\n二\n三", "一\n三", "一\n[-二\n]三"),
    ("cafe\u0301 au lait", "cafe au lait", "[-cafe\u0301][+cafe] au lait"),
    ("👨\u200d👩\u200d👧来", "👨\u200d👩来", "[-👨\u200d👩\u200d👧][+👨\u200d👩]来"),
]

TEXTS = st.text(alphabet="改革开放，。\n AI1e\u0301\u200d👩\ufe0f\r\U000f0000", max_size=60) | st.text(max_size=60)


def marked(found: list[Segment]) -> str:
    style = {"equal": "{}", "insert": "[+{}]", "delete": "[-{}]"}
    return "".join(style[segment.op].format(segment.text) for segment in found)


def side(found: list[Segment], gone: str) -> str:
    return "".join(segment.text for segment in found if segment.op != gone)


@pytest.mark.parametrize(("before", "after", "expected"), MARKED)
def test_segments_mark_what_was_edited(before: str | None, after: str | None, expected: str) -> None:
    assert marked(segments(before, after)) == expected


@given(TEXTS, TEXTS)
def test_both_texts_are_in_the_segments_exactly(before: str, after: str) -> None:
    found = segments(before, after)
    assert side(found, "insert") == before
    assert side(found, "delete") == after
    assert all(segment.text for segment in found)


@given(TEXTS, TEXTS)
def test_no_segment_begins_with_a_combining_mark_of_the_one_before(before: str, after: str) -> None:
    for text in (before, after):
        if text and (unicodedata.combining(text[0]) or text[0] in "\u200d\ufe0f"):
            return  # the text itself begins with a mark that has nothing to stand on
    for segment in segments(before, after):
        assert not unicodedata.combining(segment.text[0])
        assert segment.text[0] != "\ufe0f"


def article(edit: str = "") -> str:
    return "\n".join(
        "".join(f"第{n}段第{m}句讲的是发展{n * m}，也讲改革{n + m}{edit}。" for m in range(12)) for n in range(40)
    )


def test_an_edit_deep_in_a_long_article_is_marked_alone() -> None:
    before = article()
    after = before.replace("第7段第3句讲的是发展21", "第7段第3句讲的是创新发展21")
    changed = [segment for segment in segments(before, after) if segment.op != "equal"]
    assert len(before) > 10_000
    assert changed == [Segment("insert", "创新")]


@pytest.mark.parametrize("after", [article("了"), article()[::-1], "没有一句是旧的，" * 1500])
def test_long_rewrites_stay_exact(after: str) -> None:
    found = segments(article(), after)
    assert (side(found, "insert"), side(found, "delete")) == (article(), after)


@given(TEXTS)
def test_a_text_never_differs_from_itself(text: str) -> None:
    assert all(segment.op == "equal" for segment in segments(text, text))
