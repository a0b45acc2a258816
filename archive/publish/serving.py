"""`thinker serve`: Datasette with our pages over the live archive, read-only."""

import asyncio
import gc
import signal
import socket
import sqlite3
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

from archive.files import Home, unhurried_stderr
from archive.publish import plugin
from archive.publish.database.live_database import LiveDatabase
from archive.publish.database.reading import DATABASE
from archive.publish.server.guard import PLUGIN, is_loopback
from archive.publish.server.public_url import BadPublicUrl, PublicUrl
from archive.publish.server.raw_targets import RawTargets
from archive.sandbox import FULL, Rights, rights_in
from archive.settings import load_settings

__all__ = [
    "BadPublicUrl",
    "PublicUrl",
    "listen",
    "serve",
    "stopped_quietly",
]

SIGNALS = (signal.SIGTERM, signal.SIGINT)
SETTINGS = {
    "suggest_facets": False,
    "default_facet_size": 20,
    "facet_time_limit_ms": 500,
    "sql_time_limit_ms": 1_000,
    "max_returned_rows": 1_000,
    "truncate_cells_html": 200,
    "allow_download": False,
}


def serve(
    home: Home | Path,
    host: str = "127.0.0.1",
    port: int | socket.socket = 8001,
    public: PublicUrl | None = None,
    sql: bool | None = None,
    pages: Iterable[str] = (),
) -> int | None:
    """Serve the site until SIGTERM or SIGINT, and return that signal's number; None if it ended without a signal.

    Prints the site's address as the first line on standard output, then the address of each path in `pages`.

    `port` is a number (0 takes a free one) or a listening socket. `sql` lets readers write SQL; None allows it if only
    this machine can reach the server: without `public`, on a loopback address (see `is_loopback`); then texts are
    whole too, unless the settings say otherwise (`rights_in`). Raises SettingsError if thinker.toml is wrong,
    FileNotFoundError without an archive, OSError if it cannot listen there, as when the port is taken.
    """
    warnings.filterwarnings("ignore", DROPPED, RuntimeWarning)
    sqlite3.enable_callback_tracebacks(False)  # Datasette switches them on; errors are logged in one line anyway
    place = home if isinstance(home, Home) else Home(home)
    rights = rights_in(load_settings(place.path), local=public is None and is_loopback(host))
    application = site(place, [host], public, sql, rights)
    gc.freeze()  # exempt loaded modules from collection, which searches with many hits trigger often
    listens = port if isinstance(port, socket.socket) else listen(host, port)
    with stopped_quietly() as heard, unhurried_stderr(), listens as listening:
        for path in ("", *pages):
            print(address(listening, host) + path, flush=True)  # noqa: T201 - docs/commands.md promises it
        asyncio.run(_run(application, listening, _held()))
    return heard[0] if heard else None


# Datasette leaves coroutines unawaited if a parameter is invalid; the error is in the log already.
DROPPED = r"coroutine '(\w*Facet|TableView)\."


class _StopAsked(BaseException):
    """SIGTERM or SIGINT arrived."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def stopped_quietly() -> Iterator[list[int]]:
    """End the block quietly at SIGTERM or SIGINT; needed because uvicorn raises the signal again when it has stopped.

    Yields a list that holds the signal's number after the block, and stays empty if no signal came. Outside the main
    thread signals are left alone.
    """
    heard: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield heard
        return
    before = {number: signal.signal(number, _stop) for number in SIGNALS}
    try:
        yield heard
    except _StopAsked as asked:
        heard.append(asked.number)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise _StopAsked(number)


def _held() -> list[int]:
    """Note SIGTERM and SIGINT in the returned list instead of stopping: a half-built event loop cannot be stopped.

    A signal mask would not help: another thread would take the signal, and Python's handler runs in the main thread.
    Outside the main thread nothing changes, and the list stays empty.
    """
    noted: list[int] = []
    if threading.current_thread() is threading.main_thread():
        for number in SIGNALS:
            signal.signal(number, lambda number, _frame: noted.append(number))
    return noted


def _let_go(noted: list[int]) -> None:
    """Let SIGTERM and SIGINT raise _StopAsked again, and raise it now if `noted` holds a signal."""
    if threading.current_thread() is threading.main_thread():
        for number in SIGNALS:
            signal.signal(number, _stop)
    if noted:
        raise _StopAsked(noted[0])


def site(
    home: Home, hosts: list[str], public: PublicUrl | None = None, sql: bool | None = None, rights: Rights = FULL
) -> Datasette:
    """The Datasette application for an archive; it answers for `hosts`, the local host names and the public one.

    `sql` is as in `serve`. Of texts it shows what `rights` allow. Raises FileNotFoundError without an archive.
    """
    if not home.database.exists():
        raise FileNotFoundError(f"no archive at {home.path}: run `thinker init` or `thinker demo` first")
    if not any(each is plugin for each in pm.get_plugins()):
        pm.register(plugin)  # a checkout that is not installed has no entry point
    among_us = public is None and all(map(is_loopback, hosts))
    settings = {
        **SETTINGS,
        "default_allow_sql": among_us if sql is None else sql,
        "allow_csv_stream": among_us,
        "base_url": f"{public.prefix}/" if public else "/",
    }
    metadata = {"plugins": {PLUGIN: {"hosts": hosts, "public_url": str(public or "")}}}
    # Datasette asks for routes while it is built, so it needs a database then; ours replaces it.
    datasette = Datasette([str(home.database)], metadata=metadata, settings=settings)
    datasette.remove_database(home.database.stem)
    datasette.add_database(LiveDatabase(datasette, home.database, rights), name=home.database.stem)
    return datasette


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket, made before the address is printed, so that the printed address answers.

    Port 0 takes a free port. Raises OSError if the port is taken or `host` is no address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only if the protocol is named; without it, replies on kept connections take 40 ms more.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    listening.listen(128)
    return listening


def address(listening: socket.socket, host: str) -> str:
    """The URL of `host` with the port of a listening socket, like `http://127.0.0.1:8001`, without a final slash.

    An IPv6 address stands in brackets: `http://[::1]:8001`.
    """
    return f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"


async def _run(application: Datasette, listening: socket.socket, noted: list[int]) -> None:
    _let_go(noted)
    database = application.get_database(DATABASE)
    if application.setting("default_allow_sql"):
        database.sandbox.start()
    config = uvicorn.Config(
        application.app(),
        http=RawTargets,
        log_level="warning",
        lifespan="on",
        server_header=False,
        proxy_headers=False,  # --public-url says what proxies may set
        timeout_graceful_shutdown=3,
    )
    try:
        await uvicorn.Server(config).serve(sockets=[listening])
    finally:
        database.close()
