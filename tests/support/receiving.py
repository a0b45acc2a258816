"""Receivers on loopback: one of HTTP that keeps each request and answers with exact bytes, and one of mail."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.client import parse_headers
from pathlib import Path
from socket import socket
from socketserver import StreamRequestHandler, ThreadingTCPServer

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


@contextmanager
def receiving(reply: Reply = OK, certificate: Path | None = None) -> Iterator[Receiver]:
    """A receiver of HTTP, by TLS if it has a certificate, that answers every request with `reply`."""

    class Handler(StreamRequestHandler):
        timeout = 20

        def setup(self) -> None:
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
            asked = self.rfile.readline().decode().rpartition(" ")[0]
            header = parse_headers(self.rfile)
            receiver.got.append(Received(asked, header, self.rfile.read(int(header.get("Content-Length") or 0))))
            with suppress(OSError):  # the sender has left
                self.connection.sendall(reply) if isinstance(reply, bytes) else reply(self.connection)

    with _Server(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(f"127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield receiver
        server.shutdown()


class _Server(ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Say nothing: the sender has left."""
