"""Thirty layouts of government pages, each with a place for something that changes by itself.

A layout says where such a thing stands: in a document table, a byline, a list, a cell, an element of its own, or in
plain text before or after the text. `LAYOUTS` are those that the rules were written with, `HELD_OUT` those that were
written before the rules but used only afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass

from support.moving import Counter

HEADLINE = "江海市人民政府关于推进城市更新工作的实施意见"
PARAGRAPHS = (
    "全民阅读月12日启动，全市各区的图书馆和书店同时开放，居民可以在任何一处借书、还书，也可以听一场讲座。",
    "城市更新要先问居民的意见。去年收到评论和建议3200条，其中六成说的是停车、加装电梯和老人吃饭的事。",
    "打印店搬进了社区服务站，天气多云的日子里也照常开门；有人点赞，也有人说收藏架还可以再大一些。",
    "下一步，各区要把事情一件一件列出来，说清楚谁来做、什么时候做完，并在政府网站上公开办理的进度。",
)
EDITED = "下一步，各区要把事情一件一件列出来，说清楚谁来做、明年六月以前做完，并在政府网站上公开办理的进度。"
ENGLISH_HEADLINE = "Jianghai City publishes its plan for the renewal of older quarters"
ENGLISH = (
    "The city asked residents first. Last year it received 3,200 comments, and most of them spoke of parking.",
    "Views of the river are protected by the plan, and no building on the bank may be higher than its neighbours.",
    "The districts will list what has to be done, say who does it, and publish every month how far the work has come.",
)
ENGLISH_EDITED = (
    "The districts will list what has to be done by June, say who does it, and publish every month how far it has come."
)


@dataclass(frozen=True)
class Layout:
    """A page with a place for a counter; `own` are its own texts, one of which `edited` replaces."""

    name: str
    body: Callable[[Counter, int, str], str]
    source: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    headline: str = HEADLINE
    paragraphs: tuple[str, ...] = PARAGRAPHS
    edited: str = EDITED
    language: str = "zh-CN"
    url: str = "https://www.jianghai.cn/zwgk/202404/t20240413_1.html"
    site: str = "江海市人民政府"

    def page(self, counter: Counter, visit: int, *, edited: bool = False) -> bytes:
        """The page as it is served at a visit; edited: with another last paragraph."""
        lines = (*self.paragraphs[:-1], self.edited) if edited else self.paragraphs
        text = "".join(f"<p>{line}</p>\n" for line in lines)
        return (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8">'
            f"<title>{self.headline}_{self.site}</title></head>\n"
            f"<body>{self.body(counter, visit, text)}</body></html>"
        ).encode()


NAV = '<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/hd/">互动交流</a></div>\n'
FOOT = '<div class="footer"><p>主办：江海市人民政府办公室</p><p>江ICP备10000001号</p></div>'
H1 = f"<h1>{HEADLINE}</h1>\n"
FIELDS = (
    ("索引号", "014001-2024-00031"), ("发文机关", "江海市人民政府办公室"), ("文号", "江府发〔2024〕3号"),
    ("成文日期", "2024年04月11日"),
)  # fmt: skip
TABLE = (
    '<table class="xxgk"><tr><td>索引号：</td><td>014001-2024-00031</td>'
    "<td>发文机关：</td><td>江海市人民政府办公室</td></tr>"
    "<tr><td>文号：</td><td>江府发〔2024〕3号</td><td>成文日期：</td><td>2024年04月11日</td></tr></table>\n"
)
DATED = "<div>2024-04-13 10:20 来源：江海日报</div>"
BOX = '<div class="TRS_Editor" id="zoom">'


def _framed(inner: Callable[[Counter, int, str], str]) -> Callable[[Counter, int, str], str]:
    return lambda counter, visit, text: NAV + inner(counter, visit, text) + FOOT


LAYOUTS = (
    Layout(
        "a document table, the counter in the byline",
        _framed(lambda c, v, t: f"<div>{H1}{TABLE}<p>来源：江海日报　{c.inline(v)}</p>{BOX}{t}</div></div>"),
        "江海日报", (*FIELDS, ("来源", "江海日报")),
    ),
    Layout(
        "a document table and a byline in one line of spans",
        _framed(
            lambda c, v, t: f'{TABLE}<div class="con">{H1}<div class="info"><span>发布时间：2024-04-13 10:20</span>'
            f"<span>来源：江海日报</span><span>{c.inline(v)}</span></div>{BOX}{t}</div></div>"
        ),
        "江海日报", (*FIELDS, ("发布时间", "2024-04-13 10:20"), ("来源", "江海日报")),
    ),
    Layout(
        "a pair of cells in the document table",
        _framed(
            lambda c, v, t: TABLE.replace("</table>", f"<tr>{c.cells(v)}<td>主题词：</td><td>更新</td></tr></table>")
            + f"{H1}{BOX}{t}</div>"
        ),
        None, (*FIELDS, ("主题词", "更新")),
    ),
    Layout(
        "a definition list",
        _framed(
            lambda c, v, t: f"{H1}<dl>"
            + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in FIELDS)
            + f"<dt>{c.pair(v)[0]}</dt><dd>{c.pair(v)[1]}</dd></dl>{BOX}{t}</div>"
        ),
        None, FIELDS,
    ),
    Layout(
        "a list of fields",
        _framed(
            lambda c, v, t: "<ul>"
            + "".join(f"<li>{name}：{value}</li>" for name, value in FIELDS)
            + f"<li>{c.inline(v)}</li></ul>{H1}{BOX}{t}</div>"
        ),
        None, FIELDS,
    ),
    Layout(
        "a byline parted by bars",
        _framed(lambda c, v, t: f"{H1}<p>2024-04-13 | 来源：江海日报 | {c.inline(v)} | 【打印】</p>{BOX}{t}</div>"),
        "江海日报",
    ),
    Layout(
        "a counter before the source",
        _framed(
            lambda c, v, t: f'{H1}<div class="sub"><em>2024-04-13 10:20</em> <em>{c.inline(v)}</em>'
            f" <em>来源：江海日报</em></div>{BOX}{t}</div>"
        ),
        "江海日报",
    ),
    Layout(
        "a byline of plain text with the counter in its middle",
        _framed(
            lambda c, v, t: f"{H1}<p>日期：2024-04-13　{c.inline(v)}　来源：江海日报　作者：王小青</p>{BOX}{t}</div>"
        ),
        "江海日报",
    ),
    Layout(
        "plain text before the first paragraph",
        _framed(lambda c, v, t: f"{H1}{DATED}{BOX}{c.inline(v)}{t}</div>"),
        "江海日报",
    ),
    Layout(
        "plain text behind the last paragraph",
        _framed(lambda c, v, t: f"{H1}{DATED}{BOX}{t}{c.inline(v)}</div>"),
        "江海日报",
    ),
    Layout(
        "a paragraph behind the editor",
        _framed(
            lambda c, v, t: f"{H1}{DATED}{BOX}{t}<p>责任编辑：李一</p>"
            f"<p>{c.inline(v)}</p></div>"
        ),
        "江海日报",
    ),
    Layout(
        "a paragraph with the date that opens the box",
        _framed(lambda c, v, t: f"{H1}{BOX}<p>2024-04-13 10:20 {c.inline(v)}</p>{t}</div>"),
    ),
    Layout(
        "a line of its own under the headline",
        _framed(lambda c, v, t: f'<div class="main">{H1}<div class="tip">{c.inline(v)}</div>{BOX}{t}</div></div>'),
    ),
    Layout(
        "the bar at the top of the page",
        lambda c, v, t: f'<div class="top">{c.inline(v)}<a href="/en/">English</a></div>{NAV}{H1}'
        f"{DATED}{BOX}{t}</div>{FOOT}",
        "江海日报",
    ),
    Layout(
        "the bar at the top of a page without a date",
        lambda c, v, t: f'<div class="top"><span>{c.inline(v)}</span></div>{NAV}{H1}{BOX}{t}</div>{FOOT}',
    ),
    Layout(
        "the line of the editor",
        _framed(
            lambda c, v, t: f"{H1}{DATED}{BOX}{t}</div>"
            f"<div>责任编辑：李一　{c.inline(v)}</div>"
        ),
        "江海日报",
    ),
    Layout(
        "a page of tables",
        _framed(
            lambda c, v, t: f'<table width="900" align="center"><tr><td align="center"><h2>{HEADLINE}</h2></td></tr>'
            f'<tr><td align="center">日期：2024-04-13&nbsp;&nbsp;来源：江海日报&nbsp;&nbsp;{c.inline(v)}</td></tr>'
            f'<tr><td id="zoom">{t}</td></tr></table>'
        ),
        "江海日报",
    ),
    Layout(
        "an old page with the counter in a cell of the text",
        _framed(
            lambda c, v, t: f"<table><tr><td><b>{HEADLINE}</b></td></tr><tr><td>{t}<table><tr>"
            f'<td align="right"><font color="#999999">{c.inline(v)}</font></td></tr></table></td></tr></table>'
        ),
    ),
    Layout(
        "an English page",
        lambda c, v, t: f'<nav><a href="/">Home</a></nav><article><h1>{ENGLISH_HEADLINE}</h1>'
        f'<p class="meta">April 13, 2024 | Source: Jianghai Daily | {c.inline(v)}</p>{t}</article>',
        "Jianghai Daily", (), ENGLISH_HEADLINE, ENGLISH, ENGLISH_EDITED, "en",
        "https://www.jianghai.gov.cn/en/news/20240413.html", "Jianghai City",
    ),
    Layout(
        "a Traditional page",
        lambda c, v, t: f'<div><a href="/">首頁</a></div><h2 class="title">江海市推動老舊社區更新的實施意見</h2>'
        f'<ul class="info"><li>發布日期：2024-04-13</li><li>資料來源：江海局</li><li>{c.inline(v)}</li></ul>'
        f'<div class="cp">{t}</div>',
        None, (), "江海市推動老舊社區更新的實施意見",
        ("全市各區的圖書館和書店同時開放，居民可以在任何一處借書、還書，也可以聽一場講座，這是今年的安排。",
         "社區更新要先問居民的意見，去年收到評論和建議3200條，其中六成說的是停車和加裝電梯的事。",
         "下一步，各區要把事情一件一件列出來，說清楚誰來做、什麼時候做完，並公開辦理的進度。"),
        "下一步，各區要把事情一件一件列出來，說清楚誰來做、明年六月以前做完，並公開辦理的進度。", "zh-Hant",
        "https://www.jianghai.gov.tw/news/1.html", "江海市政府",
    ),
)  # fmt: skip
HELD_OUT = (
    Layout(
        "buttons and the counter under the headline",
        _framed(
            lambda c, v, t: f'{H1}<div class="bar"><span>2024-04-13 10:20</span><span>江海日报</span>'
            f"<span>【字体：大 中 小】</span><span>{c.inline(v)}</span><a>打印</a></div>{BOX}{t}</div>"
        ),
        "江海日报",
    ),
    Layout(
        "lines broken by br in the middle of the page",
        _framed(
            lambda c, v, t: f"<center><h3>{HEADLINE}</h3>2024年04月13日<br>来源：江海日报<br>{c.inline(v)}<br></center>"
            f"{BOX}{t}</div>"
        ),
        "江海日报",
    ),
    Layout(
        "icons and numbers",
        _framed(
            lambda c, v, t: f'{H1}<div class="info"><i class="time"></i>2024-04-13 10:20<i class="src"></i>'
            f'来源：<a href="/">江海日报</a><i class="ico-eye"></i>{c.inline(v)}</div>{BOX}{t}</div>'
        ),
        "江海日报",
    ),
    Layout(
        "what follows the text inside its box",
        _framed(
            lambda c, v, t: f"{H1}{DATED}{BOX}{t}<div>关键词：城市更新；社区</div>"
            f'<div class="tools">{c.inline(v)} <a href="javascript:print()">打印</a></div>'
            '<p>上一篇：<a href="/a/2.html">江海市召开会议</a></p></div>'
        ),
        "江海日报",
    ),
    Layout(
        "a header with a time element",
        lambda c, v, t: f'{NAV}<article><header><h1>{HEADLINE}</h1><time datetime="2024-04-13T10:20:00+08:00">'
        f"2024-04-13</time> <span>{c.inline(v)}</span></header>{t}</article>{FOOT}",
    ),
    Layout(
        "a table with headers",
        _framed(
            lambda c, v, t: "<table>"
            + "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in FIELDS)
            + f"<tr>{c.cells(v, 'th')}</tr></table>{H1}{BOX}{t}</div>"
        ),
        None, FIELDS,
    ),
    Layout(
        "a list of fields with bold labels",
        _framed(
            lambda c, v, t: '<div class="head"><ul>'
            + "".join(f"<li><b>{name}：</b>{value}</li>" for name, value in FIELDS[:2])
            + f"<li>{c.item(v)}</li>"
            + "".join(f"<li><b>{name}：</b>{value}</li>" for name, value in FIELDS[2:])
            + f"</ul></div>{H1}{BOX}{t}</div>"
        ),
        None, FIELDS,
    ),
    Layout(
        "a line broken off behind the last sentence",
        _framed(
            lambda c, v, t: f"{H1}{DATED}{BOX}{t}<p>（江海日报供稿）<br>{c.inline(v)}</p></div>"
        ),
        "江海日报",
    ),
    Layout(
        "a line broken off before the first sentence",
        _framed(
            lambda c, v, t: f"{H1}<div>2024-04-13 来源：江海日报</div>{BOX}<p>{c.inline(v)}<br><br></p>{t}</div>"
        ),
        "江海日报",
    ),
    Layout(
        "an English definition list",
        lambda c, v, t: f'<nav><a href="/">Home</a></nav><main><h1>{ENGLISH_HEADLINE}</h1><dl><dt>Published</dt>'
        f"<dd>13 April 2024</dd><dt>Source</dt><dd>Jianghai Daily</dd>{c.cells(v, 'dt', 'dd')}</dl>"
        f'<div class="body">{t}</div></main>',
        None, (), ENGLISH_HEADLINE, ENGLISH, ENGLISH_EDITED, "en",
        "https://www.jianghai.gov.cn/en/news/20240413.html", "Jianghai City",
    ),
)  # fmt: skip
