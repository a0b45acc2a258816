"""Accepts addresses in raw UTF-8, as `curl` sends them from a terminal; h11 alone would refuse them."""

from __future__ import annotations

import re

import h11
from h11._connection import DEFAULT_MAX_INCOMPLETE_EVENT_SIZE as LONGEST
from uvicorn.protocols.http.h11_impl import H11Protocol

from archive.publish.server.headers import HEADERS

# A request line as h11 reads it, with bytes beyond ASCII allowed in the target. Only these bytes are encoded, never a
# blank or a line end, so the line ends where it did and the bytes after it stay unchanged.
_LINE = re.compile(rb"([!-~]+ )([!-~\x80-\xff]+)( HTTP/1\.[01]\r?\n)")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
NOT_UTF8 = "The address is not UTF-8: write it in UTF-8, or percent-encoded as UTF-8."


class RawTargets(H11Protocol):
    """uvicorn's protocol, which also accepts a target in raw UTF-8, as `curl "$SITE/search?q=养老"` sends it."""

    _beyond_ascii = False  # True once a byte beyond ASCII came; until then h11 works alone

    def data_received(self, data: bytes) -> None:
        """Remember if a byte beyond ASCII came, then go on as uvicorn does."""
        self._beyond_ascii = self._beyond_ascii or not data.isascii()
        super().data_received(data)

    def handle_events(self) -> None:
        """Percent-encode bytes beyond ASCII in a target once the request line is complete, then go on as uvicorn does.

        A target with bytes that are not UTF-8 gets a 400.
        """
        if self._beyond_ascii and self.conn.their_state is h11.IDLE:
            waiting, _ = self.conn.trailing_data
            if (line := _LINE.match(waiting)) and not line[2].isascii():
                if not _is_utf8(line[2]):
                    self.logger.warning(NOT_UTF8)
                    self.send_400_response(NOT_UTF8)
                    return
                self._read_instead(b"%b%b%b" % (line[1], _encoded(line[2]), line[3]), waiting[line.end() :])
        super().handle_events()

    def send_400_response(self, msg: str) -> None:
        """Send a 400 with `msg` as plain text and the site's usual headers, then close the connection."""
        body = f"{msg}\n".encode()
        headers = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(body)), **HEADERS}
        head = h11.Response(status_code=400, headers=[*headers.items(), ("connection", "close")], reason=b"Bad Request")
        for event in (head, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _read_instead(self, line: bytes, rest: bytes) -> None:
        """Replace h11's connection by a new one that has received `line` and `rest`; no state is lost between requests.

        Nothing is done if `line` is longer than h11 allows: h11 then refuses the line that it has.
        """
        most = self.config.h11_max_incomplete_event_size or LONGEST
        if len(line) > most:
            return
        self.conn = h11.Connection(h11.SERVER, most)
        self.conn.receive_data(line + rest)


def _encoded(target: bytes) -> bytes:
    return _BEYOND_ASCII.sub(lambda found: b"%%%02X" % ord(found[0]), target)


def _is_utf8(target: bytes) -> bool:
    try:
        target.decode()
    except UnicodeDecodeError:
        return False
    return True
