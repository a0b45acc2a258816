"""docs/publishing.md does what it says: the site that it starts is asked through a proxy as the page sets one up."""

import re
import shlex
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from support.checkout import ROOT
from support.journeys import Thinker
from support.small_archive import TALK, build, digest_of
from support.tables import every_row

PAGE = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")
SERVE, ASK = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
(NGINX,) = re.findall(r"^```nginx\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
(CADDY,) = re.findall(r"^```caddy\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
(TABLE,) = re.findall(r"^\| address \|.*?\n\|---.*?\n(.*?)\n\n", PAGE, re.MULTILINE | re.DOTALL)
DIGEST = digest_of(TALK)[7:19]
(NAME,) = re.findall(r"server_name (\S+);", NGINX)


class AsItCame(urllib.request.HTTPErrorProcessor):
    """Pass on every answer, also errors and redirects, as it came."""

    def http_response(self, request, response):
        return response


OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({}), AsItCame).open


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a proxy before the site; the site is started by the command that the page prints."""
    words = shlex.split(SERVE)[1:]
    words[words.index("8001")] = "0"
    server = Thinker(build(tmp_path_factory.mktemp("home")).path).start(*words)
    proxy = _proxy(server.stdout.readline().strip())
    Thread(target=proxy.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{proxy.server_port}"
    proxy.shutdown()
    proxy.server_close()
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=60)


def _proxy(behind: str) -> ThreadingHTTPServer:
    """A stand-in for nginx with the page's configuration: the path unchanged, and the name asked for as Host."""

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urllib.request.Request(behind + self.path, headers={"Host": self.headers.get("X-Asked", NAME)})
            with OPEN(asked, timeout=60) as answer:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in ("transfer-encoding", "connection"):  # of the way between site and proxy
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"" if self.command == "HEAD" else answer.read())

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Proxy)


def _addresses() -> Iterator[tuple[str, int]]:
    """Every address of the table, with the status that it says."""
    for row in TABLE.splitlines():
        _, cell, status, _ = [each.strip() for each in row.split("|")]
        for address in re.findall(r"`(/.*?)`", cell):
            path, mark, query = address.replace("KEY", "newsroom-1").replace("DIGEST", DIGEST).partition("?")
            yield f"{path}{mark}{query}", int(status)
            if "each with its `.json`" in cell:
                yield f"{path}.json{mark}{query}", int(status)


def test_the_proxy_examples_use_the_port_and_public_name_of_the_serve_command() -> None:
    words = shlex.split(SERVE)
    port, name = words[words.index("--port") + 1], words[words.index("--public-url") + 1]
    assert name == f"https://{NAME}"
    assert (f"proxy_pass http://127.0.0.1:{port};" in NGINX, "proxy_set_header Host $host;" in NGINX) == (True, True)
    assert f"{NAME} {{\n    reverse_proxy 127.0.0.1:{port}\n}}\n" == CADDY


@pytest.mark.curl
@pytest.mark.parametrize("line", ASK.splitlines())
def test_each_line_of_the_checking_script_succeeds(public: str, line: str) -> None:
    subprocess.run(["sh", "-euc", line], env={"SITE": public, "PATH": "/usr/bin:/bin"}, check=True)


@every_row(("address", "status"), list(_addresses()))
def test_every_address_of_the_publishing_docs_returns_the_stated_status(public: str, address: str, status: int) -> None:
    with OPEN(public + address, timeout=60) as answer:
        assert answer.status == status
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_another_host_is_refused_and_robots_txt_disallows_search_and_tables(public: str) -> None:
    with OPEN(urllib.request.Request(f"{public}/", headers={"X-Asked": "other.example"})) as answer:
        assert answer.status == 421
    with OPEN(f"{public}/robots.txt") as answer:
        told = answer.read().decode()
    assert [f"Disallow: {path}\n" in told for path in ("/search", "/archive", "/a/*/diff/", "/*.json", "/")] == [
        True, True, True, True, False,
    ]  # fmt: skip
