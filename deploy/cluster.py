"""A cluster on this machine, on the made-up newsroom: a server, an ingester, two workers and a reader. `make cluster`.

Its home is ./data/cluster. The address of the site is the first line on stdout; Ctrl-C ends everything. A second start
goes on with the same home.
"""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

WORKERS = 2
NEWSROOM = ("--articles", "60")
HOME = Path(os.environ.get("THINKER_HOME") or "data") / "cluster"
SETTINGS = """[cluster]
url = "redis://127.0.0.1:{port}/0"
[sources.newsroom]
homepage = "{site}"
schedule = "every 30s"
"""
GRACE_SECONDS = 20.0
FAILED, LOCKED = 1, 5
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(once: bool) -> int:
    """Run the cluster until a signal or, with `once`, until the newsroom was crawled once; returns the exit code."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        return _refused("no redis-server and no valkey-server on this machine: install one, as by `apt install redis`")
    HOME.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        lock = stack.enter_context((HOME / "lock").open("a"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _refused(f"another cluster runs in {HOME}: end it, or set THINKER_HOME to another folder", LOCKED)
        for number in ENDING:
            signal.signal(number, signal.default_int_handler)
        try:
            return _run(stack, program, once)
        except KeyboardInterrupt:
            return 0
        finally:
            for number in ENDING:  # so that a second Ctrl-C leaves nothing behind
                signal.signal(number, signal.SIG_IGN)


def _run(stack: ExitStack, program: str, once: bool) -> int:
    python = [sys.executable, "-P", "-m"]
    thinker = [*python, "thinker", "--home", str(HOME)]
    port = _free_port()
    kept = ["--dir", str(HOME), "--save", "", "--appendonly", "yes", "--appendfsync", "always"]
    told = ["--logfile", "server.log", "--bind", "127.0.0.1", "--port", str(port)]
    server = _start(stack, program, *told, *kept)
    if not _listens(server, port):
        return _refused(f"{program} does not start: {HOME / 'server.log'} says why")
    newsroom = _start(stack, *python, "newsroom", *NEWSROOM, "--port", str(_port_of_last_time()), out=True)
    site = _first_line(newsroom)
    if not site:
        return _refused("the newsroom does not start")
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


def _start(stack: ExitStack, *command: str, out: bool = False) -> "subprocess.Popen[str]":
    """Start a process that ends with the stack; out: its stdout is read here."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE if out else sys.stderr, text=True, start_new_session=True
    )
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


def _port_of_last_time() -> int:
    """The port that the newsroom had, so that its articles keep their addresses; 0 without one, or if it is taken."""
    file = HOME / "thinker.toml"
    found = re.search(r'homepage = "http://127\.0\.0\.1:(\d+)"', file.read_text("utf-8")) if file.exists() else None
    port = int(found[1]) if found else 0
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            free.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _listens(server: "subprocess.Popen[str]", port: int) -> bool:
    """True once the server takes connections; False if it ends before."""
    while server.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False


def _refused(why: str, code: int = FAILED) -> int:
    sys.stderr.write(f"cluster: {why}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(once="--once" in sys.argv[1:]))
