"""The command worker."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.program import common, exit_codes, opening
from cli.program.common import AsJson, echo_json, say


def worker(
    spool: Annotated[
        Path | None,
        typer.Option(help="Folder for what is fetched and not yet shipped; default: worker in the home."),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="End when no crawl has been at work for ten seconds.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fetch for the crawls of an archive on another machine.

    Needs thinker.toml with [cluster], the same as the archive has, and no archive. Sends the requests that crawls
    order, politely together with all other workers, and ships the answers to the folder or object store in
    `segments` of [cluster]. If a worker is killed, start it again with the same --spool: it ships what it had fetched.

    Exits 2 when the spool has answers for another cluster, 5 when another worker uses it, and 7 when it is stopped; it
    ships what it has before it ends.

    Example: thinker worker --once
    """
    from dataclasses import asdict

    from crawler.cluster import open_work, work_to_the_end

    home = common.Chosen.home
    done = work_to_the_end(open_work(opening.settings(), home, spool or home / "worker", once, common.Chosen.quiet))
    if as_json:
        echo_json(asdict(done))
    else:
        say(f"{done.fetched} fetched, {done.failed} failed, {done.segments} segments shipped")
    if done.stopped:
        raise typer.Exit(exit_codes.STOPPED)
