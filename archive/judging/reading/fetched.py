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
    """A request as the program handed it to the connection, which may have added header fields such as Host."""

    method: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Whence:
    """Other addresses at which the article of an unknown address may be known.

    sought: the address requested, if redirects ended at this one. twins: the same path on other hosts of its source.
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
    # list: only links to articles; page: a further page of an article; hop: a redirect that is followed
    kind: CaptureKind = "article"
    ip: str | None = None
    asked: SentRequest | None = None
    whence: Whence = NOWHERE_ELSE
    delay: float = 0.0  # seconds between requests to this host, if it asked for more than the source declares
    truncated: Truncation | None = None  # the payload is only a part of the announced body
    open_ended: bool = False  # neither a length nor a chunk ended the payload: `wholeness.ends` decides if it is whole
    section: str | None = None  # of an article: the section under which a feed named it
    astray: bool = False  # its redirect leads to nothing that can be asked, as a loop or an unknown host
    record_id: str | None = None  # that of its record, if a worker has written one already; None: it gets a new one

    @property
    def leads_elsewhere(self) -> bool:
        """True if it has a Location header that is not empty; the status does not matter."""
        return bool(self.header("location"))

    @property
    def leads(self) -> Leads | None:
        """The kind of target of its Location header; None if it has none or an empty one."""
        location = self.header("location")
        return self.leading(location) if location else None

    def leading(self, to: str) -> Leads:
        """The kind of target of an address to which it sends its reader: "login", "nowhere" or "elsewhere".

        "nowhere" if the address is invalid or the response is `astray`.
        """
        if self.astray:
            return "nowhere"
        try:
            return "login" if is_login(urljoin(self.url, to.strip()), self.url) else "elsewhere"
        except ValueError:  # not a valid address
            return "nowhere"

    def header(self, name: str) -> str | None:
        """The first value of the header with a name, given in lower case; None if it has no such header."""
        return next((value for header, value in self.headers if header.lower() == name), None)
