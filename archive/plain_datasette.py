"""What `datasette HOME` without our plugin is told: names for rows, views before tables, texts cut short.

Datasette 0.65 shows 100 rows a page and 2,048 characters a cell (app.py, SETTINGS), and names a row only by a column
`name` or `title` (database.py, label_column_for_table). A database cannot say otherwise; files beside it can.
"""

import json
import os
from pathlib import Path
from typing import Any

from archive.descriptions import of_columns, of_table
from archive.home import DATABASE, Home
from archive.metadata import METADATA, PAGE_SIZE

WRITTEN_BY = "thinker, anew whenever it changes; to keep a file of your own here, take this line out"
SETTINGS = {"default_page_size": PAGE_SIZE, "truncate_cells_html": 60, "suggest_facets": False}
_VIEWS_FIRST = "Views first; behind “hidden tables” is everything. 先列视图；全部数据表见 hidden tables。"
_SIZES = {
    "articles": 3, "captures": 6, "changes": 10, "crawls": 12, "events": 15, "frontier": 12, "revision_records": 12,
    "revisions": 12, "sightings": 15, "state_texts": 10, "states": 15,
}  # fmt: skip


def write_beside(home: Home) -> None:
    """Write metadata.json and settings.json, which Datasette reads from the folder that it is given.

    What somebody else put there is left alone. Raises OSError.
    """
    metadata = home.path / "metadata.json"
    if _ours(metadata):
        _write(metadata, {"written_by": WRITTEN_BY, **_plain()})
    settings = home.path / "settings.json"
    if _blank(settings):
        _write(settings, SETTINGS)


def _plain() -> dict[str, Any]:
    """The metadata of the site, with every table behind the views and told of in both languages."""
    shown = METADATA["databases"][DATABASE]["tables"]
    tables = {name: {**how, **_told(name), "hidden": True} for name, how in shown.items()}
    return {**METADATA, "databases": {DATABASE: {"description": _VIEWS_FIRST, "tables": tables}}}


def _told(name: str) -> dict[str, Any]:
    description = f"{of_table(name, 'en')} {of_table(name, 'zh')}".strip()
    return {"description": description, "columns": of_columns(name, "en"), "size": _SIZES.get(name, PAGE_SIZE)}


def _ours(path: Path) -> bool:
    if _blank(path):
        return True
    try:
        told = json.loads(path.read_bytes())
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("written_by") == WRITTEN_BY


def _blank(path: Path) -> bool:
    """Whether nothing was written there yet, or a power cut left nothing of it."""
    return not path.exists() or not path.read_bytes().strip()


def _write(path: Path, told: dict[str, Any]) -> None:
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    if path.exists() and path.read_text("utf-8") == text:
        return
    beside = path.with_name(f".{path.name}-{os.getpid()}")
    beside.write_text(text, "utf-8")
    beside.replace(path)
