"""Replies that servers should not send: the good ones beside them are kept, and nothing damaged counts as whole."""

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from support.crawls import crawl, figures, rows
from support.raw_site import article, raw_site, reply

from archive.files.warc import read_http, read_records

DAMAGE = {8: "weird reply", 18: "partial body", 52: "empty reply", 56: "receive error", 61: "bad content encoding"}
OLD = {  # what curl takes and we do not: a transfer coding that nobody asked for, and HTTP/0.9
    "test1123", "test1124", "test1266", "test1267", "test66",
}  # fmt: skip
WHOLE = """
    select url from captures
     where url like '%/case-%' and status = 200 and truncated is null and parse_error is null
    """


def test_header_fields_are_kept_as_they_came(tmp_path: Path) -> None:
    fields = ("x-Second: 2", "X-FIRST:1", "x-second:  zwei ", 'ETag: "a"', "X-Folded: a\r\n  b", "X-8bit: caf\xe9")
    body = article(1)
    with raw_site({"/article/1.html": reply(body, "text/html", *fields).replace(b"caf\xc3\xa9", b"caf\xe9")}) as site:
        site.declared(tmp_path)
        assert figures(crawl(site, tmp_path, source="raw"), "new_articles", "errors") == [1, 0]
    (path,) = (tmp_path / "captures").glob("raw-2*")
    (message,) = (
        read_http(each.block)
        for each in read_records(path)
        if each.warc_type == "response" and each.fields["warc-target-uri"].endswith("/1.html")
    )
    assert message.headers == (
        ("Content-Type", "text/html"),
        ("Content-Length", str(len(body))),
        ("x-Second", "2"),
        ("X-FIRST", "1"),
        ("x-second", "zwei"),
        ("ETag", '"a"'),
        ("X-Folded", "a  b"),
        ("X-8bit", "caf\xe9"),
        ("X-Archive-Orig-Connection", "close"),
    )
    assert message.payload == body


@pytest.mark.slow
@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"".join(b"X-%d: a\r\n" % number for number in range(99)), None),
        (b"".join(b"X-%d: a\r\n" % number for number in range(100)), "more than 100 header fields"),
        (b"X-Long: " + b"a" * 60_000 + b"\r\n", None),
        (b"X-Long: " + b"a" * 66_000 + b"\r\n", "more than 64 KiB of header fields"),
        (b"X-Long: a\r\n" + b" a\r\n" * 100, "more than 100 header fields"),
        (
            b"X: " + b"a" * 20_000 + b"\r\nY: " + b"a" * 20_000 + b"\r\nZ: " + b"a" * 26_000 + b"\r\n",
            "more than 64 KiB",
        ),
    ],
)
def test_a_head_has_64_kib_and_100_fields(tmp_path: Path, head: bytes, said: str | None) -> None:
    """One of the 100 fields is Content-Length."""
    body = article(1)
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n" % len(body) + head + b"\r\n" + body
    with raw_site({"/article/1.html": answer, "/article/2.html": reply(article(2))}) as site:
        site.declared(tmp_path)
        summary = crawl(site, tmp_path, source="raw")
    assert figures(summary, "finish_reason", "new_articles", "errors") == ["finished", 2 - bool(said), int(bool(said))]


def test_informational_answers_count_too(tmp_path: Path) -> None:
    """Each begins a head anew, and there may be any number of them."""
    answer = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 5000 + reply(article(1))
    with raw_site({"/article/1.html": answer, "/article/2.html": reply(article(2))}) as site:
        site.declared(tmp_path)
        assert figures(crawl(site, tmp_path, source="raw"), "new_articles", "errors") == [1, 1]


@pytest.mark.slow
@pytest.mark.parametrize("codings", [b"gzip, chunked", b"chunked\r\nTransfer-Encoding: gzip", b"gzip"])
def test_an_unrequested_transfer_coding_makes_the_fetch_fail(tmp_path: Path, codings: bytes) -> None:
    """If it were kept as chunked alone, its payload would be packed bytes without a field that says so."""
    packed = gzip.compress(article(1))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: " + codings + b"\r\n\r\n"
    answer = head + b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n"
    with raw_site({"/article/1.html": answer, "/article/2.html": reply(article(2))}) as site:
        site.declared(tmp_path)
        assert figures(crawl(site, tmp_path, source="raw"), "captures", "new_articles", "errors") == [3, 1, 1]


AT_ONCE = 9  # of curl's replies in a crawl: ten failures in a row are an outage


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.shared
def test_damaged_replies_of_curls_suite_are_never_whole_and_good_pages_beside_are_kept(
    shared: Path, tmp_path: Path
) -> None:
    """92 replies of curl's test server, each with a good one beside it: those are kept, and all crawls end in order."""
    lines = (shared / "data/corpora/http-raw-replies/cases.jsonl").read_text("utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    good, answered, whole = set[str](), set[str](), set[str]()
    for start in range(0, len(cases), AT_ONCE):
        home, some = tmp_path / str(start), cases[start : start + AT_ONCE]
        answers = {f"/article/case-{case['id']}.html": raw(case) for case in some}
        answers |= {f"/article/good-{case['id']}.html": reply(article(start)) for case in some}
        with raw_site(answers) as site:
            site.declared(home)
            assert crawl(site, home, source="raw")["finish_reason"] == "finished"
        good |= named(home, "good", "select url from captures where verdict = 'article'")
        answered |= named(home, "case", "select url from captures")
        whole |= named(home, "case", WHOLE)
    exits = {case["id"]: case["expected"]["curl_exit"] for case in cases}
    damaged = {name for name, code in exits.items() if code in DAMAGE}
    accepted = {name for name, code in exits.items() if code == 0}
    assert (len(exits), exits.keys() - good) == (92, set())
    assert (len(damaged), damaged & whole) == (16, set())
    assert (len(accepted), accepted - answered) == (64, OLD)


def raw(case: dict[str, Any]) -> bytes:
    """The bytes to send. Retry-After is renamed: it would hold up all of the host, in one case until 2138."""
    return re.sub(rb"(?i)\nRetry-After:", b"\nX-Patience:", base64.b64decode(case["input_b64"]))


def named(home: Path, kind: str, query: str) -> set[str]:
    """The cases of a kind whose addresses a query gives."""
    urls = [str(url) for (url,) in rows(home, query)]
    return {url.rpartition("-")[2].removesuffix(".html") for url in urls if f"/{kind}-" in url}
