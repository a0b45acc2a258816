"""The rows of sightings: the text that each parser version read from each capture of an article."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from archive.rows import (
    AddressSeen,
    CaptureRow,
    Connection,
    has_several_keys,
    note_address,
    settle_addresses,
    settle_key,
    was_received_undated,
)
from archive.rules import Sighting, key_of

FIRST = "(page is null or page = 1)"  # of an article in pages only the first page's capture counts

SightingKey = tuple[str, int, str]  # moment, capture and parser version: the key within an article
LAST_SEEN = "(select a.last_seen_at where exists (select 1 from sightings where article_id = a.id and not undated))"
"""SQL for the moment when article `a` was last seen; null if all its captures are undated."""


@dataclass(frozen=True, slots=True)
class SightingRow:
    """A row of `sightings` without its article and its revision."""

    captured_at: str
    capture_id: int
    parser_version: str
    state_id: int
    origin: str
    page: int | None = None
    reparse: str | None = None
    recorded_at: str | None = None  # this and the next two are those of its ledger line, if it has one
    digest: bytes | None = None
    previous_digest: bytes | None = None
    undated: bool = False  # the moment of capture is unknown: captured_at is when it was received
    key_number: int | None = None  # of the key under which it was filed
    replaces: bool = False  # it takes the place of a reading of the same capture by the same version

    @property
    def again(self) -> bool:
        """True if the capture had been read before."""
        return self.origin == "reparse"

    @property
    def place(self) -> SightingKey:
        return self.captured_at, self.capture_id, self.parser_version


@dataclass(frozen=True, slots=True)
class StoredSighting(Sighting):
    """A sighting with its state's row, the revision that it belonged to so far, and its ledger line, if any."""

    state_id: int = 0
    revision_id: int | None = None
    page: int | None = None
    recorded_at: str | None = None
    digest: bytes | None = None
    previous_digest: bytes | None = None

    @property
    def place(self) -> SightingKey:
        return self.captured_at, self.capture, self.parser_version


def insert(conn: Connection, article_id: int, filed: Iterable[SightingRow]) -> None:
    """Enter sightings; one of the same capture by the same version is replaced."""
    conn.executemany(
        """
        insert or replace into sightings (article_id, captured_at, capture_id, parser_version, state_id, origin, page,
                                          reparse, recorded_at, digest, previous_digest, undated, key_number)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            (
                article_id, *each.place, each.state_id, each.origin, each.page, each.reparse, each.recorded_at,
                each.digest, each.previous_digest, each.undated, each.key_number,
            )
            for each in filed
        ],
    )  # fmt: skip


def readings_of(conn: sqlite3.Connection, capture_id: int) -> list[SightingRow]:
    """The sightings of a capture, one for each parser version that read it; none for a further page of an article."""
    rows = conn.execute(
        f"""
        select captured_at, capture_id, parser_version, state_id, origin, page, reparse, recorded_at, digest,
               previous_digest, undated, key_number
          from sightings where capture_id = ? and {FIRST}
        """,
        (capture_id,),
    )
    return [SightingRow(*row) for row in rows]


def sightings_of(conn: sqlite3.Connection, article_id: int) -> list[StoredSighting]:
    """The sightings of an article from which its revisions follow: all but those of further pages, in any order."""
    rows = conn.execute(
        """
        select g.captured_at, g.capture_id, s.content_digest, g.parser_version, c.crawl_id is null,
               g.origin = 'reparse', g.undated, g.key_number, c.source, g.state_id, g.revision_id, g.page,
               g.recorded_at, g.digest, g.previous_digest
          from sightings g join states s on s.id = g.state_id join captures c on c.id = g.capture_id
         where g.article_id = ? and (g.page is null or g.page = 1)
        """,
        (article_id,),
    )
    return [StoredSighting(*row) for row in rows]


def newest_before(conn: sqlite3.Connection, article_id: int, filed: SightingRow) -> dict[str, tuple[int, int]]:
    """By parser version: the ids of the state that it read from the newest other dated capture, and of its revision.

    Only captures of the same key count. Empty if the capture of `filed` is not newer than that one, or if a third
    capture has the moment of that one.
    """
    rows = conn.execute(
        f"""
        select captured_at, capture_id, parser_version, state_id, revision_id from sightings
         where article_id = ? and capture_id <> ? and key_number = ? and not undated and {FIRST}
         order by captured_at desc, capture_id desc, parser_version desc
        """,
        (article_id, filed.capture_id, filed.key_number),
    )
    found: dict[str, tuple[int, int]] = {}
    newest: tuple[str, int] | None = None
    for at, capture_id, version, state_id, revision_id in rows:
        newest = newest or (at, capture_id)
        if at >= filed.captured_at or (at == newest[0] and capture_id != newest[1]):
            return {}
        if at < newest[0]:
            break
        found[version] = state_id, revision_id
    return found


@dataclass(frozen=True, slots=True)
class Neighbouring:
    """A sighting next to another one: its state, its revision, and the run of the revision."""

    state_id: int
    revision_id: int
    run: int


def beside(
    conn: sqlite3.Connection, article_id: int, filed: SightingRow
) -> tuple[Neighbouring | None, Neighbouring | None]:
    """A reading of the same capture by another version, and the same version's reading of its key's capture before.

    None for each that does not exist. The first is left out too if another capture of the article has the same moment:
    only the full rules decide which comes first.
    """
    places = (
        "g.captured_at = :at and g.capture_id = :capture and g.parser_version <> :version",
        "g.captured_at < :at and g.parser_version = :version and g.key_number = :key "
        "order by g.captured_at desc, g.capture_id desc",
    )
    values = {"article": article_id, "at": filed.captured_at, "capture": filed.capture_id,
              "version": filed.parser_version, "key": filed.key_number}  # fmt: skip
    own, before = (_first(conn, place, values) for place in places)
    crowd = """
        select 1 from sightings
         where article_id = :article and captured_at = :at and capture_id <> :capture and not undated
        """
    return (None if conn.execute(crowd, values).fetchone() else own), before


def _first(conn: sqlite3.Connection, place: str, values: dict[str, object]) -> Neighbouring | None:
    row = conn.execute(
        f"""
        select g.state_id, r.id, r.run from sightings g join revision_records r on r.id = g.revision_id
         where g.article_id = :article and not g.undated and {FIRST} and {place} limit 1
        """,
        values,
    ).fetchone()
    return Neighbouring(*row) if row else None


def count_readings(conn: sqlite3.Connection, article_id: int, filed: SightingRow) -> int:
    """The number of stored readings of a sighting's capture: one for each parser version that read it."""
    sql = "select count(*) from sightings where article_id = ? and captured_at = ? and capture_id = ?"
    return int(conn.execute(sql, (article_id, filed.captured_at, filed.capture_id)).fetchone()[0])


def has_undated(conn: sqlite3.Connection, article_id: int) -> bool:
    """True if an article has captures whose moment is unknown."""
    # SQLite would scan the article's whole history, as it rates the primary key equal to this index.
    sql = "select 1 from sightings indexed by sightings_undated where article_id = ? and undated limit 1"
    return conn.execute(sql, (article_id,)).fetchone() is not None


def assign(conn: sqlite3.Connection, article_id: int, belongs: Iterable[tuple[SightingKey, int]]) -> None:
    """Store the revision to which each sighting belongs, given as (key of the sighting, revision id)."""
    conn.executemany(
        """
        update sightings set revision_id = ?
         where article_id = ? and captured_at = ? and capture_id = ? and parser_version = ?
        """,
        [(revision_id, article_id, *place) for place, revision_id in belongs],
    )


def assign_pages(conn: sqlite3.Connection, article_id: int) -> None:
    """Store for the sighting of each further page the revision of the first page in the same ledger line."""
    firsts = conn.execute("select digest, revision_id from sightings where article_id = ? and page = 1", (article_id,))
    belongs = dict(firsts.fetchall())
    rows = conn.execute(
        "select captured_at, capture_id, parser_version, digest from sightings where article_id = ? and page > 1",
        (article_id,),
    )
    assign(conn, article_id, [(tuple(place), belongs[digest]) for *place, digest in rows.fetchall()])


def in_bytes(digest: str | None) -> bytes | None:
    """A digest `sha256:…` as stored with each sighting, in 32 bytes; None for None."""
    return bytes.fromhex(digest.removeprefix("sha256:")) if digest else None


def in_words(digest: bytes | None) -> str | None:
    """A digest of 32 bytes as the ledger writes it, `sha256:` and 64 hex digits; None for None."""
    return f"sha256:{digest.hex()}" if digest else None


def note_seen(conn: Connection, article_id: int, seen: CaptureRow, undated: bool, key_number: int | None) -> None:
    """Note that an article was there, under one of its keys, at the moment and the address of a capture.

    If the moment is unknown (`undated`), or the article or the address has undated captures, both are computed anew
    from all sightings, as in `settle_seen`: undated ones count only if there are no others.
    """
    urlkey = key_of(seen.url)
    if undated or has_undated(conn, article_id):
        settle_seen(conn, article_id)
    else:
        conn.execute(
            """
            update articles set first_seen_at = min(first_seen_at, ?1), last_seen_at = max(last_seen_at, ?1)
             where id = ?2 and (first_seen_at > ?1 or last_seen_at < ?1)
            """,
            (seen.captured_at, article_id),
        )
    if undated or was_received_undated(conn, seen.source, urlkey):
        settle_addresses(conn, seen.source, [urlkey])
    else:
        note_address(conn, AddressSeen(seen.source, urlkey, article_id, key_number, seen.url, seen.captured_at))
    if has_several_keys(conn, article_id):
        settle_key(conn, article_id)


def settle_seen(conn: Connection, article_id: int) -> None:
    """Set the moments when an article was first and last seen, by all its sightings.

    Undated captures do not count. If there are no others, the moments are those at which they were received.
    """
    conn.execute(
        f"""
        update articles set (first_seen_at, last_seen_at) = (
            select min(captured_at), max(captured_at) from sightings where article_id = ?1 and {FIRST}
               and undated = (select min(undated) from sightings where article_id = ?1 and {FIRST}))
         where id = ?1
        """,
        (article_id,),
    )
