"""An open archive: its folders and its database."""

from dataclasses import dataclass

from sqlite_utils import Database

from archive.connection import Connection
from archive.home import Home


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
