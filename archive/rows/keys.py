"""The rows of keys: every key that ever named an article, and the standing of each where an article has several.

A ledger line names an article by the key under which its capture was filed, for ever. An article has one key until acts
make several articles one; then the key first seen leads, and each key keeps the standing that its own probes gave it.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import astuple
from typing import NamedTuple

from archive.rows.hiding import is_hidden
from archive.rows.presence import note_standing
from archive.rules import WITHDRAWN, Standing, joint_standing

_STANDING = "state, misses, first_missed_at, last_missed_at, unjudged_since"


class KnownKey(NamedTuple):
    """A key: its number, which sightings name, the article that has it, and the source whose chain made it."""

    number: int
    article_id: int
    source: str


def known_key(conn: sqlite3.Connection, key: str) -> KnownKey | None:
    """A key's row, or None if no article ever had it."""
    row = conn.execute("select number, article_id, source from keys where key = ?", (key,)).fetchone()
    return KnownKey(*row) if row else None


def add_key(conn: sqlite3.Connection, key: str, article_id: int, source: str) -> int:
    """Enter a key of an article; returns its number. Raises sqlite3.IntegrityError if it is known."""
    (number,) = conn.execute("select coalesce(max(number), 0) + 1 from keys").fetchone()
    conn.execute(
        "insert into keys (key, number, article_id, source) values (?, ?, ?, ?)", (key, number, article_id, source)
    )
    return int(number)


def keys_of(conn: sqlite3.Connection, article_id: int) -> dict[int, str]:
    """The keys of an article by number."""
    return dict(conn.execute("select number, key from keys where article_id = ? order by number", (article_id,)))


def newest_key(conn: sqlite3.Connection) -> int:
    """The number of the key entered last, 0 without any."""
    (number,) = conn.execute("select coalesce(max(number), 0) from keys").fetchone()
    return int(number)


def articles_of_keys(conn: sqlite3.Connection, numbers: Iterable[int], after: int) -> list[int]:
    """The ids of the articles with one of these keys, by number, or with a key entered after the one `after`."""
    sql = "select distinct article_id from keys where number in (select value from json_each(?)) or number > ?"
    return sorted(article_id for (article_id,) in conn.execute(sql, (json.dumps(list(numbers)), after)))


def has_several_keys(conn: sqlite3.Connection, article_id: int) -> bool:
    """True if acts made several articles this one."""
    return len(conn.execute("select 1 from keys where article_id = ? limit 2", (article_id,)).fetchall()) > 1


def settle_key(conn: sqlite3.Connection, article_id: int) -> None:
    """Let an article's leading key name it: that of its first dated sighting, the smaller one where two are equal."""
    key, source = conn.execute(
        """
        select k.key, k.source from keys k
          left join sightings g on g.article_id = k.article_id and g.key_number = k.number
         where k.article_id = ? group by k.number
         order by min(iif(g.undated, null, g.captured_at)) nulls last, min(g.captured_at) nulls last, k.key limit 1
        """,
        (article_id,),
    ).fetchone()
    conn.execute("update articles set key = ?1, source = ?2 where id = ?3 and key <> ?1", (key, source, article_id))


def standing_of_key(conn: sqlite3.Connection, key: str) -> Standing:
    """The standing that a key's own probes gave it. Raises KeyError if no article ever had the key."""
    row = conn.execute(
        f"""
        select k.state is null, k.{_STANDING.replace(", ", ", k.")}, a.{_STANDING.replace(", ", ", a.")}
          from keys k join articles a on a.id = k.article_id where k.key = ?
        """,
        (key,),
    ).fetchone()
    if row is None:
        raise KeyError(key)
    is_articles, *values = row
    return Standing(*(values[5:] if is_articles else values[:5]))


def last_seen_of_key(conn: sqlite3.Connection, key: str) -> str:
    """The moment when the article of a key was last seen. Raises TypeError if no article ever had the key."""
    sql = "select a.last_seen_at from keys k join articles a on a.id = k.article_id where k.key = ?"
    return str(conn.execute(sql, (key,)).fetchone()[0])


def note_standing_of(conn: sqlite3.Connection, number: int, standing: Standing) -> None:
    """Store the standing of a key, and that of its article, which follows from its keys."""
    article_id, own = conn.execute(
        "select article_id, state is not null from keys where number = ?", (number,)
    ).fetchone()
    if own:
        _put(conn, number, standing)
        combine_standings(conn, article_id)
    else:
        note_standing(conn, article_id, standing)


def changes_article(conn: sqlite3.Connection, key: str, standing: Standing) -> bool:
    """True if an article gets another state when one of its keys has this standing: no other key outweighs it."""
    (article_id,) = conn.execute("select article_id from keys where key = ?", (key,)).fetchone()
    if not has_several_keys(conn, article_id):
        return True
    sql = f"select {_STANDING} from keys where article_id = ? and key <> ? and state is not null"
    others = [Standing(*values) for values in conn.execute(sql, (article_id, key))]
    (state,) = conn.execute("select state from articles where id = ?", (article_id,)).fetchone()
    return joint_standing([standing, *others]).state != str(state)


def spread_standing(conn: sqlite3.Connection, article_id: int) -> None:
    """Give each key of an article a standing of its own, which is the article's until now."""
    sql = "select key, number from keys where article_id = ? and state is null"
    for key, number in conn.execute(sql, (article_id,)).fetchall():
        _put(conn, number, standing_of_key(conn, key))


def combine_standings(conn: sqlite3.Connection, article_id: int) -> None:
    """Set an article's standing by those of its keys; a single key hands its own over.

    A hidden article is withdrawn, and each of its keys keeps its own standing until it is shown again.
    """
    if is_hidden(conn, article_id):
        note_standing(conn, article_id, WITHDRAWN)
        return
    rows = conn.execute(
        f"select number, {_STANDING} from keys where article_id = ? and state is not null order by key", (article_id,)
    ).fetchall()
    if not rows:
        return
    note_standing(conn, article_id, joint_standing([Standing(*values) for _, *values in rows]))
    if not has_several_keys(conn, article_id):
        conn.execute(
            """
            update keys set state = null, misses = null, first_missed_at = null, last_missed_at = null,
                            unjudged_since = null where article_id = ?
            """,
            (article_id,),
        )


def _put(conn: sqlite3.Connection, number: int, standing: Standing) -> None:
    conn.execute(
        """
        update keys set state = ?, misses = ?, first_missed_at = ?, last_missed_at = ?, unjudged_since = ?
         where number = ?
        """,
        (*astuple(standing), number),
    )
