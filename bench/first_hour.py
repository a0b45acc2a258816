"""The first hour of a new user: from a clone to an article of a source of their own, each command with its time.

HOME is an empty folder, PATH is Debian's, and of the environment only the variables of a package index's mirror stay
(PIP_…, UV_…, SSL_CERT_FILE). Needs python3 and its standard library. The source is the first that
docs/adding-a-source.md declares with an address on this machine; a newsroom stands in for the site.

    python3 bench/first_hour.py          # with pip, as on a machine that has only Debian's python3
    python3 bench/first_hour.py --uv
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LARGEST = 250  # MB, of an environment that runs the demo
PATH = "/usr/bin:/bin"
KEPT = re.compile(r"PIP_|UV_|SSL_CERT_FILE$")
STOPPED = 7
ADDRESS = "127.0.0.1:8765"


@dataclass
class Machine:
    """A shell on a new machine, and the commands typed there, each with seconds and exit code."""

    folder: Path
    path: str
    typed: list[tuple[str, float, int]] = field(default_factory=list)

    @property
    def checkout(self) -> Path:
        return self.folder / "thinker-archive"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if KEPT.match(name)}
        return {**kept, "HOME": str(self.folder / "home"), "PATH": self.path, "LANG": "C.UTF-8"}

    def type(self, line: str) -> str:
        """Run a line in a shell, in the checkout once it exists; its stdout."""
        began = time.monotonic()
        print(f"$ {line}", flush=True)
        where = self.checkout if self.checkout.exists() else self.folder
        ended = subprocess.run(
            ["/bin/sh", "-c", line], cwd=where, env=self.environment, stdin=subprocess.DEVNULL, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT if "--json" not in line else None, check=False,
        )  # fmt: skip
        self.note(line, began, ended.returncode)
        if "--json" not in line or ended.returncode:
            print(_shortened(ended.stdout), end="")
        return ended.stdout

    def note(self, line: str, began: float, code: int) -> None:
        self.typed.append((line, time.monotonic() - began, code))

    @contextmanager
    def started(self, line: str) -> Iterator[str]:
        """Run a line until the block ends; yields the first line that it prints."""
        began = time.monotonic()
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {line}"], cwd=self.checkout, env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            code = process.wait(60)
            process.stdout.close()
            if line.startswith("thinker"):
                self.note(f"{line}, a page, and Ctrl-C", began, 0 if code in (0, STOPPED) else code)


def first_hour(machine: Machine) -> int:
    """Type everything; the size of the environment in MB."""
    machine.type(f"git clone --quiet {ROOT} thinker-archive")
    machine.type("ONCE=1 make demo")
    size = _megabytes(machine.checkout / ".venv")
    print(f"# .venv has {size} MB; from here on it is active: . .venv/bin/activate")
    machine.path = f"{machine.checkout / '.venv/bin'}:{machine.path}"
    machine.type("thinker --help")
    machine.type("thinker --home ~/archive init")
    with machine.started("python -m newsroom --port 0") as site:
        declaration = _declaration(machine.checkout).replace(ADDRESS, site.removeprefix("http://"))
        (name,) = re.findall(r"^\[sources\.([\w-]+)\]", declaration, re.MULTILINE)
        machine.type(f"cat > ~/archive/thinker.toml <<'END'\n{declaration}END")
        for command in ("doctor", f"doctor {name}", f"crawl {name} --dry-run", f"crawl {name} --limit 5"):
            machine.type(f"thinker --home ~/archive {command}")
        hits = json.loads(machine.type("thinker --home ~/archive search 发展 --json") or "[]")
        key = hits[0]["key"]
        for command in (f"show {key}", "status", "verify"):
            machine.type(f"thinker --home ~/archive {command}")
        with machine.started("thinker --home ~/archive serve --port 0") as address:
            print(f"$ thinker --home ~/archive serve --port 0\n{address}/a/{key}: {_status(f'{address}/a/{key}')}")
    return size


def _declaration(checkout: Path) -> str:
    """The first block of docs/adding-a-source.md that names an address on this machine."""
    page = (checkout / "docs" / "adding-a-source.md").read_text(encoding="utf-8")
    return next(each for each in re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL) if ADDRESS in each)


def _status(address: str) -> int:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=60) as answer:
        return int(answer.status)


def _megabytes(folder: Path) -> int:
    told = subprocess.run(["du", "-sm", folder], stdout=subprocess.PIPE, text=True, check=True).stdout
    return int(told.split()[0])


def _shortened(text: str, most: int = 14) -> str:
    lines = [line if len(line) <= 160 else f"{line[:160]} …" for line in text.splitlines()]
    return "".join(f"{line}\n" for line in (lines if len(lines) <= most else [*lines[: most - 1], "…"]))


def main() -> int:
    """Print the transcript and its table; 1 when a command failed or the environment is too large."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--uv", action="store_true", help="Have uv beside Debian's programs.")
    with_uv = parser.parse_args().uv
    with tempfile.TemporaryDirectory(prefix="first-hour-") as name:
        folder = Path(name)
        (folder / "home").mkdir()
        (folder / "bin").mkdir()
        if with_uv:
            (folder / "bin" / "uv").symlink_to(shutil.which("uv") or "uv")
        machine = Machine(folder, f"{folder / 'bin'}:{PATH}")
        size = first_hour(machine)
    return _told(machine, size)


def _told(machine: Machine, size: int) -> int:
    failed = [line for line, _, code in machine.typed if code]
    print("\n| command | s | exit code |\n|---|---|---|")
    for line, seconds, code in machine.typed:
        shown = line.splitlines()[0].replace(str(ROOT), "…").replace("|", "\\|")
        print(f"| `{shown}` | {seconds:.1f} | {code} |")
    print(f"\n{sum(seconds for _, seconds, _ in machine.typed):.0f} s for everything")
    print(f"goal: every command succeeds: {'unmet' if failed else 'met'}")
    print(f"goal: .venv ≤ {LARGEST} MB after the demo: {'met' if size <= LARGEST else 'unmet'} ({size})")
    return 1 if failed or size > LARGEST else 0


if __name__ == "__main__":
    sys.exit(main())
