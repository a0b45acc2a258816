"""A diff that a reader of Chinese can use: exact, by character, and the same on every run."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from archive.diffing import subsequence
from archive.diffing.comparing import Segment, segments

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
    ("甲说：“好。”丙走了。", "甲说：“好。”乙说：“行。”丙走了。", "甲说：“好。”[+乙说：“行。”]丙走了。"),
    ("cafe\u0301 au lait", "cafe au lait", "[-cafe\u0301][+cafe] au lait"),
    ("👨\u200d👩\u200d👧来", "👨\u200d👩来", "[-👨\u200d👩\u200d👧][+👨\u200d👩]来"),
]

TEXTS = st.text(alphabet="改革开放，。\n AI1e\u0301\u200d👩\ufe0f\r\U000f0000", max_size=60) | st.text(max_size=60)


def marked(found: list[Segment]) -> str:
    style = {"equal": "{}", "insert": "[+{}]", "delete": "[-{}]"}
    return "".join(style[segment.op].format(segment.text) for segment in found)


def side(found: list[Segment], gone: str) -> str:
    return "".join(segment.text for segment in found if segment.op != gone)


@every_row(("before", "after", "expected"), MARKED)
def test_segments_mark_the_edited_characters(before: str | None, after: str | None, expected: str) -> None:
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


WORDY = st.text(alphabet="改革，。\n AIe\u0301 12.3't", max_size=60)
PARAGRAPHS = st.lists(
    st.sampled_from(
        ["城市治理从小事做起。", "改革永远在路上！", "第三段讲数字政府", "是。", "", "A city is governed."]
    ),
    max_size=12,
)


@given(WORDY, WORDY)
def test_no_boundary_falls_inside_a_word_or_a_number(before: str, after: str) -> None:
    found = segments(before, after)
    for gone in ("insert", "delete"):
        shown = [each.text for each in found if each.op != gone]
        for left, right in pairwise(shown):
            # A mark that stands on no letter is no part of a word.
            assert not re.search(r"[A-Za-z0-9]\u0301*\Z", left) or not re.match("[A-Za-z0-9\u0301]", right)
            assert not re.search(r"\d[.]\Z", left) or not re.match(r"\d", right)


@given(PARAGRAPHS, PARAGRAPHS)
def test_a_move_went_once_and_came_once_with_the_same_text(before: list[str], after: list[str]) -> None:
    found = segments("\n".join(before), "\n".join(after))
    assert (side(found, "insert"), side(found, "delete")) == ("\n".join(before), "\n".join(after))
    gone, come = (
        {each.move: each.text for each in found if each.move and each.op == op} for op in ("delete", "insert")
    )
    assert gone == come
    assert sorted(gone) == list(range(1, len(gone) + 1))
    assert sum(each.move is not None for each in found) == 2 * len(gone)


MOVES = [
    ("治理要从长计议，发展的新理念人人共享。\n负担要减下来，民生改革也要同步推进。",
     "负担要降下来，民生改革也要同步推进。\n治理要从长计议，发展的新理念人人共享。",
     "[>治理要从长计议，发展的新理念人人共享。][-\n]负担要[-减][+降]下来，民生改革也要同步推进。[+\n][<治理要从长计议，发展的新理念人人共享。]"),
    ("甲：城市治理要从小事做起。\n乙。\n丙。", "乙。\n甲：城市治理要从小事做起。\n丙。",
     "[+乙。\n]甲：城市治理要从小事做起。\n[-乙。\n]丙。"),
    ("一段很长很长的话在这里。\n另一段更长更长更长的话在这里。\n末。",
     "另一段更长更长更长的话在这里。\n一段很长很长的话在这里。\n末。",
     "[>一段很长很长的话在这里。\n]另一段更长更长更长的话在这里。\n[<一段很长很长的话在这里。\n]末。"),
    ("先说改革的事情如何。再说开放的事情怎么样办。", "再说开放的事情怎么样办。先说改革的事情如何。",
     "[>先说改革的事情如何。]再说开放的事情怎么样办。[<先说改革的事情如何。]"),
    ("他说：“改革的事情如何办。”\n我说：“开放怎么样办。”\n众人说：“城市的治理要从小事做起，一件一件做下去，不要急。”",
     "众人说：“城市的治理要从小事做起，一件一件做下去，不要急。”\n他说：“改革的事情如何办。”\n我说：“开放怎么样办。”",
     "[>他说：“改革的事情如何办。”\n我说：“开放怎么样办。”][-\n]众人说：“城市的治理要从小事做起，一件一件做下去，不要急。”"
     "[+\n][<他说：“改革的事情如何办。”\n我说：“开放怎么样办。”]"),
    ("改革从哪里开始\n开放往哪里去\n城市的治理要从小事做起，一件一件做下去，不急不躁",
     "城市的治理要从小事做起，一件一件做下去，不急不躁\n改革从哪里开始\n开放往哪里去",
     "[>改革从哪里开始\n开放往哪里去][-\n]城市的治理要从小事做起，一件一件做下去，不急不躁"
     "[+\n][<改革从哪里开始\n开放往哪里去]"),
    ("他说：“改革的事情如何。”我们再说开放的事情怎么样办。", "我们再说开放的事情怎么样办。他说：“改革的事情如何。”",
     "[>他说：“改革的事情如何。”]我们再说开放的事情怎么样办。[<他说：“改革的事情如何。”]"),
]  # fmt: skip


@every_row(("before", "after", "expected"), MOVES)
def test_long_text_at_another_place_is_marked_as_moved(before: str, after: str, expected: str) -> None:
    style = {"equal": "{}", "insert": "[<{}]", "delete": "[>{}]"}
    found = segments(before, after)
    told = "".join(style[each.op].format(each.text) if each.move else marked([each]) for each in found)
    assert told == expected


def test_the_one_sentence_that_was_not_edited_may_be_the_one_that_moved() -> None:
    old = [f"第{n}段讲城市治理如何落到第{n}条街道，也讲数字怎样减负。" for n in range(30)]
    new = [*(paragraph.replace("数字", "数据") for paragraph in old[1:]), old[0]]
    found = segments("\n".join(old), "\n".join(new))
    assert [each.text for each in found if each.move] == [old[0]] * 2
    assert [each.text for each in found if each.op != "equal" and not each.move and each.text != "\n"] == [
        "字",
        "据",
    ] * 29


def changed(before: str, after: str) -> list[str]:
    return [marked([each]) for each in segments(before, after) if each.op != "equal"]


def test_a_text_without_punctuation_that_changed_at_both_ends_is_marked_there() -> None:
    long = "".join(chr(0x4E00 + n * 7 % 5003) for n in range(10_000))
    assert changed(long, f"甲{long[1:-1]}乙") == [f"[-{long[0]}]", "[+甲]", f"[-{long[-1]}]", "[+乙]"]
    same = "改" * 10_000
    assert changed(same, f"甲{same}乙") == ["[+甲]", "[+乙]"]
    assert changed("abcde" * 2_000, "x" + "abcde" * 2_000 + "y") == ["[+x]", "[+y]"]


def test_thousands_of_alternating_lines_are_compared_in_steps_that_grow_with_their_number() -> None:
    """Each item of a block costs a row of bits; no block is larger than WHOLE, whatever the texts hold."""
    assert changed("甲\n乙\n" * 2_000, "乙\n甲\n" * 2_000) == ["[+乙\n]", "[-乙\n]"]
    lines = [f"第{n}行讲改革" for n in range(4_000)]
    edited = [line.replace("改革", "开放") if n % 2 else line for n, line in enumerate(lines)]
    assert changed("\n".join(lines), "\n".join(edited)) == ["[-改革]", "[+开放]"] * 2_000


@pytest.mark.parametrize(("old", "new"), [("ab" * 9_000, "ba" * 9_000), ("abc" * 7_000, "cb" * 9_000)])
def test_no_more_than_a_block_is_compared_at_a_time(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    rows = subsequence._rows

    def counted(before: Sequence[int], after: Sequence[int]) -> list[int]:
        asked.append(len(before) * len(after))
        return rows(before, after)

    monkeypatch.setattr(subsequence, "_rows", counted)
    subsequence.runs([ord(each) for each in old], [ord(each) for each in new])
    assert max(asked) <= subsequence.MAX_ITEMS_AT_ONCE**2
    assert len(asked) <= 4 * max(len(old), len(new)) / subsequence.ITEMS_PER_BLOCK + 2


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
