"""Lists that fail, and articles that stand alone on their host: real crawls of a site whose answers a test writes."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.archiving import rows
from support.fixed_pages import Pages, serving, town
from support.journeys import Thinker

from archive import read_archive

SOON = "recheck = 0\nremoval_probes = 2\nremoval_spacing = 0\n"
FRONT = "<title>首页</title><a href=/list>全部文章</a>"
WORDPRESS = '{"code":"rest_post_invalid_page_number","message":"...","data":{"status":400}}'
ROWS = '[sources.town.rows]\nurl = "link"\ntitle = "title"\n'


@pytest.fixture
def pages() -> Iterator[Pages]:
    with serving() as site:
        yield site


def put_list(pages: Pages, *numbers: int) -> None:
    pages.put("/list", "".join(f"<a href=/article/{number}>第{number}篇文章的题目</a>" for number in numbers))


def put_rows(pages: Pages, path: str, *numbers: int) -> None:
    found = [{"link": f"/article/{number}", "title": f"第{number}篇文章的题目"} for number in numbers]
    pages.put(path, json.dumps(found), Content_Type="application/json")


def states(home: Path) -> dict[str, str]:
    with closing(read_archive(home)) as opened:
        found = rows(opened, "select url, state from articles order by url")
    return {str(url).rpartition("/")[2]: str(state) for url, state in found}


def rule(thinker: Thinker, name: str, code: int = 0) -> tuple[bool, str]:
    found = {each["name"]: each for each in thinker.json("status", code=code)["rules"]}
    return found[name]["ok"], found[name]["detail"].replace(thinker_address(thinker), "")


def thinker_address(thinker: Thinker) -> str:
    line = (thinker.home / "thinker.toml").read_text().splitlines()[1]
    return line.partition('"')[2].rstrip('"')


@pytest.mark.parametrize("status", [400, 451])
def test_a_page_behind_the_last_of_a_list_may_answer_with_any_fault_of_the_request(
    tmp_path: Path, pages: Pages, status: int
) -> None:
    thinker = town(tmp_path, pages, more=f"{SOON}pages = 9\n{ROWS}", json_lists="/api?page={page}")
    put_rows(pages, "/api?page=1", 1, 2, 3)
    pages.put("/api?page=2", WORDPRESS, status)
    pages.put_articles(1, 2, 3)
    assert thinker.json("crawl", "town")["errors"] == 0
    pages.put("/article/2", status=404)
    for _ in range(2):
        assert thinker.json("crawl", "town")["errors"] == 0
    assert states(tmp_path) == {"1": "live", "2": "removed", "3": "live"}
    assert pages.asked.count("/api?page=3") == 0


@pytest.mark.parametrize("status", [429, 500])
def test_a_page_of_a_list_that_asks_for_patience_or_is_ill_is_no_end_of_it(
    tmp_path: Path, pages: Pages, status: int
) -> None:
    thinker = town(tmp_path, pages, more=f"{SOON}pages = 9\n{ROWS}", json_lists="/api?page={page}")
    put_rows(pages, "/api?page=1", 1)
    put_rows(pages, "/api?page=2")
    pages.put_articles(1)
    thinker.run("crawl", "town")
    pages.put("/api?page=2", WORDPRESS, status, Retry_After="0")
    thinker.json("crawl", "town", code=3)
    (failing,) = thinker.json("status")["lists"]
    assert (failing["crawls"], failing["failed_url"]) == (1, f"{pages.address}/api?page=2")


def test_a_guessed_list_that_never_answers_hides_no_removal_and_is_named(tmp_path: Path, pages: Pages) -> None:
    thinker = town(tmp_path, pages, more=SOON, lists="/list", feeds="/guessed.xml")
    put_list(pages, 1, 2, 3)
    pages.put_articles(1, 2, 3)
    thinker.run("crawl", "town", code=3)
    assert rule(thinker, "lists")[0]  # a site may fail once
    pages.put("/article/2", status=404)
    for _ in range(2):
        thinker.run("crawl", "town", code=3)
    assert states(tmp_path) == {"1": "live", "2": "removed", "3": "live"}
    ok, said = rule(thinker, "lists", code=3)
    assert not ok
    assert said.startswith("town: the list /guessed.xml never answered, in 3 crawls since 20")
    assert said.endswith(
        "Z (HTTP 404): run `thinker doctor town` to check each list, then correct the address or remove it"
    )


@pytest.mark.slow
def test_a_failing_feed_delays_the_removal_of_a_missing_article_for_three_crawls(tmp_path: Path, pages: Pages) -> None:
    thinker = town(tmp_path, pages, more=SOON, lists="/list", feeds="/feed.xml")
    put_list(pages, 1, 2, 3)
    pages.put("/feed.xml", f"<rss><channel><item><link>{pages.address}/article/1</link></item></channel></rss>")
    pages.put_articles(1, 2, 3)
    thinker.run("crawl", "town")
    pages.put("/feed.xml", status=500)
    pages.put("/article/2", status=404)
    for _ in range(3):
        thinker.run("crawl", "town", code=3)
        assert states(tmp_path)["2"] == "live"
    ok, said = rule(thinker, "presence", code=3)
    assert ok
    assert said.startswith(f"town: 1 articles, {key(tmp_path, 2)} among them, have not answered, the first since ")
    assert said.endswith(": no verdict while /feed.xml fails")
    shown = thinker.run("show", key(tmp_path, 2)).splitlines()[3]
    assert shown.startswith("not answering since 20")
    assert shown.endswith(f"; not judged while this list fails: {pages.address}/feed.xml")
    for _ in range(2):
        thinker.run("crawl", "town", code=3)
    assert states(tmp_path)["2"] == "removed"


def key(home: Path, number: int) -> str:
    with closing(read_archive(home)) as opened:
        return str(rows(opened, f"select key from articles where url like '%/article/{number}'")[0][0])


@pytest.mark.slow
def test_the_only_article_of_a_host_is_judged_by_its_front_page_which_is_asked_only_then(
    tmp_path: Path, pages: Pages
) -> None:
    thinker = town(tmp_path, pages, more=SOON, lists="/list")
    put_list(pages, 1)
    pages.put("/", FRONT)
    pages.put_articles(1)
    thinker.run("crawl", "town")
    pages.put("/list", "<p>暂无文章</p>")
    thinker.run("crawl", "town")
    assert pages.asked.count("/") == 0
    pages.put("/article/1", status=404)
    pages.put("/list", status=404)
    for _ in range(3):
        thinker.run("crawl", "town", code=3)
        assert states(tmp_path) == {"1": "live"}
    asked = pages.asked.count("/")
    for _ in range(2):
        thinker.run("crawl", "town", code=3)
    assert states(tmp_path) == {"1": "removed"}
    assert pages.asked.count("/") == asked + 2
    thinker.run("crawl", "town", code=3)
    assert pages.asked.count("/") == asked + 2  # nothing more is to be judged


def test_the_only_article_of_a_host_is_judged_by_its_list(tmp_path: Path, pages: Pages) -> None:
    thinker = town(tmp_path, pages, more=SOON, lists="/list")
    put_list(pages, 1)
    pages.put_articles(1)
    thinker.run("crawl", "town")
    pages.put("/list", "<title>全部文章</title><p>暂无文章</p>")
    pages.put("/article/1", "<title>页面不存在</title><h1>404</h1><p>您访问的页面不存在。</p>")
    for _ in range(2):
        thinker.run("crawl", "town")
    assert states(tmp_path) == {"1": "removed"}
    assert pages.asked.count("/") == 0


def test_a_missing_article_without_a_witness_is_shown_and_asked_again(tmp_path: Path, pages: Pages) -> None:
    thinker = town(tmp_path, pages, more="recheck = 86400\nremoval_spacing = 0\n", lists="/list")
    put_list(pages, 1)
    pages.put_articles(1)
    thinker.run("crawl", "town")
    pages.put("/article/1", status=404)
    thinker.run("crawl", "town", "--recheck", "all")
    thinker.run("crawl", "town")
    assert pages.asked.count("/article/1") == 3  # it is due again though it is asked once a day
    assert (
        thinker.run("show", key(tmp_path, 1))
        .splitlines()[3]
        .endswith("; not judged, because no other page of the site answered")
    )
    ok, said = rule(thinker, "presence", code=3)  # for want of articles
    assert ok
    assert said.endswith("and no control page showed that the site was working: "
                         f"see `thinker show {key(tmp_path, 1)}` and the page /removed")  # fmt: skip
    (found,) = thinker.json("status", code=3)["unjudged"]
    assert (found["url"], found["why"], found["lists"]) == (f"{pages.address}/article/1", "no_witness", [])


def test_an_article_that_is_asked_by_name_is_not_gone_while_a_list_names_it(tmp_path: Path, pages: Pages) -> None:
    thinker = town(tmp_path, pages, more=SOON, lists="/list")
    put_list(pages, 1)
    pages.put("/", FRONT)
    pages.put_articles(1)
    thinker.run("crawl", "town")
    pages.put("/article/1", status=404)
    for _ in range(2):
        thinker.run("fetch", f"{pages.address}/article/1", code=3)
        thinker.run("crawl", "town", "--recheck", "only")
    assert (states(tmp_path), pages.asked.count("/")) == ({"1": "live"}, 0)
    pages.put("/list", "<title>全部文章</title><p>暂无文章</p>")
    for _ in range(2):
        thinker.run("crawl", "town")
    assert states(tmp_path) == {"1": "removed"}
