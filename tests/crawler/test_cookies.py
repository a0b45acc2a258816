"""Cookies: whatever a site sets, nothing is ever sent back, to it or to another."""

import json
from pathlib import Path

import pytest
from support.towns import crawl, declare, said
from support.written_site import Answer, RawSite, article, listing, serving


@pytest.mark.shared
def test_no_cookie_of_the_corpus_is_sent_anywhere(shared: Path, tmp_path: Path) -> None:
    """100 of 100: cookies are no part of what an archive asks with."""
    lines = (shared / "data/corpora/http-cookies/cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [
        tuple(("Set-Cookie", each.partition(":")[2].strip()) for each in json.loads(line)["input"].splitlines())
        for line in lines
    ]

    def answers(path: str) -> Answer | None:
        name = path.rpartition("/")[2].removesuffix(".html")
        if name == "sitemap.xml":
            return Answer(listing(len(cases)).replace(b"ADDRESS", site.address.encode()), headers=cases[0])
        return Answer(article(int(name)), headers=cases[int(name)]) if name.isdigit() else None

    site: RawSite
    with serving(answers) as site:
        home = declare(tmp_path, town=said(site.as_declared))
        assert [crawl(home, "town")[0]["errors"] for _ in range(2)] == [0, 0]
        assert len({path for path, _ in site.asked if path.startswith("/article/")}) == len(cases) == 100
        assert [path for path, headers in site.asked if "Cookie" in headers] == []
