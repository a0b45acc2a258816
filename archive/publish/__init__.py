"""The Datasette plugin: the archive as pages for people, over the raw tables for everybody else."""
# mypy: disable-error-code="untyped-decorator"
# (pluggy's hookimpl, as Datasette exports it, has no types)

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from datasette.utils.asgi import Forbidden, Request, Response
from jinja2 import Environment

from archive import search
from archive.publish import cells, errors, guard, limits, metadata, queries, routes, shown
from archive.publish.plain import PlainLoader
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
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    env.filters.update(shown.FILTERS)
    if DATABASE in datasette.databases and env.loader:
        env.loader = PlainLoader(env.loader)


# Datasette asks every handler, its own too, which prints a traceback at length: ours goes around it.
@hookimpl(hookwrapper=True)
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Generator[None, Any, None]:
    handlers = yield
    if DATABASE in datasette.databases:
        handlers.force_result([errors.answer(datasette, request, exception)])


@hookimpl
def forbidden(datasette: Datasette, request: Request, message: str) -> Coroutine[Any, Any, Response] | None:
    return errors.answer(datasette, request, Forbidden(message)) if DATABASE in datasette.databases else None


@hookimpl
def render_cell(row: sqlite3.Row, value: object, column: str, database: str, datasette: Datasette) -> object:
    return cells.render(row, value, column, datasette) if database == DATABASE else None


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    return [{"href": datasette.urls.path("/"), "label": "Thinker Archive"}]


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    return [datasette.urls.path(f"/thinker-tables.css?{routes.STYLE_VERSION}")]
