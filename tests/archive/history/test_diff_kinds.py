"""Names of changes, and the line that sums up a comparison: a table of real strings."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from archive.diffing.kinds import Kind, kind_of
from archive.diffing.properties import chips, segments_of, sides
from archive.diffing.summing import line
from archive.diffing.words import SUMMING, english
from archive.publish.messages.language import Words
from cli.reading import marked

KINDS: list[tuple[str, str, Kind]] = [
    ("建设", "振兴", "replaced"),
    ("", "以进促稳，", "inserted"),
    ("government ", "", "deleted"),
    ("2023", "2024", "number"),
    ("3.5%", "3.6%", "number"),
    ("2023年", "2024", "replaced"),
    ("5G", "6G", "replaced"),
    ("，", "", "punctuation"),
    ("。", "！", "punctuation"),
    ("\n", "", "joined"),
    ("", "\n", "split"),
    ("。\n", "，", "punctuation"),
    (" ", "", "form"),
]
LINES = [
    ("body_text", "推进乡村建设", "推进乡村振兴", "正文改动 1 处：删 2 字，增 2 字",
     "Body, 1 place: 2 characters replaced by 2 characters"),
    ("body_text", "到2023年底", "到2024年底", "正文改动 1 处：数字 2023 改为 2024",
     "Body, 1 place: number 2023 changed to 2024"),
    ("body_text", "改革，开放。再见", "改革开放再见", "正文改动 2 处：标点 2 处",
     "Body, 2 places: punctuation in 2 places"),
    ("body_text", "甲。\n乙。", "甲。乙。", "正文改动 1 处：两段合为一段", "Body, 1 place: two paragraphs joined"),
    ("body_text", "甲。乙。", "甲。\n乙。", "正文改动 1 处：一段分为两段", "Body, 1 place: a paragraph split"),
    ("body_text", "改革，开放", "改革,开放", "正文改动 1 处：仅格式", "Body, 1 place: form only"),
    ("headline", "the red car", "the big red car", "标题改动 1 处：增 1 词", "Headline, 1 place: 1 word added"),
    ("headline", "the big red car", "the car", "标题改动 1 处：删 2 词", "Headline, 1 place: 2 words deleted"),
    ("standfirst", None, "一二三", "提要改动 1 处：增 3 字", "Standfirst, 1 place: 3 characters added"),
    ("keywords", "甲\n乙", "甲\n丙\n丁", "关键词：增 2 项、减 1 项", "Keywords: 2 added, 1 removed"),
    ("keywords", "甲\n乙", "乙\n甲", "关键词：顺序有变", "Keywords: order changed"),
    ("speaker", None, "林知远", "主讲：（无） → 林知远", "Speaker: (none) → 林知远"),
    ("date_published", "2024-04-14T05:01:00+08:00", "2024-04-15T00:00:00+08:00",
     "发布时间：2024-04-14 05:01 → 2024-04-15 00:00", "Published: 2024-04-14 05:01 → 2024-04-15 00:00"),
    ("date_published", "2024-04-14T05:01:00+08:00", "2024-04-14T05:01:30+08:00",
     "发布时间：2024-04-14T05:01:00+08:00 → 2024-04-14T05:01:30+08:00",
     "Published: 2024-04-14T05:01:00+08:00 → 2024-04-14T05:01:30+08:00"),
    ("source_line", "The Paper of Everything Else A", "The Paper of Everything Else B",
     "稿件来源：The Paper of Everything Else A → The Paper of Everything Else B",
     "Credit: The Paper of Everything Else A → The Paper of Everything Else B"),
]  # fmt: skip
PARAGRAPHS = ("第一段讲城市治理如何落到街道。", "第二段谈数字政府与基层减负。", "第三段说干部的一天怎么过。")
ORDERS = [  # of paragraphs, none of which ends in a break where it is the last one
    ((1, 2, 0), "正文改动 1 处：移动 15 字"),
    ((2, 0, 1), "正文改动 1 处：移动 13 字"),
    ((1, 0, 2), "正文改动 1 处：移动 14 字"),
    ((0, 2, 1), "正文改动 1 处：移动 13 字"),
]
ITEMS = st.none() | st.lists(st.sampled_from("甲乙丙丁"), min_size=1, max_size=6).map("\n".join)


@every_row(("deleted", "inserted", "expected"), KINDS)
def test_each_pair_of_deleted_and_inserted_text_has_its_kind_of_change(
    deleted: str, inserted: str, expected: Kind
) -> None:
    assert kind_of(deleted, inserted) == expected


@every_row(("name", "before", "after", "chinese", "in_english"), LINES)
def test_one_line_sums_up_a_change_in_both_languages(
    name: str, before: str | None, after: str, chinese: str, in_english: str
) -> None:
    found = segments_of(name, before, after)
    told = [line([(name, words[name], found)], words) for words in (Words("zh"), Words("en"))]
    assert told == [chinese, in_english]


@pytest.mark.parametrize(("order", "expected"), ORDERS)
def test_a_paragraph_that_moved_is_one_move_to_the_end_of_a_text_too(order: Sequence[int], expected: str) -> None:
    found = segments_of("body_text", "\n".join(PARAGRAPHS), "\n".join(PARAGRAPHS[at] for at in order))
    assert line([("body_text", "正文", found)], Words("zh")) == expected


def test_a_break_beside_a_sentence_that_moved_still_joins_paragraphs() -> None:
    found = segments_of(
        "body_text", "说明来意。\n" + "\n".join(PARAGRAPHS), "说明来意。" + PARAGRAPHS[2] + "".join(PARAGRAPHS[:2])
    )
    assert "合段 3 处" in line([("body_text", "正文", found)], Words("zh"))


def test_the_command_line_says_the_same_in_english() -> None:
    found = [("headline", "headline", segments_of("headline", "改革甲", "改革乙"))]
    assert line(found, english) == "headline, 1 place: 1 character replaced by 1 character"
    assert all(english(name, **dict.fromkeys(("n", "name", "told", "old", "new"), 1)) for name in SUMMING)


@given(ITEMS, ITEMS)
def test_a_list_is_in_its_segments_exactly_and_in_its_chips_item_by_item(before: str | None, after: str | None) -> None:
    assert sides(segments_of("keywords", before, after)) == (before or "", after or "")
    shown = chips(before, after)
    for other, text in (("insert", before), ("delete", after)):
        assert [each.text for each in shown if each.op != other] == (text.split("\n") if text else [])


def test_the_command_line_marks_moved_text_with_its_number() -> None:
    told = [{"op": "insert", "text": "乙", "move": 1}, {"op": "equal", "text": "甲"}, {"op": "delete", "text": "丙"}]
    assert marked(told) == "⟦ins, moved 1: 乙⟧甲⟦del: 丙⟧"
