"""Redirects that a crawl follows: a few hops within its source, and never to another scheme or a private address."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import AF_INET6, create_server
from threading import Thread

import pytest
from support.towns import crawl, declare, figures, rows, said
from support.written_site import Answer, RawSite, article, listing, serving

pytestmark = [pytest.mark.slow, pytest.mark.soak]

CHAIN = 30
HOPS = 5
AWAY = (
    "https://127.0.0.1:PORT/article/1.html",
    "http://127.0.0.1:PORT/article/1.html",
    "http://127.0.0.2:PORT/",
    "//127.0.0.1:PORT/article/1.html",
    "http://2130706433:PORT/",
    "http://0x7f.1:PORT/",
    "http://localhost:PORT/",
    "http://localhost.:PORT/",
    "http://[::1]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://0:PORT/",
    "http://user@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT\\@127.0.0.1/",
    "ftp://127.0.0.1:PORT/article/1.html",
    "gopher://127.0.0.1:PORT/_GET",
    "file:///etc/passwd",
    "data:text/html,<h1>题目在此处</h1>",
    "javascript:alert(1)",
)


@dataclass
class Target:
    """Something private that listens on every address of this machine: its port, and how often it was connected to."""

    port: int
    connections: int = 0


@contextmanager
def listening() -> Iterator[Target]:
    with create_server(("::", 0), family=AF_INET6, dualstack_ipv6=True) as server:
        target = Target(server.getsockname()[1])

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                target.connections += 1
                connection.close()

        Thread(target=accept, daemon=True).start()
        yield target


@contextmanager
def led(away: Callable[[str], str | None], articles: int = 3) -> Iterator[RawSite]:
    """A site whose list names some articles; some paths lead away."""

    def answers(path: str) -> Answer | None:
        if to := away(path):
            return Answer(status=302, headers=(("Location", to),))
        if path == "/sitemap.xml":
            return Answer(listing(articles).replace(b"ADDRESS", site.address.encode()))
        return Answer(article(int(path.split("/")[2][:-5]))) if path.startswith("/article/") else None

    with serving(answers) as site:
        yield site


def chain(path: str, start: str) -> str | None:
    """The next of thirty hops, each within the source."""
    if path == start:
        return f"{start}?hop=1"
    before, _, hop = path.partition("?hop=")
    return f"{start}?hop={int(hop) + 1}" if before == start and hop and int(hop) < CHAIN else None


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        ("/article/1.html", ("finished", 2, 0, 1)),
        ("/sitemap.xml", ("finished", 0, 0, 1)),
        ("/robots.txt", ("outage", 0, 0, 1)),
    ],
)
def test_a_chain_of_thirty_is_followed_for_five_hops(tmp_path: Path, start: str, ends: tuple[object, ...]) -> None:
    with led(lambda path: chain(path, start)) as site:
        home = declare(tmp_path, town=said(site.as_declared))
        assert figures(crawl(home, "town")[0]) == ends
        hops = [path for path, _ in site.asked if path.partition("?")[0] == start]
        assert hops == [start, *(f"{start}?hop={hop}" for hop in range(1, HOPS + 1))]
    assert rows(home, "select count(*) from captures where status = 302") == [(HOPS + 1,)]


def test_a_redirect_loop_of_an_article_or_a_list_ends(tmp_path: Path) -> None:
    """Two addresses that lead to each other, in an article and in a list."""

    def round_and_round(path: str) -> str | None:
        start, _, other = path.partition("?")
        return f"{start}{'' if other else '?other'}" if start in ("/article/1.html", "/loop.xml") else None

    with led(round_and_round) as site:
        sitemaps = [f"{site.address}/loop.xml", f"{site.address}/sitemap.xml"]
        home = declare(tmp_path, town=said(site.as_declared, sitemaps=sitemaps))
        assert figures(crawl(home, "town")[0]) == ("finished", 2, 0, 2)
        assert [path for path, _ in site.asked if path.startswith("/article/1.html")] == [
            "/article/1.html",
            "/article/1.html?other",
        ]
        assert len([path for path, _ in site.asked if path.startswith("/loop.xml")]) == HOPS + 1


def test_nothing_private_and_no_other_scheme_is_reached(tmp_path: Path) -> None:
    """The scope and hosts of the source allow all of it in articles and lists: only the guard refuses."""
    leads = dict[str, str]()
    with listening() as target, led(leads.get, len(AWAY) + 2) as site:
        where = [to.replace("PORT", str(target.port)) for to in AWAY]
        leads |= {f"/article/{number}.html": to for number, to in enumerate(where)}
        leads |= {f"/{number}.xml": to for number, to in enumerate(where)}
        hosts = [f"{host}:{target.port}" for host in ("127.0.0.1", "127.0.0.2", "localhost", "2130706433", "0")]
        lists = [f"{site.address}/{path}.xml" for path in ("sitemap", *range(len(AWAY)))]
        own = site.address.removeprefix("http://")
        home = declare(tmp_path, town=said(site.as_declared, scope=".*", hosts=[own, *hosts], sitemaps=lists))
        assert figures(crawl(home, "town")[0]) == ("finished", 2, 0, 2 * len(AWAY))
        assert target.connections == 0
        kept = rows(home, "select url from captures where status = 302")
    assert sorted(kept) == sorted((f"{site.address}{path}",) for path in leads)


@pytest.mark.parametrize("to", AWAY[:2])
def test_a_redirect_of_robots_txt_reaches_no_private_address(tmp_path: Path, to: str) -> None:
    with listening() as target, led(lambda path: where if path == "/robots.txt" else None) as site:
        where = to.replace("PORT", str(target.port))
        home = declare(tmp_path, town=said(site.as_declared))
        assert figures(crawl(home, "town")[0]) == ("outage", 0, 0, 1)
        assert target.connections == 0
