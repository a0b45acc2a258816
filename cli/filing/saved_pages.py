"""Reads saved pages for `thinker parse`."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from archive.importing import CONTENT_TYPES
from parsers import Document, ParseError, json_line, to_json
from parsers import parse as parse_document
from parsers.selectors import NO_SELECTORS, Selectors

BySource = Mapping[str, Selectors]


def saved_page(path: Path, url: str | None, source: str | None, selectors: BySource) -> Document:
    """Read a saved page, also one in gzip (`.gz`), as a page of a source, with the source's selectors.

    url None: the address of the file itself. Without a source, or for one that is not in `selectors`, no selectors
    apply. Raises typer.BadParameter for an empty file or broken gzip, and OSError.
    """
    try:
        page = _document(path, url, None, source, selectors)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise typer.BadParameter(f"{path} is not a complete gzip file: {error}", param_hint="TARGET") from error
    if not page.payload:
        raise typer.BadParameter(f"{path} is empty", param_hint="TARGET")
    return page


def parse_lines(lines: Iterable[str], selectors: BySource) -> Iterator[str]:
    """Yield a line `{"id", "article", "error"}` for each input line that is not blank.

    Of article and error one is null: a page without an article, and a file or line that cannot be read, give an error.
    The id is null if the line has none.

    An input line is `{"id", "path", "url"?, "captured_at"?, "source"?, "content_type"?}`.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield json_line(_answer(line, number, selectors))


def _answer(line: str, number: int, selectors: BySource) -> dict[str, Any]:
    name: Any = None
    try:
        asked = json.loads(line)
        name = asked["id"]
        captured_at = asked.get("captured_at")
        at = datetime.fromisoformat(captured_at) if captured_at else None
        document = _document(
            Path(asked["path"]), asked.get("url"), at, asked.get("source"), selectors, asked.get("content_type")
        )
        return {"id": name, "article": to_json(parse_document(document)), "error": None}
    except ParseError as error:
        return {"id": name, "article": None, "error": error.reason}
    except (ValueError, KeyError, TypeError, OSError, EOFError, zlib.error) as error:
        return {"id": name, "article": None, "error": f"line {number}: {type(error).__name__}: {error}"}


def _document(
    path: Path,
    url: str | None,
    at: datetime | None,
    source: str | None,
    selectors: BySource,
    content_type: str | None = None,
) -> Document:
    payload = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    content_type = content_type or CONTENT_TYPES.get(suffix.lower(), "text/html")
    moment = at or datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    address, found = url or path.resolve().as_uri(), selectors.get(source or "", NO_SELECTORS)
    return Document(payload, content_type, address, moment, source, selectors=found)
