"""A process that writes an archive and reports durable rows: `python crash_writer.py HOME crawl|catch-up|rebuild`.

The crawl is one of small groups, with files and checkpoints that come often, so that every kind of write is met.
"""

import json
import os
import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from support.archiving import NOON, PARAGRAPHS, SOURCE, fetched, page

import archive.files.warc_files
import archive.replaying.catching_up
import archive.rows.connection
from archive import Archive, open_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.replaying.rebuild import rebuild_database

DAY = timedelta(days=1)
EDITED = page(1, paragraphs=(*PARAGRAPHS, "补充一段说明，供读者参考。"))
DAYS: tuple[dict[int, bytes | int], ...] = (
    {number: page(number) for number in range(8)},
    {0: 304, 1: EDITED, 2: 404, 3: page(3, note="x"), 4: b"nothing", 5: page(5), 8: page(8)},
    {0: page(0), 1: page(1), 2: 404, 3: page(3), 4: b"nothing", 5: 304, 6: page(6), 9: page(9, note="y")},
)
GROUPS = (1, 3, 2, 5)  # captures of one transaction
TOLD = {
    "captures": "select record_id from captures",
    "states": "select a.key || ' ' || r.content_digest from revisions r join articles a on a.id = r.article_id",
    "events": "select digest from events",
}


def told(archive: Archive) -> dict[str, list[str]]:
    """The content of an archive: the keys of its captures, states and events, as queried."""
    return {name: [row[0] for row in archive.conn.execute(sql)] for name, sql in TOLD.items()}


def acknowledge(archive: Archive) -> None:
    """Report durable rows on stdout: one line in one write."""
    os.write(1, json.dumps(told(archive)).encode() + b"\n")


def crawl(archive: Archive) -> None:
    """Crawl three days; after each commit report the durable rows."""
    for number, answers in enumerate(DAYS):
        at = NOON + number * DAY
        with CrawlIngest(archive, SOURCE, clock=partial(_still, at)) as ingest:
            ingest.begin_crawl(at)
            acknowledge(archive)
            size = 0
            for turn, (article, answer) in enumerate(answers.items()):
                ingest.add(fetched(article, answer, at))
                size += 1
                if size >= GROUPS[turn % len(GROUPS)]:
                    ingest.commit()
                    acknowledge(archive)
                    size = 0
            ingest.finish("finished", len(answers), 0, at)
            acknowledge(archive)


def _still(at: datetime) -> datetime:
    return at


def main(home: Path, what: str, *options: str) -> None:
    archive.rows.connection.PRAGMAS = *archive.rows.connection.PRAGMAS, "wal_autocheckpoint=40"
    archive.files.warc_files.MAX_FILE_BYTES = 12_000
    if "unsynced" in options:  # what it was before: to show that the trial finds it
        archive.replaying.catching_up.sync_ends = lambda *_: None
    if what == "rebuild":
        rebuild_database(home, NOON + 5 * DAY)
    opened = open_archive(home)
    acknowledge(opened)
    if what == "crawl":
        crawl(opened)
    opened.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
