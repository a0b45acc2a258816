"""Receivers on loopback that keep what they get: HTTP with exact answers, proxies of a chat's host, mail."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.client import parse_headers
from pathlib import Path
from socket import SHUT_RDWR, socket
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

Reply = bytes | Callable[[socket], None]  # the answer to one request, or what happens to its connection
OK = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Received:
    """A request: its first line without the version, its header, its body."""

    asked: str
    header: Message
    body: bytes


@dataclass
class Receiver:
    """A receiver while it runs: its host and port, and the requests so far, in their order."""

    place: str
    got: list[Received] = field(default_factory=list)


def silence(connection: socket) -> None:
    """Say nothing until the sender leaves."""
    connection.recv(1)


def closes(connection: socket) -> None:
    """End the connection."""
    connection.shutdown(SHUT_RDWR)


def drip(connection: socket) -> None:
    """Answer with a letter now and then, for ever."""
    connection.sendall(b"HTTP/1.1 200 ")
    while True:
        connection.sendall(b"O")
        time.sleep(0.02)


def repeats(connection: socket) -> None:
    """Say for ever that an answer will come."""
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def gigabytes(connection: socket) -> None:
    """Answer without end."""
    connection.sendall(b"HTTP/1.1 503 Busy\r\nContent-Length: 10000000000\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65_536)


@contextmanager
def receiving(
    reply: Reply = OK, certificate: Path | None = None, proxy: bool = False, greets: bool = False
) -> Iterator[Receiver]:
    """A receiver of HTTP, by TLS if it has a certificate, that answers every request with `reply`.

    proxy: it is a proxy that answers in the place of every host, by TLS with its own certificate. greets: it sends
    `reply` before it has heard anything, as a mail server does.
    """

    class Handler(StreamRequestHandler):
        timeout = 20

        def setup(self) -> None:
            if proxy:
                while self.request.recv(65_536)[-4:] != b"\r\n\r\n":
                    pass
                self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            if certificate is not None:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate)
                self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

        def finish(self) -> None:
            with suppress(OSError):  # the sender has left
                super().finish()
            self.request.close()  # the server closes only what TLS has replaced

        def handle(self) -> None:
            if not greets:
                self.hear()
            with suppress(OSError):  # the sender has left
                self.connection.sendall(reply) if isinstance(reply, bytes) else reply(self.connection)

        def hear(self) -> None:
            asked = self.rfile.readline().decode().rpartition(" ")[0]
            header = parse_headers(self.rfile)
            receiver.got.append(Received(asked, header, self.rfile.read(int(header.get("Content-Length") or 0))))

    with _Server(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(f"127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield receiver
        server.shutdown()


@dataclass(frozen=True)
class Mail:
    """A mail as a server got it: its sender, its receivers, its bytes."""

    sender: str
    to: list[str]
    content: bytes


@dataclass
class MailServer:
    """A mail server while it runs: its host and port, and the mails so far. reply: its answer to the text of each."""

    place: str = ""
    reply: str = "250 OK"
    unknown: str = ""  # a receiver that it does not have
    got: list[Mail] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, receiver: str, options: list[str]
    ) -> str:
        if receiver == self.unknown:
            return "550 no such user"
        envelope.rcpt_tos.append(receiver)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.got.append(Mail(envelope.mail_from or "", envelope.rcpt_tos, envelope.original_content or b""))
        return self.reply


def logged_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    """The result of a login, which succeeds for Anna with her password."""
    return AuthResult(handled=False, success=(data.login, data.password) == (b"anna@example.org", b"hunter2"))


class _Controller(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # the free one that it got
        super()._trigger_server()


@contextmanager
def mail_server(reply: str = "250 OK", **options: Any) -> Iterator[MailServer]:
    """A mail server on a free port. options: those of aiosmtpd's SMTP."""
    server = MailServer(reply=reply)
    controller = _Controller(server, "127.0.0.1", 0, **options)
    controller.start()
    try:
        server.place = f"127.0.0.1:{controller.port}"
        yield server
    finally:
        controller.stop()


class _Server(ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Say nothing: the sender has left."""
