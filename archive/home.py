"""Where an archive lies on disk: the folders and files under THINKER_HOME."""

from dataclasses import dataclass
from pathlib import Path


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
        return self.path / "archive.db"

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
        """Make the folders that are missing; what is there stays untouched."""
        for folder in (self.captures, self.ledger, self.locks, self.public, self.exports):
            folder.mkdir(parents=True, exist_ok=True)
