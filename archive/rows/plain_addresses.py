"""Addresses of articles by their keys without the parameters that a source drops; operational, filled when needed."""

import json
from collections.abc import Sequence

from archive.rows.connection import Connection
from archive.rules import key_of
from parsers.urls import without_parameters


def note_plain_addresses(conn: Connection, source: str, names: Sequence[str]) -> None:
    """Enter the addresses of a source that have one of these parameters, by the key that they have without it.

    All of them if the names differ from those of the last call, else those captured since. Commits.
    """
    said = json.dumps(sorted(name.lower() for name in names))
    reach = conn.execute("select parameters, through from plain_reach where source = ?", (source,)).fetchone()
    known = reach is not None and reach[0] == said
    (last,) = conn.execute("select coalesce(max(id), 0) from captures").fetchone()
    since = reach[1] if known else 0
    if known and since == last:
        return
    conn.execute("begin immediate")
    try:
        if not known:
            conn.execute("delete from plain_addresses where source = ?", (source,))
        found = conn.execute(_CAPTURED if known else _ALL, {"source": source, "since": since})
        conn.executemany(
            "insert or ignore into plain_addresses (source, plain_key, urlkey) values (?, ?, ?)",
            (
                (source, key_of(plain), urlkey)
                for url, urlkey in found
                if (plain := without_parameters(url, names)) != url
            ),
        )
        conn.execute("insert or replace into plain_reach values (?, ?, ?)", (source, said, last))
        conn.commit_group()
    except BaseException:
        conn.abandon_group()
        raise


def plainly_known(conn: Connection, source: str, plain_key: str) -> tuple[int, str] | None:
    """The id and the key of the article first seen at an address that has this key without parameters, or None."""
    row: tuple[int, str] | None = conn.execute(
        """
        select d.article_id, k.key from plain_addresses p
          join addresses d on d.source = p.source and d.urlkey = p.urlkey
          join keys k on k.number = d.key_number
         where p.source = ? and p.plain_key = ? order by d.first_seen_at, k.key limit 1
        """,
        (source, plain_key),
    ).fetchone()
    return row


_ALL = "select url, urlkey from addresses where source = :source and (url like '%;%' or url like '%?%')"
_CAPTURED = """
    select url, urlkey from captures
     where id > :since and source = :source and kind = 'article' and (url like '%;%' or url like '%?%')
    """
