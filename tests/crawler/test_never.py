"""Addresses that `[crawler] never` names are never asked, in any spelling."""

from pathlib import Path

import pytest
from support.tables import every_row
from support.towns import crawl, declare, rows, said
from support.written_site import Answer, RawSite, article, listing, serving

from crawler.hosts.never import NeverFetched

ENTRIES = ("blocked.example", "https://news.example/private/", "http://news.example/list?page=2", "127.0.0.1:8765")


@every_row(
    ("url", "entry"),
    [
        ("https://blocked.example/", "blocked.example"),
        ("http://www.blocked.example:80/a", "blocked.example"),
        ("https://img.blocked.example:8443/a", "blocked.example"),
        ("https://BLOCKED.example./robots.txt", "blocked.example"),
        ("https://notblocked.example/", None),
        ("https://blocked.example.org/", None),
        ("https://news.example/private", "https://news.example/private/"),
        ("http://www.news.example/private/a/b.html?c=1", "https://news.example/private/"),
        ("https://news.example/%70rivate/a", "https://news.example/private/"),
        ("https://news.example/open/../private/a", "https://news.example/private/"),
        ("https://news.example/private;a=1", "https://news.example/private/"),
        ("https://news.example//private///a", "https://news.example/private/"),
        ("https://news.example/private%2Fa", "https://news.example/private/"),
        ("https://news.example/open%2f..%5cprivate", None),
        ("https://news.example/privateer", None),
        ("https://news.example/", None),
        ("https://news.example/list?page=2&utm_source=x", "http://news.example/list?page=2"),
        ("https://news.example/list?a=1&page=2&z=3", "http://news.example/list?page=2"),
        ("https://news.example/list?page=22", None),
        ("https://news.example/list?page=2x&a=page=2", None),
        ("https://news.example/list/a?page=2", None),
        ("http://127.0.0.1:8765/a", "127.0.0.1:8765"),
        ("http://127.0.0.1:8766/a", None),
    ],
)
def test_an_entry_stands_for_all_that_it_begins(url: str, entry: str | None) -> None:
    assert NeverFetched(ENTRIES).reason(url) == (f"`never` in thinker.toml names {entry}" if entry else None)


def test_an_entry_with_a_homepage_refuses_its_pages_over_http_too() -> None:
    assert NeverFetched(["https://news.example/"]).reason("http://news.example/a/b") is not None


def test_an_address_with_an_invalid_port_is_refused_once_there_are_never_entries() -> None:
    assert NeverFetched(ENTRIES).reason("https://news.example:99999/") is not None
    assert NeverFetched([]).reason("https://news.example:99999/") is None


@pytest.mark.slow
def test_a_page_on_the_never_list_is_not_chosen_as_witness_twice(tmp_path: Path) -> None:
    """Only the missing article is due, and the first that could speak for its site may not be asked any more."""
    missing = False

    def answers(path: str) -> Answer | None:
        name = path.rpartition("/")[2].removesuffix(".html")
        if name == "sitemap.xml":
            return Answer(listing(4).replace(b"ADDRESS", site.address.encode()))
        return Answer(article(int(name))) if name in ("0", "1", "2") or (name == "3" and not missing) else None

    site: RawSite
    with serving(answers) as site:
        home = declare(tmp_path, town=said(site.as_declared, removal_probes=2, removal_spacing=0))
        crawl(home, "town")
        missing = True
        settings = home / "thinker.toml"
        settings.write_text(f'{settings.read_text()}\n[crawler]\nnever = ["{site.address}/article/0.html"]\n')
        ended = [crawl(home, "town", addresses=[f"{site.address}/article/3.html"])[0]["unjudged"] for _ in range(3)]
    assert ended == [1, 0, 0]
    assert rows(home, "select url like '%3.html', state from articles where state <> 'live'") == [(1, "removed")]
