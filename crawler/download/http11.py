"""HTTP/1.1 by Twisted and Scrapy, with limits on the head and with the header fields as they came."""

from __future__ import annotations

import re

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.web._newclient import HTTP11ClientProtocol
from twisted.web._newclient import Request as TxRequest
from twisted.web.client import Response
from twisted.web.iweb import IResponse

HEAD_BYTES = 64 << 10  # of all fields together; Scrapy alone accepts 20 MB of them
HEAD_LINES = 100  # a field folded over several lines counts as several
STATUS = re.compile(rb"HTTP/\d\.\d [1-5]\d\d( |$)")  # RFC 9112 §4, and the classes of RFC 9110 §15

Fields = tuple[tuple[bytes, bytes], ...]


class HeadRefused(Exception):  # noqa: N818 a verdict on a response
    """The head of a response is too large, or has no valid HTTP status or an unknown coding; the text says which."""


class HeadParser(_LenientHTTPClientParser):
    """Keeps the header fields of a response as they came, and raises HeadRefused for a head that cannot be accepted.

    Informational responses before it count towards HEAD_BYTES and HEAD_LINES, but their fields are not kept. Twisted
    itself lower-cases names, groups fields of one name and drops those that describe the transfer; `fields` does not.
    Yet `fields` too lacks folds within a field, blanks around a value, and lines without a colon.
    """

    MAX_LENGTH = HEAD_BYTES  # of one line; Twisted drops the connection silently at a longer one
    head_bytes = 0
    head_lines = -1  # the status line is no field
    fields: list[tuple[bytes, bytes]]

    def connectionMade(self) -> None:  # noqa: N802 Twisted's name
        """Begin a head, without fields: the first, or the one after an informational response.

        Twisted calls it for each head, not only for the connection.
        """
        super().connectionMade()  # type: ignore[no-untyped-call]
        self.fields = []

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 Twisted's name
        self.head_bytes += len(line) + 1
        self.head_lines += bool(line.strip())
        if self.head_bytes > HEAD_BYTES:
            raise HeadRefused(f"more than {HEAD_BYTES >> 10} KiB of header fields")
        if self.head_lines > HEAD_LINES:
            raise HeadRefused(f"more than {HEAD_LINES} header fields")
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: ARG002, N802 Twisted's name
        raise HeadRefused(f"more than {HEAD_BYTES >> 10} KiB of header fields")

    def statusReceived(self, status: bytes) -> None:  # noqa: N802 Twisted's name
        if not STATUS.match(status):
            raise HeadRefused(f"no HTTP status: {status[:60].decode('latin-1')!r}")
        super().statusReceived(status)  # type: ignore[no-untyped-call]

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802 Twisted's name
        self.fields.append((name, value))
        super().headerReceived(name, value)  # type: ignore[no-untyped-call]

    def allHeadersReceived(self) -> None:  # noqa: N802 Twisted's name
        coding = b", ".join(self.connHeaders.getRawHeaders(b"transfer-encoding", [b"chunked"]))
        if coding.lower() != b"chunked":  # we send no TE field, so no other may be used (RFC 9112 §7.4)
            raise HeadRefused(f"unknown transfer coding {coding[:40].decode('latin-1')!r}")
        self.response.thinker_fields = tuple(self.fields)
        super().allHeadersReceived()  # type: ignore[no-untyped-call]

    def _finished(self, rest: bytes) -> None:
        self.response.thinker_excess = bool(rest)
        super()._finished(rest)  # type: ignore[no-untyped-call]


def fields_of(response: Response) -> Fields:
    """The header fields of a response as (name, value), in bytes, in order and as HeadParser kept them; () if none."""
    fields: Fields = getattr(response, "thinker_fields", ())
    return fields


def has_excess(response: Response) -> bool:
    """True if more bytes came than the response declared: the true end of its body is then unknown."""
    return bool(getattr(response, "thinker_excess", False))


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: TxRequest) -> Deferred[IResponse]:
        answer = super().request(request)
        if self._parser is not None:  # Twisted hard-codes the parser's class; Scrapy replaces it the same way
            self._parser.__class__ = HeadParser
            self._parser.fields = []  # type: ignore[attr-defined]
        return answer


class ConnectionFactory(_LenientHTTP11ClientFactory):
    """Makes connections that parse heads with HeadParser."""

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: ARG002, N802 Twisted's name
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
