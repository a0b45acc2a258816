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


LONG = b"a" * 20_000
HEADS = {
    "99 fields": b"".join(b"X-%d: a\r\n" % number for number in range(99)),
    "100 fields": b"".join(b"X-%d: a\r\n" % number for number in range(100)),
    "a field of 60 kB": b"X-Long: " + b"a" * 60_000 + b"\r\n",
    "a field of 66 kB": b"X-Long: " + b"a" * 66_000 + b"\r\n",
    "100 lines of a field": b"X-Long: a\r\n" + b" a\r\n" * 100,
    "66 kB of fields": b"X: " + LONG + b"\r\nY: " + LONG + b"\r\nZ: " + LONG + b"a" * 6_000 + b"\r\n",
}
TAKEN = {"99 fields", "a field of 60 kB"}


@pytest.mark.slow
def test_a_head_has_64_kib_and_100_fields(tmp_path: Path) -> None:
    """One of the 100 fields is Content-Length."""
    body = article(1)
    first = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n" % len(body)
    answers = {path(name): first + head + b"\r\n" + body for name, head in HEADS.items()}
    assert kept(tmp_path, answers) == TAKEN


def path(name: str) -> str:
    return f"/article/{name.replace(' ', '-')}.html"


def kept(home: Path, answers: dict[str, bytes]) -> set[str]:
    """The names of the answers that a crawl keeps as articles: each other one is an error, a good one is kept."""
    with raw_site({**answers, path("good"): reply(article(2))}) as site:
        site.declared(home)
        summary = crawl(site, home, source="raw")
    found = {url for (url,) in rows(home, "select url from captures where verdict = 'article'")}
    names = {str(url).rpartition("/")[2].removesuffix(".html").replace("-", " ") for url in found}
    told = figures(summary, "finish_reason", "new_articles", "errors")
    assert told == ["finished", len(names), len(answers) + 1 - len(names)]
    return names - {"good"}


def test_informational_answers_count_too(tmp_path: Path) -> None:
    """Each begins a head anew, and there may be any number of them."""
    answer = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 5000 + reply(article(1))
    with raw_site({"/article/1.html": answer, "/article/2.html": reply(article(2))}) as site:
        site.declared(tmp_path)
        assert figures(crawl(site, tmp_path, source="raw"), "new_articles", "errors") == [1, 1]


CODINGS = {"two": b"gzip, chunked", "two fields": b"chunked\r\nTransfer-Encoding: gzip", "one": b"gzip"}


@pytest.mark.slow
def test_an_unrequested_transfer_coding_makes_the_fetch_fail(tmp_path: Path) -> None:
    """If it were kept as chunked alone, its payload would be packed bytes without a field that says so."""
    packed = gzip.compress(article(1))
    chunks = b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: %b\r\n\r\n"
    assert kept(tmp_path, {path(name): head % codings + chunks for name, codings in CODINGS.items()}) == set()
    assert rows(tmp_path, "select count(*) from captures") == [(3,)]  # robots.txt, the list and the good page


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
