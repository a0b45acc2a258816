"""robots.txt as RFC 9309 reads it."""

import codecs
import json
from pathlib import Path
from typing import Any

import pytest
from support.tables import every_row

from archive.files.versions import PROGRAM
from archive.settings.settings import Settings
from crawler.middlewares.robots import allowed
from crawler.middlewares.robots_txt import MAX_ROBOTS_BYTES, Rules, product_token, text_of
from crawler.runs.run import Run
from crawler.sources.newsroom import newsroom
from crawler.spiders.environment import settings_of

AGENT = f"{PROGRAM} (+https://bot.example/contact)"


@every_row(
    ("robots_txt", "agent", "path", "expected"),
    [
        ("", "thinker-archive", "/a", True),
        ("User-agent: *\nDisallow: /", "thinker-archive", "/a", False),
        ("User-agent: *\nDisallow: /", "thinker-archive", "/robots.txt", True),
        ("User-agent: *\nDisallow:", "thinker-archive", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "thinker-archive", "/a/b", True),
        ("User-agent: thinker-archive bot\nDisallow: /", "thinker-archive", "/a", False),
        ("User-agent: other\nDisallow: /", "thinker-archive", "/a", True),
        ("User-agent: thinker-archive\nDisallow: /", AGENT, "/a", False),
        ("User-agent: Thinker-Archive/9\nDisallow: /", AGENT, "/a", False),
        # Words behind the product token are ignored, and a part of the token does not match.
        ("User-agent: bot\nDisallow: /", AGENT, "/a", True),
        ("User-agent: example\nDisallow: /", AGENT, "/a", True),
        ("User-agent: thinker\nDisallow: /", AGENT, "/a", True),
        ("User-agent: archive\nDisallow: /", AGENT, "/a", True),
        ("User-agent: thinker-archive\nAllow: /\nUser-agent: bot\nDisallow: /", AGENT, "/a", True),
        ("\ufeffUser-agent: thinker-archive\nDisallow: /", AGENT, "/a", False),
        # An unknown line between two agents does not end their group (RFC 9309 §2.2.4).
        ("User-agent: x\nUnknown: y\nUser-agent: thinker-archive\nDisallow: /", "x", "/a", False),
        ("User-agent: *\nDisallow: /*.pdf$", "thinker-archive", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "thinker-archive", "/a.pdf?x", True),
        ("<!DOCTYPE html><title>思想者: 首页</title>", "thinker-archive", "/a", True),
        ("User-agent: *\nDisallow: /思想", AGENT, "/%E6%80%9D%E6%83%B3/1", False),
        ("User-agent: *\nDisallow: /思想", AGENT, "/思想/1", False),
        ("User-agent: *\nDisallow: /\nAllow: /思想", AGENT, "/思想/1", False),
    ],
)
def test_robots_rules_allow_or_forbid_each_path_as_rfc_9309_says(
    robots_txt: str, agent: str, path: str, expected: bool
) -> None:
    assert allowed(robots_txt, agent, f"https://news.example{path}") is expected


@every_row(
    ("agent", "token"),
    [
        (AGENT, "thinker-archive"),
        ("thinker-archive", "thinker-archive"),
        ("Mozilla/5.0 (compatible; Foobot/2.1; +http://foo.example/bot)", "foobot"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "mozilla"),
        ("*", "*"),
    ],
)
def test_the_product_token_is_the_lower_case_name_in_the_user_agent(agent: str, token: str) -> None:
    assert product_token(agent) == token


RULE = "User-agent: *\nDisallow: /思想\n"


@every_row(
    ("payload", "text"),
    [
        (RULE.encode(), RULE),
        (codecs.BOM_UTF8 + RULE.encode(), RULE),
        (codecs.BOM_UTF16_LE + RULE.encode("utf-16-le"), RULE),
        (codecs.BOM_UTF16_BE + RULE.encode("utf-16-be"), RULE),
        (b"Disallow: /\xff", "Disallow: /\ufffd"),
        (b"#" * MAX_ROBOTS_BYTES + b"\n" + RULE.encode(), ""),
        (RULE.encode() + b"\r" + b"#" * MAX_ROBOTS_BYTES, RULE + "\r"),
        (b"#" * (MAX_ROBOTS_BYTES - 12) + b"\nDisallow: /private\n", "#" * (MAX_ROBOTS_BYTES - 12) + "\n"),
        (b"", ""),
    ],
)
def test_robots_txt_is_decoded_by_its_byte_order_mark_and_cut_at_the_limit(payload: bytes, text: str) -> None:
    assert text_of(payload) == text


def cases(shared: Path, corpus: str) -> list[dict[str, Any]]:
    lines = (shared / "data" / "corpora" / corpus / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.shared
def test_all_but_one_of_googles_robots_cases_agree(shared: Path) -> None:
    """71 of 72. The other is Google's reading: RFC 9309 §2.2.2 compares %62%61%7A as baz."""
    told = cases(shared, "robots-google")
    wrong = [case["id"] for case in told if allowed(**case["input"]) is not case["expected"]["allowed"]]
    assert (len(told), wrong) == (72, ["ID_Encoding#5"])


def read(robots_txt: str, fn: str, args: list[str]) -> bool | float | None:
    return (
        allowed(robots_txt, args[1], args[0]) if fn == "can_fetch" else Rules(robots_txt, args[0].lower()).crawl_delay
    )


@pytest.mark.shared
def test_all_but_two_of_protegos_robots_cases_agree(shared: Path) -> None:
    """186 of 188. An unknown line splits no group (§2.2.4), and `hedwig` is not the name of `hedwig-new` (§2.2.1)."""
    told = [case for case in cases(shared, "robots-protego") if case["input"]["fn"] in ("can_fetch", "crawl_delay")]
    wrong = [
        case["id"].rpartition("::")[2]
        for case in told
        if read(*(case["input"][name] for name in ("robots_txt", "fn", "args"))) != case["expected"]
    ]
    assert len(told) == 188
    assert wrong == ["test_grouping_unknown_keys", "test_user_agent_precedence[/group3-hedwig-new]"]


@pytest.mark.shared
def test_real_robots_txt_files_treat_our_crawler_like_an_unknown_one(shared: Path) -> None:
    """For a crawler that a file does not name, its rules are those for all (`*`)."""
    files = [case["input"] for case in cases(shared, "robots-real") if "input" in case]  # others are not text
    paths = [f"https://site.example{path}" for path in ("/", "/search?q=a", "/article/1.html", "/wp-admin/")]
    agents = (AGENT, "nobody-else/1.0")
    assert len(files) > 100
    assert [
        file for file in files if len({tuple(allowed(file, each, url) for url in paths) for each in agents}) > 1
    ] == []


@pytest.mark.parametrize(
    ("about", "contact", "agent"),
    [
        (None, None, PROGRAM),
        (None, "a@b.example", f"{PROGRAM} (+a@b.example)"),
        ("https://b.example/archive", "a@b.example", f"{PROGRAM} (+https://b.example/archive; a@b.example)"),
    ],
)
def test_the_agent_string_names_the_project_and_the_contact(about: str | None, contact: str | None, agent: str) -> None:
    settings = Settings(about=about, contact=contact)
    run = Run.by(settings, newsroom(), Path("data"))
    assert settings_of(run)["USER_AGENT"] == agent
    assert product_token(agent) == "thinker-archive"
