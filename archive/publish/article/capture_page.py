"""The page of one capture: when and how the site answered, where the record is, and the commands that check it."""

from __future__ import annotations

import asyncio
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from datasette.utils.asgi import Request, Response

from archive.files import WarcError, stored_head
from archive.publish.article.hidden_names import HiddenArticles
from archive.publish.article.raw_capture import bytes_shown, capture_with_bytes, captures_folder, strictest
from archive.publish.database.reading import MissingError, read
from archive.publish.formatting import addresses
from archive.publish.server.errors import missing
from archive.publish.server.rendering import page
from archive.publish.server.request_urls import absolute

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

MAX_HEADERS_SHOWN = 60  # the JSON has all
MAX_VALUE_CHARACTERS = 300  # of a header on the page
# Headers in which a site may repeat who asked it: the session that it gave us, or the address of this machine.
_ABOUT_US = re.compile(r"set-cookie2?", re.IGNORECASE)
# Headers without words of a page. The others, such as Location, may name a withdrawn article.
_WORDLESS = frozenset((
    "content-type", "content-encoding", "content-length", "transfer-encoding", "date", "last-modified", "etag",
    "server", "cache-control", "expires", "age", "vary", "connection", "retry-after",
))  # fmt: skip
_INTERNET_ADDRESS = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|(?<![\w:])(?:[\da-f]{0,4}:){3,7}", re.IGNORECASE
)


_WITHOUT_LINES = ("list", "hop")  # kinds of captures that no ledger line names; the line of their range commits to them


class Check(NamedTuple):
    """A command that checks a capture: the name of its message, the command, and what it prints; "" if that varies."""

    name: str
    command: str
    prints: str


async def show(datasette: Datasette, request: Request) -> Response:
    """`/capture/RECORD_ID`: one capture, also of a list or a robots.txt.

    404 without such a capture, 410 if it shows a withdrawn article or comes from its address.
    """
    record = unquote(request.url_vars["record"])
    try:
        found, held, hidden = await read(datasette, capture_with_bytes, record)
    except MissingError as reason:
        return await missing(datasette, request, reason)
    folder = captures_folder(datasette)
    headers = await asyncio.to_thread(_headers, folder, found)
    found["kept_back"] = await asyncio.to_thread(_kept_back, folder, held, hidden)
    found["text"] = strictest(datasette, held)
    there = absolute(datasette, request, addresses.capture(record, "/bytes"))
    given = headers is not None and not found["kept_back"] and found["text"] == "full"
    checks = list(_checks(found, there if given else None))
    hides = found.pop("hides")
    if hides and headers:
        headers = [(name, value if name.strip().lower() in _WORDLESS else None) for name, value in headers]
    told = found | {"headers": headers, "checks": [each._asdict() for each in checks]}
    limits = {"headers": MAX_HEADERS_SHOWN, "value": MAX_VALUE_CHARACTERS}
    return await page(datasette, request, "article/capture", told, capture=told, limits=limits)


def _headers(folder: Path, found: dict[str, Any]) -> list[tuple[str, str | None]] | None:
    """The name and the value of each header of the answer, in the order in which they came; [] if it has none.

    A value that may be about us is left out (None). None without headers: the record's file is missing or damaged.
    """
    try:
        head = stored_head(folder / found["warc_file"], found["warc_offset"], found["warc_length"])
    except (OSError, WarcError):
        return None
    return [(name, None if _is_about_us(name, value) else value) for name, value in (head.headers if head else ())]


def _kept_back(folder: Path, held: dict[str, Any], hidden: HiddenArticles) -> bool:
    """True if the bytes are not given because of a withdrawn article; they are read only if there is one."""
    if not hidden.urls:
        return False
    try:
        return bytes_shown(folder, held, hidden) is None
    except (OSError, WarcError):
        return bool(held["kept_back"])


def _is_about_us(name: str, value: str) -> bool:
    return bool(_ABOUT_US.fullmatch(name.strip()) or _INTERNET_ADDRESS.search(value))


def _checks(found: dict[str, Any], there: str | None) -> Iterator[Check]:
    """Yield the checks of a capture: the bytes from `there`, then those that need a copy of the archive.

    there: the address that gives the bytes, None if none does.
    """
    digest = found["payload_digest"] or ""
    if there and digest.startswith("sha256:"):
        yield Check("check_bytes", f"curl --silent {shlex.quote(there)} | sha256sum", digest.removeprefix("sha256:"))
    file = shlex.quote(f"captures/{found['warc_file']}")
    record = f"tail -c +{found['warc_offset'] + 1} {file} | head -c {found['warc_length']}"
    if found["sha256"]:
        yield Check("check_record", f"{record} | sha256sum", found["sha256"])
    yield Check("check_read", f"{record} | gzip -dc", "")
    if found["range"]:
        span = f"tail -c +{found['range']['first_byte']} {file} | head -c {found['range']['length']}"
        yield Check("check_range", f"{span} | sha256sum", found["range"]["sha256"])
        yield Check("check_range_line", _lines_with(found["range"]["sha256"]), "")
    if found["kind"] not in _WITHOUT_LINES:
        yield Check("check_lines", _lines_with(found["record_id"]), "")
    yield Check("check_all", "thinker --home . verify", "")


def _lines_with(text: str) -> str:
    return f"grep -hF {shlex.quote(text)} ledger/*.jsonl"
