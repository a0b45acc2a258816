"""A real browser, and a process that serves the site for it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.checkout import ROOT

CHROMIUM = Path("/usr/bin/chromium")
SERVE = """import sys; from pathlib import Path; from archive.publish.serving import PublicUrl, serve
serve(Path(sys.argv[1]), port=0, public=PublicUrl.parse(sys.argv[2]) if any(sys.argv[2:]) else None)"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
REFUSED = "Failed to load resource: the server responded with a status of "
OWN = (REFUSED, "[DOM] Password field is not contained in a form")  # what the browser says of what does nothing


@contextmanager
def browsing() -> Iterator[Any]:
    """Debian's chromium, driven by playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield launched
        launched.close()


@contextmanager
def serving(home: Path, public: str = "") -> Iterator[str]:
    """The address at which the archive in this folder is served; `public` is its public URL, "" for none."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(home), public],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)


def heard(page: Any, site: str) -> list[str]:
    """Collect everything that the page says from now on: console, script errors, dialogs, requests to other hosts."""
    said: list[str] = []
    page.on("console", lambda message: message.text.startswith(OWN) or said.append(message.text))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (said.append("a dialog opened"), dialog.dismiss()))
    page.on("request", lambda asked: asked.url.startswith((f"{site}/", "data:")) or said.append(f"asks {asked.url}"))
    return said


def memory(pid: int) -> float:
    """MB of the process and of every process below it, each shared page counted once."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it has ended
        return 0.0
    own = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1_000
    return own + sum(map(memory, children))
