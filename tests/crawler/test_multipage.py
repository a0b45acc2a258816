"""Articles in pages, on the real newsroom: followed, kept page by page, decided once and never from a part."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.journeys import SOAK, Thinker

from archive import open_archive
from archive.replaying.fixity import verify
from newsroom.process import Site, running

ARTICLES = 24
OPERATIONAL = ("frontier", "health", "lists", "listed", "failing_lists", "_sqlite_migrations", "sqlite_sequence")
IN_PAGES = {1: 2, 3: 3, 12: 4, 15: 2}  # the last a list names, a GBK one, a usual one, an English one


@pytest.fixture
def site() -> Iterator[Site]:
    with running(articles=ARTICLES) as site:
        for article, pages in IN_PAGES.items():
            site.event(do="paginate", article=article, pages=pages)
        yield site


@pytest.fixture
def thinker(site: Site, tmp_path: Path) -> Thinker:
    return Thinker(tmp_path / "home", site)


def crawl(thinker: Thinker, code: int = 0) -> list[int]:
    """New articles, new revisions and errors of one crawl."""
    told = thinker.json("crawl", "newsroom", code=code)
    return [told[name] for name in ("new_articles", "new_revisions", "errors")]


def rows(thinker: Thinker, sql: str) -> list[tuple[Any, ...]]:
    archive = open_archive(thinker.home)
    found = archive.conn.execute(sql).fetchall()
    archive.close()
    return found


def texts_are_true(thinker: Thinker, site: Site, articles: int = ARTICLES) -> bool:
    texts = dict(rows(thinker, "select key, body_text from articles"))
    return texts == {
        f"newsroom-{number}": "\n".join(site.truth(number)["paragraphs"])  # type: ignore[arg-type]
        for number in range(1, articles + 1)
    }


def asked(site: Site, path: str) -> list[int]:
    return [int(str(line["status"])) for line in site.log() if line["path"] == path]


def dump(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the archive claims, table by table."""
    archive = open_archive(home)
    assert verify(archive).ok
    names = archive.conn.execute("select name from sqlite_master where type = 'table'").fetchall()
    claims = [name for (name,) in names if "_words" not in name and name not in OPERATIONAL]
    found = {name: sorted(archive.conn.execute(f"select * from {name}").fetchall(), key=repr) for name in claims}
    archive.close()
    return found


def rebuilt(thinker: Thinker) -> tuple[dict[str, Any], dict[str, Any]]:
    """Everything the archive claims, before and after a rebuild."""
    before = dump(thinker.home)
    thinker.run("rebuild")
    after = dump(thinker.home)
    return before, after


@pytest.mark.slow
def test_long_articles_are_read_whole_and_looked_at_again_page_by_page(site: Site, thinker: Thinker) -> None:
    assert crawl(thinker) == [ARTICLES, 0, 0]
    assert texts_are_true(thinker, site)
    shown = thinker.json("show", "newsroom-12")
    assert (shown["editors"], shown["biography"]) == (site.truth(12)["editors"], site.truth(12)["biography"])
    assert [asked(site, f"/article/12{page}.html") for page in ("", "_2", "_3", "_4", "_5")] == [[200]] * 4 + [[]]
    kinds = "select kind, count(*) from captures group by 1"
    assert dict(rows(thinker, kinds))["page"] == sum(IN_PAGES.values()) - len(IN_PAGES)

    assert crawl(thinker) == [0, 0, 0]
    assert [asked(site, f"/article/12{page}.html") for page in ("", "_2", "_3", "_4")] == [[200, 304]] * 4

    site.event(do="edit", article=12, paragraph=len(site.truth(12)["paragraphs"]) // 4 + 1)
    assert crawl(thinker) == [0, 1, 0]
    assert texts_are_true(thinker, site)
    (_, edited) = thinker.json("history", "newsroom-12")
    assert [change["property"] for change in edited["changes"]] == ["body_text"]
    assert [event["kind"] for event in thinker.json("changes")].count("edited") == 1
    before, after = rebuilt(thinker)
    assert after == before


FAULTS = {  # of the second page of an article, which has three
    3: ({"do": "status", "code": 500}, "could not be fetched: "),
    7: ({"do": "status", "code": 404}, "could not be fetched: "),
    11: ({"do": "reset"}, "could not be read: the body is only a part"),
}


@pytest.mark.soak
@pytest.mark.slow
def test_a_page_that_cannot_be_had_edits_and_removes_nothing(site: Site, thinker: Thinker) -> None:
    def harm() -> None:
        for article, (fault, _) in FAULTS.items():
            site.event(article=article, page=2, **fault)

    for article in FAULTS.keys() - IN_PAGES.keys():
        site.event(do="paginate", article=article, pages=3)
    harm()
    assert crawl(thinker, code=3) == [ARTICLES - 3, 0, 3]
    site.event(do="clear")
    assert crawl(thinker) == [3, 0, 0]
    harm()
    for article in FAULTS:
        site.event(do="edit", article=article, paragraph=1)
    for _ in range(3):  # more probes than a removal takes
        assert crawl(thinker, code=3) == [0, 0, 3]
    assert {event["kind"] for event in thinker.json("changes")} == {"new"}
    for article, (_, why) in FAULTS.items():
        of_article = f"kind = 'article' and url like '%/{article}.html'"
        said = f"select parse_error from captures where {of_article} and parse_error is not null"
        reasons = rows(thinker, said)
        assert len(reasons) == 4
        assert all(reason.startswith(f"page 2 of 3 {why}") for (reason,) in reasons)
        assert rows(thinker, f"select attempts from frontier where {of_article}") == [(3,)]
    site.event(do="clear")
    assert crawl(thinker) == [0, 3, 0]
    assert texts_are_true(thinker, site)
    before, after = rebuilt(thinker)
    assert after == before


def test_a_page_that_robots_refuse_leaves_no_article(site: Site, thinker: Thinker) -> None:
    site.event(do="robots", text="User-agent: *\nDisallow: /article/3_2.html\n")
    assert crawl(thinker, code=3) == [ARTICLES - 1, 0, 1]
    assert asked(site, "/article/3_2.html") == []
    (reason,) = rows(thinker, "select parse_error from captures where parse_error is not null")
    assert reason == ("page 2 of 3 may not be fetched: refused by robots.txt",)


def test_fetch_reads_a_long_article_whole(site: Site, thinker: Thinker) -> None:
    shown = thinker.json("fetch", f"{site.address}/article/12.html")
    # The general rules leave a heading among the paragraphs.
    text = [line for line in shown["paragraphs"] if line not in shown["headings"]]
    assert (text, shown["headings"]) == (site.truth(12)["paragraphs"], site.truth(12)["headings"])


@pytest.mark.soak
@pytest.mark.slow
def test_a_crawl_that_is_killed_between_pages_ends_like_one_that_is_not(tmp_path: Path) -> None:
    """Twenty articles and three kills here, sixty and five in `make soak`."""
    articles, kills = (60, 5) if SOAK else (20, 3)
    with running(articles=articles) as site:
        for article in range(1, articles + 1):
            site.event(do="paginate", article=article, pages=4)
        unharmed, killed = Thinker(tmp_path / "unharmed", site), Thinker(tmp_path / "killed", site)
        began = time.monotonic()
        unharmed.run("crawl", "newsroom")
        chance, cut, took = random.Random(5), 0, time.monotonic() - began
        for _ in range(kills):
            process = killed.start("crawl", "newsroom")
            time.sleep(took * chance.uniform(0.1, 0.9))
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                cut += 1
            process.communicate()
        killed.run("crawl", "newsroom")
        states = "select key, revisions, content_digest, body_text from articles order by key"
        assert rows(killed, states) == rows(unharmed, states)
        assert texts_are_true(killed, site, articles)
        assert cut
        twice = (
            "select article_id, content_digest from revisions where number is not null"
            " group by 1, 2 having count(*) > 1"
        )
        assert rows(killed, twice) == []
        before, after = rebuilt(killed)
        assert after == before
