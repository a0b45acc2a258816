"""Derive rows anew that follow from rules of an earlier version."""

import logging
import sqlite3
from collections.abc import Callable

from archive.files import REINDEX, SCHEDULER, Home, all_locked
from archive.history import Texts, arrange, arrange_anew, settle_seen
from archive.rows import Archive, Connection, chain_names, key_or_url, link_key, make_addresses, rekey_frontier
from archive.rules import IN_WORDS, RULES, Rule, outdated
from archive.search import reindex

logger = logging.getLogger(__name__)

ARTICLES_PER_TRANSACTION = 200  # per transaction, so that other writers wait less than a second


def derive(archive: Archive) -> None:
    """Bring the rows to today's rules, one rule after the other; a rule cut short by a kill begins again.

    Readers may go on. Raises Locked while a process writes, as it may be of an earlier version.
    """
    if not (names := outdated(archive.conn)):
        return
    with all_locked(archive.home, _writers(archive.home)):
        if archive.conn.execute("select 1 from captures limit 1").fetchone():
            said = ", ".join(IN_WORDS[name] for name in names)
            logger.warning("archive.db is being updated to the rules of this version: %s", said)
        for name in names:
            DERIVING[name](archive.conn)
            archive.conn.execute("insert or replace into rules values (?, ?)", (name, RULES[name]))


def _writers(home: Home) -> list[str]:
    """The names of all writers' locks: every chain's, those of sources without a chain yet, and the reindexing's."""
    held = {path.stem for path in home.locks.glob("*.lock")} - {SCHEDULER}
    return sorted({*chain_names(home), *held, REINDEX})


def _weigh_anew(conn: Connection) -> None:
    """Decide again for every change if it is substantive; only articles with several revisions have changes."""
    sql = "select article_id from revision_records where article_id > ? group by 1 having count(*) > 1 limit ?"
    _each(conn, sql, arrange_anew)


def _date_anew(conn: Connection) -> None:
    """Recompute the articles that have undated captures: by today's rule such captures give no date."""
    _each(
        conn, "select distinct article_id from sightings where undated and article_id > ? order by 1 limit ?", _settle
    )


def _settle(conn: Connection, article_id: int) -> None:
    arrange(conn, article_id, Texts(conn))
    settle_seen(conn, article_id)


def _each(conn: Connection, sql: str, settle: Callable[[Connection, int], None]) -> None:
    """Apply `settle` to each article that a query finds, a batch per transaction.

    sql: gives ids above its first parameter in rising order, at most as many as its second.
    """
    last = 0
    while articles := [article_id for (article_id,) in conn.execute(sql, (last, ARTICLES_PER_TRANSACTION)).fetchall()]:
        conn.execute("begin immediate")
        try:
            for article_id in articles:
                settle(conn, article_id)
            conn.commit_group()
        except BaseException:
            conn.abandon_group()
            raise
        last = articles[-1]


def _index_anew(conn: Connection) -> None:
    reindex(conn)


def _identify_anew(conn: Connection) -> None:
    conn.execute("pragma temp_store = file")  # it sorts the sightings of all addresses
    conn.execute("begin immediate")
    try:
        rekey(conn)
        conn.commit_group()
    except BaseException:
        conn.abandon_group()
        raise
    finally:
        conn.execute("pragma temp_store = memory")  # the setting of writers


DERIVING: dict[Rule, Callable[[Connection], None]] = {
    "significance": _weigh_anew, "words": _index_anew, "identity": _identify_anew, "dating": _date_anew,
}  # fmt: skip


def rekey(conn: sqlite3.Connection) -> None:
    """Give every row the urlkey that today's rules compute from its url, and recompute the addresses.

    The caller holds a transaction. One address may become two, or two one; the new rows come from the captures that
    show articles. The rows of `listed` are not changed: the next reading of the lists renews them.
    """
    conn.create_function("key_now", 1, key_or_url, deterministic=True)
    conn.create_function("link_key_now", 1, link_key, deterministic=True)
    conn.execute("update captures set urlkey = key_now(url) where urlkey <> key_now(url)")
    conn.execute("update related_records set urlkey = link_key_now(url) where urlkey is not link_key_now(url)")
    conn.execute("delete from plain_reach")
    make_addresses(conn)
    rekey_frontier(conn)
