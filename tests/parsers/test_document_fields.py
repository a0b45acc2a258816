"""The fields of a policy document are read from labels and values side by side, in any markup. Own words.

The blocks stand for gov.cn (a table, and since 2023 a list), the portals of provinces and cities on the same publishing
systems (dl, ul, divs and spans, paragraphs with breaks), ministries (one line), and pages that print the text alone.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.handmade import PROSE, page, paragraphs, read
from support.tables import every_row

from parsers.reader.body.documents.document_table import document_table
from parsers.reader.body.documents.labels import LABELS, NUMBERS, TELLING
from parsers.reader.body.documents.signature import signed_fields

TITLE = "江海市人民政府关于公共数据的通知"
BODY = f"<div class='text'>{paragraphs(PROSE)}</div>"
FIELDS = {
    "索引号": "000014349/2024-00007",
    "发文机关": "江海市人民政府",
    "文号": "江府发〔2024〕3号",
    "成文日期": "2024年03月28日",
    "发布日期": "2024年04月13日",
    "公开主体": "江海市大数据局",
    "主题词": "数据 管理",
    "有效性": "有效",
}


def fields(block: str, headline: str = TITLE, body: str = BODY) -> dict[str, str]:
    return dict(read(f"<title>{headline}</title>{block}<h1>{headline}</h1>{body}").metadata)


def each(form: str, outer: str = "{}") -> str:
    return outer.format("".join(form.format(label=label, value=value) for label, value in FIELDS.items()))


FORMS = {
    "<li><b>{label}：</b>{value}</li>": "<ul>{}</ul>",
    "<div><div>{label}</div><div>{value}</div></div>": "<div>{}</div>",
    "<tr><th>{label}</th><td>{value}</td></tr>": "<table>{}</table>",
    "{label}：{value}<br>": "<p>{}</p>",
}


SIDE_BY_SIDE = {
    "a table with colons": each("<tr><td>{label}：</td><td>{value}</td></tr>", "<table>{}</table>"),
    "a table with th and no colon": each("<tr><th>{label}</th><td>{value}</td></tr>", "<table>{}</table>"),
    "a table of cells without th": each("<tr><td>{label}</td><td>{value}</td></tr>", "<table>{}</table>"),
    "one row of many cells": each("<td><b>{label}:</b></td><td>{value}</td>", "<table><tr>{}</tr></table>"),
    "label and value in one cell": each("<tr><td>{label}：{value}</td></tr>", "<table>{}</table>"),
    "dl": each("<dt>{label}</dt><dd>{value}</dd>", "<dl>{}</dl>"),
    "dl in divs": each("<div><dt>{label}：</dt><dd><p>{value}</p></dd></div>", "<dl>{}</dl>"),
    "li with a bold label": each("<li><b>{label}：</b>{value}</li>", "<ul>{}</ul>"),
    "li with two spans": each("<li><span>{label}</span><span>{value}</span></li>", "<ul>{}</ul>"),
    "li by li": each("<li>{label}：</li><li>{value}</li>", "<ul>{}</ul>"),
    "ordered": each("<li>{label}：{value}</li>", "<ol>{}</ol>"),
    "divs": each("<div class='row'><div class='k'>{label}</div><div class='v'>{value}</div></div>"),
    "spans": each("<span>{label}：</span><span>{value}</span> ", "<div>{}</div>"),
    "divs of wrapped spans": each("<div><div><span>{label}：</span></div><div><span>{value}</span></div></div>"),
    "labels and inputs": each("<p><label>{label}</label>：<em>{value}</em></p>"),
    "paragraphs": each("<p>{label}：{value}</p>"),
    "breaks": each("{label}：{value}<br>", "<div>{}</div>"),
    "bold labels and breaks": each("<strong>{label}：</strong>{value}<br/>", "<p>{}</p>"),
    "one line": each("{label}：{value}　", "<p>{}</p>"),
    "brackets": each("<div>【{label}】{value}</div>"),
    "a colon in a cell of its own": each("<td>{label}</td><td>：</td><td>{value}</td>", "<table><tr>{}</tr></table>"),
    "headings over values": each("<li><h4>{label}</h4><p>{value}</p></li>", "<ul>{}</ul>"),
    "a blank between": each("<p>{label} {value}</p>"),
    "wide blanks between": each("<p>{label}　　{value}</p>"),
    "a value in pieces": each("<li><b>{label}：</b><i></i><u>{value}</u><!-- x --></li>", "<ul>{}</ul>"),
}


@every_row("block", SIDE_BY_SIDE.values())
def test_a_label_and_the_value_beside_it_are_a_field(block):
    assert fields(block) == FIELDS


def test_a_block_below_the_text_counts_as_well():
    assert fields("", body=BODY + SIDE_BY_SIDE["divs"]) == FIELDS


@every_row("label", ["公文文号", "发文文号", "公布日期", "发文时间", "文件状态", "文件效力"])
def test_labels_of_other_portals_are_known(label):
    assert fields(f"<ul><li>索引号：A1</li><li>{label}：甲乙丙</li></ul>") == {"索引号": "A1", label: "甲乙丙"}


def test_a_menu_of_labels_is_no_block():
    menu = "<p>索引号 发文机关 文号 成文日期 主题词</p>"
    assert fields(menu, body=BODY) == {}


@pytest.mark.parametrize("label", ["索 引 号", "索　引　号", "索&nbsp;引&nbsp;号", "  索引号  "])
def test_a_label_may_be_spaced_to_fill_its_cell(label):
    block = f"<div><div>{label}：</div><div>A1</div></div><div><div>发文机关：</div><div>江海市人民政府</div></div>"
    assert fields(block) == {"索引号": "A1", "发文机关": "江海市人民政府"}


@every_row(
    ("block", "found"),
    [
        (  # a field that is left empty is none, and takes no other's value
            "<table><tr><td>索引号：</td><td>A1</td><td>主题词：</td><td></td></tr>"
            "<tr><td>文号：</td><td>江府发〔2024〕3号</td><td>有效性：</td><td>&nbsp;</td></tr></table>",
            {"索引号": "A1", "文号": "江府发〔2024〕3号"},
        ),
        (
            "<div><div>索引号：</div><div>A1</div></div><div><div>文号：</div><div>江府发〔2024〕3号</div></div>"
            "<div><div>有效性：</div></div>",
            {"索引号": "A1", "文号": "江府发〔2024〕3号"},
        ),
        (
            "<ul><li>索引号：A1</li><li>主题词：</li><li>文号：江府发〔2024〕3号</li></ul>",
            {"索引号": "A1", "文号": "江府发〔2024〕3号"},
        ),
        (  # labels that we do not know stand between
            "<p>索引号：A1</p><p>服务对象：企业</p><p>主题分类：综合</p><p>发文机关：江海市人民政府</p>",
            {"索引号": "A1", "主题分类": "综合", "发文机关": "江海市人民政府"},
        ),
        (
            "<p><span>索引号：</span>A1 <span>统一登记号：</span>JHPR-1 <span>文号：</span>江府发〔2024〕3号</p>",
            {"索引号": "A1", "文号": "江府发〔2024〕3号"},
        ),
        (
            "<p>索引号：A1　统一登记号：JHPR-1　文号：江府发〔2024〕3号　服务对象：企业</p>",
            {"索引号": "A1", "文号": "江府发〔2024〕3号"},
        ),
        (
            "<ol><li>[主题分类] <span>综合</span></li><li>[发文机构]<span>江海市人民政府</span></li>"
            "<li>[成文日期]<span>2024-03-28</span></li></ol>",
            {"主题分类": "综合", "发文机构": "江海市人民政府", "成文日期": "2024-03-28"},
        ),
        (
            "<div><span><label>索引号</label>A1</span><span><label>文号</label>江府发〔2024〕3号</span></div>",
            {"索引号": "A1", "文号": "江府发〔2024〕3号"},
        ),
        (
            "<table><tr><td>索引号:</td><td>A1</td><td>分类:</td><td>综合</td></tr><tr><td>发布机构:</td>"
            "<td>江海市人民政府</td><td>成文日期:</td><td>2024-03-28</td></tr>"
            "<tr><td>名称:</td><td colspan=3>江海：关于数据的通知</td></tr></table>",
            {"索引号": "A1", "发布机构": "江海市人民政府", "成文日期": "2024-03-28", "名称": "江海：关于数据的通知"},
        ),
        (  # a value of several pieces
            "<ul><li><b>索引号：</b>A1<i>/2024</i></li><li><b>发文机关：</b>江海市人民政府、<a>江海市大数据局</a></li></ul>",
            {"索引号": "A1/2024", "发文机关": "江海市人民政府、江海市大数据局"},
        ),
        (
            "<p>文号：江府发〔2024〕3号　发布日期：2024-04-13</p>",
            {"文号": "江府发〔2024〕3号", "发布日期": "2024-04-13"},
        ),
    ],
)
def test_each_label_gets_its_own_value_and_an_empty_label_gets_no_value(block, found):
    assert fields(block) == found


@every_row(
    "block",
    [
        "<p>来源：江海日报　发布日期：2024-04-13</p>",
        "<p>发布机构：江海市统计局　发布日期：2024-04-13</p>",
        "<ul><li><a>标题</a></li><li><a>名称</a></li><li><a>来源</a></li></ul>",
        "<p>请按索引号查询。</p><p>发文机关应当在收到后答复。</p>",
        "<form><label>索引号</label><input><label>文号</label><input><label>发文机关</label><input></form>",
    ],
)
def test_labels_of_ordinary_pages_give_no_document_fields(block):
    assert fields(block) == {}


ROW = "<div><a href='/{0}'>江海市通知之{0}</a><p>文号：江府发〔2024〕{0}号　成文日期：2024-03-{0}</p>{1}</div>"


@pytest.mark.parametrize(
    "between", ["", "".join(f"<p>第{n}段的说明文字。</p>" for n in range(9))], ids=["close", "apart"]
)
def test_a_list_of_documents_gives_no_fields(between):
    rows = "".join(ROW.format(n, between) for n in range(10, 20))
    assert fields(f"<div>{rows}</div>") == {}
    assert fields(SIDE_BY_SIDE["dl"], body=BODY + paragraphs(PROSE * 3) + ROW.format(12, "")) == FIELDS


def test_a_byline_near_the_block_is_no_part_of_it():
    block = SIDE_BY_SIDE["ordered"]
    byline = f"<p>2024-04-13 09:05</p><p>来源：江海日报</p>{BODY}<p>关键词：数据</p>"
    assert fields(block, body=byline) == FIELDS


SIGNED = "<p>江海市人民政府</p><p>{date}</p>"
NUMBERED = "<p>江府发〔2024〕3号</p>"


@every_row(
    ("text", "found"),
    [
        (NUMBERED + paragraphs(PROSE) + SIGNED.format(date="2024年3月28日"), ("江府发〔2024〕3号", "2024年3月28日")),
        (paragraphs(PROSE) + SIGNED.format(date="二〇二四年三月二十八日"), (None, "二〇二四年三月二十八日")),
        (NUMBERED + paragraphs(PROSE), ("江府发〔2024〕3号", None)),
        (NUMBERED + paragraphs(PROSE) + "<p>2024年3月28日</p>", ("江府发〔2024〕3号", "2024年3月28日")),
        ("<p>（江府办〔2024〕12号）</p>" + paragraphs(PROSE), ("江府办〔2024〕12号", None)),
        ("<p>江府规[2024]3号</p>" + paragraphs(PROSE), ("江府规[2024]3号", None)),
        ("<p>江府发﹝2024﹞3号</p>" + paragraphs(PROSE), ("江府发﹝2024﹞3号", None)),
        ("<p>江海市人民政府令第77号</p>" + paragraphs(PROSE), ("江海市人民政府令第77号", None)),
        ("<p>江海市财政局公告2024年第12号</p>" + paragraphs(PROSE), ("江海市财政局公告2024年第12号", None)),
        (  # the plan that the notice sends out stands below its signature
            NUMBERED
            + paragraphs(PROSE)
            + SIGNED.format(date="2024年3月28日")
            + "<p>江海市公共数据方案</p>"
            + paragraphs(PROSE),
            ("江府发〔2024〕3号", "2024年3月28日"),
        ),
        (
            paragraphs(PROSE) + "<p>江海市大数据局　江海市财政局</p><p>2024年3月28日</p><p>（此件公开发布）</p>",
            (None, "2024年3月28日"),
        ),
        (paragraphs(PROSE) + "<p>江海市人民政府办公厅 2024年3月28日</p>", (None, "2024年3月28日")),
        # no document: a talk's day, a letter's, a number inside a sentence
        (paragraphs(PROSE) + "<p>2024年3月28日</p>", (None, None)),
        (paragraphs(PROSE) + "<p>写于江海之滨</p><p>2024年3月28日</p>", (None, None)),
        (paragraphs([*PROSE, "《通知》（江府发〔2024〕3号）已经印发，请遵照执行。"]), (None, None)),
        (paragraphs([*PROSE, "他在江海市人民政府", "2024年3月28日的会上说了这些话，大家都听见了。"]), (None, None)),
    ],
)
def test_number_and_day_stand_in_the_text_where_the_page_has_no_block(text, found):
    metadata = fields("<p>2024-04-13 09:05</p>", body=f"<div class='text'>{text}</div>")
    assert (metadata.get("文号"), metadata.get("成文日期")) == found
    assert not metadata.keys() - {"文号", "成文日期"}


def test_a_block_goes_before_the_text():
    signed = f"<div class='text'>{NUMBERED}{paragraphs(PROSE)}{SIGNED.format(date='2024年3月27日')}</div>"
    assert fields(SIDE_BY_SIDE["dl"], body=signed) == FIELDS


def test_the_signature_dates_a_page_without_another_day():
    text = f"<div class='text'>{NUMBERED}{paragraphs(PROSE)}{SIGNED.format(date='2024年3月28日')}</div>"
    undated = f"<title>{TITLE}</title><h1>{TITLE}</h1>{text}"
    assert str(read(undated).date_published) == "2024-03-28 00:00:00+08:00"
    dated = f"<title>{TITLE}</title><h1>{TITLE}</h1><p>2024-04-13 09:05</p>{text}"
    assert str(read(dated).date_published) == "2024-04-13 09:05:00+08:00"


def test_a_label_repeated_without_end_is_read_in_time():
    assert len(fields("<div>索引号：" * 3_000 + "<div>文号：")) <= 2


PIECES = st.sampled_from(
    ["国发", "〔2019〕", "5号", "国务院", "2019年1月27日", "二〇一九年", "第777号", "令", "部", "（", "）", " "]
)
LINE = st.lists(PIECES | st.text(max_size=3), max_size=6).map("".join)


@given(st.lists(LINE, max_size=6))
def test_each_signed_field_stands_in_one_line_of_the_text(lines):
    found = dict(signed_fields(lines))
    assert found.keys() <= {"文号", "成文日期"}
    assert all(any(value in line for line in lines) for value in found.values())


@given(st.lists(st.sampled_from(sorted(LABELS)), min_size=2, max_size=6, unique=True), st.sampled_from(sorted(FORMS)))
def test_known_labels_are_read_in_every_markup_or_make_no_document(labels, form):
    block = FORMS[form].format("".join(form.format(label=label, value=f"甲{n}乙") for n, label in enumerate(labels)))
    found = dict(document_table(page(f"<h1>{TITLE}</h1>{block}")))
    assert found in ({}, {label: f"甲{n}乙" for n, label in enumerate(labels)})
    assert bool(found) == (len(TELLING & {*labels}) >= 2 or bool(NUMBERS & {*labels}))
