"""Articles that send their reader on, by a redirect or by the page itself, and the verdict on each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.moving_town import Town
from support.two_schemes import Doors, doors
from support.written_site import TEXT

pytestmark = pytest.mark.slow

COUNT = 9  # the last one stays as it is, and is everybody's witness


@pytest.fixture
def town(tmp_path: Path) -> Iterator[tuple[Town, Doors]]:
    """A town whose articles have been crawled."""
    there = Town(tmp_path)
    with doors(there.answer, tmp_path / "tls") as site:
        there.declare(site, "http")
        there.named = [site.at("http", f"/article/{number}.html") for number in range(1, COUNT + 1)]
        assert there.crawl()["new_articles"] == COUNT
        site.asked.clear()
        yield there, site


def states(there: Town, site: Doors) -> dict[str, str]:
    """The state of each article that is not live, by its path; a rebuild finds the same."""
    told = "select substr(d.url, 23), a.state from articles a join addresses d on d.article_id = a.id"
    found = there.rows(f"{told} where a.state <> 'live' order by 1")
    there.home.run("verify", "--deep")
    return {f"{path.partition('/')[2]}": state for path, state in found}


def crawled_twice(there: Town) -> None:
    """Crawl twice, as two probes confirm a removal; the exit code is 3 if an article is an error."""
    for _ in range(2):
        child = there.home.start("crawl", "town", under=there.under)
        _, err = child.communicate(timeout=120)
        assert child.returncode in (0, 3), err


def test_the_target_of_a_redirect_decides_the_state_of_the_article(town: tuple[Town, Doors]) -> None:
    """Nothing of it is asked but what the source covers: no login, no front page, no other host."""
    there, site = town
    here = there.named
    leads = [
        "/", "/user/login?backurl=%2Farticle%2F2.html", "https://passport.news.invalid/v2/", here[3],
        f"{here[4]}?again", "http://gone.invalid/article/6.html", "ftp://127.0.0.1/article/7.html",
        "/blog/login-to-the-future.html",
    ]  # fmt: skip
    there.declare(site, "http", scope=f"{site.at('http')}/article/[0-9]+\\.html")  # a circle may leave it
    there.leads = {url: (302, to) for url, to in zip(here, leads, strict=False)}
    there.leads[f"{here[4]}?again"] = (302, here[4])
    crawled_twice(there)
    assert states(there, site) == {
        "article/1.html": "redirected", "article/2.html": "restricted", "article/3.html": "unreachable",
        "article/4.html": "unreachable", "article/5.html": "unreachable", "article/6.html": "unreachable",
        "article/7.html": "unreachable", "article/8.html": "redirected",
    }  # fmt: skip
    assert {url.partition("?")[0] for url in site.asked if "article" not in url} == {
        site.at("http", path) for path in ("/robots.txt", "/sitemap.xml")
    }
    events = there.rows("select kind, count(*) from events where kind <> 'new' group by 1 order by 1")
    assert events == [("redirected", 2), ("restricted", 1)]


@pytest.mark.root
def test_a_redirect_to_a_host_that_has_an_address_says_that_the_article_is_elsewhere(town: tuple[Town, Doors]) -> None:
    """Its name is looked up, and nothing is asked there: the crawl ends at once, though nobody would answer."""
    there, site = town
    there.name(away="out.example")
    there.leads = {
        there.named[0]: (302, "http://out.example/1"), there.named[1]: (302, f"http://{'x' * 64}.example/2"),
        there.named[2]: (302, "https://sso.out.invalid/"),
    }  # fmt: skip
    crawled_twice(there)
    assert states(there, site) == {
        "article/1.html": "redirected", "article/2.html": "unreachable", "article/3.html": "unreachable",
    }  # fmt: skip


def test_a_page_that_sends_its_reader_on_is_a_redirect(town: tuple[Town, Doors]) -> None:
    """It is kept first; an article that comes again by itself is an article."""
    there, site = town
    here = there.named

    def page(content: str, text: str = "<p>页面跳转中……</p>") -> str:
        return f'<html><head><meta http-equiv="refresh" content="{content}"><title>跳转</title></head>{text}</html>'

    title = "<h1>第5篇谈一体化发展</h1>"
    there.pages = {
        here[0]: page("0;url=/"), here[1]: page("3; URL='/user/login.html'"), here[2]: page("0;url=/article/9.html"),
        here[3]: page("0;url=http://gone.invalid/"), here[4]: page("300;url=", f"{title}<article>{TEXT}</article>"),
        here[5]: page(f"0;url={here[5]}?utm_source=jump"), here[6]: page("5;url=/x", "<p>您访问的页面不存在</p>"),
        here[7]: page("0;url=https://www.news.invalid/", '<noscript><p>请启用脚本</p></noscript>'),
    }  # fmt: skip
    crawled_twice(there)
    assert states(there, site) == {
        "article/1.html": "redirected", "article/2.html": "restricted", "article/3.html": "redirected",
        "article/4.html": "unreachable", "article/7.html": "removed", "article/8.html": "unreachable",
    }  # fmt: skip
    kept = there.rows(
        "select count(*), count(distinct url), max(verdict is null) from captures where kind = 'hop' and status = 200"
    )
    assert kept == [(4, 2, 1)]
    assert not [url for url in site.asked if "login" in url or url.endswith("/x")]
    there.pages = {}
    there.crawl()
    assert states(there, site) == {}


def test_requests_without_an_answer_count_as_requests_and_as_errors(town: tuple[Town, Doors]) -> None:
    """Six addresses refuse the connection: six errors of sixteen requests, and not of ten."""
    there, site = town
    there.named += [f"http://127.0.0.1:{site.port}/article/{number}.html" for number in range(20, 26)]
    site.shut = {site.at("http", f"/article/2{digit}.html") for digit in range(6)}
    told = there.crawl(3)
    assert (told["requests"], told["errors"], told["new_articles"]) == (1 + COUNT + 6, 6, 0)
    rules = {rule["name"]: rule["detail"] for rule in there.home.json("status", code=3)["rules"]}
    assert rules["crawls"].startswith("town: 6 errors in 16 requests in the crawl of ")
