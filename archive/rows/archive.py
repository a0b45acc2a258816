"""An open archive: its folders and its database."""

from dataclasses import dataclass

from sqlite_utils import Database

from archive.files.home import Home
from archive.rows.connection import Connection


@dataclass(frozen=True, slots=True)
class Archive:
    """What every reader and writer of an archive needs."""

    home: Home
    db: Database

    @property
    def conn(self) -> Connection:
        conn = self.db.conn
        assert isinstance(conn, Connection)
        return conn

    def close(self) -> None:
        self.db.close()
