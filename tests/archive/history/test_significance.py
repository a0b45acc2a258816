"""Whether a change means anything, as a table of what sites really change."""

from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from archive.significance import significance

COSMETIC = [
    # width and blanks
    ("改革，开放", "改革,开放"),
    ("（摘要）", "(摘要)"),
    ("ＡＩ时代", "AI时代"),
    ("１００％", "100%"),
    ("ｶﾀｶﾅ", "カタカナ"),
    ("AI时代", "AI 时代"),
    ("改革 开放\n再出发", "改革开放\u3000再出发"),
    ("改\u200b革", "改革"),
    ("改\u00a0革", "改 革"),
    ("cafe\u0301", "café"),
    # the shape of one mark
    ("“改革”开放", "「改革」开放"),
    ("“改革”开放", '"改革"开放'),
    ("‘改革’开放", "'改革'开放"),
    ("改革——开放", "改革—开放"),
    ("2020–2024", "2020-2024"),
    ("列夫·托尔斯泰", "列夫•托尔斯泰"),
    ("还有……", "还有..."),
    ("还有…", "还有⋯⋯"),
    ("10～12时", "10~12时"),
    ("完。", "完."),
]
SUBSTANTIVE = [
    # marks that come or go
    ("所谓“民主”", "所谓民主"),
    ("读《论语》", "读论语"),
    ("改革！", "改革"),
    ("改革？", "改革"),
    ("改革！", "改革？"),
    ("改革，开放", "改革、开放"),
    ("改革——开放", "改革开放"),
    ("《论语》", "〈论语〉"),
    # figures that NFKC takes for others
    ("10²", "102"),
    ("①", "1"),
    ("㎡", "m2"),
    ("½", "1⁄2"),
    ("Ⅳ", "IV"),
    ("㈱", "(株)"),
    # words
    ("now here", "nowhere"),
    ("2024年", "2025年"),
    ("China", "china"),
    ("總書記", "总书记"),
    (None, "改革"),
]
PROPERTIES = [
    ("editors", "周一帆", "李二舟", "cosmetic"),
    ("editors", None, "李二舟", "cosmetic"),
    ("authors", "周一帆", "李二舟", "substantive"),
    ("metadata", "阅读: 1200", "阅读: 3.4万", "cosmetic"),
    ("metadata", "文号: 沪府〔2024〕1号\n浏览次数：12", "文号: 沪府〔2024〕1号\n浏览次数：15次", "cosmetic"),
    ("metadata", "Comments: 3", None, "cosmetic"),
    ("metadata", "views: 1,203", "views: 2k", "cosmetic"),
    ("metadata", "文号: 1", "文号: 2", "substantive"),
    ("metadata", "阅读提示: 1", "阅读提示: 2", "substantive"),
    ("metadata", "阅读: 全文", "阅读: 摘要", "substantive"),
    ("body_text", "阅读: 1200", "阅读: 1300", "substantive"),
]


@every_row(
    ("name", "before", "after", "expected"),
    [
        *(("body_text", before, after, "cosmetic") for before, after in COSMETIC),
        *(("headline", before, after, "substantive") for before, after in SUBSTANTIVE),
        *PROPERTIES,
    ],
)
def test_significance(name: str, before: str | None, after: str | None, expected: str) -> None:
    assert significance(name, before, after) == expected
    assert significance(name, after, before) == expected


@given(st.text())
def test_a_text_never_differs_from_itself(text: str) -> None:
    assert significance("body_text", text, text) == "cosmetic"


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Lo"], min_codepoint=0x4E00, max_codepoint=0x9FFF)),
       st.integers(0, 20), st.sampled_from("一“《！？②²人"))  # fmt: skip
def test_a_character_that_is_added_is_never_cosmetic(text: str, at: int, added: str) -> None:
    assert significance("body_text", text, text[:at] + added + text[at:]) == "substantive"
