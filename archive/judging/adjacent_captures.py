"""The captures of an article before and after a moment, and whether two of them show the same text."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from archive.rules import version_order

Likeness = Literal["same", "other", "unknown"]


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """A capture: its own record, its payload digest, and the record that holds its bytes.

    holder: the same id as `record_id`; for a revisit that of the earlier capture.
    """

    record_id: str
    payload_digest: str
    holder: str


@dataclass(frozen=True, slots=True)
class AdjacentCapture:
    """A capture of an article: its content digest by parser version, and its pages, the capture itself first."""

    captured_at: str
    url: str
    readings: Mapping[str, str]
    pages: tuple[CapturedPage, ...]


class ReadRecord(NamedTuple):
    """The article that a capture shows, the key under which it was filed, and its content digest by parser version."""

    article_id: int
    key: str
    readings: Mapping[str, str]


def newest(readings: Mapping[str, str]) -> tuple[str, str]:
    """The newest parser version that read a capture, and the content digest that it read.

    `newest({"1.9": "a", "1.10": "b"}) -> ("1.10", "b")`. Raises ValueError without readings.
    """
    return max(readings.items(), key=lambda reading: version_order(reading[0]))


def likeness(before: Mapping[str, str], now: Mapping[str, str]) -> Likeness:
    """Compare two captures, each given by its content digests by parser version: "same", "other" or "unknown".

    The newest version that read both decides: "same" or "other". Without one: "same" if any two digests are equal, else
    "unknown".
    """
    common = sorted(before.keys() & now.keys(), key=version_order)
    if common:
        return "same" if before[common[-1]] == now[common[-1]] else "other"
    return "same" if set(before.values()) & set(now.values()) else "unknown"


def neighbours(conn: sqlite3.Connection, article_id: int, key: str, capture_id: int, at: str) -> list[AdjacentCapture]:
    """The captures of an article next before (or at) a moment and next after it: none, one or two, in this order.

    Only those filed under `key` count, as another address of the article may show a text of its own. Left out are
    `capture_id`, captures of an article's further pages, and undated ones, which have no place before or after others.
    """
    found: list[AdjacentCapture] = []
    for place in ("captured_at <= ?3 and capture_id <> ?2 order by captured_at desc, capture_id desc",
                  "captured_at > ?3 and capture_id <> ?2 order by captured_at, capture_id"):  # fmt: skip
        row = conn.execute(
            f"""
            select captured_at, capture_id from sightings
             where article_id = ?1 and key_number = (select number from keys where key = ?4) and not undated
               and (page is null or page = 1) and {place} limit 1
            """,
            (article_id, capture_id, at, key),
        ).fetchone()
        if row:
            found.append(_neighbour(conn, article_id, *row))
    return found


def shown_by(conn: sqlite3.Connection, article_id: int, record_id: str) -> AdjacentCapture:
    """The capture that a record holds, with its readings. Raises KeyError if it does not show the article."""
    row = conn.execute(
        """
        select g.captured_at, g.capture_id from captures c join sightings g on g.capture_id = c.id
         where c.record_id = ? and g.article_id = ? limit 1
        """,
        (record_id, article_id),
    ).fetchone()
    if row is None:
        raise KeyError(record_id)
    return _neighbour(conn, article_id, *row)


def readings_at(conn: sqlite3.Connection, record_id: str) -> ReadRecord | None:
    """The article that a capture shows, and by parser version the content digest that was read.

    None if the capture shows no article, or is a further page of one.
    """
    rows = conn.execute(
        """
        select g.article_id, k.key, g.parser_version, s.content_digest
          from captures c join sightings g on g.capture_id = c.id join states s on s.id = g.state_id
          join keys k on k.number = g.key_number
         where c.record_id = ? and (g.page is null or g.page = 1)
        """,
        (record_id,),
    ).fetchall()
    if not rows:
        return None
    article_id, key, _, _ = rows[0]
    return ReadRecord(article_id, key, {version: digest for _, _, version, digest in rows})


def _neighbour(conn: sqlite3.Connection, article_id: int, captured_at: str, capture_id: int) -> AdjacentCapture:
    rows = conn.execute(
        """
        select g.parser_version, s.content_digest, c.url
          from sightings g join states s on s.id = g.state_id join captures c on c.id = g.capture_id
         where g.article_id = ? and g.captured_at = ? and g.capture_id = ?
        """,
        (article_id, captured_at, capture_id),
    ).fetchall()
    pages = pages_of(conn, article_id, captured_at, capture_id)
    return AdjacentCapture(captured_at, rows[0][2], {version: digest for version, digest, _ in rows}, pages)


def pages_of(conn: sqlite3.Connection, article_id: int, captured_at: str, capture_id: int) -> tuple[CapturedPage, ...]:
    """The capture itself, then, for an article in pages, the further pages that the first ledger line on it names."""
    pages = _pages(conn, "c.id = ?", (capture_id,))
    row = conn.execute(
        """
        select digest from sightings where article_id = ? and captured_at = ? and capture_id = ? and page = 1
         order by recorded_at limit 1
        """,
        (article_id, captured_at, capture_id),
    ).fetchone()
    if row:
        further = (
            "select capture_id from sightings where article_id = ? and captured_at >= ? and digest = ? and page > 1"
        )
        pages += _pages(conn, f"c.id in ({further})", (article_id, captured_at, row[0]))
    return tuple(pages)


def _pages(conn: sqlite3.Connection, which: str, values: tuple[object, ...]) -> list[CapturedPage]:
    rows = conn.execute(
        f"select record_id, payload_digest, coalesce(refers_to, record_id) from captures c where {which} order by c.id",
        values,
    )
    return [CapturedPage(*row) for row in rows]
