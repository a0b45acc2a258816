"""The demo: our own newsroom is crawled, edited, crawled again and served, without any network."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import common
from cli.common import AsJson, echo_json, remark, say
from cli.ending import stopped_by
from cli.marking import marked
from cli.reading import event_row
from cli.relay import Relay
from cli.serving import listening
from cli.table import say_table

if TYPE_CHECKING:
    from newsroom.process import Site

EDITED, REMOVED = 12, 7
LOOPBACK = "127.0.0.1"
DISAPPEARED = "/archive/removed"  # a question with its SQL


def demo(
    once: Annotated[bool, typer.Option("--once", help="Stop before serving.")] = False,
    articles: Annotated[int, typer.Option(min=20, max=1_000_000, help="How many articles the newsroom has.")] = 60,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to serve; 0 picks a free port.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Show the whole journey: crawl a newsroom on this machine, edit and delete there, crawl, and serve.

    Without --home or THINKER_HOME it lives in ./data/demo, apart from your own archive.

    Example: thinker demo --once
    """
    from archive.home import Home
    from archive.publish.server import serve

    if as_json and not once:
        raise typer.BadParameter("goes with --once: the first line of a server is its address", param_hint="--json")
    home = common.Chosen.home if common.Chosen.home_named else common.Chosen.home / "demo"
    with nullcontext() if once else listening(LOOPBACK, port) as at:
        _show(home, articles, once, as_json)
        if at is not None:
            stopped_by(serve(Home(home), LOOPBACK, at, pages=(DISAPPEARED,)))


def _show(home: Path, articles: int, once: bool, as_json: bool) -> None:
    """Crawl, edit and crawl again, and say what happened."""
    from newsroom.process import running

    crawls = []
    with running(articles=articles) as site:
        remark(f"a newsroom of {articles} articles at {site.address}")
        crawls.append(_crawl(home, site, as_json))
        site.event(do="edit", article=EDITED)
        site.event(do="remove", article=REMOVED, how="404")
        remark(f"article {EDITED} was edited, article {REMOVED} removed")
        crawls.append(_crawl(home, site, as_json))
        crawls.append(_crawl(home, site, as_json))  # a removal is believed when a second probe finds it gone too
    _tell_what_happened(home, crawls, as_json)
    if not as_json:
        _tell_what_to_try(home, once)


def _crawl(home: Path, site: Site, as_json: bool) -> Any:
    """One crawl in its own process, as the scheduler would start it; its summary, where that is not printed."""
    command = common.ourselves(home, "crawl", "newsroom", *(["--json"] if as_json else []))
    with Relay() as relay:  # so that a terminal's Ctrl-C has one answer, and not the crawl's beside
        code, out = relay.run(command, captured=True, environment={"THINKER_NEWSROOM": site.address})
    if relay.stopped:
        raise KeyboardInterrupt
    if code not in (common.OK, common.UNMET):
        raise RuntimeError(f"the crawl of {site.address} ended with exit code {code}")
    return json.loads(out) if as_json else say(f"crawl: {out.strip()}")


def _tell_what_happened(home: Path, crawls: list[Any], as_json: bool) -> None:
    from archive import read_archive, reading

    with closing(read_archive(home)) as archive:
        events = [event for event in reading.changes(archive.conn) if event["kind"] != "new"]
        edited = [event["key"] for event in events if event["kind"] == "edited"]
        found = reading.diff(archive.conn, edited[-1]) if edited else None
    if as_json:
        echo_json({"home": str(home), "crawls": crawls, "events": events, "diff": found})
        return
    say_table(("at", "kind", "key", "headline"), map(event_row, events))
    for changed in found["properties"] if found else ():
        say(f"{changed['property']}: {marked(changed['segments'])}")


def _tell_what_to_try(home: Path, once: bool) -> None:
    """Three things, to be typed or opened as they are printed; the third is a page where the site is served."""
    from archive import read_archive, reading

    with closing(read_archive(home)) as archive:
        keyword = reading.show(archive.conn, f"newsroom-{EDITED}")["keywords"][0]
    thinker = shlex.join([*_program(), "--home", str(home)])
    remark("try next:" if once else "try next, in another terminal in this folder, or in a browser:")
    remark(f"  {thinker} search {shlex.quote(keyword)}")
    remark(f"  {thinker} diff newsroom-{EDITED}")
    if once:
        remark(f"  {thinker} serve --port 0")


def _program() -> list[str]:
    """How this program was called, in words that a shell finds again from the same folder."""
    called = sys.argv[0]
    if called.endswith(".py"):
        return [sys.executable, "-m", "thinker"]
    found = shutil.which("thinker")
    return ["thinker"] if found and Path(found).samefile(called) else [called]
