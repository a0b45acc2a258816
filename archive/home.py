"""Where an archive lies on disk: the folders and files under THINKER_HOME."""

from dataclasses import dataclass
from pathlib import Path

DATABASE = "archive"  # as Datasette calls it
NO_FOLDER = "is no folder, and an archive is one: choose another --home"


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of one archive (house.md, section 4)."""

    path: Path

    @property
    def captures(self) -> Path:
        return self.path / "captures"

    @property
    def ledger(self) -> Path:
        return self.path / "ledger"

    @property
    def database(self) -> Path:
        return self.path / f"{DATABASE}.db"

    @property
    def schedule_database(self) -> Path:
        return self.path / "schedule.db"

    @property
    def locks(self) -> Path:
        return self.path / "locks"

    @property
    def public(self) -> Path:
        return self.path / "public"

    @property
    def exports(self) -> Path:
        return self.path / "exports"

    @property
    def settings_file(self) -> Path:
        return self.path / "thinker.toml"

    def create(self) -> None:
        """Make the folders that are missing; what is there stays untouched. Raises OSError."""
        try:
            for folder in (self.captures, self.ledger, self.locks, self.public, self.exports):
                folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            raise NotADirectoryError(f"{error.filename} is a file where a folder is wanted: move it away") from error
        except NotADirectoryError as error:
            raise NotADirectoryError(f"{self.path} {NO_FOLDER}") from error
