"""`python -m newsroom`: serves the site until SIGTERM or SIGINT."""

import argparse
import asyncio
import gc
import signal
import sys
from pathlib import Path
from typing import NoReturn

from newsroom.events.arguments import EventError
from newsroom.events.script import Play, ScriptError, ScriptEvent, read_script
from newsroom.server.connection import ClientConnection, Service
from newsroom.server.listening import FIRST_HOST, listening_sockets, loopback_address
from newsroom.site import demo
from newsroom.site.room import DEFAULT_CLOCK, Newsroom
from newsroom.stories.dates import parse_clock

ARTICLES, MAX_ARTICLES = 200, 100_000_000


class _Parser(argparse.ArgumentParser):
    """An argparse parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"newsroom: {message}; see --help\n")


def main(arguments: list[str] | None = None) -> int:
    """Run the site; return 0 after SIGTERM or SIGINT, 1 if it cannot listen.

    Wrong arguments, and a script that cannot be read or applied, raise SystemExit(2).
    """
    parser = _parser()
    given = parser.parse_args(arguments)
    articles = given.articles if given.articles is not None else demo.ARTICLES if given.demo else ARTICLES
    if given.demo and articles < demo.ARTICLES:
        parser.error(f"--demo needs --articles {demo.ARTICLES} or more")
    try:
        room = (demo.opened if given.demo else Newsroom)(articles, given.seed, given.clock)
        lines = read_script(given.script) if given.script else []
        return asyncio.run(_serve(room, lines, [FIRST_HOST, *given.also], given.port))
    except (ScriptError, EventError) as error:
        parser.error(str(error))
    except OSError as error:
        sys.stderr.write(f"newsroom: cannot listen on {error.filename}: {error.strerror}; try --port 0\n")
        return 1


def _parser() -> _Parser:
    parser = _Parser(
        prog="python -m newsroom",
        description="A small, scripted news site on loopback. Example: python -m newsroom --port 0",
        allow_abbrev=False,
    )
    parser.add_argument("--port", type=_port, default=8765, help="0 picks a free one (default %(default)s)")
    parser.add_argument(
        "--also",
        type=_loopback_host,
        action="append",
        default=[],
        metavar="HOST",
        help="another host of the same site on the same port, 127.0.0.2 or localhost; may be repeated",
    )
    parser.add_argument("--articles", type=_articles, help=f"how many (default {ARTICLES}; --demo {demo.ARTICLES})")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other texts (default %(default)s)")
    parser.add_argument(
        "--clock",
        type=_clock,
        default=DEFAULT_CLOCK,
        help="the site's time, ISO 8601 (default 2026-11-25T09:00:00+08:00)",
    )
    parser.add_argument("--script", type=Path, help="a file of events, JSON Lines; kinds: GET /-/events")
    parser.add_argument("--demo", action="store_true", help="begin with the story of `thinker demo`")
    return parser


def _port(text: str) -> int:
    return _between(text, 0, 65_535, "a port")


def _loopback_host(text: str) -> str:
    if loopback_address(text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a host of this machine such as 127.0.0.2 or localhost")
    return text


def _articles(text: str) -> int:
    return _between(text, 0, MAX_ARTICLES, "a number of articles")


def _between(text: str, low: int, high: int, what: str) -> int:
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise argparse.ArgumentTypeError(f"{text!r} is not {what} from {low} to {high}")
    return int(text)


def _clock(text: str) -> int:
    try:
        return parse_clock(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not an ISO 8601 time such as 2026-11-25T09:00+08:00") from error


async def _serve(room: Newsroom, lines: list[ScriptEvent], hosts: list[str], port: int) -> int:
    loop = asyncio.get_running_loop()
    play = Play(lines, room.apply)
    service = Service(room, after_answer=play.served if lines else None)
    sockets = listening_sockets(hosts, port)
    servers = [
        await loop.create_server(lambda: ClientConnection(service), sock=bound, backlog=1024) for bound in sockets
    ]
    port = sockets[0].getsockname()[1]
    room.address, *others = (f"http://{host}:{port}" for host in dict.fromkeys(hosts))
    room.others = tuple(others)
    play.at_once()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    sys.stdout.write(f"{room.address}\n")
    sys.stdout.flush()
    play.start(loop)
    # Pages make no reference cycles: collecting less often cuts the collector's time to a tenth.
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    await stopped.wait()
    # A parent that heard the same Ctrl-C sends a second signal. While asyncio closes its loop, that prints a traceback.
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))
    for server in servers:
        if sys.version_info >= (3, 13):  # 3.13 warns of a connection that outlives its server
            server.abort_clients()
    await asyncio.sleep(0)  # a connection leaves its server in the next turn
    for server in servers:
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
