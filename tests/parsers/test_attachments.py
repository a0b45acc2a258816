"""The files that a page attaches to its article, with their names.

Pages are our own, in the shapes of the sites that each of them names.
"""

from support.handmade import HEAD, PROSE, paragraphs, read
from support.tables import every_row

from parsers import Article
from parsers.reader.body.lines.attachments import is_attachment_label, is_attachment_line

URL = "https://www.example.gov.cn/zwgk/202404/t20240413_1234.html"
FOLDER = "https://www.example.gov.cn/zwgk/202404/"
SITE = "https://www.example.gov.cn"


def article(inside: str = "", under: str = "", above: str = "") -> Article:
    """A page with something in the box of its text, under it or above it."""
    return read(
        f"""<html><head>{HEAD}</head><body><div class=header><a href=/guide.pdf>网站使用说明</a></div><div class=detail>
        <h1>江与海的连接</h1>{above}<div class=TRS_Editor>{paragraphs(PROSE)}{inside}</div>{under}</div>
        <div class=footer><a href=/license.pdf>许可证</a></div></body></html>""",
        URL,
    )


def attached(found: Article) -> list[tuple[str, str | None]]:
    return [(item.url, item.caption) for item in found.media if item.kind == "attachment"]


# In the box of the text: where such pages stand, the markup, address and name of each file.
INSIDE = {
    "a line that is nothing but a link": (
        "www.gov.cn/zhengce, www.mof.gov.cn",
        '<p><a href="./P020240413.pdf">附件1：实施方案.pdf</a></p>',
        [(FOLDER + "P020240413.pdf", "附件1：实施方案.pdf")],
    ),
    "a label and a list of lines": (
        "www.ndrc.gov.cn, fgw.sh.gov.cn",
        '<p>附件：</p><p><a href="./P1.docx">1.申报表</a></p><p><a href="./P2.xlsx">2.汇总表</a></p>',
        [(FOLDER + "P1.docx", "1.申报表"), (FOLDER + "P2.xlsx", "2.汇总表")],
    ),
    "a label in the line": (
        "www.miit.gov.cn, www.moe.gov.cn",
        '<p>附件：1.<a href="./a.doc">任务分工</a></p><p>　　　2.<a href="./b.xls">名单</a></p>',
        [(FOLDER + "a.doc", "任务分工"), (FOLDER + "b.xls", "名单")],
    ),
    "several in one line": (
        "www.most.gov.cn, kw.beijing.gov.cn",
        '<p>附件：<a href="/1.wps">指南</a>　<a href="/2.et">表格</a>　<a href="/3.ofd">批复</a></p>',
        [(SITE + "/1.wps", "指南"), (SITE + "/2.et", "表格"), (SITE + "/3.ofd", "批复")],
    ),
    "an icon before the link": (
        "TRS: www.nmpa.gov.cn, www.samr.gov.cn",
        '<p><img src="/icon_pdf.gif"><a href="./P9.pdf" title="公告原文" target="_blank">公告原文</a></p>',
        [(FOLDER + "P9.pdf", "公告原文")],
    ),
    "a name in the title": (
        "www.csrc.gov.cn, www.cbirc.gov.cn",
        '<p>附件：<a href="/c/1.docx" title="修订说明.docx">点击下载</a></p>',
        [(SITE + "/c/1.docx", "修订说明.docx")],
    ),
    "a name in the address": (
        "www.nhc.gov.cn, www.mnr.gov.cn",
        '<p><a href="/files/%E7%94%B3%E6%8A%A5%E4%B9%A6.docx">下载</a></p>',
        [(SITE + "/files/%E7%94%B3%E6%8A%A5%E4%B9%A6.docx", "申报书.docx")],
    ),
    "a name in front of the link": (
        "www.customs.gov.cn, www.nia.gov.cn",
        '<p><span>货物清单</span><a href="/down?id=7&amp;file=7.zip">[下载]</a></p>',
        [(SITE + "/down?id=7&file=7.zip", "货物清单")],
    ),
    "VSB with a counter": (
        "博达: www.ecnu.edu.cn, www.fudan.edu.cn, www.xju.edu.cn",
        """<ul style="list-style-type:none">
<li>附件【<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&amp;owner=1&amp;wbfileid=99"
        target="_blank">报名表.docx</a>】已下载<span id="nattach99">12</span>次</li></ul>""",
        [
            (
                SITE + "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=99",
                "报名表.docx",
            )
        ],
    ),
    "JCMS of 大汉": (
        "www.jiangsu.gov.cn, www.zj.gov.cn, www.nanjing.gov.cn",
        '<p><a href="/module/download/downfile.jsp?classid=0&amp;filename=2404.pdf">政策全文</a></p>',
        [(SITE + "/module/download/downfile.jsp?classid=0&filename=2404.pdf", "政策全文")],
    ),
    "the same file twice": (
        "www.hunan.gov.cn, www.gd.gov.cn",
        '<p><a href="./x.pdf">办法</a></p><p><a href="./x.pdf">点击下载</a></p>',
        [(FOLDER + "x.pdf", "办法")],
    ),
    "a button and then the name": (
        "www.sz.gov.cn, www.gz.gov.cn",
        '<p><a href="./y.pdf">下载</a><a href="./y.pdf">规划文本</a></p>',
        [(FOLDER + "y.pdf", "规划文本")],
    ),
    "packed files": (
        "www.ccgp.gov.cn, ggzy.gov.cn",
        '<p><a href="./z.zip">图纸.zip</a></p><p><a href="./r.rar">清单.rar</a></p><p><a href="./s.7z">数据.7z</a></p>',
        [(FOLDER + "z.zip", "图纸.zip"), (FOLDER + "r.rar", "清单.rar"), (FOLDER + "s.7z", "数据.7z")],
    ),
    "slides": (
        "www.cssn.cn, www.cas.cn",
        '<p><a href="./t.pptx">报告幻灯片</a></p><p><a href="./u.PPT">旧版幻灯片</a></p>',
        [(FOLDER + "t.pptx", "报告幻灯片"), (FOLDER + "u.PPT", "旧版幻灯片")],
    ),
    "in a sentence": (
        "www.safe.gov.cn, www.pbc.gov.cn",
        '<p>各地请按照<a href="./guide.pdf">工作指引</a>认真执行，遇有问题及时报告。</p>',
        [(FOLDER + "guide.pdf", "工作指引")],
    ),
    "a query behind the file": (
        "news.un.org, www.whitehouse.gov",
        '<p><a href="/doc/report.pdf?download=true&amp;v=2">Full report (PDF)</a></p>',
        [(SITE + "/doc/report.pdf?download=true&v=2", "Full report (PDF)")],
    ),
    "another host of the same house": (
        "images.mofcom.gov.cn for www.mofcom.gov.cn",
        '<p>附件：<a href="https://images.example.gov.cn/a/1.pdf">商品目录</a></p>',
        [("https://images.example.gov.cn/a/1.pdf", "商品目录")],
    ),
    "a store of files": (
        "oss-cn-*.aliyuncs.com of district sites",
        '<p><a href="https://qp.oss-cn-shanghai.aliyuncs.com/1.pdf">青浦区规划.pdf</a></p>',
        [("https://qp.oss-cn-shanghai.aliyuncs.com/1.pdf", "青浦区规划.pdf")],
    ),
    "a row of a table": (
        "zwgk.mct.gov.cn, www.stats.gov.cn",
        "<table border=1><tr><th>名称</th><th>文件</th></tr><tr><td>一季度</td><td><a href=./q1.xls>数据表</a>"
        "</td></tr></table>",
        [(FOLDER + "q1.xls", "数据表")],
    ),
    "the attribute download": (
        "www.tsinghua.edu.cn, www.sjtu.edu.cn",
        '<p><a href="/file/88" download="招生简章.pdf">点此下载</a></p>',
        [(SITE + "/file/88", "招生简章.pdf")],
    ),
}

# Beside the box: an own element under the text or above it, announced as attached.
BESIDE = {
    "a list under a label": (
        "www.gov.cn, www.mee.gov.cn",
        '<div class=pages_fj><h3>附件下载</h3><ul><li><a href="./P1.pdf">名录</a></li><li>'
        '<a href="./P2.pdf">说明</a></li></ul></div>',
        [(FOLDER + "P1.pdf", "名录"), (FOLDER + "P2.pdf", "说明")],
    ),
    "an element called so": (
        "TRS: www.shaanxi.gov.cn, www.sc.gov.cn",
        '<div id="appendix" class="fjxz"><a href="./P3.docx">申请书模板</a></div>',
        [(FOLDER + "P3.docx", "申请书模板")],
    ),
    "a paragraph outside": (
        "www.nea.gov.cn, www.cnipa.gov.cn",
        '<p>附件：<a href="./P4.doc">征求意见稿</a></p>',
        [(FOLDER + "P4.doc", "征求意见稿")],
    ),
    "a definition list": (
        "www.forestry.gov.cn, www.mwr.gov.cn",
        '<dl><dt>相关附件：</dt><dd><a href="./P5.xlsx">统计表</a></dd></dl>',
        [(FOLDER + "P5.xlsx", "统计表")],
    ),
    "開普": (
        "www.beijing.gov.cn, www.tj.gov.cn",
        '<div class="attachment_list"><span>附件1</span><a href="/a/1.ofd" class="ext">通告.ofd</a></div>',
        [(SITE + "/a/1.ofd", "通告.ofd")],
    ),
    "no label but a file's name, in the section of the text": (
        "www.hainan.gov.cn, www.yn.gov.cn",
        '<div class=down><a href="/u/7.docx">实施方案.docx</a></div>',
        [(SITE + "/u/7.docx", "实施方案.docx")],
    ),
    "the page's own folder": (
        "TRS: www.mohurd.gov.cn, www.samr.gov.cn",
        '<p><a href="./P6.pdf">管理办法</a></p>',
        [(FOLDER + "P6.pdf", "管理办法")],
    ),
    "English": (
        "english.www.gov.cn, www.adb.org",
        '<section><h2>Attachments</h2><ul><li><a href="./en.pdf">Full text of the plan</a></li></ul></section>',
        [(FOLDER + "en.pdf", "Full text of the plan")],
    ),
}

# What attaches nothing.
NOTHING = {
    "a file of another site in a sentence": (
        "www.bbc.com, www.zeit.de",
        '<p>The numbers come from <a href="https://www.nber.example/papers/w1.pdf">a study</a>, as it says.</p>',
        "",
    ),
    "related documents": (
        "www.gov.cn, www.jiangxi.gov.cn",
        "",
        '<div class=related><h3>相关文档</h3><a href="/2023/other.pdf">去年的通知</a></div>',
    ),
    "the guide of the site": (
        "www.hubei.gov.cn",
        "",
        '<div class=side><a href="/help/manual.pdf">办事指南下载</a></div>',
    ),
    "a picture": ("www.xinhuanet.com", '<p><a href="/big/1.jpg"><img src="/1.jpg" width=600></a></p>', ""),
    "an article called like a file": ("www.people.com.cn", '<p><a href="/n1/2024/c1.html">全文.pdf</a></p>', ""),
    "a script": ("any hostile page", "<p><a href=\"javascript:get('a.pdf')\">附件.pdf</a></p>", ""),
    "a hidden list": (
        "www.henan.gov.cn",
        "",
        '<div class=fj style="display:none">附件：<a href="/tpl.doc">模板</a></div>',
    ),
    "the navigation": ("www.cqu.edu.cn", "", '<nav>下载：<a href="/n.pdf">校历</a></nav>'),
}


@every_row(("sites", "inside", "files"), INSIDE.values())
def test_a_file_in_the_text_is_attached(sites, inside, files):
    assert attached(article(inside)) == files
    assert sites


@every_row(("sites", "beside", "files"), BESIDE.values())
def test_a_file_beside_the_text_is_attached_where_the_page_says_so(sites, beside, files):
    assert attached(article(under=beside)) == files
    assert attached(article(above=beside)) == files
    assert article(under=beside).paragraphs == tuple(PROSE)


@every_row(("sites", "inside", "under"), NOTHING.values())
def test_other_links_to_files_attach_nothing(sites, inside, under):
    assert attached(article(inside, under)) == []


def test_one_file_under_several_forms_of_its_address_is_one():
    html = "".join(
        f'<p><a href="{url}">{name}</a></p>'
        for url, name in (
            ("/a.pdf", "办法"),
            (f"{SITE}/a.pdf#page=2", "第二章"),
            ("http://www.example.gov.cn/a.pdf", "办法"),
        )
    )
    assert attached(article(html)) == [(SITE + "/a.pdf", "办法")]


def test_the_icon_of_a_file_is_no_picture():
    found = article('<p>附件：<a href="/a/abc.pdf"><img src="/images/pdf.png" alt="pdf"></a></p>')
    assert [(item.kind, item.caption) for item in found.media] == [("attachment", "abc.pdf")]


def test_the_cases_hold_at_least_thirty_files():
    assert sum(len(files) for _, _, files in [*INSIDE.values(), *BESIDE.values()]) >= 30


@every_row(
    "name",
    [
        "a line that is nothing but a link",
        "a label in the line",
        "a label and a list of lines",
        "VSB with a counter",
        "several in one line",
    ],
)
def test_a_line_of_attachments_is_no_line_of_the_text(name):
    assert article(INSIDE[name][1]).paragraphs == tuple(PROSE)


def test_a_sentence_that_names_a_file_stays():
    assert article(INSIDE["in a sentence"][1]).paragraphs[-1] == "各地请按照工作指引认真执行，遇有问题及时报告。"


def test_attachments_stand_behind_the_pictures():
    found = article('<p><a href="./P1.pdf">方案</a></p><p><img src="/1.jpg"></p>')
    assert [item.kind for item in found.media] == ["image", "attachment"]


@every_row("text", ["附件：", "附　件:", "相关附件：", "附件下载：", "Attachments:"])
def test_a_label_of_attachments_ends_with_a_colon(text):
    """Without a colon 附件 may be the heading of an annex that stands in the text."""
    assert is_attachment_label(text)
    assert not is_attachment_label(text[:-1])
    assert not is_attachment_label(text[:-1] + "已经随文印发：")


@every_row(
    ("text", "is_line"),
    [
        ("附件：1.申报表", True),
        ("附件【申报表】已下载12次", True),
        ("申报表（24.5KB）", True),
        ("请填写申报表", False),
        ("附件是申报表", False),
        ("附件：", False),
    ],
)
def test_a_line_of_nothing_but_attachments_is_recognized(text, is_line):
    assert is_attachment_line(text, ["申报表"]) is is_line
