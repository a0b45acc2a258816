"""Cells of the raw tables: bodies cut short, keys and addresses as links, each text in its language."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from markupsafe import Markup

from archive.publish.shown import tongue, web_url

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

EXCERPT = 80
LONG = {"body_text", "article", "details", "before", "after", "biography", "detail"}
URLS = {"url", "canonical_url", "homepage"}
SPOKEN = {"headline", "alternative_headline", "speaker", "name", "article_section", "publisher", "teaser"}


def render(row: sqlite3.Row, value: object, column: str, datasette: Datasette) -> Markup | None:
    """The cell as safe HTML; None leaves it to Datasette."""
    if not isinstance(value, str):
        return None
    if column == "key" and "headline" in row.keys():  # noqa: SIM118 - `in row` looks at the values
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/a/{value}"), value)
    if column in URLS:
        return _link(value)
    if column in LONG and len(value) > EXCERPT:
        value = f"{value[:EXCERPT]}…"
    if column in LONG | SPOKEN:
        return Markup('<span lang="{}">{}</span>').format(tongue(value), value)
    return None


def _link(url: str) -> Markup:
    if not web_url(url):
        return Markup("{}").format(url)
    return Markup('<a href="{}" rel="nofollow noopener noreferrer">{}</a>').format(url, url)
