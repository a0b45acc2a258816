"""The rows of revisions: the texts compared, the properties that differ, and the events `new` and `edited`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from archive.diffing import Significance
from archive.files import canonical
from archive.history.sightings import SightingRow, StoredSighting, in_words
from archive.rows import Connection, inserted
from archive.rules import HistoryRow

OF_REVISIONS = ("new", "edited")  # kinds of events: the first numbered revision, and each later one
Changes = Sequence[tuple[str, Significance]]


class Numbered(Protocol):
    """Any object with the fields of a revision from which its event is made, such as a `Revision`."""

    @property
    def number(self) -> int | None: ...
    @property
    def captured_at(self) -> str: ...
    @property
    def recorded_at(self) -> str: ...
    @property
    def state_id(self) -> int: ...
    @property
    def origin(self) -> str: ...
    @property
    def parser_version(self) -> str: ...


class SightingLine(Protocol):
    """The properties of a sighting that its event needs; without a ledger line, both digests are missing (None).

    again: True for a further reading of a capture. page: 1 for the first page of an article in pages, None for an
    article on one page.
    """

    @property
    def again(self) -> bool: ...
    @property
    def page(self) -> int | None: ...
    @property
    def digest(self) -> bytes | None: ...
    @property
    def previous_digest(self) -> bytes | None: ...


class _Event(NamedTuple):
    """A row of `events` without its id, article and source."""

    kind: str
    at: str
    recorded_at: str
    revision_id: int
    detail: str
    digest: str | None
    previous_digest: str | None


def enter_event(conn: Connection, article_id: int, revision_id: int, revision: Numbered, said: SightingLine) -> None:
    """Enter the event of a numbered revision: `new` for number 1, else `edited`."""
    _insert(conn, article_id, [_event(conn, article_id, revision_id, revision, said)])


def renew_events(
    conn: Connection,
    article_id: int,
    ids: Sequence[int],
    rows: Sequence[HistoryRow[StoredSighting]],
    revisions: Sequence[Numbered],
) -> None:
    """Make an article's events `new` and `edited` those of its numbered revisions.

    An event of the same line and moment keeps its row. Each `reparsed` event is made to name the revision to which its
    sighting belongs now.
    """
    told = [
        _event(conn, article_id, revision_id, revision, row.first)
        for revision_id, row, revision in zip(ids, rows, revisions, strict=True)
        if revision.number
    ]
    free = _standing(conn, article_id)
    new: list[_Event] = []
    for event in told:
        if same := free[event.digest, event.at]:
            _renew(conn, *same.pop(0), event)
        else:
            new.append(event)
    gone = [event_id for events in free.values() for event_id, _ in events]
    conn.executemany("delete from events where id = ?", [(event_id,) for event_id in gone])
    _insert(conn, article_id, new)
    _point_anew(conn, article_id, ids, rows)


def _event(conn: Connection, article_id: int, revision_id: int, revision: Numbered, said: SightingLine) -> _Event:
    (conversion,) = conn.execute("select conversion_id from states where id = ?", (revision.state_id,)).fetchone()
    detail = {"conversion": conversion, "origin": revision.origin, "parser_version": revision.parser_version}
    if said.page:
        detail["pages"] = _further_pages(conn, article_id, said.digest)
    lines = (None, None) if said.again else (said.digest, said.previous_digest)  # that line has its own event
    return _Event(
        "new" if revision.number == 1 else "edited", revision.captured_at, revision.recorded_at, revision_id,
        canonical(detail), *map(in_words, lines),
    )  # fmt: skip


def _further_pages(conn: Connection, article_id: int, line: bytes | None) -> list[dict[str, str]]:
    rows = conn.execute(
        """
        select c.record_id, c.payload_digest from sightings g join captures c on c.id = g.capture_id
         where g.article_id = ? and g.digest = ? and g.page > 1 order by g.page
        """,
        (article_id, line),
    )
    return [{"record_id": record_id, "payload_digest": digest} for record_id, digest in rows]


def _insert(conn: Connection, article_id: int, events: Iterable[_Event]) -> None:
    conn.executemany(
        """
        insert into events (article_id, source, kind, at, recorded_at, revision_id, detail, digest, previous_digest)
        select ?1, c.source, ?2, ?3, ?4, ?5, ?6, ?7, ?8
          from revision_records r join captures c on c.id = r.capture_id where r.id = ?5
        """,
        [(article_id, *event) for event in events],
    )


def _standing(conn: Connection, article_id: int) -> defaultdict[tuple[str | None, str], list[tuple[int, _Event]]]:
    found: defaultdict[tuple[str | None, str], list[tuple[int, _Event]]] = defaultdict(list)
    rows = conn.execute(
        f"""
        select id, kind, at, recorded_at, revision_id, detail, digest, previous_digest from events
         where article_id = ? and kind in {OF_REVISIONS} order by id
        """,
        (article_id,),
    )
    for event_id, *row in rows.fetchall():
        event = _Event(*row)
        found[event.digest, event.at].append((event_id, event))
    return found


def _renew(conn: Connection, event_id: int, stood: _Event, event: _Event) -> None:
    if stood != event:
        conn.execute(
            "update events set kind = ?, recorded_at = ?, revision_id = ?, detail = ? where id = ?",
            (event.kind, event.recorded_at, event.revision_id, event.detail, event_id),
        )


def _point_anew(
    conn: Connection, article_id: int, ids: Sequence[int], rows: Sequence[HistoryRow[StoredSighting]]
) -> None:
    """Let each `reparsed` event name the revision to which its sighting belongs now."""
    belongs = {
        in_words(each.digest): revision_id
        for revision_id, row in zip(ids, rows, strict=True)
        for each in row.sightings
        if each.digest
    }
    events = conn.execute("select id, digest from events where article_id = ? and kind = 'reparsed'", (article_id,))
    conn.executemany(
        "update events set revision_id = ? where id = ?",
        [(belongs.get(digest), event_id) for event_id, digest in events.fetchall()],
    )


class Revision(NamedTuple):
    """A row of `revision_records` without its id and its article."""

    position: int  # in the article's history, from 0
    run: int  # below 0: of undated captures
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


MAX_CHANGES = 100  # ids follow from the revision's, so recomputing keeps them
COLUMNS = Revision._fields


def weight(changes: Changes) -> Significance:
    """ "substantive" if the change of one of these properties is, else "cosmetic", also for no change."""
    return "substantive" if any(significance == "substantive" for _, significance in changes) else "cosmetic"


def revision_of(position: int, row: HistoryRow[StoredSighting]) -> Revision:
    """The revision for a row of the history."""
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
    """An article's stored revisions by row id, in the order of its history."""
    sql = f"select id, {', '.join(COLUMNS)} from revision_records where article_id = ? order by position"
    return {revision_id: Revision(*row) for revision_id, *row in conn.execute(sql, (article_id,)).fetchall()}


def first_revision(conn: Connection, article_id: int, filed: SightingRow) -> int:
    """Enter the only revision of an article that was just seen for the first time. Returns its id."""
    run = -1 if filed.undated else 0
    return _append(conn, article_id, Revision(0, run, 1, *_evidence(filed), "substantive", None, None), filed, ())


def append_revision(conn: Connection, article_id: int, filed: SightingRow, was: int, changes: Changes) -> int:
    """Enter one more revision after all others: the site changed its text. Returns its id.

    was: the id of the state before. The revision gets a number and an event only if one of the changes is substantive.
    """
    position, run = conn.execute(
        "select position, run from revision_records where article_id = ? order by position desc limit 1", (article_id,)
    ).fetchone()
    (count,) = conn.execute("select revisions from articles where id = ?", (article_id,)).fetchone()
    means = weight(changes)
    number = count + 1 if means == "substantive" else None
    if number:
        conn.execute("update articles set revisions = ? where id = ?", (number, article_id))
    revision = Revision(position + 1, run + 1, number, *_evidence(filed), means, was, filed.state_id)
    return _append(conn, article_id, revision, filed, changes)


def insert_revision(conn: Connection, article_id: int, revision: Revision, changes: Changes) -> int:
    """Enter a revision and the properties that it changed. Returns its id."""
    revision_id = inserted(conn, "revision_records", {"article_id": article_id, **revision._asdict()})
    insert_changes(conn, revision_id, changes)
    return revision_id


def insert_changes(conn: Connection, revision_id: int, changes: Changes) -> None:
    """Enter the properties that a revision changed; their texts stay with the states."""
    conn.executemany(
        "insert into change_records (id, revision_id, property, significance) values (?, ?, ?, ?)",
        [
            (MAX_CHANGES * revision_id + place, revision_id, name, significance)
            for place, (name, significance) in enumerate(changes)
        ],
    )


def _append(conn: Connection, article_id: int, revision: Revision, filed: SightingRow, changes: Changes) -> int:
    revision_id = insert_revision(conn, article_id, revision, changes)
    if revision.number:
        enter_event(conn, article_id, revision_id, revision, filed)
    return revision_id


def _evidence(filed: SightingRow) -> tuple[str, str, int, int, str, str]:
    """The fields `captured_at` to `parser_version` of `Revision`, from its first sighting."""
    at = filed.captured_at
    return at, filed.recorded_at or at, filed.capture_id, filed.state_id, filed.origin, filed.parser_version
