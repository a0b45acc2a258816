"""Of two crawls that began in one second the later one is judged: a small site is read in tenths of a second."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from support.empty_database import open_database
from support.tables import every_row

from archive.files.clock import stamp
from archive.files.home import Home
from archive.settings.settings import Settings
from schedules.health.rules import check

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
DRIFT = {"other_layout": 9, "waiting": 0}
AGAIN = {"pairs": {"http://town.example/1?visit=2": "http://town.example/1"}}


@dataclass(frozen=True)
class Town:
    name: str = "town"
    timezone: str = "UTC"
    schedule: str | None = None
    expect: int = 0


def red(conn: sqlite3.Connection, home: Home, seen: list[int], finding: str = "", *, of: int = 0) -> set[str]:
    """The broken rules after crawls that began in one second and saw so many articles; one of them has a finding."""
    conn.execute("insert into sources (name) values ('town')")
    for number, articles in enumerate(seen):
        conn.execute(
            """
            insert into crawls (key, source, started_at, finished_at, finish_reason, articles_seen, articles_asked,
                                articles_answered)
            values (?1, 'town', ?2, ?2, 'finished', ?3, ?3, ?3)
            """,
            (f"crawl-{number}", stamp(AT), articles),
        )
    if finding:
        detail = json.dumps({"crawl": f"crawl-{of}", **(DRIFT if finding == "drift" else AGAIN)})
        conn.execute(
            "insert into events (source, kind, at, recorded_at, detail) values ('town', ?1, ?2, ?2, ?3)",
            (finding, stamp(AT), detail),
        )
    return {rule.name for rule in check(conn, home, Settings(free_space_floor=0), [Town()], AT) if not rule.ok}


@every_row(
    ("seen", "finding", "of", "broken"),
    [
        ([9, 0], "", 0, {"expectations"}),
        ([0, 9], "", 0, set()),
        ([9, 9], "drift", 0, set()),
        ([9, 9], "drift", 1, {"layout"}),
        ([9, 9], "known_again", 0, set()),
        ([9, 9], "known_again", 1, {"addresses"}),
    ],
)
def test_the_later_of_two_crawls_of_one_second_is_judged(
    tmp_path: Path, seen: list[int], finding: str, of: int, broken: set[str]
) -> None:
    with closing(open_database()) as conn:
        assert red(conn, Home(tmp_path), seen, finding, of=of) == broken
