"""The newsroom's pages give exactly what the newsroom knows to be true, before and after a redesign."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from parsers import Document, Gone, NotAnArticle, ParseError, Restricted, parse, to_json

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PROPERTIES = """headline alternative_headline article_section speaker keywords date_published paragraphs headings
    biography authors editors reprint_notice in_language"""

Fetch = Callable[..., Document]


@pytest.fixture(scope="module")
def fetch() -> Iterator[Fetch]:
    """Fetches a path of a running newsroom as a document; with `event`, tells it what to do."""
    command = [sys.executable, "-m", "newsroom", "--port", "0", "--articles", "60"]
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


@pytest.mark.parametrize("design", ["classic", "modern"])
def test_every_article_is_the_truth(fetch, design):
    if design == "modern":
        fetch("/-/event", event={"do": "redesign"})
    for line in fetch("/-/truth").text.splitlines():
        truth = json.loads(line)
        article = to_json(parse(fetch(f"/article/{truth['id']}.html")))
        assert {name: article[name] for name in PROPERTIES.split()} == {
            name: truth[name] for name in PROPERTIES.split()
        }


@pytest.mark.parametrize(("how", "error"), [("404", Gone), ("410", Gone), ("shell", Gone), ("front", NotAnArticle)])
def test_a_removed_article_is_gone_whatever_stands_in_its_place(fetch, how, error):
    fetch("/-/event", event={"do": "remove", "article": 20, "how": how})
    assert refusal(fetch("/article/20.html")) is error
    assert refusal(fetch("/news/getNewsDetail?id=700020", "shangguan")) is Gone
    assert refusal(fetch("/journal/getJournalPageArticle.do?id=500020", "jiefang")) is Gone
    fetch("/-/event", event={"do": "restore", "article": 20})


def test_a_restricted_article_asks_for_a_login(fetch):
    fetch("/-/event", event={"do": "restrict", "article": 21})
    assert refusal(fetch("/article/21.html")) is Restricted
    assert refusal(fetch("/news/getNewsDetail?id=700021", "shangguan")) is Restricted


@pytest.mark.parametrize(
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
