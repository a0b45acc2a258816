"""Notes of acts, in ledger/notes. A chain names them by their SHA-256, so it stays whole when one is deleted."""

import hashlib
import re
from pathlib import Path

from archive.files.home import sync_path

MAX_NOTE_CHARACTERS = 10_000
_HEX = re.compile("[0-9a-f]{64}")


def write_note(ledger: Path, text: str) -> str:
    """Write a note to the disk and return its SHA-256 in hex; the same note is written once.

    Raises ValueError for an empty note, and for one of more than MAX_NOTE_CHARACTERS.
    """
    if not text.strip() or len(text) > MAX_NOTE_CHARACTERS:
        raise ValueError(f"a note has 1 to {MAX_NOTE_CHARACTERS:,} characters")
    content = text.encode("utf-8", "replace")
    name = hashlib.sha256(content).hexdigest()
    path = _path(ledger, name)
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(content)
        sync_path(part)
        part.rename(path)
        sync_path(path.parent)
        sync_path(ledger)
    return name


def note_text(ledger: Path, name: str) -> str | None:
    """The note with this SHA-256; None if it was deleted or altered."""
    try:
        content = _path(ledger, name).read_bytes()
    except FileNotFoundError:
        return None
    return content.decode("utf-8", "replace") if hashlib.sha256(content).hexdigest() == name else None


def _path(ledger: Path, name: str) -> Path:
    if not _HEX.fullmatch(name):
        raise ValueError(f"{name!r} is not a SHA-256 in hex")
    return ledger / "notes" / f"{name}.txt"
