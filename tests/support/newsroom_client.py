"""The tests' client of a newsroom: plain http.client, which follows no redirect and adds no header."""

import http.client
import json
import re
import socket
from dataclasses import dataclass
from email.message import Message
from html import unescape

from newsroom.process import Site


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        found = re.search(rb'charset="?([\w-]+)', self.body[:600])
        return self.body.decode(found[1].decode() if found else "utf-8")

    @property
    def json(self):
        return json.loads(self.body)


def ask(
    site: Site, path: str, method: str = "GET", body: str | None = None, timeout: float = 20, **headers: str
) -> Answer:
    connection = http.client.HTTPConnection(site.address.removeprefix("http://"), timeout=timeout)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def get(site: Site, path: str, **headers: str) -> Answer:
    return ask(site, path, **headers)


def raw(site: Site, path: str, seconds: float = 10, method: str = "GET") -> tuple[bytes, str]:
    """Every byte of an answer, and the way it ended: closed, reset or silent (nothing more came in time)."""
    host, port = site.address.removeprefix("http://").split(":")
    received = b""
    with socket.create_connection((host, int(port)), timeout=seconds) as connection:
        connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        try:
            while data := connection.recv(65536):
                received += data
        except ConnectionResetError:
            return received, "reset"
        except TimeoutError:
            return received, "silent"
    return received, "closed"


def texts(html: str, pattern: str) -> list[str]:
    """The text of every match of a pattern with one group, tags taken out."""
    return [unescape(re.sub(r"<[^>]+>", "", found)) for found in re.findall(pattern, html, re.DOTALL)]


def content_paragraphs(html: str) -> list[str]:
    """The body paragraphs of an article page in either design of the ordinary site."""
    content = re.search(
        r'<div class="content">(.*?)</div>|<section class="story-text">(.*?)</section>', html, re.DOTALL
    )
    assert content, html[:500]
    return texts(content[1] or content[2], r"<p>(.*?)</p>")


def json_ld(html: str) -> dict[str, object]:
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])
