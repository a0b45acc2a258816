"""A page costs as many steps of SQLite in a large crawl as in a small one, and so does its share of the crawl's end."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, Reads, fetched, page, steps_of, url

from archive import open_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.presence.lists import Listing
from archive.judging.runs.run import CrawlReach
from archive.rules.identity import state_of
from archive.rules.urlkeys import key_of
from parsers.article import Article

FEW, MANY = 40, 240
WHOLE = CrawlReach(whole=True, lists_read=True)
READER = Reads(lambda page: state_of(Article(page.url, paragraphs=PARAGRAPHS), "1"))


def costs(home: Path, articles: int) -> dict[str, float]:
    """SQLite's steps for the last new article, the last 304, and the end of each crawl, a page."""
    found: dict[str, float] = {}
    with closing(open_archive(home)) as archive:
        for day, kind in enumerate(("new", "304")):
            at = NOON + timedelta(days=day)
            with CrawlIngest(archive, SOURCE, READER, lambda at=at: at) as ingest:
                ingest.begin_crawl(at)
                for number in range(articles):
                    came = fetched(number, page(number) if kind == "new" else 304, at)
                    found[kind] = steps_of(archive.conn, lambda ingest=ingest, came=came: ingest.add(came))
                kept = ingest.add(replace(fetched(articles, b"<list/>", at), url="http://example.com/", kind="list"))
                places = str(kept.record_id), tuple(key_of(url(number)) for number in range(articles))
                ingest.lists.note(Listing("http://example.com/", (places,)))
                steps = steps_of(archive.conn, lambda ingest=ingest: ingest.finish("finished", 0, 0, NOON, WHOLE))
                found[f"the end after {kind}"] = steps / articles
    return found


@pytest.fixture(scope="module")
def few_and_many(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, float], dict[str, float]]:
    few, many = (costs(tmp_path_factory.mktemp("home"), articles) for articles in (FEW, MANY))
    return few, many


@pytest.mark.parametrize("what", ["new", "304", "the end after new", "the end after 304"])
def test_a_page_of_a_large_crawl_takes_no_more_steps(
    few_and_many: tuple[dict[str, float], dict[str, float]], what: str
) -> None:
    few, many = few_and_many
    assert many[what] <= 1.2 * few[what]
