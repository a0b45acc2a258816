"""Servers that are slow on purpose: each answer has a time in all, and nothing else waits for it."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from support.checkout import ROOT, SUPPORT
from support.journeys import SOAK
from support.raw_site import article, raw_site, reply
from support.towns import figures, rows

pytestmark = [pytest.mark.slow, pytest.mark.soak]

ARTICLES = 5
TIMEOUT = 30 if SOAK else 3  # seconds; 30 in a crawl
LARGE, SMALL = 12_000_000, 5_000_000  # bytes; the first alone fills the room of all bodies
# A crawl with other limits; what else it does is the same.
LIMITED = """
import runpy, sys
from crawler import settings
from crawler.download import handler
handler.MAX_WAIT_FOR_ROOM_SECONDS, settings.DOWNLOAD_TIMEOUT = map(float, sys.argv[1:3])
sys.argv = sys.argv[3:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def limited(home: Path, timeout: float = TIMEOUT, patience: float = 300) -> tuple[dict[str, Any], str]:
    """Crawl the source `raw` with these seconds for an answer and for a wait for room; its figures and its log."""
    crawling = str(SUPPORT / "crawling.py")
    command = [sys.executable, "-c", LIMITED, str(patience), str(timeout), crawling, str(home), '{"source": "raw"}']
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout), ended.stderr


def dripping(data: bytes, held: list[float]) -> Callable[[socket], None]:
    """Send one byte each half second, and note in `held` how long each connection lasted."""

    def send(connection: socket) -> None:
        began = time.monotonic()
        try:
            for byte in data:
                connection.sendall(bytes([byte]))
                time.sleep(0.5)
        finally:
            held.append(time.monotonic() - began)

    return send


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_byte_each_half_second_is_cut_when_the_time_is_up(tmp_path: Path, part: str) -> None:
    """The byte is one of the head or of the body. The page is tried once more, and every other article is kept."""
    whole, held = reply(article(0)), list[float]()
    before = b"" if part == "head" else whole[: whole.index(b"\r\n\r\n") + 4]

    def slow(connection: socket) -> None:
        connection.sendall(before)
        dripping(whole[len(before) :], held)(connection)

    answers = {"/article/0.html": slow} | {
        f"/article/{number}.html": reply(article(number)) for number in range(1, ARTICLES)
    }
    with raw_site(answers) as site:
        site.declared(tmp_path)
        told, _ = limited(tmp_path)
        assert figures(told) == ("finished", ARTICLES - 1, 0, 1)
        assert site.asked.count("/article/0.html") == 2
    assert rows(tmp_path, "select count(*) from captures where url like '%/0.html'") == [(0,)]
    assert rows(tmp_path, "select attempts from frontier where url like '%/0.html'") == [(1,)]
    assert len(held) == 2
    assert max(held) < 3 * TIMEOUT  # it would be an hour


def test_a_body_that_finds_no_room_for_long_is_asked_for_again(tmp_path: Path) -> None:
    """While it waits, the time of its own answer stands still; its patience is 2 seconds here and 300 in a crawl."""
    body, small = article(0) + b" " * LARGE, article(1) + b" " * SMALL
    second_waits = threading.Event()

    def first(connection: socket) -> None:
        connection.sendall(reply(body)[: LARGE // 2])
        assert second_waits.wait(20)
        time.sleep(3)  # longer than the other's patience
        connection.sendall(reply(body)[LARGE // 2 :])

    def second(connection: socket) -> None:
        time.sleep(0.5)  # the first has the room by now
        second_waits.set()
        connection.sendall(reply(small))

    answers: dict[str, bytes | Callable[[socket], None]] = {
        "/article/0.html": first,
        "/article/1.html": second,
        "/article/2.html": reply(article(2)),
    }
    with raw_site(answers) as site:
        site.declared(tmp_path)
        told, log = limited(tmp_path, timeout=20, patience=2)
        assert told["finish_reason"] == "finished", log
        assert "timed out" not in log, log
        assert [site.asked.count(f"/article/{number}.html") for number in range(3)] == [1, 2, 1]
    kept = "select count(*) from captures where url like '%/article/%' and truncated is null"
    assert rows(tmp_path, kept) == [(3,)]
