"""Exit codes, the errors that each stands for, and how the program ends early: Ctrl-C, or a reader who has seen enough.

It is imported before everything else, which takes a second, and imports nothing that takes time itself: `_signal` is
what `signal` wraps in enumerations.
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
INTERRUPTED = 130  # what typer makes of Ctrl-C
LINE = "thinker: stopped\n"
PROGRAMS = ("thinker", "thinker.py")
IMPORTING = "<frozen importlib"  # the files of Python's own import, in any version

# By name, so that nobody waits for modules that raised nothing.
EXIT_CODE_OF_ERROR = {
    "archive.files.lock.Locked": LOCKED,
    "archive.judging.runs.slots.SlotCrawled": OK,
    "crawler.sources.known_sources.UnknownSource": USAGE,
    "crawler.sources.known_sources.UnknownSeed": USAGE,
    "crawler.sources.declaring.declaration.NoSeeds": USAGE,
    "crawler.sources.declaring.declaration.NoContact": USAGE,
    "archive.answers.articles.Unknown": USAGE,
    "archive.settings.settings.SettingsError": USAGE,
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
    "crawler.runs.storage.StorageError": FAILED,
    "crawler.process.reactor.NeverBegan": STOPPED,
}


class _Heard:
    """Whether Ctrl-C came: what fails after it failed of it, such as SQLite in one of our functions."""

    ctrl_c = False


def listen(program: str) -> None:
    """From now on Ctrl-C ends the program with one line and 7, without a traceback, whatever is being imported.

    program: sys.argv[0]; whoever imports us and is not the program keeps their own Ctrl-C.
    """
    if program.rpartition(os.sep)[2] in PROGRAMS:
        _handle(_end_at_once)
        atexit.register(_handle, signal.SIG_IGN)  # Python's own end would die of it, when all is done and said


def interrupted() -> bool:
    """Whether Ctrl-C came while a command ran."""
    return _Heard.ctrl_c


def ended(command: Callable[[], int]) -> int:
    """Run a command to its end; its exit code, 7 after Ctrl-C."""
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
    """From now on SIGTERM ends this command as Ctrl-C does; for work that may be cut short anywhere."""
    if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _interrupt)


def stopped_by(number: int | None) -> None:
    """Raise KeyboardInterrupt where a server was ended by Ctrl-C; SIGTERM is how a machine ends one in order."""
    if number is not None and number == signal.SIGINT:
        raise KeyboardInterrupt


def unread() -> bool:
    """Whether whoever reads our output has gone, as `head` does; what is still to be written then goes nowhere."""
    outputs = select.poll()
    for number in (1, 2):
        outputs.register(number, 0)  # of an end that nobody reads the kernel tells unasked
    broken = [number for number, _ in outputs.poll(0)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in broken:
        os.dup2(nowhere, number)
    os.close(nowhere)
    return bool(broken)


def _handle(handler: Callable[[int, FrameType | None], object]) -> Callable[[int, FrameType | None], object]:
    """Hear Ctrl-C; the handler before. Where whoever started us ignores it, as `nohup` does, it stays ignored."""
    before: Callable[[int, FrameType | None], object] = signal.getsignal(signal.SIGINT)
    if before != signal.SIG_IGN:
        try:
            signal.signal(signal.SIGINT, handler)
        except ValueError:  # only the main thread hears signals
            return before
    return before


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Unwind what runs; an import would swallow that, and nothing that is being imported needs unwinding."""
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
    except OSError:  # nobody listens
        return
