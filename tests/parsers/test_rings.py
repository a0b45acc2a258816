"""Reading a page leaves next to nothing to the collector, and leaves the collector as it was."""

import gc
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from parsers import Document, ParseError, parse, to_json

pytestmark = pytest.mark.slow

LINES = "".join(
    f"<p>The ferry that joins the two islands will run all winter, said office number {n}.</p>" for n in range(9)
)
ARTICLE = f"""<html lang=en><title>The ferry runs</title><meta name=author content="Jane Doe"><body>
<main><h1>The ferry runs</h1><time datetime=2024-05-01>1 May 2024</time><div class=text>{LINES}</div>
<div class=related><a href=/2>Another story of the harbour</a><a href=/3>And one of the sea</a></div></main>"""
NO_ARTICLE = "<title>x</title><ul><li><a href=/1>One</a><li><a href=/2>Two</a></ul>"
POLICY = f"""<title>关于冬季航线的通知</title><h1>关于冬季航线的通知</h1>
<table><tr><th>索引号：<td>000014349/2024-00001<th>发文机关：<td>江海市政府<tr><th>成文日期：<td>2024年05月01日</table>
<div class=text>{"<p>从今年冬天起，连接两个岛屿的渡轮将不再停航，市政府昨天下午这样通知。</p>" * 4}</div>"""


def read(html: str) -> object:
    try:
        return to_json(
            parse(Document(html.encode(), "text/html", "https://example.com/1", datetime(2024, 5, 2, tzinfo=UTC)))
        )
    except ParseError as error:
        return str(error)


@pytest.fixture
def still():
    """The collector at rest, with nothing left to do."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("html", [ARTICLE, NO_ARTICLE], ids=["article", "refused"])
def test_a_page_leaves_no_rings(still, html):
    first = read(html)
    gc.collect()
    assert read(html) == first
    assert gc.collect() == 0


def test_the_rings_of_a_documents_table_do_not_hold_the_page(still):
    assert "000014349/2024-00001" in str(read(POLICY))
    assert gc.collect() > 0  # BeautifulSoup's own
    before = trees()
    read(POLICY)
    assert trees() == before


def trees() -> int:
    return sum(isinstance(thing, LexborHTMLParser) for thing in gc.get_objects())


@pytest.mark.parametrize("html", [ARTICLE, NO_ARTICLE], ids=["article", "refused"])
@pytest.mark.parametrize("on", [True, False])
def test_the_collector_goes_on_as_it_did(still, html, on):
    if on:
        gc.enable()
    read(html)
    assert gc.isenabled() is on
