"""Helpers of all commands: global options, output, and exceptions as one line and an exit code."""

import errno
import json
import os
import re
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.program.databases import READ_ONLY, is_busy, told_of
from cli.program.exit_codes import DISK_FULL, EXIT_CODE_OF_ERROR, FAILED, LOCKED, OK, USAGE, interrupted, unread

FIRST_YEAR = 1000  # stamps are compared as text, which needs years of four digits
MAX_SQLITE_INTEGER = 2**63 - 1  # also the largest LIMIT
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]

# Characters that control a terminal or reverse text: C0, C1, bidirectional marks and the like. The tab and the joiners
# (U+200C, U+200D) of Persian, Hindi and emoji are text.
_HIDDEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


class Chosen:
    """The global options, given before the command."""

    home: Path = Path("data")
    home_named: bool = False  # by --home or THINKER_HOME
    debug: bool = False
    quiet: bool = False
    log_json: bool = False  # an option of commands, as `thinker crawl --log-json`


def echo_json(value: Any) -> None:
    """Print a value as JSON; Chinese is not escaped, lone surrogates and control characters are."""
    echo_json_text(json.dumps(value, ensure_ascii=False, indent=2))


def echo_json_text(text: str) -> None:
    """Print text that is JSON already; control characters but line breaks are escaped."""
    _write(_HIDDEN.sub(lambda found: found[0] if found[0] == "\n" else json.dumps(found[0])[1:-1], text))


def visible(text: str) -> str:
    """The text with characters that control a terminal, line breaks too but not tabs, written as escapes."""
    return _HIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def say(text: str) -> None:
    """Print text on stdout; line breaks stay, other characters that control a terminal are escaped."""
    _write("\n".join(visible(line) for line in text.split("\n")))


def say_visible(text: str) -> None:
    """Print text on stdout as it is: its parts went through `visible`, and it may have our own colours."""
    _write(text)


def warn(text: str) -> None:
    """Print a line on stderr; with --log-json, a line of JSON."""
    if Chosen.log_json:
        from archive.files import stamp  # here, so that --help does not load the archive

        line = {
            "at": stamp(datetime.now(UTC)), "level": "info", "logger": __name__, "event": "remark", "message": text
        }  # fmt: skip
        text = json.dumps(line, ensure_ascii=False)
    typer.echo("\n".join(visible(line) for line in text.split("\n")), err=True)


def remark(text: str) -> None:
    """Print a hint on stderr as `warn` does, but nothing if --quiet is set."""
    if not Chosen.quiet:
        warn(text)


def ourselves(home: Path, *arguments: str) -> list[str]:
    """The command line of another `thinker` process on a home, with --quiet if this one has it.

    -P keeps Python from importing modules of the working folder, which may have any files.
    """
    quiet = ["--quiet"] if Chosen.quiet else []
    return [sys.executable, "-P", "-m", "thinker", "--home", str(home), *quiet, *arguments]


def _write(text: str) -> None:
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")


def moment_of(text: str | None, hint: str = "--since") -> datetime | None:
    """The moment in --since, or in the option `hint`, read as UTC if it has no time zone; None for None.

    Raises typer.BadParameter for a text that is no date, "" too, or one before the year 1000.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        compared = moment.astimezone(UTC).year >= FIRST_YEAR
    except (ValueError, OverflowError):
        compared = False
    if not compared:
        raise typer.BadParameter(f"{text!r} is not a date such as 2026-11-01", param_hint=hint)
    return moment


def run(command: Callable[[], int]) -> int:
    """Run the program and return its exit code; an exception becomes one line on stderr.

    With --debug the exception is raised instead. After Ctrl-C, with or without --debug, an exception is raised as
    KeyboardInterrupt. Output that nobody reads, as of `| head`, is no error: the code is then OK.
    """
    _open_standard_streams()
    try:
        code = command()
        sys.stdout.flush()  # an error of the last output is judged here, and not at Python's own end
    except Exception as error:
        if interrupted():
            raise KeyboardInterrupt from error
        if isinstance(error, BrokenPipeError) and unread():
            return OK
        if Chosen.debug:
            raise
        code, line = _judged(error)
        warn(f"thinker: {visible(line)}")
    return code


def _open_standard_streams() -> None:
    """Open closed standard streams (`2>&-`) on /dev/null, else the next opened file would receive our output.

    Also make stdout escape characters that its encoding lacks.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            number = os.open(os.devnull, os.O_RDWR)  # open takes the lowest free number: that of the stream
            os.set_inheritable(number, True)
            setattr(sys, name, os.fdopen(number, mode))
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr has: a GBK terminal lacks some characters


def _judged(error: Exception) -> tuple[int, str]:
    from crawler.runs import is_full

    if is_full(error):
        place = getattr(error, "filename", None) or Chosen.home
        return DISK_FULL, f"the disk is full ({place}): free some space and run the command again"
    if isinstance(error, OSError) and error.errno == errno.EROFS:
        return FAILED, f"{error.filename or Chosen.home} {READ_ONLY}"
    if isinstance(error, sqlite3.DatabaseError) and (line := told_of(error, Chosen.home)):
        return LOCKED if is_busy(error) else FAILED, line
    if isinstance(error, UnicodeEncodeError) and error.object in sys.argv:
        return USAGE, f"{error.object!r} is not valid UTF-8"
    for kind in type(error).__mro__:
        if (code := EXIT_CODE_OF_ERROR.get(f"{kind.__module__}.{kind.__qualname__}")) is not None:
            return code, _told(error)
    detail = " ".join(str(error).split()) or "no detail"
    return FAILED, f"{type(error).__name__}: {detail} (run with --debug to see where)"


def _told(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename and error.strerror:
        told = f"{error.filename}: {error.strerror}"  # the file before the cause, without the error number
        return f"{told}: run the command as the user who owns it" if isinstance(error, PermissionError) else told
    return " ".join(str(error).split())


def from_environment() -> Path:
    """The home if there is no --home: THINKER_HOME, or ./data if that is not set or empty."""
    return Path(os.environ.get("THINKER_HOME") or "data")
