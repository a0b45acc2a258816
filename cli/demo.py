"""The demo: our own newsroom is crawled, edited, crawled again and served, without any network."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from archive import read_archive, reading
from archive.home import Home
from archive.publish.server import serve
from cli import common
from cli.common import say, tell
from cli.reading import marked
from newsroom.process import Site, running

EDITED, REMOVED = 12, 7


def demo(
    once: Annotated[bool, typer.Option("--once", help="Stop before serving.")] = False,
    articles: Annotated[int, typer.Option(min=20, max=1_000_000, help="How many articles the newsroom has.")] = 60,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to serve; 0 picks a free port.")] = 0,
) -> None:
    """Show the whole journey: crawl a newsroom on this machine, edit and delete there, crawl, and serve.

    Example: thinker demo --once
    """
    home = common.Chosen.home
    with running(articles=articles) as site:
        tell(f"a newsroom of {articles} articles at {site.address}")
        _crawl(home, site)
        site.event(do="edit", article=EDITED)
        site.event(do="remove", article=REMOVED, how="404")
        tell(f"article {EDITED} was edited, article {REMOVED} removed")
        _crawl(home, site)
        _crawl(home, site)  # a removal is believed when a second probe finds it gone too
    _tell_what_happened(home)
    if not once:
        serve(Home(home), "127.0.0.1", port)


def _crawl(home: Path, site: Site) -> None:
    """One crawl in its own process, as the scheduler would start it."""
    environment = {**os.environ, "THINKER_NEWSROOM": site.address}
    command = [sys.executable, "-m", "thinker", "--home", str(home), "crawl", "newsroom", "--json"]
    ended = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode not in (common.OK, common.UNMET):
        raise RuntimeError(f"the crawl of {site.address} ended with exit code {ended.returncode}")
    summary = json.loads(ended.stdout)
    say(
        f"crawl: {summary['captures']} captures ({summary['revisits']} revisits), "
        f"{summary['new_articles']} new articles, {summary['new_revisions']} revisions, {summary['errors']} errors"
    )


def _tell_what_happened(home: Path) -> None:
    archive = read_archive(home)
    events = reading.changes(archive.conn)
    for event in [event for event in events if event["kind"] != "new"]:
        say(f"{event['at']}  {event['kind']:9}  {event['key']}  {event['headline']}")
    edited = [event["key"] for event in events if event["kind"] == "edited"]
    if edited:
        _tell_diff(reading.diff(archive.conn, edited[-1]))
    archive.close()


def _tell_diff(found: dict[str, object]) -> None:
    for changed in found["properties"]:  # type: ignore[attr-defined] # a list of property and segments
        say(f"{changed['property']}: {marked(changed['segments'])}")
