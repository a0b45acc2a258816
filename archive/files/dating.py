"""The dating of a record: the moment in its row, and if it was stated or is unknown."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from archive.files.clock import stamp

Dating = Literal["stated", "unknown"]  # unknown: nobody stated the moment of capture

HEADER = "Thinker-Dating"  # of the resource records that this program writes
AHEAD = timedelta(days=1)  # another program's clock may be this far ahead of ours


def dating_of(fields: Mapping[str, str]) -> Dating:
    """ "stated" if the named fields of a record state its moment, else "unknown".

    A program that requests a page knows the time, so all records but resources are "stated". A resource record holds
    bytes that came without HTTP, and earlier versions dated each by its file's time, which copying changes: only one
    with `Thinker-Dating: stated` is dated. fields: names in lower case.
    """
    resource = fields.get("warc-type") == "resource"
    return "unknown" if resource and fields.get(HEADER.lower()) != "stated" else "stated"


def moment_in(fields: Mapping[str, str]) -> str:
    """The `captured_at` of a record: its WARC-Date. Raises KeyError if the record has no WARC-Date.

    For resource records of earlier versions, which have no `Thinker-Dating`, it is the moment when they were written,
    if their ids contain it.
    """
    at = fields["warc-date"]
    if dating_of(fields) == "unknown" and HEADER.lower() not in fields:
        return written_at(fields["warc-record-id"].strip("<>")) or at
    return at


def written_at(record_id: str) -> str | None:
    """The moment (as by `stamp`) when a record id of version 7 was made (RFC 9562 §5.7); None for any other id."""
    try:
        number = UUID(record_id.removeprefix("urn:uuid:"))
        at = datetime.fromtimestamp((number.int >> 80) // 1000, UTC)
    except (ValueError, OverflowError, OSError):  # the last two are of the C library
        return None
    return stamp(at) if number.version == 7 and at.year < 10_000 else None


def too_late(at: datetime, now: datetime) -> str | None:
    """The reason why `at` cannot be a capture's moment, if it is more than a day after `now`; else None."""
    return f"its time is in the future: {stamp(at)}, and now it is {stamp(now)}" if at > now + AHEAD else None
