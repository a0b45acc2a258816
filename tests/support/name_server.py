"""A process in namespaces of its own, with a scripted name server, a public site and a private one.

    unshare --mount --net python name_server.py HOME '["public", "private"]'

In namespaces of its own (so as root) this machine also is 93.184.216.34: `news.example` is a site there, and the same
port of 127.0.0.1 is private. Each word says what one crawl finds when it asks for the name: where it leads, `both`,
`silent` (no answer), `late` (no answer to the first question) or `rebound` (private from the second question on).
Prints JSON for each crawl: its figures, its stderr, and how often each site was asked.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from support.checkout import SUPPORT
from support.written_site import article, listing

from archive import open_archive

PUBLIC, PRIVATE, NAME_SERVER = "93.184.216.34", "127.0.0.1", "127.0.0.53"
NAME, PORT, ARTICLES = "news.example", 8080, 3
CRAWLING = SUPPORT / "crawling.py"
A = 1  # the type of a question for an IPv4 address
ANSWERS = {"public": [PUBLIC], "private": [PRIVATE], "both": [PUBLIC, PRIVATE], "late": [PUBLIC], "rebound": [PUBLIC]}


class NameServer:
    """DNS (RFC 1035) over UDP, without a time to live."""

    def __init__(self) -> None:
        self.word = "silent"
        self.asked = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((NAME_SERVER, 53))
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            question, whence = self._socket.recvfrom(512)
            self.asked += 1
            if self.word == "silent" or (self.word == "late" and self.asked <= 2):  # for both kinds of addresses
                continue
            end = question.index(b"\0", 12) + 5
            kind = int.from_bytes(question[end - 4 : end - 2])
            addresses = (
                ANSWERS["private" if self.word == "rebound" and self.asked > 2 else self.word] if kind == A else []
            )
            head = question[:2] + b"\x81\x80\0\x01" + len(addresses).to_bytes(2) + bytes(4)
            answers = (b"\xc0\x0c\0\x01\0\x01\0\0\0\0\0\x04" + socket.inet_aton(each) for each in addresses)
            self._socket.sendto(head + question[12:end] + b"".join(answers), whence)


def site(address: str) -> Callable[[], int]:
    """The same site at this address, and a counter of its requests."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = listing(ARTICLES).replace(b"ADDRESS", f"http://{NAME}:{PORT}".encode())
            if self.path.startswith("/article/"):
                body = article(int(self.path.rpartition("/")[2].removesuffix(".html")))
            self.send_response(404 if self.path == "/robots.txt" else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer((address, PORT), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    return lambda: len(asked)


def machine(home: Path) -> None:
    """Set up the network, and the file that names the name server."""
    for command in ("ip link set lo up", f"ip addr add {PUBLIC}/32 dev lo"):
        subprocess.run(command.split(), check=True)
    told = home / "resolv.conf"
    told.write_text(f"nameserver {NAME_SERVER}\noptions timeout:1 attempts:1\n")
    subprocess.run(["mount", "--bind", str(told), "/etc/resolv.conf"], check=True)


def main() -> None:
    home, words = Path(sys.argv[1]), json.loads(sys.argv[2])
    machine(home)
    names, public, private = NameServer(), site(PUBLIC), site(PRIVATE)
    open_archive(home).close()
    place = f"http://{NAME}:{PORT}"
    (home / "thinker.toml").write_text(
        'contact = "you@example.org"\n'
        f'[sources.town]\nhomepage = "{place}"\nsitemaps = ["{place}/sitemap.xml"]\nscope = "{place}/article/.*"\n'
        "delay = 0.01\n"
    )
    told = []
    for word in words:
        names.word, names.asked = word, 0
        before = public(), private()
        command = [sys.executable, str(CRAWLING), str(home), '{"source": "town", "recheck": "all"}']
        ended = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, timeout=120)
        figures = json.loads(ended.stdout) if ended.returncode == 0 else {}
        told.append(
            {**figures, "stderr": ended.stderr, "public": public() - before[0], "private": private() - before[1]}
        )
    print(json.dumps(told))


if __name__ == "__main__":
    main()
