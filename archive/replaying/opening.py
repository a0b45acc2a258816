"""Open an archive: to write, which creates, migrates and catches up, or to read."""

import logging
from contextlib import closing
from pathlib import Path

from archive.files import (
    NEWER,
    NO_FOLDER,
    OLDER,
    UNMOUNTED,
    Database,
    Home,
    OtherVersion,
    Table,
    alone,
    captured_files,
    require_known_lines,
)
from archive.migrations import GENERATION, is_pending, migrate, migrations
from archive.rows import Archive, connect, connect_to_read, not_entered
from archive.rules import adopt, outdated, warning
from archive.schema import write_beside

logger = logging.getLogger(__name__)

FOREIGN = "a database of another program: run `thinker rebuild`, which makes a new one and keeps this file"
EARLIER = "its tables are from an earlier version: run `thinker rebuild`, which makes them again and loses nothing"
MIGRATED = ("migration_set", "name")  # the columns by which sqlite-utils finds applied migrations
UNMIGRATED = "its tables are from an earlier version: run `thinker migrate`"


def open_archive(home: Path | str, create: bool = True, caught_up: bool = True) -> Archive:
    """Open the archive at a home, create or migrate it if needed, and catch up after a crash.

    With caught_up false the captures and the ledger stay exactly as they are, to be examined. A chain whose files hold
    less than the database has applied is left alone too: its writers get `Behind`. Raises FileNotFoundError if there is
    no database and create is false, or if captures/ has lost all its files; OtherVersion for one of another version;
    Locked if rules changed while a process writes; and as `catch_up` while catching up.
    """
    place = Home(Path(home))
    if not create and not place.database.exists():
        raise FileNotFoundError(_absent(place))
    require_known_lines(place.ledger)
    place.create()
    with alone(place):
        archive = _migrated(place)
    try:
        if caught_up:
            from archive.replaying.catching_up import catch_up_all  # imported late: readers do not need it

            catch_up_all(archive)
    except BaseException:
        archive.close()
        raise
    return archive


def _migrated(place: Home) -> Archive:
    archive = Archive(place, Database(connect(place.database)))
    try:
        _require_readable(archive.db, place.database.name)
        require_captures(archive.db, place)
        empty = not archive.db["sources"].exists()
        migrate(archive.db)
        if empty:
            adopt(archive.conn)
        if outdated(archive.conn):
            from archive.replaying.deriving import derive  # imported late: rarely needed, and slow to load

            derive(archive)
        # The library creates it after its table: a power cut between the two leaves the table without it.
        Table(archive.db, migrations.migrations_table).create_index(MIGRATED, unique=True, if_not_exists=True)
        write_beside(place)
    except BaseException:
        archive.close()
        raise
    return archive


def read_archive(home: Path | str) -> Archive:
    """Open an archive to read it: nothing is written, so a full disk or a read-only home does not matter.

    Bytes left by a crash are not caught up; `not_entered` counts them. Raises FileNotFoundError without a database,
    OtherVersion for one of another version; an archive whose rows follow earlier rules is read, with a warning in the
    log.
    """
    place = Home(Path(home))
    require_known_lines(place.ledger)
    if not place.database.exists():
        raise FileNotFoundError(_absent(place))
    archive = Archive(place, Database(connect_to_read(place.database)))
    try:
        _require_readable(archive.db, place.database.name, migrated=True)
        if said := warning(archive.conn):
            logger.warning("%s", said)
    except BaseException:
        archive.close()
        raise
    return archive


def what_lags(archive: Archive) -> list[str]:
    """A line for each source whose captures and ledger hold more than the database, with what becomes of it."""
    return [
        f"{name}: {size:,} bytes of captures and ledger are not in the database yet; {_why(archive)}"
        for name, size in not_entered(archive).items()
    ]


def _why(archive: Archive) -> str:
    """`the next crawl adds them`, or `they cannot be added:` with the first fault."""
    from archive.replaying.unread import unread_faults  # imported late: slow to load, and rarely needed

    faults = list(unread_faults(archive.conn, archive.home))
    return f"they cannot be added: {faults[0]}" if faults else "the next crawl adds them"


def _require_readable(db: Database, name: str, migrated: bool = False) -> None:
    """Raise OtherVersion if the database has the schema of another version or program; an empty one is accepted.

    migrated: it must have all migrations, as a reader cannot apply them.
    """
    (generation,) = db.execute("pragma user_version").fetchone()
    if 0 < generation < GENERATION:
        raise OtherVersion(f"{name}: {EARLIER}")
    if not generation and db["sources"].exists():
        raise OtherVersion(f"{name}: {OLDER}")
    if generation < GENERATION and set(db.table_names()) - {"_sqlite_migrations", "sqlite_sequence"}:
        raise OtherVersion(f"{name}: {FOREIGN}")
    with closing(Database(memory=True)) as empty:
        known = {migration.name for migration in migrations.pending(empty)}
    if generation > GENERATION or any(migration.name not in known for migration in migrations.applied(db)):
        raise OtherVersion(f"{name}: {NEWER}")
    if migrated and is_pending(db):
        raise OtherVersion(f"{name}: {UNMIGRATED}")


def require_captures(db: Database, place: Home) -> None:
    """Raise FileNotFoundError if captures is empty, like an unmounted disk, though the database knows files."""
    if captured_files(place.captures) or not db["applied"].exists():
        return
    if db.execute("select 1 from applied where kind = 'warc' limit 1").fetchone():
        raise FileNotFoundError(f"{place.captures} {UNMOUNTED}")


def _absent(place: Home) -> str:
    if place.path.is_file():
        return f"{place.path} {NO_FOLDER}"
    if place.captures.is_dir() and any(place.captures.glob("*.warc.gz")):
        return f"{place.database} is missing: run `thinker --home {place.path} rebuild` to make it again"
    return f"no archive at {place.path}: run `thinker --home {place.path} init` first"
