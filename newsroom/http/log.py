"""The requests to the site and its answers: GET /-/log."""

import json
import time
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from newsroom.http.answers import Request

MAX_LOG_ENTRIES = 200_000


class LoggedRequest:
    """One request; `status` stays None until the status line of the answer is sent, `sent` counts the bytes sent."""

    __slots__ = ("head", "method", "monotonic", "sent", "status", "target", "wall")

    def __init__(self, request: Request) -> None:
        self.monotonic = time.monotonic()
        self.wall = time.time()
        self.method = request.method
        self.target = request.target
        self.head = request.head
        self.status: int | None = None
        self.sent = 0


class Log:
    """The last MAX_LOG_ENTRIES requests, oldest first; the callers add none for a path under `/-/`."""

    def __init__(self) -> None:
        self.entries: deque[LoggedRequest] = deque(maxlen=MAX_LOG_ENTRIES)
        self._heads: dict[bytes, bytes] = {}

    def add(self, request: Request) -> LoggedRequest:
        entry = LoggedRequest(request)
        # A crawler sends the same header lines again and again: keep them once.
        if len(self._heads) < 1000:
            entry.head = self._heads.setdefault(request.head, request.head)
        self.entries.append(entry)
        return entry

    def lines(self) -> Iterator[bytes]:
        """Yield a line of JSON for each request: at, method, host, path, status, headers, bytes.

        `at.monotonic` is time.monotonic(), `at.wall` ISO 8601, `bytes` counts head and body.
        """
        for entry in list(self.entries):
            yield json.dumps(_described(entry), ensure_ascii=False).encode() + b"\n"


def _described(entry: LoggedRequest) -> dict[str, object]:
    headers = parse_headers(entry.head)
    return {
        "at": {"monotonic": entry.monotonic, "wall": datetime.fromtimestamp(entry.wall, UTC).isoformat()},
        "method": entry.method,
        "host": headers.get("host"),
        "path": entry.target,
        "status": entry.status,
        "headers": dict(headers),
        "bytes": entry.sent,
    }


@lru_cache(maxsize=512)
def parse_headers(head: bytes) -> Mapping[str, str]:
    """The values of header lines by name in lower case; those of a repeated name are joined by `, `."""
    found: dict[str, str] = {}
    for line in head.decode("latin-1").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            name, value = name.lower(), value.strip()
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found
