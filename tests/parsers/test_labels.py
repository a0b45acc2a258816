"""One table of labels serves bylines, notes of the page and biographies, in both scripts. All lines are our own."""

import pytest
from support.handmade import HEAD, PROSE, paragraphs, read
from support.tables import every_row

from parsers.people.bylines import authors, editors, source_line, speakers
from parsers.reader.body.lines.notes import is_machinery
from parsers.text import author_post, is_biography_heading
from parsers.text.notices import Biography, biography_parts


@every_row(
    ("line", "by", "edited_by", "spoken_by", "source"),
    [
        ("編輯：王小青　校對：李一　來源：江海日報", (), ("王小青", "李一"), (), "江海日報"),
        ("責任編輯 王小青 校對 李一", (), ("王小青", "李一"), (), None),
        ("编辑 王小青 校对 李一", (), ("王小青", "李一"), (), None),
        ("记者 张立文 责任校对 李一", ("张立文",), ("李一",), (), None),
        ("採訪：張立文 攝影：王小青", ("張立文",), (), (), None),
        ("本報記者張立文", ("張立文",), (), (), None),
        ("攝影記者：王小青", (), (), (), None),
        ("主讲 阮青", (), (), ("阮青",), None),
        ("本期主讲：阮青 整理：夏文", ("夏文",), (), ("阮青",), None),
        ("主講嘉賓：阮青", (), (), ("阮青",), None),
        ("主讲嘉宾 阮青", (), (), ("阮青",), None),
        ("讲述人 阮青", (), (), ("阮青",), None),
        ("讲述人讲了江海的故事", (), (), (), None),
        ("主讲 江海的故事", (), (), (), None),
        ("图片来源：江海图库", (), (), (), None),
    ],
)
def test_a_label_names_people_in_both_scripts_with_or_without_a_colon(line, by, edited_by, spoken_by, source):
    assert (authors(line), editors(line), speakers(line), source_line(line)) == (by, edited_by, spoken_by, source)


@every_row("label", ["作者", "主讲", "主讲人", "主講人", "主讲嘉宾", "讲述人", "演讲者"])
@every_row("ending", ["简介", "簡介", "小传"])
def test_a_biography_may_have_every_label_of_writers_and_speakers(label, ending):
    told = biography_parts(f"{label}{ending}：王小青，江海大学教授")
    assert (is_biography_heading(label + ending), told) == (True, Biography("王小青", ("江海大学教授",)))


@every_row("line", ["（主讲嘉宾系江海大学教授）", "（作者：王小青，系江海大学教授）", "讲述人：王小青，江海市江海大学"])
def test_a_line_about_writer_or_speaker_is_a_biography_and_no_paragraph(line):
    article = read(f"{HEAD}<div class=text>{paragraphs([*PROSE, line])}</div>")
    assert (author_post(line), article.biography, article.paragraphs) == (True, line, tuple(PROSE))


@pytest.mark.parametrize(
    "line", ["校對：李一", "栏目主编：王小青", "審核：王小青", "圖片來源：江海圖庫", "稿源：江海网"]
)
def test_a_line_with_a_label_of_editor_or_source_is_no_paragraph(line):
    article = read(f"{HEAD}<div class=text>{paragraphs([*PROSE, line])}</div>")
    assert (is_machinery(line), article.paragraphs) == (True, tuple(PROSE))
