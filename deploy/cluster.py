"""A cluster on this machine, on the made-up newsroom: a server, an ingester, two workers and a reader. `make cluster`.

Its home is ./data/cluster. The address of the site is the first line on stdout; Ctrl-C ends everything.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

WORKERS = 2
HOME = Path(os.environ.get("THINKER_HOME") or "data") / "cluster"
SETTINGS = """[cluster]
url = "redis://127.0.0.1:{port}/0"
[sources.newsroom]
homepage = "{site}"
schedule = "every 30s"
"""
GRACE_SECONDS = 20.0


def main(once: bool) -> int:
    """Run the cluster until a signal or, with `once`, until the newsroom was crawled once; returns the exit code."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        sys.stderr.write("cluster: no redis-server and no valkey-server on this machine: install one of them\n")
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    HOME.mkdir(parents=True, exist_ok=True)
    port, python = _free_port(), [sys.executable, "-P", "-m"]
    thinker = [*python, "thinker", "--home", str(HOME)]
    with ExitStack() as stack:
        try:
            kept = ["--dir", str(HOME), "--save", "", "--appendonly", "yes", "--appendfsync", "always"]
            _start(stack, program, "--bind", "127.0.0.1", "--port", str(port), "--loglevel", "warning", *kept)
            site = _first_line(_start(stack, *python, "newsroom", "--port", "0", out=True))
            (HOME / "thinker.toml").write_text(SETTINGS.format(port=port, site=site), encoding="utf-8")
            for number in range(WORKERS):
                _start(stack, *thinker, "worker", "--spool", str(HOME / f"worker-{number}"))
            if once:
                return _start(stack, *thinker, "ingest", "--once").wait()
            ingester = _start(stack, *thinker, "ingest")
            while not (HOME / "archive.db").exists() and ingester.poll() is None:
                time.sleep(0.2)
            sys.stdout.write(_first_line(_start(stack, *thinker, "serve", "--port", "0", out=True)) + "\n")
            sys.stdout.flush()
            return ingester.wait()
        except KeyboardInterrupt:
            return 0


def _start(stack: ExitStack, *command: str, out: bool = False) -> "subprocess.Popen[str]":
    """Start a process that ends with the stack; out: its stdout is read here."""
    stdout = subprocess.PIPE if out else sys.stderr if "redis" in command[0] else None
    process = subprocess.Popen(command, stdout=stdout, text=True, start_new_session=True)
    stack.callback(_end, process)
    return process


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(once="--once" in sys.argv[1:]))
