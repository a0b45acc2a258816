"""`make cluster` for a new user: its site shows articles, Ctrl-C leaves nothing behind, and it can be run again."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from support.checkout import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.redis]

OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
COMMAND = [sys.executable, str(ROOT / "deploy" / "cluster.py")]
PARTS = (" newsroom ", " worker --spool", " ingest", " serve ", "redis-server 127.0.0.1")


@contextmanager
def started(folder: Path, *options: str, **more: str) -> Iterator["subprocess.Popen[str]"]:
    """The command, in a folder; its stderr is in a file there."""
    environment = {**os.environ, "THINKER_HOME": str(folder), "PYTHONPATH": str(ROOT), **more}
    with (folder / "told").open("a") as told:
        process = subprocess.Popen(
            [*COMMAND, *options], env=environment, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=told
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)


def children(process: int) -> dict[int, str]:
    """The command lines of the children of a process, by their ids."""
    found = {}
    for each in Path("/proc").iterdir():
        if each.name.isdecimal():
            with suppress(OSError):
                parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == process:
                    found[int(each.name)] = (each / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def test_its_site_shows_articles_and_ctrl_c_ends_all_of_it(tmp_path: Path) -> None:
    """One crawl first (`ONCE=1`), then the whole cluster on the home that it left."""
    with started(tmp_path, "--once") as cluster:
        assert cluster.wait(180) == 0
    settings = tmp_path / "cluster" / "thinker.toml"
    homepage = settings.read_text().partition("homepage")[2]
    with started(tmp_path) as cluster:
        assert cluster.stdout is not None
        with OPEN(f"{cluster.stdout.readline().strip()}/", timeout=60) as page:
            assert "/a/newsroom-" in page.read().decode()
        running = children(cluster.pid)
        assert sorted(part for line in running.values() for part in PARTS if part in line) == sorted([*PARTS, PARTS[1]])
        second = subprocess.run(
            COMMAND, env={**os.environ, "THINKER_HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60
        )
    assert cluster.returncode == 0
    assert [line for number, line in running.items() if Path(f"/proc/{number}").exists()] == []
    assert (second.returncode, second.stdout) == (5, "")
    assert second.stderr == (
        f"cluster: another cluster runs in {tmp_path / 'cluster'}: end it, or set THINKER_HOME to another folder\n"
    )
    assert settings.read_text().partition("homepage")[2] == homepage  # the addresses of its articles stay
    assert "Traceback" not in (tmp_path / "told").read_text()


def test_without_a_server_it_says_what_to_install(tmp_path: Path) -> None:
    environment = {**os.environ, "THINKER_HOME": str(tmp_path), "PATH": str(tmp_path)}
    ended = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        "cluster: no redis-server and no valkey-server on this machine: install one, as by `apt install redis`\n"
    )
    assert not (tmp_path / "cluster").exists()
