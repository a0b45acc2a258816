"""The rows of evidence: every probe that did not simply find its article, and the judgements."""

import sqlite3
from dataclasses import dataclass

from archive.rules import JUDGED, Standing


@dataclass(frozen=True, slots=True)
class Probed:
    """A probe as stored: its moment, its outcome, the records of the answer and of the witness."""

    at: str
    outcome: str
    capture: str | None
    witness: str | None


def note_standing(conn: sqlite3.Connection, article_id: int, standing: Standing) -> None:
    """Store the standing of an article."""
    conn.execute(
        """
        update articles set state = ?, misses = ?, first_missed_at = ?, last_missed_at = ?, unjudged_since = ?
         where id = ?
        """,
        (
            standing.state, standing.misses, standing.first_missed_at, standing.last_missed_at,
            standing.unjudged_since, article_id,
        ),
    )  # fmt: skip


def note_probe(conn: sqlite3.Connection, key_number: int, probe: Probed, counted: str) -> None:
    """Store a probe of an article under one of its keys. counted: "yes", or the reason why it does not count."""
    conn.execute(
        """
        insert into probes (article_id, key_number, at, outcome, counted, capture_id, witness_id)
        values ((select article_id from keys where number = ?1), ?1, ?2, ?3, ?4,
                (select id from captures where record_id = ?5), (select id from captures where record_id = ?6))
        """,
        (key_number, probe.at, probe.outcome, counted, probe.capture, probe.witness),
    )


def last_counted(conn: sqlite3.Connection, key_number: int, count: int) -> list[Probed]:
    """The last `count` probes that counted against an article under one of its keys, oldest first."""
    rows = conn.execute(
        f"""
        select p.at, p.outcome, c.record_id, w.record_id
          from probes p
          left join captures c on c.id = p.capture_id
          left join captures w on w.id = p.witness_id
         where p.article_id = (select article_id from keys where number = ?1) and p.key_number = ?1
           and p.counted = 'yes' and p.outcome in {tuple(JUDGED)}
         order by p.id desc limit ?2
        """,
        (key_number, count),
    ).fetchall()
    return [Probed(*row) for row in reversed(rows)]
