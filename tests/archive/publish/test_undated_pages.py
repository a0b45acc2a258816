"""The site's words about a text whose date of publication nobody knows."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from datasette.app import Datasette
from support.archiving import NOON, SOURCE, crawl, page, url
from support.small_site import get, served

from archive import open_archive
from archive.importing.filing import IMPORTED
from archive.judging.import_ingest import ImportIngest

DAY = timedelta(days=1)
OF_BOTH, ALONE = "/a/newsroom-1", "/a/newsroom-4"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    """Article 1 has a dated history and an undated text. Article 4 has an undated text alone, and did not answer."""
    folder: Path = tmp_path_factory.mktemp("home")
    with closing(open_archive(folder)) as archive:
        crawl(archive, NOON, {1: page(1, "新题目谈一体化"), 2: page(2), 3: page(3)})
        at = NOON + DAY
        with ImportIngest(archive, SOURCE, clock=lambda: at) as ingest:
            ingest.add_resource(page(1, "旧题目谈一体化"), "text/html", url(1), None)
            ingest.add_resource(page(4, "只有存页的一篇"), "text/html", url(4), None)
            ingest.finish()
        crawl(archive, NOON + 2 * DAY, {1: page(1, "更新的题目谈一体化"), 2: page(2), 3: page(3)})
        for day in (3, 4):
            crawl(archive, NOON + day * DAY, {1: page(1, "更新的题目谈一体化"), 2: page(2), 3: page(3), 4: 404})
        home = archive.home
    with served(home) as there:
        yield there


def undated(site: Datasette, place: str) -> str:
    """The path of the version without a moment."""
    (found,) = [each for each in get(site, f"{place}.json").json()["versions"] if each["dating"] == "unknown"]
    return f"{place}/v/{found['content_digest'][7:19]}"


def test_an_undated_version_is_listed_as_undated_behind_all_others(site: Datasette) -> None:
    shown = get(site, f"{OF_BOTH}?ui=zh").text
    listed = shown[shown.index('id="versions"') :]
    assert listed.index("第 2 版") < listed.index("第 1 版") < listed.index("日期不明")
    assert '收到于 <time datetime="2026-11-26T12:00:00Z">' in listed
    assert listed.count("首次采集") == 1
    assert "最近见于 2026-11-29 20:00" in listed
    assert "Undated" in get(site, f"{OF_BOTH}?ui=en").text


def test_the_permalink_of_an_undated_version_says_that_its_date_is_unknown(site: Datasette) -> None:
    answer = get(site, f"{undated(site, OF_BOTH)}?ui=en")
    assert answer.status_code == 200
    assert "旧题目谈一体化" in answer.text
    assert "It is not known when this text was on the site. It was received on 2026-11-26 20:00." in answer.text
    assert "memento-datetime" not in answer.headers
    assert "citation_online_date" not in answer.text


def test_the_citation_of_an_undated_version_says_when_it_was_received(site: Datasette) -> None:
    place = undated(site, OF_BOTH)
    assert get(site, f"{place}.txt").text.endswith("收到于 2026-11-26T12:00:00Z.\n")
    for form in ("bib", "ris", "csl.json"):
        assert "received on 2026-11-26T12:00:00Z" in get(site, f"{place}.{form}").text
    dated = get(site, f"{OF_BOTH}.json").json()["versions"][0]["content_digest"][7:19]
    assert get(site, f"{OF_BOTH}/v/{dated}.txt").text.endswith("采集于 2026-11-27T12:00:00Z.\n")


def test_an_undated_version_is_no_memento(site: Datasette) -> None:
    listed = json.loads(get(site, f"{OF_BOTH}/timemap.json").text)
    assert len(listed["mementos"]["list"]) == 2
    assert get(site, f"{ALONE}/timemap").status_code == 404


def test_pages_of_a_removed_undated_article_never_say_last_seen(site: Datasette) -> None:
    found = get(site, f"{ALONE}.json").json()
    (gone,) = [each for version in found["versions"] for each in version["absences"]]
    assert (found["state"], gone["last_seen_at"]) == ("removed", None)
    for path in (ALONE, "/removed", "/"):
        shown = get(site, f"{path}?ui=en").text
        assert "missing since" in shown
        assert "last seen" not in shown.lower()
    assert "Undated, first received 2026-11-26 20:00" in get(site, f"{ALONE}?ui=en").text
    assert get(site, "/removed.atom").status_code == 200


def test_pages_of_no_listed_source_have_words_in_place_of_a_source(tmp_path: Path) -> None:
    with closing(open_archive(tmp_path / "home")) as archive:
        with ImportIngest(archive, IMPORTED, clock=lambda: NOON) as ingest:
            ingest.add_resource(page(5), "text/html", url(5), NOON)
            ingest.finish()
        home = archive.home
    paths = [
        "/changes?all=1",
        "/source/imported",
        "/source/imported/changes",
        "/browse",
        "/browse/sources",
        "/search?q=谈",
    ]
    with served(home) as there:
        said = {path: get(there, path, headers={"accept-language": "zh"}).text for path in paths}
    assert {path for path, shown in said.items() if "导入的网页（不属于所列来源）" not in shown} == set()
    assert {path for path, shown in said.items() if re.search(r">\s*imported\s*<", shown)} == set()
    assert ">导入的网页（不属于所列来源）</h1>" in said["/source/imported"]
    assert "example.com" in said["/changes?all=1"]
