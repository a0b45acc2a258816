"""Exit codes, the errors that lead to each, and early ends: Ctrl-C, or a closed pipe.

It is imported first, so that Ctrl-C is handled while the rest is imported, which takes a second. So it must be fast
itself: `_signal` is the C module that `signal` wraps in enumerations.
"""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found]
import atexit
import os
import select

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

OK, FAILED, USAGE, UNMET, REFUSED, LOCKED, DISK_FULL, STOPPED = range(8)
INTERRUPTED = 130  # typer's exit code for Ctrl-C
LINE = "thinker: stopped\n"
PROGRAMS = ("thinker", "thinker.py")
IMPORTING = "<frozen importlib"  # the file name of Python's import system, in any version

# By name, so that modules are not imported only for their errors.
EXIT_CODE_OF_ERROR = {
    "archive.files.lock.Locked": LOCKED,
    "archive.judging.runs.slots.SlotCrawled": OK,
    "crawler.sources.known_sources.UnknownSource": USAGE,
    "crawler.sources.known_sources.UnknownSeed": USAGE,
    "crawler.sources.declaring.declaration.NoSeeds": USAGE,
    "crawler.sources.declaring.declaration.NoContact": USAGE,
    "archive.answers.articles.Unknown": USAGE,
    "archive.answers.articles.Withdrawn": FAILED,
    "archive.judging.acting.corrections.UnfitError": USAGE,
    "archive.settings.settings.SettingsError": USAGE,
    "archive.watches.definition.WatchError": USAGE,
    "archive.publish.exporting.formats.MissingExtraError": FAILED,
    "builtins.FileNotFoundError": USAGE,
    "builtins.NotADirectoryError": USAGE,
    "builtins.IsADirectoryError": USAGE,
    "builtins.PermissionError": FAILED,
    "archive.files.warc.WarcError": FAILED,
    "archive.judging.reading.parser_process.ParserUnavailable": FAILED,
    "archive.files.ledger.LedgerError": FAILED,
    "archive.rows.behind.Behind": FAILED,
    "archive.replaying.damage.Damaged": FAILED,
    "archive.files.versions.OtherVersion": FAILED,
    "cli.reparsing.remote_readers.ClusterError": FAILED,
    "crawler.runs.storage.StorageError": FAILED,
    "crawler.process.reactor.NeverBegan": STOPPED,
    "crawler.segments.spool.SpoolBusy": LOCKED,
    "crawler.segments.spool.SpoolOfAnother": USAGE,
    "crawler.segments.depot.DepotError": FAILED,
    "crawler.frontier.redis.server.ServerError": FAILED,
}


class _Heard:
    """Remembers in `ctrl_c` that Ctrl-C, or a SIGTERM that acts like it, came while a command ran.

    An error that comes later counts as its effect, such as SQLite's after an interrupted function of ours.
    """

    ctrl_c = False


def listen(program: str) -> None:
    """Make Ctrl-C end the program with one line and exit code 7, without a traceback, also during imports.

    `program` is sys.argv[0]; other programs that import this module keep their own handler.
    """
    if program.rpartition(os.sep)[2] in PROGRAMS:
        _handle(_end_at_once)
        atexit.register(_handle, signal.SIG_IGN)  # a late Ctrl-C must not end Python's own shutdown


def interrupted() -> bool:
    """True if Ctrl-C, or a SIGTERM that acts like it (`hear_sigterm`), came since the last call of `ended` began."""
    return _Heard.ctrl_c


def ended(command: Callable[[], int]) -> int:
    """Run a command; returns its exit code, or 7 if Ctrl-C ended it (KeyboardInterrupt, or typer's code 130)."""
    before, _Heard.ctrl_c = _handle(_interrupt), False
    try:
        code = command()
    except KeyboardInterrupt:
        code = INTERRUPTED
    finally:
        _handle(before)
    if code != INTERRUPTED:
        return code
    _warn_stopped()
    return STOPPED


def hear_sigterm() -> None:
    """Make SIGTERM end this command like Ctrl-C, unless it has a handler.

    Only for work that may be interrupted at any point.
    """
    if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _interrupt)


def stopped_by(number: int | None) -> None:
    """Raise KeyboardInterrupt if `number`, the signal that ended a server, is that of Ctrl-C.

    SIGTERM is a regular end, with exit code 0; None: no signal.
    """
    if number is not None and number == signal.SIGINT:
        raise KeyboardInterrupt


def unread() -> bool:
    """True if the reader of our stdout or stderr has closed the pipe, as `head` does.

    Further output to a closed one goes to /dev/null.
    """
    outputs = select.poll()
    for number in (1, 2):
        outputs.register(number, 0)  # poll reports POLLERR of a closed pipe unasked
    broken = [number for number, _ in outputs.poll(0)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in broken:
        os.dup2(nowhere, number)
    os.close(nowhere)
    return bool(broken)


def _handle(handler: Callable[[int, FrameType | None], object]) -> Callable[[int, FrameType | None], object]:
    """Set the handler of Ctrl-C, unless Ctrl-C is ignored or this is not the main thread; always return the former."""
    before: Callable[[int, FrameType | None], object] = signal.getsignal(signal.SIGINT)
    if before != signal.SIG_IGN:
        try:
            signal.signal(signal.SIGINT, handler)
        except ValueError:  # not the main thread
            return before
    return before


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, or exit at once during an import: Python's import would swallow the exception."""
    _Heard.ctrl_c = True
    while frame is not None:
        if frame.f_code.co_filename.startswith(IMPORTING):
            _end_at_once(number, frame)
        frame = frame.f_back
    raise KeyboardInterrupt


def _end_at_once(_number: int, _frame: FrameType | None) -> None:
    _warn_stopped()
    os._exit(STOPPED)


def _warn_stopped() -> None:
    try:
        os.write(2, LINE.encode())
    except OSError:  # stderr is closed
        return
