"""The site and stock Datasette as processes, and one request to either."""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
SERVE = "import sys, pathlib; from archive.publish.serving import serve; serve(pathlib.Path(sys.argv[1]), port=0)"

Asked = dict[str, str]
Site = tuple[int, str]  # process id and address


@contextmanager
def ours(home: Path, code: Path = ROOT) -> Iterator[Site]:
    """Run the site, with the code of a checkout."""
    command = [sys.executable, "-c", SERVE, str(home)]
    with tempfile.TemporaryFile() as words, _ending(command, words, cwd=code, env=of_checkout(code)) as server:
        yield server.pid, server.stdout.readline().decode().strip()


def of_checkout(code: Path) -> dict[str, str]:
    """The environment in which Python imports a checkout's code, not the installed one."""
    return {**os.environ, "PYTHONPATH": str(code)}


@contextmanager
def stock(home: Path, port: int) -> Iterator[Site]:
    """Run Datasette without our plugin; its output goes to a file, for a full pipe would stop it."""
    command = [sys.executable, "-m", "datasette", "serve", str(home / "archive.db"), "--port", str(port)]
    environment = {**os.environ, "DATASETTE_LOAD_PLUGINS": ""}
    with tempfile.TemporaryFile() as words, _ending(command, words, stdout=words, env=environment) as server:
        yield server.pid, _answering(f"http://127.0.0.1:{port}")


@contextmanager
def _ending(command: list[str], words: IO[bytes], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(command, stderr=words, **{"cwd": ROOT, "stdout": subprocess.PIPE, **options})
    try:
        yield server
    finally:
        server.terminate()
        server.communicate()


def _answering(address: str) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            ask(connection_to(address), "/-/versions.json", {})
            return address
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


def processor_time(pid: int) -> float:
    """The seconds of processor time of the process and its children that ended (proc(5): utime to cstime)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def connection_to(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)


def ask(connection: http.client.HTTPConnection, path: str, headers: Asked) -> tuple[int, str]:
    connection.request("GET", path, headers=headers)
    reply = connection.getresponse()
    reply.read()
    return reply.status, reply.headers.get("etag", "")
