"""A row of a table is one line of the text, its cells joined by a tab; a table that only places things is none.

The tables are our own, in the shapes of those on the sites that each of them names.
"""

import pytest
from support.handmade import HEAD, PROSE, paragraphs, read
from support.tables import every_row

from parsers import Article

OPENING, CLOSING = PROSE[:2], PROSE[2:]


def article(table: str) -> Article:
    return read(f"<html><head>{HEAD}</head><body><div class=TRS_Editor>{text(table)}</div></body></html>")


def text(table: str) -> str:
    return f"{paragraphs(OPENING)}{table}{paragraphs(CLOSING)}"


def rows(table: str) -> list[str]:
    """The lines between the paragraphs in front of a table and those behind it."""
    lines = list(article(table).paragraphs)
    assert lines[:2] == OPENING
    assert lines[-1:] == CLOSING
    return lines[2:-1]


def row(*cells: str, tag: str = "td") -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"


WORD = """<table class="MsoTableGrid" border="1" cellspacing="0" style="border-collapse:collapse"><tbody><tr>
<td width="60" valign="top" style="width:45pt;border:solid windowtext 1.0pt"><p class="MsoNormal" align="center"
style="text-align:center"><b><span style="font-family:宋体">序<span lang="EN-US">&nbsp;&nbsp;</span>号</span>
</b></p></td>
<td><p class="MsoNormal"><b><span>项目名称</span></b></p></td><td><p class="MsoNormal"><b><span>责任单位</span>
</b></p></td></tr>
<tr><td><p class="MsoNormal"><span lang="EN-US">1<o:p></o:p></span></p></td><td><p class="MsoNormal">
<span>轨道交通示范区线</span></p></td>
<td><p class="MsoNormal"><span>市交通委</span></p><p class="MsoNormal"><span>市发展改革委</span></p></td></tr>
</tbody></table>"""

# Name of the table: where such tables stand, its markup, its rows.
TABLES = {
    "header of th": (
        "www.gov.cn/zhengce, www.stats.gov.cn/sj",
        f"<table>{row('指标', '上半年', '同比', tag='th')}{row('生产总值（亿元）', '616,836', '5.0%')}</table>",
        ["指标\t上半年\t同比", "生产总值（亿元）\t616,836\t5.0%"],
    ),
    "head, foot and bodies": (
        "data.stats.gov.cn, www.pbc.gov.cn",
        "<table><thead><tr><th>地区</th><th>户数</th></tr></thead><tfoot><tr><td>合计</td><td>30</td></tr></tfoot>"
        "<tbody><tr><td>青浦</td><td>10</td></tr></tbody><tbody><tr><td>吴江</td><td>20</td></tr></tbody></table>",
        ["地区\t户数", "青浦\t10", "吴江\t20", "合计\t30"],
    ),
    "pasted from Word": (
        "www.ndrc.gov.cn, www.shanghai.gov.cn, www.js.gov.cn (TRS_Editor, MsoTableGrid)",
        WORD,
        ["序 号\t项目名称\t责任单位", "1\t轨道交通示范区线\t市交通委 市发展改革委"],
    ),
    "rowspan": (
        "www.stats.gov.cn, tjj.sh.gov.cn",
        "<table border=1><tr><td>地区</td><td>年份</td><td>人数</td></tr><tr><td rowspan=2>青浦</td><td>2023</td>"
        "<td>127</td></tr><tr><td>2024</td><td>129</td></tr><tr><td>嘉善</td><td>2024</td><td>65</td></tr></table>",
        ["地区\t年份\t人数", "青浦\t2023\t127", "\t2024\t129", "嘉善\t2024\t65"],
    ),
    "header in two stages": (
        "www.mof.gov.cn, czj.sh.gov.cn",
        "<table border=1><tr><th rowspan=2>科目</th><th colspan=2>预算数</th><th rowspan=2>备注</th></tr>"
        "<tr><th>上年</th><th>本年</th></tr><tr><td>教育支出</td><td>10</td><td>12</td><td>增加</td></tr></table>",
        ["科目\t预算数\t\t备注", "\t上年\t本年", "教育支出\t10\t12\t增加"],
    ),
    "a column that is not shown": (
        "www.ccgp.gov.cn",
        '<table border=1><tr><td>名称</td><td style="display:none">编码</td><td>数量</td></tr>'
        '<tr><td>课桌</td><td style="display:none">A1</td><td>12</td></tr></table>',
        ["名称\t数量", "课桌\t12"],
    ),
    "title across the columns": (
        "www.miit.gov.cn, www.zj.gov.cn",
        "<table border=1><tr><td colspan=2>表1　主要指标</td></tr><tr><td>指标</td><td>目标</td></tr>"
        "<tr><td>研发强度</td><td>3.2%</td></tr></table>",
        ["表1 主要指标", "指标\t目标", "研发强度\t3.2%"],
    ),
    "empty cells": (
        "www.nhsa.gov.cn, rsj.sh.gov.cn",
        "<table border=1><tr><td>项目</td><td>标准</td><td>备注</td></tr><tr><td>门诊</td><td>&nbsp;</td>"
        "<td>不变</td></tr>"
        "<tr><td>住院</td><td>200</td><td></td></tr><tr><td>其他</td><td></td><td></td></tr></table>",
        ["项目\t标准\t备注", "门诊\t\t不变", "住院\t200", "其他\t"],
    ),
    "breaks in a cell": (
        "www.moe.gov.cn, jyj.suzhou.gov.cn",
        f"<table>{row('时间', '地点', tag='th')}{row('5月1日<br>9:00', '青浦区<br/>盈港路')}</table>",
        ["时间\t地点", "5月1日 9:00\t青浦区 盈港路"],
    ),
    "table in a cell": (
        "www.chinatax.gov.cn, shanghai.chinatax.gov.cn",
        "<table border=1><tr><td>税种</td><td>税率</td></tr><tr><td>企业所得税（居民企业和非居民企业）</td>"
        "<td><table><tr><td>一般</td><td>25%</td></tr></table></td></tr></table>",
        ["税种\t税率", "企业所得税（居民企业和非居民企业）\t一般 25%"],
    ),
    "table of data in one of layout": (
        "www.people.com.cn before 2010, old.moe.gov.cn",
        f"<table width=100%><tr><td><table border=1>{row('科目', '人数')}{row('语文', '12')}</table></td></tr></table>",
        ["科目\t人数", "语文\t12"],
    ),
    "links in a column": (
        "www.most.gov.cn, kw.beijing.gov.cn",
        f"<table border=1>{row('名称', '依托单位', tag='th')}"
        f"{row('<a href=/1.html>量子信息实验室</a>', '中国科学院下属研究所')}"
        f"{row('<a href=/2.html>合成生物实验室</a>', '上海交通大学及其附属医院')}</table>",
        ["名称\t依托单位", "量子信息实验室\t中国科学院下属研究所", "合成生物实验室\t上海交通大学及其附属医院"],
    ),
    "figure of WordPress": (
        "techcrunch.com, many blogs (wp-block-table)",
        "<figure class=wp-block-table><table><tbody><tr><td>城市</td><td>里程</td></tr><tr><td>上海</td>"
        "<td>831</td></tr>"
        "</tbody></table><figcaption>数据截至2023年底</figcaption></figure>",
        ["城市\t里程", "上海\t831", "数据截至2023年底"],
    ),
    "caption of its own": (
        "www.who.int, ec.europa.eu",
        f"<table><caption>表2 区域人口</caption>{row('区域', '人口', tag='th')}{row('青浦', '127')}</table>",
        ["表2 区域人口", "区域\t人口", "青浦\t127"],
    ),
    "first column of th": (
        "www.hangzhou.gov.cn, www.sz.gov.cn",
        "<table><tr><th scope=row>联系人</th><td>王老师</td></tr><tr><th scope=row>电话</th>"
        "<td>021-60000000</td></tr></table>",
        ["联系人\t王老师", "电话\t021-60000000"],
    ),
    "no rules": (
        "news.sina.com.cn, finance.ifeng.com",
        f"<table>{row('日期', '涨跌')}{row('周一', '+1.2%')}{row('周二', '-0.3%')}</table>",
        ["日期\t涨跌", "周一\t+1.2%", "周二\t-0.3%"],
    ),
    "bold header": (
        "www.163.com, www.thepaper.cn",
        f"<table>{row('<strong>职务</strong>', '<strong>姓名</strong>')}{row('校长', '王小青')}"
        f"{row('书记', '李大江')}</table>",
        ["职务\t姓名", "校长\t王小青", "书记\t李大江"],
    ),
    "numbered first column": (
        "www.mof.gov.cn, www.audit.gov.cn",
        f"<table border=1>{row('一、收入', '')}{row('（一）税收', '1,200')}{row('二、支出', '')}"
        f"{row('来源：', '财政')}</table>",
        ["一、收入\t", "（一）税收\t1,200", "二、支出\t", "来源：\t财政"],
    ),
    "two bodies, one name a cell": (
        "www.ecnu.edu.cn, jwc.fudan.edu.cn (公示名单)",
        f"<table>{row('王小青', '李大江', '陈小海')}{row('周一鸣', '吴山', '郑小河')}</table>",
        ["王小青\t李大江\t陈小海", "周一鸣\t吴山\t郑小河"],
    ),
    "cells not closed": (
        "www.npc.gov.cn before 2012, www.cnr.cn",
        "<table border=1><tr><td>届次<td>年份<tr><td>十三届<td>2018<tr><td>十四届<td>2023</table>",
        ["届次\t年份", "十三届\t2018", "十四届\t2023"],
    ),
    "two tables": (
        "www.csrc.gov.cn, www.sse.com.cn",
        f"<table>{row('代码', '简称', tag='th')}{row('600000', '浦发')}</table><p>下表为第二批的名单，"
        f"按代码先后排列。</p>"
        f"<table>{row('代码', '简称', tag='th')}{row('600009', '上海机场')}</table>",
        ["代码\t简称", "600000\t浦发", "下表为第二批的名单，按代码先后排列。", "代码\t简称", "600009\t上海机场"],
    ),
    "hidden row": (
        "www.creditchina.gov.cn, www.sh.gov.cn",
        f"<table border=1>{row('事项', '期限')}<tr style='display:none'><td>模板</td><td>0</td></tr>"
        f"{row('备案', '5日')}</table>",
        ["事项\t期限", "备案\t5日"],
    ),
    "fields of a notice": (
        "www.ccgp.gov.cn (招标公告), ggzy.jiangsu.gov.cn",
        f"<table border=1>{row('项目编号', 'SH-2024-001')}{row('联系电话：', '021-60000000')}"
        f"{row('发布时间：', '2024-04-13')}</table>",
        ["项目编号\tSH-2024-001", "联系电话：\t021-60000000", "发布时间：\t2024-04-13"],
    ),
    "long cells of a list of duties": (
        "www.gov.cn/zhengce (任务分工表), www.gd.gov.cn",
        f"<table border=1>{row('任务', '内容', tag='th')}{row('1', '<p>' + '</p><p>'.join(PROSE) + '</p>')}</table>",
        ["任务\t内容", f"1\t{' '.join(PROSE)}"],
    ),
    "English": (
        "www.bbc.com, www.theguardian.com, english.www.gov.cn",
        f"<table class=data>{row('Route', 'Length', tag='th')}{row('Line 17', '35.3 km')}</table>",
        ["Route\tLength", "Line 17\t35.3 km"],
    ),
    "a single row": (
        "www.shanghai.gov.cn, www.sohu.com",
        f"<table>{row('咨询电话', '12345')}</table>",
        ["咨询电话\t12345"],
    ),
    "pictures in cells": (
        "www.docker.com, tech.sina.com.cn",
        f"<table border=1>{row('型号', '外观', '价格', tag='th')}{row('甲型', '<img src=/a.jpg>', '99元')}</table>",
        ["型号\t外观\t价格", "甲型\t\t99元"],
    ),
    "one cell a row": (
        "www.xinhuanet.com before 2010, www.chinanews.com.cn",
        "<table border=0><tr><td>江这一侧先通了车，人们第二天就坐上了。</td></tr><tr><td>海那一侧晚了半年，"
        "人们还在等着。</td></tr></table>",
        ["江这一侧先通了车，人们第二天就坐上了。", "海那一侧晚了半年，人们还在等着。"],
    ),
}


@every_row(("sites", "table", "expected"), TABLES.values())
def test_a_row_is_a_line(sites, table, expected):
    assert rows(table) == expected
    assert sites


def test_the_cases_hold_at_least_thirty_table_rows():
    assert sum(line.count("\t") > 0 for _, _, lines in TABLES.values() for line in lines) >= 30


def test_rows_are_no_headings():
    assert article(TABLES["bold header"][1]).headings == ()
    assert article(TABLES["numbered first column"][1]).headings == ()


# Tables that place things; the text in them stays in its lines. People's Daily, Xinhua and ministries until about 2012.
@pytest.mark.parametrize(
    "layout",
    [
        "<table width=980><tr><td width=200><a href=/1>要闻</a><br><a href=/2>时政</a></td><td>{}</td></tr></table>",
        "<table width=100% border=0><tr><td>{}</td></tr></table>",
        "<table><tr><td>当前位置：首页</td><td>2020年1月2日</td></tr><tr><td colspan=2><table><tr><td>{}</td>"
        "</tr></table></td></tr></table>",
        "<table role=presentation border=1><tr><td>甲</td><td>{}</td></tr><tr><td>乙</td><td>丙</td></tr></table>",
    ],
)
def test_a_layout_is_no_table_of_data(layout):
    html = f"<html><head>{HEAD}</head><body>{layout.replace('{}', paragraphs(PROSE * 3))}</body></html>"
    found = read(html).paragraphs
    assert [line for line in found if line in PROSE] == PROSE * 3
    assert not [line for line in found if "\t" in line]


def test_a_list_of_articles_in_a_table_is_no_text():
    """Old lists of www.gov.cn and university offices: a title and its day in each row."""
    listed = "".join(row(f"<a href=/{n}.html>关于印发第{n}批目录的通知及其说明文件</a>", "01-02") for n in range(9))
    assert not [line for line in article(f"<table>{listed}</table>").paragraphs if "\t" in line]


def test_the_table_of_a_document_stays_metadata():
    """The block above the text on www.gov.cn and provincial portals, when it stands in the box itself."""
    block = f"""<table border=1>{row("索 引 号：", "000014349/2024-00007", "主题分类：", "城乡建设")}
    {row("发文机关：", "国务院办公厅", "成文日期：", "2024年04月01日")}{row("标　　题：", "江与海的连接")}</table>"""
    html = f"<html><head>{HEAD}</head><body><div id=zoom>{block}{paragraphs(PROSE)}</div></body></html>"
    found = read(html)
    assert found.paragraphs == tuple(PROSE)
    assert dict(found.metadata)["索引号"] == "000014349/2024-00007"


def test_a_picture_in_a_table_bears_the_caption_under_it():
    """www.xinhuanet.com, www.cpc.people.com.cn: a table round a picture, or round two of them side by side."""
    one = "<table align=center><tr><td><img src=/1.jpg></td></tr><tr><td>车站的第一天，人们在等车</td></tr></table>"
    two = f"<table>{row('<img src=/2.jpg>', '<img src=/3.jpg>')}{row('江的一侧', '海的一侧')}</table>"
    above = f"<table>{row('桥的北面')}{row('<img src=/4.jpg>')}</table>"
    found = article(one + two + above)
    assert found.paragraphs == tuple(PROSE)
    assert [(item.url[-6:], item.caption) for item in found.media] == [
        ("/1.jpg", "车站的第一天，人们在等车"),
        ("/2.jpg", "江的一侧"),
        ("/3.jpg", "海的一侧"),
        ("/4.jpg", "桥的北面"),
    ]


@pytest.mark.parametrize(
    "cell", ["跨省通办事项清单，第{}批，按季度更新", "<p>第{}批。</p><p>" + "</p><p>".join(PROSE) + "</p>"]
)
def test_a_page_may_be_nothing_but_a_table(cell):
    """Lists of items on provincial portals: the box of the text is the table's body, or one of its cells."""
    listed = "".join(row(str(n), cell.replace("{}", str(n)), "青浦区、吴江区、嘉善县") for n in range(1, 9))
    table = f"<table border=1>{row('序号', '事项', '地区')}{listed}</table>"
    found = read(f"<html><head>{HEAD}</head><body><div class=main><div class=con>{table}</div></div></body></html>")
    assert len(found.paragraphs) == 9
    assert all(line.count("\t") == 2 for line in found.paragraphs)


def test_a_bar_of_credits_is_no_row():
    """Under the text on www.cssn.cn and www.rmlt.com.cn before 2015."""
    found = article(f"<table>{row('来源：新华社', '责任编辑：王小青')}</table>")
    assert found.paragraphs == tuple(PROSE)
    assert found.editors == ("王小青",)
    assert found.source_line == "新华社"


def test_an_editor_line_after_a_final_table_is_read_as_the_editor():
    html = f"""<html><head>{HEAD}</head><body><div class=TRS_Editor>{paragraphs(PROSE)}
    <table>{row("城市", "里程", tag="th")}{row("上海", "831")}</table></div><p>责任编辑：王小青</p></body></html>"""
    found = read(html)
    assert found.paragraphs == (*PROSE, "城市\t里程", "上海\t831")
    assert found.editors == ("王小青",)
