"""Whether a record says when it was captured, and the moment that stands in its row."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from archive.files.clock import stamp

Dating = Literal["stated", "unknown"]  # whether somebody said when a capture was made

HEADER = "Thinker-Dating"  # of the resource records that we write
AHEAD = timedelta(days=1)  # the clock of another program may be so much ahead of ours


def dating_of(fields: Mapping[str, str]) -> Dating:
    """Whether the named fields of a record state a moment.

    A program that asks a site knows when it does. A resource record holds what came without HTTP, and earlier versions
    dated every one by the time of a file, which copying changes: only one that says so is dated.
    """
    resource = fields.get("warc-type") == "resource"
    return "unknown" if resource and fields.get(HEADER.lower()) != "stated" else "stated"


def moment_in(fields: Mapping[str, str]) -> str:
    """`captured_at` of a record: its WARC-Date. Raises KeyError where it has none.

    Of the resource records of earlier versions it is the moment at which they were written, which their ids hold.
    """
    at = fields["warc-date"]
    if dating_of(fields) == "unknown" and HEADER.lower() not in fields:
        return written_at(fields["warc-record-id"].strip("<>")) or at
    return at


def written_at(record_id: str) -> str | None:
    """When an id of version 7 was made (RFC 9562 §5.7); None for any other."""
    try:
        number = UUID(record_id.removeprefix("urn:uuid:"))
        at = datetime.fromtimestamp((number.int >> 80) // 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return stamp(at) if number.version == 7 and at.year < 10_000 else None


def too_late(at: datetime, now: datetime) -> str | None:
    """Why a moment can be none of a capture; None where it can."""
    return f"it is dated {stamp(at)}, and now it is {stamp(now)}" if at > now + AHEAD else None
