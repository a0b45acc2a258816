"""An article that is looked at every day for years costs no more on the last day than in the first week."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, fetched, page, steps_of

from archive import open_archive
from archive.judging.crawl_ingest import CrawlIngest

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
DAYS = 200


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda day: page(1), id="the same bytes"),
        pytest.param(lambda day: 304, id="304"),
        pytest.param(lambda day: page(1, note=str(day)), id="other bytes, same text"),
        pytest.param(lambda day: page(1, headline=f"第{day}天的题目谈发展"), id="an edit a day"),
    ],
)
def test_a_recheck_reads_no_history(tmp_path: Path, answer: Callable[[int], bytes | int]):
    with closing(open_archive(tmp_path)) as archive, CrawlIngest(archive, SOURCE, clock=lambda: NOON) as ingest:
        ingest.begin_crawl(NOON)
        ingest.add(fetched(1, page(1), NOON))
        taken = []
        for day in range(1, DAYS):
            came = fetched(1, answer(day), NOON + day * DAY)
            taken.append(steps_of(archive.conn, lambda came=came: ingest.add(came)))
        early, late = sorted(taken[2:30]), sorted(taken[-30:])
        assert late[15] <= 1.2 * early[14]
