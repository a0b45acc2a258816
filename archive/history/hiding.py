"""Take the text of an article out of the database, and put it back from the records that keep it."""

from collections.abc import Iterable
from pathlib import Path

from archive.files import Home, value_text
from archive.history.conversions import kept_state
from archive.history.hidden_links import blank_links, restore_links, urlkeys_of
from archive.history.rebuild_revisions import arrange
from archive.history.revision_rows import OF_REVISIONS
from archive.history.states import Texts, forget_text, put_text, store_text
from archive.history.tombstones import settle_tombstone
from archive.rows import (
    Connection,
    are_hidden_digests,
    are_some_hidden,
    article_row,
    articles_with,
    blank_corrections,
    combine_standings,
    correction_digests,
    digests_in,
    enter_hidden_digests,
    hiding_act,
    is_hidden,
    replace_parts,
    settle_hidden_texts,
    spread_standing,
    was_seen_until,
    withdrawn_at,
)
from parsers.article import Article


def hide_alike(conn: Connection, article_id: int, content_digest: str, captures: Iterable[int]) -> None:
    """Hide an article to which these captures of a text were added, if the text or their bytes are hidden.

    If an act withdrew the article itself, those that have the same text or bytes are hidden, unless it came later.
    """
    if not are_some_hidden(conn):
        return
    digests = digests_in(conn, content_digest, captures)
    if until := withdrawn_at(conn, article_id):
        if was_seen_until(conn, captures, until):
            for each in articles_with(conn, enter_hidden_digests(conn, article_id, digests)):
                _hide(conn, each)
    elif are_hidden_digests(conn, digests):
        _hide(conn, article_id)


def settle_hiding(conn: Connection, folder: Path, article_id: int) -> None:
    """Hide or show an article, and those with a text of it, as acts and texts say now; it may be gone itself.

    folder: of the captures. Raises Unproved if a record that keeps a text is missing or altered.
    """
    if are_some_hidden(conn):
        for each in _concerned(conn, article_id):
            if hiding_act(conn, each) is None:
                reveal(conn, folder, each)
            else:
                _hide(conn, each)


def reveal(conn: Connection, folder: Path, article_id: int) -> None:
    """Put the texts of a hidden article back into the database; one that is not hidden stays as it is.

    Raises Unproved if a record that keeps a text is missing or altered.
    """
    if not is_hidden(conn, article_id):
        return
    texts = _kept_texts(conn, folder, article_id)
    ledger = Home(folder.parent).ledger
    values = [(value_text(ledger, digest), each) for each, digest in correction_digests(conn, article_id).items()]
    conn.executemany("update corrections set value = ? where id = ?", values)
    conn.execute("update articles set withdrawn_by = null where id = ?", (article_id,))
    conn.executemany(
        "update states set headline = ? where id = ?", [(text.headline, each) for each, text in texts.items()]
    )
    (shown_at,) = conn.execute("select shown_at from articles where id = ?", (article_id,)).fetchone()
    first, *others = texts
    put_text(conn, article_id, texts[first], first, {})
    replace_parts(conn, article_id, texts[first], shown_at)
    for state_id in others:
        store_text(conn, article_id, state_id, texts[state_id])
    arrange(conn, article_id, Texts(conn, texts))
    combine_standings(conn, article_id)
    restore_links(conn, folder, urlkeys_of(conn, article_id))


def headlines_of(conn: Connection, folder: Path, article_id: int) -> list[str]:
    """Every headline that an article has or had; those of a hidden one are read from the records of its texts.

    Raises Unproved if such a record is missing or altered.
    """
    if not is_hidden(conn, article_id):
        rows = conn.execute("select distinct headline from revisions where article_id = ?", (article_id,))
        return [headline for (headline,) in rows]
    return sorted({text.headline for text in _kept_texts(conn, folder, article_id).values()})


def _kept_texts(conn: Connection, folder: Path, article_id: int) -> dict[int, Article]:
    rows = conn.execute("select id, conversion_id, conversion_digest from states where article_id = ?", (article_id,))
    return {state_id: kept_state(conn, folder, *kept).article for state_id, *kept in rows.fetchall()}


def _concerned(conn: Connection, article_id: int) -> list[int]:
    changed = settle_hidden_texts(conn, article_id)
    there = conn.execute("select 1 from articles where id = ?", (article_id,)).fetchone()
    return sorted(articles_with(conn, changed) | ({article_id} if there else set()))


def _hide(conn: Connection, article_id: int) -> None:
    act = hiding_act(conn, article_id)
    if act is None:
        return
    if not is_hidden(conn, article_id):
        _blank(conn, article_id, act)
    conn.execute("update articles set withdrawn_by = ?1 where id = ?2 and withdrawn_by <> ?1", (act, article_id))


def _blank(conn: Connection, article_id: int, act: str) -> None:
    spread_standing(conn, article_id)
    for (state_id,) in conn.execute("select id from states where article_id = ?", (article_id,)).fetchall():
        forget_text(conn, state_id)
    replace_parts(conn, article_id, Article(""), "")
    _forget_revisions(conn, article_id)
    blank_corrections(conn, article_id)
    conn.execute("update states set headline = '' where article_id = ?", (article_id,))
    (place,) = conn.execute("select search_id from articles where id = ?", (article_id,)).fetchone()
    conn.index_later("article_words", place)
    row = article_row(Article("")) | {"content_digest": "", "revisions": 0, "withdrawn_by": act}
    assignments = ", ".join(f"{name} = :{name}" for name in row)
    conn.execute(f"update articles set {assignments} where id = :id", row | {"id": article_id})
    settle_tombstone(conn, article_id)
    combine_standings(conn, article_id)
    blank_links(conn, urlkeys_of(conn, article_id))


def _forget_revisions(conn: Connection, article_id: int) -> None:
    conn.execute(f"delete from events where article_id = ? and kind in {OF_REVISIONS}", (article_id,))
    conn.execute("update events set revision_id = null where article_id = ?", (article_id,))
    conn.execute("update sightings set revision_id = null where article_id = ?", (article_id,))
    of_it = "select id from revision_records where article_id = ?"
    conn.execute(f"delete from change_records where revision_id in ({of_it})", (article_id,))
    conn.execute("delete from revision_records where article_id = ?", (article_id,))
