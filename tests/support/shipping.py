"""Segments as a worker ships them, and such as only an attacker does: their lines are altered and proved anew."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from archive.files import http_head, seal
from crawler.segments import Delivery, Depot, Spool

URL = "http://town.example/article/1.html"


def shipped(home: Path, order: str, payload: bytes = b"x" * 100, head: bytes | None = None, **change: object) -> None:
    """Ship a segment of the source `town` with one answer to an order to the folder `segments` of a home.

    change: values of its outcome line that are others. head: the line before it, if that is another.
    """
    spool, depot = Spool(home / "forge"), Depot(str(home / "segments"), home / "inbox")
    now = datetime.now(UTC)
    about = [("WARC-Target-URI", URL), ("WARC-Warcinfo-ID", f"<{spool.warcinfo('town')}>")]
    record = seal("response", now, (http_head(200, [("Content-Type", "text/html")]), payload), about)
    size = len(payload)
    spool.add(Delivery(order, "1.a@b", "town", URL, now.isoformat(), 200, record.record_id, size=size), record)
    spool.close()
    for closed in spool.closed():
        first, line, _ = closed.lines.read_bytes().splitlines(keepends=True)
        content = (head or first) + json.dumps({**json.loads(line), **change}).encode() + b"\n"
        end = {"lines": 1, "sha256": hashlib.sha256(content).hexdigest()}
        closed.lines.write_bytes(content + json.dumps(end).encode() + b"\n")
        depot.ship(closed)
        spool.remove(closed)
    spool.shut()
