"""Significant and cosmetic changes: a table of changes that sites really make."""

from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from archive.diffing.significance import significance_of

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
    # counters that earlier versions of the parser took for a part of a value
    ("metadata", "来源: 江海日报 浏览次数12", "来源: 江海日报 浏览次数1204", "cosmetic"),
    ("metadata", "来源: 江海日报 浏览次数12", "来源: 江海日报", "cosmetic"),
    ("metadata", "来源: 江海日报 浏览次数12", "来源: 江海晚报 浏览次数15", "substantive"),
    ("metadata", "来源: 江海日报　阅读 1.2万　打印", "来源: 江海日报　阅读 1.3万　打印", "cosmetic"),
    ("metadata", "发布时间: 3小时前", "发布时间: 1天前", "cosmetic"),
    ("metadata", "标题: 昨天 今天", "标题: 昨天 明天", "substantive"),
    ("metadata", "标题: 阅读 12 本书", "标题: 阅读 15 本书", "substantive"),
    ("metadata", "印发份数: 12份", "印发份数: 15份", "substantive"),
    ("source_line", "江海日报 0条评论", "江海日报 2条评论", "cosmetic"),
    ("source_line", "江海日报 多云 12℃", "江海日报 晴 9℃~17℃", "cosmetic"),
    ("source_line", "江海日报 2 hours ago", "江海日报 yesterday", "cosmetic"),
    ("source_line", "12 views", None, "cosmetic"),
    ("source_line", "江海日报 0条评论", "江海晚报 0条评论", "substantive"),
    ("source_line", "江海日报", None, "substantive"),
    ("keywords", "城市更新\n打印", "城市更新\n分享", "substantive"),
    ("keywords", "城市更新 浏览次数：12", "城市更新 浏览次数：15", "cosmetic"),
    ("body_text", "阅读 1203\n江水涨了。", "阅读 1304\n江水涨了。", "cosmetic"),
    ("body_text", "江水涨了。\n点赞 12\n收藏：5", "江水涨了。\n点赞 13\n收藏：6", "cosmetic"),
    ("body_text", "江水涨了。浏览次数：12", "江水涨了。浏览次数：15", "cosmetic"),
    ("body_text", "江水涨了。\n点赞 12", "江水退了。\n点赞 13", "substantive"),
    ("body_text", "江水涨了。\n点赞 12\n又退了。", "江水涨了。\n点赞 13\n又退了。", "substantive"),
    ("body_text", "去年收到评论3200条。", "去年收到评论3300条。", "substantive"),
    ("body_text", "气温升到12℃。", "气温升到15℃。", "substantive"),
    ("body_text", "点击量\t3.2亿\n江水涨了。", "点击量\t3.3亿\n江水涨了。", "substantive"),
    ("headline", "浏览次数：12", "浏览次数：15", "substantive"),
]


@every_row(
    ("name", "before", "after", "expected"),
    [
        *(("body_text", before, after, "cosmetic") for before, after in COSMETIC),
        *(("headline", before, after, "substantive") for before, after in SUBSTANTIVE),
        *PROPERTIES,
    ],
)
def test_a_change_has_the_same_significance_in_both_directions(
    name: str, before: str | None, after: str | None, expected: str
) -> None:
    assert significance_of(name, before, after) == expected
    assert significance_of(name, after, before) == expected


@given(st.text())
def test_a_text_never_differs_from_itself(text: str) -> None:
    assert significance_of("body_text", text, text) == "cosmetic"


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Lo"], min_codepoint=0x4E00, max_codepoint=0x9FFF)),
       st.integers(0, 20), st.sampled_from("一“《！？②²人"))  # fmt: skip
def test_a_character_that_is_added_is_never_cosmetic(text: str, at: int, added: str) -> None:
    assert significance_of("body_text", text, text[:at] + added + text[at:]) == "substantive"
