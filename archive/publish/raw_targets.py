"""Addresses in Chinese as a terminal sends them: raw UTF-8 in the request line, which h11 alone would refuse."""

from __future__ import annotations

import re

import h11
from h11._connection import DEFAULT_MAX_INCOMPLETE_EVENT_SIZE as LONGEST
from uvicorn.protocols.http.h11_impl import H11Protocol

from archive.publish.server.headers import HEADERS

# Method, target and version, as h11 reads them, the target's bytes beyond ASCII apart. No control character, blank or
# line end is encoded, so the line ends where it ended, and the bytes behind it stay as they were sent.
_LINE = re.compile(rb"([!-~]+ )([!-~\x80-\xff]+)( HTTP/1\.[01]\r?\n)")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
NOT_UTF8 = "The address is not UTF-8: write it in UTF-8, or percent-encoded as UTF-8."


class RawTargets(H11Protocol):
    """uvicorn's own protocol, which also takes a target in raw UTF-8, as `curl "$SITE/search?q=养老"` sends it."""

    _beyond_ascii = False  # whether a byte beyond ASCII came; without one, h11 reads as before

    def data_received(self, data: bytes) -> None:
        """As asyncio's Protocol."""
        self._beyond_ascii = self._beyond_ascii or not data.isascii()
        super().data_received(data)

    def handle_events(self) -> None:
        """As uvicorn's, from where h11 waits for a request and all of its line has come."""
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
        """Send a 400 with the headers of every reply, and close."""
        body = f"{msg}\n".encode()
        headers = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(body)), **HEADERS}
        head = h11.Response(status_code=400, headers=[*headers.items(), ("connection", "close")], reason=b"Bad Request")
        for event in (head, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _read_instead(self, line: bytes, rest: bytes) -> None:
        """Have h11 read this line; between two requests, a new connection of h11's is like the one that it replaces."""
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
