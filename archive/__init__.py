"""What happened: captures, articles, revisions and events. Never decides what to fetch."""

from pathlib import Path

from sqlite_utils import Database

from archive.connection import connect, connect_to_read
from archive.home import NO_FOLDER, Home
from archive.lags import not_entered
from archive.lock import alone
from archive.migrations import migrations
from archive.opened import Archive
from archive.plain_datasette import write_beside
from archive.versions import OtherVersion, require_known_lines, require_readable

__all__ = ["Archive", "Home", "OtherVersion", "connect", "not_entered", "open_archive", "read_archive"]


def open_archive(home: Path | str, create: bool = True, caught_up: bool = True) -> Archive:
    """Open the archive at a home, made and migrated when missing, and catch up what a crash left behind.

    With caught_up false the captures and the ledger are left exactly as they lie, for whoever examines them. A chain
    whose files hold less than the database has entered is left alone too: whoever writes there is told (`Behind`).
    Raises FileNotFoundError when there is none and create is false, OtherVersion for one of another version.
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
            from archive.replaying import catch_up_all  # whoever only reads does not wait for the kinds of ledger lines

            catch_up_all(archive)
    except BaseException:
        archive.close()
        raise
    return archive


def _migrated(place: Home) -> Archive:
    archive = Archive(place, Database(connect(place.database)))
    try:
        require_readable(archive.db, place.database.name)
        migrations.apply(archive.db)
        write_beside(place)
    except BaseException:
        archive.close()
        raise
    return archive


def read_archive(home: Path | str) -> Archive:
    """Open an archive to read it: nothing is written, so a full disk or a read-only home is no hindrance.

    What a crash left behind is not caught up; `not_entered` tells of it. Raises FileNotFoundError when there is none,
    OtherVersion for one of another version.
    """
    place = Home(Path(home))
    require_known_lines(place.ledger)
    if not place.database.exists():
        raise FileNotFoundError(_absent(place))
    archive = Archive(place, Database(connect_to_read(place.database)))
    try:
        require_readable(archive.db, place.database.name, migrated=True)
    except BaseException:
        archive.close()
        raise
    return archive


def _absent(place: Home) -> str:
    if place.path.is_file():
        return f"{place.path} {NO_FOLDER}"
    if place.captures.is_dir() and any(place.captures.glob("*.warc.gz")):
        return f"{place.database} is missing: `thinker --home {place.path} rebuild` makes it from captures and ledger"
    return f"no archive at {place.path}: run `thinker --home {place.path} init` first"
