"""`verify --deep` while a crawl goes on: bytes and rows that come meanwhile are no faults."""

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, fetched, page

from archive import open_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.replaying.fixity import FixityFault, verify
from archive.replaying.proof import prove

DAY = timedelta(days=1)


@pytest.mark.slow
def test_a_crawl_that_goes_on_is_no_fault(tmp_path: Path):
    home = tmp_path / "home"
    open_archive(home).close()
    over = threading.Event()
    crawling = threading.Thread(target=_crawl_until, args=(home, over))
    crawling.start()
    try:
        found = []
        while crawling.is_alive() and (len(found) < 5 or _captures(home) <= 200):
            found.append(_proof(home, tmp_path / f"scratch-{len(found)}"))
    finally:
        over.set()
        crawling.join()
    assert (set(found), _captures(home) > 200) == ({()}, True)


def _proof(home: Path, scratch: Path) -> tuple[FixityFault, ...]:
    scratch.mkdir()
    with closing(open_archive(home, caught_up=False)) as archive:
        return verify(archive).faults + prove(archive, scratch)


def _captures(home: Path) -> int:
    with closing(sqlite3.connect(home / "archive.db")) as conn:
        return conn.execute("select count(*) from captures").fetchone()[0]


def _crawl_until(home: Path, over: threading.Event) -> None:
    """Crawl again and again until `over` is set: groups of three captures, new ones, edits and revisits."""
    archive = open_archive(home)
    number = 0
    while not over.is_set():
        at = NOON + number * DAY
        with CrawlIngest(archive, SOURCE, clock=lambda at=at: at) as ingest:
            ingest.begin_crawl(at)
            for article in range(30):
                ingest.add(fetched(article, page(article, note=str(number // 2 % 3) * 2000), at))
                if article % 3 == 0:
                    ingest.commit()
            ingest.finish("finished", 30, 0, at)
        number += 1
    archive.close()
