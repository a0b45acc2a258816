"""A crawl's lines on stderr: one for each warning and one for its end; for programs, JSON Lines."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from scrapy.utils.log import get_scrapy_root_handler

from archive.files import counted, instant, stamp
from archive.judging import CrawlSummary
from crawler.runs import Run

logger = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """Formats a log record as a JSON object in one line.

    Its keys: at, level, logger, event (crawl_started, crawl_ended, else log), message, the event's figures, and
    traceback if the record has an exception. Chinese stays as it is; control characters are escaped, so that a terminal
    does not obey them.
    """

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": stamp(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": getattr(record, "event", "log"),
            "message": record.getMessage(),
            **getattr(record, "figures", {}),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        text = json.dumps(told, ensure_ascii=False)
        return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text)


def open_journal(run: Run) -> None:
    """Send warnings to stderr, and unless the run is quiet this module's own lines, as text or as JSON Lines."""
    logging.getLogger("scrapy").setLevel(logging.INFO)  # else a record is made of each page, which no handler takes
    handler = get_scrapy_root_handler()
    if handler is None:
        return
    if run.options.log_json:
        handler.setFormatter(JsonLines())
    handler.setLevel(logging.WARNING if run.options.quiet else logging.INFO)
    handler.addFilter(_is_told)


def log_start(run: Run, started: datetime) -> None:
    """Log the start of a crawl, as JSON Lines only."""
    if run.options.log_json:
        figures = {"source": run.source.name, "started_at": stamp(started)}
        logger.info("crawl of %s started", run.source.name, extra={"event": "crawl_started", "figures": figures})


def log_end(run: Run, summary: CrawlSummary, why: str | None) -> None:
    """Log the end of a crawl in one line; nothing for a crawl of single addresses, whose command reports the end.

    why: the reason if nothing answered; then the line is a warning. Without one, JSON Lines are always logged, but text
    only if stderr is no terminal and no scheduler began the crawl: both show the end already.
    """
    if run.options.addresses:
        return
    if why:
        told = "crawl of %s ended (%s): %s", summary.source, summary.finish_reason, why
        logger.warning(*told, extra={"event": "crawl_ended", "figures": _figures(summary)})
        return
    if not run.options.log_json and (run.options.due_at or sys.stderr.isatty()):
        return
    logger.info(
        "crawl of %s ended (%s) after %d s: %s, %s",
        summary.source, summary.finish_reason, _elapsed(summary), counted(summary.requests, "request"), summary.line,
        extra={"event": "crawl_ended", "figures": _figures(summary)},
    )  # fmt: skip


def _figures(summary: CrawlSummary) -> dict[str, Any]:
    return {**asdict(summary), "elapsed": _elapsed(summary)}


def _elapsed(summary: CrawlSummary) -> float:
    return (instant(summary.finished_at) - instant(summary.started_at)).total_seconds()


def _is_told(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name == logger.name
