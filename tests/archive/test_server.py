"""`thinker serve` as a process: it says where it is, answers there, and ends when asked."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from small_archive import build

from archive.home import Home
from archive.publish.server import address, listen, site

ROOT = Path(__file__).resolve().parents[2]
SERVE = "import sys; from archive.publish.server import serve; serve(__import__('pathlib').Path(sys.argv[1]), port=0)"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    home = build(tmp_path)
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(home.path)],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert server.stdout is not None
    yield server, server.stdout.readline().strip()
    server.kill()
    server.communicate()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_stopped(served: tuple[subprocess.Popen[str], str], stop: signal.Signals) -> None:
    server, url = served
    page = httpx.get(f"{url}/a/newsroom-1", timeout=30)
    found = httpx.get(f"{url}/archive/articles.json?_search=治理&_shape=array", timeout=30).json()
    server.send_signal(stop)
    out, err = server.communicate(timeout=30)
    assert (page.status_code, {row["key"] for row in found} >= {"newsroom-1"}) == (200, True)
    assert (server.returncode, out, err) == (0, "", "")


def test_what_a_crawl_writes_is_served_at_once(served: tuple[subprocess.Popen[str], str], tmp_path: Path) -> None:
    from archive import connect

    _, url = served
    conn = connect(Home(tmp_path).database)
    conn.execute("update articles set headline = '新写入的标题' where key = 'newsroom-2'")
    conn.close()
    assert "新写入的标题" in httpx.get(url, timeout=30).text


def test_a_taken_port_and_a_missing_archive_are_told(tmp_path: Path) -> None:
    taken = listen("127.0.0.1", 0)
    with pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", taken.getsockname()[1])
    taken.close()
    with pytest.raises(FileNotFoundError, match="no archive at"):
        site(Home(tmp_path), hosts=[])


def test_an_ipv6_address_is_written_in_brackets() -> None:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    assert address(listening, "::1") == f"http://[::1]:{listening.getsockname()[1]}"
    listening.close()
