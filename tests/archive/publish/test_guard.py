"""A hostile page, reader or query can do nothing to the site."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from datasette.app import Datasette
from support.small_archive import HOSTILE
from support.small_site import get, small_site
from support.stranger import DATA, ask, close, wrong_with
from support.tables import every_row

from archive.publish.formatting import filters
from archive.publish.server import guard, headers
from archive.sandbox import limits


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as served:
        yield served


HOSTILE_PAGES = [
    "/", "/a/newsroom-3", "/a/newsroom-3/v/1", "/a/newsroom-3/diff/1..1", "/search?q=改革", "/changes?all=1",
    "/archive/articles", "/archive/articles/3", "/archive/latest_articles", "/archive/related_links",
    "/archive/article_media", "/archive/people", "/archive/keywords", "/archive/search?q=改革",
    f"/search?q={HOSTILE}", "/search?q=<script>alert(1)</script>&ever=1", f"/a/{HOSTILE.replace('/', '')}",
    f"/?before={HOSTILE}", f"/changes?before={HOSTILE}", f"/?ui={HOSTILE}",
]  # fmt: skip


@every_row("path", HOSTILE_PAGES)
def test_hostile_text_stays_text_on_the_pages(datasette: Datasette, path: str) -> None:
    page = get(datasette, path, follow_redirects=True).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert not re.search(r"(?:href|src|action)=[\"']?\s*javascript:", page, re.IGNORECASE)


@every_row(
    ("target", "leads_to"),
    [("//", "/"), ("///", "/"), ("//?a=1", "/?a=1"), ("//?%2e%252f?b", "/?%2e%252f?b"), ("/removed/?c", "/removed?c"),
     ("//removed/", "/removed"), ("/a\\b/", "/a%5Cb")],
)  # fmt: skip
def test_a_redirect_leads_to_a_page_of_ours_and_not_to_itself(datasette: Datasette, target: str, leads_to: str) -> None:
    heard = asyncio.run(ask(datasette.app(), target))
    assert (heard.status, heard.header("location")) == (302, leads_to)
    assert wrong_with(heard) == []


def test_links_to_the_world_do_not_say_where_from(datasette: Datasette) -> None:
    links = re.findall(r'<a href="http[^>]*>', get(datasette, "/a/newsroom-1").text)
    assert links
    assert all('rel="nofollow noopener noreferrer' in link for link in links)


@every_row("path", ["/", "/a/newsroom-1", "/archive/articles", "/nowhere", "/thinker.css", "/icon.svg"])
def test_every_reply_carries_the_headers(datasette: Datasette, path: str) -> None:
    reply = get(datasette, path)
    assert {name: reply.headers[name] for name in headers.HEADERS} == headers.HEADERS


EVERY_KIND = [
    "/", "/a/newsroom-3", "/search?q=改革", "/status", "/archive", "/archive?sql=select+1", "/archive?sql=nonsense",
    "/archive/articles", "/archive/articles/3", "/archive/latest_articles", "/archive/search?q=改革", "/nowhere",
    "/archive/nowhere", "/-/settings", "/archive/articles.json", "/archive/articles.csv", "/thinker.css", "/robots.txt",
]  # fmt: skip


@every_row("path", EVERY_KIND)
def test_no_page_may_run_a_script_or_needs_one(datasette: Datasette, path: str) -> None:
    reply = get(datasette, path)
    assert reply.headers["content-security-policy"] == headers.STRICT
    assert "script" not in headers.STRICT
    assert "unsafe" not in headers.STRICT
    if "html" in reply.headers["content-type"]:
        inline = _Inline()
        inline.feed(reply.text)
        assert inline.found == []


class _Inline(HTMLParser):
    """The parts of a page that a strict policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs if name == "style" or name.startswith("on")]
        if (tag, dict(attrs)) == DATA:  # JSON, never run
            return
        self.found += ([tag] if tag in ("script", "style") else []) + names


@pytest.mark.parametrize(
    "path", ["/archive/articles", "/archive/changes", "/archive?sql=select+key,headline+from+articles"]
)
def test_each_cell_of_a_table_says_its_column_for_phones_where_a_row_is_a_card(datasette: Datasette, path: str) -> None:
    cells = re.findall(r"<td ([^>]*)>", get(datasette, path).text)
    assert cells
    assert [cell for cell in cells if 'data-column="' not in cell] == []


@every_row(
    ("cookie", "lang"),
    [("thinker_ui=en", "en"), ("thinker_ui=x", "zh-Hans"), ("src/onerror=alert(1)", "zh-Hans"), ("=;;=", "zh-Hans"),
     ("a b=c; thinker_ui=en", "zh-Hans"), ('"\\', "zh-Hans"), ("", "zh-Hans"), ("x" * 4_000, "zh-Hans")],
)  # fmt: skip
@every_row("path", ["/", "/archive/articles", "/nowhere"])
def test_no_cookie_breaks_a_page(datasette: Datasette, path: str, cookie: str, lang: str) -> None:
    reply = get(datasette, path, headers={"cookie": cookie, "accept-language": "zh"})
    assert reply.status_code == (404 if path == "/nowhere" else 200)
    assert path == "/archive/articles" or f'<html lang="{lang}">' in reply.text


@every_row(
    ("host", "status"),
    [("localhost:8001", 200), ("127.0.0.1", 200), ("[::1]:8001", 200), ("archive.example", 200),
     ("rebound.example", 421), ("", 421), ("10.0.0.1", 421), ("[", 421)],
)  # fmt: skip
def test_only_known_host_names_are_answered(datasette: Datasette, host: str, status: int) -> None:
    assert get(datasette, "/", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    ("host", "allowed"), [("192.168.1.5:8001", True), ("[fe80::1]", True), ("evil.example", False)]
)
def test_a_server_on_every_address_answers_to_addresses(host: str, allowed: bool) -> None:
    assert guard.host_allowed(host, {"0.0.0.0", *guard.LOCAL}) is allowed


@every_row(
    ("header", "host"),
    [("MyBox:8001", "MyBox"), ("mybox", "MyBox"), ("MYBOX.:8001", "mybox"), ("mybox", "MyBox."),
     ("[fe80::1]", "FE80::1")],
)  # fmt: skip
def test_a_server_answers_to_its_name_in_any_case(header: str, host: str) -> None:
    assert guard.host_allowed(header, [host])


@every_row(("method", "status"), [("post", 405), ("put", 405), ("delete", 405), ("options", 405), ("head", 200)])
@every_row("path", ["/", "/archive/articles", "/-/logout"])
def test_the_archive_is_only_read(datasette: Datasette, method: str, status: int, path: str) -> None:
    response = get(datasette, path, method=method, follow_redirects=False)
    assert response.status_code == status or (method, path, response.status_code) == ("head", "/-/logout", 404)
    assert method != "head" or response.content == b""


def test_limits_leave_no_way_to_write() -> None:
    conn = sqlite3.connect(":memory:")
    conn.execute("create table t (a)")
    limits.apply_limits(conn)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        conn.execute("insert into t values (1)")
    conn.close()


def test_another_database_is_left_alone(tmp_path: Path, datasette: Datasette) -> None:
    other = tmp_path / "other.db"
    conn = sqlite3.connect(other)
    conn.execute("create table t (key, headline, body_text)")
    conn.execute("insert into t values ('k', 'h', ?)", ("长" * 150,))
    conn.commit()
    conn.close()
    served = Datasette([str(other)])
    assert "长" * 150 in get(served, "/other/t").text
    assert "/other" in get(served, "/").text
    assert get(served, "/search").status_code == 404
    assert get(served, "/other", headers={"host": "elsewhere.example"}).status_code == 200
    close(served)


@every_row(
    ("url", "expected"),
    [
        ("https://news.example/a?b=1", "https://news.example/a?b=1"),
        ("HTTP://news.example/", "HTTP://news.example/"),
        ("javascript:alert(1)", ""),
        (" javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//news.example/", ""),
        ("https://good.example@evil.example/", ""),
        ("https://good.example\\@evil.example/", ""),
        ("http://[", ""),
        ("https://", ""),
        (None, ""),
    ],
)
def test_only_safe_web_urls_become_links(url: str | None, expected: str) -> None:
    assert filters.web_url(url) == expected


def test_a_look_alike_host_shows_as_ascii() -> None:
    assert filters.host("https://www.shobserver.соm/") == "www.shobserver.xn--m-0tbi"


def test_a_control_that_reverses_the_writing_direction_is_shown_by_its_code() -> None:
    assert filters.visible("a\u202eb\u2069 改\u200b") == "a[U+202E]b[U+2069] 改\u200b"
    assert str(filters.mixed("<\u2066改", "en")) == '&lt;[U+2066]<span lang="zh-Hans">改</span>'
    assert filters.visible(None) == ""
