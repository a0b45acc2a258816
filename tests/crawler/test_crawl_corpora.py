"""Other people's attacks on readers of lists, feeds and sitemaps, as seeds of real crawls, and the crawls' results."""

import asyncio
import json
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest
from support.feed_corpora import addresses_in, bytes_of, cases, tree_of
from support.fixed_pages import serving, town

from crawler.seeds import links_from
from crawler.seeds.reading import Absent, ListMessage
from crawler.sources import Feed, Source
from parsers import Document, ParseError

NOON = datetime(2024, 4, 13, 12, tzinfo=UTC)


@pytest.mark.soak
@pytest.mark.shared
@pytest.mark.slow
def test_no_address_makes_a_file_or_leaves_the_host(shared: Path, tmp_path: Path) -> None:
    """1,470 payloads, each as an article's address on a list: as they stand, and behind /article/."""
    payloads = [case["input"] for case in cases(shared, "path-traversal")]
    assert len(payloads) == 1470
    with serving() as pages:
        links = [f"<a href='{prefix}{escape(each, quote=True)}'>a title</a>" for each in payloads for prefix in
                 ("", "/article/")]  # fmt: skip
        pages.put("/list", "".join(links))
        pages.put("/article/1", "<h1>a title</h1>" + "<p>A sentence of the article, and another one.</p>" * 9)
        pages.put("/good", "<a href='/article/1'>a title</a>")
        more = f'sitemaps = []\nlists = ["{pages.address}/good", "{pages.address}/list"]\n'
        home = town(tmp_path / "a" / "b" / "home", pages, more=more)
        home.json("crawl", "town", code=0)
        asked = {path for path in pages.asked if path not in ("/robots.txt", "/good", "/list")}
        assert (len(asked) > 700, "/article/1" in asked) == (True, True)
        assert all(path.startswith("/") for path in asked)
    found = {path.relative_to(tmp_path).parts[:3] for path in tmp_path.rglob("*")}
    assert found == {("a",), ("a", "b"), ("a", "b", "home")}
    names = {path.name for path in (tmp_path / "a/b/home").iterdir()}
    folders = {"captures", "exports", "ledger", "locks", "public"}
    databases = {"archive.db", "archive.db-shm", "archive.db-wal", "hosts.db"}
    assert names <= folders | databases | {"metadata.json", "settings.json", "thinker.toml"}
    warcs = {path.name.partition("-2")[0] for path in (tmp_path / "a/b/home/captures").iterdir()}
    assert warcs == {"town", "town-derived"}


@pytest.mark.shared
def test_attacks_in_xml_are_refused_or_harmless(shared: Path, tmp_path: Path) -> None:
    """54 documents, each as a feed and as a sitemap of one crawl, beside a list that is well."""
    folder = shared / "data/corpora/xml-attacks"
    found = [case["input"] for case in cases(shared, "xml-attacks")]
    bodies = [(folder / each).read_bytes() if each.startswith("raw/") else each.encode() for each in found]
    assert len(bodies) == 54
    with serving() as pages:
        pages.put("/list", "<a href='/article/1'>第1篇文章的题目</a>")
        pages.put_articles(1)
        for number, body in enumerate(bodies):
            pages.put(f"/{number}", body)
        urls = json.dumps([f"{pages.address}/{number}" for number in range(54)])
        more = f'lists = ["{pages.address}/list"]\nfeeds = {urls}\nsitemaps = {urls}\n'
        summary = town(tmp_path / "home", pages, more=more).json("crawl", "town", code=3)
        assert (summary["finish_reason"], summary["new_articles"], summary["errors"]) == ("finished", 1, 108)
        expected = {"/robots.txt", "/list", "/article/1", *(f"/{number}" for number in range(54))}
        assert set(pages.asked) == expected


@pytest.mark.shared
@pytest.mark.parametrize(
    ("corpus", "read", "refused"), [("feeds-w3c-validator", 863, 49), ("feeds-feedparser", 1017, 11)]
)
def test_a_feed_is_read_or_refused_with_its_reason(shared: Path, corpus: str, read: int, refused: int) -> None:
    url = "https://news.example/feed"
    source = Source("town", "", "https://news.example", "UTC", "en", (Feed(url),), ".*")
    counts = {True: 0, False: 0}
    for case in cases(shared, corpus):
        document = Document(bytes_of(case), None, url, NOON)
        counts[asyncio.run(_is_read(document, source))] += 1
    assert counts == {True: read, False: refused}


async def _is_read(document: Document, source: Source) -> bool:
    async def read(_url: str, _message: ListMessage, _absent: Absent) -> Document:
        return document

    try:
        async for part in links_from(source.seeds[0], source, read, datetime.now(UTC)):
            assert all(source.within(link.url) for link in part.links)
    except ParseError:
        return False
    return True


@pytest.mark.shared
def test_every_tree_of_sitemaps_has_the_pages_that_its_authors_name(shared: Path) -> None:
    """15 of 15, as ultimate-sitemap-parser: cycles, gzip, feeds, text, cut files; four trees with an error."""
    told = [(case, tree_of(case)) for case in cases(shared, "sitemaps-usp")]
    found = {case["id"]: set(links) for case, (links, _) in told}
    assert found == {case["id"]: {page["url"] for page in case["expected"]["pages"]} for case, _ in told}
    assert (len(found), sum(map(len, found.values()))) == (15, 73)
    assert [reason for _, (_, reasons) in told for reason in reasons] == [
        "expected a sitemap, got a text whose first line is no address",  # a robots.txt in its stead
        "the XML ends before its first element does: it is cut",
        "the XML declares a document type; feeds and sitemaps need none, so it is not read",  # a billion laughs
        "the XML ends before its first element does: it is cut",
    ]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("corpus", "with_address", "addresses"), [("feeds-w3c-validator", 390, 423), ("feeds-feedparser", 34, 34)]
)
def test_feeds_of_the_corpora_give_the_expected_number_of_addresses(
    shared: Path, corpus: str, with_address: int, addresses: int
) -> None:
    """The same as feedparser finds in 903 of 912 and 1,022 of 1,028 (bench/README.md says which not)."""
    found = [links for case in cases(shared, corpus) if (links := addresses_in(bytes_of(case)))]
    assert (len(found), sum(len(set(links)) for links in found)) == (with_address, addresses)
