"""A response as it came, and the request that it answers."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from archive.files import Truncation
from archive.rows import CaptureKind
from archive.rules import Leads
from parsers.urls import is_login


@dataclass(frozen=True, slots=True)
class SentRequest:
    """The request as it was sent, but for fields that the connection added."""

    method: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Whence:
    """Other addresses at which the article of an unknown address may be known.

    sought: the one that was asked for, where redirects led here. twins: the same path on other hosts of its source.
    """

    sought: str | None = None
    twins: tuple[str, ...] = ()


NOWHERE_ELSE = Whence()


@dataclass(frozen=True, slots=True)
class Fetched:
    """One response as it came: the payload is as the server encoded it, without transfer coding."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    captured_at: datetime
    # a list only leads to articles; a page is a further one of its article; a hop leads on, and is followed
    kind: CaptureKind = "article"
    ip: str | None = None
    asked: SentRequest | None = None
    whence: Whence = NOWHERE_ELSE
    delay: float = 0.0  # seconds between two requests to this host, where it asked for more than the source says
    truncated: Truncation | None = None  # the payload is a part of what the server announced
    open_ended: bool = False  # nothing said where the payload ends: it is whole only if it looks so
    section: str | None = None  # of an article: the category under which a feed named it
    astray: bool = False  # where it sends its reader on nothing can be asked: in a circle, to a name that is nobody's

    @property
    def leads_elsewhere(self) -> bool:
        """Whether it names another address."""
        return bool(self.header("location"))

    @property
    def leads(self) -> Leads | None:
        """What its Location leads to; None where it has none."""
        location = self.header("location")
        return self.leading(location) if location else None

    def leading(self, to: str) -> Leads:
        """What an address leads to that it sends its reader on to."""
        if self.astray:
            return "nowhere"
        try:
            return "login" if is_login(urljoin(self.url, to.strip()), self.url) else "elsewhere"
        except ValueError:  # it is no address
            return "nowhere"

    def header(self, name: str) -> str | None:
        """The first value of a header, its name in lower case."""
        return next((value for header, value in self.headers if header.lower() == name), None)
