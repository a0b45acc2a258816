"""The contact of the archive for its readers, from thinker.toml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archive.publish.database.reading import DATABASE
from archive.settings import SettingsError, load_settings

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette


def contacts(datasette: Datasette) -> dict[str, str | None]:
    """`contact` and `project` from thinker.toml; None for one that is not set, so for both without the file.

    Neither is known (None) if the file cannot be read, which `thinker doctor` reports.
    """
    try:
        settings = load_settings(Path(datasette.get_database(DATABASE).path).parent)
    except SettingsError:
        return {"contact": None, "project": None}
    return {"contact": settings.contact, "project": settings.about}
