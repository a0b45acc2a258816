"""A hit opens its article at the words: the fragment of its link, and a browser that follows it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from datasette.app import Datasette
from support.browsing import browsing, serving
from support.small_archive import TALK, add_versions, build
from support.small_site import get, served
from support.tables import every_row

from archive import read_archive
from archive.publish.formatting.text_fragments import fragment, fragment_of
from archive.search.lines import phrase_lines
from archive.search.phrases import history_of


@every_row(
    ("before", "words", "after", "text"),
    [
        ("一排旧船，它们的", "锚链", "生了锈。", "它们的-,锚链,-生了锈"),
        ("", "锚链", "。", "锚链"),
        ("。", "锚链", "", "锚链"),
        ("小标题 开头", "锚链", " 下一段", "开头-,锚链"),  # the end of a paragraph is a blank here
        ("…断在半句的", "锚链", "也断在这…", "锚链"),  # the cut hides where the clause begins
        ("…前半句，后半句的", "锚链", "说完了，又…", "后半句的-,锚链,-说完了"),
        ("the rust of the old ", "anchor", " chain at low tide", "old-,anchor,-chain"),
        ("…ust of ", "anchor", " chai…", "of-,anchor"),
        ("字" * 21, "锚链", "字" * 20, "锚链,-" + "字" * 20),
        ("city's ", "anchor", "'s end", "anchor"),
        ("They ", "anchor", "ed here. Then", "They-,anchor,-ed"),
        ("用 5G 把", "锚链", "连上 AI 平台", "把-,锚链,-连上"),
        ("AB メン 每次都", "锚链", " CD 地做", "每次都-,锚链,-CD"),
        ("价格 3.", "5", "% 以上", "5"),
        ("a ", "b-c, d&e", " f", "a-,b%2Dc%2C d%26e,-f"),
        ("", '"><b>', "", "%22%3E%3Cb%3E"),
    ],
)
def test_a_fragment_names_the_words_between_whole_words(before: str, words: str, after: str, text: str) -> None:
    found = fragment(before, words, after)
    assert found.isascii()
    assert found == f"#:~:text={text}" or _decoded(found) == f"#:~:text={text}"


def _decoded(found: str) -> str:
    """The fragment with the signs that separate its parts left encoded where they are text."""
    return unquote(found.replace("%2D", "%252D").replace("%2C", "%252C").replace("%26", "%2526"))


@every_row(
    ("marked", "text"),
    [
        ("没有。", ""),
        ("一条<mark>锚&amp;链</mark>，<mark>另一条</mark>", "#:~:text=%E4%B8%80%E6%9D%A1-,%E9%94%9A%26%E9%93%BE"),
        ("&lt;b&gt;<mark>x</mark>", "#:~:text=x"),
    ],
)
def test_the_first_mark_of_a_snippet_makes_the_fragment(marked: str, text: str) -> None:
    assert fragment_of(marked) == text


CLAUSE = "岸边还有一条旧锚链没有人认领"
FIRST = replace(
    TALK, identity="9", headline="旧码头", paragraphs=("长长的开头。" * 400, f"{CLAUSE}。", "结尾。" * 300),
    headings=(), heading_positions=(),
)  # fmt: skip


@pytest.fixture(scope="module")
def quay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    home = build(tmp_path_factory.mktemp("quay"))
    latest = replace(FIRST, paragraphs=(FIRST.paragraphs[0], "绞盘已经拆走，只剩地脚。", FIRST.paragraphs[2]))
    add_versions(home, FIRST, latest)
    with served(home) as there:
        yield there


@every_row(
    ("query", "link"),
    [
        ("q=绞盘", "/a/newsroom-9#:~:text=绞盘,-已经拆走"),
        ("q=拆走", "/a/newsroom-9#:~:text=绞盘已经-,拆走"),
        ("q=码头", "/a/newsroom-9#:~:text=旧-,码头"),
        ("q=基层减负 绞盘", "/a/newsroom-9#:~:text=绞盘,-已经拆走"),
        ("q=锚链&ever=1", "/a/newsroom-9/v/DIGEST#:~:text=岸边还有一条旧-,锚链,-没有人认领"),
    ],
)
def test_a_hit_links_to_the_words_in_the_text_that_has_them(quay: Datasette, query: str, link: str) -> None:
    page = unquote(get(quay, f"/search?{query}").text)
    (hit,) = get(quay, f"/search.json?{query}").json()["hits"]
    assert f'href="{link.replace("DIGEST", str(hit["digest"])[7:19])}"' in page
    assert ('<a class="headline" href="/a/newsroom-9"' in page) == hit["superseded"]


def test_a_line_of_a_phrase_links_to_its_place(quay: Datasette) -> None:
    page = unquote(get(quay, "/phrase?q=锚链").text)
    assert "#:~:text=岸边还有一条旧-,锚链,-没有人认领" in page


@every_row(
    ("phrase", "left", "right"),
    [
        ("绞盘", "…长的开头。" + "长长的开头。" * 4 + "¶", "已经拆走，只剩地脚。¶" + "结尾。" * 6 + "结…"),
        ("旧码头", "", ""),
    ],
)
def test_a_line_of_a_phrase_says_where_its_text_goes_on(quay: Datasette, phrase: str, left: str, right: str) -> None:
    home = Path(quay.get_database("archive").path).parent
    with closing(read_archive(home)) as archive:
        lines = phrase_lines(archive.conn, phrase, history_of(archive.conn, phrase).uses)
    assert [(line.left, line.right) for line in lines] == [(left, right)]


def test_the_opening_of_an_article_in_a_feed_says_that_it_goes_on(quay: Datasette) -> None:
    items = {item["url"].rpartition("/")[2]: item for item in get(quay, "/latest.feed.json").json()["items"]}
    assert ("长长的开头。" * 50 + "…</span>") in items["newsroom-9"]["content_html"]
    assert "…" not in items["newsroom-2"]["content_html"]


@pytest.mark.slow
@pytest.mark.browser
def test_a_browser_opens_the_article_at_the_words(quay: Datasette) -> None:
    home = Path(quay.get_database("archive").path).parent
    seen = {}
    with serving(home) as address, browsing() as browser:
        for query in ("已经拆", "绞", "地脚"):
            page = browser.new_page(viewport={"width": 1000, "height": 600})
            page.goto(f"{address}/search?q={query}")
            page.click('a.headline[href^="/a/newsroom-9"]')
            page.wait_for_function("scrollY > 0")
            seen[query] = page.locator("main p", has_text="绞盘已经拆走").evaluate("p => p.getBoundingClientRect().top")
            page.close()
    assert {query: top for query, top in seen.items() if not 0 <= top < 600} == {}
    assert len(seen) == 3
