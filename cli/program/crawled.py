"""The sources that claim an address, and the exit code of a command that crawled one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.program import exit_codes

if TYPE_CHECKING:
    from archive.judging import CrawlSummary
    from archive.settings import Settings
    from crawler.sources import Claims, Source

# Exit codes by finish reason; docs/commands.md lists them.
ENDS = {
    "robots": exit_codes.REFUSED,
    "policy": exit_codes.REFUSED,
    "stopped": exit_codes.STOPPED,
    "disk_full": exit_codes.DISK_FULL,
    "failed": exit_codes.FAILED,
    "memusage_exceeded": exit_codes.FAILED,
    "outage": exit_codes.UNMET,
    "stalled": exit_codes.UNMET,
}


def claims_of(settings: Settings) -> Claims:
    """The known sources by the addresses that they claim."""
    from crawler.sources import Claims, all_sources

    return Claims(all_sources(settings).values())


def exit_code_of(summary: CrawlSummary, source: Source) -> int:
    """The exit code of a command whose crawl of a source ended like this."""
    from archive.rows import falls_short

    if summary.finish_reason in ENDS:
        return ENDS[summary.finish_reason]
    unmet = falls_short(summary.finish_reason, summary.articles_seen, source.expect)
    return exit_codes.UNMET if unmet or summary.errors else exit_codes.OK
