"""Datasette's CSV and JSON in the form of ours: for spreadsheets, without formulas, Chinese as it is."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from datasette.renderer import json_renderer
from datasette.utils import MultiParams
from datasette.utils.asgi import Response

from archive.publish.formatting.csv_cells import BYTE_ORDER_MARK, harmless
from parsers.article import json_line

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

CSV = b"text/csv; charset=utf-8"  # without `header=present`: `_header=off` leaves the first row out


def as_sheet(send: Send) -> Send:
    """Return a `send` that makes Datasette's CSV, which arrives row by row, a sheet like those of `csv_cells`.

    It gets its type and a byte order mark, and cells that a spreadsheet would take for a formula get an apostrophe.
    Numbers such as -1 stay (see `harmless`).
    """
    sheet = begun = False

    async def told(message: Message) -> None:
        nonlocal sheet, begun
        if message["type"] == "http.response.start":
            kinds = [value for name, value in message["headers"] if name.lower() == b"content-type"]
            sheet = any(kind.startswith((b"text/plain", b"text/csv")) for kind in kinds)
            if sheet:
                others = [header for header in message["headers"] if header[0].lower() != b"content-type"]
                message = {**message, "headers": [*others, (b"content-type", CSV)]}
        elif sheet and message.get("body"):
            rows = harmless(message["body"].decode())
            message = {**message, "body": (rows if begun else BYTE_ORDER_MARK + rows).encode()}
            begun = True
        await send(message)

    return told


def as_json(args: MultiParams, data: dict[str, Any], view_name: str) -> Response:
    """Datasette's JSON reply to a request for rows, with Chinese unescaped; with `_nl` line by line."""
    reply = json_renderer(args, data, view_name)
    if lined := reply.content_type == "text/plain":
        reply.content_type = "text/plain; charset=utf-8"
    values = filter(None, reply.body.split("\n") if lined else [reply.body])
    reply.body = "\n".join(json_line(json.loads(value)) for value in values)
    return reply
