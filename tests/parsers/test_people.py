"""Bylines, biographies and notices, as sites print them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.handmade import HEAD, PROSE, paragraphs, read
from support.tables import every_row

from parsers.people.bylines import authors, editors, source_line, speakers
from parsers.people.names import chinese_person, english_person, person
from parsers.text.notices import (
    Biography,
    ReprintNotice,
    biography_parts,
    canonical_source,
    is_biography_heading,
    reprint_notice,
)

BYLINES = [
    ("来源：上观新闻 作者：夏斌 2023-06-27 06:31", ("夏斌",), (), "上观新闻"),
    ("2019年02月15日 10:30   来源：中国政府网 字号：大 中 小", (), (), "中国政府网"),
    ("来源： 人民网－人民日报   2024年04月24日23:52", (), (), "人民网－人民日报"),
    ("来源：《求是》2019/01 作者：习近平", ("习近平",), (), "《求是》2019/01"),
    ("转自：央视新闻客户端", (), (), "央视新闻客户端"),
    ("Source: Xinhua | Editor: Li Wei", (), ("Li Wei",), "Xinhua"),
    ("解放日报·上观新闻记者 夏斌 舒抒", ("夏斌", "舒抒"), (), None),
    ("本报记者 王 强 李晓明 通讯员 陈晨 摄", ("王强", "李晓明", "陈晨"), (), None),
    ("新华社北京4月24日电（记者李明、王强）", ("李明", "王强"), (), None),
    ("文/李明 图/王强", ("李明",), (), None),
    ("作者 | 张三 编辑 | 李四", ("张三",), ("李四",), None),
    ("作者：上海市委党校课题组", ("上海市委党校课题组",), (), None),
    ("作者：卡尔·马克思", ("卡尔·马克思",), (), None),
    ("（责编：曹昆、夏晓伦）", (), ("曹昆", "夏晓伦"), None),
    ("责任编辑：霍琦 SN240", (), ("霍琦",), None),
    ("栏目主编：张骏 文字编辑：王潇 题图来源：视觉中国 图片编辑：笪曦", (), ("张骏", "王潇", "笪曦"), None),
    ("By Jane Doe and John Smith", ("Jane Doe", "John Smith"), (), None),
    ("By Jane Doe, John Smith | Photo by Ann Other", ("Jane Doe", "John Smith"), (), None),
    ("Author:Randy Hahn", ("Randy Hahn",), (), None),
    ("记者在现场看到，工程已经完工", (), (), None),
    ("数据来源：国家统计局", (), (), None),
    ("责任编辑：", (), (), None),
    ("I remember an article in the Liberation Daily", (), (), None),
    # Names that end like a word for what somebody did.
    ("作者：张立文", ("张立文",), (), None),
    ("本报记者 周文", ("周文",), (), None),
    # Characters of Extension A and of the planes beyond the first.
    ("本报记者 李㛃 吴𬱖", ("李㛃", "吴𬱖"), (), None),
    ("作者：吴𬱖 责任编辑 李㛃", ("吴𬱖",), ("李㛃",), None),
    ("来源：文汇报 作者：许文", ("许文",), (), "文汇报"),
    ("（责任编辑：张子文）", (), ("张子文",), None),
    ("来源：某某日报 | 作者：张云图 | 责任编辑：李图", ("张云图",), ("李图",), "某某日报"),
    ("作者：王新摄", ("王新摄",), (), None),
    ("记者 王海燕 通讯员 李文", ("王海燕", "李文"), (), None),
    ("记者王海燕通讯员李文", ("王海燕", "李文"), (), None),
    ("光明日报记者 张立文 光明日报通讯员 王图", ("张立文", "王图"), (), None),
    # Where the word for what they did stands behind the name.
    ("张三 文", ("张三",), (), None),
    ("张三/文 李四/图", ("张三",), (), None),
    ("本报记者 王图 文/图", ("王图",), (), None),
    ("记者 张立文 文图", ("张立文",), (), None),
    ("新华社记者 王图 摄", (), (), None),  # a caption
    ("▲某某日报全媒体图片记者王图、李妍摄", (), (), None),
    ("本报记者 李文 发自北京", ("李文",), (), None),
    ("记者李文北京报道", ("李文",), (), None),
    # Where it stands before.
    ("图/李四 文/王五", ("王五",), (), None),
    ("图/文 张三", ("张三",), (), None),
    ("文｜王五 编辑︱李四", ("王五",), ("李四",), None),
    ("文字：张立文 图片：王文", ("张立文",), (), None),
    ("文字 张立文 摄影 王文", ("张立文",), (), None),
    ("【文/观察网专栏作者 王文】", ("王文",), (), None),
    ("采写：南都见习记者 林子文", ("林子文",), (), None),
    ("作者：某社记者 张立文", ("张立文",), (), None),
    ("《棱镜》作者 周文", ("周文",), (), None),
    ("图文：音乐家上海演唱会", (), (), None),
    # Double surnames, foreign names, what is said about a person.
    ("作者：欧阳 修", ("欧阳修",), (), None),
    ("记者 诸葛亮 欧阳娜娜", ("诸葛亮", "欧阳娜娜"), (), None),
    ("作者：[美]约瑟夫·奈", ("约瑟夫·奈",), (), None),
    ("作者：约瑟夫•奈（Joseph Nye） 译者：王文", ("约瑟夫•奈", "王文"), (), None),
    ("作者：买买提·艾力", ("买买提·艾力",), (), None),
    ("作者：张三（某大学教授）、李四（某研究所所长）", ("张三", "李四"), (), None),
    ("（作者：张立文，系某大学教授）", ("张立文",), (), None),
    ("(作者：方敏北京大学经济学院教授)", ("方敏",), (), None),
    ("作者：佚名", (), (), None),
    ("责任编辑：史建文_NBJ11331", (), ("史建文",), None),
    ("责任编辑：NF055", (), (), None),
    ("（来源：某某网（北京））", (), (), "某某网（北京）"),
    ("来 源：某某网 编 辑：李 明", (), ("李明",), "某某网"),
    ("记者了解到，项目已经开工", (), (), None),
    ("记者于近日走进工厂", (), (), None),
    # Roles without a colon, several editors, and what was done with the words of others.
    ("编辑 张立文 校对 李一", (), ("张立文", "李一"), None),
    ("编辑：张立文 王小青 李一", (), ("张立文", "王小青", "李一"), None),
    ("摄影/李妍 编辑/王小青", (), ("王小青",), None),
    ("采写：张立文", ("张立文",), (), None),
    ("撰稿 张立文 责编 李一", ("张立文",), ("李一",), None),
    ("记者 张立文 整合", ("张立文",), (), None),
    ("編輯 王小青 綜合整理", (), ("王小青",), None),
    ("整合：张立文 来源：综合", ("张立文",), (), "综合"),
    # Bylines of Taiwan: name and place, and what a paper's own page prints beside them.
    ("〔記者張立文／台北報導〕江水漲了", ("張立文",), (), None),
    ("記者張立文、王小青／綜合報導", ("張立文", "王小青"), (), None),
    ("記者張立文台中報導", ("張立文",), (), None),
    ("來源：江海日報 友善列印", (), (), "江海日報"),
    ("來源：友善列印", (), (), None),
    ("来源：打印 分享", (), (), None),
    ("来源／江海日报", (), (), "江海日报"),
    ("整合 张立文", ("张立文",), (), None),
    ("特約記者張立文／專訪", ("張立文",), (), None),
    ("編譯張立文／綜合外電", ("張立文",), (), None),
    ("编译自外媒的报道", (), (), None),
    ("来源：网络 编辑：李一", (), ("李一",), None),
    # A person and a newspaper.
    ("张立文/江海日报", ("张立文",), (), "江海日报"),
    ("（張立文／江海新聞網）", ("張立文",), (), "江海新聞網"),
    ("作者：张立文/江海日报", ("张立文",), (), None),
    ("文/张立文 江海日报", ("张立文",), (), None),
    ("作者：江海日报", ("江海日报",), (), None),
    ("作者：新华社、江海日报", ("新华社", "江海日报"), (), None),
    ("江海日报/张立文", (), (), None),
    ("江海/江海日报", (), (), None),
]


@every_row(("line", "by", "edited_by", "source"), BYLINES)
def test_a_byline_gives_authors_editors_and_source(
    line: str, by: tuple[str, ...], edited_by: tuple[str, ...], source: str | None
) -> None:
    assert (authors(line), editors(line), source_line(line)) == (by, edited_by, source)


@pytest.mark.parametrize(
    ("line", "who", "by"),
    [
        ("主讲人：阮青 整理：夏斌", ("阮青",), ("夏斌",)),
        ("演讲者 | 欧阳修", ("欧阳修",), ()),
        ("Speaker: Ruan Qing", ("Ruan Qing",), ()),
        ("作者：夏斌", (), ("夏斌",)),
    ],
)
def test_speakers_and_authors_are_read_separately(line: str, who: tuple[str, ...], by: tuple[str, ...]) -> None:
    assert (speakers(line), authors(line)) == (who, by)


def test_a_page_keeps_speaker_author_editor_and_source_apart() -> None:
    line = "<p>来源：某某网 主讲人：阮青 整理：夏文 责任编辑：李图</p>"
    article = read(f"{HEAD}{line}<div>{paragraphs(PROSE)}</div>")
    assert (article.speaker, article.authors, article.editors, article.source_line) == (
        "阮青",
        ("夏文",),
        ("李图",),
        "某某网",
    )


@every_row("name", ["阮青", "易宪容", "欧阳娜娜", "卡尔·马克思", "鄭文燦", "Ruan Qing", "Syang", "Mary O'Brien"])
def test_a_name_is_a_person(name: str) -> None:
    assert person(name) == name


@every_row(
    "text",
    [
        "",
        "商务部",
        "上海社科院",
        "国务院",
        "益阳",
        "武汉的声音",
        "外国专家",
        "长三角",
        "社论",
        "AIGC",
        "World Bank",
        "large models",
        "Why",
    ],
)
def test_organisations_places_and_phrases_are_no_persons(text: str) -> None:
    assert person(text) is None


@pytest.mark.parametrize(("text", "name"), [("阮 青", "阮青"), ("阮青教授", "阮青"), ("李军", "李军")])
def test_blanks_and_honorifics_are_no_part_of_a_name(text: str, name: str) -> None:
    assert chinese_person(text) == name


@every_row(
    "heading",
    [
        "Biography",
        "Biography of Thinkers",
        "About the author",
        "Speaker biography",
        "思想者小传",
        "作者简介：",
        "【主讲人简介】",
        "■嘉宾名片",
    ],
)
def test_headings_of_biographies_are_recognized(heading: str) -> None:
    assert is_biography_heading(heading)


@pytest.mark.parametrize("line", ["", "小传", "他写了一部思想者小传", "His biography"])
def test_ordinary_lines_are_no_biography_heading(line: str) -> None:
    assert not is_biography_heading(line)


BIOGRAPHIES = [
    (
        "Li Wei, Director of the Institute, Deputy Head of the Office, and Member of the Council.",
        Biography("Li Wei", ("Director of the Institute", "Deputy Head of the Office", "Member of the Council")),
    ),
    ("阮青，市发展改革委副主任，研究院院长。", Biography("阮青", ("市发展改革委副主任", "研究院院长"))),
    ("作者简介：王文，某大学教授", Biography("王文", ("某大学教授",))),
    ("（作者为上海社会科学院研究员）", Biography(None, ("上海社会科学院研究员",))),
    ("", Biography(None, ())),
]


@every_row(("text", "expected"), BIOGRAPHIES)
def test_a_biography_gives_the_name_and_positions(text: str, expected: Biography) -> None:
    assert biography_parts(text) == expected


NOTICES = [
    (
        "转载请注明来源“上观新闻”，违者必将依法追究责任。",
        ReprintNotice("上观新闻", "上观新闻", "shobserver", licence_note=True),
    ),
    (
        'Please indicate the source when reprinting: "Liberation Daily"',
        ReprintNotice("Liberation Daily", "解放日报", "jiefang", False),
    ),
    ("未经授权，不得转载", ReprintNotice(None, None, None, False)),
    ("转载请注明出处：某某网", ReprintNotice("某某网", "某某网", None, False)),
    ("他转载了这篇文章", None),
    ("In the Liberation Daily I read an article", None),
]


@every_row(("line", "expected"), NOTICES)
def test_a_reprint_notice_gives_the_source_and_the_licence_note(line: str, expected: ReprintNotice | None) -> None:
    assert reprint_notice(line) == expected


@pytest.mark.parametrize(
    ("name", "canonical"),
    [("Shanghai  Observer", "上观新闻"), ("上观", "上观新闻"), ("Jiefang Daily", "解放日报"), ("Xinhua", None)],
)
def test_one_publisher_has_one_name(name: str, canonical: str | None) -> None:
    found = canonical_source(name)
    assert (found[0] if found else None) == canonical


@pytest.mark.shared
def test_the_seed_cases_of_people_are_read_as_expected(shared: Path) -> None:
    cases = {case["id"]: case for case in json.loads((shared / "data/seed_cases.json").read_text("utf-8"))["cases"]}
    biography = cases["bio"]["expected"]
    assert biography_parts(cases["bio"]["raw"]) == Biography(biography["name"], tuple(biography["positions"]))
    notice = cases["reprint"]["expected"]
    assert reprint_notice(cases["reprint"]["raw"]) == ReprintNotice(
        notice["source_name"], notice["source_canonical"], notice["source_key"], notice["licence_note"]
    )
    assert is_biography_heading(cases["bio-heading"]["raw"])
    assert source_line(cases["inline-source-mention"]["raw"]) is None


WORDS = """
    作者： 作者 记者 通讯员 编辑： 责编 来源： 转自: 文/ 图/ 文 图 摄 报道 主讲人： 译者 By by Author: Source:
    Jane Doe and 张立文 李明 王图 欧阳 修 约瑟夫·奈 某某日报 新华社 北京 大学 教授 系 、 ， （ ） [美] | ／
    ︱ _NF12 2024-04-13 10:30 4月13日
"""
LINES = st.lists(st.sampled_from([*WORDS.split(), " ", " "]) | st.text(max_size=3), max_size=14).map("".join)


@given(LINES)
def test_any_line_can_be_asked(line: str) -> None:
    for name in (*authors(line), *editors(line), *speakers(line)):
        assert name == name.strip() != ""
        assert "".join(name.split()) in "".join(line.split())
    named = source_line(line)
    assert named is None or named in line
    assert source_line(line) != ""
    assert is_biography_heading(line) in (True, False)
    assert "" not in biography_parts(line).positions
    assert reprint_notice(line) is None or "转载" in line or "reprint" in line.lower() or "source" in line.lower()
    assert english_person(line) in (None, line.strip())


@given(LINES)
def test_normalised_names_and_sources_stay_unchanged(line: str) -> None:
    for name in authors(line):
        assert authors(f"作者：{name}") == (name,)
    for name in editors(line):
        assert editors(f"编辑：{name}") == (name,)
    person_named, named = chinese_person(line), source_line(line)
    assert person_named is None or chinese_person(person_named) == person_named
    assert named is None or source_line(f"来源：{named}") == named
