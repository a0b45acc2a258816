"""Deriving: the rows that follow from rules of an earlier version are made what they are by those of today."""

import logging
from collections.abc import Callable

from archive.arranging import arrange_anew
from archive.connection import Connection
from archive.lags import chain_names
from archive.lock import REINDEX, all_locked
from archive.opened import Archive
from archive.rekeying import rekey
from archive.rules import IN_WORDS, RULES, Rule, outdated
from archive.search.index import reindex

logger = logging.getLogger(__name__)

BATCH = 200  # articles of one transaction: whoever reads waits for less than a second


def derive(archive: Archive) -> None:
    """Bring the rows to the rules of today, a rule after the other; one that a kill cut short begins again.

    Readers may go on. Raises Locked where a process writes, which may be one of an earlier version.
    """
    if not (names := outdated(archive.conn)):
        return
    with all_locked(archive.home, (*chain_names(archive.home), REINDEX)):
        for name in names:
            if archive.conn.execute("select 1 from captures limit 1").fetchone():
                logger.warning("%s follows a new rule: the archive is brought up to date, once", IN_WORDS[name])
            DERIVING[name](archive.conn)
            archive.conn.execute("insert or replace into rules values (?, ?)", (name, RULES[name]))


def _weigh_anew(conn: Connection) -> None:
    """Judge every change again: only an article with several revisions has one."""
    sql = "select article_id from revision_records where article_id > ? group by 1 having count(*) > 1 limit ?"
    last = 0
    while articles := [article_id for (article_id,) in conn.execute(sql, (last, BATCH)).fetchall()]:
        conn.execute("begin immediate")
        try:
            for article_id in articles:
                arrange_anew(conn, article_id)
            conn.commit_group()
        except BaseException:
            conn.abandon_group()
            raise
        last = articles[-1]


def _index_anew(conn: Connection) -> None:
    reindex(conn)


def _identify_anew(conn: Connection) -> None:
    conn.execute("begin immediate")
    try:
        rekey(conn)
        conn.commit_group()
    except BaseException:
        conn.abandon_group()
        raise


DERIVING: dict[Rule, Callable[[Connection], None]] = {
    "significance": _weigh_anew, "words": _index_anew, "identity": _identify_anew,
}  # fmt: skip
