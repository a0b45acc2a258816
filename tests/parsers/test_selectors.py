"""Selectors of a source's declaration: where they find something they go first, else the page is read as ever."""

import json
from dataclasses import replace

import pytest
from support.handmade import NOW, PROSE, paragraphs
from support.tables import every_row

from parsers import Document, page_of, parse, version_of
from parsers.explain import explain
from parsers.reader.selected import unmatched
from parsers.selectors import NO_SELECTORS, Selectors, require_selector

BODY = paragraphs(PROSE)
OTHER = paragraphs(
    [f"第{n}段。城市之间的协议先写下各方不做什么，再写下各方要做什么，然后才谈到钱从哪里来。" for n in range(8)]
)
PAGE = f"""<title>另一个题目</title><h1>栏目的大字</h1><h2 class="t">江与海的连接</h2>
<div class="meta"><b class="when">2024年4月13日 09:30</b> 更新 2024年4月15日 10:00 <i class="by">作者：林知远</i></div>
<div class="long">{BODY}</div><div id="content">{OTHER}</div>"""
ALL = Selectors(headline="h2.t", body=".long", date=".when", authors=".by")


def page(selectors: Selectors = NO_SELECTORS, html: str = PAGE, url: str = "https://news.example/a/1") -> Document:
    return Document(html.encode(), "text/html; charset=utf-8", url, NOW, "town", selectors=selectors)


def test_selected_values_come_before_those_of_the_general_reader() -> None:
    plain, read = parse(page()), parse(page(ALL))
    assert plain.headline != "江与海的连接"
    assert read.headline == "江与海的连接"
    assert read.date_published is not None
    assert read.date_published.isoformat() == "2024-04-13T09:30:00+08:00"
    assert read.authors == ("林知远",)
    assert read.paragraphs == parse(page(html=f"<h1>江与海的连接</h1>{BODY}")).paragraphs != plain.paragraphs


@pytest.mark.parametrize("name", ["headline", "body", "date", "authors"])
def test_a_selector_that_finds_nothing_leaves_its_property_to_the_general_reader(name: str) -> None:
    document = page(replace(ALL, **{name: ".nowhere"}))
    shown = {"headline": "headline", "body": "paragraphs", "date": "date_published", "authors": "authors"}
    without = page(replace(ALL, **{name: None}))
    assert getattr(parse(document), shown[name]) == getattr(parse(without), shown[name])
    assert unmatched(document) == (name,)
    assert parse(document).paragraphs


@pytest.mark.parametrize(
    ("html", "missed"),
    [
        (PAGE, ()),
        (PAGE.replace("2024年4月13日 09:30", "很久以前"), ("date",)),
        (PAGE.replace('class="by">作者：林知远', 'class="by"> '), ("authors",)),
        (PAGE.replace("long", "text").replace("h2", "h3"), ("headline", "body")),
    ],
)
def test_a_selector_that_finds_no_text_or_no_date_is_named(html: str, missed: tuple[str, ...]) -> None:
    assert unmatched(page(ALL, html)) == missed


@pytest.mark.parametrize(
    ("markup", "selector"),
    [
        ('<time class="d" datetime="2024-04-13T08:00:00+08:00">三小时前</time>', "time.d"),
        ('<div class="d"><time datetime="2024-04-13T08:00:00+08:00">昨天</time></div>', ".d time"),
        ('<meta name="pubdate" content="2024-04-13 08:00:00">', "meta[name=pubdate]"),
        ('<time class="d">2024-04-13 08:00</time>', "time.d"),
    ],
)
def test_a_selected_date_in_an_attribute_is_read_from_the_attribute(markup: str, selector: str) -> None:
    """Else what a page calls "three hours ago" would be another date at each visit, and each time an edit."""
    document = page(Selectors(date=selector), f"<h1>江与海的连接</h1>{markup}{BODY}")
    found = parse(document).date_published
    assert found is not None
    assert found.isoformat() == "2024-04-13T08:00:00+08:00"
    assert unmatched(document) == ()


@pytest.mark.parametrize("text", ["三小时前", "3 hours ago", "昨天"])
def test_a_selected_date_that_moves_with_the_clock_is_not_read(text: str) -> None:
    document = page(Selectors(date=".when"), f'<h1>江与海的连接</h1><b class="when">{text}</b>{BODY}')
    assert parse(document).date_published is None
    assert unmatched(document) == ("date",)


def test_the_general_rules_read_a_relative_day_with_a_time() -> None:
    document = page(Selectors(date=".when"), f'<h1>江与海的连接</h1><b class="when">昨天 08:30</b>{BODY}')
    assert str(parse(document).date_published) == "2026-01-01 08:30:00+08:00"
    assert unmatched(document) == ("date",)


@every_row(
    ("line", "names"),
    [
        ("文/林知远", ("林知远",)),
        ("作者：林知远、王小青", ("林知远", "王小青")),
        ("林知远 王小青", ("林知远", "王小青")),
        ("By Jane Doe and John Roe", ("Jane Doe", "John Roe")),
        ("Jane Doe", ("Jane Doe",)),
    ],
)
def test_a_byline_is_names_with_a_label_or_without(line: str, names: tuple[str, ...]) -> None:
    assert parse(page(ALL, PAGE.replace("作者：林知远", line))).authors == names


def test_the_declaration_is_named_as_the_reason() -> None:
    found = explain(page(replace(ALL, authors=".nobody")))
    rules = {each.name: each.rule for each in found.properties}
    assert rules["headline"] == "selector of the declaration: h2.t"
    assert rules["date_published"] == "selector of the declaration: .when"
    assert found.body is not None
    assert found.body.why == "selector of the declaration: .long"
    assert found.page.name == "DefaultPage"
    assert found.page.why.endswith(
        "selectors of the declaration before its own: headline h2.t, body .long, date .when, authors .nobody; "
        "authors found nothing"
    )


def test_a_page_class_keeps_its_unselected_properties() -> None:
    article = "https://www.qstheory.cn/20240413/abc/c.html"
    plain, selected = page_of(page(url=article)), page_of(page(Selectors(headline="h2.t"), url=article))
    assert type(plain).__name__ == type(selected).__name__ != "DefaultPage"
    assert isinstance(selected, type(plain))
    assert (selected.authors, selected.body, selected.required) == (plain.authors, plain.body, plain.required)


def test_a_hostile_page_is_read_all_the_same() -> None:
    html = f'<h1>江与海的连接</h1>{"<div>" * 400}<b class="when">{"9" * 100_000}</b>{"</div>" * 400}{BODY}'
    assert parse(page(Selectors(headline="div " * 100 + "h1", date="div div div b", authors="b"), html)).paragraphs


@every_row("text", ["h1.title", "#a > p:not(.x)", "h1, h2", "[itemprop=name]", "p:nth-child(2)"])
def test_a_selector_is_css(text: str) -> None:
    assert require_selector(text) == text


@every_row("text", ["", " ", "h1[", "h1,,", "div >", "h1{", ":not(" * 90, "::before"])
def test_a_text_that_is_no_css_selector_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no CSS selector"):
        require_selector(text)


def test_selectors_and_their_edition_are_part_of_the_parser_version() -> None:
    first, second = replace(ALL, edition=1), replace(ALL, headline=None, edition=2)
    bare, gone = version_of(NO_SELECTORS), version_of(replace(NO_SELECTORS, edition=3))
    assert bare.isdigit()
    assert version_of(first) == f"{bare}+sel1.{ALL.digest}"
    assert version_of(second) == f"{bare}+sel2.{second.digest}" != f"{bare}+sel2.{ALL.digest}"
    assert gone == f"{bare}+sel3.none"


@pytest.mark.parametrize("said", [None, [], "x", {"headline": 5, "edition": "9", "other": "x"}])
def test_values_of_a_file_that_are_no_selectors_are_ignored(said: object) -> None:
    assert Selectors.of(said) == NO_SELECTORS


def in_a_script(value: object, markup: str = "<div id=__next></div>") -> str:
    text = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
    return f"<title>站点</title>{markup}<script>go()</script><script id=state>window.__STATE__ = {text};</script>"


ARTICLE = {"title": "江与海的连接", "html": BODY, "at": 1712971800000, "by": [{"name": "林知远"}, {"name": "周牧"}]}
WITHIN = Selectors(
    script="script", headline="page.title", body="page.html", date="page.at", authors="page.by.name"
)  # fmt: skip


def test_an_article_in_the_json_of_a_script_is_read_by_its_names() -> None:
    document = page(WITHIN, in_a_script({"page": ARTICLE}))
    read = parse(document)
    assert (read.headline, read.authors, unmatched(document)) == ("江与海的连接", ("林知远", "周牧"), ())
    assert read.date_published is not None
    assert read.date_published.timestamp() == 1712971800
    assert read.paragraphs == tuple(PROSE)


@every_row(
    ("value", "missed"),
    [
        ({"page": {**ARTICLE, "html": ""}}, ("body",)),
        ({"page": {**ARTICLE, "title": None}}, ("headline",)),
        ({"page": {**ARTICLE, "at": "三小时前"}}, ("date",)),
        ({"page": [1, 2]}, ("headline", "body", "date", "authors")),
        ({}, ("headline", "body", "date", "authors")),
    ],
)
def test_headline_and_text_missing_in_the_script_are_read_from_the_page(value: object, missed: tuple[str, ...]) -> None:
    document = page(WITHIN, in_a_script(value, PAGE))
    assert set(unmatched(document)) == set(missed)
    read = parse(document)
    assert bool(read.paragraphs and read.headline)


@pytest.mark.parametrize("text", ["window.a = {'x'", "[" * 5000, "{}", '{"page": {"html": "<b>' + "<b>" * 50 + '"}}'])
def test_a_hostile_script_is_read_all_the_same(text: str) -> None:
    html = f"{PAGE}<script>{text}</script>"
    assert parse(page(WITHIN, html)).paragraphs == parse(page(html=html)).paragraphs
