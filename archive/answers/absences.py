"""What was judged of an article's presence, with the probes and lists that it rests on."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from archive.rules.standing import JUDGEMENTS


def judgements(conn: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    """Every judgement of an article in the order in which it was recorded: what, when, between which moments, by what.

    The article went after last_seen_at and before first_missed_at; of a delisting the lists say that, by the last
    reading with it and the first without. A return tells the absence that it ended.
    """
    rows = conn.execute(
        f"select kind, at, detail from events where article_id = ? and kind in {JUDGEMENTS} order by id",
        (article_id,),
    )
    found = [_told(kind, at, _borne_out(conn, article_id, at, json.loads(detail))) for kind, at, detail in rows]
    for before, after in pairwise(found):
        if after["kind"] == "restored":
            after |= {name: before[name] for name in ("last_seen_at", "first_missed_at")} | {"ended": before["kind"]}
            after["probes"] = _sights(conn, article_id, after["at"])
    return found


def filed_under(revisions: Sequence[Mapping[str, Any]], at: str) -> int:
    """Which of these revisions, in their order, a judgement follows; those without a moment stand before all others."""
    dated: list[str] = [each["captured_at"] for each in revisions if each["dating"] == "stated"]
    undated, earlier = len(revisions) - len(dated), sum(moment <= at for moment in dated)
    return min(len(revisions) - 1, undated + max(0, earlier - 1))


def _sights(conn: sqlite3.Connection, article_id: int, at: str) -> list[dict[str, Any]]:
    """The probe that found the article again, as evidence of other judgements is told."""
    found = conn.execute(
        """
        select p.outcome, c.record_id from probes p left join captures c on c.id = p.capture_id
         where p.article_id = ? and p.at = ? and p.outcome in ('found', 'listed')
        """,
        (article_id, at),
    )
    return [{"at": at, "outcome": outcome, "capture": record, "witness": None} for outcome, record in found]


def _borne_out(conn: sqlite3.Connection, article_id: int, at: str, detail: dict[str, Any]) -> dict[str, Any]:
    """A judgement's detail, where last_seen_at is when a capture showed the article; None where no dated one did.

    Earlier versions dated saved files by the times of files, and a line stays what it is.
    """
    sql = "select max(captured_at) from sightings where article_id = ? and not undated and captured_at <= ?"
    (seen,) = conn.execute(sql, (article_id, min(at, detail["last_seen_at"]))).fetchone()
    return detail | {"last_seen_at": seen}


def _told(kind: str, at: str, detail: dict[str, Any]) -> dict[str, Any]:
    if kind == "delisted":
        lists = detail["unlisted"]
        seen, missed = detail["last_listed_at"], lists[0]["at"]
        return {"kind": kind, "at": at, "last_seen_at": seen, "first_missed_at": missed, "probes": [], "lists": lists}
    missed = detail["standing"].get("first_missed_at")
    probes = detail.get("evidence", [])
    return {"kind": kind, "at": at, "last_seen_at": detail["last_seen_at"], "first_missed_at": missed, "probes": probes}
