"""robots.txt itself is a capture, and each crawl names the one that it went by."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.http import Response
from support.tables import every_row
from support.towns import crawl, declare, figures, rows, said
from support.written_site import Answer, RawSite, article, listing, serving

from archive.replaying.rebuild import rebuild_database
from crawler.middlewares.robots import read_answer
from newsroom.process import Site, running

OPEN, CLOSED = b"User-agent: *\nAllow: /\n", b"User-agent: *\nDisallow: /\n"

RULES = "User-agent: *\nDisallow: /article/3.html\n"
WENT_BY = """
    select c.source, k.record_type, k.kind, k.verdict, r.reading
      from crawl_robots r join crawls c on c.id = r.crawl_id join captures k on k.id = r.capture_id
     order by r.crawl_id
"""


@pytest.fixture
def site() -> Iterator[Site]:
    with running(articles=5) as site:
        yield site


@pytest.mark.slow
def test_each_crawl_names_the_robots_txt_that_it_went_by_and_a_rebuild_does_too(site: Site, tmp_path: Path) -> None:
    home = declare(tmp_path, town=said(site))
    site.event(do="robots", text=RULES)
    assert figures(crawl(home, "town")[0]) == ("finished", 4, 0, 0)
    crawl(home, "town")
    site.event(do="status", path="/robots.txt", code=404)
    crawl(home, "town")
    told = [
        ("town", "response", "robots", None, "rules"),
        ("town", "revisit", "robots", None, "rules"),
        ("town", "response", "robots", None, "allows_all"),
    ]
    assert rows(home, WENT_BY) == told
    (home / "archive.db").unlink()
    rebuild_database(home, datetime.now(UTC))
    assert rows(home, WENT_BY) == told


def test_a_redirect_of_robots_txt_is_kept_and_its_target_decides(site: Site, tmp_path: Path) -> None:
    home = declare(tmp_path, town=said(site))
    site.event(do="redirect", path="/robots.txt", to="/robots-2.txt")
    assert figures(crawl(home, "town")[0]) == ("finished", 5, 0, 0)
    kept = rows(home, "select url, status from captures where kind = 'robots' order by id")
    assert [(url.rpartition("/")[2], status) for url, status in kept] == [("robots.txt", 302), ("robots-2.txt", 404)]
    assert [row[-1] for row in rows(home, WENT_BY)] == ["allows_all"]


@every_row("status", [429, 500, 501, 502, 503, 504, 520, 599])
def test_a_server_that_cannot_say_forbids_all(status: int) -> None:
    assert read_answer(Response("http://town.example/robots.txt", status=status, body=OPEN))[0] == "forbids_all"


@every_row("status", [300, 400, 401, 403, 404, 410, 451])
def test_robots_txt_with_status_300_or_4xx_allows_everything(status: int) -> None:
    assert read_answer(Response("http://town.example/robots.txt", status=status, body=CLOSED))[0] == "allows_all"


def test_robots_txt_with_status_503_forbids_everything(site: Site, tmp_path: Path) -> None:
    home = declare(tmp_path, town=said(site))
    site.event(do="status", path="/robots.txt", code=503)
    assert crawl(home, "town")[0]["finish_reason"] == "outage"
    assert [row[-1] for row in rows(home, WENT_BY)] == ["forbids_all"]
    assert {line["path"] for line in site.log()} == {"/robots.txt"}


def test_a_truncated_robots_txt_is_kept_and_asked_for_again(site: Site, tmp_path: Path) -> None:
    home = declare(tmp_path, town=said(site))
    site.event(do="robots", text=RULES)
    site.event(do="truncate", path="/robots.txt")
    (summary,) = crawl(home, "town")
    assert (summary["finish_reason"], summary["captures"]) == ("outage", 6)
    assert rows(home, "select distinct kind, status, truncated from captures") == [("robots", 200, "disconnect")]
    assert rows(home, WENT_BY) == []
    assert {line["path"] for line in site.log()} == {"/robots.txt"}
    site.event(do="clear")
    assert figures(crawl(home, "town")[0]) == ("finished", 4, 0, 0)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_robots_txt_in_utf_16_is_obeyed(tmp_path: Path, encoding: str) -> None:
    robots = ("\ufeff" + RULES).encode(encoding)
    _is_obeyed(robots, tmp_path)
    assert [row[-1] for row in rows(tmp_path, WENT_BY)] == ["rules"]


def test_the_first_500_kib_of_a_large_robots_txt_are_obeyed(tmp_path: Path) -> None:
    """25 MB, which is more than a page may have: what stands behind is neither read nor kept."""
    robots = (RULES + ("#" * 99 + "\n") * 250_000 + "User-agent: *\nDisallow: /\n").encode()
    _is_obeyed(robots, tmp_path)
    assert sum(path.stat().st_size for path in (tmp_path / "captures").iterdir()) < 200_000


def _is_obeyed(robots: bytes, home: Path) -> None:
    """Crawl five articles and check that the forbidden one is not asked."""

    def answers(path: str) -> Answer | None:
        name = path.rpartition("/")[2].removesuffix(".html")
        if name == "sitemap.xml":
            return Answer(listing(5).replace(b"ADDRESS", site.address.encode()))
        return Answer(robots if name == "robots.txt" else article(int(name)))

    site: RawSite
    with serving(answers) as site:
        assert figures(crawl(declare(home, town=said(site.as_declared)), "town")[0]) == ("finished", 4, 0, 0)
        assert "/article/3.html" not in {path for path, _ in site.asked}
