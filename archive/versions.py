"""Which versions' archives are read: those of this one; what is older or newer is named, never guessed at."""

import json
from pathlib import Path

from sqlite_utils import Database

from archive.migrations import GENERATION, migrations

OLDER = "made by thinker 0.1, which this version does not read: begin a new home and `thinker import` its captures"
NEWER = "made by a newer version of thinker: upgrade"


class OtherVersion(Exception):  # noqa: N818 a refusal, not a fault
    """An archive of another version; the text names the file and what to do."""


def require_known_lines(ledger: Path) -> None:
    """Raise OtherVersion when a chain begins with a line of 0.1; asked before anything is made there."""
    for path in sorted(ledger.glob("*.jsonl")):
        with path.open("rb") as file:
            try:
                first = json.loads(file.readline(1 << 20))
            except (ValueError, RecursionError):
                continue  # no line of anybody: whoever reads the chain names it
        if isinstance(first, dict) and "previous_digest" in first and "format" not in first:
            raise OtherVersion(f"{path.name} at 0: {OLDER}")


FOREIGN = "another program's database: `thinker rebuild` makes the archive's anew and keeps this one beside"
EARLIER = "its tables are those of an earlier version: `thinker rebuild` makes them anew and keeps what was written"
UNMIGRATED = "its tables are those of an earlier version: run `thinker migrate`"


def require_readable(db: Database, name: str, migrated: bool = False) -> None:
    """Raise OtherVersion when another version's schema made the database; an empty one is anybody's.

    migrated: whoever only reads cannot bring it up to date, so it must be that already.
    """
    (generation,) = db.execute("pragma user_version").fetchone()
    if 0 < generation < GENERATION:
        raise OtherVersion(f"{name}: {EARLIER}")
    if not generation and db["sources"].exists():
        raise OtherVersion(f"{name}: {OLDER}")
    if generation < GENERATION and set(db.table_names()) - {"_sqlite_migrations", "sqlite_sequence"}:
        raise OtherVersion(f"{name}: {FOREIGN}")
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    if generation > GENERATION or any(migration.name not in known for migration in migrations.applied(db)):
        raise OtherVersion(f"{name}: {NEWER}")
    if migrated and migrations.pending(db):
        raise OtherVersion(f"{name}: {UNMIGRATED}")
