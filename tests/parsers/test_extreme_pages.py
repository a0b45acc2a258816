"""Pages that break a limit of HTML, of encodings or of size: each is read or refused, in 15 s and 200 MB.

One child reads them one after the other. Before each page it sets the limits of the operating system anew; a page that
breaks a limit is the one after the last with an outcome. Processor time is no fixed measure either: where processors
share a core, caches and memory, and where a virtual machine counts what it waited for its host, the same page takes
three times as much of it while others are busy. `make soak` has 5 s; a cost that grows with the square of a page
breaks either limit.
"""

import json
import resource
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.limited import SOAK, read_in_a_child
from support.tables import every_row

from parsers import Document, ParseError, parse, to_json

pytestmark = [pytest.mark.slow, pytest.mark.soak]

SECONDS = 5 if SOAK else 15  # of processor time for one page
MEMORY = 200 << 20  # bytes that the address space may grow while one page is read
LARGEST = 10_000_000  # bytes of a page
MILLION = 1_000_000
NOW = datetime(2026, 1, 2, tzinfo=UTC)
TITLE = "江海市统计年鉴附表"
SAID = "长三角的江与海，把几座城市连成一片，也把产业、人才和服务连成一片。"
READ, CUT = "article", "beginning of an article"


def page(body: str = "", head: str = "", text: str = SAID * 4) -> str:
    """An article with something else in its body or head."""
    return f"<html><head><title>{TITLE}</title>{head}</head><body><h1>{TITLE}</h1><p>{text}</p>{body}</body></html>"


def filled(unit: str, room: int = 1_000) -> str:
    """A page of the largest size whose body repeats a unit."""
    return page(unit * ((LARGEST - room) // len(unit.encode())))


def linked(value: object) -> str:
    return page(head=f'<script type="application/ld+json">{json.dumps(value, ensure_ascii=False)}</script>')


Made = Callable[[], str | bytes]
PAGES: dict[str, tuple[Made, str]] = {
    # Size
    "10 MB of words": (lambda: filled("<p>words of it, and more words of it, and more of them</p>"), CUT),
    "10 MB of Chinese in long paragraphs": (lambda: filled(f"<p>{SAID * 30}</p>"), READ),
    "10 MB on one line": (lambda: filled("江与海，"), READ),
    "10 MB without a blank": (lambda: filled("x"), READ),
    "10 MB of emoji": (lambda: filled("🌊"), READ),
    "10 MB of letters and one emoji": (lambda: page("🌊" + "word " * 1_990_000), READ),
    "10 MB of blanks": (lambda: filled(" \n\t"), READ),
    "10 MB of line breaks": (lambda: filled("\r\n"), READ),
    "200,001 tags": (lambda: page("<b>x</b>" * 100_000 + "<hr>"), READ),
    "a table of 10 MB": (lambda: filled("<tr><td>江城</td><td>120</td><td>95</td></tr>"), CUT),
    "a table of 10 MB of cells": (lambda: page(f"<table border=1><tr>{'<td>1' * 1_990_000}"), CUT),
    "10 MB of cells with paragraphs": (
        lambda: filled("<table><tr><td class=xl65><p><span>120</span></p></td><td><p>95</p></td></tr></table>"),
        CUT,
    ),
    "10 MB of one-letter elements": (lambda: filled("<q>"), "leaves so many tags open"),
    "10 MB of links": (lambda: filled("<a href=/1>江</a> "), CUT),
    "10 MB of pictures": (lambda: filled("<img src=/1.jpg alt=江>"), CUT),
    "10 MB of end tags": (lambda: filled("</p>"), CUT),
    "10 MB of end tags without a name": (lambda: filled("</"), CUT),
    "10 MB of comments": (lambda: filled("<!---->"), CUT),
    "10 MB of declarations": (lambda: filled("<!x><?y>"), CUT),
    "10 MB of list items": (lambda: page("<ol>" + "<li>江" * 1_200_000), CUT),
    # Tags
    "nested tables, 1,000 deep": (lambda: page(f"<table><tr><td>江</td><td>{SAID}" * 1_000), READ),
    "100,000 attributes on 200 tags": (
        lambda: page(("<p " + " ".join(f"a{n}=1" for n in range(500)) + ">江与海") * 200),
        READ,
    ),
    "10 MB of attributes": (
        lambda: page(("<p " + " ".join(f"a{n}" for n in range(900)) + ">江") * 2_200),
        "more than 500,000 attributes",
    ),
    "an attribute of 9 MB": (lambda: page(f"<p title='{'江' * 3 * MILLION}'>{SAID}"), READ),
    "a class of 9 MB": (lambda: page(f"<p class='{'newsCaption ' * 750_000}'>{SAID}"), READ),
    "a tag name of 9 MB": (lambda: page(f"<x{'-x' * 4_500_000}>{SAID}"), READ),
    "a quote that never ends": (lambda: page(f"<p title=\"{SAID * 90_000}"), READ),
    "everything unclosed": (lambda: page("<div><table><tr><td><ul><li><p><select><option>江" * 300), ""),
    "unclosed title": (lambda: f"<title>{TITLE}<p>{SAID * 90_000}", "no prose"),
    "unclosed script": (lambda: page("<script>" + "if(a<b){}</scrip>" * 500_000), "so many tags open"),
    "unclosed textarea": (lambda: page("<textarea>" + "<p>江" * MILLION), CUT),
    "plaintext": (lambda: page("<plaintext>" + "<p>江" * MILLION), CUT),
    "a little text in a table outside of its cells": (lambda: page("<table>" + "<tr>江<td>海" * 5_000), READ),
    "much text in a table outside of its cells": (
        lambda: page("<table>" + "<tr>江<td>海" * 60_000),
        "",
    ),
    "long texts in a table outside of its cells": (
        lambda: page("<table>" + f"<tr>{SAID * 300}<td>海" * 300),
        "",
    ),
    "formatting that crosses": (lambda: page("<b><i>江</b>海</i><p>" * 2_000), ""),
    "links in links": (lambda: page(f"<a href=/1>江<a href=/2>{SAID}" * 20_000), ""),
    "selects, rubies and forms": (
        lambda: page("<form><select><option>江<optgroup></select><ruby>海<rt>hǎi<rp></ruby></form>" * 15_000),
        READ,
    ),
    "framesets": (lambda: "<frameset><frame src=/1>" * 10_000, "no headline"),
    "templates with tables": (lambda: page("<template><table><tr><td>江</table></template>" * 20_000), READ),
    "foreign elements": (
        lambda: page("<svg><foreignObject><math><mi><p>江</p></mi></math></foreignObject></svg>" * 10_000),
        READ,
    ),
    "teasers in teasers": (lambda: page("<div><p><a href=/1>江</a><br>海</p>" * 3_000), READ),
    "teasers without an end": (lambda: page(f"<div><h3><a href=/1>江</a></h3>{SAID}</div>" * 30_000), ""),
    "hover cards": (lambda: page("江与海<span><a href=/1><img src=/1.jpg></a><a href=/1>海</a></span>" * 15_000), READ),
    "tables of data beside the text": (
        lambda: page(f"<div><table border=1><tr><td>江<td>海</table></div><div>{SAID}</div>" * 5_000),
        READ,
    ),
    # Characters
    "a million entities": (lambda: page("&#27743;" * MILLION), READ),
    "a million broken entities": (lambda: page("&am;&#x;&#0;&#x110000;&" * 400_000), READ),
    "NULs between letters": (lambda: page("<p>" + "江\0" * MILLION + "<\0p>\0</\0p>"), READ),
    "marks over marks": (lambda: page("<p>江" + "\u0301" * 4 * MILLION), READ),
    "directions without an end": (lambda: page("<p>" + "\u202e\u2066江" * MILLION), READ),
    # Encodings
    "a mark of UTF-8 before every line": (lambda: b"\xef\xbb\xbf" + page("\ufeff<p>江与海" * 20_000).encode(), READ),
    "UTF-16 with a mark": (lambda: b"\xff\xfe" + page(f"<p>{SAID}" * 20_000).encode("utf-16-le"), READ),
    "a mark of UTF-16 before UTF-8": (lambda: b"\xfe\xff" + page(SAID * 30_000).encode(), "no headline"),
    "half of a character at the end": (lambda: page(SAID * 90_000).encode()[:-20] + b"\xe6\xb1", READ),
    "GB 18030, Big5 and UTF-8 in turn": (
        lambda: page("{}").encode().replace(b"{}", b"\xbd\xad\xba\xa3 \xa6\xbf\xae\xfc \xe6\xb1\x9f" * 300_000),
        "",
    ),
    "escapes of ISO-2022-JP": (lambda: b"<meta charset=iso-2022-jp>" + b"\x1b$B9>\x1b(Bx" * MILLION, "no headline"),
    "a thousand charsets": (
        lambda: page(head="".join(f"<meta charset=x-{n}>" for n in range(1_000)) + "<meta charset=gbk>").encode(),
        "",
    ),
    # Data
    "JSON-LD with a text of 9 MB": (lambda: linked({"@type": "NewsArticle", "articleBody": SAID * 90_000}), READ),
    "JSON-LD with a text of 1 MB": (lambda: linked({"@type": "NewsArticle", "articleBody": SAID * 10_000}), READ),
    "JSON-LD with a graph of 20,000 articles": (
        lambda: linked({"@graph": [{"@type": "NewsArticle", "headline": f"江与海{n}"} for n in range(20_000)]}),
        READ,
    ),
    "a state of 5 MB in a script": (
        lambda: page(f"<script id=state type=application/json>{json.dumps([SAID] * 25_000)}</script>"),
        READ,
    ),
}  # fmt: skip


def outcome(payload: bytes) -> str:
    """READ, CUT, or the reason for which a page was refused."""
    try:
        article = parse(Document(payload, "text/html", "https://news.example.cn/a/1.html", NOW))
    except ParseError as refused:
        return refused.reason
    json.dumps(to_json(article))
    return CUT if article.incomplete else READ


def limit() -> None:
    """Limit processor time and growth of the address space from here on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + SECONDS  # the limit counts whole seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY, resource.RLIM_INFINITY))


def child() -> None:
    outcome(page(f"<table border=1>{'<tr><td>江<td>海' * 9}</table>").encode())  # loads all modules
    for name, (make, _) in PAGES.items():
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        made = make()
        payload = made if isinstance(made, bytes) else made.encode()
        del made
        limit()
        print(json.dumps([name, outcome(payload)]), flush=True)


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str]:
    return read_in_a_child(__name__, list(PAGES))


@every_row("name", PAGES)
def test_an_extreme_page_is_read_or_refused(outcomes: dict[str, str], name: str) -> None:
    _, expected = PAGES[name]
    assert expected in outcomes[name] if expected not in (READ, CUT) else expected == outcomes[name]
