"""An archive of three days of a site: new, edited, revisited, missing, removed."""

from datetime import timedelta
from pathlib import Path

from support.archiving import NOON, PARAGRAPHS, crawl, page

from archive import Archive, open_archive

DAY = timedelta(days=1)


def busy_archive(home: Path) -> Archive:
    """Make an archive of three days of a site, open for writing: new, edited, revisited, missing, removed."""
    archive = open_archive(home)
    crawl(archive, NOON, {number: page(number) for number in range(6)})
    edited = page(1, paragraphs=(*PARAGRAPHS, "补充一段说明，供读者参考。"))
    crawl(archive, NOON + DAY, {0: 304, 1: edited, 2: 404, 3: page(3, note="x"), 4: page(4), 5: page(5), 6: page(6)})
    crawl(archive, NOON + 2 * DAY, {0: page(0), 1: edited, 2: 404, 3: page(3), 4: b"nothing", 5: 304, 6: page(6)})
    return archive
