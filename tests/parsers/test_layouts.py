"""A page that is an article but no longer fits its class is said to have another layout. The pages are our own."""

import json
from datetime import UTC, datetime

from support.tables import every_row

from parsers import Document, LayoutChanged, NotAnArticle, ParseError, Restricted, parse
from parsers.pages import PAGES
from parsers.reader.page import ArticlePage

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PROSE = "".join(f"<p>{line}</p>" for line in ["长三角的江与海，把几座城市连成一片，也把产业和人才连成一片。"] * 4)
SHANGGUAN = "https://www.shobserver.com/news/detail?id=158818"
JSON_DETAIL = "https://www.shobserver.com/news/getNewsDetail?id=751736"
PRINT = "https://www.jfdaily.com/journal/getJournalPageArticle.do?id=500001"
NEWSROOM = "http://127.0.0.1:8000/article/7.html"
TITLE = "<title>江与海的连接--上观新闻</title>"
LINKED = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "江与海的连接"%s}</script>'
DATED = LINKED % ', "datePublished": "2024-04-13T23:01:00+08:00"'
ROW = {"id": 751736, "title": "江与海的连接", "detail": PROSE, "publishtime": 1713020460000, "newstype": "0"}


def row(drop: str = "", **changes: object) -> str:
    kept = {name: value for name, value in (ROW | changes).items() if name != drop}
    return json.dumps({"success": True, "object": kept})


def verdict(page: str, url: str, source: str | None) -> ParseError | None:
    try:
        parse(Document(page.encode(), None, url, NOW, source))
    except ParseError as error:
        return error
    return None


CHANGED = [
    (
        f'{TITLE}<div class="left"><div class="wz_contents">江与海的连接</div><div class="new">{PROSE}</div></div>',
        SHANGGUAN,
        "ShangguanDetailPage: the layout has changed: body matches none of css #newscontents, css .newscontents, "
        "css .news-content, css .news-container",
    ),
    (
        f'{TITLE}<h1>江与海的连接</h1><div id="newscontents">{PROSE}</div>',
        SHANGGUAN,
        "ShangguanDetailPage: the layout has changed: headline matches none of css div.left > div.wz_contents, "
        "css .news-title",
    ),
    (row("publishtime"), JSON_DETAIL, "date_published does not match field object.publishtime"),
    (row("title", name="江与海的连接"), JSON_DETAIL, "headline does not match field object.title"),
    (row("detail", content=PROSE), JSON_DETAIL, "fragment does not match field object.detail"),
    (
        json.dumps({"object": {"article": {"name": "江与海的连接", "content": PROSE}}}),
        PRINT,
        "headline matches none of field object.article.title, field article.title",
    ),
]


@every_row(("page", "url", "reason"), CHANGED)
def test_the_line_names_class_property_and_selectors(page, url, reason):
    error = verdict(page, url, None)
    assert type(error) is LayoutChanged
    assert error.reason.endswith(reason)


@every_row(
    ("page", "changed"),
    [
        (f'{DATED}<article><h1>江与海的连接</h1><div class="content">{PROSE}</div></article>', ""),
        (f'{DATED}<h1>江与海的连接</h1><section class="story-text">{PROSE}</section>', ""),
        (f'{DATED}<h1>江与海的连接</h1><section class="new">{PROSE}</section>', "body matches none of"),
        (f'{LINKED % ""}<h1>江与海的连接</h1><section class="story-text">{PROSE}</section>', "date_published matches"),
        (f"<title>江与海的连接</title><h1>江与海的连接</h1>{PROSE}", ""),  # describes itself in no way of the site
    ],
)
def test_the_newsroom_is_held_to_its_designs(page, changed):
    error = verdict(page, NEWSROOM, "newsroom")
    assert changed in str(error) if changed else error is None


@every_row(
    ("page", "url", "kind"),
    [
        (
            "<ul>" + '<li><a href="/news/detail?id=1">江与海的连接的新闻</a></li>' * 30 + "</ul>",
            SHANGGUAN,
            NotAnArticle,
        ),
        ('<div id="app"></div>', SHANGGUAN, NotAnArticle),
        (row("detail", ismember=1), JSON_DETAIL, Restricted),
        (row("publishtime", detail=""), JSON_DETAIL, NotAnArticle),
        (json.dumps({"success": True, "object": [{"id": 1, "title": "江"}]}), JSON_DETAIL, NotAnArticle),
        (json.dumps({"object": {"article": {}}}), PRINT, NotAnArticle),
    ],
)
def test_a_page_that_is_no_article_keeps_its_verdict(page, url, kind):
    assert type(verdict(page, url, None)) is kind


def test_a_lenient_class_reads_another_layout_by_the_general_rules():
    page = f"<title>江与海的连接</title><h1>江与海的连接</h1><div>{PROSE}</div>"
    assert verdict(page, "https://theory.people.com.cn/n1/1.html", None) is None


@every_row("page", PAGES)
def test_a_page_class_declares_each_property_that_it_requires(page: type[ArticlePage]):
    for name in page.required:
        assert page.body if name == "body" else getattr(page, name).rule != "nowhere"
