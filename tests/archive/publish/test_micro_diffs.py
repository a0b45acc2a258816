"""A change in one line, as lists and feeds show it."""

from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from archive.diffing.comparing import Segment
from archive.publish.lists.excerpts import micro_diff

LONG = "这一段讲城市治理如何落到每一条街道。" * 400
MICRO = [
    (None, None, ""),
    ("改革", "改革", ""),
    (None, "改革", "[+改革]"),
    ("得出的结论", "得夏秋结论", "得[-出的][+夏秋]结论"),
    ("一二三四五六七八九十得出的结论", "一二三四五六七八九十得夏秋结论", "…四五六七八九十得[-出的][+夏秋]结论"),
    ("好" + LONG, "坏" + LONG, "[-好][+坏]这一段讲城市治理…"),
    (LONG + "好", LONG + "坏", "…落到每一条街道。[-好][+坏]"),
    ("首段。\n次段。", "首段。", "首段。[-¶次段。]"),
    ("甲", "乙" * 200, "[-甲][+" + "乙" * 12 + "…" + "乙" * 12 + "]"),
]


def marked(found: tuple[Segment, ...]) -> str:
    style = {"equal": "{}", "insert": "[+{}]", "delete": "[-{}]"}
    return "".join(style[segment.op].format(segment.text) for segment in found)


@every_row(("before", "after", "expected"), MICRO)
def test_a_micro_diff_is_the_first_change_with_a_few_characters_around_it(
    before: str | None, after: str | None, expected: str
) -> None:
    assert marked(micro_diff(before, after)) == expected


@given(st.text("改革开放\n a1", max_size=40), st.text("改革开放\n a1", max_size=40))
def test_a_micro_diff_is_short_and_empty_only_for_equal_texts(before: str, after: str) -> None:
    found = micro_diff(before, after)
    assert bool(found) == (before != after)
    assert sum(len(segment.text) for segment in found) <= 2 * (8 + 1) + 2 * 25
