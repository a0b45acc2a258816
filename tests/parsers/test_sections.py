"""The section that a page stands in: breadcrumbs in every form, WordPress categories, JSON-LD; and what is none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.handmade import HEAD, PROSE, paragraphs, read
from support.tables import every_row

from parsers.reader.frame.sections import section_of

BODY = f"<div>{paragraphs(PROSE)}</div>"
LINKS = '<a href="/">首页</a> &gt; <a href="/zc/">政务公开</a> &gt; <a href="/zc/wj/">政策文件</a>'


def crumbs(*names: object, **more: object) -> str:
    """JSON-LD of a path."""
    elements = [{"@type": "ListItem", "position": place, "name": name} for place, name in enumerate(names, start=1)]
    thing = {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": elements, **more}
    return f'<script type="application/ld+json">{json.dumps(thing, ensure_ascii=False)}</script>'


def microdata(*names: str) -> str:
    items = "".join(
        f'<li itemprop="itemListElement" itemscope itemtype="https://schema.org/ListItem"><a itemprop="item" href="/x">'
        f'<span itemprop="name">{name}</span></a><meta itemprop="position" content="{place}"></li>'
        for place, name in enumerate(names, start=1)
    )
    return f'<ol itemscope itemtype="https://schema.org/BreadcrumbList">{items}</ol>'


@every_row(
    ("markup", "section"),
    [
        (f"<div>您所在的位置：{LINKS}</div>", "政策文件"),
        (f"<div>您现在的位置：{LINKS} &gt; 正文</div>", "政策文件"),
        (f"<div><span>当前位置：</span>{LINKS} &gt; 江与海的连接</div>", "政策文件"),
        ("<div><div>当前位置：</div><div><a>首页</a> » <a>要闻</a></div></div>", "要闻"),
        ("<p>目前所在：首页 &gt;&gt; 要闻 &gt;&gt; 详情</p>", "要闻"),
        ("<div>當前位置：<a>首頁</a> / <a>最新消息</a> / <a>新聞稿</a></div>", "新聞稿"),
        (f'<div class="weizhi">{LINKS}</div>', "政策文件"),
        (f'<div class="location">{LINKS}</div>', "政策文件"),
        ('<div class="crumb"><a>江海网首页</a><i>&gt;</i><a>要闻</a><i>&gt;</i><span>正文</span></div>', None),
        ('<div class="breadcrumb"><a>首页</a>-<a>要闻</a>-<span>正文</span></div>', "要闻"),
        ('<nav aria-label="Breadcrumb"><a>Home</a><a>Press</a><a>Press releases</a></nav>', "Press releases"),
        (microdata("Home", "News", "World"), "World"),
        (crumbs("首页", "政策", "江与海的连接"), "政策"),
        (crumbs("Home", "Science &amp; Health"), "Science & Health"),
        (crumbs("要闻", "江与海的连接"), "要闻"),
        ('<a rel="category tag" href="/c/1">城市</a>, <a rel="category tag" href="/c/2">社会</a>', "城市"),
        ("<div>您所在的位置：首页 &gt; 通知公告(12)</div>", "通知公告"),
        ("<div>您所在的位置：首页 &gt; 江海规划(2035)</div>", "江海规划(2035)"),
        ("<div>当前位置：首页 &gt; 要闻 &gt; 正文页</div>", "要闻"),
        ("<div>当前位置：首页 &gt; 要闻 &gt; 浏览文章</div>", "要闻"),
        ("<div>当前位置：首页 &gt; 要闻 &gt; <a>返回上一页</a></div>", "要闻"),
        ("<div>当前位置：首页 &gt; 要闻 <button>搜索</button></div>", "要闻"),
        # nothing of it is a section
        ('<div class="location">江海市东区</div>', None),
        ("<div>当前位置：首页</div>", None),
        ("<div>当前位置：首页 &gt; 正文</div>", None),
        ("<div>您所在的位置：江海市人民政府 &gt; 正文</div>", None),
        (crumbs("江海网", "江与海的连接"), None),
        (crumbs("首页", "2024年第3号"), None),
        (crumbs("首页", "公报", "江海公报 2024-3"), "公报"),
        (crumbs("首页", "江与海的连…"), None),
        ("<footer><nav aria-label='breadcrumb'><a>关于我们</a><a>网站地图</a></nav></footer>", None),
        ('<div class="hot"><b>热门</b><a rel="tag">城市</a><a rel="tag">人才</a></div>', None),
        ("<p>手机会显示您的位置，也会显示附近的图书馆 &gt; 书店。</p>", None),
        ("".join(f'<a rel="category" href="/c/{n}">栏目{n}</a>' for n in range(20)), None),
        # buttons beside the path
        (f"<div class='crumb'>{LINKS} <span>字号：</span><a>大</a><a>打印</a></div>", "政策文件"),
    ],
)
def test_the_section_is_read_from_each_form_of_breadcrumbs_or_from_a_category_link(
    markup: str, section: str | None
) -> None:
    assert read(f"<title>江与海的连接</title>{markup}<h1>江与海的连接</h1>{BODY}").article_section == section


CATEGORY = '<a rel="category tag" href="/c/1">城市</a>'
TEXT = f"<h1>江与海的连接</h1>{BODY}"


@every_row(
    ("markup", "section"),
    [
        (
            f"<article>{TEXT}<footer class='entry-footer'><span>{CATEGORY}</span></footer></article>",
            "城市",
        ),
        # the site's footer, a teaser's, and a list of others in the article's own
        (f"<article>{TEXT}</article><footer>{CATEGORY}</footer>", None),
        (f"{TEXT}<article><h2>另一篇</h2><footer>{CATEGORY}</footer></article>", None),
        (
            f"<article>{TEXT}<footer><div class='related-posts'>{CATEGORY}</div></footer></article>",
            None,
        ),
    ],
)
def test_a_category_in_the_footer_of_the_article_itself_is_its_section(markup: str, section: str | None) -> None:
    assert read(f"<title>江与海的连接</title>{markup}").article_section == section


@every_row(
    ("stated", "section"),
    [("城市", "城市"), ("posts", "政策文件"), ("Uncategorized", "政策文件"), ("未分类", "政策文件")],
)
def test_a_placeholder_section_gives_way_to_the_breadcrumbs(stated: str, section: str) -> None:
    meta = f'<meta property="article:section" content="{stated}">'
    assert read(f"{HEAD}{meta}<div>当前位置：{LINKS}</div>{BODY}").article_section == section


def test_the_section_in_json_ld_comes_before_the_breadcrumbs() -> None:
    linked = {"@type": "NewsArticle", "headline": "江与海的连接", "articleSection": ["要闻", "城市"]}
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>'
    article = read(f"{HEAD}{script}<div>当前位置：{LINKS}</div>{BODY}")
    assert (article.article_section, article.keywords) == ("要闻", ("城市",))


def test_a_page_class_knows_its_own_place() -> None:
    own = "<div id='contentBreadcrumbs2'><a>首页</a> &gt; <a>学术</a></div>"
    url = "https://theory.gmw.cn/2024-04/13/content_1.htm"
    page = f"{own}<div>当前位置：{LINKS}</div>{HEAD}{BODY}"
    assert [read(page, url, source).article_section for source in ("gmw_theory", None)] == ["学术", "学术"]


def test_further_categories_are_keywords_of_a_page_without_tags() -> None:
    links = '<a rel="category tag">城市</a><a rel="category tag">社会</a>'
    assert read(f"{HEAD}{links}{BODY}").keywords == ("社会",)
    assert read(f"{HEAD}{links}<a rel='tag'>长三角</a>{BODY}").keywords == ("长三角",)


@pytest.mark.parametrize(
    "markup",
    [
        f'<div class="breadcrumb">{"<a>要闻</a> &gt; " * 50_000}</div>',
        f"<p>当前位置：{'首页 &gt; ' * 50_000}</p>",
        "<div class=location>" * 3_000 + "首页 &gt; 要闻" + "</div>" * 3_000,
        "<p>当前位置：</p>" * 50_000,
        '<a rel="category">城市</a>' * 50_000,
        crumbs(*["要闻"] * 50_000),
        crumbs("x" * 1_000_000, "y"),
        crumbs(1, None, {"name": 3}, ["a"], True),
        crumbs("a", itemListElement="x"),
        crumbs("a", itemListElement={"item": {"name": "b"}}),
    ],
    ids=["links", "text", "boxes", "labels", "categories", "elements", "long", "types", "string", "object"],
)
def test_endless_or_malformed_breadcrumbs_give_no_section_or_a_short_one(markup: str) -> None:
    found = read(f"{HEAD}{BODY}{markup}").article_section
    assert found is None or len(found) <= 30


@given(
    st.lists(st.text(max_size=40) | st.sampled_from(["首页", "要闻", "正文", "Home", "江与海", "江海网"]), max_size=14)
)
def test_a_section_is_one_of_the_crumbs_and_never_the_headline(names: list[str]) -> None:
    found = section_of(names, "江与海", {"江海网"})
    assert found is None or (found not in ("首页", "正文", "Home", "江与海", "江海网") and 0 < len(found) <= 30)
    assert (
        found is None or section_of([*names, "正文", "江与海"], "江与海", {"江海网"}) in (found, None) or len(names) > 8
    )


@pytest.mark.parametrize("crumb", ["江海市人民政府", "江海市人民政府网站", "江海市人民政府门户网站"])
def test_the_government_that_the_title_names_is_no_section(crumb: str) -> None:
    head = "<title>江与海的连接_江海市人民政府</title><h1>江与海的连接</h1>"
    assert read(f"<div>当前位置：首页 &gt; {crumb} &gt; 正文</div>{head}{BODY}").article_section is None
    assert read(f"<div>当前位置：首页 &gt; 东区人民政府 &gt; 正文</div>{head}{BODY}").article_section == "东区人民政府"
