"""The layout of an archive on disk: folders and files under THINKER_HOME, and durable names in them."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CAPTURES, CHAINS = "*.warc.gz", "*.jsonl"
CHAIN = r"[a-z0-9][a-z0-9_-]{0,99}"  # a chain's name
NAMES = {
    CAPTURES: re.compile(r"[a-z0-9][a-z0-9_-]*-\d{8}T\d{6}Z-\d{5,}\.warc\.gz"),
    CHAINS: re.compile(rf"{CHAIN}\.jsonl"),
}
DATABASE = "archive"  # its name in Datasette
NO_FOLDER = "is not a folder: choose another --home"


def from_environment() -> Path:
    """The folder of the archive if none is named: THINKER_HOME, or ./data if that is not set or empty."""
    return Path(os.environ.get("THINKER_HOME") or "data")


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of one archive under THINKER_HOME."""

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
    def late(self) -> Path:
        """Folder of what workers fetched too late for any crawl."""
        return self.path / "late"

    @property
    def watches_database(self) -> Path:
        return self.path / "watches.db"

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

    def misplaced(self) -> Iterator[tuple[Path, str]]:
        """Yield each path that takes the place of our captures and ledgers, with the cause and the remedy as text.

        These are a dangling link in place of captures/ or ledger/, and each `*.warc.gz` in the first or `*.jsonl` in
        the second that is a dangling link, is no file or is not named as our files are, such as
        `newsroom-20261125T110300Z-00001.warc.gz` and `town.jsonl`. Hidden files do not count.
        """
        for folder, pattern in ((self.captures, CAPTURES), (self.ledger, CHAINS)):
            if _is_dangling(folder):
                yield folder, f"is a link to {folder.readlink()}, which does not exist: mount it, or correct the link"
            for path in sorted(folder.glob(pattern)) if folder.is_dir() else ():
                if path.name.startswith("."):
                    continue  # written by other systems beside the files that they copy
                if not NAMES[pattern].fullmatch(path.name):
                    yield (
                        path,
                        "is not named as our files are: move it away; if it has captures, run `thinker import` on it",
                    )
                elif _is_dangling(path):
                    yield (
                        path,
                        f"is a link to {path.readlink()}, which does not exist: restore that file, or remove the link",
                    )
                elif not path.is_file():
                    yield path, "should be a file and is not one: move it away"

    def create(self) -> None:
        """Make the missing folders; existing ones are not touched. Raises OSError.

        That is NotADirectoryError for a file in place of a folder, and for a path from `misplaced`: a writer beside it
        would overlook the missing file.
        """
        for path, said in self.misplaced():
            raise NotADirectoryError(f"{path} {said}")
        try:
            for folder in (self.captures, self.ledger, self.locks, self.public, self.exports):
                folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            raise NotADirectoryError(f"{error.filename} must be a folder: move the file away") from error
        except NotADirectoryError as error:
            raise NotADirectoryError(f"{self.path} {NO_FOLDER}") from error


def _is_dangling(path: Path) -> bool:
    return path.is_symlink() and not path.exists()


def sync_path(path: Path) -> None:
    """Sync a file's bytes, or the names in a folder, to the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
