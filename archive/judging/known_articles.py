"""Find the article that is known at an address, or that moved there from another one."""

from typing import NamedTuple

from archive.history import state_id_of
from archive.judging.reading import Whence
from archive.judging.runs import Session
from archive.rows import known_key, plainly_known
from archive.rules import ArticleState, adds_query, has_identity, is_same_path, key_of
from parsers.urls import without_parameters


class KnownArticle(NamedTuple):
    """An article in the archive: its row id, and the key of the address or text by which it was found."""

    id: int
    key: str


def article_at(session: Session, url: str) -> KnownArticle | None:
    """The article known under a url in this source, or None. Raises ValueError for an invalid address.

    If the source drops parameters, also one that is known under the url without or with them.
    """
    source = session.source
    found = _known_at(session, url)
    if found is None and source.drop_parameters:
        plain = without_parameters(url, source.drop_parameters)
        found = _known_at(session, plain) or plainly_known(session.conn, source.name, key_of(plain))
    return KnownArticle(*found) if found else None


def _known_at(session: Session, url: str) -> tuple[int, str] | None:
    row: tuple[int, str] | None = session.conn.execute(
        """
        select d.article_id, k.key from addresses d join keys k on k.number = d.key_number
         where d.source = ? and d.urlkey = ?
        """,
        (session.source.name, key_of(url)),
    ).fetchone()
    return row


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
