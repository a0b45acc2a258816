"""Find the article that is known at an address, or that moved there from another one."""

from typing import NamedTuple

from archive.history import state_id_of
from archive.judging.reading import Whence
from archive.judging.runs import Session
from archive.rows import known_key
from archive.rules import ArticleState, adds_query, has_identity, is_same_path, key_of


class KnownArticle(NamedTuple):
    """An article in the archive: its row id, and the key of the address or text by which it was found."""

    id: int
    key: str


def article_at(session: Session, url: str) -> KnownArticle | None:
    """The article known under a url in this source, or None. Raises ValueError for an invalid address."""
    row = session.conn.execute(
        """
        select d.article_id, k.key from addresses d join keys k on k.number = d.key_number
         where d.source = ? and d.urlkey = ?
        """,
        (session.source.name, key_of(url)),
    ).fetchone()
    return KnownArticle(*row) if row else None


def article_with(session: Session, key: str) -> KnownArticle | None:
    """The article that has a key, or None."""
    known = known_key(session.conn, key)
    return KnownArticle(known.article_id, key) if known else None


def moved_to(session: Session, url: str, whence: Whence, state: ArticleState) -> KnownArticle | None:
    """The article that moved to this unknown address from another one, or None.

    If the address requested (`whence.sought`) redirected here and equals this address in path and query, or lacks only
    its query: the article known there. Otherwise the article that had this very text at the same path of another host
    (`whence.twins`). None if the page states an identity of its own, which decides instead.
    """
    if has_identity(state.article):
        return None
    sought = whence.sought
    if sought is not None and (is_same_path(sought, url) or adds_query(url, sought)):
        return article_at(session, sought)
    there = (article for twin in whence.twins if (article := article_at(session, twin)))
    return next((each for each in there if state_id_of(session.conn, each.id, state.digest) is not None), None)
