"""A feed's categories are the sections of articles whose pages say none, whatever the feed says later."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.fixed_pages import TEXT, Pages, serving, town
from support.journeys import Thinker
from support.small_site import get, served

from archive.files.home import Home

ROWS = "select url, article_section, listed_section, revisions from articles where source = 'town'"
FOUND = {
    1: ("政策文件", "政策文件"),
    2: ("要闻", None),  # the page's own
    3: (None, None),
    4: (None, None),
    5: ("观点", "观点"),
    66: ("政策文件", "政策文件"),  # to which the entry's address leads, for now
    88: ("政策文件", "政策文件"),  # for good
    7: ("观点", "观点"),
}


def item(number: int, *categories: str) -> str:
    said = "".join(f"<category>{each}</category>" for each in categories)
    return f"<item><title>第{number}条</title><link>/article/{number}</link>{said}</item>"


def feed(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>江海网</title><link>/</link>{"".join(items)}</channel></rss>'


def rows(home: Path) -> dict[int, tuple[object, ...]]:
    with closing(sqlite3.connect(home / "archive.db")) as conn:
        return {int(url.rpartition("/")[2]): tuple(rest) for url, *rest in conn.execute(ROWS).fetchall()}


def happened(home: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "archive.db")) as conn:
        return conn.execute("select kind, count(*) from events where kind <> 'new' group by 1 order by 1").fetchall()


def crawled(thinker: Thinker) -> int:
    """Ask every article again. Returns the number of new revisions."""
    summary = thinker.json("crawl", "town", "--recheck", "all")
    assert summary["finish_reason"] == "finished", summary
    return int(summary["new_revisions"])


def site_of(pages: Pages) -> None:
    pages.put("/", '<a href="/article/5">第5篇文章的题目</a>', Content_Type="text/html")
    pages.put_articles(1, 3, 4, 5, 66, 7, 88)
    own = '<meta property="article:section" content="要闻">'
    pages.put("/article/2", f"<head>{own}</head><h1>第2篇文章的题目</h1>{TEXT}<p>这是第2篇。</p>")
    pages.put("/article/6", status=302, Location="/article/66")
    pages.put("/article/8", status=301, Location="/article/88")
    entries = [item(1, "政策文件", "养老"), item(2, "政策文件"), item(3, "Uncategorized", "养老"), item(4)]
    pages.put(
        "/feed",
        feed(*entries, item(6, "政策文件"), item(7, "观点"), item(8, "政策文件")),
        Content_Type="application/rss+xml",
    )


@pytest.mark.slow
def test_feed_categories_are_the_sections_of_articles_without_one(tmp_path: Path) -> None:
    with serving() as pages:
        site_of(pages)
        thinker = town(tmp_path, pages, feeds="/feed", lists="/")
        crawled(thinker)
        without = {number: (*said, 1) for number, said in FOUND.items()} | {5: (None, None, 1)}
        assert rows(tmp_path) == without

        # Named by the feed later, it has its section with the next capture.
        entries = [item(1, "观点"), item(5, "观点"), item(3)]
        pages.put("/feed", feed(*entries), Content_Type="application/rss+xml")
        assert crawled(thinker) == 0
        expected = {number: (*said, 1) for number, said in FOUND.items()}
        assert (rows(tmp_path), happened(tmp_path)) == (expected, [])

        # An entry's article that is gone leads to another one: that is not of its category.
        pages.put("/article/7", status=302, Location="/article/4")
        pages.put("/feed", feed(item(1, "要闻"), item(7, "观点")), Content_Type="application/rss+xml")
        assert crawled(thinker) == 0
        assert rows(tmp_path) == expected

        # A single address in the scope of the source is its article, whose category stays.
        key, address = keys(tmp_path)[1], f"{pages.address}/article/1"
        assert thinker.json("fetch", address)["article_section"] == "政策文件"
        assert thinker.json("show", key)["article_section"] == "政策文件"
        assert "政策文件\n" in thinker.run("show", key)
        assert rows(tmp_path) == expected

    proved(thinker, expected)
    with served(Home(tmp_path)) as site:
        assert get(site, f"/a/{key}.json").json()["article_section"] == "政策文件"
        (version,) = get(site, f"/a/{key}.json").json()["versions"]
        assert get(site, f"/a/{key}/v/{version['content_digest'][7:19]}.json").json()["article_section"] is None
        for column, numbers in {"政策文件": {1, 66, 88}, "要闻": {2}, "观点": {5, 7}}.items():
            listed = {each["key"] for each in get(site, f"/column/{column}.json").json()["articles"]}
            assert listed == {keys(tmp_path)[number] for number in numbers}
        assert get(site, "/column/养老.json").status_code == 404


def keys(home: Path) -> dict[int, str]:
    with closing(sqlite3.connect(home / "archive.db")) as conn:
        found = conn.execute("select url, key from articles where source = 'town'").fetchall()
    return {int(url.rpartition("/")[2]): key for url, key in found}


def proved(thinker: Thinker, expected: dict[int, tuple[object, ...]]) -> None:
    assert thinker.json("verify", "--deep")["ok"]
    thinker.run("rebuild")
    assert rows(thinker.home) == expected
    assert thinker.json("verify", "--deep")["ok"]
