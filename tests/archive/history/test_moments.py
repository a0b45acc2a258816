"""The moments by which the age of an address is known, after each thing that can happen to it."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, Reads, crawl, fetched, page, url

from archive import Archive, open_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.import_ingest import ImportIngest
from archive.judging.reading.fetched import Whence
from archive.judging.reading.readings import UnreadPage, read_page
from archive.replaying.rebuild import rebuild_database
from archive.rows.recrawl_age import Moments, moments_of
from parsers.urls import urlkey

DAY = timedelta(days=1)
PUBLISHED = datetime(2024, 4, 13, 15, 1, 1, tzinfo=UTC)  # as page(1) prints it, of Shanghai
EDITED = page(1, paragraphs=(*PARAGRAPHS, "补充一段说明，供读者参考。"))
UNDATED = page(1).replace(b"article:published_time", b"article:nothing")
COSMETIC = page(1, paragraphs=(PARAGRAPHS[0].replace("，", ","), *PARAGRAPHS[1:]))


def of(archive: Archive, number: int = 1) -> Moments | None:
    return moments_of(archive.conn, SOURCE.name, urlkey(url(number)))


@pytest.mark.parametrize(
    ("answers", "moments"),
    [
        pytest.param([page(1), page(1), 304], Moments(NOON, PUBLISHED), id="first sight is no change"),
        pytest.param([page(1), EDITED, EDITED, 304], Moments(NOON, PUBLISHED, NOON + DAY), id="an edit"),
        pytest.param([page(1), EDITED, page(1)], Moments(NOON, PUBLISHED, NOON + 2 * DAY), id="and back"),
        pytest.param([page(1), COSMETIC], Moments(NOON, PUBLISHED), id="nothing that matters"),
        pytest.param([UNDATED, UNDATED], Moments(NOON), id="a page without a date"),
        pytest.param([page(1), 404], Moments(NOON, PUBLISHED), id="missing"),
        pytest.param([page(1), 404, 404, page(1)], Moments(NOON, PUBLISHED), id="gone and back"),
        pytest.param([b"<p>no article</p>"] * 2, Moments(NOON, fruitless=2), id="what never was an article"),
        pytest.param(
            [402, b"<p>none</p>", 304, 503, b"<p>other</p>", 404], Moments(NOON, fruitless=5), id="in many ways"
        ),
        pytest.param([503, 500, 429, 403], Moments(NOON), id="a site that is ill says nothing"),
        pytest.param([402, b"<p>no article</p>", page(1)], Moments(NOON + 2 * DAY, PUBLISHED), id="an article at last"),
    ],
)
def test_the_moments_of_an_address_follow_its_answers_and_survive_a_rebuild(
    tmp_path: Path, answers: list[bytes | int], moments: Moments
) -> None:
    with closing(open_archive(tmp_path)) as archive:
        for number, answer in enumerate(answers):
            crawl(archive, NOON + number * DAY, {1: answer, 2: page(2)})
        assert of(archive) == moments
        assert of(archive, 3) is None
    rebuild_database(tmp_path, NOON + 9 * DAY)
    with closing(open_archive(tmp_path)) as again:
        assert of(again) == moments


def test_visits_without_an_article_count_anew_when_the_lists_say_that_it_changed(tmp_path: Path) -> None:
    """A moment in the future does not count: nobody can say that the list changed then."""
    with closing(open_archive(tmp_path)) as archive:
        for day in range(4):
            crawl(archive, NOON + day * DAY, {1: 402})
        found = [
            moments_of(archive.conn, SOURCE.name, urlkey(url(1)), NOON + days * DAY) for days in (-9, 1.5, 3, 4, 999)
        ]
    assert [each and each.fruitless for each in found] == [4, 2, 1, 4, 4]


def test_an_address_has_no_fruitless_visits_while_its_page_waits_for_a_parser(
    tmp_path: Path,
) -> None:
    """The answer may be the same bytes, in full or as 304."""
    unknown = b"<h2>another layout</h2>"
    waits = Reads(lambda page: UnreadPage("layout", "") if page.payload == unknown else read_page(page))
    found = []
    with closing(open_archive(tmp_path)) as archive:
        for day, answer in enumerate([404, 404, unknown, unknown, 304, 404]):
            with CrawlIngest(archive, SOURCE, waits, clock=lambda: NOON + day * DAY) as ingest:  # noqa: B023 called at once
                ingest.begin_crawl(NOON + day * DAY)
                ingest.add(fetched(1, answer, NOON + day * DAY))
                found.append(of(archive))
                ingest.finish("finished", 1, 0, NOON + day * DAY)
    assert found == [Moments(NOON, fruitless=count) for count in (1, 2, 0, 0, 0, 3)]


def test_a_visit_that_redirects_to_itself_and_gives_no_article_is_one(tmp_path: Path) -> None:
    """http://example.com/… leads to https://example.com/…, which is the same address."""
    with closing(open_archive(tmp_path)) as archive:
        for day in range(3):
            with CrawlIngest(archive, SOURCE, clock=lambda: NOON + day * DAY) as ingest:  # noqa: B023 called at once
                ingest.begin_crawl(NOON + day * DAY)
                hop = fetched(1, 301, NOON + day * DAY, {"Location": url(1).replace("http:", "https:")})
                ingest.add(replace(hop, kind="hop"))
                end = fetched(1, b"<p>no article</p>", NOON + day * DAY)
                ingest.add(replace(end, url=end.url.replace("http:", "https:"), whence=Whence(end.url)))
                ingest.finish("finished", 2, 0, NOON + day * DAY)
        found = of(archive)
    assert found == Moments(NOON, fruitless=3)


def test_an_import_is_no_change_by_the_site_and_makes_the_first_sight_earlier(tmp_path: Path) -> None:
    """Two saved pages of years before, of which the second had another text."""
    with closing(open_archive(tmp_path)) as archive:
        crawl(archive, NOON, {1: page(1)})
        with ImportIngest(archive, SOURCE, clock=lambda: NOON + DAY) as ingest:
            ingest.add(fetched(1, page(1), NOON - 500 * DAY))
            ingest.add(fetched(1, EDITED, NOON - 400 * DAY))
            ingest.finish()
        assert of(archive) == Moments(NOON - 500 * DAY, PUBLISHED, NOON)  # the crawl saw it change back
