"""The command demo: crawls a made-up site with 24 months of articles while it changes, and serves the archive."""

from __future__ import annotations

import shlex
import shutil
import sys
from contextlib import closing, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.program import common
from cli.program.common import AsJson, echo_json, remark, say, say_visible
from cli.program.exit_codes import stopped_by
from cli.reading import event_row
from cli.serving import listening
from cli.terminal.diff_marks import has_colour, marked
from cli.terminal.table import say_table

LOOPBACK = "127.0.0.1"
DISAPPEARED = "/archive/removed"  # a ready query, shown with its SQL
MIN_ARTICLES = 60  # newsroom.site.demo needs so many for its events


def demo(
    once: Annotated[bool, typer.Option("--once", help="Make the demo and exit without serving it.")] = False,
    articles: Annotated[
        int, typer.Option(min=MIN_ARTICLES, max=1_000_000, help="Number of articles on the site.")
    ] = MIN_ARTICLES,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to serve on; 0 picks a free port.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Crawl a made-up site on this machine while it edits and deletes articles, then serve the archive.

    Without --home or THINKER_HOME, the demo is stored in ./data/demo, apart from your own archive. If it exists, the
    command only serves it; delete the folder to start again.

    Example: thinker demo --once
    """
    from archive.files import Home
    from archive.publish.serving import serve

    if as_json and not once:
        raise typer.BadParameter(
            "only works with --once: otherwise the output is the address of the site", param_hint="--json"
        )
    home = common.Chosen.home if common.Chosen.home_named else common.Chosen.home / "demo"
    with nullcontext() if once else listening(LOOPBACK, port) as at:
        _echo_what_happened(home, _made(home, articles), as_json)
        if not as_json:
            _remark_what_to_try(home, once)
        if at is not None:
            stopped_by(serve(Home(home), LOOPBACK, at, pages=(DISAPPEARED,)))


def _made(home: Path, articles: int) -> list[Any]:
    """Make the demo unless it exists; returns the summaries of its crawls (see `_make`), [] if it exists.

    Raises typer.BadParameter if a file is in the way, or if the home has another archive.
    """
    from archive.files import NO_FOLDER, Home, locked
    from cli.staging import is_made

    if any(place.is_file() for place in (home, *home.parents)):
        raise typer.BadParameter(f"{home} {NO_FOLDER}", param_hint="--home")
    if is_made(home):
        remark(f"{home} already has the demo: delete the folder to make it again")
        return []
    with locked(Home(home), "demo"):
        return _make(home, articles)


def _make(home: Path, articles: int) -> list[Any]:
    """Import, crawl on schedule, then change the sites and crawl after each change; returns these crawls' summaries.

    The crawls on schedule are not among them.
    """
    from cli.staging import BUREAU, BUSY, SITE, USUAL, Stage, clear
    from newsroom.process import running
    from newsroom.site.demo import FIRST_ACT, MONTHS, SECOND_ACT
    from newsroom.site.room import DEFAULT_CLOCK

    clear(home)
    now = datetime.now(UTC)
    clock = now.isoformat() if now.timestamp() < DEFAULT_CLOCK else None  # keeps dates from being in the future
    with running(articles=articles, demo=True, clock=clock, also=["localhost"]) as site:
        stage = Stage(home, site)
        stage.declare(BUSY)
        remark(f"1/5 started two made-up sites at {site.address}: {articles} articles of {MONTHS} months")
        found = stage.import_earlier()
        remark(f"2/5 imported {found['captures']} pages saved during these months")
        stage.crawl_on_schedule()
        remark("3/5 crawled both sites on schedule; then each missed one scheduled crawl")
        stage.happen(FIRST_ACT)
        remark("4/5 one article edited, four removed, a reprint moved; crawled again, twice")
        for source in (SITE, SITE, BUREAU):  # a removal is believed when a second probe finds it gone too
            stage.crawl(source)
        stage.happen(SECOND_ACT)
        remark("5/5 one article restored, another missing once, which is not confirmed; crawled again")
        stage.crawl(SITE)
        stage.declare(USUAL)
    return stage.crawls


def _echo_what_happened(home: Path, crawls: list[Any], as_json: bool) -> None:
    from archive import answers, read_archive
    from newsroom.site.demo import EDITED

    with closing(read_archive(home)) as archive:
        events = [event for event in answers.changes(archive.conn) if event["kind"] != "new"]
        found = answers.diff(archive.conn, f"newsroom-{EDITED}")
    if as_json:
        echo_json({"home": str(home), "crawls": crawls, "events": events, "diff": found})
        return
    say_table(("at", "kind", "key", "headline"), map(event_row, events))
    for changed in found["properties"]:
        say(f"newsroom-{EDITED} {changed['property']}:")
        say_visible(marked(changed["segments"], has_colour()))


def _remark_what_to_try(home: Path, once: bool) -> None:
    """Print commands to try on stderr; with `once` also the one that serves the archive."""
    from newsroom.site.demo import EDITED, NEW, OLD

    thinker = shlex.join([*_program(), "--home", str(home)])
    remark("try next:" if once else "try next, in another terminal in this folder or in a browser:")
    remark(f"  {thinker} search {shlex.quote(NEW)}")
    remark(f"  {thinker} phrase {shlex.quote(OLD)} {shlex.quote(NEW)}")
    remark(f"  {thinker} history newsroom-{EDITED}")
    if once:
        remark(f"  {thinker} serve --port 0")


def _program() -> list[str]:
    """The unquoted words of a command that starts this program in the same folder.

    [python, "-m", "thinker"] if a .py file was started, ["thinker"] if that is found on PATH, else [sys.argv[0]].
    """
    called = sys.argv[0]
    if called.endswith(".py"):
        return [sys.executable, "-m", "thinker"]
    found = shutil.which("thinker")
    return ["thinker"] if found and Path(found).samefile(called) else [called]
