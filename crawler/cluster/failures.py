"""Failures of downloads as outcome lines tell them, and back: a crawl gets the error that a local download raises."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

from crawler.hosts import MAX_CLOSURE_SECONDS
from crawler.middlewares import AddressRefused, BudgetSpent, HostClosed
from crawler.segments import Failure, FailureKind

PLAIN: dict[FailureKind, type[Exception]] = {
    "name": CannotResolveHostError,
    "refused": DownloadConnectionRefusedError,
    "timeout": DownloadTimeoutError,
    "cut": ResponseDataLossError,
    "failed": DownloadFailedError,
}


def failure_of(error: BaseException) -> Failure:
    """The failure of an outcome line for an error of a download."""
    said = " ".join((str(error) or type(error).__name__).split())[:500]
    if isinstance(error, AddressRefused):
        reason = said.removeprefix(f"{error.url}: refused: ")
        told = {"pair": error.pair, "for_good": error.for_good, "by_never": error.by_never}
        return Failure("guard", reason, told)
    if isinstance(error, HostClosed):
        return Failure("closed", said, {"seconds": error.seconds})
    if isinstance(error, BudgetSpent):
        more_at = error.more_at.isoformat() if error.more_at else None
        return Failure("budget", said, {"more_at": more_at, "host": error.host, "recheck": error.recheck})
    return Failure(next((kind for kind, each in PLAIN.items() if isinstance(error, each)), "failed"), said)


def error_of(failure: Failure, url: str) -> Exception:
    """The error to raise for a failure of a request for a url; details of another form are left out."""
    told = failure.detail
    if failure.kind == "guard":
        pair = told.get("pair")
        return AddressRefused(
            url, failure.said, pair if isinstance(pair, str) else None, bool(told.get("for_good")),
            bool(told.get("by_never")),
        )  # fmt: skip
    if failure.kind == "closed":
        seconds = told.get("seconds")
        held = max(0.0, min(seconds, MAX_CLOSURE_SECONDS)) if isinstance(seconds, int | float) else 0.0
        return HostClosed(failure.said, held)
    if failure.kind == "budget":
        host = told.get("host")
        recheck = bool(told.get("recheck"))
        return BudgetSpent(failure.said, _moment(told.get("more_at")), host if isinstance(host, str) else None, recheck)
    return PLAIN.get(failure.kind, DownloadFailedError)(failure.said)


def _moment(said: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(said) if isinstance(said, str) else None
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None
