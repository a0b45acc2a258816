"""Each way of a list in docs/adding-a-source.md finds every article, edit and removal, by declaration alone."""

import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.checkout import ROOT
from support.journeys import Thinker

from newsroom.process import Site, running

pytestmark = pytest.mark.slow

ARTICLES = 30  # in twelve days
EDITED, REMOVED = 20, 9
BLOCKS = re.findall(
    r"^```toml\n(.*?)^```$", (ROOT / "docs" / "adding-a-source.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
WAYS = ("by-cursor", "by-offset", "by-script", "by-issue", "by-day")

Row = dict[str, Any]


def held(thinker: Thinker) -> dict[int, Row]:
    """Every article by its number, as the archive has it."""
    with closing(sqlite3.connect(thinker.home / "archive.db")) as conn:
        conn.row_factory = sqlite3.Row
        rows = conn.execute("select url, headline, date_published, body_text, state from articles").fetchall()
    return {int(re.findall(r"(\d+)\.html$", row["url"])[0]): dict(row) for row in rows}


def said(site: Site, way: str) -> dict[int, Row]:
    """Every article by its number, as the site has it; pages of the app are Chinese, others in turn."""
    language = "zh" if way == "by-script" else None
    return {number: site.truth(number, language) for number in range(1, ARTICLES + 1)}


def crawled(way: str, site: Site, folder: Path) -> tuple[Thinker, Row]:
    home = folder / way
    home.mkdir(exist_ok=True)
    (block,) = [block for block in BLOCKS if f"[sources.{way}]" in block]
    more = f"[sources.{way}]\nremoval_probes = 1\nrecheck = 0\n"
    text = block.replace("127.0.0.1:8765", site.address.removeprefix("http://")).replace(f"[sources.{way}]\n", more)
    (home / "thinker.toml").write_text(text, encoding="utf-8")
    thinker = Thinker(home, site)
    return thinker, thinker.json("crawl", way)


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[Any]]]:
    """All of them crawl; the site edits one article and takes one away; all crawl again."""
    folder = tmp_path_factory.mktemp("ways")
    clock = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
    told: dict[str, list[Any]] = {way: [] for way in WAYS}
    with running(ARTICLES, clock=clock) as site, ThreadPoolExecutor(2) as pool:
        for visit in (1, 2):
            for way, (thinker, summary) in zip(
                WAYS, pool.map(lambda way: crawled(way, site, folder), WAYS), strict=True
            ):
                told[way].append((summary, held(thinker), said(site, way)))
                told[way][:0] = [thinker] if visit == 1 else []
            if visit == 1:
                site.event(do="edit", article=EDITED)
                site.event(do="remove", article=REMOVED, how="410")
        yield told


each_way = pytest.mark.parametrize("way", WAYS)


@each_way
def test_every_article_is_found_as_the_site_has_it(way: str, journey: dict[str, list[Any]]) -> None:
    _, (summary, rows, truths), _ = journey[way]
    assert [summary[name] for name in ("finish_reason", "new_articles", "errors")] == ["finished", ARTICLES, 0]
    assert rows.keys() == truths.keys()
    assert {number for number, truth in truths.items() if truth["headline"] not in rows[number]["headline"]} == set()
    assert {n: paragraphs(rows[n], truth) for n, truth in truths.items()} == {
        n: truth["paragraphs"] for n, truth in truths.items()
    }
    dates = {number: moment(row["date_published"]) for number, row in rows.items()}
    assert dates == {number: moment(truth["date_published"]) for number, truth in truths.items()}


def paragraphs(row: Row, truth: Row) -> list[str]:
    """The site's paragraphs in a body, which has headings and a standfirst beside them where no page class reads it."""
    return [line for line in row["body_text"].split("\n") if line in truth["paragraphs"]]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@each_way
def test_an_edit_and_a_removal_are_found_and_nothing_else(way: str, journey: dict[str, list[Any]]) -> None:
    thinker, _, (summary, rows, truths) = journey[way]
    assert [summary[name] for name in ("finish_reason", "new_articles", "new_revisions", "errors")] == [
        "finished", 0, 1, 0
    ]  # fmt: skip
    assert paragraphs(rows[EDITED], truths[EDITED]) == truths[EDITED]["paragraphs"]
    with closing(sqlite3.connect(thinker.home / "archive.db")) as conn:
        sql = "select e.kind, a.url from events e join articles a on a.id = e.article_id where e.kind <> 'new'"
        events = sorted((kind, int(re.findall(r"(\d+)\.html$", url)[0])) for kind, url in conn.execute(sql))
    assert events == [("edited", EDITED), ("removed", REMOVED)]
    assert {number: row["state"] for number, row in rows.items() if row["state"] != "live"} == {REMOVED: "removed"}


def test_the_authors_of_a_page_stand_in_its_script(journey: dict[str, list[Any]]) -> None:
    thinker, _, (_, _, truths) = journey["by-script"]
    with closing(sqlite3.connect(thinker.home / "archive.db")) as conn:
        sql = """select a.url, p.name from articles a join article_people ap on ap.article_id = a.id
                 join people p on p.id = ap.person_id where ap.role = 'author'"""
        authors = {int(re.findall(r"(\d+)\.html$", url)[0]): name for url, name in conn.execute(sql)}
    assert authors == {n: truth["speaker"] or truth["authors"][0] for n, truth in truths.items()}
