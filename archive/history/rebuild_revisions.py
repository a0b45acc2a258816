"""Recompute an article's revisions from its sightings: append one when possible, else all of them anew."""

from archive.diffing import Significance
from archive.history.revision_rows import (
    COLUMNS,
    Changes,
    Revision,
    append_revision,
    insert_changes,
    insert_revision,
    renew_events,
    revision_of,
    stored_revisions,
    weight,
)
from archive.history.sightings import (
    SightingRow,
    StoredSighting,
    assign,
    assign_pages,
    beside,
    count_readings,
    has_undated,
    newest_before,
    sightings_of,
)
from archive.history.states import Texts, make_current
from archive.history.tombstones import settle_tombstone
from archive.rows import CaptureRow, Connection, has_several_keys, is_hidden
from archive.rules import HistoryRow, current, history, last_run, place


def appended(conn: Connection, article_id: int, filed: list[SightingRow], seen: CaptureRow, texts: Texts) -> bool:
    """Assign the new sightings of its key's newest capture to a revision by those of the one before; True if done.

    If its text is another, a revision is appended. False, with nothing written, if the whole history must be arranged:
    the capture is undated, not the newest, or was read before; a parser that read it did not read the one before; or
    its text is another, and the article has undated captures or several keys, or several parsers read these two.
    """
    own = filed[0]
    if own.undated:
        return False
    before = newest_before(conn, article_id, own)
    shown = [each for each in filed if each.page in (None, 1)]
    if not before or any(each.capture_id != own.capture_id for each in shown):
        return False
    if len(shown) < count_readings(conn, article_id, own):
        return False
    if all(before.get(each.parser_version, (None,))[0] == each.state_id for each in shown):
        belongs = {each.parser_version: before[each.parser_version][1] for each in shown}
    elif has_undated(conn, article_id) or has_several_keys(conn, article_id):
        return False
    elif len(shown) == 1 and not own.again and list(before) == [own.parser_version]:
        was, _ = before[own.parser_version]
        belongs = {own.parser_version: append_revision(conn, article_id, own, was, texts.changes(was, own.state_id))}
        make_current(conn, article_id, texts, own.state_id, own.captured_at, seen.url)
    else:
        return False
    assign(conn, article_id, [(each.place, belongs[each.parser_version]) for each in filed])
    return True


def read_alike(conn: Connection, article_id: int, filed: list[SightingRow]) -> bool:
    """Assign further readings to the revisions of equal readings; True if done, False with nothing written.

    Each must equal the same parser's reading of the capture before it, and both captures must be of one run: captures
    in a row that show one text. Then it changes no revision. Readings that replace one, of undated captures, and of
    articles in pages are not settled so. Without this, a parser that reads ten years of daily captures again would
    arrange the whole history for each.
    """
    belongs = []
    for each in filed:
        if each.page is not None or not each.again or each.replaces or each.undated:
            return False
        own, before = beside(conn, article_id, each)
        if own is None or before is None or (before.state_id, before.run) != (each.state_id, own.run):
            return False
        belongs.append((each.place, before.revision_id))
    assign(conn, article_id, belongs)
    return True


def arrange(conn: Connection, article_id: int, texts: Texts) -> None:
    """Recompute revisions, events and current text from all sightings; a row that stays the same is not written.

    A hidden article has no revisions: they follow when it is shown again.
    """
    if is_hidden(conn, article_id):
        settle_tombstone(conn, article_id)
        return
    stood = stored_revisions(conn, article_id)
    known = {(each.before_id, each.after_id): each.significance for each in stood.values()}
    _arrange(conn, article_id, texts, stood, known)


def arrange_anew(conn: Connection, article_id: int) -> None:
    """Recompute all as `arrange` does, and weigh every change again by today's rule of significance."""
    texts, stood = Texts(conn), stored_revisions(conn, article_id)
    _arrange(conn, article_id, texts, stood, {})
    for revision_id, revision in stored_revisions(conn, article_id).items():
        conn.execute("delete from change_records where revision_id = ?", (revision_id,))
        insert_changes(conn, revision_id, _changes(texts, revision))


def _arrange(
    conn: Connection,
    article_id: int,
    texts: Texts,
    stood: dict[int, Revision],
    weights: dict[tuple[int | None, int | None], Significance],
) -> None:

    def is_cosmetic(before: StoredSighting, after: StoredSighting) -> bool:
        pair = before.state_id, after.state_id
        if pair not in weights:
            weights[pair] = weight(texts.changes(*pair))
        return weights[pair] == "cosmetic"

    rows = history(sightings_of(conn, article_id), is_cosmetic)
    revisions = [revision_of(position, row) for position, row in enumerate(rows)]
    ids = _entered(conn, article_id, stood, revisions, texts)
    _assign(conn, article_id, ids, rows)
    renew_events(conn, article_id, ids, rows, revisions)
    _drop(conn, stood.keys() - set(ids))
    _show(conn, article_id, rows, texts)
    count = sum(revision.number is not None for revision in revisions)
    conn.execute("update articles set revisions = ?1 where id = ?2 and revisions <> ?1", (count, article_id))


def _entered(
    conn: Connection, article_id: int, stood: dict[int, Revision], revisions: list[Revision], texts: Texts
) -> list[int]:
    """Enter the revisions that differ from the stored rows; returns the row ids of all revisions, in their order."""
    kept = _matched(stood, revisions)
    ids: list[int] = []
    for old, revision in zip(kept, revisions, strict=True):
        if old is None:
            ids.append(insert_revision(conn, article_id, revision, _changes(texts, revision)))
        else:
            _renew(conn, old, stood[old], revision, texts)
            ids.append(old)
    return ids


def _matched(stood: dict[int, Revision], revisions: list[Revision]) -> list[int | None]:
    """The id of the stored row of each revision: of the same capture and text, else of the same text; None if new."""
    free = dict(stood)
    found: dict[int, int] = {}
    for alike in (_capture_and_state, _state):
        waiting = {alike(each): old for old, each in reversed(free.items())}
        for position, revision in enumerate(revisions):
            if position not in found and (old := waiting.pop(alike(revision), None)) is not None:
                found[position] = old
                del free[old]
    return [found.get(position) for position in range(len(revisions))]


def _capture_and_state(revision: Revision) -> tuple[int, int]:
    return revision.capture_id, revision.state_id


def _state(revision: Revision) -> tuple[int, int]:
    return 0, revision.state_id


def _renew(conn: Connection, old: int, stood: Revision, revision: Revision, texts: Texts) -> None:
    if stood == revision:
        return
    assignments = ", ".join(f"{name} = ?" for name in COLUMNS)
    conn.execute(f"update revision_records set {assignments} where id = ?", (*revision, old))
    if (stood.before_id, stood.after_id) != (revision.before_id, revision.after_id):
        conn.execute("delete from change_records where revision_id = ?", (old,))
        insert_changes(conn, old, _changes(texts, revision))


def _changes(texts: Texts, revision: Revision) -> Changes:
    if revision.before_id is None or revision.after_id is None:
        return ()
    return texts.changes(revision.before_id, revision.after_id)


def _assign(conn: Connection, article_id: int, ids: list[int], rows: list[HistoryRow[StoredSighting]]) -> None:
    """Store for the sightings of each row the id of its revision: ids[i] is that of rows[i]."""
    every = [(each, revision_id) for revision_id, row in zip(ids, rows, strict=True) for each in row.sightings]
    assign(conn, article_id, [(each.place, new) for each, new in every if each.revision_id != new])
    if any(each.page for each, _ in every):
        assign_pages(conn, article_id)


def _drop(conn: Connection, revisions: set[int]) -> None:
    for revision_id in revisions:
        conn.execute("delete from change_records where revision_id = ?", (revision_id,))
        conn.execute("delete from revision_records where id = ?", (revision_id,))


def _show(conn: Connection, article_id: int, rows: list[HistoryRow[StoredSighting]], texts: Texts) -> None:
    """Show the newest parser's text of the last run, with the moment and the address at which that run began."""
    first = min(last_run(rows), key=place)
    (url,) = conn.execute("select url from captures where id = ?", (first.capture,)).fetchone()
    make_current(conn, article_id, texts, current(rows).state_id, first.captured_at, url)
