"""Chinese news pages as sites lay them out: headline, time, source, author and editor stand in many ways. Own words."""

import pytest
from support.handmade import PROSE, paragraphs, read
from support.tables import every_row

TITLE = "江海之间的城市怎样连成一片"
BODY = paragraphs(PROSE)
AT = "2024-04-13T09:05:00+08:00"
NAV = '<div class="nav"><a href="/">首页</a> <a href="/gn">国内</a> <a href="/cj">财经</a></div>'

# (page after <title>, title's ending, source, authors, editors)
SITES = {
    "来源 with the time glued to it": (
        f"<h1>{TITLE}</h1><div>2024年04月13日09:05  来源：<a>江海网－江海日报</a></div>"
        f'<div class="box_con">{BODY}</div><div class="edit">(责编：王小青、李一)</div>',
        "--理论--江海网", "江海网－江海日报", (), ("王小青", "李一"),
    ),
    "source and time without labels": (
        f'<h1 class="main-title">{TITLE}</h1><div class="date-source"><span class="date">2024年04月13日 09:05</span>'
        f'<span class="src">江海日报</span></div><div id="artibody"><p>原标题：江海之间</p>{BODY}'
        '<p class="show_author">责任编辑：王小青 </p></div>',
        "|江海_江海新闻", "江海日报", (), ("王小青",),
    ),
    "an ideographic blank between time and source": (
        f"<h1>{TITLE}</h1><div class='post_info'>2024-04-13 09:05:00　来源: <a>江海商报</a> 江海</div>"
        f'<div class="post_body">{BODY}<p>（原标题：江海之间）</p></div>'
        '<div class="post_author">责任编辑：<span>王小青_NB12345</span></div>',
        "_江海新闻", "江海商报", (), ("王小青",),
    ),
    "year, day and time in elements of their own": (
        '<div class="header-time"><span class="year"><em>2024</em></span>'
        '<span class="day"><em>04</em>/<em>13</em></span>'
        f' <span class="time">09:05:00</span></div><div class="source">来源：江海社</div><h1>{TITLE}</h1>'
        f'<div id="detail">{BODY}<p>（记者张立文、李一）</p></div><span class="editor">【责任编辑:王小青】</span>',
        "-江海网", "江海社", ("张立文", "李一"), ("王小青",),
    ),
    "date, source and author in one line with bars": (
        f"<h1>{TITLE}</h1><p>2024-04-13 09:05 | 来源：江海论坛网 | 作者：张立文</p>"
        f'<div class="article">{BODY}</div><p>责任编辑：王小青</p>',
        "_江海论坛网", "江海论坛网", ("张立文",), ("王小青",),
    ),
    "稿源 and 编辑": (
        f"<h2 class='t'>{TITLE}</h2><p>2024年04月13日 09:05 稿源：江海在线</p><div id='zoom'>{BODY}</div>"
        "<p>编辑: 王小青</p>",
        "-江海在线", "江海在线", (), ("王小青",),
    ),
    "信息来源, 发布日期 and a counter": (
        f"<div class='title'>{TITLE}</div><div>发布日期：2024-04-13 09:05 信息来源：江海市统计局 "
        f"浏览次数：<span>312</span> 次</div><div class='TRS_Editor'>{BODY}</div>",
        " - 江海市人民政府门户网站", "江海市统计局", (), (),
    ),
    "a university: 作者, 来源 and 时间 with labels": (
        f"<div class='tit'>{TITLE}</div><p>作者：张立文　来源：党委宣传部　时间：2024-04-13 09:05　点击：88</p>"
        f"<div id='vsb_content'>{BODY}</div><p>（责任编辑：王小青）</p>",
        "-江海大学新闻网", "党委宣传部", ("张立文",), ("王小青",),
    ),
    "reporter and house above the time": (
        f"<h1>{TITLE}</h1><div class='about'><p>江海新闻记者 张立文</p><p>2024-04-13 09:05 来源：江海新闻</p></div>"
        f"<div class='txt'>{BODY}</div><p>责任编辑：王小青</p><p>校对：李一</p>",
        "_直击现场_江海新闻", "江海新闻", ("张立文",), ("王小青", "李一"),
    ),
    "an account of a platform above the time": (
        f"<h2>{TITLE}</h2><div><p>江海必读</p><span>发布时间：2024-04-13 09:05</span><span>优质原创作者</span></div>"
        f"<div class='article-content'>{BODY}</div><div>作者最新文章</div>",
        "", "江海必读", (), (),
    ),
    "the byline in brackets at the top of the text": (
        f"<h3>{TITLE}</h3><div>2024-04-13 09:05:00 来源：江海者网</div><div class='content'>"
        f"<p>【文/江海者网专栏作者 张立文】</p>{BODY}</div><p>责任编辑: <a>小青</a></p>",
        "", "江海者网", ("张立文",), ("小青",),
    ),
    "reporters in the first sentence": (
        f"<h1>{TITLE}</h1><p>2024年04月13日 09:05　来源：江海新闻网　参与互动</p><div class='left_zw'>"
        f"<p>江海新闻网上海4月13日电 (记者 张立文)长三角的江与海，把几座城市连成一片。</p>{BODY}</div>"
        "<div>【编辑:王小青】</div>",
        "-江海新闻网", "江海新闻网", ("张立文",), ("王小青",),
    ),
    "文｜, with the time after it": (
        f"<h1>{TITLE}</h1><p>文｜张立文</p><p>2024-04-13 09:05</p><div class='content'>{BODY}</div>",
        " - 36氪", None, ("张立文",), (),
    ),
    "来源 and 作者 in cells, hours and minutes in words": (
        f"<h1>{TITLE}</h1><ul><li>来源：</li><li>江海周刊</li><li>作者：</li><li>张立文</li>"
        f"<li>2024年4月13日 9时05分</li></ul>"
        f"<div class='article-body'>{BODY}</div>",
        "_江海周刊", "江海周刊", ("张立文",), (),
    ),
    "a blog that links to the author's page": (
        f"<h1>{TITLE}</h1><p>2024-04-13 09:05</p><div class='entry'>{BODY}</div><a rel=author href='/u/7'>小青</a>",
        " - 江海笔记", None, ("小青",), (),
    ),
}  # fmt: skip


@every_row("name", SITES)
def test_the_page_of_each_chinese_site_gives_headline_date_names_and_text(name):
    rest, ending, source, authors, editors = SITES[name]
    article = read(f"<html lang=zh-CN><title>{TITLE}{ending}</title><body>{NAV}{rest}<div>版权所有 江海</div>")
    assert article.headline == TITLE
    assert article.date_published is not None
    assert article.date_published.isoformat() == AT
    assert (article.source_line, article.authors, article.editors) == (source, authors, editors)
    assert [line for line in article.paragraphs if line in PROSE] == PROSE


@pytest.mark.parametrize(
    "line",
    ["引用日期2014-05-19", "[引用日期：2014年5月19日]", "出生日期：1975年1月28日", "Retrieved 20 November 2019"],
)
def test_a_date_of_birth_or_of_retrieval_is_no_publication_date(line):
    article = read(f"<title>{TITLE}</title><h1>{TITLE}</h1><p>{line}</p><div>{BODY}</div><p>{line}</p>")
    assert article.date_published is None
