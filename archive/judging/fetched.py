"""A response as it came, and the request that it answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archive.warc import Truncation

CaptureKind = Literal["article", "list", "page", "hop", "robots"]


@dataclass(frozen=True, slots=True)
class Asked:
    """The request as it was sent, but for fields that the connection added."""

    method: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One response as it came: the payload is as the server encoded it, without transfer coding."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    captured_at: datetime
    # a list only leads to articles; a page is a further one of its article; a hop is a redirect that is followed
    kind: CaptureKind = "article"
    ip: str | None = None
    asked: Asked | None = None
    sought: str | None = None  # at the end of a chain of redirects: the address of the article that it began with
    delay: float = 0.0  # seconds between two requests to this host, where it asked for more than the source says
    truncated: Truncation | None = None  # the payload is a part of what the server announced
    open_ended: bool = False  # nothing said where the payload ends: it is whole only if it looks so

    @property
    def leads_elsewhere(self) -> bool:
        """Whether it names another address."""
        return bool(self.header("location"))

    def header(self, name: str) -> str | None:
        """The first value of a header, its name in lower case."""
        return next((value for header, value in self.headers if header.lower() == name), None)
