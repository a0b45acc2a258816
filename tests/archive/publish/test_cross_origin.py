"""Pages of other origins may read the data of a public site: its JSON, CSV and feeds, and nothing else."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from datasette.app import Datasette
from support.api_answers import known
from support.browsing import browsing, serving
from support.small_archive import LATEST, build, digest_of
from support.small_site import get, small_site
from support.stranger import close
from support.tables import every_row

from archive.publish.api.addresses import ADDRESSES
from archive.publish.api.samples import example
from archive.publish.server.cross_origin import OPEN, PREFLIGHT, is_data
from archive.publish.server.public_url import PublicUrl
from archive.publish.serving import site

DIGEST = digest_of(LATEST)[7:19]
DATA = [
    "/.json", "/latest.atom", "/changes.feed.json", "/search.csv?q=治理", "/search.json?q=治理", "/a/newsroom-1.json",
    f"/a/newsroom-1/v/{DIGEST}.csl.json", "/data/articles-2024-04.jsonl", "/data/articles-2024-04.csv",
    "/archive/articles.json", "/archive/articles.csv", "/archive/newest.json?_shape=array", "/openapi.json",
    "/archive/articles.json?_nl=on&_shape=array", "/a/newsroom-1/timemap.json", "/api.json", "/phrase.csv?q=治理",
    "/a/newsroom-1/v/2.json", "/search.json?q=治理&utm_source=x",  # both lead on
    "/a/nothing.json", "/a/newsroom-5.json", "/search.json?speeker=x", "/search.csv?speeker=x", "/nowhere.atom",
    "/archive/nothing.json", "/archive/nothing.csv", "/capture/urn:uuid:1-2024-04-16T01:00:00Z.json",
]  # fmt: skip
CLOSED = [
    "/", "/search?q=治理", "/a/newsroom-1", "/api", "/archive/articles", "/nowhere", "/thinker.css", "/robots.txt",
    "/a/newsroom-1/capture/urn:uuid:1-2024-04-16T01:00:00Z", "/capture/urn:uuid:1-2024-04-16T01:00:00Z/bytes",
    f"/a/newsroom-1/v/{DIGEST}.bib", "/a/newsroom-1/diff/1..2.patch", "/llms.txt",
]  # fmt: skip


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    url = PublicUrl.parse("https://archive.example/news")
    there = site(build(tmp_path_factory.mktemp("home")), ["127.0.0.1"], url, sql=True)
    yield there
    close(there)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as there:
        yield there


def cors(reply: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in reply.headers.items() if name.startswith("access-control-")
            or name == "cross-origin-resource-policy"}  # fmt: skip


@every_row("path", DATA)
def test_data_of_a_public_site_may_be_read_from_everywhere(public: Datasette, local: Datasette, path: str) -> None:
    reply = get(public, path)
    assert cors(reply) == OPEN
    assert reply.headers.get("content-type", "").partition(";")[0] != "text/html"
    assert cors(get(local, path)) == {"cross-origin-resource-policy": "same-origin"}


def test_an_unchanged_answer_may_be_read_too(public: Datasette) -> None:
    for path in ("/.json", "/search.csv?q=治理", "/latest.atom"):
        again = get(public, path, headers={"if-none-match": get(public, path).headers["etag"]})
        assert (again.status_code, cors(again)) == (304, OPEN)


@every_row("path", CLOSED)
def test_pages_and_captured_bytes_are_for_their_own_site_alone(public: Datasette, path: str) -> None:
    assert cors(get(public, path)) == {"cross-origin-resource-policy": "same-origin"}


def test_every_example_of_the_api_is_open_if_it_is_data_and_else_closed(public: Datasette) -> None:
    values = known(public)
    wrong = []
    for address in ADDRESSES:
        if path := example(address, f"{address.path}.json" if address.shape else address.path, values):
            is_page = get(public, path).headers["content-type"].startswith("text/html")
            wrong += [path] if is_page and "access-control-allow-origin" in get(public, path).headers else []
    assert wrong == []


@every_row("path", ["/.json", "/search.csv?q=治理", "/archive/articles.json", "/nowhere.json"])
def test_a_browser_that_asks_first_learns_its_rights(public: Datasette, local: Datasette, path: str) -> None:
    asked = {"origin": "https://other.example", "access-control-request-method": "GET"}
    reply = get(public, path, method="options", headers=asked)
    assert (reply.status_code, reply.content) == (204, b"")
    assert cors(reply) == {
        **OPEN,
        "access-control-allow-methods": "GET, HEAD, OPTIONS",
        "access-control-allow-headers": PREFLIGHT["access-control-allow-headers"],
        "access-control-max-age": "86400",
    }
    refused = [get(public, "/", method="options"), get(local, path, method="options")]
    assert [(each.status_code, "access-control-allow-origin" in each.headers) for each in refused[:1]] == [(405, False)]
    assert (refused[1].status_code, "access-control-allow-origin" in refused[1].headers) == (405, False)


@every_row(
    ("path", "data"),
    [
        ("/.json", True), ("/latest.atom", True), ("/archive/articles.csv", True), ("/openapi.json", True),
        ("/capture/urn:uuid:1.json", True), ("/a/k/captures.json", True), ("/a/k/capture/x.json", False),
        ("/capture/x/bytes", False), ("/data/files/a.json", False), ("/data/articles-2024-04.jsonl", True),
        ("/", False),
        ("/a/x.jsonp", False), ("/a/x.json\n", False), ("/capture/a.json/bytes", False),
    ],
)  # fmt: skip
def test_the_address_says_what_is_data(path: str, data: bool) -> None:
    assert is_data(path) is data


@contextmanager
def other_origin() -> Iterator[str]:
    """The address of an empty page on another port of this machine, which is another origin."""

    class Empty(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>other</title>")

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


ASK = """async address => {
    try { const reply = await fetch(address, {headers: {"If-None-Match": '"x"'}}); return await reply.text() }
    catch (error) { return `${error.name}` }
}"""


@pytest.mark.slow
@pytest.mark.browser
def test_a_page_of_another_origin_reads_the_json_of_a_public_site_and_of_no_other(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = build(tmp_path_factory.mktemp("home")).path
    with (
        browsing() as browser,
        other_origin() as elsewhere,
        serving(home, public="http://127.0.0.1") as public,
        serving(home) as local,
    ):
        page = browser.new_page()
        page.goto(elsewhere)
        assert '"headline":"把小事办实，城市才有温度"' in page.evaluate(ASK, f"{public}/a/newsroom-1.json")
        assert page.evaluate(ASK, f"{public}/search.csv?q=治理").startswith("key,headline")
        assert page.evaluate(ASK, f"{public}/a/nothing.json").startswith('{"ok":false')
        assert page.evaluate(ASK, f"{public}/a/newsroom-1") == "TypeError"
        assert page.evaluate(ASK, f"{local}/a/newsroom-1.json") == "TypeError"
