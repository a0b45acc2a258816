"""Turns errors into replies, as a page or as JSON, with one line in the log."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING
from urllib.parse import quote

import datasette as datasette_package
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError

from archive.publish.database.reading import (
    MissingError,
    NoCaptureError,
    NoVersionError,
    OtherKeyError,
    WithdrawnError,
)
from archive.publish.database.sql_sandbox import TooBusy
from archive.publish.messages import language
from archive.publish.messages.datasette import in_chinese
from archive.publish.server.contacts import contacts
from archive.publish.server.cross_origin import is_data
from archive.publish.server.parameters import MAX_NAME_SHOWN
from archive.publish.server.rendering import JSON, page, wants_json
from archive.publish.server.request_urls import uri
from parsers.article import json_line

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

_DATASETTE = str(Path(datasette_package.__file__).parent)
_OURS = str(Path(__file__).parents[2])
_MISREADINGS = (ValueError, OverflowError, TypeError, LookupError)
# Messages that add nothing to the page. Datasette takes the first part of any path for the name of a database.
_TOLD_ALREADY = ("404", "Database not found")
MAX_VERSIONS_LISTED = 20  # the latest, for a name that none has
MAX_LOGGED_CHARACTERS = 300  # of a line in the log


@dataclass(frozen=True, slots=True)
class PageFault:
    """An error as shown to readers: HTTP status, the name of its message, and details.

    `detail` is in English or a name from the request, `detail_zh` its Chinese form; either may be "".
    """

    status: int
    name: str
    detail: str = ""
    detail_zh: str = ""


INTERNAL = PageFault(500, "broken")
_NAMES = {400: "bad_request", 403: "forbidden", 404: "not_found", 405: "only_read", 503: "too_busy"}


def fault_of(error: BaseException) -> PageFault:
    """The fault to show for an error.

    400 if a reader's SQL takes too long or Datasette misread a parameter; 503 if a query of our own pages takes too
    long, the database is locked or the sandbox is busy. Other errors of Datasette keep their status, but 500 becomes
    400, for it reports invalid parameters so. INTERNAL (500), which hides the reason from readers, for any other error.
    """
    if isinstance(error, QueryInterrupted) or getattr(error, "title", None) == "SQL Interrupted":
        return PageFault(400, "sql_slow")
    if isinstance(error, TooBusy) or _no_time(error):
        return PageFault(503, "too_busy")
    if isinstance(error, DatasetteError):
        status = 400 if error.status == 500 else error.status  # Datasette reports invalid parameters as 500
        said = "" if error.message_is_html else str(error.message)
        return PageFault(status, _NAMES.get(status, "bad_request"), said, in_chinese(said))
    if isinstance(error, Base400):
        said = _said(error)
        return PageFault(error.status, _NAMES[error.status], said, getattr(error, "chinese", "") or in_chinese(said))
    return PageFault(400, "bad_request") if _misread(error) else INTERNAL


def _no_time(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and str(error) in ("interrupted", "database is locked")


def _misread(error: BaseException) -> bool:
    """True if an error from Datasette's code, not ours, is one of _MISREADINGS or a value that SQL cannot bind.

    Datasette then failed on a parameter that it did not validate, such as a number, JSON or a compound key.
    """
    files = [frame.filename for frame in reversed(extract_tb(error.__traceback__))]
    code = next((file for file in files if file.startswith((_DATASETTE, _OURS))), "")
    misread = isinstance(error, _MISREADINGS) or (
        isinstance(error, sqlite3.ProgrammingError) and "binding parameter" in str(error)
    )
    return misread and code.startswith(_DATASETTE)


def _said(error: Base400) -> str:
    said = str(error.args[0]) if error.args else ""
    return "" if said in _TOLD_ALREADY else said


async def answer(datasette: Datasette, request: Request, error: BaseException) -> Response:
    """The reply to a failed request; also writes one line to standard error."""
    fault = fault_of(error)
    log(request.method, request.path, fault, error)
    return await told(datasette, request, fault)


async def missing(datasette: Datasette, request: Request, reason: MissingError) -> Response:
    """A redirect if another key of the article leads, else a reply with status 404 that names the missing thing.

    For a version that does not exist, or a name that fits several, it links the article and its versions.
    410 for a withdrawn article, with the date, the kind of reason and whom to ask. These replies are JSON at the
    address of data, else a page. A 404 also writes one line to standard error.
    """
    if isinstance(reason, OtherKeyError):
        return Response.redirect(_with_key(request, reason.leading))
    if isinstance(reason, WithdrawnError):
        tombstone = {"key": reason.key, "state": "withdrawn"}
        if reason.at:
            tombstone |= {"at": reason.at, "reason": reason.reason or ""}
        return await page(datasette, request, "article/withdrawn", tombstone, status=410, **contacts(datasette))
    fault = PageFault(404, "not_found", str(reason))
    log(request.method, request.path, fault, reason)
    if isinstance(reason, NoVersionError):
        return await _without_version(datasette, request, reason)
    english, message = language.Words("en"), "no_capture" if isinstance(reason, NoCaptureError) else "no_article"
    said = {"ok": False, "error": english[message] + fault.detail, "status": 404, "title": english["not_found"]}
    return await page(datasette, request, "layout/missing", said, status=404, message=message, reason=fault.detail)


async def _without_version(datasette: Datasette, request: Request, reason: NoVersionError) -> Response:
    name, message = str(reason)[:MAX_NAME_SHOWN], "several_versions" if reason.several else "no_version"
    en, zh = (f"{language.Words(ui)[message]}{name}" for ui in ("en", "zh"))
    said = {"ok": False, "error": en, "error_zh": zh, "status": 404, "title": language.Words("en")["not_found"]}
    listed = {"versions_count": len(reason.versions), "versions": list(reason.versions[:MAX_VERSIONS_LISTED])}
    data = said | dict(reason.article) | listed
    return await page(datasette, request, "article/no_version", data, status=404, message=message, name=name)


async def told(datasette: Datasette, request: Request, fault: PageFault) -> Response:
    """The reply that shows a fault: a page, or JSON if the address is that of data, such as CSV.

    JSON is in English, with the detail in Chinese as `error_zh` if it has one.
    """
    if wants_json(request) or is_data(request.path):
        english = language.Words("en")
        title = english[fault.name]
        error = fault.detail or english[f"{fault.name}_why"]
        said = {"ok": False, "error": error, "status": fault.status, "title": title}
        said |= {"error_zh": fault.detail_zh} if fault.detail_zh else {}
        return Response(json_line(said), status=fault.status, content_type=JSON)
    return await page(datasette, request, "layout/error", {"fault": fault}, status=fault.status)


def _with_key(request: Request, key: str) -> str:
    """The address of a request below /a/KEY, with another key."""
    path = request.path.replace(f"/a/{request.url_vars['key']}", f"/a/{quote(key)}", 1)
    return uri(f"{path}?{request.query_string}" if request.query_string else path)


def log(method: str, path: str, fault: PageFault, error: BaseException) -> None:
    """Write one line to standard error: status, method, path, and the fault's detail or else its name.

    From status 500 on, the line has the exception with its file and line number instead.
    """
    cause = _cause(error) if fault.status >= 500 else fault.detail or fault.name
    line = f"thinker: {fault.status} {method} {path}: {cause}"
    sys.stderr.write(f"{plain(line)}\n")


def plain(text: str) -> str:
    """The text on one line, with escapes for unprintable characters: a line break becomes the two characters `\\n`.

    More than MAX_LOGGED_CHARACTERS are cut off and replaced by `...`. Requests thus cannot forge lines of the log.
    """
    cut = text if len(text) <= MAX_LOGGED_CHARACTERS else f"{text[:MAX_LOGGED_CHARACTERS]}..."
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut)


def _cause(error: BaseException) -> str:
    frames = extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{place}"
