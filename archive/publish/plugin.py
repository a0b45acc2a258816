"""The hooks by which Datasette asks the site, each answered by a room."""
# mypy: disable-error-code="untyped-decorator"
# (pluggy's hookimpl, as Datasette exports it, has no types)

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from datasette.utils.asgi import Forbidden, Request, Response
from jinja2 import Environment

from archive.publish import routes
from archive.publish.article import history
from archive.publish.database import sql_hints
from archive.publish.database.reading import DATABASE
from archive.publish.formatting import addresses, change_marks, event_details, filters, query_notes, text_fragments
from archive.publish.messages.datasette import in_chinese
from archive.publish.server import errors, guard, rendering
from archive.publish.server.parameters import checked
from archive.publish.tables import cells, datasette_data, datasette_pages, facets
from archive.sandbox import apply_limits
from archive.schema import METADATA, QUERIES
from archive.search import register as register_search_functions

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette


@hookimpl
def get_metadata(key: str | None) -> dict[str, Any]:
    # Datasette reads "tables" for permissions and default facets, which our metadata lack, and copies the whole
    # metadata for each table of a page: {} saves that.
    return {} if key == "tables" else METADATA


@hookimpl
def canned_queries(database: str) -> dict[str, dict[str, Any]]:
    return QUERIES if database == DATABASE else {}


@hookimpl
def register_output_renderer(datasette: Datasette) -> list[dict[str, Any]]:
    return [{"extension": "json", "render": datasette_data.as_json}] if DATABASE in datasette.databases else []


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    return [(path, checked(view)) for path, view in routes.ROUTES] if DATABASE in datasette.databases else []


# Last, so that our escape_fts replaces Datasette's and its search box finds Chinese.
@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    if database == DATABASE:
        register_search_functions(conn)
        apply_limits(conn)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[guard.App], guard.App]:
    if DATABASE not in datasette.databases:
        return lambda app: app
    guarded = guard.wrapper(datasette)
    return lambda app: guarded(datasette_pages.in_readers_language(datasette, app))


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    env.filters.update({**filters.FILTERS, **addresses.FILTERS, **change_marks.FILTERS, **text_fragments.FILTERS})
    env.filters.update(
        datasette_pages.FILTERS,
        counts=facets.counts,
        with_terms=sql_hints.with_terms,
        event_detail=event_details.event_detail,
        asks_former=sql_hints.asks_former,
        version_path=history.version_path,
        sentences=query_notes.sentences,
        in_chinese=in_chinese,
    )
    env.globals.update(MENU=routes.MENU, FOOT=routes.FOOT)
    if DATABASE in datasette.databases and env.loader:
        env.loader = datasette_pages.OwnTemplates(env.loader)


@hookimpl
def extra_template_vars(template: str, request: Request | None, datasette: Datasette) -> dict[str, object]:
    ours = DATABASE in datasette.databases and template in datasette_pages.TEMPLATES
    return rendering.frame_of(datasette, request) if request and ours else {}


# Datasette's own handler prints a traceback: a wrapper replaces its result.
@hookimpl(hookwrapper=True)
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Generator[None, Any, None]:
    handlers = yield
    if DATABASE in datasette.databases:
        handlers.force_result([errors.answer(datasette, request, exception)])


@hookimpl
def forbidden(datasette: Datasette, request: Request, message: str) -> Coroutine[Any, Any, Response] | None:
    return errors.answer(datasette, request, Forbidden(message)) if DATABASE in datasette.databases else None


@hookimpl
def render_cell(
    row: sqlite3.Row, value: object, column: str, table: str | None, database: str, datasette: Datasette
) -> object:
    return cells.render(row, value, column, table, datasette) if database == DATABASE else None
