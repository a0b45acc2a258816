"""`thinker fetch URL` and `thinker parse URL`: one line on the result, and the exit code; no network."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.journeys import Thinker

from newsroom.process import Site, running

NO_NAME = "robots.txt could not be fetched: the name nowhere.invalid cannot be looked up"
ONLINE = "check the address, and that this machine is online"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running(articles=20) as site:
        site.event(do="remove", article=3, how="404")
        site.event(do="restrict", article=5)
        site.event(do="robots", text="User-agent: *\nDisallow: /article/2.html\n")
        yield site


@pytest.fixture(scope="module")
def thinker(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Thinker:
    home = tmp_path_factory.mktemp("home")
    (home / "thinker.toml").write_text('contact = "you@example.org"\n')
    return Thinker(home, site)


def said(thinker: Thinker, command: str) -> tuple[int, str, str]:
    process = thinker.start(*command.split())
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


PRIVATE = 'refused: private: add allow = ["10.0.0.1:80"] to its source in thinker.toml'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "code", "line"),
    [
        ("fetch {site}/article/3.html", 3, "{site}/article/3.html: it is gone: HTTP 404"),
        (
            "fetch {site}/article/5.html",
            3,
            "{site}/article/5.html: only members may read it: the page asks for a login",
        ),
        ("fetch {site}/article/2.html", 4, "{site}/article/2.html: refused by robots.txt"),
        ("fetch http://10.0.0.1/x", 4, f"http://10.0.0.1/x: {PRIVATE}"),
        ("parse http://10.0.0.1/x", 4, f"http://10.0.0.1/x: {PRIVATE}"),
        ("fetch http://nowhere.invalid/x", 3, f"http://nowhere.invalid/x: {NO_NAME}: {ONLINE}"),
        ("parse {site}/article/3.html", 3, "{site}/article/3.html: HTTP 404"),
        ("parse {site}/article/2.html", 4, "{site}/article/2.html: refused by robots.txt"),
        ("parse http://nowhere.invalid/x", 3, f"http://nowhere.invalid/x: {NO_NAME}"),
    ],
)
def test_fetch_and_parse_report_a_missing_article_in_one_line(
    thinker: Thinker, site: Site, command: str, code: int, line: str
) -> None:
    line = f"thinker: {line}\n".replace("{site}", site.address)
    assert said(thinker, command.replace("{site}", site.address)) == (code, "", line)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            {"do": "redirect", "to": "/elsewhere/9.html"},
            "it redirects to another site, which is not followed: HTTP 302 to {to}",
        ),
        (
            {"do": "status", "code": 429, "retry_after": 900},
            "the host asked us to wait 900 s; left for a later crawl",
        ),
    ],
    ids=["redirect", "patience"],
)
def test_a_redirect_and_a_requested_wait_are_reported_in_one_line(
    tmp_path: Path, site: Site, event: dict[str, Any], line: str
) -> None:
    site.event(article=8, **event)
    url = f"{site.address}/article/8.html"
    found = said(Thinker(tmp_path, site), f"fetch {url}")
    site.event(do="clear")
    assert found == (3, "", f"thinker: {url}: {line.format(**event)}\n")


def test_fetch_prints_the_key_of_the_stored_article(thinker: Thinker, site: Site) -> None:
    url = f"{site.address}/article/1.html"
    code, out, err = said(thinker, f"fetch {url}")
    headline, key, _, first = out.split("\n")[:4]
    shown = thinker.json("show", key)
    assert (code, err) == (0, "kept under the source newsroom\n")
    assert (shown["url"], shown["headline"], shown["paragraphs"][0]) == (url, headline, first)
    site.event(do="remove", article=1, how="404")
    code, out, err = said(thinker, f"fetch {url}")
    again = f"thinker: {url}: it is gone: HTTP 404; `thinker show {key}` prints the version stored before"
    assert (code, out, err.splitlines()) == (3, "", [again])  # the front page of its host says that the site is well


def test_a_page_at_an_address_is_parsed_and_nothing_is_stored(tmp_path: Path, site: Site) -> None:
    thinker = Thinker(tmp_path / "home", site)
    code, out, err = said(thinker, f"parse {site.address}/article/6.html")
    truth = site.truth(article=6)
    assert (code, err) == (0, "")
    assert json.loads(out)["headline"].endswith(truth["headline"])
    assert not thinker.home.exists()


@pytest.mark.slow
@pytest.mark.parametrize("source", ["qstheory", "newsroom"])
def test_without_network_a_crawl_reports_one_cause_and_the_remedy(tmp_path: Path, source: str) -> None:
    """Names cannot be looked up on a machine of CI, and at the newsroom's address nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    (tmp_path / "thinker.toml").write_text(
        'contact = "you@example.org"\n[sources.qstheory]\nhomepage = "https://nowhere.invalid"\n'
        f'[sources.newsroom]\nhomepage = "http://127.0.0.1:{port}"\n'
    )
    code, out, err = said(Thinker(tmp_path), f"crawl {source}")
    (line,) = err.splitlines()
    cause = "cannot be looked up" if source == "qstheory" else f"127.0.0.1:{port} refuses the connection"
    assert (code, out.startswith("0 captures (0 revisits); 0 new articles, 0 revisions, ")) == (3, True)
    assert f"crawl of {source} ended (outage): nothing answered (" in line
    assert line.endswith(f"{cause}: is this machine online? `thinker doctor {source}` checks each list")
