"""`/search/articles.csv?q=…`, `/person/NAME/articles.xlsx` and the like: the articles of a list as a file."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.files import stamp
from archive.publish.database.reading import MissingError, read_within
from archive.publish.exporting import DATA_SETS, ENDING, FORMATS, ExportFormat, Rows, Slice, WrittenFile, codebook
from archive.publish.exports.downloads import JSON_LINES
from archive.publish.exports.sending import SentFile, ended, safe, spool, turn
from archive.publish.formatting.csv_cells import CSV
from archive.publish.messages.refusals import nothing_there
from archive.publish.places.offering import MAX_ARTICLES, Part, fitting, part_of_place, part_of_search
from archive.publish.places.pages import articles_of, missing, name_of, narrowing
from archive.publish.places.periods import KINDS
from archive.publish.search.search_page import ids_found
from archive.publish.search.search_request import NAMES, SearchRequest
from archive.publish.server.parameters import takes
from archive.publish.server.rendering import CACHING, JSON, with_query
from archive.publish.server.request_urls import absolute
from archive.search import FACETS
from parsers.article import json_line

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

Ids = Callable[[sqlite3.Connection], list[int]]

TIME_LIMIT_MS = 10_000  # to find and read the articles of a file
BOOK = ENDING.removeprefix(".")  # the codebook's form in an address: articles.datapackage.json
_TYPES = {"csv": CSV, "jsonl": JSON_LINES}
_OF_SEARCH = tuple(name for name in NAMES if name not in ("limit", "before"))


@takes(*_OF_SEARCH, many=FACETS)
async def of_search(datasette: Datasette, request: Request) -> Response:
    """`/search/articles.csv?q=…`, `.jsonl`, `.xlsx`, and their codebook: the hits in the order of the page."""
    asked = SearchRequest.of(request)
    part = part_of_search(asked.q, asked.ever, asked.gone, asked.exact, asked.choices)
    ids = partial(ids_found, asked=asked, most=MAX_ARTICLES)
    return await _answered(datasette, request, part, safe(f"search-{asked.q}"), ids)


def of_place(kind: str) -> Callable[..., Awaitable[Response]]:
    """Return the view of `/KIND/NAME/articles.csv`, `.jsonl`, `.xlsx` or their codebook; `in`, `role` narrow it."""

    @takes(*("in",) * (kind not in KINDS), *("role",) * (kind == "person"))
    async def show(datasette: Datasette, request: Request) -> Response:
        name, (within, role) = name_of(request), narrowing(request)
        part = part_of_place(kind, name, within)
        file = safe(f"{kind}-{name}")
        ids = partial(articles_of, kind=kind, name=name, part=within, role=role, most=MAX_ARTICLES)
        try:
            return await _answered(datasette, request, part, file, ids)
        except MissingError:
            return await missing(datasette, request, kind, name)

    return show


async def _answered(datasette: Datasette, request: Request, part: Part, name: str, ids_of: Ids) -> Response:
    """The file of the articles that `ids_of` gives, in the form of the address; or its codebook."""
    asked: str = request.url_vars["form"]
    form = FORMATS["csv" if asked == BOOK else asked]
    if not form.is_there:
        raise nothing_there("no_library", form=form.name)
    site = absolute(datasette, request, "/").rstrip("/")
    with turn(datasette, request) as client:
        file = spool()
        try:
            written = await read_within(TIME_LIMIT_MS, datasette, _write, form, file, site, ids_of)
            if asked == BOOK:
                address = f"{absolute(datasette, request, _path_of(request, form))}{with_query(request, ui=None)}"
                told = await read_within(
                    TIME_LIMIT_MS, datasette, _book, part, form, written, address.rstrip("?"), site
                )
        except BaseException:
            file.close()
            raise
        if asked == BOOK:
            file.close()
            ended(client)
            return Response(json_line(told), headers={"cache-control": CACHING["cache-control"]}, content_type=JSON)
    file.seek(0)
    digest = bytes.fromhex(written.sha256)
    return SentFile(file, written.bytes, digest, name + form.ending, _TYPES.get(form.name, form.media_type), client)


def _path_of(request: Request, form: ExportFormat) -> str:
    """The path of the file that the codebook at this request's path describes."""
    path: str = request.path
    return path.removesuffix(f".{BOOK}") + form.ending


def _write(conn: sqlite3.Connection, form: ExportFormat, file: IO[bytes], site: str, ids_of: Ids) -> WrittenFile:
    """Write the articles into the file, and say what was written."""
    data = DATA_SETS["articles"]
    ids = fitting(conn, ids_of(conn))
    assert form.write is not None
    form.write(data.columns, Rows(conn, data, ids, site), file)  # type: ignore[arg-type] # IO[bytes]
    size = file.tell()
    file.seek(0)
    hashed = hashlib.sha256()
    while piece := file.read(1 << 16):
        hashed.update(piece)
    return WrittenFile(form.name, "articles", "", len(ids), size, hashed.hexdigest())


def _book(
    conn: sqlite3.Connection, part: Part, form: ExportFormat, written: WrittenFile, address: str, site: str
) -> dict[str, Any]:
    """The codebook of a file at this address of the site."""
    named = WrittenFile(**asdict(written) | {"file": address})
    return codebook(conn, Slice("articles", **part._asdict()), form, named, stamp(datetime.now(UTC)), site)
