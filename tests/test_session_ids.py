"""A site whose lists give each visit other addresses: its articles stay as they are, and status names the remedy."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.fixed_pages import Pages, serving, town
from support.journeys import Thinker

from archive import open_archive

COUNT = 12
WAYS = {"path": "/article/{}.html;jsessionid=A{}F", "query": "/article/{}.html?page=1&JSESSIONID=A{}F"}
PLAIN = {"path": "/article/{}.html", "query": "/article/{}.html?page=1"}
LINE = 'drop_parameters = ["jsessionid"]'
TEXT = "<p>" + "把好事办实，把实事办好，让街坊邻里住得更舒心。" * 20 + "</p>"


@pytest.fixture
def site() -> Iterator[Pages]:
    with serving() as pages:
        yield pages


def visited(site: Pages, thinker: Thinker, way: str, visit: int) -> dict[str, Any]:
    """Crawl the site, whose list gives this visit addresses of its own; returns the figures."""
    links = []
    for number in range(COUNT):
        page = f"<title>第{number}个题目谈治理</title><h1>第{number}个题目谈治理</h1>{TEXT}<p>这是第{number}篇。</p>"
        links.append(WAYS[way].format(number, visit))
        for address in (links[-1], PLAIN[way].format(number)):
            site.put(address, page, Content_Type="text/html; charset=utf-8")
    anchors = "".join(f'<li><a href="{link}">第{number}个题目谈治理</a></li>' for number, link in enumerate(links))
    site.put("/list.html", f"<ul>{anchors}</ul>", Content_Type="text/html; charset=utf-8")
    time.sleep(1 - time.time() % 1)  # stamps are in seconds: a crawl of the same second would not come later
    figures: dict[str, Any] = thinker.json("crawl", "town", "--recheck", "all")
    return figures


def drop(home: Path) -> None:
    with (home / "thinker.toml").open("a") as file:
        file.write(f"{LINE}\n")


def rule(thinker: Thinker, ok: bool) -> str:
    """The finding of the rule on addresses, which must hold or not."""
    (found,) = [each for each in thinker.json("status", code=0 if ok else 3)["rules"] if each["name"] == "addresses"]
    assert found["ok"] is ok
    return str(found["detail"])


def keys(home: Path) -> list[tuple[str, str]]:
    """Each leading key with its other keys, in order."""
    sql = "select a.key, k.key from articles a join keys k on k.article_id = a.id order by 1, 2"
    with closing(open_archive(home)) as archive:
        return archive.conn.execute(sql).fetchall()


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_session_ids_make_no_articles_and_a_setting_ends_them(tmp_path: Path, site: Pages, way: str) -> None:
    thinker = town(tmp_path, site, lists="/list.html")
    assert visited(site, thinker, way, 1)["new_articles"] == COUNT
    leading = {key for key, _ in keys(tmp_path)}
    rule(thinker, True)
    for visit in (2, 3):
        visited(site, thinker, way, visit)
        assert {key for key, _ in keys(tmp_path)} == leading
        assert f"only jsessionid differs: write `{LINE}` under `[sources.town]`" in rule(thinker, False)
    before = keys(tmp_path)
    assert len(before) == 3 * COUNT

    drop(tmp_path)
    for visit in (4, 5):
        site.asked.clear()
        assert visited(site, thinker, way, visit)["new_articles"] == 0
        assert [path for path in site.asked if "session" in path.lower()] == []
        rule(thinker, True)
        assert keys(tmp_path) == before
    assert thinker.json("verify", "--deep")["ok"]
    thinker.run("rebuild")
    assert keys(tmp_path) == before
    site.asked.clear()
    visited(site, thinker, way, 6)
    assert [path for path in site.asked if "session" in path.lower()] == []
    assert keys(tmp_path) == before


@pytest.mark.slow
def test_an_article_that_is_gone_at_all_its_addresses_is_removed(tmp_path: Path, site: Pages) -> None:
    thinker = town(tmp_path, site, lists="/list.html", more="removal_probes = 2\nremoval_spacing = 0\n")
    for visit in (1, 2):
        visited(site, thinker, "path", visit)
    drop(tmp_path)
    visited(site, thinker, "path", 3)
    for visit in (4, 5, 6):
        original = site.put

        def put(path: str, *told: Any, **headers: Any) -> None:
            if "/3.html" not in path:
                original(path, *told, **headers)  # noqa: B023 called at once

        for path in [path for path in site.pages if "/3.html" in path]:
            del site.pages[path]
        site.put = put  # type: ignore[method-assign]
        visited(site, thinker, "path", visit)
        site.put = original  # type: ignore[method-assign]
    removed = [each for each in thinker.json("changes") if each["kind"] == "removed"]
    assert [each["headline"] for each in removed] == ["第3个题目谈治理"]
    assert thinker.json("verify", "--deep")["ok"]
