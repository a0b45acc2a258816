"""A row of the frontier as the script keeps it: JSON with moments in seconds; read into what the contract names."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TypedDict, overload

from crawler.frontier.addresses import read_addresses
from crawler.frontier.protocol import DeadLetter, KnownAddress, Lease


class Row(TypedDict, total=False):
    """The fields that frontier.lua explains."""

    u: str
    k: str
    d: int
    p: int
    n: int
    o: int
    s: str
    a: int
    e: str
    m: str
    f: int
    c: int
    x: str
    g: str
    t: str


def read_row(text: str) -> Row:
    """The row of this JSON."""
    row: Row = json.loads(text)
    return row


@overload
def epoch(at: datetime) -> int: ...
@overload
def epoch(at: None) -> None: ...
def epoch(at: datetime | None) -> int | None:
    """An aware moment in whole seconds since 1970, rounded down as stamps are; None for None."""
    return None if at is None else int(at.timestamp() // 1)


def instant_of(at: int | None) -> datetime | None:
    """The moment of so many seconds since 1970, in UTC; None for None."""
    return None if at is None else datetime.fromtimestamp(at, UTC)


def lease_of(urlkey: str, text: str) -> Lease:
    """The lease of a row that has just been leased."""
    row = read_row(text)
    return Lease(
        url=row["u"],
        urlkey=urlkey,
        kind=row.get("k", "article"),
        token=row["t"],
        attempts=row.get("a", 0),
        etag=row.get("e"),
        last_modified=row.get("m"),
        published_at=instant_of(row.get("p")),
        fetched_at=instant_of(row.get("f")),
        others=read_addresses(row["u"], row.get("x")).others,
        section=row.get("s"),
    )


def known_address(urlkey: str, row: Row) -> KnownAddress:
    """The address of a row."""
    return KnownAddress(
        row["u"],
        urlkey,
        datetime.fromtimestamp(row["d"], UTC),
        instant_of(row.get("f")),
        instant_of(row.get("p")),
        read_addresses(row["u"], row.get("x")).others,
    )


def dead_letter(row: Row) -> DeadLetter:
    """The dead letter of a row that is given up as failed."""
    return DeadLetter(row["u"], row.get("a", 0), row.get("c"))
