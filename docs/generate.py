"""Writes what the docs say about the code from the code: the commands, the schema. `--check` only compares."""

import argparse
import os
import re
import sys
import textwrap
from pathlib import Path

os.environ.update(COLUMNS="90", TERMINAL_WIDTH="90", NO_COLOR="1")  # before typer measures the terminal

import typer
from sqlite_utils import Database
from typer.testing import CliRunner

import thinker
from archive.migrations import migrations

ROOT = Path(__file__).resolve().parents[1]
SHADOW = re.compile(r"_fts_(data|idx|content|docsize|config)$")
DROPPED = re.compile(r" *--(install|show)-completion .*\n(?: {20,}.*\n)?")  # says how the reader's shell was found


def commands() -> str:
    """The help of every command, as it is printed, in the order of `thinker --help`."""
    return "\n\n".join(_helped(path) for path in _paths())


def schema() -> str:
    """Tables, indexes and views that the migrations make, in the order they were added."""
    db = Database(memory=True)
    migrations.apply(db)
    rows = db.execute("select name, sql from sqlite_master where sql is not null order by rowid")
    kept = [sql for name, sql in rows if not SHADOW.search(name) and "_sqlite" not in name]
    return "```sql\n" + ";\n\n".join(_dedented(sql) for sql in kept) + ";\n```"


BLOCKS = {("README.md", "cli"): commands, ("archive/README.md", "schema"): schema}


def main(arguments: list[str] | None = None) -> int:
    """Write every block, or with --check exit 1 naming those that are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a block is stale")
    check = parser.parse_args(arguments).check
    stale = [file for (file, mark), text in BLOCKS.items() if _replaced(ROOT / file, mark, text(), not check)]
    if check and stale:
        sys.stderr.write(f"stale: {', '.join(stale)}: run `make docs` and commit\n")
    return 1 if check and stale else 0


def _paths() -> list[tuple[str, ...]]:
    root = typer.main.get_command(thinker.app)
    found: list[tuple[str, ...]] = [()]
    for name, command in root.commands.items():  # type: ignore[attr-defined] # a typer app is a group
        found += [(name, below) for below in getattr(command, "commands", {})] or [(name,)]
    return found


def _helped(path: tuple[str, ...]) -> str:
    result = CliRunner().invoke(thinker.app, [*path, "--help"], prog_name="thinker")
    if result.exit_code != 0:
        raise SystemExit(f"`thinker {' '.join(path)} --help` ends with {result.exit_code}: {result.output}")
    title = " ".join(("thinker", *path))
    lines = "\n".join(line.rstrip() for line in DROPPED.sub("", result.output).strip().splitlines())
    return f"### `{title}`\n\n```\n{lines}\n```"


def _dedented(sql: str) -> str:
    """A migration's statement without the indentation of the code around it."""
    first, _, rest = sql.partition("\n")
    return f"{first}\n{textwrap.dedent(rest)}".rstrip()


def _replaced(file: Path, mark: str, text: str, write: bool) -> bool:
    """Whether the block between <!-- mark --> and <!-- /mark --> differed from the text."""
    before = file.read_text(encoding="utf-8")
    start, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    head, found, rest = before.partition(start)
    _, closed, tail = rest.partition(end)
    if not (found and closed):
        raise SystemExit(f"{file}: the markers {start} … {end} are missing")
    after = f"{head}{start}\n{text}\n{end}{tail}"
    if write and after != before:
        file.write_text(after, encoding="utf-8")
    return after != before


if __name__ == "__main__":
    sys.exit(main())
