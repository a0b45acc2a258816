"""Turn sightings from ledger lines into articles and revisions; the order in which lines come makes no difference."""

import sqlite3
from dataclasses import replace
from typing import Any

from archive.history.hidden_links import blank_links
from archive.history.hiding import hide_alike
from archive.history.other_conversions import note_conversion
from archive.history.rebuild_revisions import appended, arrange, read_alike
from archive.history.revision_rows import first_revision
from archive.history.sighting_rows import ReadCapture, file_reading, file_revisit
from archive.history.sightings import SightingRow, assign
from archive.history.states import MadeState, Texts, article_in, current_state, insert_state, state_id_of, store_text
from archive.history.tombstones import settle_tombstone
from archive.rows import (
    CaptureRow,
    Connection,
    Unproved,
    add_key,
    article_row,
    current_article,
    insert_parts,
    inserted,
    is_hidden,
)
from archive.rules import key_of
from archive.search import search_id
from parsers.article import Article, to_json


def add_article(conn: Connection, key: str, made: MadeState, read: ReadCapture) -> int | None:
    """Add an article: its row, first revision, parts and search index. Returns the revision id.

    None if it is hidden, since it has the text of a hidden one.
    """
    article, seen = made.state.article, read.seen
    row = article_row(article)
    row |= {
        "key": key,
        "source": seen.source,
        "url": seen.url,
        "first_seen_at": seen.captured_at,
        "last_seen_at": seen.captured_at,
        "shown_at": seen.captured_at,
        "revisions": 1,
        "content_digest": made.state.digest,
        "search_id": search_id(conn, row["date_published_utc"]),
    }
    article_id = inserted(conn, "articles", row)
    number = add_key(conn, key, article_id, seen.source)
    read = replace(read, key_number=number)
    insert_parts(conn, article_id, article, seen.captured_at)
    conn.index_later("article_words", row["search_id"], made.state.index)
    state_id = insert_state(conn, article_id, made, number)
    filed = file_reading(conn, article_id, state_id, read)
    revision_id = first_revision(conn, article_id, filed[0])
    assign(conn, article_id, [(each.place, revision_id) for each in filed])
    return _unless_hidden(conn, article_id, revision_id, made.state.digest, read)


def add_state(conn: Connection, article_id: int, made: MadeState, read: ReadCapture) -> int | None:
    """Add a capture that shows a known article in this state, a new one or one that it had before.

    Returns the id of the revision to which the capture belongs; None if the article is hidden.
    """
    known = state_id_of(conn, article_id, made.state.digest)
    number = read.key_number
    assert number is not None
    if known is not None:
        note_conversion(conn, known, made, number)
        revision_id = _add(conn, article_id, known, read, Texts(conn))
        return _unless_hidden(conn, article_id, revision_id, made.state.digest, read)
    state_id = insert_state(conn, article_id, made, number)
    texts = Texts(conn, {state_id: made.state.article})
    revision_id = _add(conn, article_id, state_id, read, texts)
    if not is_hidden(conn, article_id) and current_state(conn, article_id) != state_id:
        store_text(conn, article_id, state_id, made.state.article)
    return _unless_hidden(conn, article_id, revision_id, made.state.digest, read)


def add_sighting(conn: Connection, article_id: int, digest: str, read: ReadCapture) -> int | None:
    """Add one more capture of a known state, or one more reading of a capture.

    Returns the revision id; None if the article is hidden. Raises Unproved if it has no state with this digest.
    """
    state_id = state_id_of(conn, article_id, digest)
    if state_id is None:
        raise Unproved(f"the article has no state {digest}")
    revision_id = _add(conn, article_id, state_id, read, Texts(conn))
    return _unless_hidden(conn, article_id, revision_id, digest, read)


def sight_again(conn: Connection, refers_to: str, seen: CaptureRow) -> int | None:
    """Add a revisit as showing what its earlier capture shows; returns the article's row id.

    refers_to: the record id of the earlier capture. None, with nothing added, if that shows no article.
    """
    found = file_revisit(conn, refers_to, seen)
    if found is None:
        return None
    article_id, filed = found
    if is_hidden(conn, article_id):
        _add_hidden(conn, article_id, seen)
    elif not appended(conn, article_id, filed, seen, Texts(conn)):
        arrange(conn, article_id, Texts(conn))
    return article_id


def article_json(conn: sqlite3.Connection, article_id: int, state_id: int | None = None) -> dict[str, Any]:
    """The article as a flat dict of JSON values: `key`, `state`, `url` and its properties by name.

    They are those of the current text, or of the state `state_id`; `state` (its standing, such as "live") and `url` are
    today's in both cases. The current article has a list's section if its page names none; with `state_id`, it has only
    that of the text. Links to hidden articles are left out.
    """
    key, state, url, section = conn.execute(
        "select key, state, url, article_section from articles where id = ?", (article_id,)
    ).fetchone()
    if state_id is not None:
        return {"key": key, "state": state, "url": url, **_told(article_in(conn, state_id))}
    article = _told(current_article(conn, article_id))
    return {"key": key, "state": state, "url": url, **article, "article_section": section}


def _unless_hidden(
    conn: Connection, article_id: int, revision_id: int | None, content_digest: str, read: ReadCapture
) -> int | None:
    captures = [each.capture_id for each in (read.seen, *read.pages)]
    hide_alike(conn, article_id, content_digest, captures)
    return None if is_hidden(conn, article_id) else revision_id


def _told(article: Article) -> dict[str, Any]:
    return to_json(replace(article, related=tuple(link for link in article.related if link.headline)))


def _add(conn: Connection, article_id: int, state_id: int, read: ReadCapture, texts: Texts) -> int | None:
    filed = file_reading(conn, article_id, state_id, read)
    if is_hidden(conn, article_id):
        _add_hidden(conn, article_id, read.seen)
        return None
    if not appended(conn, article_id, filed, read.seen, texts) and not read_alike(conn, article_id, filed):
        arrange(conn, article_id, texts)
    return _revision_of(conn, article_id, filed[0])


def _add_hidden(conn: Connection, article_id: int, seen: CaptureRow) -> None:
    settle_tombstone(conn, article_id)
    row = conn.execute(
        "select 1 from addresses where source = ? and urlkey = ? and first_seen_at < ?",
        (seen.source, key_of(seen.url), seen.captured_at),
    ).fetchone()
    if row is None:  # a new address of the hidden article
        blank_links(conn, {key_of(seen.url)})


def _revision_of(conn: Connection, article_id: int, filed: SightingRow) -> int:
    (revision_id,) = conn.execute(
        """
        select revision_id from sightings
         where article_id = ? and captured_at = ? and capture_id = ? and parser_version = ?
        """,
        (article_id, *filed.place),
    ).fetchone()
    return int(revision_id)
