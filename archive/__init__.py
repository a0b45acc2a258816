"""What happened: captures, articles, revisions and events. Never decides what to fetch."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive.connection import connect
    from archive.home import Home
    from archive.lags import not_entered
    from archive.opened import Archive
    from archive.opening import open_archive, read_archive
    from archive.versions import OtherVersion

__all__ = ["Archive", "Home", "OtherVersion", "connect", "not_entered", "open_archive", "read_archive"]

# Imported when it is asked for: who needs one module of the archive, as the parser's process, waits for no other.
_MODULES = {
    "Archive": "opened",
    "Home": "home",
    "OtherVersion": "versions",
    "connect": "connection",
    "not_entered": "lags",
    "open_archive": "opening",
    "read_archive": "opening",
}


def __getattr__(name: str) -> Any:
    """PEP 562."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"archive.{_MODULES[name]}"), name)
