"""Commands that run the house: init, doctor, schedule, serve, run, rebuild, migrate, config."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from archive.clock import stamp
from archive.coverage import record_missed
from archive.home import Home
from archive.lock import REINDEX, locked
from archive.publish.public import BadPublicUrl, PublicUrl
from archive.publish.server import serve as serve_archive
from archive.rebuild import rebuild as rebuild_archive
from archive.search.index import reindex as reindex_archive
from archive.settings import describe
from cli import common
from cli.common import AsJson, echo_json, reading, say, tell, writing
from cli.health import echo_rules, health, machine
from crawler.sources import all_sources
from schedules.scheduler import run_forever
from schedules.slots import next_runs, schedules_of

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

STARTER = """\
# Settings of this archive. `thinker config show` prints what is in force.

# contact = "you@example.org"        # in the user agent, so that a publisher can reach you

# [sources.shangguan]
# schedule = "every 30 minutes"      # or a crontab line: "30 6 * * mon-fri"

# A source of your own needs no code:
# [sources.my-site]
# homepage = "https://example.org"
# feeds = ["https://example.org/feed.xml"]
# scope = "https://example\\\\.org/article/.+"
"""


def init() -> None:
    """Make the archive: folders, database and a starter thinker.toml. Running it again changes nothing.

    Example: thinker --home data init
    """
    with writing(create=True) as opened:
        home = opened.home
    if not home.settings_file.exists():
        home.settings_file.write_text(STARTER, encoding="utf-8")
    say(f"archive at {home.path.resolve()}")
    tell("next: thinker doctor · thinker crawl shangguan --limit 5 · thinker serve")


def doctor(as_json: AsJson = False) -> None:
    """Check the machine, the settings and the archive, each with a remedy. Exits 3 when something is not well.

    Example: thinker doctor --json
    """
    home = Home(common.Chosen.home)
    rules = machine(home)
    settings = common.settings()
    schedules_of(settings, all_sources(settings).values())
    if home.database.exists():
        with reading() as opened:
            rules += health(opened, settings)
    raise typer.Exit(echo_rules(rules, as_json))


def schedule_run() -> None:
    """Crawl every source that has a schedule, each in its own process, until stopped.

    Example: thinker schedule run
    """
    with writing(create=True):
        pass
    asyncio.run(_scheduled())


def schedule_list(as_json: AsJson = False) -> None:
    """List the sources that have a schedule.

    Example: thinker schedule list
    """
    settings = common.settings()
    found = schedules_of(settings, all_sources(settings).values())
    if as_json:
        echo_json([{"source": each.source, "schedule": each.text, "timezone": each.timezone} for each in found])
        return
    for each in found:
        say(f"{each.source:12}  {each.text:24}  {each.timezone}")
    if not found:
        tell(f"no schedules: add one to {Home(common.Chosen.home).settings_file}, as `thinker init` shows there")


def schedule_next(
    count: Annotated[int, typer.Option(min=1, max=1000, help="Slots of each source.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Print the next slots, in UTC.

    Example: thinker schedule next --count 3
    """
    settings = common.settings()
    slots = next_runs(schedules_of(settings, all_sources(settings).values()), datetime.now(UTC), count)
    if as_json:
        echo_json([{"source": slot.source, "due_at": stamp(slot.due_at)} for slot in slots])
        return
    for slot in slots:
        say(f"{stamp(slot.due_at)}  {slot.source}")


def serve(host: Host = "127.0.0.1", port: Port = 8001, public_url: PublicAddress = None, sql: Sql = None) -> None:
    """Publish the archive as a Datasette site until stopped; the first line on stdout is its address.

    Example: thinker serve --port 0
    """
    public = _public(public_url)
    with reading() as opened:
        home = opened.home
    serve_archive(home, host, port, public, sql)


def run(host: Host = "127.0.0.1", port: Port = 8001, public_url: PublicAddress = None, sql: Sql = None) -> None:
    """Crawl on schedule and serve, until stopped.

    Example: thinker run --port 8001
    """
    public = _public(public_url)
    with writing(create=True):
        pass
    command = [sys.executable, "-m", "thinker", "--home", str(common.Chosen.home), "schedule", "run"]
    scheduler = subprocess.Popen(command, start_new_session=True)
    try:
        serve_archive(Home(common.Chosen.home), host, port, public, sql)
    finally:
        os.killpg(scheduler.pid, signal.SIGTERM)
        scheduler.wait(timeout=30)


def rebuild(
    accept_loss: Annotated[
        bool,
        typer.Option(
            "--accept-loss", help="Rebuild what is there where files are cut or altered; says so in the ledger."
        ),
    ] = False,
) -> None:
    """Make the database anew from captures and ledger; the old one stays until the new one is whole.

    Files that are shorter than, or differ from, what was written: it enters what is left, names what is not, keeps
    the old database beside, and exits 3; the archive can be read, and written again once the files are restored and
    rebuilt, or with --accept-loss, which appends a `loss` line to the chain.

    Example: thinker rebuild
    """
    replayed = rebuild_archive(common.Chosen.home, datetime.now(UTC), _progress, accept_loss)
    say(f"{replayed.records} records and {replayed.lines} ledger lines replayed")
    for name in replayed.torn:
        tell(f"thinker: {name}: an unfinished end was cut off")
    for lost in replayed.lost:
        tell(f"thinker: lost: {lost}")
    if replayed.skipped:
        tell(f"thinker: {len(replayed.skipped)} lines could not be entered: {', '.join(sorted(set(replayed.skipped)))}")
    for line in replayed.unable:
        tell(f"thinker: not entered: {line}")
    if replayed.kept:
        tell(f"thinker: the database that was there is kept as {replayed.kept}")
    raise typer.Exit(common.UNMET if replayed.lost or replayed.unable else common.OK)


def reindex() -> None:
    """Build the search index anew from the stored texts.

    Example: thinker reindex
    """
    with writing() as opened, locked(opened.home, REINDEX):
        states = reindex_archive(opened.conn, progress=lambda done, _: _progress(done))
    say(f"{states} states indexed")


def migrate() -> None:
    """Bring the database to this version's schema (every writing command does so too).

    Example: thinker migrate
    """
    with writing() as opened:
        applied = [row[0] for row in opened.conn.execute("select name from _sqlite_migrations order by id")]
    say("\n".join(applied))


def config_show(as_json: AsJson = False) -> None:
    """Print every setting in force and where it comes from.

    Example: thinker config show
    """
    rows = describe(common.settings())
    rows.insert(0, ("home", str(common.Chosen.home), "option, THINKER_HOME or default"))
    if as_json:
        echo_json([{"key": key, "value": value, "origin": origin} for key, value, origin in rows])
        return
    for key, value, origin in rows:
        say(f"{key} = {value}   ({origin})")


def _public(url: str | None) -> PublicUrl | None:
    try:
        return PublicUrl.parse(url) if url else None
    except BadPublicUrl as error:
        raise typer.BadParameter(str(error), param_hint="--public-url") from None


async def _scheduled() -> None:
    settings = common.settings()
    await run_forever(common.Chosen.home, settings, all_sources(settings), _missed)


def _missed(source: str, slots: Sequence[datetime]) -> None:
    with writing() as opened:
        record_missed(opened, source, [stamp(slot) for slot in slots], datetime.now(UTC))


def _progress(count: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{count:,}")
