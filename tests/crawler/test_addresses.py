"""The address at which an article is asked, and the declaration needed so that one on a new host is asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.tables import every_row

from crawler.frontier.addresses import ArticleAddresses, OtherAddress, at_place_of
from crawler.session.undeclared_hosts import UndeclaredHosts
from crawler.sources import Feed, Sitemap, Source
from crawler.sources.declaring.toml_lines import lines_declaring
from parsers.urls import urlkey

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
BEFORE = NOON - timedelta(days=1)
HTTP, HTTPS, WWW = "http://a.example/1", "https://a.example/1", "http://www.a.example/1"


@every_row(
    ("url", "others", "answered", "instead"),
    [
        (HTTP, [(HTTPS, None), (WWW, BEFORE)], False, [HTTPS, WWW]),  # it failed: whatever else it has
        (HTTP, [(HTTPS, None), (WWW, NOON)], True, [WWW]),  # it is missing: what a list names now
        (HTTPS, [(HTTP, NOON), (WWW, BEFORE)], False, [HTTP]),  # no http in the place of https, unless a list says so
        (HTTPS, [(HTTP, None)], False, []),
        (HTTPS, [(HTTP, BEFORE)], True, []),
    ],
)
def test_fallback_addresses_depend_on_the_failure_and_on_the_addresses_in_lists(
    url: str, others: Sequence[tuple[str, datetime | None]], answered: bool, instead: list[str]
) -> None:
    addresses = ArticleAddresses(url, tuple(OtherAddress(*each) for each in others))
    assert list(addresses.instead(answered, NOON)) == instead


def test_https_that_never_answered_takes_no_http_away() -> None:
    addresses = ArticleAddresses(HTTPS, (OtherAddress(HTTP),))
    assert list(addresses.instead(answered=False, since=NOON, had=False)) == [HTTP]
    assert list(addresses.instead(answered=True, since=NOON, had=False)) == []


def test_at_place_of_takes_scheme_and_host_of_the_other_address() -> None:
    assert at_place_of("http://a.example/1?b=2", "https://www.a.example/list") == "https://www.a.example/1?b=2"


TOWN = Source(
    name="town", publisher="town", homepage="https://www.town.example", timezone="Asia/Shanghai", in_language="zh-Hans",
    seeds=(Sitemap("https://www.town.example/sitemap.xml"), Feed("https://feeds.town.example:8443/all.xml")),
    scope=r"https://www\.town\.example/article/\d+\.html",
)  # fmt: skip


@every_row(
    ("url", "covered"),
    [
        ("https://www.town.example/article/1.html", True), ("http://www.town.example/article/1.html", True),
        ("https://town.example/article/1.html", True), ("http://town.example/article/1.html", True),
        ("https://m.town.example/article/1.html", False), ("https://town.example:8443/article/1.html", False),
        ("https://www.town.example/list/1", False), ("https://www.www.town.example/article/1.html", False),
        ("ftp://www.town.example/article/1.html", False), ("https://town.example.evil.example/article/1.html", False),
    ],
)  # fmt: skip
def test_a_scope_declared_for_one_scheme_covers_http_and_https(url: str, covered: bool) -> None:
    assert TOWN.covers(url) is covered


OWN = ["town.example", "feeds.town.example:8443"]


@pytest.mark.parametrize(
    ("scope", "url", "lines"),
    [
        (TOWN.scope, "https://new.example/article/1.html", {"hosts": [*OWN, "new.example"]}),
        (r"https?://town\.example/a/\d", "http://New.Example:80/a/1", {"hosts": [*OWN, "new.example"]}),
        (r"https?://(?:www\.)?town\.example/.+", "https://new.example:444/x", {"hosts": [*OWN, "new.example:444"]}),
        ("https?://[^/]+/article/.+", "https://new.example/article/1.html", {"hosts": [*OWN, "new.example"]}),
        (r"(?i)https?://town\.example/a/\d", "https://new.example/b/1", {"hosts": [*OWN, "new.example"]}),
        ("https?://town[.]example/.+", "https://思想.example/x", {"hosts": [*OWN, "xn--m8tos.example"]}),
    ],
)  # fmt: skip
def test_the_suggested_toml_lines_let_a_new_host_in_and_keep_the_old_ones(
    scope: str, url: str, lines: dict[str, list[str]]
) -> None:
    """The lines are TOML, and with them the address is covered, and the source's own still are."""
    from tomllib import loads

    source = replace(TOWN, scope=scope)
    said = loads("\n".join(lines_declaring(source, url)))
    assert said["hosts"] == lines["hosts"]
    assert ("scope" in said) is not source.in_scope(url)
    wider = replace(source, **{name: tuple(value) if name == "hosts" else value for name, value in said.items()})
    assert wider.covers(url)
    assert wider.covers("https://www.town.example/article/1.html") is source.covers(
        "https://www.town.example/article/1.html"
    )
    assert not wider.covers("https://other.example/article/1.html")


def met(lists: list[str] = [], named: list[str] = [], led: dict[str, str] = {}) -> list[tuple[str, int]]:  # noqa: B006
    """The hosts reported after a crawl of a source which knows two articles, each with the number of its articles."""
    known = {urlkey(f"https://town.example/article/{number}.html") for number in (1, 2)}
    elsewhere = UndeclaredHosts(TOWN)
    elsewhere.named(urlkey(url) for url in named)
    elsewhere.linked(lists, known.__contains__)
    for article, url in led.items():
        elsewhere.led(urlkey(article), url)
    return [(each.host, each.articles) for each in (*elsewhere.by_lists(), *elsewhere.by_redirects())]


HERE, THERE = "https://town.example/article/{}.html", "https://m.town.example/article/{}.html"


@every_row(
    ("lists", "named", "hosts"),
    [
        ([THERE.format(1), THERE.format(2)], [], [("example,town,m", 2)]),
        ([THERE.format(1), THERE.format(2)], [HERE.format(9)], [("example,town,m", 2)]),
        ([THERE.format(1)], [HERE.format(2)], []),  # an edition that counts its pages as this one does
        ([THERE.format(1)], [HERE.format(1)], []),  # a page for telephones beside its article
        (["https://friend.example/article/9.html"] * 9, [HERE.format(1)], []),
        (["https://friend.example/", "https://beian.example/x"], [], []),
        ([THERE.format(n) for n in range(7, 10)], [], [("example,town,m", 3)]),  # nothing is named at home, and these
        ([THERE.format(n) for n in range(7, 9)], [], []),
        (["http://10.0.0.1/article/1.html", "http://localhost/article/2.html", "javascript:1"], [], []),
    ],
)
def test_list_links_report_another_host_only_if_the_site_seems_to_have_moved(
    lists: list[str], named: list[str], hosts: list[tuple[str, int]]
) -> None:
    assert met(lists, named) == hosts


@every_row(
    ("led", "hosts"),
    [
        ({HERE.format(1): THERE.format(1)}, [("example,town,m", 1)]),
        ({HERE.format(1): "https://b.example/x"}, []),  # one article that leads elsewhere has gone there alone
        ({HERE.format(n): "https://b.example/" for n in range(9)}, []),
        ({HERE.format(n): f"https://b.example/{n}" for n in range(3)}, [("example,b", 3)]),
        ({HERE.format(n): HERE.format(n + 1) for n in range(9)}, []),
    ],
)
def test_redirects_report_another_host_only_if_the_site_seems_to_have_moved(
    led: dict[str, str], hosts: list[tuple[str, int]]
) -> None:
    assert met(led=led) == hosts


def test_a_reported_redirect_target_is_percent_encoded_and_too_long_ones_are_skipped() -> None:
    elsewhere = UndeclaredHosts(TOWN)
    for number, end in enumerate(("`a`\u202e", "b", "c" * 20_000, "d")):
        elsewhere.led(urlkey(HERE.format(number)), f"https://b.example/{end}")
    (told,) = elsewhere.by_redirects()
    assert (told.url, told.articles) == ("https://b.example/%60a%60%E2%80%AE", 3)
