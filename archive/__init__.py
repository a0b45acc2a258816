"""What happened: captures, articles, revisions and events. Never decides what to fetch."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive.files.home import Home
    from archive.files.versions import OtherVersion
    from archive.open import open_archive, read_archive
    from archive.rows.behind import not_entered
    from archive.rows.connection import Archive, connect

__all__ = ["Archive", "Home", "OtherVersion", "connect", "not_entered", "open_archive", "read_archive"]

# Imported when it is asked for: who needs one module of the archive, as the parser's process, waits for no other.
_MODULES = {
    "Archive": "rows.connection",
    "Home": "files.home",
    "OtherVersion": "files.versions",
    "connect": "rows.connection",
    "not_entered": "rows.behind",
    "open_archive": "open",
    "read_archive": "open",
}


def __getattr__(name: str) -> Any:
    """PEP 562."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"archive.{_MODULES[name]}"), name)
