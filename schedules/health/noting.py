"""Writes the verdict of every health rule when a crawl has ended, scheduled or not."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from archive import open_archive
from archive.settings import load_settings
from crawler.sources import all_sources
from schedules.health.rules import check, store


def note_health(home: Path) -> None:
    """Check every health rule and write the verdicts to archive.db, for the status page.

    Raises the errors of load_settings, all_sources and open_archive.
    """
    settings, now = load_settings(home), datetime.now(UTC)
    with closing(open_archive(home)) as opened:
        store(opened.conn, check(opened.conn, opened.home, settings, all_sources(settings).values(), now), now)
