"""Answers with faulty framing: cut without a length, odd status lines, floods of headers."""

import http.client
import re

import pytest
from support.newsroom_client import ask, get, raw

PATHS = ["/article/12.html", "/list/1", "/robots.txt", "/sitemap.xml", "/news/getNewsDetail?id=700012"]


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, lambda whole: whole[: len(whole) // 2]),
        ({"share": 0}, lambda whole: b""),
        ({"share": 0.25}, lambda whole: whole[: int(len(whole) * 0.25)]),
        ({"share": 1}, lambda whole: whole),
        ({"bytes": 30}, lambda whole: whole[:30]),
        ({"bytes": 10_000_000}, lambda whole: whole),
    ],
)
def test_close_cuts_a_body_that_declares_no_length(site, path, given, sent):
    whole = get(site, path).body
    site.event(do="close", path=path, **given)
    received, end = raw(site, path)
    head, _, body = received.partition(b"\r\n\r\n")
    assert (end, body) == ("closed", sent(whole))
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nConnection: close" in head
    assert not re.search(rb"Content-Length|Transfer-Encoding", head)
    assert get(site, path).body == sent(whole)  # http.client finds nothing amiss


def test_close_leaves_the_content_length_of_head_answers_unchanged(site):
    before = ask(site, "/list/1", "HEAD")
    site.event(do="close")
    after = ask(site, "/list/1", "HEAD")
    assert after.headers["Content-Length"] == before.headers["Content-Length"] is not None


@pytest.mark.parametrize(
    ("line", "logged"),
    [
        ("HTTP/1.1 99999999999999999999 X", 99999999999999999999),
        ("HTTP/1.1 -200 OK", -200),
        ("HTTP/1.1 0200", 200),
        ("HTTP/1.1  200 OK", 200),
        ("HTTP/1.1 二百 好", 200),
        ("HTTP/9.9 204 No Content", 204),
        ("ICY 200 OK", 200),
        ("", 200),
    ],
)
def test_raw_status_is_sent_as_it_is(site, line, logged):
    whole = get(site, "/robots.txt").body
    site.event(do="raw_status", path="/robots.txt", line=line)
    received, end = raw(site, "/robots.txt")
    assert end == "closed"
    first, _, rest = received.partition(b"\r\n")
    assert first == line.encode()
    assert rest.startswith(b"Server: newsroom\r\nDate: ")
    assert rest.endswith(b"\r\n\r\n" + whole)
    assert site.log()[-1]["status"] == logged
    assert raw(site, "/robots.txt", method="HEAD")[0].endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("given", "size", "lines"),
    [
        ({}, 4_000_000, 1000),
        ({"bytes": 64}, 64, 2),
        ({"bytes": 200_001, "lines": 3}, 200_001, 3),
        ({"bytes": 5_000_000, "lines": 1}, 5_000_000, 1),
        ({"bytes": 1000, "lines": 1_000_000}, 1000, 31),
    ],
)
def test_header_flood_sends_so_many_bytes_of_headers(site, given, size, lines):
    whole = get(site, "/sitemap.xml").body
    site.event(do="header_flood", path="/sitemap.xml", **given)
    received, end = raw(site, "/sitemap.xml")
    head, _, body = received.partition(b"\r\n\r\n")
    flood = [line for line in head.split(b"\r\n") if line.startswith(b"X-Flood-")]
    assert (end, body) == ("closed", whole)
    assert (sum(len(line) + 2 for line in flood), len(flood)) == (size, lines)
    assert max(map(len, flood)) - min(map(len, flood)) <= 1
    assert head.startswith(b"HTTP/1.1 200 OK\r\nX-Flood-0: a")
    assert site.log()[-1]["bytes"] == len(received)
    assert raw(site, "/sitemap.xml", method="HEAD")[0].endswith(
        b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(whole)
    )


def test_a_usual_client_refuses_a_header_flood_and_the_site_goes_on(site):
    site.event(do="header_flood", article=12, times=2)
    for _ in range(2):
        with pytest.raises(http.client.HTTPException):
            get(site, "/article/12.html")
    assert get(site, "/article/12.html").status == 200
