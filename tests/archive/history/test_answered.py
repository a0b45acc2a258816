"""The number of articles that answered a crawl, by which a source that gets nothing is found."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

from support.archiving import NOON, SOURCE, crawl, fetched, page, rows
from support.redesigns import article, redesigned

from archive import open_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.replaying.rebuild import rebuild_database

HOUR = timedelta(hours=1)
FIGURES = "select finish_reason, articles_asked, articles_answered from crawls order by started_at"


def test_an_article_answers_with_its_text_or_that_it_is_as_it_was(tmp_path: Path) -> None:
    """A 404, a redirect, an error or another page is no answer; the crawl after a killed one counts for it."""
    crawls: list[dict[int, bytes | int]] = [
        {1: page(1), 2: page(2), 3: page(3)},
        {1: page(1), 2: 404, 3: page(3, note="another design")},  # the same bytes, none, the same text
        {1: 404, 2: 302, 3: 500},
        {1: b"<title>Log in</title>", 4: b"%PDF-1.4"},
    ]
    with closing(open_archive(tmp_path)) as archive:
        for number, answers in enumerate(crawls):
            crawl(archive, NOON + number * HOUR, answers)
        at = NOON + 9 * HOUR
        with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
            ingest.begin_crawl(at)
            ingest.add(fetched(1, page(1), at))
        crawl(archive, NOON + 10 * HOUR, {})
        found = rows(archive, FIGURES)
    assert found == [
        ("finished", 0, 3), ("finished", 0, 2), ("finished", 0, 0), ("finished", 0, 0), ("killed", None, 1),
        ("finished", 0, 0),
    ]  # fmt: skip
    rebuild_database(tmp_path, at)
    with closing(open_archive(tmp_path)) as archive:
        assert rows(archive, FIGURES) == found


def test_a_page_in_another_layout_answers_also_when_it_comes_again(tmp_path: Path) -> None:
    """That waits for a later version, which is the matter of the rule `layout`."""
    after = {number: redesigned(number, "别的一段话。") for number in range(10)}
    with closing(open_archive(tmp_path)) as archive:
        for number, pages in enumerate(({number: article(number) for number in range(10)}, after, after)):
            crawl(archive, NOON + number * 24 * HOUR, pages)
        verdicts = "select distinct verdict from captures where record_type = 'response' order by 1"
        assert rows(archive, verdicts) == [("article",), ("layout",)]
        assert rows(archive, FIGURES) == [("finished", 0, 10)] * 3
