"""The newsroom's pages give exactly what the newsroom knows to be true, before and after a redesign."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from support.tables import every_row

from newsroom.http.answers import Request as Asked
from newsroom.shapes import NEIGHBOURS, page_at
from newsroom.site.room import Newsroom
from parsers import Document, Gone, NotAnArticle, ParseError, Restricted, parse, to_json
from parsers.article import stitched
from parsers.links.paging import following_page, page_number

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PROPERTIES = """headline alternative_headline article_section speaker keywords date_published paragraphs headings
    biography authors editors reprint_notice in_language"""

PRINTED = "headline date_published authors keywords article_section paragraphs headings"

Fetch = Callable[..., Document]


@contextmanager
def newsroom(*arguments: str) -> Iterator[Fetch]:
    """A running newsroom: fetches a path of it as a document; with `event`, tells it what to do."""
    command = [sys.executable, "-m", "newsroom", "--port", "0", "--articles", "60", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()

        def fetched(path: str, source: str = "newsroom", event: dict[str, object] | None = None) -> Document:
            request = Request(address + path, json.dumps(event).encode() if event else None)
            try:
                with urlopen(request) as answer:
                    payload, headers = answer.read(), answer.headers
            except HTTPError as answer:
                payload, headers = answer.read(), answer.headers
            return Document(payload, headers["Content-Type"], address + path, NOW, source)

        yield fetched
        process.terminate()


@pytest.fixture(scope="module")
def fetch() -> Iterator[Fetch]:
    with newsroom() as fetched:
        yield fetched


@pytest.fixture(scope="module")
def fetch_in_may_2024() -> Iterator[Fetch]:
    """Before the printed edition changed its addresses."""
    with newsroom("--clock", "2024-05-20T12:00:00+08:00") as fetched:
        yield fetched


def truths(fetch: Fetch, language: str) -> dict[int, dict[str, object]]:
    lines = map(json.loads, fetch("/-/truth").text.splitlines())
    return {line["id"]: line for line in lines if line["in_language"] == language}


def differing(document: Document, truth: dict[str, object], properties: str) -> dict[str, object]:
    article = to_json(parse(document))
    return {name: article[name] for name in properties.split() if article[name] != truth[name]}


SHAPES = [
    ("/news/getNewsDetail?id=7{:05}", "shangguan", "headline speaker date_published paragraphs headings biography"),
    ("/news/detail?id=7{:05}", "shangguan", "headline speaker paragraphs headings biography authors editors"),
    (
        "/journal/getJournalPageArticle.do?id=5{:05}",
        "jiefang",
        "headline alternative_headline article_section speaker paragraphs headings authors",
    ),
]


@pytest.mark.parametrize(("path", "source", "properties"), SHAPES, ids=["json", "server-rendered", "print"])
def test_json_server_rendered_and_print_pages_give_the_true_properties(fetch, path, source, properties):
    found = truths(fetch, "zh-Hans")
    assert len(found) > 40
    for number, truth in found.items():
        assert differing(fetch(path.format(number), source), truth, properties) == {}


def test_print_pages_at_the_old_addresses_give_the_true_properties(fetch_in_may_2024):
    fetch, read = fetch_in_may_2024, 0
    found = truths(fetch, "zh-Hans")
    for day in sorted({str(truth["date_published"])[:10] for truth in found.values()}):
        for page in fetch(f"/staticsg/data/journal/{day}/navi.json", "jiefang").json["pages"]:
            for row in page["articleList"]:
                truth = found.get(row["id"] - 500_000)
                path = f"/staticsg/data/journal/{day}/{page['pnumber']}/article/{row['id']}.json"
                if truth:
                    assert differing(fetch(path, "jiefang"), truth, SHAPES[2][2]) == {}
                    read += 1
    assert read == len(found)


SITES = {
    "aisixiang": "aisixiang", "cssn": "cssn", "gmw": "gmw_theory", "govcn": "govcn", "ndrc": "ndrc",
    "opinion": "people_opinion", "pbc": "pbc", "people": "people_theory", "qstheory": "qstheory", "rmlt": "rmlt",
    "thepaper": "thepaper",
}  # fmt: skip
UNSIGNED = ("govcn", "ndrc", "pbc")  # documents have no author there
UNTAGGED = ("govcn", "pbc")
TO_THE_SECOND = ("govcn", "pbc", "qstheory")
COLUMNED = ("gmw", "ndrc", "opinion", "people", "thepaper")  # whose pages name their column


@every_row("year", [2019, 2026])
@every_row("site", NEIGHBOURS)
def test_pages_of_the_policy_sites_give_the_true_properties_in_both_layouts(site, year):
    """Each read as it was captured then: all of these sites had another layout in 2019, or the same."""
    room = Newsroom(24, clock=int(datetime(year, 6, 1, 4, tzinfo=UTC).timestamp()))
    name = site.prefix[1:]
    source = SITES.get(name, name)
    for number in range(1, 25):
        path, story = site.prefix + site.address(room, number), room.story(number, "zh")
        answer = page_at(room, Asked("GET", path, "HTTP/1.1", {}, b""))
        captured = datetime(year, 6, 2, tzinfo=UTC)
        document = Document(answer.render(), answer.content_type, f"http://127.0.0.1:1{path}", captured, source)
        article = to_json(parse(document))
        lines = list(story.paragraphs)
        if name not in SITES:  # no page class is sure which of its lines are headings
            for place, text in reversed(story.headings):
                lines.insert(place, text)
        whole = name in TO_THE_SECOND or (name, year) == ("thepaper", 2026)
        moment = story.date_published if whole else f"{story.date_published[:16]}:00+08:00"
        assert {told: article[told] for told in PRINTED.split()} == {
            "headline": story.headline,
            "date_published": moment,
            "authors": [] if name in UNSIGNED else [story.speaker or story.author],
            "keywords": [] if name in UNTAGGED else list(story.keywords),
            "article_section": story.article_section if name in COLUMNED else None,
            "paragraphs": lines,
            "headings": [text for _, text in story.headings],
        }


def test_mirror_pages_give_the_true_second_headline_speaker_text_and_biography(fetch):
    found, page = truths(fetch, "en"), fetch("/viewpoint/page_1.html", "a5qu").text
    links = {int(number): path for path, number in re.findall(r'href="(/viewpoint/\w+_(\d+)\.html)"', page)}
    shown = found.keys() & links.keys()
    assert len(shown) > 3
    for number in shown:
        document = fetch(links[number], "a5qu")
        assert differing(document, found[number], "alternative_headline speaker paragraphs headings biography") == {}


@pytest.mark.parametrize("design", ["classic", "modern"])
def test_every_article_page_gives_the_true_properties_in_both_designs(fetch, design):
    if design == "modern":
        fetch("/-/event", event={"do": "redesign"})
    for line in fetch("/-/truth").text.splitlines():
        truth = json.loads(line)
        article = to_json(parse(fetch(f"/article/{truth['id']}.html")))
        assert {name: article[name] for name in PROPERTIES.split()} == {
            name: truth[name] for name in PROPERTIES.split()
        }


@pytest.mark.parametrize(("how", "error"), [("404", Gone), ("410", Gone), ("shell", Gone), ("front", NotAnArticle)])
def test_a_removed_article_is_refused_as_gone_or_as_no_article(fetch, how, error):
    fetch("/-/event", event={"do": "remove", "article": 20, "how": how})
    assert refusal(fetch("/article/20.html")) is error
    assert refusal(fetch("/news/getNewsDetail?id=700020", "shangguan")) is Gone
    assert refusal(fetch("/journal/getJournalPageArticle.do?id=500020", "jiefang")) is Gone
    fetch("/-/event", event={"do": "restore", "article": 20})


def test_a_restricted_article_asks_for_a_login(fetch):
    fetch("/-/event", event={"do": "restrict", "article": 21})
    assert refusal(fetch("/article/21.html")) is Restricted
    assert refusal(fetch("/news/getNewsDetail?id=700021", "shangguan")) is Restricted


@every_row(
    ("path", "source"),
    [
        ("/", "newsroom"),
        ("/list/1", "newsroom"),
        ("/feed.xml", "newsroom"),
        ("/sitemap.xml", "newsroom"),
        ("/staticsg/data/web/home/topnewslist.json", "shangguan"),
        ("/staticsg/res/html/web/newsDetail.html?id=700020", "shangguan"),
        ("/news/list?section=9001", "shangguan"),
        ("/viewpoint/page_1.html", "a5qu"),
    ],
)
def test_lists_and_shells_are_no_articles(fetch, path, source):
    assert refusal(fetch(path, source)) is NotAnArticle


def refusal(document: Document) -> type[ParseError]:
    with pytest.raises(ParseError) as caught:
        parse(document)
    return type(caught.value)


@pytest.mark.parametrize("design", [0, 1])
def test_an_article_in_pages_is_read_whole(design: int):
    with newsroom() as fetched:
        fetched("/-/event", event={"do": "redesign", "design": design})
        for number in (3, 5, 12, 15, 17, 40):
            fetched("/-/event", event={"do": "paginate", "article": number, "pages": 3})
            path: str | None = f"/article/{number}.html"
            pages: list[Document] = []
            while path:
                pages.append(fetched(path))
                following = following_page(pages[-1])
                assert following is None or page_number(pages[0].url, following) == len(pages) + 1
                path = following and urlsplit(following).path
            found = to_json(stitched([parse(page) for page in pages]))
            truth = json.loads(fetched(f"/-/truth?article={number}").text)
            assert len(pages) == 3
            assert {name: found[name] for name in PROPERTIES.split()} == {
                name: truth[name] for name in PROPERTIES.split()
            }
