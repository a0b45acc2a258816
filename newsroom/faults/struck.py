"""The material of a fault: the request it strikes, the page that should have come, and the connection."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Protocol

from newsroom.faults.active_faults import ActiveFault
from newsroom.http import responses
from newsroom.http.answers import Request, SitePage
from newsroom.http.log import LoggedRequest


class Channel(Protocol):
    """The methods of a connection that a fault uses."""

    transport: asyncio.Transport
    can_write: asyncio.Event

    @property
    def now(self) -> int:
        """The site's own time, in Unix seconds."""

    def send_page(
        self, request: Request | None, page: SitePage, entry: LoggedRequest | None, keep: bool = True
    ) -> None:
        """Send a page as HTTP demands, and note it in the log entry, if any; `keep` False closes the connection.

        request: None for one that could not be read; the page is then sent whole, and the connection closes.
        """

    def send(self, data: bytes, entry: LoggedRequest | None, status: int | None = None) -> None:
        """Write bytes; the log entry, if any, counts them and takes the status, if one is given."""

    def run(self, work: Coroutine[object, object, None]) -> None:
        """Run an answer that takes time while the connection waits."""


@dataclass(frozen=True, slots=True)
class Struck:
    """A request that a fault strikes."""

    channel: Channel
    request: Request
    page: SitePage
    entry: LoggedRequest
    fault: ActiveFault

    def text(self, name: str, default: str = "") -> str:
        """An argument of the fault as text; `default` if it was not given."""
        return str(self.fault.arguments.get(name, default))

    def number(self, name: str, default: float) -> float:
        value = self.fault.arguments.get(name, default)
        return value if isinstance(value, int | float) else default

    def whole(self, name: str, default: int) -> int:
        value = self.fault.arguments.get(name, default)
        return value if isinstance(value, int) else default

    def body(self) -> bytes:
        """The body for the request; empty for HEAD."""
        return b"" if self.request.method == "HEAD" else self.page.render()

    def head(self, length: int | None, *more: tuple[str, str]) -> bytes:
        """The status line and header fields of the page, and `more`; `length` None leaves Content-Length out."""
        headers = [*responses.headers_of(self.page), *more]
        return responses.head(self.page.status, headers, self.channel.now, length)

    def answer(self, page: SitePage) -> None:
        """Send a whole page as HTTP demands."""
        self.channel.send_page(self.request, page, self.entry)

    def send(self, data: bytes, status: int | None = None) -> None:
        self.channel.send(data, self.entry, status)

    def close(self) -> None:
        """Close in good order (FIN) after everything was sent."""
        self.channel.transport.close()


Strike = Callable[[Struck], None]
