"""Shell completion of source names and article keys: fast, and silent if nothing fits."""

import re
import sqlite3
import tomllib
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import typer

from cli.program.common import from_environment

MAX_WORDS_OFFERED = 50
MAX_LOCK_SECONDS = 0.2  # then no keys are offered
LAST = "\U0010ffff"  # sorts after every character of a key
PLAIN = re.compile(r"[\w.-]+")  # words that need no quoting in a shell


def sources(ctx: typer.Context, incomplete: str) -> list[str]:
    """The names of sources that begin with `incomplete`, built in or declared in thinker.toml at --home.

    Sorted, at most 50, without those that need quoting in a shell.
    """
    from crawler.built_in import NAMES  # not all_sources: importing the declarations takes half a second

    return _offered({*NAMES, *_declared(_home(ctx))}, incomplete)


def keys(ctx: typer.Context, incomplete: str) -> list[str]:
    """The keys of articles at --home that begin with `incomplete`, without those of withdrawn articles.

    Sorted, at most 50, without those that need quoting in a shell; [] if the archive cannot be read.
    """
    try:
        with closing(sqlite3.connect(_to_read(_home(ctx)), uri=True, timeout=MAX_LOCK_SECONDS)) as conn:
            found = conn.execute(
                "select key from articles where key >= ? and key < ? and state <> 'withdrawn' order by key limit ?",
                (incomplete, incomplete + LAST, MAX_WORDS_OFFERED),
            ).fetchall()
    except sqlite3.Error:  # no archive, another version, or locked
        return []
    return _offered((key for (key,) in found), incomplete)


def correctable(incomplete: str) -> list[str]:
    """The names of properties that can be corrected and begin with `incomplete`."""
    from archive.properties import CORRECTABLE

    return _offered(CORRECTABLE, incomplete)


def _offered(names: Iterable[str], incomplete: str) -> list[str]:
    return sorted(name for name in names if name.startswith(incomplete) and PLAIN.fullmatch(name))[:MAX_WORDS_OFFERED]


def _declared(home: Path) -> list[str]:
    try:
        said = tomllib.loads((home / "thinker.toml").read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return []
    tables = said.get("sources")
    return list(tables) if isinstance(tables, dict) else []


def _home(ctx: typer.Context) -> Path:
    """The home in --home on the command line, else `from_environment()`.

    In completion the global options are parsed, but their callback does not run.
    """
    said: Path | None = ctx.find_root().params.get("home")
    return said or from_environment()


def _to_read(home: Path) -> str:
    return f"{(home / 'archive.db').absolute().as_uri()}?mode=ro"
