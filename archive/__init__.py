"""What happened: captures, articles, revisions and events. Never decides what to fetch."""

from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from archive.connection import Connection, connect
from archive.home import Home
from archive.migrations import migrations

__all__ = ["Archive", "Home", "connect", "open_archive"]


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive: its folders and its database."""

    home: Home
    db: Database

    @property
    def conn(self) -> Connection:
        conn = self.db.conn
        assert isinstance(conn, Connection)
        return conn

    def close(self) -> None:
        self.db.close()


def open_archive(home: Path | str, create: bool = True, caught_up: bool = True) -> Archive:
    """Open the archive at a home, made and migrated when missing, and catch up what a crash left behind.

    With caught_up false the captures and the ledger are left exactly as they lie, for whoever examines them.
    Raises FileNotFoundError when there is none and create is false.
    """
    from archive.replay import catch_up_all

    place = Home(Path(home))
    if not create and not place.database.exists():
        raise FileNotFoundError(f"no archive at {place.path}: run `thinker --home {place.path} init` first")
    place.create()
    archive = Archive(place, Database(connect(place.database)))
    migrations.apply(archive.db)
    if caught_up:
        catch_up_all(archive)
    return archive
