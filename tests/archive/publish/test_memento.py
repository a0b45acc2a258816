"""The versions of an article by time (RFC 7089), as a Memento client finds them; and the bytes of each capture."""

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from datasette.app import Datasette
from memento_client import MementoClient
from support.archiving import NOON, PARAGRAPHS, SOURCE, fetched, page
from support.small_archive import build
from support.small_site import get, served
from support.tables import every_row

from archive import connect, open_archive
from archive.files.home import Home
from archive.judging.crawl_ingest import CrawlIngest
from archive.publish.article import memento

DAY = timedelta(days=1)
SAYS = (0, 1, 1, 0, 2)  # which text the page has on each day: the first comes back
PAGES = [page(1, paragraphs=(*PARAGRAPHS, f"这一段是第{said}种说法，前后并不相同。")) for said in SAYS]
KEY = "newsroom-1"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    with closing(open_archive(tmp_path_factory.mktemp("home"))) as archive:
        for day, payload in enumerate((*PAGES, 404, 404)):
            at = NOON + day * DAY
            with CrawlIngest(archive, SOURCE, clock=lambda at=at: at) as ingest:
                ingest.begin_crawl(at)
                ingest.add(fetched(1, payload, at))
                ingest.add(fetched(2, page(2), at))
                ingest.finish("finished", 2, 0, at)
        return archive.home


@pytest.fixture(scope="module")
def site(home: Home) -> Iterator[Datasette]:
    with served(home) as there:
        yield there


@pytest.fixture(scope="module")
def door(site: Datasette) -> Iterator[str]:
    """The site on a port of its own, for a client that asks over the net."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = get(site, self.path, headers={**self.headers})
            self.send_response(reply.status_code)
            for name, value in reply.headers.items():
                if name not in ("content-length", "content-encoding"):
                    self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(reply.content)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = HTTPServer(("127.0.0.1", 0), Door)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def date(day: float) -> str:
    return (NOON + day * DAY).strftime("%a, %d %b %Y %H:%M:%S GMT")


def permalinks(site: Datasette) -> list[str]:
    """The paths of the four versions, in order."""
    listed = get(site, f"/a/{KEY}/timemap.json").json()["mementos"]["list"]
    return [each["uri"].partition("localhost")[2] for each in listed]


def test_a_timemap_lists_every_version_with_its_moment(site: Datasette) -> None:
    reply = get(site, f"/a/{KEY}/timemap")
    links = MementoClient.parse_link_header(reply.text)
    assert reply.headers["content-type"].startswith("application/link-format")
    assert links["http://example.com/article/1.html"] == {"rel": ["original"]}
    assert links[f"http://localhost/a/{KEY}/timegate"] == {"rel": ["timegate"]}
    assert links[f"http://localhost/a/{KEY}/timemap"] == {
        "rel": ["self"], "type": ["application/link-format"], "from": [date(0)], "until": [date(4)],
    }  # fmt: skip
    mementos = [each for each in links.values() if "memento" in each["rel"]]
    assert [(each["rel"], each["datetime"]) for each in mementos] == [
        (["first", "memento"], [date(0)]), (["memento"], [date(1)]), (["memento"], [date(3)]),
        (["last", "memento"], [date(4)]),
    ]  # fmt: skip


def test_every_memento_has_its_own_moment_also_of_a_text_that_came_back(site: Datasette) -> None:
    paths = permalinks(site)
    replies = [get(site, path) for path in paths]
    assert [reply.headers["memento-datetime"] for reply in replies] == [date(day) for day in (0, 1, 3, 4)]
    assert paths[2] == f"{paths[0]}?at=2026-11-28T12:00:00Z"
    assert get(site, f"/a/{KEY}/v/3?ui=en").headers["location"] == f"{paths[2]}&ui=en"
    assert [re.search("第.种说法", reply.text)[0] for reply in replies] == [f"第{n}种说法" for n in (0, 1, 0, 2)]
    assert 'rel="original"' in replies[0].headers["link"]
    assert "memento-datetime" not in get(site, f"/a/{KEY}").headers


@every_row(
    ("asked", "version"),
    [
        (date(-900), 0),
        (date(0), 0),
        (date(0.5), 0),
        (date(1), 1),
        (date(2.9), 1),
        (date(3), 2),
        (date(900), 3),
        (None, 3),
    ],
)
def test_the_timegate_redirects_to_the_version_of_the_asked_time(
    site: Datasette, asked: str | None, version: int
) -> None:
    reply = get(site, f"/a/{KEY}/timegate", headers={"accept-datetime": asked} if asked else {})
    assert (reply.status_code, reply.headers["vary"].split(",")[0], "memento-datetime" in reply.headers) == (
        302,
        "accept-datetime",
        False,
    )
    assert reply.headers["location"] == permalinks(site)[version]


@every_row("asked", ["yesterday", "2026-11-28", "Sat, 99 Nov 2026 12:00:00 GMT", "\u4e00", "a" * 9_000])
def test_the_timegate_refuses_an_invalid_date(site: Datasette, asked: str) -> None:
    assert get(site, f"/a/{KEY}/timegate", headers={"accept-datetime": asked.encode()}).status_code == 400


def test_a_memento_client_finds_the_versions_by_time(door: str) -> None:
    listed = get_json(door, f"/a/{KEY}/timemap.json")
    with_gate = MementoClient(timegate_uri=f"{door}/a/{KEY}/timegate?of=", check_native_timegate=False)
    found = with_gate.get_memento_info(listed["mementos"]["list"][0]["uri"], (NOON + 2 * DAY).replace(tzinfo=None))
    told = found["mementos"]
    assert found["original_uri"] == "http://example.com/article/1.html"
    assert {name: told[name]["datetime"] for name in ("first", "prev", "closest", "next", "last")} == {
        name: (NOON + day * DAY).replace(tzinfo=None)
        for name, day in (("first", 0), ("prev", 0), ("closest", 1), ("next", 3), ("last", 4))
    }


def get_json(door: str, path: str) -> dict:  # type: ignore[type-arg]
    import httpx

    found: dict = httpx.get(door + path).json()  # type: ignore[type-arg]
    return found


def test_a_long_timemap_goes_on_in_another(site: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memento, "MEMENTOS_PER_TIMEMAP", 3)
    first = MementoClient.parse_link_header(get(site, f"/a/{KEY}/timemap").text)
    (more,) = [uri for uri, said in first.items() if said["rel"] == ["timemap"]]
    rest = MementoClient.parse_link_header(get(site, more.partition("localhost")[2]).text)
    assert sum("memento" in said["rel"] for said in first.values()) == 3
    assert [said["datetime"] for said in rest.values() if "memento" in said["rel"]] == [[date(4)]]
    assert [said["rel"] for said in rest.values() if "first" in said["rel"]] == []


@every_row("path", ["timemap", "timemap.json", "timegate", "captures", "capture/urn:uuid:5-2024-04-16T01:00:00Z"])
def test_memento_pages_of_a_withdrawn_article_return_410(tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    with served(build(tmp_path_factory.mktemp("small"))) as there:
        assert get(there, f"/a/newsroom-5/{path}").status_code == 410
        assert get(there, f"/a/nothing/{path}").status_code == 404


def test_the_bytes_of_a_capture_are_those_that_came(site: Datasette) -> None:
    captures = get(site, f"/a/{KEY}.json").json()["captures"]
    assert len(captures) == len(PAGES)
    for capture, payload in zip(captures, PAGES, strict=True):
        reply = get(site, f"/a/{KEY}/capture/{capture['record_id']}")
        assert (reply.status_code, reply.content) == (200, payload)
        assert reply.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["content-type"] == "application/octet-stream"
        assert reply.headers["content-disposition"].startswith('attachment; filename="newsroom-1-2026')
        assert (
            reply.headers["repr-digest"] == f"sha-256=:{base64.b64encode(hashlib.sha256(payload).digest()).decode()}:"
        )
        assert reply.headers["content-length"] == str(len(payload))
        assert reply.headers["memento-datetime"]


def test_the_capture_that_shows_it_is_gone_is_there_too_but_no_other(site: Datasette) -> None:
    probes = get(site, f"/a/{KEY}.json").json()["versions"][0]["absences"][0]["probes"]
    assert get(site, f"/a/{KEY}/capture/{probes[0]['capture']}").status_code == 200
    assert get(site, f"/a/{KEY}/capture/{probes[0]['witness']}").status_code == 404  # another article's
    assert get(site, f"/a/newsroom-2/capture/{probes[0]['witness']}").status_code == 200
    for name in ("nothing", "..%2f..%2farchive.db", "%00"):
        assert get(site, f"/a/{KEY}/capture/{name}").status_code == 404


def test_the_captures_are_listed_with_links_to_their_pages(site: Datasette) -> None:
    captures = get(site, f"/a/{KEY}/captures.json").json()["captures"]
    linked = re.findall(r'href="/capture/([^"]+)"', get(site, f"/a/{KEY}/captures").text)
    assert linked == [each["record_id"] for each in captures]
    assert len(linked) == len(PAGES)


def test_without_the_files_it_is_said_that_they_are_not_here(tmp_path: Path) -> None:
    with served(build(tmp_path)) as there:
        reply = get(there, "/a/newsroom-1/capture/urn:uuid:1-2024-04-16T01:00:00Z")
        assert reply.status_code == 404
        assert "这份快照的文件不在本服务器上" in reply.text


def test_a_capture_in_a_damaged_file_returns_404_with_the_reason(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    home = build(tmp_path)
    record, file = "urn:uuid:1-2024-04-16T01:00:00Z", "newsroom-20240416T010000Z-00001.warc.gz"
    with closing(connect(home.database)) as conn, conn:
        sql = "update captures set warc_file = ?, warc_offset = 0, warc_length = 20 where record_id = ?"
        conn.execute(sql, (file, record))
    home.captures.mkdir(exist_ok=True)
    (home.captures / file).write_bytes(b"this is no gzip file")
    with served(home) as there:
        reply = get(there, f"/a/newsroom-1/capture/{record}?ui=en")
    assert (reply.status_code, "The file of this capture is damaged" in reply.text) == (500, True)
    assert file in capfd.readouterr().err  # the log has the place


def test_another_reading_of_a_capture_is_a_page_but_no_memento(tmp_path: Path) -> None:
    home = build(tmp_path)
    with closing(connect(home.database)) as conn, conn:
        conn.execute("update revision_records set origin = 'reparse' where captured_at = '2024-04-18T01:00:00Z'")
    with served(home) as there:
        listed = get(there, f"/a/{KEY}/timemap.json").json()["mementos"]["list"]
        versions = get(there, f"/a/{KEY}.json").json()["versions"]
        moments = {
            each["origin"]: get(there, f"/a/{KEY}/v/{each['content_digest'][7:19]}").headers.get("memento-datetime")
            for each in versions
        }
    assert (len(versions), len(listed)) == (3, 2)
    assert moments == {"reparse": None, "site": "Tue, 16 Apr 2024 01:00:00 GMT"}
