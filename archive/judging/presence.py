"""Presence: what probes said of an article becomes its state, and an event where that is a judgement."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from archive.decisions import Probe, Redirected, Removed, Restored, Restricted
from archive.events import Standing, Verdict, after_miss, after_sight, site_is_ill
from archive.stores import Stores

Absence = Literal["gone", "redirected", "restricted", "unreachable"]
JUDGEMENTS: dict[str | None, type[Probe]] = {
    None: Probe,
    "removed": Removed,
    "redirected": Redirected,
    "restricted": Restricted,
    "restored": Restored,
}


@dataclass(frozen=True, slots=True)
class Miss:
    """One probe that did not find an article: its key, how, when, and the WARC record that shows it."""

    key: str
    outcome: Absence | Literal["found"]
    at: str
    record_id: str | None


def note_sight(stores: Stores, key: str, at: str) -> None:
    """The article answered: what was missing is live again."""
    before = _standing(stores.conn, key)
    if before.state != "live" or before.misses:
        _settle(stores, Miss(key, "found", at, None), before, after_sight(before))


def note_answer(stores: Stores, key: str, at: str) -> None:
    """Something answered at the article's address: it is not missing, but one that was judged gone is not back yet."""
    if _standing(stores.conn, key).state in ("live", "unreachable", "soft_gone"):
        note_sight(stores, key, at)


def judge(stores: Stores, misses: Iterable[Miss], found: int, probes: int, spacing: float) -> None:
    """Judge a crawl's misses at its end, when it is known whether the neighbours were well.

    Where most of the site is missing at once, nothing of it counts as gone.
    """
    all_misses = list(misses)
    gone = sum(miss.outcome != "unreachable" for miss in all_misses)
    ill = site_is_ill(gone, found)
    for miss in all_misses:
        before = _standing(stores.conn, miss.key)
        outcome = "unreachable" if ill else miss.outcome
        _settle(stores, miss, before, after_miss(before, outcome, miss.at, probes, spacing))


def _settle(stores: Stores, miss: Miss, before: Standing, verdict: Verdict) -> None:
    if verdict.standing == before and verdict.event is None:
        return
    (last_seen,) = stores.conn.execute("select last_seen_at from articles where key = ?", (miss.key,)).fetchone()
    stores.tell(
        JUDGEMENTS[verdict.event](
            at=miss.at,
            key=miss.key,
            record_id=miss.record_id,
            outcome=miss.outcome,
            standing=verdict.standing,
            last_seen_at=last_seen,
        )
    )


def _standing(conn: sqlite3.Connection, key: str) -> Standing:
    sql = "select state, misses, first_missed_at, last_missed_at from articles where key = ?"
    return Standing(*conn.execute(sql, (key,)).fetchone())


def absence(status: int) -> Absence:
    """What it means for an article when its address answers with this HTTP status."""
    match status:
        case 404 | 410:
            return "gone"
        case 401 | 402 | 451:
            return "restricted"
        case _ if 300 <= status < 400 and status != 304:  # a 304 that confirms nothing we hold says nothing
            return "redirected"
        case _:
            return "unreachable"
