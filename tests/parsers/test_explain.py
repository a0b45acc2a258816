"""Every value can say where it comes from. The pages are our own; the shared ones prove that nothing is made up."""

import csv
import gzip
import json
from dataclasses import fields
from pathlib import Path

import pytest
from support.handmade import NOW, PROSE, paragraphs
from support.tables import every_row

from parsers import Article, Document, ParseError, parse, to_json
from parsers.explain import Considered, ExplainedProperty, Explanation, explain, explanation_json

URL = "https://news.example.cn/2024-04/13/a1.html"
BODY = paragraphs(PROSE)
HEAD = '<title>江与海的连接</title><h1 class="big">江与海的连接</h1>'
LINKED = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-04-12T09:00:00+08:00"}</script>'
)
PAGE = f"""{HEAD}<meta name="pubdate" content="2024-04-13 09:30">
<div class="info">2024年04月13日 09:30 来源：江海日报</div>
<div class="text" id="zoom"><p>来源：江海日报</p>{BODY}<h3>看得见的变化</h3>{BODY}<p><a href="/2">旧闻一则</a></p>
<p>责任编辑：王小青</p><p>相关阅读</p><p>另一条新闻的开头，和这篇文章没有关系。</p></div>"""


def document(page: str, url: str = URL, source: str | None = None, kind: str | None = None) -> Document:
    return Document(page.encode(), kind, url, NOW, source)


def told(page: str, **where: str) -> Explanation:
    return explain(document(page, **where))


def named(explanation: Explanation, name: str) -> ExplainedProperty:
    return next(found for found in explanation.properties if found.name == name)


# -- one property at a time


@every_row(
    ("name", "value", "rule", "stands_in"),
    [
        ("headline", "江与海的连接", "heading that agrees with <title>", "h1.big"),
        ("source_line", "江海日报", None, "来源：江海日报"),
        ("editors", ["王小青"], None, "责任编辑：王小青"),
        ("identity", None, None, None),
        ("speaker", None, None, None),
    ],
)
def test_a_value_knows_its_rule_and_its_line(name, value, rule, stands_in):
    found = named(told(PAGE), name)
    assert found.value == value
    assert (found.rule is None) == (value is None)
    assert rule is None or found.rule == rule
    assert (stands_in or "") in (found.line or "")


def test_all_dates_are_shown_with_their_conflicts():
    found = named(told(LINKED + PAGE), "date_published")
    assert (found.value, found.rule) == ("2024-04-12T09:00:00+08:00", "json-ld datePublished")
    verdicts = {each.rule: each.verdict for each in found.considered if each.gave}
    assert verdicts["json-ld datePublished"] == "taken"
    assert verdicts["meta pubdate"] == "conflicts: other day: 2024-04-13T09:30:00+08:00"
    assert verdicts["day in the url"] == "conflicts: other day: 2024-04-13"
    assert Considered("meta publishdate", (), "gave nothing") in found.considered


def test_the_explanation_names_a_text_that_is_no_date():
    found = named(told(PAGE.replace("2024-04-13 09:30", "soon")), "date_published")
    assert Considered("meta pubdate", ("soon",), "is no date") in found.considered
    assert found.value == "2024-04-13T09:30:00+08:00"


def test_the_explanation_counts_body_lines_and_says_where_the_body_ends():
    body = told(PAGE).body
    assert body is not None
    assert (body.path, "#zoom" in body.why) == ("div#zoom", True)
    counts = dict(body.lines)
    assert (counts["prose"], counts["heading"], counts["machinery"]) == (6, 1, 2)
    assert Considered("nothing but links", ("旧闻一则",), "left out") in body.left_out
    assert body.ended.startswith("at “相关阅读”")


TAGGED = "Thinker | Ruan Qing: The road to quality growth China | Delta | Construction"


def test_a_title_line_shows_the_property_of_each_part():
    dump = "\n".join([TAGGED, "Release time:Apr 13, 2024 23:01 PM", *["The delta is a plain of rivers and roads."] * 9])
    title = told(dump, url="https://a5qu.com/viewpoint/a_1.html", source="a5qu", kind="text/plain").title
    assert title is not None
    assert title.raw == TAGGED
    assert title.parts == (
        ("article_section", "Thinker"),
        ("speaker", "Ruan Qing"),
        ("headline", "The road to quality growth"),
        ("keywords", "China"),
        ("keywords", "Delta"),
        ("keywords", "Construction"),
    )
    assert title.glued_keyword == "China"


def test_the_words_that_made_a_page_gone_are_named():
    assert told("<title>江海网</title><p>抱歉，您访问的页面不存在！</p>").words == "您访问的页面不存在"


def test_the_rivals_of_the_box_are_named():
    rival = f'<div class="side">{paragraphs(PROSE[:2])}</div>'
    body = told(f"{HEAD}<div class=text>{BODY}</div>{rival}").body
    assert body is not None
    assert [each.rule for each in body.considered if each.verdict == "a rival"] == ["body > div.side"]


def test_the_explanation_shows_text_dropped_inside_a_line():
    line = PROSE[0].replace("，", '，<span class="sr-only">（打开新窗口）</span>', 1)
    body = told(f"{HEAD}<div id=zoom><p>{line}</p>{BODY}</div>").body
    assert body is not None
    assert body.dropped == (Considered(PROSE[0], ("（打开新窗口）",), "dropped inside the line"),)


# -- page class and encoding


@every_row(
    ("url", "source", "name", "why", "other"),
    [
        (URL, None, "DefaultPage", "no page class", ""),
        ("https://www.gov.cn/1.htm", None, "GovcnPage", "host www.gov.cn is www.gov.cn", ""),
        ("https://theory.people.com.cn/1", None, "PeopleTheoryPage", "is below people.com.cn", ""),
        ("https://www.gov.cn/1.htm", "rmlt", "RmltPage", "source rmlt", ""),
        (
            "https://www.jfdaily.com/news/getNewsDetail?id=1",
            None,
            "ShangguanPage",
            "is below jfdaily.com",
            "JiefangPage: its path /journal/ does not match",
        ),
    ],
)
def test_the_page_class_says_why_it_was_chosen(url, source, name, why, other):
    chosen = told(PAGE, url=url, source=source).page
    assert chosen.name == name
    assert why in chosen.why
    assert other in "; ".join(f"{each.rule}: {each.verdict}" for each in chosen.considered)


@every_row(
    ("payload", "content_type", "name", "why"),
    [
        (b"\xef\xbb\xbf" + PAGE.encode(), "text/html; charset=gbk", "UTF-8", "byte order mark"),
        (PAGE.encode(), "text/html; charset=gbk", "UTF-8", "the bytes are valid UTF-8"),
        (PAGE.encode("gb18030"), "text/html; charset=gb2312", "GBK", "Content-Type header"),
        (b'<meta charset="gbk">' + PAGE.encode("gb18030"), "text/html; charset=utf-8", "GBK", "meta"),
        (PAGE.encode("gb18030"), None, "gb18030", "trial"),
    ],
)
def test_the_encoding_says_who_was_believed(payload, content_type, name, why):
    found = explain(Document(payload, content_type, URL, NOW)).encoding
    assert found is not None
    assert found.name.casefold() in (name.casefold(), "gb18030")
    assert found.why.startswith(why)


# -- verdicts


@every_row(
    ("page", "url", "verdict"),
    [
        ("<ul>" + '<li><a href="/1">一条新闻的标题</a></li>' * 40 + "</ul>", URL, "NotAnArticle: "),
        ("<title>此文章不存在或已下线</title><p>此文章不存在或已下线</p>", URL, "Gone: "),
        (f"{HEAD}<div>{BODY}</div>", "https://www.jfdaily.com/news/detail?id=1", "LayoutChanged: ShangguanDetailPage"),
        ("<div>" * 9000, URL, "ParseError: "),
        ("[" * 100_000, URL, "ParseError: "),
    ],
)
def test_a_page_without_article_ends_with_its_verdict(page, url, verdict):
    explanation = told(page, url=url)
    assert explanation.article is None
    assert (explanation.verdict or "").startswith(verdict)
    assert all(found.value is None and found.rule is None for found in explanation.properties)
    if not verdict.startswith("ParseError"):
        assert dict(explanation.measured)["links"] == page.count("<a ")


# -- the same values as parse, each with a rule


def check(page: Document) -> None:
    try:
        article, verdict = parse(page), None
    except ParseError as error:
        article, verdict = None, f"{type(error).__name__}: {error.reason}"
    explanation = explain(Document(page.payload, page.content_type, page.url, page.captured_at, page.source))
    assert (explanation.article, explanation.verdict) == (article, verdict)
    assert [found.name for found in explanation.properties] == [field.name for field in fields(Article)]
    json.dumps(explanation_json(explanation))
    if article is not None:
        values = to_json(article)
        assert {found.name: found.value for found in explanation.properties} == {
            name: values[name] for name in values if name != "body_text"
        }
        silent = [found.name for found in explanation.properties if found.value not in (None, []) and not found.rule]
        assert not silent, "these values do not know their rule"


@every_row("page", [PAGE, LINKED + PAGE, HEAD, "", "{}"])
def test_an_explanation_has_the_values_of_parse(page):
    check(document(page))


@pytest.mark.shared
def test_every_policy_page_is_explained(shared: Path):
    with (shared / "data/policy-pages/MANIFEST.tsv").open(encoding="utf-8") as rows:
        pages = [(row["file"], row["original_url"].split()[0]) for row in csv.DictReader(rows, delimiter="\t")]
    for name, url in pages:
        check(Document((shared / "data/policy-pages" / name).read_bytes(), None, url, NOW))


@pytest.mark.slow
@pytest.mark.shared
def test_a_hundred_pages_of_any_site_are_explained(shared: Path):
    rows = [json.loads(line) for line in (shared / "data/extraction/truth.jsonl").read_text("utf-8").splitlines()]
    for row in rows[:: len(rows) // 100]:
        check(
            Document(
                gzip.decompress((shared / "data/extraction" / row["file"]).read_bytes()), None, row["url"] or "", NOW
            )
        )
