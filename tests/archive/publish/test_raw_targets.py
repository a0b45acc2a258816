"""Addresses in raw UTF-8, as `curl "$SITE/search?q=养老"` sends them: answered, and nothing else changes."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlsplit

import pytest
from support.browsing import SERVE
from support.checkout import ROOT
from support.small_archive import build
from support.tables import every_row

from archive.publish.server.headers import HEADERS

INVALID = "Invalid HTTP request received."
NOT_UTF8 = "The address is not UTF-8: write it in UTF-8, or percent-encoded as UTF-8."
Reply = tuple[int, dict[str, str], bytes]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-c", SERVE, str(build(tmp_path_factory.mktemp("home")).path)]
    server = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert server.stdout is not None
    place = urlsplit(server.stdout.readline().strip())
    assert place.port
    yield "127.0.0.1", place.port
    server.kill()
    server.communicate()


def replies(site: tuple[str, int], pieces: Sequence[bytes]) -> list[Reply]:
    """The site's replies to these bytes, each piece sent in a packet of its own, until it closes the connection."""
    with socket.create_connection(site, timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.02 * (len(pieces) > 1))
        with connection.makefile("rb") as stream:
            return list(iter(lambda: _reply(stream), None))


def _reply(stream) -> Reply | None:  # type: ignore[no-untyped-def]
    first = stream.readline()
    if not first:
        return None
    headers = {}
    while line := stream.readline().strip().decode():
        name, _, value = line.partition(": ")
        headers[name.lower()] = value
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(stream.readline(), 16):
            body += stream.read(size)
            stream.readline()
        stream.readline()
    else:
        body = stream.read(int(headers["content-length"])) if "content-length" in headers else stream.read()
    return int(first.split()[1]), headers, body


def request(target: str | bytes, *, keep: bool = False, version: str = "1.1") -> bytes:
    asked = target.encode() if isinstance(target, str) else target
    closing = b"" if keep else b"Connection: close\r\n"
    return b"GET " + asked + f" HTTP/{version}\r\nHost: 127.0.0.1\r\n".encode() + closing + b"\r\n"


ASKED = [
    "/search.json?q=城市治理", "/search?q=小事&ui=en", "/person/林知远.json", "/tag/城市治理.json",
    "/column/思想者.json", "/phrase.json?q=一张“清单”", "/a/没有", "/search.json?q=𠮷é",
    "/archive/articles.json?_search=治理&_shape=array", "http://127.0.0.1/search.json?q=小事",
]  # fmt: skip


@every_row("target", ASKED)
def test_a_raw_utf_8_target_is_answered_like_its_percent_encoded_form(site: tuple[str, int], target: str) -> None:
    encoded = quote(target, safe="!-~" + "".join(map(chr, range(33, 127))))
    for version in ("1.1", "1.0"):
        (raw,), (asked,) = (replies(site, [request(each, version=version)]) for each in (target, encoded))
        assert (raw[0], raw[2]) == (asked[0], asked[2])
        assert {name: raw[1].get(name) for name in HEADERS} == HEADERS


def test_a_raw_request_may_arrive_in_any_pieces(site: tuple[str, int]) -> None:
    asked = request("/search.json?q=治理")
    start = asked.index("治".encode())
    (whole,) = replies(site, [asked])
    for cut in (start - 1, start + 1, start + 2, start + 4, asked.index(b"\r"), asked.index(b"\n"), len(asked) - 1):
        (reply,) = replies(site, [asked[:cut], asked[cut:]])
        assert (reply[0], reply[2]) == (200, whole[2]), cut
    (reply,) = replies(site, [asked[at : at + 1] for at in range(len(asked))])
    assert reply[2] == whole[2]


def test_one_connection_answers_several_raw_requests_in_order(site: tuple[str, int]) -> None:
    asked = ["/search.json?q=治理", "/robots.txt", "/search.json?q=小事", "/person/林知远.json"]
    alone = [replies(site, [request(each)])[0][2] for each in asked]
    together = b"".join(request(each, keep=each != asked[-1]) for each in asked)
    assert [body for _, _, body in replies(site, [together])] == alone
    cut = len(request(asked[0], keep=True)) + len(request(asked[1], keep=True)) + len("GET /search.json?q=") + 1
    assert [body for _, _, body in replies(site, [together[:cut], together[cut:]])] == alone


def test_a_request_inside_a_body_is_not_answered(site: tuple[str, int]) -> None:
    body = request("/search.json?q=治理")
    head = f"POST /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    after = request("/search.json?q=小事")
    assert [status for status, _, _ in replies(site, [head + body + after])] == [405, 200]
    assert [status for status, _, _ in replies(site, [head, body[:20], body[20:], after])] == [405, 200]


@every_row(
    ("sent", "status", "said"),
    [
        (request("/search?q=养老".encode("gbk")), 400, NOT_UTF8),
        (request(b"/search?q=\xe5\x85"), 400, NOT_UTF8),
        (request(b"/search?q=%E5%85" + "养".encode("gbk")), 400, NOT_UTF8),
        (request("/search?q=养 老"), 400, INVALID),
        (request("/search?q=养\x01老"), 400, INVALID),
        (request("/search?q=养\t老"), 400, INVALID),
        (request("/search?q=养\x7f老"), 400, INVALID),
        (request("/search?q=养\r老"), 400, INVALID),
        (request("/search?q=养").replace(b"GET", "取".encode()), 400, INVALID),
        (request("/search?q=养").replace(b"HTTP/1.1", "HTTP/1.1养".encode()), 400, INVALID),
        (request("/search?q=养").replace(b"HTTP/1.1", b"HTTP/2.0"), 400, INVALID),
        (b"\r\n\r\n" + request("/search?q=养"), 400, INVALID),
        (request("/search?q=养").replace(b"Host:", "主: x\r\nHost:".encode()), 400, INVALID),
        (request("/robots.txt").replace(b"Host:", "X-名: x\r\nHost:".encode()), 400, INVALID),
        (
            request("/search?q=" + "养" * 2_000),
            400,
            INVALID,
        ),  # 18,000 characters encoded: longer than h11 lets a head be
        (request("/robots.txt").replace(b"Host:", "X: 养\r\nHost:".encode()), 200, "User-agent"),
        (request("/search.json?q=养").replace(b"127.0.0.1", "evil.例子".encode()), 421, "This server does not answer"),
    ],
)
def test_raw_requests_get_the_expected_status_first_line_and_headers(
    site: tuple[str, int], sent: bytes, status: int, said: str
) -> None:
    (reply,) = replies(site, [sent])
    assert (reply[0], reply[2].decode().partition("\n")[0].startswith(said)) == (status, True)
    assert {name: reply[1].get(name) for name in HEADERS} == HEADERS


def test_a_line_without_end_is_not_waited_for(site: tuple[str, int]) -> None:
    (reply,) = replies(site, [b"GET /search?q=" + "养".encode() * 3_000, "养".encode() * 3_000])
    assert (reply[0], reply[2].decode().strip()) == (400, INVALID)
