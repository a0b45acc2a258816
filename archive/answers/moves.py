"""The acts that made an article one with another or parted it, and the addresses from and to which articles moved."""

import json
import sqlite3
from typing import Any

_MOVE = """
    select t.at, b.url as "from", n.url as "to" from acts t
      left join captures b on b.record_id = t.detail ->> 'before'
      left join captures n on n.record_id = t.record_id
    """


def with_addresses(conn: sqlite3.Connection, event: dict[str, Any]) -> dict[str, Any]:
    """An event; one of the kind `moved` also with `moved`, a dict of both addresses: `from` and `to`."""
    if event["kind"] != "moved":
        return event
    rows = conn.execute(f"{_MOVE} where t.digest = ?", (event["digest"],)).fetchall()
    return event | {"moved": next(({"from": old, "to": new} for _, old, new in rows), None)}


def moves_of(conn: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    """The moves of an article that stand, as {at, from, to} in the order in which they were recorded."""
    rows = conn.execute(
        f"""
        {_MOVE} join keys k on k.key = t.key
         where k.article_id = ? and t.kind = 'moved' and t.undone_by is null order by t.id
        """,
        (article_id,),
    )
    return [{"at": at, "from": old, "to": new} for at, old, new in rows]


def joining_acts(conn: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    """The events `merged`, `split` and `undone` of an article, as {at, kind, detail, digest}, in order."""
    rows = conn.execute(
        """
        select at, kind, detail, digest from events
         where article_id = ? and kind in ('merged', 'split', 'undone') order by id
        """,
        (article_id,),
    )
    return [{"at": at, "kind": kind, "detail": json.loads(said), "digest": digest} for at, kind, said, digest in rows]
