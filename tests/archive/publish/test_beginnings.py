"""The beginnings of texts: a sentence where there is one, never half a character."""

from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from archive.publish.formatting.beginnings import brief, first_sentence, to_clause


@every_row(
    ("text", "sentence"),
    [
        ("改革要落到实处。第二句。", "改革要落到实处。"),
        ("\n　　\n  城市的温度从哪里来？从小事来。", "城市的温度从哪里来？"),
        ("“这件事，一定要办好！”他说。", "“这件事，一定要办好！”"),
        ("怎么办？！再想想。", "怎么办？！"),
        ("一行没有句号\n第二行。", "一行没有句号"),
        ("增长3.5个百分点。其余不变。", "增长3.5个百分点。"),
        ("Governance begins at the door. Then it walks.", "Governance begins at the door."),
        (
            "Dr. Lin and J. K. Smith met in St. Petersburg. They talked.",
            "Dr. Lin and J. K. Smith met in St. Petersburg.",
        ),
        ('He said "no." She left.', 'He said "no."'),
        ("A list on a wall, 改革 in small steps.", "A list on a wall, 改革 in small steps."),
        ("长" * 81 + "。", "长" * 80 + "…"),
        ("长" * 79 + "。后", "长" * 79 + "。"),
        ("", None),
        ("\n \n", None),
        (None, None),
    ],
)
def test_the_first_sentence_ends_at_its_stop_or_line_and_is_cut_at_80_characters(
    text: str | None, sentence: str | None
) -> None:
    assert first_sentence(text) == sentence


@every_row(
    ("text", "most", "shown"),
    [
        ("思想者", 3, "思想者"),
        ("思想者说", 3, "思想者…"),
        ("改革 re\u0301forme", 3, "改革…"),
        ("家👨‍👩‍👧好好", 4, "家…"),  # a family is one character
        ("好👍🏽的", 2, "好…"),
        ("🇨🇳🇫🇷🇨🇳", 2, "🇨🇳🇫🇷…"),
        ("Small things make", 5, "Small…"),
        ("Small things make", 8, "Small things…"),
        ("x" * 99, 40, "x" * 80 + "…"),  # no word is so long
        ("城葛\U000e0100市", 2, "城…"),
        ("一 二三", 2, "一…"),
        (None, 3, ""),
    ],
)
def test_a_cut_keeps_characters_whole(text: str | None, most: int, shown: str) -> None:
    assert brief(text, most) == shown


@given(st.text(alphabet="思a\u0301\u200d👍🏽🇨🇳 。\n", max_size=30), st.integers(1, 12))
def test_a_cut_is_a_beginning_and_short_enough(text: str, most: int) -> None:
    shown = brief(text, most)
    assert (
        shown == text if len(text) <= most else text.startswith(shown.removesuffix("…")) and len(shown) <= 2 * most + 1
    )


@every_row(
    ("text", "most", "expected"),
    [
        ("短句。", 10, "短句。"),
        ("江水涨了，桥还在。人都走了以后再说。", 10, "江水涨了，桥还在。…"),
        ("他说：“江水涨了。”桥还在那里等人。", 10, "他说：“江水涨了。”…"),
        ("没有任何停顿的一句很长的话一直写下去", 10, "没有任何停顿的一句很…"),
        ("共有1,234,567人参加了会议", 6, "共有1,234,…"),
        ("One list, two walls. Three doors and more", 12, "One list, two walls.…"),
        ("version 3.5 of the text is longer than it", 8, "version 3.5 of…"),
        ("", 10, ""),
    ],
)
def test_a_description_ends_with_a_clause(text: str, most: int, expected: str) -> None:
    assert to_clause(text, most) == expected
