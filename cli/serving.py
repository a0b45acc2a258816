"""Commands that publish the archive: serve, and run, which also crawls on schedule."""

from __future__ import annotations

import errno
import socket
import time
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import common, exit_codes, opening
from cli.program.background import beside
from cli.program.common import warn
from cli.program.exit_codes import stopped_by
from cli.program.opening import reading, writing

if TYPE_CHECKING:
    from archive.files import Home
    from archive.publish.serving import PublicUrl

Host = Annotated[str, typer.Option(help="Address to listen on.")]
PublicAddress = Annotated[
    str | None,
    typer.Option(
        "--public-url", help="Public address of the site behind a proxy, such as https://archive.example/prefix."
    ),
]
Sql = Annotated[
    bool | None,
    typer.Option(
        "--sql/--no-sql", help="Allow readers to run SQL; default: only when the site is local to this machine."
    ),
]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free port.")]


def serve(host: Host = "127.0.0.1", port: Port = 8001, public_url: PublicAddress = None, sql: Sql = None) -> None:
    """Serve the archive as a Datasette site until stopped. The first line on stdout is its address.

    Example: thinker serve --port 0
    """
    from archive.publish.serving import serve as serve_archive

    public = _public(public_url)
    opening.settings()  # /about shows the contact, and the site would ignore a broken thinker.toml: report it here
    with reading() as opened:
        home = opened.home
    with listening(host, port) as at:
        number = serve_archive(home, host, at, public, sql)
    stopped_by(number)


def run(host: Host = "127.0.0.1", port: Port = 8001, public_url: PublicAddress = None, sql: Sql = None) -> None:
    """Crawl on schedule, serve the archive, and send the messages of watches, until stopped.

    Exits 2 when no source has a schedule, and prints the line to add; 5 when another scheduler is running. When the
    scheduler or the sender of messages ends, the site stops too.

    Example: thinker run --port 0
    """
    from archive.files import SCHEDULER, Home, require_unlocked
    from archive.publish.serving import serve as serve_archive
    from archive.publish.serving import stopped_quietly
    from cli.schedule.scheduled import scheduled

    public, home = _public(public_url), Home(common.Chosen.home)
    scheduled(opening.settings())
    require_unlocked(home, SCHEDULER)
    command = common.ourselves(home.path, "schedule", "run", "--end-with-stdin")
    number, ended, unsent, began = None, list[int](), list[int](), False
    with listening(host, port) as at:
        with writing(create=True):
            pass
        sender = common.ourselves(home.path, "watch", "run", "--end-with-stdin", "--public-url", _site(public, at))
        with stopped_quietly() as early, beside(command, ended) as schedule, beside(sender, unsent):
            _await(home, schedule)
            began = True
            number = serve_archive(home, host, at, public, sql)
    if ended:
        if began or ended[0] < 0:  # else the scheduler has printed the reason
            warn(f"thinker: the scheduler ended with exit code {ended[0]}, so the site stops")
        raise typer.Exit(ended[0] if ended[0] >= 0 else exit_codes.FAILED)
    if unsent:
        warn(f"thinker: the sender of messages ended with exit code {unsent[0]}, so the site stops")
        raise typer.Exit(exit_codes.FAILED)
    stopped_by(next(iter(early), number))


def _site(public: PublicUrl | None, at: socket.socket) -> str:
    """The address of the site for links in messages: the public one, else the one on which it listens."""
    if public is not None:
        return str(public)
    host, port = at.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not listened on
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _await(home: Home, schedule: int) -> None:
    """Wait until the process with the id `schedule` holds the scheduler's lock.

    If that process fails, `beside` ends this wait by SIGTERM.
    """
    from archive.files import SCHEDULER, is_locked_by

    while not is_locked_by(home, SCHEDULER, schedule):
        time.sleep(0.05)


def listening(host: str, port: int) -> socket.socket:
    """A listening socket, made before other work starts.

    Raises typer.BadParameter for a host that is not this machine's, and typer.Exit, with the reason on stderr, if the
    port is taken or may not be used.
    """
    from archive.publish.serving import listen

    try:
        return listen(host, port)
    except socket.gaierror as error:
        raise typer.BadParameter(f"{host!r}: {error.strerror}", param_hint="--host") from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise typer.BadParameter(f"{host!r} is not an address of this machine", param_hint="--host") from error
        warn(f"thinker: {host}:{port}: {error.strerror}: choose another --port, or 0 for any free port")
        raise typer.Exit(exit_codes.FAILED) from error


def _public(url: str | None) -> PublicUrl | None:
    from archive.publish.serving import BadPublicUrl, PublicUrl

    try:
        return PublicUrl.parse(url) if url else None
    except BadPublicUrl as error:
        raise typer.BadParameter(str(error), param_hint="--public-url") from None
