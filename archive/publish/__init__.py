"""The Datasette plugin: the archive as pages for people, over the raw tables for everybody else."""
# mypy: disable-error-code="untyped-decorator"
# (pluggy's hookimpl, as Datasette exports it, has no types)

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from jinja2 import Environment

from archive import search
from archive.publish import cells, guard, limits, metadata, queries, routes, shown
from archive.publish.reading import DATABASE

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette


@hookimpl
def get_metadata() -> dict[str, Any]:
    return metadata.METADATA


@hookimpl
def canned_queries(database: str) -> dict[str, dict[str, Any]]:
    return queries.QUERIES if database == DATABASE else {}


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    return routes.ROUTES if DATABASE in datasette.databases else []


# Last, so that our escape_fts takes the place of Datasette's: its search box then finds Chinese.
@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    if database == DATABASE:
        search.register(conn)
        limits.apply(conn)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[guard.App], guard.App]:
    return guard.wrapper(datasette) if DATABASE in datasette.databases else lambda app: app


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    env.filters.update(shown.FILTERS)


@hookimpl
def render_cell(row: sqlite3.Row, value: object, column: str, database: str, datasette: Datasette) -> object:
    return cells.render(row, value, column, datasette) if database == DATABASE else None


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    return [{"href": datasette.urls.path("/"), "label": "Thinker Archive"}]


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    return [datasette.urls.path(f"/thinker-tables.css?{routes.STYLE_VERSION}")]
