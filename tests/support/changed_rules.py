"""A process of a version with another rule: `python -m support.changed_rules HOME WHICH read|write|check [STEPS]`.

It opens the archive as a command that reads or writes does, and is killed after so many steps of SQLite's machine while
it derives. check: what a deep verification finds, and whether a rebuild gives the same rows.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import archive.diffing.significance
import archive.replaying.deriving
import archive.search.grammar.folding
import parsers.urls.keys
from archive import Archive, open_archive, read_archive
from archive.replaying.proof import PROVED, prove
from archive.replaying.rebuild import rebuild_database
from archive.rows.connection import Connection
from archive.rules.rule_numbers import RULES, Rule


def _folded_strictly(text: str) -> str:
    return text


def _folded_to_nothing(text: str) -> str:
    return ""


def _strict() -> None:
    """Make another width of a comma an edit."""
    archive.diffing.significance._folded = _folded_strictly


def _lenient() -> None:
    """Make no change an edit."""
    archive.diffing.significance._folded = _folded_to_nothing


def _words() -> None:
    """Write one Han character as a Latin letter in the index."""
    archive.search.grammar.folding._WIDE_MARKS = (*archive.search.grammar.folding._WIDE_MARKS, ("一", "x"))


def _identity() -> None:
    """Leave a session's number out of an address."""
    parsers.urls.keys._TRACKERS = frozenset({*parsers.urls.keys._TRACKERS, "session"})


def _as_before() -> None:
    """Change nothing: today's rule in a still later version, where addresses that were one are two again."""


def _of_today() -> None:
    """Change nothing: today's rules and fields, for a home whose indexes have other fields."""


RAISED_BY = {"apart": 2, "fields": 0}
CHANGES: dict[str, tuple[Rule, Callable[[], None]]] = {
    "strict": ("significance", _strict),
    "lenient": ("significance", _lenient),
    "words": ("words", _words),
    "identity": ("identity", _identity),
    "apart": ("identity", _as_before),
    "fields": ("words", _of_today),
}


def killed_after(rule: Rule, steps: int) -> None:
    """Kill the process after so many steps of SQLite while it derives rows; 0: print the number of steps."""
    derive, taken = archive.replaying.deriving.DERIVING[rule], 0

    def deriving(conn: Connection) -> None:
        def step() -> int:
            nonlocal taken
            taken += 1
            if steps and taken >= steps:
                os.kill(os.getpid(), signal.SIGKILL)
            return 0

        conn.set_progress_handler(step, 1)
        derive(conn)
        conn.set_progress_handler(None, 1)
        print(json.dumps(taken))

    archive.replaying.deriving.DERIVING[rule] = deriving


def rows(opened: Archive) -> dict[str, list[list[object]]]:
    """Every row that follows from the files."""
    return {table: [list(row) for row in opened.conn.execute(sql).fetchall()] for table, sql in PROVED.items()}


def check(home: Path) -> None:
    with TemporaryDirectory() as scratch, closing(read_archive(home)) as opened:
        faults, before = prove(opened, Path(scratch)), rows(opened)
    again = rebuild_database(home, datetime.now(UTC))
    with closing(read_archive(home)) as opened:
        differ = [table for table, found in rows(opened).items() if found != before[table]]
    print(json.dumps({"faults": [each.detail for each in faults], "lost": list(again.lost), "differ": differ}))


def main() -> None:
    home, which, way, *steps = sys.argv[1:]
    rule, change = CHANGES[which]
    change()
    RULES[rule] += RAISED_BY.get(which, 1)
    if way == "write":
        killed_after(rule, int(steps[0]) if steps else 0)
        open_archive(home).close()
    elif way == "read":
        read_archive(home).close()
    else:
        check(Path(home))


if __name__ == "__main__":
    main()
