"""The rows of revisions: what each text was compared with, and what differs."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

from archive.diffing.significance import Significance
from archive.history.revision_events import tell
from archive.history.sightings import Filed, StoredSighting
from archive.rows.connection import Connection, inserted
from archive.rules.revision_sequence import HistoryRow

Changes = Sequence[tuple[str, Significance]]


@dataclass(frozen=True, slots=True)
class Revision:
    """A row of `revision_records`, but for its id and its article."""

    position: int  # in the article's history, from 0
    run: int  # below 0: of captures without a moment
    number: int | None
    captured_at: str
    recorded_at: str
    capture_id: int
    state_id: int
    origin: str
    parser_version: str
    significance: Significance
    before_id: int | None = None  # the states that were compared
    after_id: int | None = None


MOST_CHANGES = 100  # ids of changes follow from their revision's, however often that is worked out anew
COLUMNS = tuple(field.name for field in fields(Revision))


def weight(changes: Changes) -> Significance:
    """What a change means that touches these properties."""
    return "substantive" if any(significance == "substantive" for _, significance in changes) else "cosmetic"


def revision_of(position: int, row: HistoryRow[StoredSighting]) -> Revision:
    """The revision that a row of the history is."""
    first = row.first
    before, after = (each.state_id for each in row.compared) if row.compared else (None, None)
    return Revision(
        position, row.run, row.number, first.captured_at, first.recorded_at or first.captured_at, first.capture,
        first.state_id, _origin(row), first.parser_version,
        "cosmetic" if row.cosmetic else "substantive", before, after,
    )  # fmt: skip


def _origin(row: HistoryRow[StoredSighting]) -> str:
    if row.first.again or not (row.edit or row.undated):
        return "reparse"
    return "import" if row.first.imported else "site"


def stored_revisions(conn: Connection, article_id: int) -> dict[int, Revision]:
    """The revisions that stand, by their ids, in order."""
    sql = f"select id, {', '.join(COLUMNS)} from revision_records where article_id = ? order by position"
    return {revision_id: Revision(*row) for revision_id, *row in conn.execute(sql, (article_id,)).fetchall()}


def first_revision(conn: Connection, article_id: int, filed: Filed) -> int:
    """The only revision of an article that has just been seen for the first time. Returns its id."""
    run = -1 if filed.undated else 0
    return _append(conn, article_id, _appended(filed, 0, run, 1, "substantive"), filed, ())


def append_revision(conn: Connection, article_id: int, filed: Filed, was: int, changes: Changes) -> int:
    """One more revision behind all others: the site changed its text. Returns its id."""
    position, run = conn.execute(
        "select position, run from revision_records where article_id = ? order by position desc limit 1", (article_id,)
    ).fetchone()
    (count,) = conn.execute("select revisions from articles where id = ?", (article_id,)).fetchone()
    means = weight(changes)
    number = count + 1 if means == "substantive" else None
    if number:
        conn.execute("update articles set revisions = ? where id = ?", (number, article_id))
    revision = _appended(filed, position + 1, run + 1, number, means, was, filed.state_id)
    return _append(conn, article_id, revision, filed, changes)


def insert_revision(conn: Connection, article_id: int, revision: Revision, changes: Changes) -> int:
    """Enter a revision and the properties that it changed. Returns its id."""
    row = dict(zip(COLUMNS, astuple(revision), strict=True))
    revision_id = inserted(conn, "revision_records", {"article_id": article_id, **row})
    insert_changes(conn, revision_id, changes)
    return revision_id


def insert_changes(conn: Connection, revision_id: int, changes: Changes) -> None:
    """Enter which properties a revision changed; their texts stay where the states are."""
    conn.executemany(
        "insert into change_records (id, revision_id, property, significance) values (?, ?, ?, ?)",
        [
            (MOST_CHANGES * revision_id + place, revision_id, name, significance)
            for place, (name, significance) in enumerate(changes)
        ],
    )


def _append(conn: Connection, article_id: int, revision: Revision, filed: Filed, changes: Changes) -> int:
    revision_id = insert_revision(conn, article_id, revision, changes)
    if revision.number:
        tell(conn, article_id, revision_id, revision, filed)
    return revision_id


def _appended(
    filed: Filed,
    position: int,
    run: int,
    number: int | None,
    means: Significance,
    before: int | None = None,
    after: int | None = None,
) -> Revision:
    return Revision(
        position, run, number, filed.captured_at, filed.recorded_at or filed.captured_at, filed.capture_id,
        filed.state_id, filed.origin, filed.parser_version, means, before, after,
    )  # fmt: skip
