"""The files for `datasette HOME` without our plugin: labels, ready questions, book-keeping last, texts cut short.

Datasette 0.65 shows 100 rows a page and 2,048 characters a cell (app.py, SETTINGS), and names a row only by a column
`name` or `title` (database.py, label_column_for_table). A database cannot change that; files beside it can.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

from archive.files import DATABASE, Home
from archive.schema.descriptions import of_columns, of_table
from archive.schema.metadata import METADATA, PAGE_SIZE
from archive.schema.queries import QUERIES
from archive.schema.views import ANSWERING, INDEXES

WRITTEN_BY = "thinker, anew whenever it changes; to keep a file of your own here, take this line out"
SETTINGS = {"default_page_size": PAGE_SIZE, "truncate_cells_html": 60, "suggest_facets": False}
# Datasette shows a search box for a table with an index. It splits queries at blanks, as in English, so it would find
# no Chinese, without an error.
_NO_SEARCH = (
    "<p>There is no search box here, because Datasette's own search finds no Chinese. <code>thinker serve</code> has a "
    'search that does. Here, the query <a href="archive/first_seen">first_seen</a> finds a phrase, and '
    '<a href="archive/articles_fts">articles_fts</a> shows how to search in SQL.</p>'
    '<p lang="zh-Hans">这里没有搜索框，因为 Datasette 自带的搜索查不到汉字；<code>thinker serve</code> 的搜索页可以。'
    '在这里可用常用查询 <a href="archive/first_seen">first_seen</a> 查提法；SQL 的写法见 '
    '<a href="archive/articles_fts">articles_fts</a>。</p>'
)
_OURS = re.compile(r"\b(terms|zh_\w+)\(")  # functions that only our connections have
_BEGIN = (
    "<p>Start with the views: {views}. The tables follow. The hidden tables at the end are internal.</p>"
    '<p lang="zh-Hans">请先看视图：{views}。其次是数据表；最后的 hidden tables 是内部用表。</p>'
)
_SIZES = {
    "articles": 3, "captures": 6, "changes": 10, "crawls": 12, "events": 15, "frontier": 12, "revision_records": 12,
    "revisions": 12, "sightings": 15, "state_texts": 10, "states": 15,
}  # fmt: skip


def write_beside(home: Home) -> None:
    """Write metadata.json and settings.json, which Datasette reads from the folder that it is given.

    metadata.json is written if it is missing, empty, or our own (its `written_by` says so); settings.json only if it is
    missing or empty, so that even our own is written once. Raises OSError.
    """
    metadata = home.path / "metadata.json"
    if _ours(metadata):
        _write(metadata, {"written_by": WRITTEN_BY, **_plain()})
    settings = home.path / "settings.json"
    if _blank(settings):
        _write(settings, SETTINGS)


def _plain() -> dict[str, Any]:
    """The site's metadata without a search box, with descriptions and the questions that need none of our functions.

    Links are relative, such as `archive/first_seen`, so that they work on both the front page `/` and `/archive`.
    """
    shown = METADATA["databases"][DATABASE]["tables"]
    links = ", ".join(f'<a href="{DATABASE}/{name}">{name}</a>' for name in ANSWERING)
    database = {
        "description_html": _BEGIN.format(views=links),
        "tables": {name: {**_unsearched(name, how), **_told(name)} for name, how in shown.items()},
        "queries": {name: _question(asked) for name, asked in QUERIES.items() if not _OURS.search(asked["sql"])},
    }
    about = f"<p>{METADATA['description']}</p>{_NO_SEARCH}"
    return {**METADATA, "description_html": about, "databases": {DATABASE: database}}


def _unsearched(name: str, how: dict[str, Any]) -> dict[str, Any]:
    """The metadata of a table without its search keys (`fts_…`); that of an index has `"allow": False` in addition.

    Datasette then refuses the page of the index, whose rows it could not show.
    """
    kept = {key: value for key, value in how.items() if not key.startswith("fts_")}
    return {**kept, "allow": False} if name in INDEXES.values() else kept


def _question(asked: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in asked.items() if key in ("sql", "title", "description", "params")}


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
    """True if the file is missing, or has nothing but white space: a power cut can leave it empty."""
    return not path.exists() or not path.read_bytes().strip()


def _write(path: Path, told: dict[str, Any]) -> None:
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    if path.exists() and path.read_text("utf-8") == text:
        return
    beside = path.with_name(f".{path.name}-{os.getpid()}")
    beside.write_text(text, "utf-8")
    beside.replace(path)
