"""A captured payload, decoded once and parsed once, for every reader that looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Document:
    """What a capture gives to the parser: the bytes, what the server called them, where and when."""

    payload: bytes
    content_type: str | None
    url: str
    captured_at: datetime
    source: str | None = None
