"""A flood of wrong addresses: it takes no memory, no more time than pages, and one line of the log each."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from support.browsing import SERVE, memory
from support.checkout import ROOT
from support.journeys import SOAK
from support.small_archive import build

pytestmark = [
    pytest.mark.slow,
    pytest.mark.soak,
    pytest.mark.skipif(sys.platform != "linux", reason="time and memory are read from /proc"),
]

CLIENTS = 8
FIRST, WRONG, PAGES = (1_000, 1_000, 1_000) if SOAK else (400, 700, 200)  # requests; the first fill the caches
MOST_GROWTH = 8  # MB, what a thread's first request takes included
FORMS = ("/nowhere/{}", "/archive/{}", "/a/{}", "/a/newsroom-1/v/{}", "/archive/articles/{}", "/-/{}", "/{}.json")


@dataclass(frozen=True)
class Served:
    """The site as a process, and where it writes its lines."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def seconds(self) -> float:
        """Processor time of the process so far (proc(5): utime and stime)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def statuses(self, paths: list[str]) -> set[int]:
        """The statuses of these paths, asked by eight clients at once, each on a connection of its own."""
        with ThreadPoolExecutor(CLIENTS) as clients:
            return set().union(*clients.map(self._client, (paths[n::CLIENTS] for n in range(CLIENTS))))

    def _client(self, paths: list[str]) -> set[int]:
        with httpx.Client(base_url=self.address, timeout=60) as client:
            return {client.get(path).status_code for path in paths}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    home, log = build(tmp_path / "home"), tmp_path / "log"
    with log.open("wb") as errors:
        command = [sys.executable, "-c", SERVE, str(home.path)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors)
    assert process.stdout is not None
    yield Served(process, process.stdout.readline().decode().strip(), log)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)


def test_a_flood_takes_no_memory_and_no_more_time_than_pages_and_a_line_each(served: Served) -> None:
    first, second = wrong_addresses(0, FIRST), wrong_addresses(FIRST, WRONG)
    assert served.statuses(["/a/newsroom-1"] * CLIENTS) == {200}
    assert served.statuses(first) == {404}
    before, began = memory(served.process.pid), served.seconds()
    assert served.statuses(second) == {404}
    grown, flood = memory(served.process.pid) - before, served.seconds() - began
    began = served.seconds()
    assert served.statuses(["/a/newsroom-1", "/search?q=治理"] * (PAGES // 2)) == {200}
    pages = served.seconds() - began
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(30)
    assert grown < MOST_GROWTH
    assert flood / WRONG < pages / PAGES
    lines = served.log.read_text().splitlines()
    assert sorted(re.sub(r"^thinker: 404 GET (\S+): .+$", r"\1", line) for line in lines) == sorted(first + second)


def wrong_addresses(start: int, count: int) -> list[str]:
    return [FORMS[n % len(FORMS)].format(f"ffff{n:08x}") for n in range(start, start + count)]
