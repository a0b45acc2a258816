"""The rows of sightings: what each parser version read from each capture of an article."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from archive.rows import CaptureRow, Connection, note_address, settle_addresses, was_received_undated
from archive.rules import Sighting, key_of

FIRST = "(page is null or page = 1)"  # of an article in pages only the first capture counts, the others are filed

SightingKey = tuple[str, int, str]  # moment, capture and parser version: which row of an article's
LAST_SEEN = "(select a.last_seen_at where exists (select 1 from sightings where article_id = a.id and not undated))"
"""SQL of when an article `a` was last seen; null of one that was only received undated."""


@dataclass(frozen=True, slots=True)
class SightingRow:
    """A row of `sightings`, but for its article and the revision that it belongs to."""

    captured_at: str
    capture_id: int
    parser_version: str
    state_id: int
    origin: str
    page: int | None = None
    reparse: str | None = None
    recorded_at: str | None = None  # this and the next two: of the ledger line that says it; of a revisit there is none
    digest: bytes | None = None
    previous_digest: bytes | None = None
    undated: bool = False  # nobody says when the capture was made: captured_at is when it was received
    replaces: bool = False  # a reading of the same capture by the same version

    @property
    def again(self) -> bool:
        """Whether another parser had read the capture before."""
        return self.origin == "reparse"

    @property
    def place(self) -> SightingKey:
        return self.captured_at, self.capture_id, self.parser_version


@dataclass(frozen=True, slots=True)
class StoredSighting(Sighting):
    """A sighting with its state's row, the revision that it belonged to so far, and the line that says it, if any."""

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
    """Enter sightings; a reading by a version that had read the capture before takes the place of that."""
    conn.executemany(
        """
        insert or replace into sightings (article_id, captured_at, capture_id, parser_version, state_id, origin, page,
                                          reparse, recorded_at, digest, previous_digest, undated)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            (
                article_id, *each.place, each.state_id, each.origin, each.page, each.reparse, each.recorded_at,
                each.digest, each.previous_digest, each.undated,
            )
            for each in filed
        ],
    )  # fmt: skip


def readings_of(conn: sqlite3.Connection, capture_id: int) -> list[SightingRow]:
    """What the parser versions read from a capture."""
    rows = conn.execute(
        f"""
        select captured_at, capture_id, parser_version, state_id, origin, page, reparse, recorded_at, digest,
               previous_digest, undated
          from sightings where capture_id = ? and {FIRST}
        """,
        (capture_id,),
    )
    return [SightingRow(*row) for row in rows]


def sightings_of(conn: sqlite3.Connection, article_id: int) -> list[StoredSighting]:
    """What an article's revisions follow from."""
    rows = conn.execute(
        """
        select g.captured_at, g.capture_id, s.content_digest, g.parser_version, c.crawl_id is null,
               g.origin = 'reparse', g.undated, g.state_id, g.revision_id, g.page, g.recorded_at, g.digest,
               g.previous_digest
          from sightings g join states s on s.id = g.state_id join captures c on c.id = g.capture_id
         where g.article_id = ? and (g.page is null or g.page = 1)
        """,
        (article_id,),
    )
    return [StoredSighting(*row) for row in rows]


def newest_before(conn: sqlite3.Connection, article_id: int, filed: SightingRow) -> dict[str, tuple[int, int]]:
    """State and revision that each parser version read from the newest other dated capture, if this one is newer.

    Empty when it is not, or when two came in the same second.
    """
    rows = conn.execute(
        f"""
        select captured_at, capture_id, parser_version, state_id, revision_id from sightings
         where article_id = ? and capture_id <> ? and not undated and {FIRST}
         order by captured_at desc, capture_id desc, parser_version desc
        """,
        (article_id, filed.capture_id),
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
    """A sighting next to another one: its state, its revision, and the run that the revision is of."""

    state_id: int
    revision_id: int
    run: int


def beside(
    conn: sqlite3.Connection, article_id: int, filed: SightingRow
) -> tuple[Neighbouring | None, Neighbouring | None]:
    """What another version read from the same capture, and the same version from the newest capture before it.

    Nothing is known of the first where another capture came in the same second: which is first takes all rules.
    """
    places = (
        "g.captured_at = :at and g.capture_id = :capture and g.parser_version <> :version",
        "g.captured_at < :at and g.parser_version = :version order by g.captured_at desc, g.capture_id desc",
    )
    values = {"article": article_id, "at": filed.captured_at, "capture": filed.capture_id,
              "version": filed.parser_version}  # fmt: skip
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
    """How many parser versions have read the capture of a sighting."""
    sql = "select count(*) from sightings where article_id = ? and captured_at = ? and capture_id = ?"
    return int(conn.execute(sql, (article_id, filed.captured_at, filed.capture_id)).fetchone()[0])


def has_undated(conn: sqlite3.Connection, article_id: int) -> bool:
    """True if an article was also received in captures that state no moment."""
    # SQLite would walk the article's whole history: it thinks the primary key is as good.
    sql = "select 1 from sightings indexed by sightings_undated where article_id = ? and undated limit 1"
    return conn.execute(sql, (article_id,)).fetchone() is not None


def assign(conn: sqlite3.Connection, article_id: int, belongs: Iterable[tuple[SightingKey, int]]) -> None:
    """Say to which revision sightings belong."""
    conn.executemany(
        """
        update sightings set revision_id = ?
         where article_id = ? and captured_at = ? and capture_id = ? and parser_version = ?
        """,
        [(revision_id, article_id, *place) for place, revision_id in belongs],
    )


def assign_pages(conn: sqlite3.Connection, article_id: int) -> None:
    """A further page belongs where the first page of its line does."""
    firsts = conn.execute("select digest, revision_id from sightings where article_id = ? and page = 1", (article_id,))
    belongs = dict(firsts.fetchall())
    rows = conn.execute(
        "select captured_at, capture_id, parser_version, digest from sightings where article_id = ? and page > 1",
        (article_id,),
    )
    assign(conn, article_id, [(tuple(place), belongs[digest]) for *place, digest in rows.fetchall()])


def in_bytes(digest: str | None) -> bytes | None:
    """A digest as it is stored beside each sighting: 32 bytes."""
    return bytes.fromhex(digest.removeprefix("sha256:")) if digest else None


def in_words(digest: bytes | None) -> str | None:
    """A digest as the ledger writes it."""
    return f"sha256:{digest.hex()}" if digest else None


def note_seen(conn: Connection, article_id: int, seen: CaptureRow, undated: bool) -> None:
    """A capture of an article was filed: the article was there at that moment, and at that address."""
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
        note_address(conn, seen.source, urlkey, article_id, seen.url, seen.captured_at)


def settle_seen(conn: Connection, article_id: int) -> None:
    """Set when an article was first and last seen by all its sightings.

    What was received undated says nothing of when an article was there. Only where there is nothing else, the moments
    are those at which it was received.
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
