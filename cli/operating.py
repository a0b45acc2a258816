"""Commands for operators: init, rebuild, reindex, migrate, config."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import common, exit_codes, opening
from cli.program.common import AsJson, echo_json, remark, say, warn
from cli.program.exit_codes import hear_sigterm
from cli.program.opening import writing
from cli.program.starter import NEXT, starter
from cli.terminal.progress import BYTES, shown
from cli.terminal.table import say_table

if TYPE_CHECKING:
    from archive.replaying import Replayed

config = typer.Typer(
    no_args_is_help=True, help="Show the settings in force.\n\nExample: thinker config show", rich_markup_mode=None
)

# The fields of a replay that `rebuild --json` prints.
TOLD = ("records", "lines", "torn", "lost", "skipped", "unable", "kept")


def init(as_json: AsJson = False) -> None:
    """Create the archive: folders, database and a starter thinker.toml. Running it again changes nothing.

    Example: thinker --home data init
    """
    from crawler.sources import all_sources

    said = opening.settings()
    with writing(create=True) as opened:
        home = opened.home
    if not home.settings_file.exists():
        home.settings_file.write_text(starter(all_sources()), encoding="utf-8")
    place, declared = str(home.path.resolve()), str(home.settings_file.resolve())
    echo_json({"home": place, "settings": declared}) if as_json else say(f"archive at {place}")
    if said.contact is None:
        remark(f"first: set `contact` in {home.settings_file}; public sites are not crawled without it")
    remark(NEXT)


def rebuild(
    accept_loss: Annotated[
        bool,
        typer.Option("--accept-loss", help="Go on if files are cut or altered, and record the loss in the ledger."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Rebuild the database from captures and ledger. The old database stays until the new one is complete.

    If files are shorter than what was written, or differ from it, the command uses what is left, lists what is lost,
    keeps the old database, and exits 3. You can then read the archive. To write to it again, restore the files and
    rebuild, or use --accept-loss, which adds a `loss` line to the ledger.

    Example: thinker rebuild
    """
    from archive.files import counted
    from archive.replaying import rebuild_database as rebuild_archive

    hear_sigterm()
    with shown("replaying", BYTES, as_json) as progress:
        replayed = rebuild_archive(common.Chosen.home, datetime.now(UTC), progress, accept_loss)
    if as_json:
        echo_json({name: getattr(replayed, name) for name in TOLD})
    else:
        say(f"{counted(replayed.records, 'record')} and {counted(replayed.lines, 'ledger line')} replayed")
        _echo_replayed(replayed)
    raise typer.Exit(exit_codes.UNMET if replayed.lost or replayed.unable else exit_codes.OK)


def _echo_replayed(replayed: Replayed) -> None:
    for name in replayed.torn:
        remark(f"thinker: {name}: cut off an unfinished end")
    for lost in replayed.lost:
        warn(f"thinker: lost: {lost}")
    if replayed.skipped:
        warn(f"thinker: {len(replayed.skipped)} lines could not be applied: {', '.join(sorted(set(replayed.skipped)))}")
    for line in replayed.unable:
        warn(f"thinker: not applied: {line}")
    if replayed.kept:
        remark(f"thinker: the old database is kept as {replayed.kept}")


def reindex(as_json: AsJson = False) -> None:
    """Rebuild the search index from the stored texts.

    Example: thinker reindex
    """
    from archive.files import REINDEX, locked
    from archive.search import reindex as reindex_archive

    hear_sigterm()
    with writing() as opened, locked(opened.home, REINDEX), shown("indexing", "states", as_json) as progress:
        states = reindex_archive(opened.conn, progress)
    echo_json({"states": states}) if as_json else say(f"{states} texts indexed")


def migrate(as_json: AsJson = False) -> None:
    """Upgrade the database to this version's schema and rules. Every command that writes does this too.

    Articles that an earlier version filed twice, under two sources at one address, become one: see `thinker doubles`.

    Example: thinker migrate
    """
    from cli.filing.doubles import merge_all

    with writing() as opened:
        applied = [row[0] for row in opened.conn.execute("select name from _sqlite_migrations order by id")]
        if count := merge_all(opened):
            remark(f"articles at one address are one article now: {count:,}; `thinker undo` lists these acts")
    echo_json({"schema": applied[-1], "applied": applied}) if as_json else say("\n".join(applied))


@config.callback()
def _config() -> None:
    """Show the settings in force."""


@config.command("show")
def config_show(as_json: AsJson = False) -> None:
    """Print every setting in force, and where it comes from.

    Example: thinker config show
    """
    from archive.settings import describe

    settings = opening.settings()
    rows = describe(settings)
    rows.insert(0, ("home", str(common.Chosen.home), "option, THINKER_HOME or default"))
    if as_json:
        echo_json([{"key": key, "value": value, "origin": origin} for key, value, origin in rows])
        return
    say_table(("key", "from", "value"), [(key, origin, value) for key, value, origin in rows])
