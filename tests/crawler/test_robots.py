"""robots.txt as RFC 9309 reads it."""

import json
from pathlib import Path

import pytest

from crawler.middlewares.robots import allowed

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


@pytest.mark.parametrize(
    ("robots_txt", "agent", "path", "expected"),
    [
        ("", "thinker-archive", "/a", True),
        ("User-agent: *\nDisallow: /", "thinker-archive", "/a", False),
        ("User-agent: *\nDisallow: /", "thinker-archive", "/robots.txt", True),
        ("User-agent: *\nDisallow:", "thinker-archive", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "thinker-archive", "/a/b", True),
        ("User-agent: thinker-archive bot\nDisallow: /", "thinker-archive", "/a", False),
        ("User-agent: other\nDisallow: /", "thinker-archive", "/a", True),
        ("User-agent: thinker-archive\nDisallow: /", "thinker-archive/0.1 (+https://x.example)", "/a", False),
        # An unknown line between two agents does not end their group (RFC 9309 §2.2.4).
        ("User-agent: x\nUnknown: y\nUser-agent: thinker-archive\nDisallow: /", "x", "/a", False),
        ("User-agent: *\nDisallow: /*.pdf$", "thinker-archive", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "thinker-archive", "/a.pdf?x", True),
        ("<!DOCTYPE html><title>思想者: 首页</title>", "thinker-archive", "/a", True),
    ],
)
def test_allowed(robots_txt: str, agent: str, path: str, expected: bool) -> None:
    assert allowed(robots_txt, agent, f"https://news.example{path}") is expected


@pytest.mark.shared
def test_googles_cases_that_are_not_googles_own() -> None:
    file = SHARED / "data/corpora/robots-google/cases.jsonl"
    cases = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    ours = [case for case in cases if not case["google_only"] and case["input"]["url"].isascii()]
    wrong = [case["id"] for case in ours if allowed(**case["input"]) is not case["expected"]["allowed"]]
    # That one is Google's reading; RFC 9309 §2.2.2 compares %62%61%7A as baz.
    assert wrong == ["ID_Encoding#5"]
