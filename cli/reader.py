"""Reading saved pages for `thinker parse`, and one article back from the archive."""

import gzip
import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.importer import CONTENT_TYPES
from archive.revisions import article_json
from parsers import Document, ParseError, json_line, to_json
from parsers import parse as parse_document
from parsers.explain import Explanation, explain
from parsers.urls import urlkey


def parse_file(path: Path, url: str | None, source: str | None) -> dict[str, Any]:
    """The article of a saved page. Raises FileNotFoundError and ParseError."""
    return to_json(parse_document(_document(path, url, None, source)))


def explain_file(path: Path, url: str | None, source: str | None) -> Explanation:
    """Why a saved page reads as it does. Raises FileNotFoundError."""
    return explain(_document(path, url, None, source))


def parse_lines(lines: Iterable[str]) -> Iterator[str]:
    """One JSON line out for each `{"id", "path", "url", "captured_at"?}` line in (house.md, section 5)."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield json_line(_answer(line, number))


def article_of(conn: sqlite3.Connection, source: str, url: str) -> dict[str, Any] | None:
    """The archived article of an address, or None."""
    row = conn.execute(
        "select article_id from addresses where source = ? and urlkey = ?", (source, urlkey(url))
    ).fetchone()
    return article_json(conn, row[0]) if row else None


def _answer(line: str, number: int) -> dict[str, Any]:
    name: Any = None
    try:
        asked = json.loads(line)
        name = asked["id"]
        captured_at = asked.get("captured_at")
        at = datetime.fromisoformat(captured_at) if captured_at else None
        document = _document(Path(asked["path"]), asked.get("url"), at, asked.get("source"))
        return {"id": name, "article": to_json(parse_document(document)), "error": None}
    except ParseError as error:
        return {"id": name, "article": None, "error": error.reason}
    except (ValueError, KeyError, TypeError, OSError) as error:
        return {"id": name, "article": None, "error": f"line {number}: {type(error).__name__}: {error}"}


def _document(path: Path, url: str | None, at: datetime | None, source: str | None) -> Document:
    payload = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    content_type = CONTENT_TYPES.get(suffix.lower(), "text/html")
    moment = at or datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return Document(payload, content_type, url or path.resolve().as_uri(), moment, source)
