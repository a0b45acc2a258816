"""Make a home with saved pages as the program of 60bb395 did, which dated them by the times of their files.

`PYTHONPATH=PROGRAM:PROGRAM/tests python -P make.py HOME`, where PROGRAM is a checkout of that commit.
"""

import os
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.importer import import_paths
from support.archiving import SOURCE, crawl, page, url
from warcio.warcwriter import WARCWriter

from archive import Archive, open_archive

BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
DAY = timedelta(days=1)
FAR, EARLY = datetime(2099, 1, 1, tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC)


def saved(folder: Path, number: int, headline: str, mtime: datetime) -> Path:
    """A folder with a page that was saved, as its manifest says, from the address of an article."""
    folder.mkdir()
    (folder / "a.html").write_bytes(page(number, headline))
    os.utime(folder / "a.html", (mtime.timestamp(), mtime.timestamp()))
    (folder / "MANIFEST.tsv").write_text(f"file\toriginal_url\na.html\t{url(number)}\n")
    return folder


def foreign(path: Path) -> Path:
    """Another program's WARC file, with a resource record that has a moment of its own."""
    payload = page(2, "外来的题目谈一体化")
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        record = writer.create_warc_record(
            url(2), "resource", BytesIO(payload), len(payload), warc_content_type="text/html",
            warc_headers_dict={"WARC-Date": "2019-03-02T08:00:00Z"},
        )  # fmt: skip
        writer.write_record(record)
    return path


def make(archive: Archive, place: Path) -> None:
    crawl(archive, BEGAN, {1: page(1, "新题目谈一体化"), 2: page(2), 3: page(3)})
    import_paths(archive, [saved(place / "a", 1, "旧题目谈一体化", FAR)], lambda _: SOURCE)
    import_paths(archive, [saved(place / "b", 1, "更旧的题目谈一体化", EARLY)], lambda _: SOURCE)
    import_paths(archive, [saved(place / "c", 4, "只有存页的一篇", FAR)], lambda _: SOURCE)
    import_paths(archive, [saved(place / "d", 4, "只有存页的一篇改过", EARLY)], lambda _: SOURCE)
    (place / "e.html").write_bytes(page(5, "没有网址的一篇"))
    import_paths(archive, [place / "e.html"], lambda _: None)
    import_paths(archive, [foreign(place / "old.warc")], lambda _: SOURCE)
    crawl(archive, BEGAN + 2 * DAY, {1: page(1, "更新的题目谈一体化"), 2: page(2), 3: page(3)})
    for day in (3, 4):
        crawl(archive, BEGAN + day * DAY, {1: 404, 2: page(2), 3: page(3)})


if __name__ == "__main__":
    with TemporaryDirectory() as scratch, closing(open_archive(Path(sys.argv[1]))) as archive:
        make(archive, Path(scratch))
