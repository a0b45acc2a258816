"""What was judged of an article's presence, with the probes and lists that it rests on."""

import json
import sqlite3
from typing import Any

KINDS = ("removed", "redirected", "restricted", "delisted", "restored")


def judgements(conn: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    """Every judgement of an article in the order in which it was recorded: what, when, between which moments, by what.

    The article went after last_seen_at and before first_missed_at; of a delisting the lists say that, by the last
    reading with it and the first without.
    """
    rows = conn.execute(
        f"""
        select kind, at, detail from events
         where article_id = ? and kind in ({", ".join("?" * len(KINDS))}) order by id
        """,
        (article_id, *KINDS),
    )
    return [_told(kind, at, json.loads(detail)) for kind, at, detail in rows]


def filed_under(moments: list[str], at: str) -> int:
    """Which of the revisions that were seen at these moments, in their order, a judgement follows."""
    return max(0, sum(moment <= at for moment in moments) - 1)


def _told(kind: str, at: str, detail: dict[str, Any]) -> dict[str, Any]:
    if kind == "delisted":
        lists = detail["unlisted"]
        seen, missed = detail["last_listed_at"], lists[0]["at"]
        return {"kind": kind, "at": at, "last_seen_at": seen, "first_missed_at": missed, "probes": [], "lists": lists}
    missed = detail["standing"].get("first_missed_at")
    probes = detail.get("evidence", [])
    return {"kind": kind, "at": at, "last_seen_at": detail["last_seen_at"], "first_missed_at": missed, "probes": probes}
