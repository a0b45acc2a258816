"""A reader who has a page already gets 304 before it is made again, and never when it has changed."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from datasette.app import Datasette
from datasette.utils.asgi import Request
from support.small_archive import build
from support.small_site import get

from archive import connect
from archive.files.home import Home
from archive.publish.database import reading
from archive.publish.messages import language
from archive.publish.server.validators import tag_of
from archive.publish.serving import site

PAGES = ["/", "/?ui=en", "/a/newsroom-1", "/a/newsroom-1/diff/1..2", "/search?q=治理", "/changes?all=1", "/removed"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return build(tmp_path)


@pytest.fixture
def datasette(home: Home) -> Iterator[Datasette]:
    served = site(home, hosts=["127.0.0.1"])
    yield served
    served.get_database("archive").close()


def change(home: Home, sql: str) -> None:
    conn = connect(home.database)
    conn.execute(sql)
    conn.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_gets_304_until_the_data_change(home: Home, datasette: Datasette, path: str) -> None:
    first = get(datasette, path)
    have = {"if-none-match": first.headers["etag"]}
    again = get(datasette, path, headers=have)
    change(home, "update articles set headline = headline || '，改'")
    changed = get(datasette, path, headers=have)
    renewed = get(datasette, path, headers={"if-none-match": f'"other", {changed.headers["etag"]}'})
    assert (first.status_code, again.status_code, again.text) == (200, 304, "")
    assert (again.headers["etag"], again.headers["vary"]) == (first.headers["etag"], first.headers["vary"])
    assert (changed.status_code, renewed.status_code) == (200, 304)
    assert changed.headers["etag"] != first.headers["etag"]


def test_a_page_that_is_unchanged_is_not_rendered_for_that(datasette: Datasette) -> None:
    have = {"if-none-match": get(datasette, "/").headers["etag"]}
    rendered: list[object] = []
    render = datasette.render_template

    async def counted(*args: object, **named: object) -> str:
        rendered.append(args)
        return str(await render(*args, **named))

    datasette.render_template = counted
    assert (get(datasette, "/", headers=have).status_code, len(rendered)) == (304, 0)
    assert (get(datasette, "/").status_code, len(rendered)) == (200, 1)


def test_a_page_is_sent_again_after_the_database_file_is_replaced(
    home: Home, datasette: Datasette, tmp_path: Path
) -> None:
    have = {"if-none-match": get(datasette, "/").headers["etag"]}
    other = build(tmp_path / "other")
    change(other, "pragma wal_checkpoint(truncate)")
    other.database.replace(home.database)
    assert get(datasette, "/", headers=have).status_code == 200


def test_a_file_that_has_the_number_of_one_that_went_is_another_version(
    home: Home, datasette: Datasette, tmp_path: Path
) -> None:
    change(home, "pragma wal_checkpoint(truncate)")
    (tmp_path / "kept").hardlink_to(home.database)  # so that its number comes again for certain
    have = {"if-none-match": get(datasette, "/").headers["etag"]}
    other = build(tmp_path / "other")
    change(other, "pragma wal_checkpoint(truncate)")
    other.database.replace(home.database)
    assert get(datasette, "/", headers=have).status_code == 200
    (tmp_path / "kept").replace(home.database)
    assert get(datasette, "/", headers=have).status_code == 200


def test_a_search_that_took_too_long_is_tried_again(datasette: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE_TIME_LIMIT_MS", 0)
    slow = get(datasette, "/search?q=治理")
    monkeypatch.undo()
    found = get(datasette, "/search?q=治理", headers={"if-none-match": slow.headers.get("etag", "")})
    assert ("搜索超时" in slow.text, slow.headers["cache-control"]) == (True, "no-store")
    assert (found.status_code, "搜索超时" in found.text) == (200, False)


@pytest.mark.parametrize(
    ("path", "status"), [("/a/nothing", 404), ("/a/newsroom-5", 410), ("/a/newsroom-1/v/1", 302), ("/status", 200)]
)
def test_errors_redirects_and_the_status_page_have_no_etag(datasette: Datasette, path: str, status: int) -> None:
    reply = get(datasette, path)
    assert (reply.status_code, "etag" in reply.headers) == (status, False)


def test_tags_differ_by_language_address_hour_and_run_of_the_server(home: Home, datasette: Datasette) -> None:
    noon = datetime(2026, 11, 26, 12, 30, tzinfo=UTC)
    other = site(home, hosts=["127.0.0.1"])
    tags = {
        tag_of(datasette, request("/"), noon),
        tag_of(datasette, request("/?q=1"), noon),
        tag_of(datasette, request("/a"), noon),
        tag_of(datasette, request("/", ui="en"), noon),
        tag_of(datasette, request("/"), noon.replace(hour=13)),
        tag_of(other, request("/"), noon),
    }
    assert (len(tags), None in tags) == (6, False)
    assert tag_of(datasette, request("/"), noon) == tag_of(datasette, request("/"), noon.replace(minute=59))
    other.get_database("archive").close()


def test_the_language_asked_for_is_remembered_with_a_304_too(datasette: Datasette) -> None:
    first = get(datasette, "/?ui=en")
    again = get(datasette, "/?ui=en", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert re.match(rf"{language.COOKIE}=en;", again.headers["set-cookie"])


def test_a_reader_whose_language_is_remembered_may_keep_pages_too(datasette: Datasette) -> None:
    cookie = {"cookie": f"{language.COOKIE}=en"}
    kept = [get(datasette, path, headers=cookie).headers["cache-control"] for path in ("/", "/?ui=zh", "/nowhere")]
    assert kept == ["private, no-cache", "private, no-store", "private, no-store"]


def request(path: str, ui: str = "zh") -> Request:
    return Request.fake(f"{path}{'&' if '?' in path else '?'}ui={ui}")
