"""The site behind a proxy: its public name, the pages that robots may read, its health, and closed pages."""

import asyncio
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego
from support.small_archive import build
from support.small_site import get, small_site
from support.stranger import close
from support.tables import every_row

from archive.publish.routes import ROUTES
from archive.publish.server.public_url import OWN_PATHS, BadPublicUrl, PublicUrl
from archive.publish.serving import site

PROXIED = {"host": "archive.example"}
BAD = [
    "archive.example", "ftp://archive.example", "https://", "https://me@archive.example", "https://a.example/?q=1",
    "https://a.example/x y", "https://a.example/#top", "https://a.example:port", "https://a.example/archive",
    "https://a.example/search", "https://a.example/data", "https://a.example/status/",
    "https://a.example/a/b", "https://[", "",
]  # fmt: skip


@pytest.fixture(scope="module")
def prefixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    served = site(
        build(tmp_path_factory.mktemp("home")),
        ["127.0.0.1"],
        PublicUrl.parse("https://archive.example/news/"),
        sql=True,
    )
    yield served
    served.get_database("archive").close()


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as served:
        yield served


def ask(datasette: Datasette, path: str, headers: dict[str, str]) -> httpx.Response:
    """The path as it stands, where `get` would put the prefix before it."""
    reply: httpx.Response = asyncio.run(
        datasette.client.request("GET", path, headers=headers, avoid_path_rewrites=True)
    )
    return reply


def test_a_public_url_is_split_into_scheme_host_and_prefix() -> None:
    assert PublicUrl.parse("https://Archive.example:8443/news/") == PublicUrl(
        "https", "archive.example:8443", "archive.example", "/news"
    )
    assert PublicUrl.parse("http://archive.example") == PublicUrl("http", "archive.example", "archive.example", "")


@every_row("url", BAD)
def test_an_invalid_public_url_is_refused(url: str) -> None:
    with pytest.raises(BadPublicUrl):
        PublicUrl.parse(url)


def test_the_first_part_of_every_page_is_refused_as_a_prefix() -> None:
    pages = (re.match(r"\^/([a-z]+)(?:/|\(.*\)\?\$)", pattern) for pattern, _ in ROUTES)
    assert {page[1] for page in pages if page} - OWN_PATHS == set()


@given(st.lists(st.sampled_from(["", "news", "newspaper", "a", "archive", "%2F", "..", "x"])))
def test_the_prefix_is_taken_away_and_put_back_once(parts: list[str]) -> None:
    public = PublicUrl.parse("https://archive.example/news")
    inner = "/" + "/".join(parts)
    seen = public.seen_from_outside({"headers": [], "path": f"/news{inner}", "raw_path": f"/news{inner}".encode()})
    assert (seen["path"], seen["raw_path"]) == (inner, inner.encode())
    assert public.outer(public.outer(inner)) == public.outer(inner)


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        parsed = PublicUrl.parse(text)
    except BadPublicUrl:
        return
    assert parsed.host


@every_row(
    ("headers", "status"),
    [
        ({"host": "archive.example"}, 200),
        ({"host": "archive.example:443"}, 200),
        ({"host": "127.0.0.1:8001"}, 200),
        ({"host": "web:8001"}, 421),
        ({"host": "web:8001", "x-forwarded-host": "archive.example"}, 200),
        ({"host": "web:8001", "x-forwarded-host": "first.example, archive.example"}, 200),
        ({"host": "web:8001", "forwarded": 'for=192.0.2.1;proto=https;host="archive.example"'}, 200),
        ({"host": "web:8001", "forwarded": "for=192.0.2.1, for=1;host=archive.example"}, 200),
        ({"host": "web:8001", "x-forwarded-host": "other.example"}, 421),
        ({"host": "web:8001", "forwarded": "for=archive.example"}, 421),
        ({"host": "web:8001", "x-forwarded-server": "archive.example"}, 421),
    ],
)
def test_a_request_is_answered_if_its_host_or_forwarded_host_is_ours(
    prefixed: Datasette, headers: dict[str, str], status: int
) -> None:
    assert ask(prefixed, "/news/", headers=headers).status_code == status


def test_without_a_public_name_a_forwarded_one_says_nothing(local: Datasette) -> None:
    assert get(local, "/", headers={"host": "web", "x-forwarded-host": "archive.example"}).status_code == 421


@pytest.mark.parametrize(
    "path",
    ["/news/a/newsroom-1", "/a/newsroom-1"],  # as a proxy hands it on that leaves the prefix, or takes it away
)
def test_links_carry_the_prefix_even_if_the_proxy_removed_it_from_the_request(prefixed: Datasette, path: str) -> None:
    page = ask(prefixed, path, headers=PROXIED)
    assert page.status_code == 200
    assert 'href="/news/thinker.css?' in page.text
    assert 'href="/a/' not in page.text


def test_a_sheet_behind_a_prefix_goes_on_behind_it(prefixed: Datasette) -> None:
    sheet = ask(prefixed, "/search.csv?q=治理&limit=1", headers=PROXIED)
    assert sheet.headers["link"].startswith("</news/search.csv?q=")


TABLES = [
    "/archive", "/archive/articles?_where=id>0&_where=id>1&_facet=source&_facet=headline&_facet_size=1&_size=1",
    "/archive/articles?_all=1&_search=治理&_sort=id&ui=en", "/archive/articles/1", "/archive/search?q=治理",
    "/archive?sql=select+*+from+articles+where+id=:id&id=1", "/archive/articles?_sort=nothing",
]  # fmt: skip


@every_row("path", TABLES)
def test_every_link_of_a_table_carries_the_prefix(prefixed: Datasette, path: str) -> None:
    page = ask(prefixed, f"/news{path}", headers=PROXIED)
    links = [unescape(link) for link in re.findall(r'(?:href|action)="([^"]*)"', page.text)]
    assert [link for link in links if link.startswith("/news/")] != []
    assert [link for link in links if not link.startswith(INSIDE)] == []


INSIDE = ("/news/", "https://archive.example/news/", "http://127.0.0.1:8765/", "?", "#")


@pytest.mark.parametrize("path", ["/news/archive/articles", "/archive/articles"])
def test_the_language_of_a_table_is_no_column_behind_a_prefix(prefixed: Datasette, path: str) -> None:
    page = ask(prefixed, f"{path}?ui=en&_size=max", headers=PROXIED)
    assert "<span>Rows: 5</span>" in page.text
    assert page.headers["vary"] == "Accept-Language, Cookie"
    assert "thinker_ui=en" in page.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/news", "/news/"])
def test_the_front_page_is_at_the_prefix_with_and_without_its_slash(prefixed: Datasette, path: str) -> None:
    page = ask(prefixed, path, headers=PROXIED)
    assert (page.status_code, "newsroom-1" in page.text) == (200, True)


def test_a_path_that_only_begins_like_the_prefix_is_not_cut(prefixed: Datasette) -> None:
    assert ask(prefixed, "/newspaper", headers=PROXIED).status_code == 404


def test_absolute_addresses_and_redirects_are_the_public_ones(prefixed: Datasette) -> None:
    upstream = {"host": "127.0.0.1:8001"}
    rows = ask(prefixed, "/news/archive/articles.json?_size=1", headers=upstream)
    slash = ask(prefixed, "/news/archive/articles/", headers=upstream)
    moved = ask(prefixed, "/news/a/newsroom-1/v/1", headers=upstream)
    assert rows.json()["next_url"].startswith("https://archive.example/news/archive/articles.json?")
    assert slash.headers["location"] == "/news/archive/articles"
    assert moved.headers["location"].startswith("/news/a/newsroom-1/v/")


def test_https_is_kept_to_where_it_is_the_public_scheme(prefixed: Datasette, local: Datasette, tmp_path: Path) -> None:
    unsafe = site(build(tmp_path), ["127.0.0.1"], PublicUrl.parse("http://archive.example"))
    found = [get(each, "/").headers.get("strict-transport-security") for each in (prefixed, local, unsafe)]
    assert found == ["max-age=31536000", None, None]
    close(unsafe)


def test_robots_may_read_the_pages_of_a_site_that_has_a_public_name(prefixed: Datasette, local: Datasette) -> None:
    assert get(local, "/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert get(prefixed, "/robots.txt").text == (
        "User-agent: *\nDisallow: /news/search\nDisallow: /news/phrase\nDisallow: /news/archive\n"
        "Disallow: /news/a/*/diff/\nDisallow: /news/capture/\nDisallow: /news/-/\nDisallow: /news/*.json\n"
        "Disallow: /news/*?\nDisallow: /news/*?ui*&\nAllow: /news/*?ui\nAllow: /news/a/*/v/*?at\n"
        "Sitemap: https://archive.example/news/sitemap.xml\n"
    )


@every_row(
    ("allowed", "paths"),
    [
        (True, "/ /?ui=en /changes /changes?ui=en /removed /column/思想者 /tag/城市治理/changes /day/2024-04-13?ui=zh"),
        (True, "/a/newsroom-1 /a/newsroom-1?ui=en /a/newsroom-1/v/0123456789ab?at=2024-04-16T01:00:00Z"),
        (False, "/changes?kind=edited /changes?kind=edited&ui=en /changes?ui=en&kind=edited /changes?before=2024,7"),
        (False, "/column/思想者/changes?min_size=9 /person/林知远?role=author&in=2024 /removed?kind=removed"),
        (False, "/search?q=a&ui=en /search/changes?q=a /phrase?q=a /archive/articles?ui=en /capture/urn:uuid:1?ui=en"),
        (False, "/a/newsroom-1/diff/1..2?ui=en /changes.json /changes.json?kind=edited /browse/people?after=b"),
    ],
)  # fmt: skip
def test_robots_may_read_each_page_in_each_language_and_no_filtered_list(
    prefixed: Datasette, allowed: bool, paths: str
) -> None:
    rules = Protego.parse(get(prefixed, "/robots.txt").text)
    found = {path: rules.can_fetch(f"https://archive.example/news{path}", "robot") for path in paths.split()}
    assert found == dict.fromkeys(paths.split(), allowed)


@pytest.mark.parametrize("path", ["/", "/a/newsroom-1", "/search?q=gov*"])
def test_a_page_behind_a_prefix_leads_to_its_data(prefixed: Datasette, path: str) -> None:
    page, mark, query = path.partition("?")
    address = f"/news{page}.json{mark}{query}"
    assert f'href="{address.replace("*", "%2A")}"' in ask(prefixed, f"/news{path}", PROXIED).text
    assert ask(prefixed, address, PROXIED).headers["content-type"].startswith("application/json")


def test_healthz_returns_200_with_a_readable_database_and_503_without(local: Datasette) -> None:
    well = get(local, "/-/healthz")
    database = local.get_database("archive")
    path, database.path = database.path, "/nowhere/archive.db"
    try:
        ill = get(local, "/-/healthz")
    finally:
        database.path = path
    assert (well.status_code, well.json()) == (200, {"ok": True})
    assert (ill.status_code, ill.json()) == (503, {"ok": False})


CLOSED = ["databases", "threads", "metadata", "plugins", "settings", "versions", "actor", "permissions", "messages",
          "allow-debug", "patterns", "logout", "auth-token", "config", "nothing"]  # fmt: skip


@every_row("name", CLOSED)
@every_row("ending", ["", ".json"])
def test_pages_of_datasette_about_itself_are_closed(local: Datasette, name: str, ending: str) -> None:
    reply = get(local, f"/-/{name}{ending}")
    assert (reply.status_code, "/tmp" in reply.text) == (404, False)


@every_row(
    "path",
    ["/", "/archive", "/archive/articles.json", "/archive.json", "/status.json", "/_internal", "/_internal/databases",
     "/archive.json?sql=select+file+from+pragma_database_list", "/archive?sql=select+*+from+pragma_database_list"],
)  # fmt: skip
def test_no_reply_says_where_the_archive_lies(local: Datasette, path: str) -> None:
    place = str(local.get_database("archive").path)
    assert place.rpartition("/")[0] not in get(local, path).text
