"""A site that answers by http and https on one port, under several names, and can shut any of these doors."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from socket import MSG_PEEK
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from support.written_site import Answer

TLS = 0x16  # the first byte of a handshake (RFC 8446 §5.1)
HOST = "127.0.0.1"
KEY_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


@dataclass
class Doors:
    """The site's state. answers: the answer at an address; shut: beginnings of addresses that nobody answers any more.

    asked: every address that was asked, as it was asked.
    """

    port: int
    answers: Callable[[str], Answer | None]
    shut: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def at(self, scheme: str, path: str = "", host: str = HOST) -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def is_shut(self, url: str) -> bool:
        return any(url.startswith(door) for door in self.shut)

    def articles(self) -> list[str]:
        """The articles that were asked since the last call, without the port, in the order of their addresses."""
        asked, self.asked[:] = sorted(url for url in self.asked if "/article/" in url), []
        return [url.replace(f":{self.port}", "") for url in asked]


class Server(ThreadingHTTPServer):
    request_queue_size = 64
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: the client has left or was shut out."""


@contextmanager
def doors(answers: Callable[[str], Answer | None], folder: Path, *names: str) -> Iterator[Doors]:
    """The site while it runs; its certificate is that of an authority of ours, which stands in `folder`/ca.pem."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certified(folder, *names))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        scheme = "http"

        def setup(self) -> None:
            if self.request.recv(1, MSG_PEEK)[:1] == bytes([TLS]):
                if site.is_shut(site.at("https")):
                    raise ConnectionResetError
                self.scheme = "https"
                self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

        def finish(self) -> None:
            with suppress(OSError):  # the client has gone
                super().finish()
            if self.scheme == "https":
                self.request.close()

        def do_GET(self) -> None:
            url = f"{self.scheme}://{self.headers['Host']}{self.path}"
            if site.is_shut(url):
                self.close_connection = True
                return
            site.asked.append(url)
            answer = site.answers(url) or Answer(status=404)
            self.send_response_only(answer.status)
            for name, value in (*answer.headers, ("Content-Length", str(len(answer.body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with Server((HOST, 0), Handler) as server:
        site = Doors(server.server_port, answers)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield site
        server.shutdown()


def certified(folder: Path, *names: str) -> Path:
    """A key and a certificate of loopback and these names in one file, signed by an authority of our own."""
    folder.mkdir(parents=True, exist_ok=True)
    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "authority of the tests")])
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "site of the tests")])
    stands_for = [x509.IPAddress(ip_address(HOST)), *(x509.DNSName(name) for name in ("localhost", *names))]
    # Python 3.13 refuses certificates without what RFC 5280 §4.2.1 asks for.
    its_key = x509.SubjectKeyIdentifier.from_public_key(authority.public_key())
    may_sign = x509.KeyUsage(**dict.fromkeys(KEY_USAGES, False) | {"key_cert_sign": True})
    of_authority = {x509.BasicConstraints(True, None): True, may_sign: True, its_key: False}
    anchor = _signed(root, root, authority, authority, of_authority)
    signed_by = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(its_key)
    of_site = {x509.SubjectAlternativeName(stands_for): False, signed_by: False}
    leaf = _signed(subject, root, own, authority, of_site)
    (folder / "ca.pem").write_bytes(anchor.public_bytes(serialization.Encoding.PEM))
    key = own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "site.pem").write_bytes(key + leaf.public_bytes(serialization.Encoding.PEM))
    return folder / "site.pem"


def _signed(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    extensions: dict[Any, bool],
) -> x509.Certificate:
    """A certificate. extensions: each with True if it is critical."""
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    dated = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    until = dated.not_valid_after(now + timedelta(days=2))
    for extension, is_critical in extensions.items():
        until = until.add_extension(extension, is_critical)
    return until.sign(signer, hashes.SHA256())
