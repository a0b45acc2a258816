"""Asking only for what changed: the validators of a page, exactly as its server wrote them."""

import json
from collections import defaultdict
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from support.towns import crawl, declare, rows, said
from support.written_site import Answer, RawSite, article, listing, serving

pytestmark = pytest.mark.slow

SUITES = ("conditional-inm", "conditional-lm", "update304")
FRAMING = ("content-encoding", "content-range", "content-md5", "date")  # of other bodies than ours


@pytest.mark.shared
def test_validators_of_the_http_cache_suites_are_sent_back_and_a_304_is_no_edit(shared: Path, tmp_path: Path) -> None:
    """20 of 20: a second visit shows what the first was given, and a 304 confirms the bytes and is no edit."""
    lines = (shared / "data/corpora/http-cache/cases.jsonl").read_text(encoding="utf-8").splitlines()
    told = [case for line in lines if (case := json.loads(line))["suite"] in SUITES]
    given = [headers for case in told if (headers := first_headers(case)) and validators(headers) != (None, None)]
    visits = defaultdict[str, int](int)

    def answers(path: str) -> Answer | None:
        name = path.rpartition("/")[2].removesuffix(".html")
        if name == "sitemap.xml":
            return Answer(listing(len(given)).replace(b"ADDRESS", site.address.encode()))
        if not name.isdigit():
            return None
        visits[name] += 1
        return Answer(article(int(name)), headers=given[int(name)]) if visits[name] == 1 else Answer(status=304)

    site: RawSite
    with serving(answers) as site:
        home = declare(tmp_path, town=said(site.as_declared))
        assert [crawl(home, "town", recheck="all")[0]["errors"] for _ in range(2)] == [0, 0]
        asked = defaultdict[str, list[tuple[str | None, str | None]]](list)
        for path, headers in site.asked:
            asked[path].append((headers["If-None-Match"], headers["If-Modified-Since"]))
    shown = [asked[f"/article/{number}.html"] for number in range(len(given))]
    assert shown == [[(None, None), validators(headers)] for headers in given]
    assert len(given) == 20
    assert rows(home, "select count(*), sum(revisions) from articles") == [(20, 20)]


def test_an_etag_is_given_back_byte_for_byte(tmp_path: Path) -> None:
    """It may hold any byte but controls (RFC 9110 §8.8.3)."""
    tag = '"文-é"'

    def answers(path: str) -> Answer | None:
        if path == "/sitemap.xml":
            return Answer(listing(1).replace(b"ADDRESS", site.address.encode()))
        return Answer(article(0), headers=(("ETag", tag),)) if path == "/article/0.html" else None

    with serving(answers) as site:
        home = declare(tmp_path, town=said(site.as_declared))
        for _ in range(2):
            crawl(home, "town", recheck="all")
        asked = [headers["If-None-Match"] for path, headers in site.asked if path == "/article/0.html"]
    assert asked == [None, tag.encode().decode("latin-1")]


def first_headers(case: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The header fields of the case's first answer; a number is a date, that many seconds after a fixed moment."""
    told = case["input"]["requests"][0].get("response_headers", [])
    return tuple(
        (name, formatdate(1_700_000_000 + value, usegmt=True) if isinstance(value, int) else value)
        for name, value, *_ in told
        if name.lower() not in FRAMING
    )


def validators(headers: tuple[tuple[str, str], ...]) -> tuple[str | None, str | None]:
    values = {name.lower(): value for name, value in headers}
    return values.get("etag"), values.get("last-modified")
