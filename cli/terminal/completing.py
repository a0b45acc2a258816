"""What a shell completes: names of sources and keys of articles, at once and without a word where there are none."""

import re
import sqlite3
import tomllib
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import typer

from cli.program.common import from_environment

MAX_WORDS_OFFERED = 50
MAX_LOCK_SECONDS = 0.2  # seconds that a database may be locked
LAST = "\U0010ffff"  # behind every character of a key
PLAIN = re.compile(r"[\w.-]+")  # what no shell takes apart


def sources(ctx: typer.Context, incomplete: str) -> list[str]:
    """Sources that are built in or declared in thinker.toml at --home."""
    from crawler.built_in import NAMES  # whose declarations take half a second

    return _offered({*NAMES, *_declared(_home(ctx))}, incomplete)


def keys(ctx: typer.Context, incomplete: str) -> list[str]:
    """Articles that the archive at --home can show."""
    try:
        with closing(sqlite3.connect(_to_read(_home(ctx)), uri=True, timeout=MAX_LOCK_SECONDS)) as conn:
            found = conn.execute(
                "select key from articles where key >= ? and key < ? and state <> 'withdrawn' order by key limit ?",
                (incomplete, incomplete + LAST, MAX_WORDS_OFFERED),
            ).fetchall()
    except sqlite3.Error:  # no archive, one of another version, one that is locked
        return []
    return _offered((key for (key,) in found), incomplete)


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
    """The options before the command are parsed while one completes, but not obeyed."""
    said: Path | None = ctx.find_root().params.get("home")
    return said or from_environment()


def _to_read(home: Path) -> str:
    return f"{(home / 'archive.db').absolute().as_uri()}?mode=ro"
