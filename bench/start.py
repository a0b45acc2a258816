"""The start of a command: processor time and memory, beside `python -c "import typer"`.

Every command runs in a process of its own on a small archive made for it; the least of several turns counts, for other
programs on the machine only add to it.

    python bench/start.py
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

BASE = ("-c", "import typer")
THINKER = ("-m", "thinker")
# Goals as multiples of `import typer`: for frequent commands, and for those that read the archive.
AT_ONCE = (
    "--help",
    "--version",
    "completion",
    "completion of KEY",
    "completion of a source",
    "completion of an option",
    "crawl --help",
    "demo --help",
    "doctor --help",
    "import --help",
    "parse --help",
    "reparse --help",
    "schedule --help",
    "search --help",
    "serve --help",
    "status --help",
    "verify --help",
)
GOALS = {**dict.fromkeys(AT_ONCE, 5), "search 思想": 9, "show KEY": 9, "status": 9}
OTHERS = ("history KEY", "changes", "sources", "schedule next")
# A shell completes the program by its name, which `-m thinker` lacks.
NAMED = ("-c", "import sys; sys.argv[0] = 'thinker'; import thinker; thinker.main()")
COMPLETED = {
    "completion": "thinker se",
    "completion of KEY": "thinker show KEY",
    "completion of a source": "thinker crawl ne",
    "completion of an option": "thinker serve --p",
}


def measured(arguments: Sequence[str], environment: dict[str, str], turns: int) -> tuple[float, float]:
    """Seconds of processor time and peak megabytes (10^6 bytes), the least of the turns."""
    found = [_once([sys.executable, *arguments], {**os.environ, **environment}) for _ in range(turns)]
    return min(seconds for seconds, _ in found), min(size for _, size in found)


def _once(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    sink = os.open(os.devnull, os.O_WRONLY)
    files = [(os.POSIX_SPAWN_DUP2, sink, number) for number in (1, 2)]
    child = os.posix_spawn(command[0], command, environment, file_actions=files)
    _, _, used = os.wait4(child, 0)
    os.close(sink)
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6


def archive_of(folder: Path, articles: int) -> tuple[Path, str]:
    """Make a home with so many articles; the home and the key of one of them.

    Call it in a process of its own: Linux counts the parent's memory as that of a child that it spawns.
    """
    from ingest import archived, made

    from archive import read_archive

    archived(folder, made(articles, 600))
    home = folder / "home"
    with closing(read_archive(home)) as opened:
        (key,) = opened.conn.execute("select key from articles limit 1").fetchone()
    return home, key


def rows(home: Path, key: str, turns: int) -> Iterator[str]:
    """Yield a line of the table for every command."""
    base, least = measured(BASE, {}, turns)
    yield f"| `import typer` alone | {base:.2f} | 1.0 | | {least:.0f} |"
    for told in (*GOALS, *OTHERS):
        asked, environment = _asked(told, home, key)
        seconds, size = measured(asked, environment, turns)
        goal = f"≤ {GOALS[told]}" if told in GOALS else ""
        yield f"| `{told}` | {seconds:.2f} | {seconds / base:.1f} | {goal} | {size:.0f} |"


def _asked(told: str, home: Path, key: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """The arguments of Python, and the environment. Exits on a completion that offers nothing."""
    if told not in COMPLETED:
        return (*THINKER, "--home", str(home), *(key if word == "KEY" else word for word in told.split())), {}
    words = COMPLETED[told].replace("KEY", key)
    environment = {
        "_THINKER_COMPLETE": "complete_bash", "THINKER_HOME": str(home),
        "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1),
    }  # fmt: skip
    offered = subprocess.check_output([sys.executable, *NAMED], env={**os.environ, **environment}, text=True)
    last = words.split()[-1]
    if not offered or any(not each.startswith(last) for each in offered.split()):
        raise SystemExit(f"{words!r} is not completed: {offered[:200]!r}")
    return NAMED, environment


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--turns", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with get_context("spawn").Pool(1) as pool:
            home, key = pool.apply(archive_of, (Path(folder), asked.articles))
        print("| command | processor, s | x `import typer` | goal | memory, MB |\n|---|---|---|---|---|")
        for row in rows(home, key, asked.turns):
            print(row, flush=True)


if __name__ == "__main__":
    main()
