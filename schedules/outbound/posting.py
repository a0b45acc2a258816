"""One POST to an address: verified TLS, no redirect, an end after some seconds, and nothing of the answer's body."""

import os
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import quote, urlsplit

SILENCE_SECONDS = 10.0  # without a byte
WHOLE_SECONDS = 30.0  # of one attempt once it is connected: a server that drips is left
_URL_CHARACTERS = "%/?:@!$&'()*+,;=~[]"


@dataclass(frozen=True)
class Answered:
    """A status and its header fields."""

    status: int
    fields: Message

    def header(self, name: str) -> str | None:
        """The first field of a name; None if it has none."""
        value: str | None = self.fields.get(name)
        return value


def post(url: str, headers: Mapping[str, str], body: bytes) -> Answered:
    """POST a body and return the status and the header of the answer, whose body is left unread.

    The address is asked directly, as crawls do, and not through a proxy of the environment. Raises OSError (with
    TimeoutError, gaierror and errors of TLS), HTTPException and, for a malformed address, ValueError.
    """
    parts = urlsplit(url)
    target = quote(parts._replace(scheme="", netloc="", fragment="").geturl() or "/", safe=_URL_CHARACTERS)
    host, tls = parts.hostname or "", parts.scheme == "https"
    with _connected(host, parts.port or (443 if tls else 80), tls) as (connection, over):
        connection.request("POST", target, body, dict(headers) | {"Connection": "close"})
        with connection.getresponse() as answer:
            if over.is_set():  # the connection was shut within the header
                raise TimeoutError
            return Answered(answer.status, answer.headers)


@contextmanager
def _connected(host: str, port: int, tls: bool) -> Iterator[tuple[HTTPConnection, threading.Event]]:
    """A connection that is shut down after WHOLE_SECONDS, also within its handshake.

    The event is set when that happens.
    """
    context = ssl.create_default_context() if tls else None
    connection = HTTPSConnection(host, port, context=context) if context else HTTPConnection(host, port)
    plain = socket.create_connection((host, port), SILENCE_SECONDS)
    # A second name of the connection: TLS takes the first one away before its handshake.
    watched = socket.socket(fileno=os.dup(plain.fileno()))
    over = threading.Event()
    timer = threading.Timer(WHOLE_SECONDS, _shut, [watched, over])
    timer.daemon = True
    timer.start()
    try:
        with context.wrap_socket(plain, server_hostname=host) if context else plain as connection.sock:
            yield connection, over
    finally:
        timer.cancel()
        watched.close()
        plain.close()


def _shut(watched: socket.socket, over: threading.Event) -> None:
    over.set()
    with suppress(OSError):  # it has ended by itself
        watched.shutdown(socket.SHUT_RDWR)
