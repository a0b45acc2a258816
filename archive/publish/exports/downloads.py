"""Downloads: the metadata of a month's articles, and files that the operator put into `public/`."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import stat
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import AsgiFileDownload, Request, Response

from archive.properties import EXPORTED
from archive.publish.database.reading import DATABASE, read, rows
from archive.publish.formatting.csv_cells import CSV, written
from archive.publish.messages.refusals import nothing_there
from archive.publish.places.periods import period
from archive.publish.server.rendering import CACHING
from parsers.article import json_line

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

MAX_FILES = 200  # the first visit of /data hashes each of them
MAX_HASHED_BYTES = 64 << 20  # larger files are not hashed on request: their digest is read from NAME.sha256
COLUMNS = ("key", "source", "url", *EXPORTED, "state", "revisions", "first_seen_at", "last_seen_at", "content_digest")
JSON_LINES = "application/jsonl; charset=utf-8"
NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,199}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file to download, with its size in `bytes`.

    `sha256` has the value None for a file above MAX_HASHED_BYTES without a NAME.sha256 with a digest beside it.
    """

    name: str
    bytes: int
    sha256: str | None


async def month(datasette: Datasette, request: Request) -> Response:
    """`/data/articles-2024-04.jsonl` or `.csv`: one line per article, no texts; with Repr-Digest (RFC 9530).

    404 for a month without articles.
    """
    name = request.url_vars["month"]
    found = await read(datasette, _metadata, name) if period(name) else []
    if not found:
        raise nothing_there("no_such_month", name=name)
    csv_asked = request.url_vars["form"] == "csv"
    text = written(COLUMNS, found) if csv_asked else "".join(f"{json_line(row)}\n" for row in found)
    sent = text.encode()
    digest = b64encode(hashlib.sha256(sent).digest()).decode()
    headers = {"cache-control": CACHING["cache-control"], "repr-digest": f"sha-256=:{digest}:"}
    headers["content-length"] = str(len(sent))
    headers["content-disposition"] = f'attachment; filename="{request.path.rpartition("/")[2]}"'
    return Response(sent, headers=headers, content_type=CSV if csv_asked else JSON_LINES)


async def file(datasette: Datasette, request: Request) -> AsgiFileDownload:
    """`/data/files/NAME`: a file of `plain_files`, as a download that browsers do not display; 404 for others."""
    name = request.url_vars["file"]
    if name not in {path.name for path, _ in plain_files(public_folder(datasette))}:
        raise nothing_there("no_such_file", name=name)
    path = public_folder(datasette) / name
    return AsgiFileDownload(str(path), filename=name, content_type="application/octet-stream")


def public_folder(datasette: Datasette) -> Path:
    """The folder `public/` beside the database, in which the operator puts files for everybody."""
    return Path(datasette.get_database(DATABASE).path).parent / "public"


def files(folder: Path) -> list[PublicFile]:
    """The files of `plain_files` with size and digest.

    Hashes each that is new or changed and has at most MAX_HASHED_BYTES; the digest of a larger one is read from
    NAME.sha256 (None without it).
    """
    return [PublicFile(path.name, found.st_size, _digest(path, found)) for path, found in plain_files(folder)]


def plain_files(folder: Path) -> list[tuple[Path, os.stat_result]]:
    """The first MAX_FILES regular files whose names match NAME, sorted by name; no links, and no `.sha256` files.

    An empty list if the folder cannot be read.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return []
    plain = [entry for entry in entries if NAME.fullmatch(entry.name) and not entry.name.endswith(".sha256")]
    sizes = [(Path(entry.path), entry.stat(follow_symlinks=False)) for entry in plain]
    return [(path, found) for path, found in sizes if stat.S_ISREG(found.st_mode)][:MAX_FILES]


def _digest(path: Path, found: os.stat_result) -> str | None:
    if found.st_size <= MAX_HASHED_BYTES:
        return _hashed(path, found.st_ino, found.st_mtime_ns, found.st_size)
    try:
        with path.with_name(f"{path.name}.sha256").open(encoding="ascii") as beside:
            said = _DIGEST.match(beside.read(64))
    except (OSError, ValueError):
        return None
    return said[0] if said else None


@lru_cache(MAX_FILES)
def _hashed(path: Path, _number: int, _changed: int, _size: int) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _metadata(conn: sqlite3.Connection, month: str) -> list[dict[str, Any]]:
    return rows(
        conn,
        f"""select {", ".join(COLUMNS)} from articles
             where published_month = ? and state <> 'withdrawn' order by date_published_utc, id""",
        (month,),
    )
