"""What every command shares: the home, the output, and how an exception becomes one line and an exit code."""

import json
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from archive import Archive, OtherVersion, not_entered, open_archive, read_archive
from archive.behind import Behind
from archive.judging.parsing import ParserUnavailable
from archive.ledger import LedgerError
from archive.lock import Locked
from archive.reading import Unknown
from archive.replaying import Damaged
from archive.settings import Settings, SettingsError, load_settings
from archive.warc import WarcError
from crawler.sources import UnknownSource
from crawler.storage import is_full
from schedules.slots import ScheduleError

OK, FAILED, USAGE, UNMET, REFUSED, LOCKED, DISK_FULL, STOPPED = range(8)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]

# Each with the exit code of house.md, section 5.
KNOWN: tuple[tuple[type[Exception], int], ...] = (
    (Locked, LOCKED),
    (UnknownSource, USAGE),
    (Unknown, USAGE),
    (SettingsError, USAGE),
    (ScheduleError, USAGE),
    (FileNotFoundError, USAGE),
    (NotADirectoryError, USAGE),
    (PermissionError, FAILED),
    (WarcError, FAILED),
    (ParserUnavailable, FAILED),
    (LedgerError, FAILED),
    (Behind, FAILED),
    (Damaged, FAILED),
    (OtherVersion, FAILED),
)


# What a terminal obeys instead of showing it, or what turns text round: C0, C1, bidirectional marks and the like.
# The tab and the joiners (U+200C, U+200D) of Persian, Hindi and emoji belong to the text.
_HIDDEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


# What SQLite says of a file whose pages are not its own.
DAMAGED = re.compile("malformed|not a database|unsupported file format")


class Chosen:
    """The options before the command."""

    home: Path = Path("data")
    debug: bool = False


def echo_json(value: Any) -> None:
    """Print a value as JSON with Chinese as Chinese; a lone surrogate or what steers a terminal is an escape."""
    echo_json_text(json.dumps(value, ensure_ascii=False, indent=2))


def echo_json_text(text: str) -> None:
    """Print JSON that is written already."""
    _write(_HIDDEN.sub(lambda found: found[0] if found[0] == "\n" else json.dumps(found[0])[1:-1], text))


def visible(text: str) -> str:
    """A text of a page in one line that a terminal may show: characters that would steer it are written as escapes."""
    return _HIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def say(text: str) -> None:
    """Print one piece of data on stdout, line breaks as they are."""
    _write("\n".join(visible(line) for line in text.split("\n")))


def tell(text: str) -> None:
    """Print a remark on stderr."""
    typer.echo("\n".join(visible(line) for line in text.split("\n")), err=True)


def _write(text: str) -> None:
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")


@contextmanager
def writing(create: bool = False) -> Iterator[Archive]:
    """The archive at --home, caught up, closed again at the end."""
    with closing(open_archive(Chosen.home, create=create)) as opened:
        yield opened


@contextmanager
def reading() -> Iterator[Archive]:
    """The archive at --home as it lies, closed again at the end; what is not entered yet is said."""
    with closing(read_archive(Chosen.home)) as opened:
        for name, size in not_entered(opened).items():
            tell(
                f"thinker: {name}: {size:,} bytes of captures and ledger are not entered yet; the next crawl does that"
            )
        yield opened


def moment_of(text: str | None) -> datetime | None:
    """The moment that --since names; UTC where it says no zone. Raises typer.BadParameter."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date: write 2026-11-01", param_hint="--since") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def settings() -> Settings:
    """What thinker.toml at --home says."""
    return load_settings(Chosen.home)


def run(command: Callable[[], Any]) -> int:
    """Run the program; a known failure becomes one line on stderr and its exit code."""
    try:
        command()
    except Exception as error:
        if Chosen.debug:
            raise
        code, line = _judged(error)
        tell(f"thinker: {visible(line)}")
        return code
    return OK


def _judged(error: Exception) -> tuple[int, str]:
    if is_full(error):
        place = getattr(error, "filename", None) or Chosen.home
        return DISK_FULL, f"the disk is full ({place}): free some space and run it again"
    if isinstance(error, sqlite3.DatabaseError) and DAMAGED.search(str(error)):
        return FAILED, f"{Chosen.home / 'archive.db'}: {error}: `thinker rebuild` makes it anew"
    for kind, code in KNOWN:
        if isinstance(error, kind):
            return code, _told(error)
    detail = " ".join(str(error).split()) or "no detail"
    return FAILED, f"{type(error).__name__}: {detail} (--debug shows where)"


def _told(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"  # the place before the cause, and no error number
    return " ".join(str(error).split())


def from_environment() -> Path:
    """THINKER_HOME, or ./data."""
    return Path(os.environ.get("THINKER_HOME") or "data")
