"""Texts that the ledger names by their SHA-256 and keeps beside the chains, so they can go and the chains stay whole.

The notes of acts are in ledger/notes, and private. The values of corrections are in ledger/values, and published.
"""

import hashlib
import re
from pathlib import Path
from typing import Literal

from archive.files.home import sync_path

MAX_NOTE_CHARACTERS = 10_000
Beside = Literal["notes", "values"]  # the folder in the ledger's
_HEX = re.compile("[0-9a-f]{64}")


def write_note(ledger: Path, text: str) -> str:
    """Write a note to the disk and return its SHA-256 in hex; the same note is written once.

    Raises ValueError for an empty note, and for one of more than MAX_NOTE_CHARACTERS.
    """
    return _write(ledger, "notes", text)


def write_value(ledger: Path, text: str) -> str:
    """Write the value of a correction to the disk and return its SHA-256 in hex. Raises as `write_note` does."""
    return _write(ledger, "values", text)


def note_text(ledger: Path, name: str) -> str | None:
    """The note with this SHA-256; None if it was deleted or altered."""
    return _read(ledger, "notes", name)


def value_text(ledger: Path, name: str) -> str | None:
    """The value of a correction with this SHA-256; None if it was deleted or altered."""
    return _read(ledger, "values", name)


def value_path(ledger: Path, name: str) -> Path:
    """The file of the value of a correction. Raises ValueError if the name is no SHA-256 in hex."""
    return _path(ledger, "values", name)


def _write(ledger: Path, folder: Beside, text: str) -> str:
    if not text.strip() or len(text) > MAX_NOTE_CHARACTERS:
        raise ValueError(f"a text in ledger/{folder} has 1 to {MAX_NOTE_CHARACTERS:,} characters")
    content = text.encode("utf-8", "replace")
    name = hashlib.sha256(content).hexdigest()
    if _read(ledger, folder, name) is None:
        path = _path(ledger, folder, name)
        path.parent.mkdir(exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(content)
        sync_path(part)
        part.rename(path)
        sync_path(path.parent)
        sync_path(ledger)
    return name


def _read(ledger: Path, folder: Beside, name: str) -> str | None:
    try:
        content = _path(ledger, folder, name).read_bytes()
    except FileNotFoundError:
        return None
    return content.decode("utf-8", "replace") if hashlib.sha256(content).hexdigest() == name else None


def _path(ledger: Path, folder: Beside, name: str) -> Path:
    if not _HEX.fullmatch(name):
        raise ValueError(f"{name!r} is not a SHA-256 in hex")
    return ledger / folder / f"{name}.txt"
