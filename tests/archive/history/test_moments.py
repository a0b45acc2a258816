"""What is known of the age of an address, after each thing that can happen to it."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, crawl, fetched, page, url

from archive import Archive, open_archive
from archive.ingest import Ingest
from archive.moments import Moments, moments_of
from archive.rebuild import rebuild
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
        pytest.param([b"<p>no article</p>"] * 2, Moments(NOON), id="what never was an article"),
    ],
)
def test_moments_of_an_address(tmp_path: Path, answers: list[bytes | int], moments: Moments) -> None:
    with closing(open_archive(tmp_path)) as archive:
        for number, answer in enumerate(answers):
            crawl(archive, NOON + number * DAY, {1: answer, 2: page(2)})
        assert of(archive) == moments
        assert of(archive, 3) is None
    rebuild(tmp_path, NOON + 9 * DAY)
    with closing(open_archive(tmp_path)) as again:
        assert of(again) == moments


def test_an_import_is_no_change_by_the_site_and_makes_the_first_sight_earlier(tmp_path: Path) -> None:
    """Two saved pages of years before, of which the second had another text."""
    with closing(open_archive(tmp_path)) as archive:
        crawl(archive, NOON, {1: page(1)})
        with Ingest(archive, SOURCE, origin="import", clock=lambda: NOON + DAY) as ingest:
            ingest.add(fetched(1, page(1), NOON - 500 * DAY))
            ingest.add(fetched(1, EDITED, NOON - 400 * DAY))
            ingest.finish_import()
        assert of(archive) == Moments(NOON - 500 * DAY, PUBLISHED, NOON)  # the crawl saw it change back
