"""Pages made to hang a parser: each is read or refused in one line, within 15 s of CPU and 1 GiB of memory.

A child with these limits reads one after the other and says what became of each; a page that kills it is the one
after the last that it told of. In `make soak` lines of one repeated unit are longer, and the limit is 5 s: processor
time grows with the load of a machine (see test_extreme_pages).
"""

import json
import random
import resource
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from support.limited import SOAK, read_in_a_child
from support.tables import every_row

from parsers import Document, ParseError, parse, to_json

pytestmark = [pytest.mark.slow, pytest.mark.soak]

SECONDS = 5.0 if SOAK else 15.0  # of CPU for one page
MEMORY = 1 << 30  # bytes of address space
MILLION = 1_000_000
NOW = datetime(2026, 1, 2, tzinfo=UTC)
TITLE = "A title that is long enough"
PROSE = "A sentence of the article, and another one. " * 9
READ = "article"


def page(body: str = "", head: str = "") -> str:
    """An article with something else in its body or head."""
    return f"<html><head><title>{TITLE}</title>{head}</head><body><h1>{TITLE}</h1>{body}<p>{PROSE}</p></body></html>"


def linked(text: str) -> str:
    return page(head=f'<script type="application/ld+json">{text}</script>')


def references(*names: str) -> str:
    """An author who is 400 times each of the next, and so on."""
    things = [{"@id": one, "name": [[{"@id": other}] * 20] * 20} for one, other in pairwise(names)]
    last = {"@id": names[-1], "name": [["Jane Doe"] * 20] * 20}
    return json.dumps([{"@type": "NewsArticle", "author": {"@id": names[0]}}, *things, last])


def said_everywhere(text: str) -> str:
    """The text as title, author, keywords, date, address, class and headline."""
    names = ("author", "keywords", "pubdate", "article:published_time", "og:title", "og:site_name", "og:url", "source")
    metas = "".join(f"<meta name='{name}' content='{text}'>" for name in names)
    thing = dict.fromkeys(("headline", "datePublished", "keywords", "articleSection", "url"), text)
    script = json.dumps({"@type": "NewsArticle", "author": {"name": text}, **thing})
    return (
        f"<title>{text}</title>{metas}<script type='application/ld+json'>{script}</script><h1>{text}</h1>"
        f"<div class='source {text}' id='{text}' style='{text}'>{text}</div><p>{PROSE}</p><a href='{text}'>{text}</a>"
        f"<img src='{text}' alt='{text}'>"
    )


# What the regular expressions look for, without an end.
_UNITS = """
    ( （ 【 [ | ｜ 丨 _ - — : ： / . ， 、 。 年 月 日 1 12: 2020-01-01 2020年1月1日 十 二〇 中 记者 作者： 来源：
    编 转载 By and Jan a Related__ related_ advert &nbsp; &#xd800; http:// @ % ; … &lt; 小传： 【】 ' "
"""
UNITS = _UNITS.split()
BLANK_UNITS = [" ", "\u3000", "\xa0", "\n", "a ", "a\u3000", "\u200d", "e\u0301", "\x00"]

Made = Callable[[], str | bytes]
PAGES: dict[str, tuple[Made, str]] = {
    "24 kB of unclosed tags": (lambda: "<b><i><u><p>" * 2_000, "leaves so many formatting tags open"),
    "unclosed font": (lambda: "".join(f"<font size={n}><p>" for n in range(2_500)), "leaves so many formatting"),
    "unclosed nobr": (lambda: "<nobr><p>" * 20_000, "leaves so many tags open"),
    "unclosed a": (lambda: "<a href=/x>" * 30_000, "leaves so many tags open"),
    "div in div": (lambda: "<div>" * 30_000, "nests more than 4,000 blocks"),
    "ul in li": (lambda: "<ul><li>" * 30_000, "nests more than 4,000 blocks"),
    "span in span": (lambda: "<span>" * 30_000 + "</x>" * 30_000, "leaves so many tags open"),
    "table in table": (lambda: "<table><tr><td>" * 30_000, "leaves so many tags open"),
    "template in template": (lambda: "<template>" * 50_000, "leaves so many tags open"),
    "svg": (lambda: "<svg>" + "<g>" * 50_000, "leaves so many tags open"),
    "nested articles": (lambda: page("<div class='article content'><p>words of it, and more</p>" * 3_900), READ),
    "nested asides": (lambda: page("<aside class=related>words of it, and more<br>" * 3_000), READ),
    "nested titles": (lambda: page(f"<div class=title>{TITLE}" * 3_900), READ),
    "nested known boxes": (lambda: page("<div class=TRS_Editor id=zoom>words of it, and more" * 3_900), READ),
    "nested tables": (lambda: page("<table><tr><td>索引号：x 发文机关：y" * 1_300), READ),
    "nested lists": (lambda: page("索引号：" + "<ul><li>标题：" * 2_000), READ),
    "30 MB": (lambda: b"x" * 30 * MILLION, "more than 10,000,000 are not read"),
    "one long line": (lambda: page("<p>" + "x" * 9 * MILLION), READ),
    "a long Chinese line": (lambda: page("<p>" + "中文，" * MILLION), READ),
    "nothing but <": (lambda: "<" * 9 * MILLION, "no headline"),
    "three million tags": (lambda: "<a>" * 3 * MILLION, "leaves so many tags open"),
    "paragraphs": (lambda: page("<p>words of it, and more" * 400_000), READ),
    "links": (lambda: page("<a href=/a>words of it, and more</a> " * 15_000), READ),
    "a million attributes": (
        lambda: page("<p " + " ".join(f"a{n}=1" for n in range(MILLION)) + ">"),
        "more than 1,000 attributes",
    ),
    "attributes glued": (lambda: page("<p " + "".join(f"a{n}=''" for n in range(9_000)) + ">"), "1,000 attributes"),
    "attributes with <": (lambda: page("<p " + " ".join(f"a{n}='<'" for n in range(9_000)) + ">"), "1,000 attributes"),
    "attributes behind a script": (
        lambda: page("<script>i<n</script><p " + "/".join(f"a{n}" for n in range(9_000)) + ">"),
        "1,000 attributes",
    ),
    "classes of many words": (lambda: page(f"<div class='{'a-' * 50_000} 1'><p>{PROSE * 3}</p></div>" * 2), READ),
    "crowded tags": (lambda: page(("<p " + " ".join(f"a{n}" for n in range(900)) + ">x") * 1_500), "more than 500,000"),
    "bodies": (lambda: "".join(f"<body a{n}=1>" for n in range(30_000)), "more than 1,000 bodies"),
    "30,000 metas": (lambda: page(head="".join(f"<meta name=n{n} content=v>" for n in range(30_000))), READ),
    "30,000 headlines": (lambda: page(f"<p>{PROSE}" + f"<h1>{TITLE}</h1>" * 30_000), READ),
    "30,000 other headlines": (
        lambda: page(f"<p>{PROSE}" + "".join(f"<h1>{TITLE} {n}</h1>" for n in range(30_000))),
        READ,
    ),
    "rows with stray blanks between": (
        lambda: page(
            "<table>" + f"&nbsp;<tr class=x><td class=y>{'cell ' * 9}</td></tr>" * 12_000 + f"</table><p>{PROSE * 99}"
        ),
        READ,
    ),
    "words between comments in a table": (lambda: page(f"<table>{PROSE}<tr>" + "<!--x-->words" * 150_000), ""),
    "text after the page": (lambda: page(f"<p>{PROSE}") + f"{PROSE}</BODY><!--x-->" * 9_000, READ),
    "end tags that close nothing": (
        lambda: page(f"<p>{PROSE}" + "<svg><foreignObject><math><mi><p>x</mi></math></foreignObject></svg>" * 9_000),
        "nests more than 2,000 elements in foreign ones",
    ),
    "text between bodies": (lambda: page(f"<p>{PROSE}") + f"{PROSE}<Body a=b>" * 900, READ),
    "text between cells without a table": (lambda: page(f"<p>{PROSE}" + f"{PROSE}<td a=b>" * 9_000), READ),
    "30,000 lists of related items": (lambda: page(f"<p>{PROSE}" + "<h2>Related</h2><p>x" * 30_000), READ),
    "30,000 datelines": (lambda: page(f"<p>{PROSE}" + "<div>2020-01-02 03:04</div>" * 30_000), READ),
    "comments of readers": (
        lambda: page(
            "".join(f"<div class=comment>2020-01-02 03:04 {n}" for n in range(5_000)) + "<time datetime=2020>" * 99
        ),
        READ,
    ),
    "comments in comments": (
        lambda: page(
            ("<div class=comment>" + "<div>" * 31) * 110 + f"<p>{PROSE}" * 9_000 + "<p>2020-01-02<time datetime=x>" * 99
        ),
        READ,
    ),
    "fields in fields": (lambda: page("<div>索引号：<div>文号：" * 1_900), READ),
    "fields without values": (lambda: page("<p>索引号：<p>文号：<p>成文日期" * 20_000), READ),
    "spaced fields": (
        lambda: page("<p>文号：x<p>" + "索" + " " * 300_000 + "引号：x" + "<p>成 文 日 期：" * 9_000),
        READ,
    ),
    "one field beside a long text": (lambda: page(f"<b>索引号</b><b>文号</b><div>{'长' * 3 * MILLION}</div>"), READ),
    "30,000 titles": (lambda: page(f"<p>{PROSE}" + f"<div>{TITLE}</div><div>2020-01-02</div>" * 20_000), READ),
    "30,000 notices": (lambda: page("<p>作者简介：</p><p>转载请注明来源</p>" * 20_000), READ),
    "rowspans": (
        lambda: page(f"<p>{PROSE}<table>" + "<tr><td rowspan=65534 colspan=1000>索引号<td>x" * 20_000 + "成文日期"),
        READ,
    ),
    "tables of data in tables": (lambda: page("<table border=1><tr><td>x<td>y<tr><td>a<td>" * 1_300), READ),
    "spans in a table of data": (
        lambda: page("<table border=1>" + "<tr><td rowspan=65534 colspan=1000>甲<td>乙" * 20_000 + "</table>"),
        READ,
    ),
    "pictures in tables": (lambda: page("<table><tr><td><img src=/1.jpg><tr><td>x" * 1_300), READ),
    "ordered lists in ordered lists": (lambda: page("<ol type=i start=3999><li>words of it, and more" * 1_900), READ),
    "items": (lambda: page("<ol reversed>" + "<li>words of it, and more" * 60_000), READ),
    "files": (
        lambda: page("<div class=fj>附件：" + "".join(f"<a href=/{n}.pdf>x{n}</a> " for n in range(15_000))),
        READ,
    ),
    "files that stand deep": (
        lambda: page("".join(f"<div>附件：<a href=/{n}.pdf>x{n}</a>" for n in range(1_900))),
        READ,
    ),
    "captions": (lambda: page(f"<p>{PROSE}" + "<p class=caption>x" * 30_000 + "<img src=/1.jpg>"), READ),
    "lines under a picture": (
        lambda: page(f"<p>{PROSE}" + "<img src=/1.jpg><p>图为甲，新华社记者 乙 摄</p>" * 15_000),
        READ,
    ),
    "a set without an end": (lambda: page(f"<p>{PROSE}<img srcset='{'/1.jpg 100w, ' * 500_000}'>"), READ),
    "a data address": (lambda: page(f"<p>{PROSE}<img src='data:image/png;base64,{'A' * 9 * MILLION}'>"), READ),
    "pictures": (lambda: page(f"<p>{PROSE}" + "".join(f"<img src=http://例{n}.cn/x>" for n in range(15_000))), READ),
    "NULs": (lambda: b"\0" * 9 * MILLION, "no headline"),
    "entities": (lambda: page("&CounterClockwiseContourIntegral;" * 90_000), READ),
    "a number without end": (lambda: page("&#" + "9" * 5 * MILLION), READ),
    "scripts": (lambda: page("<script></script>" * 90_000), READ),
    "comments": (lambda: page(f"<p>{PROSE}" + "<!-- x -->" * 180_000), READ),
    "an open comment": (lambda: "<!--" + "-" * 9 * MILLION, "no headline"),
    "JSON, deep": (lambda: "[" * MILLION, "nested too deeply"),
    "JSON, a number": (lambda: '{"a":' + "9" * 5 * MILLION + "}", "no headline"),
    "JSON, numbers": (lambda: "[" + ",".join(["9" * 4_000] * 2_000) + "]", "JSON with 0 rows"),
    "JSON, rows": (lambda: json.dumps([{"id": n, "title": "x"} for n in range(200_000)]), "JSON with 200000 rows"),
    "JSON, surrogates": (lambda: '{"a": "' + "\\ud800" * MILLION + '"}', "JSON with 0 rows"),
    "JSON-LD, deep": (lambda: linked("[" * MILLION), "nested too deeply"),
    "JSON-LD, deep value": (lambda: linked('{"@type":"NewsArticle","author":' + "[" * 900 + "]" * 900 + "}"), ""),
    "JSON-LD, a number": (lambda: linked('{"@type":"NewsArticle","datePublished":' + "9" * MILLION + "}"), READ),
    "JSON-LD, 9 MB": (lambda: linked(json.dumps([{"@type": "Thing", "a": "b" * 50}] * 120_000)), READ),
    "JSON-LD, things": (lambda: linked(json.dumps([{"@type": ["Thing"] * 200}] * 300)), READ),
    "JSON-LD, commas": (lambda: linked("{" + (", " + " " * 1_000) * 1_900), READ),
    "JSON-LD, comment marks": (lambda: linked(("--> //" + " " * 1_000) * 1_900 + "x"), READ),
    "JSON-LD, scripts": (lambda: linked("</script><script type='application/ld+json'>{}" * 30_000), READ),
    "JSON-LD, names": (
        lambda: linked(json.dumps({"@type": "NewsArticle", "author": [{"name": "a" + " " * 9_000 + "b"}] * 200})),
        READ,
    ),
    "JSON-LD, lists of references": (lambda: linked(references("a", "b", "c")), READ),
    "UTF-16 without a mark": (lambda: page("<p>中文，and more" * 40_000).encode("utf-16-le"), READ),
    "random bytes": (lambda: random.Random(1).randbytes(9 * MILLION), ""),
}


LENGTH = 400_000 if SOAK else 150_000  # characters of a line


def bytes_as(label: str, unit: bytes) -> Made:
    return lambda: f"<meta charset={label}>".encode() + unit * (LENGTH * 5 // len(unit))


def line_of(unit: str) -> Made:
    return lambda: page(f"<p>x{unit * (LENGTH // len(unit))}x")


def lines_of(unit: str) -> Made:
    return lambda: page(f"<p>{unit * (40 // len(unit))}" * 3_000)


def everywhere(unit: str) -> Made:
    return lambda: said_everywhere(f"x{unit * (40_000 // len(unit))}x")


LABELS = ("big5", "gb18030", "euc-jp", "iso-2022-jp", "koi8-u", "utf-16")
for label in LABELS:
    for unit in (b"\xff", b"\x80a", b"\xa4\xa4"):
        PAGES[f"{unit.hex()} as {label}"] = bytes_as(label, unit), "no headline"
for text in (*UNITS, *BLANK_UNITS):
    PAGES[f"line of {text!r}"] = line_of(text), ""
    PAGES[f"{text!r} everywhere"] = everywhere(text), ""
UNITS_OF_LINES = (
    "作者：", "来源：", "2020-01-01", "1月", "By ", "记者 ", "部", "部 、", "2020年1月1日", "更新时间：2020-01-01",
    "起施行", "国发〔",
)  # fmt: skip
for text in UNITS_OF_LINES:
    PAGES[f"lines of {text!r}"] = lines_of(text), ""


def outcome(made: str | bytes) -> str:
    payload = made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")
    try:
        article = parse(Document(payload, "text/html", "https://example.com/a/1", NOW))
    except ParseError as refused:
        return refused.reason
    json.dumps(to_json(article))
    return READ


def child() -> None:
    """Read every page within the limits; the default action of the alarm ends the process even inside C code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for name, (make, _) in PAGES.items():
        made = make()
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        told = outcome(made)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        print(json.dumps([name, told]), flush=True)


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str]:
    return read_in_a_child(__name__, list(PAGES))


@every_row("name", PAGES)
def test_a_hostile_page_is_read_or_refused(outcomes: dict[str, str], name: str) -> None:
    _, expected = PAGES[name]
    assert expected in outcomes[name]
    assert "\n" not in outcomes[name]
