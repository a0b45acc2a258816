"""Any unique name of a version leads to its permalink, and any other name to the article and its versions."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from datasette.app import Datasette
from support.small_archive import EDITED, LATEST, TALK, digest_of
from support.small_site import get, small_site, text
from support.tables import every_row

from archive.publish.article import history
from archive.publish.database.reading import NoVersionError

FIRST, SECOND, LAST = (digest_of(each).removeprefix("sha256:") for each in (TALK, EDITED, LATEST))
PREFIXES = f"{FIRST[:4]}..{SECOND[:5].upper()}"
ARTICLE = {"id": 7, "key": "a-1", "headline": "清单", "in_language": None}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as served:
        yield served


@every_row(
    ("name", "ending"),
    [("1", ""), ("1", ".csl.json"), (FIRST[:4], ".json"), (FIRST[:11], ".bib"), (FIRST[:7].upper(), ""),
     (FIRST.upper(), ""), (f"sha256:{FIRST}", ""), (f"sha256%3A{FIRST[:6]}", ".txt")],
)  # fmt: skip
def test_a_number_and_a_unique_beginning_of_a_digest_lead_to_the_permalink(
    site: Datasette, name: str, ending: str
) -> None:
    reply = get(site, f"/a/newsroom-1/v/{name}{ending}")
    assert (reply.status_code, reply.headers["location"]) == (302, f"/a/newsroom-1/v/{FIRST[:12]}{ending}")


@every_row(
    ("asked", "leads_to"),
    [("v/1?ui=en", "?ui=en"), ("v/1.json?ui=zh", ".json?ui=zh"), ("v/1.bib?at=2024&ui=en", ".bib?ui=en"),
     (f"v/{FIRST[:6]}?before=2&ui=en", "?before=2&ui=en"), ("v/1?ui=%0d%0ax%26b%3d1", "?ui=%0D%0Ax%26b%3D1")],
)  # fmt: skip
def test_the_permalink_is_led_to_with_the_other_parameters(site: Datasette, asked: str, leads_to: str) -> None:
    assert get(site, f"/a/newsroom-1/{asked}").headers["location"] == f"/a/newsroom-1/v/{FIRST[:12]}{leads_to}"


@every_row("ending", [".json", ".patch"])
def test_a_comparison_takes_the_same_names(site: Datasette, ending: str) -> None:
    by_number, by_digest = (f"/a/newsroom-1/diff/{pair}{ending}" for pair in ("1..2", PREFIXES))
    assert get(site, by_digest).text == get(site, by_number).text


@every_row(
    "path",
    ["v/9", "v/0", "v/01", "v/xyz", f"v/{FIRST[:3]}", "v/0123456789ab", "v/" + "1" * 5_000, "v/9.bib", "v/9.pdf",
     "v/1%00", "v/%3Cb%3E", "diff/1..9", "diff/9..1", "diff/x..1", "diff/1..9.patch", "diff/1..2..3"],
)  # fmt: skip
def test_any_other_name_gets_a_404_that_links_the_article_and_its_versions(site: Datasette, path: str) -> None:
    zh, en = (get(site, f"/a/newsroom-1/{path}", headers={"accept-language": ui}) for ui in ("zh", "en"))
    assert (zh.status_code, en.status_code) == (404, 404)
    assert "这篇文章没有这个版本：" in text(zh)
    assert "时间均为北京时间" in text(zh)
    assert "This article has no such version: " in text(en)
    links = re.findall(r'href="(/a/[^"]*)"', en.text.partition("<main")[2])
    assert links == ["/a/newsroom-1", *(f"/a/newsroom-1/v/{digest[:12]}" for digest in (LAST, SECOND, FIRST))]
    assert len(en.text) < 5_000
    assert "<b>" not in en.text


def test_a_program_gets_the_versions_as_data(site: Datasette) -> None:
    for path in ("v/9.json", "diff/1..9.json"):
        reply = get(site, f"/a/newsroom-1/{path}")
        said = reply.json()
        assert (reply.status_code, said["error"], said["error_zh"]) == (
            404, "This article has no such version: 9", "这篇文章没有这个版本：9",
        )  # fmt: skip
        assert [each["path"] for each in said["versions"]] == [
            f"/a/newsroom-1/v/{digest[:12]}" for digest in (LAST, SECOND, FIRST)
        ]
        assert (said["key"], said["versions_count"]) == ("newsroom-1", 3)


def version(number: int | None, digest: str, at: str) -> history.Version:
    return {"number": number, "content_digest": f"sha256:{digest}", "captured_at": at, "again": False,
            "dating": "stated", "significance": "substantive", "origin": "site"}  # fmt: skip


VERSIONS = [
    version(3, "a1b2" + "c" * 60, "2024-04-15T00:00:00Z"),
    version(None, "a1b2" + "0" * 60, "2024-04-14T00:00:00Z"),
    version(2, "1234" + "0" * 60, "2024-04-13T00:00:00Z"),
    version(1, "ffff" + "0" * 60, "2024-04-12T00:00:00Z"),
    version(1234, "a1b2" + "c" * 60, "2024-04-11T00:00:00Z"),
]


@every_row(
    ("name", "found"),
    [("3", 0), ("a1b2c", 4), ("a1b20", 1), ("A1B20", 1), ("1234", 4), ("12340", 2), ("1", 3), ("ffff", 3),
     ("a1b2" + "c" * 8, 4), ("sha256:ffff", 3)],
)  # fmt: skip
def test_a_number_comes_before_a_digest_and_the_earliest_of_equal_texts_first(name: str, found: int) -> None:
    with closing(sqlite3.connect(":memory:")) as conn:
        assert history.version_named(conn, ARTICLE, VERSIONS, name) is VERSIONS[found]


def test_a_beginning_that_several_texts_have_lists_these_alone() -> None:
    with closing(sqlite3.connect(":memory:")) as conn, pytest.raises(NoVersionError) as raised:
        history.version_named(conn, ARTICLE, VERSIONS, "a1b2")
    assert raised.value.several
    assert [each["number"] for each in raised.value.versions] == [3, None, 1234]
