"""From seeds to links: which pages are read, which rows are kept, and what ends the reading."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from crawler.seeds import links_from
from crawler.sources import (
    Feed,
    JsonList,
    JsonPaging,
    ListPage,
    NewsSitemap,
    Seed,
    Sitemap,
    Source,
    source_named,
)
from parsers import Document, ParseError

AT = datetime(2024, 4, 13, 12, tzinfo=UTC)
SITE = "https://news.example"
SOURCE = Source(
    name="demo",
    publisher="Demo",
    homepage=SITE,
    timezone="Asia/Shanghai",
    in_language="zh-Hans",
    seeds=(),
    scope=r"https://news\.example/a/\d+",
)

Pages = Mapping[tuple[str, str | None] | str, str]


def read_all(
    seed: Seed, pages: Pages, source: Source = SOURCE, since: datetime | None = None
) -> tuple[list[str], list[str]]:
    """The article urls of a seed, and every page that was asked for (with its form)."""
    asked: list[str] = []

    async def read(url: str, form: str | None, _optional: bool) -> Document | None:
        asked.append(url.removeprefix(SITE) + (f" {form}" if form is not None else ""))
        text = pages.get((url, form)) if form is not None else pages.get(url)
        return None if text is None else Document(text.encode(), None, url, AT)

    async def gather() -> list[str]:
        return [link.url async for links in links_from(seed, source, read, since) for link in links]

    return asyncio.run(gather()), asked


def sitemap(*numbers: int, lastmod: str = "2024-04-13T00:00:00+00:00") -> str:
    urls = "".join(f"<url><loc>{SITE}/a/{n}</loc><lastmod>{lastmod}</lastmod></url>" for n in numbers)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def index(*names: str) -> str:
    maps = "".join(f"<sitemap><loc>{SITE}/{name}</loc></sitemap>" for name in names)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'


def articles(*numbers: int) -> list[str]:
    return [f"{SITE}/a/{n}" for n in numbers]


def test_a_sitemap_index_leads_to_every_sitemap_once() -> None:
    pages = {
        f"{SITE}/sitemap.xml": index("1.xml", "2.xml", "1.xml"),
        f"{SITE}/1.xml": sitemap(1, 2),
        f"{SITE}/2.xml": index("sitemap.xml", "3.xml"),  # a cycle
        f"{SITE}/3.xml": sitemap(3),
    }
    assert read_all(Sitemap(f"{SITE}/sitemap.xml"), pages) == (
        articles(1, 2, 3),
        ["/sitemap.xml", "/1.xml", "/2.xml", "/3.xml"],
    )


def test_a_broken_sitemap_does_not_hide_its_neighbours() -> None:
    pages = {f"{SITE}/s.xml": index("1.xml", "2.xml"), f"{SITE}/1.xml": "<html></html>", f"{SITE}/2.xml": sitemap(7)}
    asked: list[str] = []

    async def read(url: str, _form: str | None, _optional: bool) -> Document:
        asked.append(url)
        return Document(pages[url].encode(), None, url, AT)

    found: list[str] = []

    async def gather() -> None:
        async for links in links_from(Sitemap(f"{SITE}/s.xml"), SOURCE, read):
            found.extend(link.url for link in links)

    with pytest.raises(ParseError, match="expected a sitemap"):
        asyncio.run(gather())
    assert found == articles(7)
    assert asked == [f"{SITE}/s.xml", f"{SITE}/1.xml", f"{SITE}/2.xml"]


def test_since_leaves_out_what_a_sitemap_calls_older() -> None:
    pages = {f"{SITE}/s.xml": sitemap(1, lastmod="2024-04-01T00:00:00Z"), f"{SITE}/t.xml": sitemap(2)}
    since = datetime(2024, 4, 10, tzinfo=UTC)
    assert read_all(Sitemap(f"{SITE}/s.xml"), pages, since=since)[0] == []
    assert read_all(NewsSitemap(f"{SITE}/t.xml"), pages, since=since)[0] == articles(2)


def test_a_feed_gives_its_entries_in_scope() -> None:
    rss = (
        "<rss version='2.0'><channel>"
        f"<item><title>思想者 | 题</title><link>{SITE}/a/1</link></item>"
        f"<item><title>About</title><link>{SITE}/about</link></item></channel></rss>"
    )
    assert read_all(Feed(f"{SITE}/feed.xml"), {f"{SITE}/feed.xml": rss}) == (articles(1), ["/feed.xml"])


def test_list_pages_are_counted_until_one_brings_nothing_new() -> None:
    seed = ListPage(SITE + "/list/{page}", pages=9)
    pages = {
        f"{SITE}/list/1": "<a href='/a/1'>one</a><a href='/about'>about</a>",
        f"{SITE}/list/2": "<a href='/a/1'>one</a><a href='/a/2'>two</a>",
        f"{SITE}/list/3": "<a href='/a/2'>two</a>",
        f"{SITE}/list/4": "<a href='/a/4'>four</a>",
    }
    assert read_all(seed, pages) == (articles(1, 2), ["/list/1", "/list/2", "/list/3"])


ROWS = [
    {"id": 1, "title": "思想者 | 某某：标题", "sectionname": "观点", "newstype": "0"},
    {"id": 2, "title": "思想者们都来了", "sectionname": "城事"},
    {"id": 3, "title": "市场新闻", "subsectionname": "伴公汀"},
    {"id": 4, "title": "思想者丨图集", "newstype": "2"},
    {"id": 5, "title": "天气", "sectionname": "城事"},
    {"id": 6, "title": "  理论 · 新章", "sectionname": "城事"},
]


def test_rows_of_shangguan_are_chosen_by_what_they_call_themselves() -> None:
    source = source_named("shangguan")
    url = f"{source.homepage}/staticsg/data/web/home/topnewslist.json"
    pages = {url: json.dumps({"data": {"top1": ROWS[:2], "list": ROWS[2:]}})}
    found, _ = read_all(JsonList(url), pages, source)
    assert found == [f"{source.homepage}/news/getNewsDetail?id={n}" for n in (1, 3, 6)]


def test_paging_goes_by_the_last_publish_time() -> None:
    source = source_named("shangguan")
    url = f"{source.homepage}/news/homeMoreNews"

    def page(*rows: tuple[int, int]) -> str:
        return json.dumps({"object": [{"id": n, "title": f"思想者|{n}", "publishtime": at} for n, at in rows]})

    pages = {
        (url, "page=1"): page((9, 900), (8, 800)),
        (url, "page=2&lastpublishtime=800"): page((7, 700)),
        (url, "page=3&lastpublishtime=700"): page((7, 700)),
    }
    found, asked = read_all(JsonPaging(url), pages, source)
    assert [link.rpartition("=")[2] for link in found] == ["9", "8", "7", "7"]
    assert len(asked) == 3


def test_a_page_that_is_no_list_says_so() -> None:
    with pytest.raises(ParseError, match="expected a list in JSON"):
        read_all(JsonList(f"{SITE}/x.json"), {f"{SITE}/x.json": "<html>busy</html>"})
