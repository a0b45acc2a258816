"""Renders Datasette's own pages in our templates and in the reader's language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, MutableMapping, Sequence
from contextvars import ContextVar
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from datasette.utils import tilde_encode
from datasette.utils.asgi import Request
from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup, escape

from archive.publish.messages import language
from archive.publish.server.headers import YEAR_SECONDS
from archive.publish.server.rendering import CACHING
from archive.publish.tables.datasette_data import as_sheet
from archive.schema import COUNTED, FOLDED, hidden, of_columns, of_table

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
T = TypeVar("T")

_TEMPLATES = Path(__file__).parents[1] / "templates"
TEMPLATES = {f"{name}.html": f"thinker/tables/{name}.html" for name in ("database", "table", "row", "query")}
MAX_ROWS_BYTES = 60_000  # of all rows, so that the page stays below 100 kB
MAX_ONE_LINE_CHARACTERS = 24  # longer cells may wrap
NOT_READ = ("ui", "_trace")  # Datasette takes ui for a column, and with _trace it sends an HTML page instead of CSV
MAX_ROWS = 99  # per page, whatever is asked for: references are looked up for each row

# The language of the current request, which Datasette does not pass to render_cell.
reader: ContextVar[language.Ui] = ContextVar("reader", default="zh")


class OwnTemplates(BaseLoader):
    """A template loader that replaces Datasette's pages by ours and leaves the rest to another loader.

    Datasette looks for templates beside a plugin that is a package; ours is a module.
    """

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = ChoiceLoader([FileSystemLoader(_TEMPLATES), loader])

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        return self._loader.get_source(environment, TEMPLATES.get(template, template))

    def list_templates(self) -> list[str]:
        return self._loader.list_templates()


def in_readers_language(datasette: Datasette, app: App) -> App:
    """The app with table pages in the reader's language.

    On these it hides the parameters of NOT_READ from Datasette, limits the rows of HTML, and sends CSV as `as_sheet`
    does. Other pages stay unchanged.
    """

    async def speaking(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        request = Request(scope, receive)
        reader.set(language.ui_of(request))
        if not _of_tables(datasette, request.path):
            await app(scope, receive, send)
            return
        asked = language.chosen(request)
        scope = {**_as_datasette_reads(scope), language.SET_ASIDE: asked}
        told = as_sheet(send) if request.path.endswith(".csv") else _telling(send, asked)
        await app(scope, receive, told)

    return speaking


def _of_tables(datasette: Datasette, path: str) -> bool:
    """True if the path, with or without the site's prefix, begins with `/` and the name of a database.

    So `/archive` and `/archive/articles`; the name need not be a whole segment.
    """
    inner = path.removeprefix(datasette.setting("base_url").rstrip("/"))
    return inner.startswith(tuple(f"/{tilde_encode(name)}" for name in datasette.databases))


def within(found: Iterable[T], size: Callable[[T], int], room: int) -> list[T]:
    """The first items whose sizes together fit into `room` bytes, but at least one if there is any."""
    kept: list[T] = []
    for each in found:
        room -= size(each)
        if room < 0 and kept:
            break
        kept.append(each)
    return kept


def rows_of_table(rows: Iterable[Iterable[dict[str, Any]]], folded: Collection[str]) -> list[Markup]:
    """The rows of a table page as `<tr>` elements without the columns `folded`.

    Only the first rows that fit into MAX_ROWS_BYTES, but at least one if there is any.
    """
    return _drawn([(cell["column"], cell["value"]) for cell in row if cell["column"] not in folded] for row in rows)


def rows_of_query(rows: Iterable[Iterable[object]], columns: Sequence[str], most: int) -> list[Markup]:
    """The first `most` rows of a query as `<tr>` elements.

    Fewer if they do not fit into MAX_ROWS_BYTES, but at least one if there is any.
    """
    return _drawn(zip(columns, row, strict=True) for row in islice(rows, most))


def _drawn(rows: Iterable[Iterable[tuple[str, object]]]) -> list[Markup]:
    # Not a macro of the template: a call for each cell took a sixth of the page's time.
    drawn = (Markup("<tr>{}</tr>").format(Markup().join(_cell(*cell) for cell in row)) for row in rows)
    return within(drawn, lambda row: len(row.encode()), MAX_ROWS_BYTES)


def _cell(column: str, value: object) -> Markup:
    """A `<td>`; the class is `none` for an empty cell, `short` for one of at most MAX_ONE_LINE_CHARACTERS.

    A cell with text marked as Chinese (`lang="zh-Han…"`), and any longer one, has no class.
    """
    shown = str(value)
    kind = ' class="none"' if shown in ("", "&nbsp;") else ' class="short"' if _is_short(shown) else ""
    return Markup(f'<td data-column="{escape(column)}"{kind}>{escape(value)}</td>')  # noqa: S704 - after escaping


def _is_short(shown: str) -> bool:
    return "zh-Han" not in shown and len(Markup(shown).striptags()) <= MAX_ONE_LINE_CHARACTERS  # noqa: S704 - to be measured


FILTERS: dict[str, Callable[..., Any]] = {
    "rows_of_table": rows_of_table,
    "rows_of_query": rows_of_query,
    "table_told": of_table,
    "columns_told": of_columns,
    "folded": lambda table: FOLDED.get(table, []),
    "counted": lambda table: COUNTED.get(table, []),
    "of_machinery": hidden,
    "listed": lambda tables: [table for table in tables if not hidden(table["name"])],
}


def _as_datasette_reads(scope: Message) -> Message:
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    page = "." not in scope["path"].rpartition("/")[2]  # else JSON or CSV: Datasette writes ~2E for dots in names
    kept = [
        (name, _page_size(value) if page and name == "_size" else value)
        for name, value in query
        if name not in NOT_READ
    ]
    return {**scope, "query_string": urlencode(kept).encode()} if kept != query else scope


def _page_size(asked: str) -> str:
    return str(MAX_ROWS) if asked == "max" or (asked.isdecimal() and len(asked) > 2) else asked


def _telling(send: Send, asked: language.Ui | None) -> Send:
    """A `send` that gives HTML pages caching headers by language, and the cookie of the language asked for, if any."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(name.lower(), value) for name, value in message["headers"]]
            if _depends_on_language(dict(headers)):
                added = {**CACHING, **({"set-cookie": _cookie(asked)} if asked else {})}
                kept = [header for header in headers if header[0] not in (b"cache-control", b"vary")]
                message = {**message, "headers": [*kept, *((k.encode(), v.encode()) for k, v in added.items())]}
        await send(message)

    return told


def _depends_on_language(headers: dict[bytes, bytes]) -> bool:
    """True for an HTML page of Datasette; our own pages, such as errors, have the headers already."""
    page = headers.get(b"content-type", b"").startswith(b"text/html")
    return page and b"Accept-Language" not in headers.get(b"vary", b"")


def _cookie(ui: language.Ui) -> str:
    return f"{language.COOKIE}={ui}; HttpOnly; Max-Age={YEAR_SECONDS}; Path=/; SameSite=lax"
