"""Every page as JSON: all of its content, for readers who would rather not read HTML."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
from datasette.app import Datasette
from support.checkout import ROOT
from support.small_archive import EDITED, LATEST, TALK, digest_of
from support.small_site import get, small_site, text
from support.tables import every_row

from archive.history.revisions import article_json

DIGESTS = [digest_of(article) for article in (TALK, EDITED, LATEST)]
FIRST, SECOND, _ = (digest.removeprefix("sha256:")[:12] for digest in DIGESTS)
PAGES = ["/", "/a/newsroom-1", f"/a/newsroom-1/v/{FIRST}", "/a/newsroom-1/diff/1..2", "/search?q=治理",
         "/phrase?q=治理", "/changes?all=1", "/removed", "/status", "/help", "/api"]  # fmt: skip


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as served:
        yield served


def as_json(path: str) -> str:
    """The address of a page's data."""
    page, mark, query = path.partition("?")
    return f"{page}.json{mark}{query}"


def told(datasette: Datasette, path: str) -> Any:
    response = get(datasette, as_json(path))
    assert response.status_code == 200
    return response.json()


@every_row("path", PAGES)
def test_a_page_leads_to_its_data(datasette: Datasette, path: str) -> None:
    page = get(datasette, path).text
    address = str(httpx.URL(as_json(path)))
    assert f'<a href="{address}" rel="nofollow">本页数据（JSON）</a>' in page
    assert f'<link rel="alternate" type="application/json" href="{address}">' in page


@every_row("path", [path for path in PAGES if path != "/status"])
def test_data_are_chinese_as_it_is_written_and_sent_once(datasette: Datasette, path: str) -> None:
    response = get(datasette, as_json(path))
    again = get(datasette, as_json(path), headers={"if-none-match": response.headers["etag"]})
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert "\\u" not in response.text
    assert re.search("[一-龥]{4}", response.text)
    assert (again.status_code, again.content) == (304, b"")


def test_article_data_hold_the_output_of_show_with_versions_events_and_captures(datasette: Datasette) -> None:
    article = told(datasette, "/a/newsroom-1")
    with closing(datasette.get_database("archive").connect()) as conn:
        shown = article_json(conn, 1)
    related = [
        link | {"key": key} for link, key in zip(shown["related"], [None, None, "newsroom-2", None], strict=True)
    ]
    assert {name: article[name] for name in shown} == shown | {"related": related}
    assert [(v["number"], v["captured_at"], v["content_digest"], v["significance"], v["current"], v["changes"])
            for v in article["versions"]] == [
        (None, "2024-04-18T01:00:00Z", DIGESTS[2], "cosmetic", True,
         [{"property": "reprint_notice", "significance": "cosmetic"}]),
        (2, "2024-04-17T01:00:00Z", DIGESTS[1], "substantive", False,
         [{"property": "headline", "significance": "substantive"},
          {"property": "body_text", "significance": "substantive"}]),
        (1, "2024-04-16T01:00:00Z", DIGESTS[0], "substantive", False, []),
    ]  # fmt: skip
    assert [(e["kind"], e["at"], e["revision"]) for e in article["events"]] == [
        ("new", "2024-04-16T01:00:00Z", 1),
        ("edited", "2024-04-17T01:00:00Z", 2),
    ]
    assert [(c["record_id"], c["captured_at"], c["status"], c["record_type"]) for c in article["captures"]] == [
        (f"urn:uuid:1-2024-04-{day}T01:00:00Z", f"2024-04-{day}T01:00:00Z", 200, "response") for day in (16, 17, 18)
    ]
    assert (article["captures_count"], article["version"]) == (3, None)


def test_a_version_is_its_own_text(datasette: Datasette) -> None:
    version = told(datasette, f"/a/newsroom-1/v/{FIRST}")
    assert (version["headline"], version["version"]["number"]) == (TALK.headline, 1)
    moved = get(datasette, "/a/newsroom-1/v/2.json")
    assert (moved.status_code, moved.headers["location"]) == (302, f"/a/newsroom-1/v/{SECOND}.json")


def test_a_comparison_gives_both_texts_back(datasette: Datasette) -> None:
    diff = told(datasette, "/a/newsroom-1/diff/1..2")
    assert {name: diff[name] for name in ("key", "from", "to", "significance")} == {
        "key": "newsroom-1", "from": 1, "to": 2, "significance": "substantive",
    }  # fmt: skip
    assert [v["content_digest"] for v in diff["versions"]] == DIGESTS[:2]
    for old, new, changed in zip(
        (TALK.headline, TALK.body_text), (EDITED.headline, EDITED.body_text), diff["properties"], strict=True
    ):
        segments = changed["segments"]
        assert "".join(s["text"] for s in segments if s["op"] != "insert") == old
        assert "".join(s["text"] for s in segments if s["op"] != "delete") == new


def test_front_page_search_removed_changes_and_status_give_their_data(datasette: Datasette) -> None:
    front, found, removed = (told(datasette, path) for path in ("/", "/search?q=小事办实", "/removed"))
    changes, status = told(datasette, "/changes"), told(datasette, "/status")
    assert (front["count"], [row["key"] for row in front["articles"]]) == (
        4, ["newsroom-2", "newsroom-4", "newsroom-1", "newsroom-3"],
    )  # fmt: skip
    assert [(hit["key"], hit["headline"], hit["state"]) for hit in found["hits"]] == [
        ("newsroom-1", EDITED.headline, "live")
    ]
    assert "小事办实" in found["hits"][0]["snippet"]
    assert [(row["key"], row["state"]) for row in removed["articles"]] == [("newsroom-4", "removed")]
    assert [(e["kind"], e["key"], e["properties"]) for e in changes["events"]] == [
        ("removed", "newsroom-4", []), ("edited", "newsroom-1", ["headline", "body_text"]),
    ]  # fmt: skip
    assert changes["events"][0]["detail"]["standing"]["first_missed_at"] == "2024-04-19T01:00:00Z"
    assert [(rule["name"], rule["ok"]) for rule in status["rules"]] == [("crawls", True), ("scheduler", True)]
    assert (status["scheduler"], status["running"]) == ({"state": "never", "heartbeat_at": None}, [])
    assert (status["ok"], status["counts"]) == (True, {"articles": 4, "revisions": 6, "captures": 7})


@pytest.mark.parametrize("path", ["/a/newsroom-5.json", "/a/newsroom-5/v/1.json", "/a/newsroom-5/diff/1..1.json"])
def test_a_withdrawn_article_gives_only_its_key_and_state(datasette: Datasette, path: str) -> None:
    response = get(datasette, path)
    assert (response.status_code, response.json()) == (410, {"key": "newsroom-5", "state": "withdrawn"})


@pytest.mark.parametrize("path", ["/.json", "/changes.json?all=1", "/removed.json", "/search.json?q=撤下"])
def test_a_withdrawn_article_stands_in_no_list(datasette: Datasette, path: str) -> None:
    response = get(datasette, path)
    assert response.status_code == 200
    assert [word for word in ("newsroom-5", "按要求撤下", "不应再被看见") if word in response.text] == []


@pytest.mark.parametrize("path", ["/a/nothing.json", "/a/newsroom-1/v/9.json", "/nowhere.json"])
def test_a_missing_page_returns_404_in_json(datasette: Datasette, path: str) -> None:
    response = get(datasette, path)
    said = json.loads(response.text)
    assert (response.status_code, said["ok"], said["status"], said["title"]) == (404, False, 404, "Not found")


def test_hostile_text_stays_text(datasette: Datasette) -> None:
    response = get(datasette, "/a/newsroom-3.json")
    assert response.json()["headline"].endswith("</script>")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in text(get(datasette, "/a/newsroom-3"))


API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
PROMISED = re.findall(r"^\| (`/.*?) \| (.*) \|$", API.partition("## Parameters")[0], re.MULTILINE)


@every_row(("addresses", "names"), PROMISED)
def test_fields_promised_in_the_docs_are_in_the_data(datasette: Datasette, addresses: str, names: str) -> None:
    found: set[str] = set()
    for address in re.findall(r"`(.*?)`", addresses):
        path = (
            address.replace("KEY", "newsroom-1")
            .replace("DIGEST", FIRST)
            .replace("N..M", "1..2")
            .replace("NAME", "林知远")
            .replace("RECORD_ID", "urn:uuid:1-2024-04-16T01:00:00Z")
        )
        found |= _names(get(datasette, path.replace("q=", "q=治理")).json())
    promised = set(re.findall(r"`(\w+)`", names))
    assert promised
    assert promised - found == set()


def _names(value: Any) -> set[str]:
    """Every name that stands anywhere in it."""
    if isinstance(value, dict):
        return set(value) | {name for inner in value.values() for name in _names(inner)}
    return {name for inner in value for name in _names(inner)} if isinstance(value, list) else set()
