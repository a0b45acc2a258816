"""The program's version, and the versions whose archives it reads: others are refused by name."""

import json
from importlib.metadata import version
from pathlib import Path

NAME = "thinker-archive"
VERSION = version(NAME)
PROGRAM = f"{NAME}/{VERSION}"
OLDER = "made by thinker 0.1, which this version cannot read: create a new home and `thinker import` its captures"
UNMOUNTED = "has none of the archive's files: mount its disk, or restore them (delete archive.db to start from nothing)"
NEWER = "made by a newer version of thinker: upgrade"


class OtherVersion(Exception):  # noqa: N818 a refusal, not a fault
    """An archive of another version; the text names the file and the remedy."""


def require_known_lines(ledger: Path) -> None:
    """Raise OtherVersion if a chain in this folder begins with a line of version 0.1.

    Called before anything is created in the home.
    """
    for path in sorted(path for path in ledger.glob("*.jsonl") if path.is_file()):
        with path.open("rb") as file:
            try:
                first = json.loads(file.readline(1 << 20))  # a damaged file may be one line of any length
            except (ValueError, RecursionError):
                continue  # no ledger line; the reader of the chain reports it
        if isinstance(first, dict) and "previous_digest" in first and "format" not in first:
            raise OtherVersion(f"{path.name} at 0: {OLDER}")
