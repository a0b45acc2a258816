"""Check a home that crashed and was crawled again."""

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from support.archiving import NOON, crawl, page
from support.checkout import SUPPORT
from support.crash_writer import told

from archive import open_archive, read_archive
from archive.replaying.fixity import verify
from archive.replaying.proof import prove

WRITER = SUPPORT / "crash_writer.py"
LATER = NOON + timedelta(days=9)
NEXT = {0: 304, 1: page(1), 5: page(5, note="z"), 6: 404, 20: page(20)}


def broken(home: Path, said: bytes, scratch: Path) -> list[str]:
    """Crawl a home that crashed. Returns its faults."""
    try:
        if (home / "archive.db").exists():
            read_archive(home).close()
    except Exception as error:  # a database that was never finished is no archive yet
        if said:
            return [f"it cannot be read: {error!r}"]
    scratch.mkdir(parents=True)
    try:
        with closing(open_archive(home)) as archive:
            crawl(archive, LATER, NEXT)
            held = told(archive)
            faults = [*verify(archive).faults, *prove(archive, scratch)]
    except Exception as error:
        return [f"the next crawl fails: {error!r}"]
    lines = said.splitlines(keepends=True)
    last = json.loads(lines[-1]) if lines else {}
    missing = [f"{name}: {len(set(each) - set(held[name]))} are missing" for name, each in last.items()
               if not set(each) <= set(held[name])]  # fmt: skip
    return [*map(str, faults), *missing]
