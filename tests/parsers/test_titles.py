"""A title line is split into its parts: each row is a real title or a form that a site prints."""

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from parsers.titles import TitleParts, parse_title, speaker_in, title_key


def parts(headline: str, **said: object) -> TitleParts:
    nothing = dict.fromkeys(("alternative_headline", "kicker", "article_section", "speaker", "glued_keyword"))
    return TitleParts(**{"headline": headline, "keywords": (), "in_language": "zh-Hans", **nothing, **said})


CHINESE = [
    ("工作动态", parts("工作动态")),
    ("思想者 | 阮青：推进中国式现代化", parts("推进中国式现代化", article_section="思想者", speaker="阮青")),
    ("思想者 阮　青：推进中国式现代化", parts("推进中国式现代化", article_section="思想者", speaker="阮青")),
    ("上观·思想者丨陈学明：大国之路", parts("大国之路", article_section="思想者", speaker="陈学明")),
    (
        "思想者 | 卡尔·马克思：资本的逻辑——重读《资本论》",
        parts("资本的逻辑", alternative_headline="重读《资本论》", article_section="思想者", speaker="卡尔·马克思"),
    ),
    ("思想者｜陈学明、王文：大国之路", parts("大国之路", article_section="思想者", speaker="陈学明、王文")),
    ("思想者 |", parts("思想者")),
    (
        "棱镜|数据业大整顿：爬虫与现金贷共生共荣，用户信息几元不等_财经_腾讯网",
        parts("数据业大整顿：爬虫与现金贷共生共荣，用户信息几元不等", article_section="棱镜"),
    ),
    (
        "新年伊始，习近平的重要文章谈了啥？_中南海_澎湃新闻-The Paper",
        parts("新年伊始，习近平的重要文章谈了啥？", article_section="中南海"),
    ),
    ("【澎湃新闻】谢贵安：张居正对万历皇帝的儒学教育-国学院", parts("张居正对万历皇帝的儒学教育", speaker="谢贵安")),
    ("女儿出嫁，郑板桥画了几笔兰花当嫁妆--文化--人民网", parts("女儿出嫁，郑板桥画了几笔兰花当嫁妆")),
    ("山西品牌丝路行（南美站）正式启动 - 山西省人民政府门户网站", parts("山西品牌丝路行（南美站）正式启动")),
    (
        "鄭文燦：多元方案解決蛋荒 預估3月初緩解 | 政治 | 中央社 CNA",
        parts("多元方案解決蛋荒 預估3月初緩解", speaker="鄭文燦", in_language="zh-Hant"),
    ),
    ("交通运输部：着力打造京津冀区域综合立体交通网络", parts("交通运输部：着力打造京津冀区域综合立体交通网络")),
    ("益阳：“数字”是优长-半月谈", parts("益阳：“数字”是优长")),
    ("[思想者] 阮青：推进中国式现代化", parts("推进中国式现代化", article_section="思想者", speaker="阮青")),
    ("工业互联网怎么走|产业_互联网", parts("工业互联网怎么走", keywords=("产业", "互联网"))),
]

ENGLISH = [
    (
        "Thinker | Academician Wu Zhiqiang: The way",
        parts("The way", article_section="Thinker", speaker="Academician Wu Zhiqiang"),
    ),
    ("Thinker | Building a new city: the way", parts("Building a new city: the way", article_section="Thinker")),
    (
        "The integration of the delta has entered its sixth year | What comes after the first five years of it",
        parts(
            "The integration of the delta has entered its sixth year",
            alternative_headline="What comes after the first five years of it",
        ),
    ),
    ("Lessons of governing Shenyang | city | life", parts("Lessons of governing Shenyang", keywords=("city", "life"))),
    ("", parts("", in_language=None)),
    (" \u3000\t", parts("", in_language=None)),
    ("Zhang Weiwei: China's model", parts("China's model", speaker="Zhang Weiwei")),
    ("AIGC: how it changes | AI | industry", parts("AIGC: how it changes", keywords=("AI", "industry"))),
    ("World Bank: the economy grows", parts("World Bank: the economy grows")),
    (
        "How does it work? , Thinker | Li Wei: The way | city | life",
        parts(
            "The way",
            alternative_headline="How does it work?",
            article_section="Thinker",
            speaker="Li Wei",
            keywords=("city", "life"),
        ),
    ),
    ("[Thinker] Ruan Qing: The way", parts("The way", article_section="Thinker", speaker="Ruan Qing")),
    ("[thinker] The way of the city", parts("The way of the city", article_section="thinker")),
    ("[First Point of View] The way of the city", parts("The way of the city", article_section="First Point of View")),
    ("[Updated] The way of the city", parts("[Updated] The way of the city")),
    ("[1] The way of the city", parts("[1] The way of the city")),
    ("[in brackets] the way of the city", parts("[in brackets] the way of the city")),
    ("A future for Shanghai | city | life", parts("A future for Shanghai", keywords=("city", "life"))),
    (
        'The road to "quality growth" Culture | a | b',
        parts('The road to "quality growth"', keywords=("Culture", "a", "b"), glued_keyword="Culture"),
    ),
]


@every_row(("raw", "expected"), CHINESE)
def test_a_chinese_title_is_split_into_its_parts(raw: str, expected: TitleParts) -> None:
    assert parse_title(raw) == expected


@every_row(("raw", "expected"), ENGLISH)
def test_an_english_title_is_split_into_its_parts(raw: str, expected: TitleParts) -> None:
    language = None if not raw.strip() else "en"
    assert parse_title(raw) == parts(
        **{f: getattr(expected, f) for f in expected.__slots__} | {"in_language": language}
    )


@every_row(
    ("headline", "who"),
    [
        ("易宪容：拿什么来稳定投资信心与市场预期", "易宪容"),
        ("【澎湃新闻】谢贵安：张居正对万历皇帝的儒学教育", "谢贵安"),
        ("鄭文燦：多元方案解決蛋荒", "鄭文燦"),
        ("常修泽：人本型结构的转型", "常修泽"),
        ("傅莹：在世界面前讲述江海", "傅莹"),
        ("萧功秦：江与海的连接", "萧功秦"),
        ("阎学通：江与海的连接", "阎学通"),
        ("洪银兴：江与海的连接", "洪银兴"),
        ("赖明：江与海的连接", "赖明"),
        ("常州：江与海的连接", None),
        ("常委：江与海的连接", None),
        ("洪水：正在退去", None),
        ("王文、李一：江与海的连接", "王文、李一"),
        ("卡尔·马克思：资本的逻辑", "卡尔·马克思"),
        ("欧阳修教授: 江与海的连接", "欧阳修"),
        ("益阳：“数字”是优长", None),
        ("黄石：老矿城的新路", None),
        ("商务部：促消费", None),
        ("金价：又涨了", None),
        ("外国专家：中美合作共赢", None),
        ("高校：怎样留住青年教师", None),
        ("故宫，你低调点！故宫：不，实力已不允许我继续低调", None),
        ("易宪容：", None),
        ("棱镜|数据业大整顿：爬虫与现金贷共生共荣", None),
        ("江与海的连接", None),
    ],
)
def test_a_name_before_the_colon_of_a_headline_is_the_speaker(headline: str, who: str | None) -> None:
    assert speaker_in(headline) == who


def test_only_the_mirror_glues_a_tag_to_the_headline() -> None:
    raw = "Keep the course of modernization Politics | Risk | Strategy"
    assert parse_title(raw).keywords == parse_title(raw, "a5qu").keywords == ("Politics", "Risk", "Strategy")
    assert parse_title(raw, "newsroom").keywords == ("Risk", "Strategy")


@every_row("bar", "|｜丨│┃︱∣ǀ·・•")
def test_every_separator_is_one_separator(bar: str) -> None:
    assert parse_title(f"思想者{bar}阮青：推进") == parse_title("思想者 | 阮青：推进")


@every_row(
    "suffix",
    [
        "_新浪新闻",
        "_财经_腾讯网",
        "--上观",
        "-上观新闻",
        " - 中国日报网",
        "｜解放日报",
        "-人民日报-人民网",
        "_财新网_Caixin",
        "--地方领导--人民网",
        "_工作动态_江海市人民政府",
        "_凤凰网资讯_凤凰网",
        " - 36氪",
        "_网易订阅",
    ],
)
def test_a_site_name_is_no_part_of_the_title(suffix: str) -> None:
    assert parse_title(f"最强芯本月商用 华为抢跑大战{suffix}").headline == "最强芯本月商用 华为抢跑大战"


@pytest.mark.parametrize(
    "same",
    [
        ["“尊古”", '"尊古"', "「尊古」"],
        ["思想者 | 阮青：推进", "思想者｜阮青：推进", "思想者丨阮青:推进", "思想者│阮青： 推进"],
        ["ＡＩ 时代", "ai时代", "AI 时代 "],
    ],
)
def test_titles_that_differ_in_form_have_one_key(same: list[str]) -> None:
    assert len({title_key(raw) for raw in same}) == 1


@pytest.mark.shared
def test_the_seed_cases_of_titles_and_keys_are_read_as_expected(shared: Path) -> None:
    cases = json.loads((shared / "data/seed_cases.json").read_text("utf-8"))["cases"]
    titles = [case for case in cases if case["kind"] == "title"]
    wrong = [case["id"] for case in titles if _told(case["raw"]) not in map(_wanted, _accepted(case))]
    keys = [case for case in cases if case["kind"] == "comparison_key"]
    wrong += [case["id"] for case in keys if _same(case["raw"]) != case["expected"]["same_key"]]
    assert len(titles) > 20
    assert wrong == []


def _accepted(case: dict) -> list[dict]:
    return [case["expected"], *case.get("accept_also", [])]


def _wanted(expected: dict) -> dict:
    return {name: value for name, value in expected.items() if name != "column_key"}


def _same(raws: list[str]) -> bool:
    return len({title_key(raw) for raw in raws}) == 1


def _told(raw: str) -> dict:
    title = parse_title(raw)
    return {
        "headline": title.headline,
        "subtitle": title.alternative_headline,
        "kicker": title.kicker,
        "column": title.article_section,
        "speaker": title.speaker,
        "tags": list(title.keywords),
        "glued_first_tag": title.glued_keyword,
        "lang": (title.in_language or "")[:2],
    }


TITLE_TEXT = st.text(
    st.sampled_from(list('思想者阮青推进|丨：:?, _-—【】“”"AThinkera. 网')) | st.characters(), max_size=60
)


@given(TITLE_TEXT)
def test_any_text_has_parts(raw: str) -> None:
    title = parse_title(raw)
    assert title.headline or not _letters(raw)
    assert "" not in (title.alternative_headline, title.article_section, title.speaker, *title.keywords)


@given(TITLE_TEXT)
def test_no_letter_is_invented(raw: str) -> None:
    title = parse_title(raw)
    told = (title.headline, title.alternative_headline or "", title.article_section or "", title.speaker or "")
    assert not _letters("".join(told)) - _letters(raw)


PIECES = [
    "思想者",
    "Thinker",
    "阮青",
    "推进中国现代化",
    "长三角如何走在前列",
    "city",
    "一体化",
    "Delta",
    "“高质量”",
    "12",
    "AI",
    "丨",
    "|",
    "｜",
    "│",
    "┃",
    "·",
    "•",
    "【",
    "】",
    "：",
    ":",
    "——",
    "-",
    "_",
    "？",
    "，",
    "(",
    ")",
]


@given(
    st.lists(st.sampled_from([*PIECES, " ", " - ", "? ", "?, ", "Ruan Qing", "How does it work"]), max_size=12).map(
        "".join
    ),
    st.sampled_from([None, "a5qu", "newsroom"]),
)
def test_the_parts_are_the_line_without_its_separators(raw: str, source: str | None) -> None:
    title, line = parse_title(raw, source), " ".join(raw.split())
    told = (title.headline, title.alternative_headline or "", title.article_section or "", title.speaker or "")
    parts = [*told, *title.keywords]
    assert all(part in line or part.replace("、", "") in line.replace(" ", "").replace("、", "") for part in parts)
    lost = _counted(line) - _counted("".join(parts))
    assert set(lost) <= set("".join(title.keywords)), "only a tag that stands twice may go"
    assert not _counted("".join(parts)) - _counted(line)


@given(TITLE_TEXT)
def test_a_key_is_its_own_key(raw: str) -> None:
    assert title_key(title_key(raw)) == title_key(raw)


def _letters(text: str) -> set[str]:
    return {character for character in text if unicodedata.category(character)[0] in "LN"}


def _counted(text: str) -> Counter[str]:
    return Counter(character for character in text if character in _letters(text) and character != "丨")
