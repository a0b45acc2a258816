"""Take back the readings of one reparse; everything is as before it."""

from pathlib import Path

from archive.history.hiding import settle_hiding
from archive.history.listed import settle_section
from archive.history.rebuild_revisions import arrange
from archive.history.sightings import settle_seen
from archive.history.states import Texts, drop_unseen_states, forget_text
from archive.rows import Connection, delete_corrections, replace_parts, settle_addresses
from archive.rules import version_order
from parsers.article import Article


def take_back_readings(conn: Connection, folder: Path, reparse: str, source: str) -> None:
    """Take back a reparse's readings of a source's captures; an article without other readings goes too.

    folder: of the captures, as an article is shown again if it was hidden for a text that it has no more.
    """
    captures = conn.execute(
        """
        select distinct g.article_id, g.capture_id, c.urlkey from sightings g
          join captures c on c.id = g.capture_id
         where g.reparse = ? and c.source = ?
        """,
        (reparse, source),
    ).fetchall()
    _forget_events(conn, reparse, source)
    for article_id in sorted({article_id for article_id, _, _ in captures}):
        conn.execute("delete from sightings where article_id = ? and reparse = ?", (article_id, reparse))
        if conn.execute("select 1 from sightings where article_id = ?", (article_id,)).fetchone():
            _as_before(conn, article_id)
        else:
            _forget_article(conn, article_id)
        settle_hiding(conn, folder, article_id)
    settle_addresses(conn, source, sorted({urlkey for _, _, urlkey in captures}))
    for _, capture_id, _ in captures:
        _note_newest_reader(conn, capture_id)


def _forget_events(conn: Connection, reparse: str, source: str) -> None:
    conn.execute(
        """
        delete from events where kind = 'reparsed' and source = ? and digest in (
            select 'sha256:' || lower(hex(digest)) from sightings where reparse = ? and digest is not null)
        """,
        (source, reparse),
    )


def _as_before(conn: Connection, article_id: int) -> None:
    arrange(conn, article_id, Texts(conn))
    settle_seen(conn, article_id)
    settle_section(conn, article_id)
    drop_unseen_states(conn, article_id)


def _forget_article(conn: Connection, article_id: int) -> None:
    (place,) = conn.execute("select search_id from articles where id = ?", (article_id,)).fetchone()
    conn.index_later("article_words", place)
    for (state_id,) in conn.execute("select id from states where article_id = ?", (article_id,)).fetchall():
        forget_text(conn, state_id)
    replace_parts(conn, article_id, Article(""), "")
    of_it = "select id from revision_records where article_id = ?"
    conn.execute(f"delete from change_records where revision_id in ({of_it})", (article_id,))
    conn.execute("delete from events where article_id = ?", (article_id,))
    conn.execute("delete from probes where article_id = ?", (article_id,))
    conn.execute("delete from revision_records where article_id = ?", (article_id,))
    urlkeys = conn.execute("select source, urlkey from addresses where article_id = ?", (article_id,)).fetchall()
    conn.execute("delete from addresses where article_id = ?", (article_id,))
    for source, urlkey in urlkeys:  # another article may have been seen there later
        settle_addresses(conn, source, [urlkey])
    conn.execute("delete from states where article_id = ?", (article_id,))
    conn.execute("delete from other_conversions where article_id = ?", (article_id,))
    delete_corrections(conn, article_id)
    conn.execute("delete from keys where article_id = ?", (article_id,))
    conn.execute("delete from articles where id = ?", (article_id,))


def _note_newest_reader(conn: Connection, capture_id: int) -> None:
    """Make a capture with a verdict an `article`, read by the newest parser version whose reading is left.

    Nothing changes if no reading is left.
    """
    rows = conn.execute("select parser_version from sightings where capture_id = ?", (capture_id,)).fetchall()
    if rows:
        newest = max((version for (version,) in rows), key=version_order)
        conn.execute(
            "update captures set parser_version = ?, verdict = 'article', parse_error = null"
            " where id = ? and verdict is not null",
            (newest, capture_id),
        )
