"""Commands that publish the archive: serve, and run, which crawls on schedule beside it."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from cli import common, opening
from cli.beside import beside
from cli.common import tell
from cli.ending import stopped_by
from cli.opening import reading, writing

if TYPE_CHECKING:
    from archive.publish.public import PublicUrl

Host = Annotated[str, typer.Option(help="The address to listen on.")]
PublicAddress = Annotated[
    str | None,
    typer.Option(
        "--public-url", help="How the world reaches the site through a proxy: https://archive.example/prefix."
    ),
]
Sql = Annotated[
    bool | None,
    typer.Option("--sql/--no-sql", help="Let readers write SQL; by default only when all of them are on this machine."),
]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 picks a free one.")]


def serve(host: Host = "127.0.0.1", port: Port = 8001, public_url: PublicAddress = None, sql: Sql = None) -> None:
    """Publish the archive as a Datasette site until stopped; the first line on stdout is its address.

    Example: thinker serve --port 0
    """
    from archive.publish.server import serve as serve_archive

    public = _public(public_url)
    with reading() as opened:
        home = opened.home
    _require_free(host, port)
    stopped_by(serve_archive(home, host, port, public, sql))


def run(host: Host = "127.0.0.1", port: Port = 8001, public_url: PublicAddress = None, sql: Sql = None) -> None:
    """Crawl on schedule and serve, until stopped.

    Exits 2 when no source has a schedule, with the line that adds one, 5 when another process crawls on schedule here.
    When the schedule ends, so does the site.

    Example: thinker run --port 0
    """
    from archive.home import Home
    from archive.publish.server import serve as serve_archive
    from archive.publish.server import stopped_quietly
    from cli.scheduled import scheduled

    public = _public(public_url)
    scheduled(opening.settings())
    _require_free(host, port)
    with writing(create=True):
        pass
    command = common.ourselves(common.Chosen.home, "schedule", "run")
    number, ended = None, list[int]()
    with stopped_quietly() as early, beside(command, ended):
        number = serve_archive(Home(common.Chosen.home), host, port, public, sql)
    if ended:
        tell(f"thinker: the schedule ended with exit code {ended[0]}, so the site does")
        raise typer.Exit(ended[0] if ended[0] >= 0 else common.FAILED)
    stopped_by(next(iter(early), number))


def _require_free(host: str, port: int) -> None:
    """See that the address can be listened on, before anything is begun. Raises typer.BadParameter and typer.Exit."""
    from archive.publish.server import listen

    try:
        listen(host, port).close()
    except socket.gaierror as error:
        raise typer.BadParameter(f"{host!r}: {error.strerror}", param_hint="--host") from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise typer.BadParameter(f"{host!r} is no address of this machine", param_hint="--host") from error
        tell(f"thinker: {host}:{port}: {error.strerror}: choose another --port; 0 takes any that is free")
        raise typer.Exit(common.FAILED) from error


def _public(url: str | None) -> PublicUrl | None:
    from archive.publish.public import BadPublicUrl, PublicUrl

    try:
        return PublicUrl.parse(url) if url else None
    except BadPublicUrl as error:
        raise typer.BadParameter(str(error), param_hint="--public-url") from None
