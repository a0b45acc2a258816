"""Every fault, byte by byte: what a client really receives."""

import http.client
import re
import socket
import time
import zlib
from email.utils import parsedate_to_datetime

import pytest
from support.newsroom_client import ask, get, raw
from support.tables import every_row


def declared(answer: bytes) -> tuple[int, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(re.search(rb"Content-Length: (\d+)", head)[1]), body


def test_hang_never_answers(site):
    site.event(do="hang", article=12)
    assert raw(site, "/article/12.html", 0.5) == (b"", "silent")
    assert get(site, "/article/11.html").status == 200
    entry = site.log()[0]
    assert (entry["path"], entry["status"], entry["bytes"]) == ("/article/12.html", None, 0)


def test_hang_with_seconds_answers_after_that_time(site):
    site.event(do="hang", article=12, seconds=0.3)
    started = time.monotonic()
    assert get(site, "/article/12.html").status == 200
    assert time.monotonic() - started >= 0.3


def test_drip_sends_a_little_at_a_time(site):
    whole = get(site, "/article/12.html").body
    site.event(do="drip", article=12, size=4000, seconds=0.05)
    assert get(site, "/article/12.html").body == whole
    site.event(do="drip", article=12)
    received, end = raw(site, "/article/12.html", 0.5)
    assert end == "silent"
    assert len(received.partition(b"\r\n\r\n")[2]) < 200


def test_truncate_closes_in_the_middle(site):
    whole = get(site, "/article/12.html").body
    site.event(do="truncate", article=12)
    received, end = raw(site, "/article/12.html")
    length, body = declared(received)
    assert (end, length, body) == ("closed", len(whole), whole[: len(whole) // 2])
    with pytest.raises(http.client.IncompleteRead):
        get(site, "/article/12.html")


def test_reset_ends_the_connection_in_the_first_half_of_the_body(site):
    whole = get(site, "/article/12.html").body
    site.event(do="reset", article=12)
    received, end = raw(site, "/article/12.html")
    length, body = declared(received)
    assert (end, length) == ("reset", len(whole))
    assert whole.startswith(body)
    assert len(body) <= len(whole) // 2


@pytest.mark.parametrize(("given", "difference"), [({}, 64), ({"by": 7}, 7), ({"by": -100}, -100)])
def test_wrong_length_declares_another_content_length(site, given, difference):
    whole = get(site, "/article/12.html").body
    site.event(do="wrong_length", article=12, **given)
    received, end = raw(site, "/article/12.html")
    length, body = declared(received)
    assert (end, length - len(whole), body) == ("closed", difference, whole)


@pytest.mark.parametrize(("number", "label"), [(12, "gbk"), (10, "utf-8")])
def test_lying_charset_declares_another_charset_for_the_same_bytes(site, number, label):
    whole = get(site, f"/article/{number}.html")
    site.event(do="lying_charset", article=number)
    lie = get(site, f"/article/{number}.html")
    assert lie.headers["Content-Type"] == f"text/html; charset={label}"
    assert lie.body == whole.body
    site.event(do="lying_charset", article=number, charset="iso-8859-1")
    assert get(site, f"/article/{number}.html").headers["Content-Type"] == "text/html; charset=iso-8859-1"


@pytest.mark.parametrize(
    ("path", "name"),
    [("/staticsg/data/web/home/topnewslist.json", "publishtime"), ("/article/12.html", "content")],
)
def test_rename_replaces_a_field_name_in_json_or_a_class_in_html(site, path, name):
    """A field of JSON, or a class of HTML: a reader who knows the page finds another name there."""
    before = get(site, path)
    site.event(do="rename", path=path, name=name, to="other")
    after = get(site, path, If_None_Match=before.headers["ETag"])
    assert f'"{name}"' in before.text
    assert (after.status, after.text) == (200, before.text.replace(f'"{name}"', '"other"'))


@pytest.mark.parametrize(
    ("given", "status", "retry"),
    [
        ({}, 503, None),
        ({"code": 429, "retry_after": 30}, 429, "30"),
        ({"code": 503, "retry_after": "120"}, 503, "120"),
        ({"code": 503, "retry_after": "2030-01-01T00:00:00Z"}, 503, "Tue, 01 Jan 2030 00:00:00 GMT"),
        ({"code": 503, "retry_after": "soon"}, 503, "soon"),
        ({"code": 404}, 404, None),
        ({"code": 599}, 599, None),
    ],
)
def test_status_answers_with_its_code_and_retry_after(site, given, status, retry):
    site.event(do="status", article=12, **given)
    answer = get(site, "/article/12.html")
    assert (answer.status, answer.headers["Retry-After"]) == (status, retry)


def test_status_gives_retry_after_as_a_date_from_now(site):
    site.event(do="status", article=12, code=429, retry_after=60, form="date")
    seen = parsedate_to_datetime(get(site, "/article/12.html").headers["Retry-After"]).timestamp()
    assert 0 < seen - time.time() <= 61


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/latest/", "/article/13.html", "file:///etc/passwd", "//example.org/x"]
)
def test_redirect_leads_to_any_given_address(site, to):
    site.event(do="redirect", article=12, to=to)
    answer = get(site, "/article/12.html")
    assert (answer.status, answer.headers["Location"]) == (302, to)
    site.event(do="redirect", article=12, to=to, code=301)
    assert get(site, "/article/12.html").status == 301


def test_loop_never_ends(site):
    site.event(do="loop", article=12)
    path, seen = "/article/12.html", []
    for _ in range(6):
        answer = get(site, path)
        assert answer.status == 302
        path = answer.headers["Location"]
        seen.append(path)
    assert set(seen) == {"/article/12.html", "/article/12.html?again=1"}


def test_trap_has_no_end(site):
    plain = get(site, "/article/10.html")
    site.event(do="trap")
    trapped = get(site, "/article/10.html")
    assert trapped.headers["ETag"] != plain.headers["ETag"]
    path, seen = re.search(r'href="(/calendar/[^"]+)"', trapped.text)[1], set()
    for _ in range(30):
        page = get(site, path)
        assert page.status == 200
        seen.add(path)
        links = re.findall(r'href="(/calendar/[^"]+)"', page.text)
        assert len(links) == 31
        path = links[-2]
    assert len(seen) == 30
    site.event(do="clear")
    assert get(site, "/article/10.html").body == plain.body
    assert get(site, path).status == 404


@pytest.mark.parametrize("size", [0, 30, 1000, 50_000_000])
def test_bomb_sends_a_small_gzip_body_that_unpacks_to_the_given_size(site, size):
    site.event(do="bomb", article=12, bytes=size)
    answer = get(site, "/article/12.html")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.body) < 200 + size // 500
    assert len(zlib.decompress(answer.body, 31)) == size


def test_a_fault_on_the_site_strikes_every_page_but_ours(site):
    site.event(do="status", code=429)
    assert [get(site, path).status for path in ("/", "/article/1.html", "/robots.txt", "/viewpoint/page_1.html")] == [
        429
    ] * 4
    assert get(site, "/-/events").status == 200
    site.event(do="status", article=1, code=500)
    assert get(site, "/article/1.html").status == 500
    site.event(do="clear", article=1)
    assert get(site, "/article/1.html").status == 429
    site.event(do="clear")
    assert get(site, "/article/1.html").status == 200


def test_a_fault_with_times_strikes_only_that_many_requests(site):
    site.event(do="status", article=1, code=500, times=2)
    assert [get(site, "/article/1.html").status for _ in range(3)] == [500, 500, 200]


def test_a_fault_strikes_the_article_in_every_shape(site):
    site.event(do="status", article=12, code=500)
    paths = ["/article/12.html", "/news/getNewsDetail?id=700012", "/news/detail?id=700012"]
    paths.append("/journal/getJournalPageArticle.do?id=500012")
    assert [get(site, path).status for path in paths] == [500] * 4


def test_requests_in_one_packet_are_answered_in_order(site):
    host, port = site.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        lines = [f"GET /article/{n}.html HTTP/1.1\r\nHost: x\r\n\r\n" for n in (1, 2, 999)]
        last = "GET /article/4.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        connection.sendall("".join([*lines, last]).encode())
        received = b""
        while data := connection.recv(65536):
            received += data
    assert re.findall(rb"HTTP/1.1 (\d+)", received) == [b"200", b"200", b"404", b"200"]
    assert re.findall(rb"\r\n(Connection: .+)\r", received) == [b"Connection: close"]


@every_row(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"POST /-/event HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"POST /-/event HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\n" + b"x" * 70_000, b"431"),
        (b"DELETE / HTTP/1.1\r\nConnection: close\r\n\r\n", b"405"),
        (b"GET / HTTP/1.0\r\n\r\n", b"200"),
        (b"GET http://elsewhere.example/article/1.html HTTP/1.1\r\nConnection: close\r\n\r\n", b"200"),
    ],
)
def test_malformed_and_unusual_requests_get_a_fitting_status(quiet_site, sent, status):
    host, port = quiet_site.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(sent)
        received = b""
        while data := connection.recv(65536):
            received += data
    assert received.startswith(b"HTTP/1.1 " + status)


def test_a_connection_is_kept(quiet_site):
    connection = http.client.HTTPConnection(quiet_site.address.removeprefix("http://"), timeout=10)
    statuses = []
    for number in range(1, 20):
        connection.request("GET", f"/article/{number}.html")
        answer = connection.getresponse()
        answer.read()
        statuses.append((answer.status, answer.will_close))
    connection.close()
    assert statuses == [(200, False)] * 19


def test_a_post_to_an_article_gets_405_with_the_allowed_methods(quiet_site):
    answer = ask(quiet_site, "/article/1.html", "POST", "x")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
