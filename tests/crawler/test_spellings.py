"""Nineteen spellings of one address are one row of the frontier, and one request."""

from pathlib import Path

from support.fixed_pages import serving, town
from support.tables import every_row
from support.towns import rows

from crawler.seeds import waiting
from parsers.links import Link, absolute

SPELLINGS = [
    "/article/1.html",
    "article/1.html",
    "./article/1.html",
    "/list/../article/./1.html",
    "/article/1.html#top",
    "/article/1.html?",
    "/article/1.html?&",
    "/article/1.html/",
    "/article/%31.html",
    "/article/1%2Ehtml",
    "/article/1%2ehtml",
    "/article/1.html?utm_source=rss&utm_medium=feed",
    "/article/1.html?spm=a2c.1.2&from=timeline&isappinstalled=0#wechat",
    "//127.0.0.1:PORT/article/1.html",
    "HTTP://127.0.0.1:PORT/article/1.html",
    "https://127.0.0.1:PORT/article/1.html",
    "http://127.0.0.1.:0PORT/article/1.html",
    "http://127.1:PORT/article/1.html",
    " http://0x7f.0.0.1:PORT/article/1.html\n",
]


def test_nineteen_spellings_on_a_list_are_one_row_and_one_request(tmp_path: Path) -> None:
    assert len(set(SPELLINGS)) == 19
    with serving() as pages:
        port = pages.address.rpartition(":")[2]
        pages.put("/list", "".join(f'<a href="{each.replace("PORT", port)}">第1篇文章的题目</a>' for each in SPELLINGS))
        pages.put_articles(1)
        pages.put("/article/1.html", pages.pages["/article/1"][2])
        home = town(tmp_path / "home", pages, lists="/list")
        assert home.json("crawl", "town")["new_articles"] == 1
        assert pages.asked == ["/robots.txt", "/list", "/article/1.html"]
    assert rows(home.home, "select url, kind from frontier") == [(f"{pages.address}/article/1.html", "article")]


@every_row(
    "spelling",
    [
        "http://news.example.cn/a/1?b=2&c=%E6%80%9D",
        "https://NEWS.Example.CN/a/1?b=2&c=%E6%80%9D",
        "http://www.news.example.cn/a/1?b=2&c=%E6%80%9D",
        "http://news.example.cn./a/1?b=2&c=%E6%80%9D",
        "http://news.example.cn:80/a/1?b=2&c=%E6%80%9D",
        "https://news.example.cn:443/a/1?b=2&c=%E6%80%9D",
        "http://news.example.cn/a/1?c=%e6%80%9d&b=2",
        "http://news.example.cn/a/1/?b=2&c=思",
        "http://news。example。cn/a/1?b=2&c=思",
    ],
)
def test_a_host_by_name_is_known_by_each_of_its_spellings(spelling: str) -> None:
    link = Link(str(absolute("http://news.example.cn/list", spelling)))
    assert [each.urlkey for each in waiting([link])] == ["cn,example,news)/a/1?b=2&c=%E6%80%9D"]
