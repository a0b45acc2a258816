"""What a fault has in its hands: the request it strikes, the page that should have come, and the connection."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Protocol

from newsroom.faults.active_faults import ActiveFault
from newsroom.http import responses
from newsroom.http.answers import Request, SitePage
from newsroom.http.log import LoggedRequest


class Channel(Protocol):
    """What a fault needs of a connection."""

    transport: asyncio.Transport
    can_write: asyncio.Event

    @property
    def now(self) -> int:
        """The site's own time, in Unix seconds."""

    def send_page(
        self, request: Request | None, page: SitePage, entry: LoggedRequest | None, keep: bool = True
    ) -> None:
        """Sends a page as HTTP says it."""

    def send(self, data: bytes, entry: LoggedRequest | None, status: int | None = None) -> None:
        """Writes bytes and counts them."""

    def run(self, work: Coroutine[object, object, None]) -> None:
        """Lets an answer that takes time go on while the connection waits."""


@dataclass(frozen=True, slots=True)
class Struck:
    """A request that a fault strikes."""

    channel: Channel
    request: Request
    page: SitePage
    entry: LoggedRequest
    fault: ActiveFault

    def text(self, name: str, default: str = "") -> str:
        """An argument of the fault that is a text."""
        return str(self.fault.arguments.get(name, default))

    def number(self, name: str, default: float) -> float:
        value = self.fault.arguments.get(name, default)
        return value if isinstance(value, int | float) else default

    def whole(self, name: str, default: int) -> int:
        value = self.fault.arguments.get(name, default)
        return value if isinstance(value, int) else default

    def body(self) -> bytes:
        """The body that belongs to the request: none for HEAD."""
        return b"" if self.request.method == "HEAD" else self.page.render()

    def head(self, length: int | None, *more: tuple[str, str]) -> bytes:
        """Status line and header fields of the page."""
        headers = [*responses.headers_of(self.page), *more]
        return responses.head(self.page.status, headers, self.channel.now, length)

    def answer(self, page: SitePage) -> None:
        """Sends a whole page as HTTP says it."""
        self.channel.send_page(self.request, page, self.entry)

    def send(self, data: bytes, status: int | None = None) -> None:
        self.channel.send(data, self.entry, status)

    def close(self) -> None:
        """Closes in good order (FIN) after what was sent."""
        self.channel.transport.close()


Strike = Callable[[Struck], None]
