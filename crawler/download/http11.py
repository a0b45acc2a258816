"""HTTP/1.1 as Twisted and Scrapy read it, with what an archive adds: caps on the head, and its fields as they came."""

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

HEAD_BYTES = 64 << 10
HEAD_LINES = 100  # fields; one that is folded over several lines has as many
STATUS = re.compile(rb"HTTP/\d\.\d [1-5]\d\d( |$)")  # RFC 9112 §4, and the classes of RFC 9110 §15

Fields = tuple[tuple[bytes, bytes], ...]


class HeadRefused(Exception):  # noqa: N818 a verdict on a response
    """A response whose head is larger than any honest one, or has no status that HTTP knows; the text says which."""


class HeadParser(_LenientHTTPClientParser):
    """Counts the head of a response, informational ones before it included, and keeps its fields as they came.

    Twisted keeps a name in lower case and fields of one name together, and drops those that describe the transfer.
    What is lost all the same: folds within a field, blanks around a value, and lines without a colon.
    """

    MAX_LENGTH = HEAD_BYTES  # of one line; Twisted drops the connection without a word at a longer one
    head_bytes = 0
    head_lines = -1  # the status line is no field
    fields: list[tuple[bytes, bytes]]

    def connectionMade(self) -> None:  # noqa: N802 Twisted's name
        """A head begins: the first, or the next after an informational one."""
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
        if coding.lower() != b"chunked":  # the only one that we accept (RFC 9112 §7.4)
            raise HeadRefused(f"unknown transfer coding {coding[:40].decode('latin-1')!r}")
        self.response.thinker_fields = tuple(self.fields)
        super().allHeadersReceived()  # type: ignore[no-untyped-call]

    def _finished(self, rest: bytes) -> None:
        self.response.thinker_excess = bool(rest)
        super()._finished(rest)  # type: ignore[no-untyped-call]


def fields_of(response: Response) -> Fields:
    """The header fields of a response, in order and as they were written."""
    fields: Fields = getattr(response, "thinker_fields", ())
    return fields


def has_excess(response: Response) -> bool:
    """Whether more came than the response said it had: nobody knows then where its body ends."""
    return bool(getattr(response, "thinker_excess", False))


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: TxRequest) -> Deferred[IResponse]:
        answer = super().request(request)
        if self._parser is not None:  # Twisted names the parser's class itself, so Scrapy replaces it, and so do we
            self._parser.__class__ = HeadParser
            self._parser.fields = []  # type: ignore[attr-defined]
        return answer


class ConnectionFactory(_LenientHTTP11ClientFactory):
    """Makes connections that read with our parser."""

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: ARG002, N802 Twisted's name
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
