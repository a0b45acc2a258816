"""Downloads: a response with its header fields as they came, and whether its body is complete."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from ipaddress import IPv4Address, IPv6Address
from typing import Any, cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Headers, Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.base import DelayedCall
from twisted.internet.defer import Deferred, succeed
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import Response as TxResponse
from twisted.web.client import ResponseDone, ResponseFailed
from twisted.web.http import PotentialDataLoss
from twisted.web.iweb import UNKNOWN_LENGTH

from archive.files import Truncation
from crawler.download.bodies import BodyMemory, BodyPlace
from crawler.download.http11 import ConnectionFactory, Fields, HeadRefused, fields_of, has_excess

MAX_WAIT_FOR_ROOM_SECONDS = 300.0
IPAddress = IPv4Address | IPv6Address
KEEP_PARTS = {"download_fail_on_dataloss": False}  # request meta: a cut body is stored as well


class Answer(Response):
    """A response as it came, its body still compressed.

    fields: the header fields in order, as (name, value), in bytes. truncated: `length` if we cut the body, `disconnect`
    if the connection broke within it, else None. open_ended: True if no trustworthy length shows where the body ends.
    at, record_id: the moment and the record of an answer that a worker fetched; None for one that just came.
    """

    __slots__ = ("at", "fields", "open_ended", "record_id", "truncated")

    def __init__(self, url: str, status: int, fields: Fields, body: bytes, ip: IPAddress | None = None) -> None:
        self.fields = fields
        self.truncated: Truncation | None = None
        self.open_ended = False
        self.at: datetime | None = None
        self.record_id: str | None = None
        headers = Headers()
        for name, value in fields:
            headers.appendlist(name, value)
        super().__init__(url, status, headers, body, ip_address=ip)


def answer_of(received: TxResponse, url: str, body: BodyReceiver | None) -> Answer:
    """The answer of a response that came now, with its body if it has one."""
    ip = getattr(received, "_scrapy_ip_address", None)
    answer = Answer(url, int(received.code), fields_of(received), body.take() if body else b"", ip)
    answer.truncated = body.truncated if body else None
    answer.open_ended = (body is not None and body.open_ended) or has_excess(received)
    if body:
        body.place.end(answer)
    return answer


class Handler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, with one memory limit for all bodies under way."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = ConnectionFactory
        self._room = BodyMemory()

    async def download_request(self, request: Request) -> Response:
        """The response to a request, as an Answer, whatever its status.

        Raises Scrapy's exceptions, with a text for people, if no response came.
        """
        agent = _Agent(
            self._room,
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
        )
        try:
            with wrap_twisted_exceptions():
                return await maybe_deferred_to_future(agent.download_request(request))
        except DownloadFailedError as error:
            raise DownloadFailedError(_told(error)) from error
        except CannotResolveHostError as error:
            host = urlparse_cached(request).hostname
            raise CannotResolveHostError(f"the name {host} cannot be looked up") from error
        except DownloadConnectionRefusedError as error:
            place = urlparse_cached(request).netloc
            raise DownloadConnectionRefusedError(f"{place} refuses the connection") from error
        except DownloadTimeoutError as error:
            raise DownloadTimeoutError(f"no complete answer within {request.meta['download_timeout']:g} s") from error


class _Agent(_ScrapyAgent):
    def __init__(self, room: BodyMemory, **said: Any) -> None:
        super().__init__(**said)
        self._room = room

    def _cb_bodyready(self, txresponse: TxResponse, request: Request) -> Any:
        self._txresponse = txresponse  # Scrapy aborts this one's connection at the timeout
        length: Any = txresponse.length
        if length == 0:  # Twisted never calls a body's receiver for length 0
            return succeed((txresponse, None))
        enough, most = request.meta.get("enough"), request.meta.get("most", self._maxsize)
        if enough is None and length != UNKNOWN_LENGTH and length > most:
            txresponse._transport._producer.abortConnection()  # private, as in Scrapy: Twisted has no call for it
            raise DownloadFailedError(f"the body has {length} bytes; more than {most} are not fetched")
        keeps = not request.meta.get("download_fail_on_dataloss", self._fail_on_dataloss)
        body = BodyReceiver(txresponse, most, keeps, self, enough)
        body.place = self._room.place(body.go_on)
        txresponse.deliverBody(body)  # type: ignore[no-untyped-call]
        return body.finished

    def _cb_bodydone(self, result: Any, url: str) -> Response:
        received, body = result
        return answer_of(received, url, body)

    def hold(self) -> float:
        """Set the timeout to MAX_WAIT_FOR_ROOM_SECONDS from now, and return the seconds that were left before."""
        clock = self._clock()
        left = clock.getTime() - clock.seconds()
        clock.reset(MAX_WAIT_FOR_ROOM_SECONDS)
        return left

    def resume(self, left: float) -> None:
        """Set the timeout back to the seconds that were left, unless it has fired already."""
        if (clock := self._clock()).active():
            clock.reset(max(0.0, left))

    def _clock(self) -> DelayedCall:
        """Scrapy's timer for the whole response."""
        return cast("DelayedCall", self._timeout_cl)


class BodyReceiver(Protocol):
    """Receives a body, and pauses the connection while there is no room for more.

    most: a body with more bytes fails. enough: a body with more bytes is cut to this many (None: never). keeps_parts:
    True if a body whose connection broke is a result, with `truncated`; else it fails.
    """

    place: BodyPlace

    def __init__(
        self, response: TxResponse, most: int, keeps_parts: bool, agent: _Agent, enough: int | None = None
    ) -> None:
        self._response, self._most, self._keeps_parts, self._agent = response, most, keeps_parts, agent
        self._enough = enough
        self._left = 0.0
        self.content = BytesIO()
        self.finished: Deferred[tuple[TxResponse, BodyReceiver]] = Deferred(self._cancel)
        self.truncated: Truncation | None = None
        self.open_ended = False

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 Twisted's name
        if self.finished.called:
            return
        self.content.write(data)
        if self._enough is not None and self.content.tell() > self._enough:
            self._end_early(self._enough)
        elif self.content.tell() > self._most:
            self._fail(DownloadFailedError(f"the body has more than {self._most} bytes"))
            self._response._transport._producer.abortConnection()
        elif not self.place.waits and not self.place.grow(len(data)):
            self._left = self._agent.hold()
            self._response._transport.pauseProducing()

    def take(self) -> bytes:
        """Return the body and forget it here: Twisted's reference cycles would keep it in memory."""
        content, self.content = self.content.getvalue(), BytesIO()
        return content

    def go_on(self) -> None:
        """Resume the connection; there is room again."""
        self._agent.resume(self._left)
        self._response._transport.resumeProducing()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 Twisted's name
        if self.finished.called:
            return
        whole, unsaid = isinstance(reason.value, ResponseDone), isinstance(reason.value, PotentialDataLoss)
        if not (whole or unsaid or self._keeps_parts):
            self._fail(ResponseDataLossError("the connection ended before the body did"))
            return
        self.open_ended = unsaid
        self.truncated = None if whole or unsaid else "disconnect"
        self.finished.callback((self._response, self))

    def _end_early(self, size: int) -> None:
        self.content.truncate(size)
        self.truncated = "length"
        self.finished.callback((self._response, self))
        self._response._transport._producer.abortConnection()

    def _fail(self, error: Exception) -> None:
        self.content = BytesIO()
        self.place.leave()
        self.finished.errback(error)

    def _cancel(self, _: object) -> None:
        """Drop the body, release its room and abort the connection: the timeout passed, or the crawl ends."""
        self.content = BytesIO()
        self.place.leave()
        self._response._transport._producer.abortConnection()


def _told(error: DownloadFailedError) -> str:
    """The reason that a response failed: the text of a HeadRefused, else Twisted's messages joined by `; `.

    Without messages: the text of the error itself.
    """
    cause = error.__cause__
    reasons = cause.reasons if isinstance(cause, ResponseFailed) else []
    refused = next((str(each.value) for each in reasons if each.check(HeadRefused)), None)
    return refused or "; ".join(each.getErrorMessage() for each in reasons) or str(error)
