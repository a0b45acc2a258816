"""Deriving: the rows that follow from rules of an earlier version are made what they are by those of today."""

import logging
import sqlite3
from collections.abc import Callable

from archive.files import REINDEX, SCHEDULER, Home, all_locked
from archive.history import Texts, arrange, arrange_anew, settle_seen
from archive.rows import Archive, Connection, chain_names, key_or_url, link_key, make_addresses, rekey_frontier
from archive.rules import IN_WORDS, RULES, Rule, outdated
from archive.search import reindex

logger = logging.getLogger(__name__)

ARTICLES_PER_TRANSACTION = 200  # articles of one transaction: other writers wait for it less than a second


def derive(archive: Archive) -> None:
    """Bring the rows to the rules of today, a rule after the other; one that a kill cut short begins again.

    Readers may go on. Raises Locked where a process writes, which may be one of an earlier version.
    """
    if not (names := outdated(archive.conn)):
        return
    with all_locked(archive.home, _writers(archive.home)):
        if archive.conn.execute("select 1 from captures limit 1").fetchone():
            said = ", ".join(IN_WORDS[name] for name in names)
            logger.warning("archive.db is brought up to the rules of this version, once: %s", said)
        for name in names:
            DERIVING[name](archive.conn)
            archive.conn.execute("insert or replace into rules values (?, ?)", (name, RULES[name]))


def _writers(home: Home) -> list[str]:
    """The locks of all who write: every chain's, and those of sources that have none yet."""
    held = {path.stem for path in home.locks.glob("*.lock")} - {SCHEDULER}
    return sorted({*chain_names(home), *held, REINDEX})


def _weigh_anew(conn: Connection) -> None:
    """Judge every change again: only an article with several revisions has one."""
    sql = "select article_id from revision_records where article_id > ? group by 1 having count(*) > 1 limit ?"
    _each(conn, sql, arrange_anew)


def _date_anew(conn: Connection) -> None:
    """Let what was received undated date nothing."""
    _each(
        conn, "select distinct article_id from sightings where undated and article_id > ? order by 1 limit ?", _settle
    )


def _settle(conn: Connection, article_id: int) -> None:
    arrange(conn, article_id, Texts(conn))
    settle_seen(conn, article_id)


def _each(conn: Connection, sql: str, settle: Callable[[Connection, int], None]) -> None:
    """Settle each article that a query gives behind another one, a batch a transaction."""
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
    conn.execute("pragma temp_store = file")  # the sightings of all addresses are put in order
    conn.execute("begin immediate")
    try:
        rekey(conn)
        conn.commit_group()
    except BaseException:
        conn.abandon_group()
        raise
    finally:
        conn.execute("pragma temp_store = memory")  # as writers have it


DERIVING: dict[Rule, Callable[[Connection], None]] = {
    "significance": _weigh_anew, "words": _index_anew, "identity": _identify_anew, "dating": _date_anew,
}  # fmt: skip


def rekey(conn: sqlite3.Connection) -> None:
    """Give every row the key of its url, within the caller's transaction, and make the addresses anew.

    Addresses that were one may be two now, and two one: the captures that show articles say which there are. The
    places on lists are operational: the next reading finds them anew.
    """
    conn.create_function("key_now", 1, key_or_url, deterministic=True)
    conn.create_function("link_key_now", 1, link_key, deterministic=True)
    conn.execute("update captures set urlkey = key_now(url) where urlkey <> key_now(url)")
    conn.execute("update related_records set urlkey = link_key_now(url) where urlkey is not link_key_now(url)")
    make_addresses(conn)
    rekey_frontier(conn)
