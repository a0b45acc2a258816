"""Answers 304 from the version of the data, before anything is read or rendered."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from archive.publish.database.live_database import LiveDatabase
from archive.publish.database.reading import DATABASE
from archive.publish.messages import language
from archive.publish.server.rendering import CACHING, remember
from archive.publish.server.stylesheets import style_version

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

View = Callable[..., Awaitable[Response]]

_TAG = re.compile(r'"([^"]*)"')


def validated(view: View) -> View:
    """The view with 304 replies, and an ETag on replies of status 200 that are not `no-store`.

    Its page must depend only on data, address, language and hour. Without a LiveDatabase the view is unchanged.
    """

    @wraps(view)
    async def show(datasette: Datasette, request: Request) -> Response:
        tag = tag_of(datasette, request, datetime.now(UTC))
        if tag and tag in _TAG.findall(request.headers.get("if-none-match", "")):
            return remember(Response("", status=304, headers={**CACHING, "etag": f'W/"{tag}"'}), request)
        response = await view(datasette, request)
        if tag and response.status == 200 and response.headers["cache-control"] != "no-store":
            response.headers["etag"] = f'W/"{tag}"'
        return response

    return show


def tag_of(datasette: Datasette, request: Request, now: datetime) -> str | None:
    """The opaque part of a weak ETag (RFC 9110 §8.8.3): 24 hex digits, without quotes and `W/`.

    It comes from the versions of the data and the stylesheets, the address with its query, the language and the hour.

    None if the database is not a LiveDatabase, for the version of its data is unknown.
    """
    database = datasette.get_database(DATABASE)
    if not isinstance(database, LiveDatabase):
        return None
    parts = (
        database.version(), style_version(), language.ui_of(request), f"{now:%Y%m%d%H}",
        request.path, request.query_string,
    )  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
