"""From seeds to links: which pages are read, which rows are kept, and what ends the reading."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from support.journeys import SOAK
from support.tables import every_row

from crawler.seeds import MAX_SITEMAPS, ListFault, links_from
from crawler.seeds.reading import Absent, ListMessage
from crawler.sources import (
    Feed,
    JsonList,
    ListPage,
    NewsSitemap,
    PrintEdition,
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

    async def read(url: str, message: ListMessage, _absent: Absent) -> Document | None:
        form = message.body
        asked.append(url.removeprefix(SITE) + (f" {form}" if form is not None else ""))
        text = pages.get((url, form)) if form is not None else pages.get(url)
        return None if text is None else Document(text.encode(), None, url, AT)

    async def gather() -> list[str]:
        return [link.url async for part in links_from(seed, source, read, AT, since) for link in part.links]

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


def test_an_index_of_indexes_is_followed_to_articles_at_once() -> None:
    """The first article does not wait for all the indexes, however many there are."""
    pages = {f"{SITE}/s.xml": index(*(f"{year}.xml" for year in range(2000, 2025)))}
    pages |= {f"{SITE}/{year}.xml": index(f"{year}-2.xml", f"{year}-1.xml") for year in range(2000, 2025)}
    pages |= {f"{SITE}/{year}-{half}.xml": sitemap(year * 10 + half) for year in range(2000, 2025) for half in (1, 2)}
    found, asked = read_all(Sitemap(f"{SITE}/s.xml"), pages)
    assert found == articles(*(year * 10 + half for year in range(2000, 2025) for half in (2, 1)))
    assert asked[:5] == ["/s.xml", "/2000.xml", "/2000-2.xml", "/2000-1.xml", "/2001.xml"]


def test_an_index_that_leads_only_to_a_host_that_is_not_declared_is_an_error() -> None:
    """Otherwise a source without articles would have no reason; of several sitemaps those on our hosts are read."""
    away = index("1.xml", "2.xml").replace(SITE, "https://cdn.example")
    pages = {f"{SITE}/s.xml": index("a.xml", "b.xml"), f"{SITE}/a.xml": away, f"{SITE}/b.xml": sitemap(7)}
    told = "its host is not among the hosts of demo: name it in `hosts`"
    assert read_with_faults(pages) == (articles(7), [("/a.xml", f"leads to https://cdn.example/1.xml only: {told}")])
    pages[f"{SITE}/a.xml"] = index("1.xml", "b.xml").replace(f"{SITE}/1", "https://cdn.example/1")
    assert read_all(Sitemap(f"{SITE}/s.xml"), pages) == (articles(7), ["/s.xml", "/a.xml", "/b.xml"])


def test_a_broken_sitemap_is_named_and_does_not_hide_its_neighbours() -> None:
    pages = {f"{SITE}/s.xml": index("1.xml", "2.xml", "3.xml"), f"{SITE}/2.xml": sitemap(7)}
    pages |= {f"{SITE}/1.xml": "<html></html>", f"{SITE}/3.xml": "busy"}
    assert read_with_faults(pages) == (
        articles(7),
        [
            ("/1.xml", "expected a sitemap (urlset or sitemapindex), got <html>"),
            ("/3.xml", "expected a sitemap, got a text whose first line is no address"),
        ],
    )


def test_a_list_page_that_is_not_json_is_named_in_the_error() -> None:
    pages = {f"{SITE}/1.json": json.dumps([{"id": 1, "title": "题"}]), f"{SITE}/2.json": "<html>busy</html>"}
    with pytest.raises(ListFault) as caught:
        read_all(JsonList(SITE + "/{page}.json", pages=9), pages, replace(SOURCE, article=f"{SITE}/a/{{id}}"))
    assert (caught.value.url, caught.value.reason) == (f"{SITE}/2.json", "expected a list in JSON, got something else")


def test_an_index_of_six_thousand_sitemaps_is_read_whole() -> None:
    """Today none behind the first 5,000 is."""
    pages = {f"{SITE}/s.xml": index(*(f"{number}.xml" for number in range(6_000)))}
    pages |= {f"{SITE}/{number}.xml": sitemap(number) for number in range(6_000)}
    found, asked = read_all(Sitemap(f"{SITE}/s.xml"), pages)
    assert (found, len(asked)) == (articles(*range(6_000)), 6_001)


def test_the_entries_before_a_cut_in_a_sitemap_are_read() -> None:
    pages = {f"{SITE}/s.xml": sitemap(*range(1_200)).removesuffix("</url></urlset>")}
    assert read_with_faults(pages) == (
        articles(*range(1_199)),
        [("/s.xml", "the XML ends before its first element does: it is cut")],
    )


@pytest.fixture
def most(monkeypatch: pytest.MonkeyPatch) -> int:
    """The number of sitemaps that are read of one seed: a thousand here, all 50,000 in `make soak`."""
    assert MAX_SITEMAPS == 50_000  # as many as an index may name
    number = MAX_SITEMAPS if SOAK else 1_000
    monkeypatch.setattr("crawler.seeds.sitemaps.MAX_SITEMAPS", number)
    return number


@pytest.mark.soak
@pytest.mark.slow
def test_an_index_of_as_many_sitemaps_as_it_may_name_is_read_whole(most: int) -> None:
    pages = {f"{SITE}/s.xml": index(*map("{}.xml".format, range(most)))}
    pages |= {f"{SITE}/{number}.xml": sitemap(number) for number in range(most)}
    assert read_with_faults(pages) == (articles(*range(most)), [])


@pytest.mark.soak
@pytest.mark.slow
def test_more_sitemaps_than_are_read_are_an_error(most: int) -> None:
    """Two indexes, each of one more than half of them: with the indexes four more than are read."""
    half = most // 2 + 1
    halves = [range(half), range(half, 2 * half)]
    pages = {f"{SITE}/s.xml": index("a.xml", "b.xml")}
    pages |= {f"{SITE}/{name}.xml": index(*map("{}.xml".format, each)) for name, each in zip("ab", halves, strict=True)}
    pages |= {f"{SITE}/{number}.xml": sitemap(number) for each in halves for number in each}
    found, faults = read_with_faults(pages)
    assert faults == [("/b.xml", f"leads to more than {most:,} sitemaps: only the first are read")]
    assert found == articles(*range(most - 2))


def test_sitemaps_nested_deeper_than_is_read_are_an_error() -> None:
    pages = {f"{SITE}/s.xml": index("1.xml", "other.xml"), f"{SITE}/other.xml": sitemap(7)}
    pages |= {f"{SITE}/{depth}.xml": index(f"{depth + 1}.xml") for depth in range(1, 9)}
    told = "its sitemaps are nested deeper than 5: those below are not read"
    assert read_with_faults(pages) == (articles(7), [("/5.xml", told)])


def test_sitemaps_are_read_newest_first_and_unchanged_ones_are_skipped() -> None:
    """An entry without a date may have changed, so it is read; an unchanged one that is left out counts as named."""
    days = {"old.xml": "2024-04-01", "new.xml": "2024-04-13T08:00:00Z", "same.xml": "2024-03-01", "none.xml": None}
    entries = "".join(
        f"<sitemap><loc>{SITE}/{name}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>"
        for name, day in days.items()
    )
    pages = {f"{SITE}/s.xml": f"<sitemapindex>{entries}</sitemapindex>"}
    pages |= {f"{SITE}/{name}": sitemap(number) for number, name in enumerate(days, start=1)}
    asked: list[str] = []

    async def read(url: str, _message: ListMessage, _absent: Absent) -> Document:
        asked.append(url.rpartition("/")[2])
        return Document(pages[url].encode(), None, url, AT)

    async def unchanged(url: str, _lastmod: datetime) -> int | None:
        return 4 if url.endswith("same.xml") else None

    async def gather() -> list[tuple[int, list[str], bool, datetime | None]]:
        seed, source = Sitemap(f"{SITE}/s.xml"), replace(SOURCE, expect=5)
        parts = [part async for part in links_from(seed, source, read, AT, None, unchanged)]
        return [(part.named, [link.url for link in part.links], part.ends, part.lastmod) for part in parts]

    end_of_day = datetime(2024, 4, 1, 15, 59, 59, tzinfo=UTC)
    assert asyncio.run(gather()) == [
        (0, [], False, None),  # the index
        (0, [], False, None),
        (1, articles(2), False, None),
        (0, [], True, datetime(2024, 4, 13, 8, tzinfo=UTC)),
        (1, articles(1), False, None),
        (0, [], True, end_of_day),
        (4, [], False, None),
        (1, articles(4), False, None),
        (0, [], True, None),
    ]
    assert asked == ["s.xml", "new.xml", "old.xml", "none.xml"]


def read_with_faults(pages: Mapping[str, str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The article urls of /s.xml, and which of its files cannot be read, and why."""
    found: list[str] = []
    faults: list[tuple[str, str]] = []

    async def read(url: str, _message: ListMessage, _absent: Absent) -> Document:
        return Document(pages[url].encode(), None, url, AT)

    async def gather() -> None:
        async for part in links_from(Sitemap(f"{SITE}/s.xml"), SOURCE, read, AT):
            found.extend(link.url for link in part.links)
            faults.extend([(part.url.removeprefix(SITE), part.fault)] if part.fault else [])

    asyncio.run(gather())
    return found, faults


def test_since_leaves_out_sitemap_articles_with_an_older_date() -> None:
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


def test_a_list_without_a_number_is_turned_by_its_own_link() -> None:
    pages = {
        f"{SITE}/node_5.htm": "<a href='/a/1'>one</a><div id=displaypagenum><a href='node_5_2.htm'>下一页</a></div>",
        f"{SITE}/node_5_2.htm": "<a href=/a/2>two</a><a href=node_5.htm>上一页</a><a href=node_5_3.htm>下一页</a>",
        f"{SITE}/node_5_3.htm": "<a href='/a/3'>three</a>",
    }
    asked = ["/node_5.htm", "/node_5_2.htm", "/node_5_3.htm"]
    assert read_all(ListPage(f"{SITE}/node_5.htm", pages=9), pages) == (articles(1, 2, 3), asked)
    assert read_all(ListPage(f"{SITE}/node_5.htm", pages=2), pages) == (articles(1, 2), asked[:2])
    assert read_all(ListPage(f"{SITE}/node_5.htm"), pages) == (articles(1), asked[:1])


def test_an_old_list_leads_to_the_article_as_the_source_reads_it_and_may_be_gone() -> None:
    source = source_named("shangguan")
    seed = next(seed for seed in source.seeds if isinstance(seed, ListPage))
    first, last = seed.url.format(page=1), seed.url.format(page=2)
    rows = "".join(f'<a href="/news/detail?id={n}">题</a><a href="/news/list?section={n}">栏</a>' for n in (7, 8, 7))
    found, _ = read_all(seed, {first: rows, last: '<a href="/news/detail?id=9"></a>'}, source)
    assert found == [f"{source.homepage}/news/getNewsDetail?id={n}" for n in (7, 8, 9)]
    assert read_all(seed, {}, source)[0] == read_all(seed, {first: "<p>上观新闻"}, source)[0] == []


JIEFANG = source_named("jiefang")
PRINT = PrintEdition(JIEFANG.homepage, days=3)


def paper(*pages: tuple[str, str, list[int]]) -> str:
    """An issue before the change: number, name and articles of its pages."""
    return json.dumps(
        {
            "pages": [
                {"pnumber": number, "pname": name, "articleList": [{"id": id_, "title": "题"} for id_ in ids]}
                for number, name, ids in pages
            ]
        }
    )


def leaf(names: dict[str, str], *rows: tuple[int, str]) -> str:
    """A page since the change, with the names of all pages; its rows stand in reverse."""
    pages = [{"pnumber": number, "pname": name} for number, name in names.items()]
    return json.dumps({"object": {"pagelist": pages, "articlelist": [{"id": i, "title": title} for i, title in rows]}})


def test_the_printed_edition_leads_by_its_days_to_the_pages_of_the_column_in_both_generations() -> None:
    names = {"01": "要闻", "10": "思想者", "11": "评论·来信"}
    home, since, before = JIEFANG.homepage, "/journal/2024-12-{}/getJournalPage.do?page={}&code=jfrb", "2024-12-15"
    pages = {
        f"{home}/journal/list.do": json.dumps({"object": {"departList": [{"code": "jfrb", "jdate": "2024-12-17"}]}}),
        home + since.format(17, "01"): leaf(names, (3, "要闻一则")),
        home + since.format(17, "10"): leaf(names, (5, "广告"), (6, "次篇"), (7, "首篇")),
        home + since.format(17, "11"): leaf(names, (8, "来信")),
        f"{home}/staticsg/data/journal/{before}/navi.json": paper(("01", "要闻", [1]), ("10", "思想者", [2])),
    }
    found, asked = read_all(PRINT, pages, JIEFANG)
    assert found == [
        f"{home}/journal/getJournalPageArticle.do?id={id_}" for id_ in (7, 6, 8)
    ] + [f"{home}/staticsg/data/journal/2024-12-15/10/article/2.json"]  # fmt: skip
    assert [url.removeprefix(home) for url in asked] == [
        "/journal/list.do", since.format(17, "01"), since.format(17, "10"), since.format(17, "11"),
        since.format(16, "01"), f"/staticsg/data/journal/{before}/navi.json",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "days"),
    [
        (None, ["17", "16", "15"]),
        (datetime(2024, 12, 17, 9, tzinfo=UTC), ["17"]),
        (datetime(2024, 12, 12, 16, 30, tzinfo=UTC), ["17", "16", "15", "14", "13"]),  # half past midnight of the 13th
        (datetime(2025, 1, 1, tzinfo=UTC), ["17"]),  # nothing is new: the newest is looked at
    ],
)
def test_a_crawl_with_since_reads_only_the_print_issues_from_that_day_on(
    since: datetime | None, days: list[str]
) -> None:
    newest = json.dumps(
        {
            "object": {
                "departList": [{"jdate": "2024-12-17"}, {"jdate": "never"}, {"code": "xmwb", "jdate": "2024-12-19"}, 5]
            }
        }
    )
    anything = replace(JIEFANG, expect=0)
    _, asked = read_all(PRINT, {f"{JIEFANG.homepage}/journal/list.do": newest}, anything, since)
    assert [url.partition("2024-12-")[2][:2] for url in asked[1:]] == days


@every_row(
    "answer",
    [
        "",
        "<html>",
        "[]",
        "null",
        '{"object": null}',
        '{"object": {"departList": "x"}}',
        '{"object": {"departList": [{}]}}',
        '{"object": {"departList": [{"code": "jfrb", "jdate": "0001-01-02"}]}}',
        '{"object": {"departList": [{"code": "xmwb", "jdate": "2024-12-17"}]}}',  # another paper
    ],
)
def test_a_paper_that_names_no_issue_leads_nowhere(answer: str) -> None:
    with pytest.raises(ParseError, match="names no article"):
        read_all(PRINT, {f"{JIEFANG.homepage}/journal/list.do": answer}, JIEFANG)


def test_only_numbers_from_a_print_issue_are_put_into_addresses() -> None:
    newest = json.dumps({"object": {"departList": [{"jdate": "2024-12-17"}]}})
    rows: list[tuple[Any, str]] = [("../../x", "a"), ("1&x=2", "b"), (None, "c"), (["1"], "d"), (12, "e")]
    names = {"../x": "思想者", "": "思想者", "10": "思想者"}
    asking = "/journal/2024-12-17/getJournalPage.do?page={}&code=jfrb"
    pages = {
        f"{JIEFANG.homepage}/journal/list.do": newest,
        JIEFANG.homepage + asking.format("01"): leaf(names),
        JIEFANG.homepage + asking.format("10"): leaf(names, *rows),
    }
    found, asked = read_all(PRINT, pages, JIEFANG)
    assert found == [f"{JIEFANG.homepage}/journal/getJournalPageArticle.do?id=12"]
    assert [url.removeprefix(JIEFANG.homepage) for url in asked[1:3]] == [asking.format("01"), asking.format("10")]


ROWS = [
    {"id": 1, "title": "思想者 | 某某：标题", "sectionname": "观点", "newstype": "0"},
    {"id": 2, "title": "思想者们都来了", "sectionname": "城事"},
    {"id": 3, "title": "市场新闻", "subsectionname": "伴公汀"},
    {"id": 4, "title": "思想者丨图集", "newstype": "2"},
    {"id": 5, "title": "天气", "sectionname": "城事"},
    {"id": 6, "title": "  理论 · 新章", "sectionname": "城事"},
]


def test_rows_of_shangguan_are_chosen_by_their_section_or_title() -> None:
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
        (url, f"page=1&lastpublishtime={int(AT.timestamp())}000"): page((9, 900), (8, 800)),
        (url, "page=2&lastpublishtime=800"): page((7, 700)),
        (url, "page=3&lastpublishtime=700"): page((7, 700)),
    }
    (seed,) = (seed for seed in source.seeds if seed.url == url)
    found, asked = read_all(seed, pages, source)
    assert [link.rpartition("=")[2] for link in found] == ["9", "8", "7"]
    assert len(asked) == 3


def test_a_page_that_is_no_list_says_so() -> None:
    with pytest.raises(ParseError, match="expected a list in JSON"):
        read_all(JsonList(f"{SITE}/x.json"), {f"{SITE}/x.json": "<html>busy</html>"})
