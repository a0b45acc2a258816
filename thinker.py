"""The command line: watches the Thinker column and related policy sites, and keeps what they said."""

# ruff: noqa: E402 - Ctrl-C may come while the others are imported
import os
import sys

from cli.program import exit_codes

exit_codes.listen(sys.argv[0])

from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Abort, TyperException

from cli.program import common
from cli.program.lazy_commands import CommandEntry, LazyGroup
from cli.program.leading_minus import with_dashes

EPILOG = """Exit codes: 0 ok · 1 failed · 2 wrong usage · 3 finished, but some items failed or too few were found ·
4 refused by robots.txt or our own rules · 5 locked by another run · 6 disk full · 7 stopped by a signal."""

BEFORE = ("--home", "--debug", "--quiet", "-q", "--version")  # the options of `thinker` itself

COMMANDS = {
    "demo": CommandEntry("cli.demo:demo", "Crawl a made-up site on this machine, then serve the archive."),
    "init": CommandEntry("cli.operating:init", "Create the archive and a starter thinker.toml."),
    "doctor": CommandEntry("cli.doctor:doctor", "Check this machine, the settings and the archive, or one source."),
    "sources": CommandEntry("cli.sources:sources", "List the known sources."),
    "crawl": CommandEntry("cli.collecting:crawl", "Crawl sources once."),
    "fetch": CommandEntry("cli.filing.fetching:fetch", "Fetch one article and keep it."),
    "parse": CommandEntry("cli.parsing:parse", "Parse saved pages without storing anything."),
    "search": CommandEntry("cli.reading:search", "Search the archive in Chinese or English."),
    "phrase": CommandEntry("cli.phrases:phrase", "Count phrases by month, with first and last appearance."),
    "show": CommandEntry("cli.reading:show", "Show the latest version of an article."),
    "history": CommandEntry("cli.reading:history", "List the versions of an article."),
    "diff": CommandEntry("cli.reading:diff", "Compare two versions of an article."),
    "changes": CommandEntry("cli.reading:changes", "List new, edited, removed and restored articles."),
    "serve": CommandEntry("cli.serving:serve", "Serve the archive as a website."),
    "run": CommandEntry("cli.serving:run", "Crawl on schedule and serve the archive."),
    "status": CommandEntry("cli.health:status", "Check the health of the archive and its crawls."),
    "verify": CommandEntry("cli.verifying:verify", "Check every stored byte against its digest."),
    "rebuild": CommandEntry("cli.operating:rebuild", "Rebuild the database from captures and ledger."),
    "reindex": CommandEntry("cli.operating:reindex", "Rebuild the search index."),
    "reparse": CommandEntry("cli.reparsing.commands:reparse", "Parse stored captures again with the current parser."),
    "migrate": CommandEntry("cli.operating:migrate", "Upgrade the database to this version's schema and rules."),
    "merge": CommandEntry("cli.acts:merge", "Make two articles one."),
    "split": CommandEntry("cli.acts:split", "Make an article of what was seen at some addresses."),
    "correct": CommandEntry("cli.acts:correct", "Correct a property of an article, beside what the site says."),
    "takedown": CommandEntry("cli.takedown:takedown", "Stop showing an article; it can be undone."),
    "doubles": CommandEntry("cli.filing.doubles:doubles", "List articles that two sources have, and make them one."),
    "undo": CommandEntry("cli.acts:undo", "Undo a merge or another act; list acts."),
    "export": CommandEntry("cli.filing.exporting:export", "Write a part of the archive as a file to take away."),
    "import": CommandEntry("cli.filing.importing:import_", "Import WARC files and saved pages."),
    "watch": CommandEntry("cli.watch.commands:watch", "Send a message when something happens that you watch for."),
    "schedule": CommandEntry("cli.schedule.commands:schedule", "Show, run, pause or export the schedule of crawls."),
    "worker": CommandEntry("cli.schedule.worker:worker", "Fetch for the crawls of an archive on another machine."),
    "ingest": CommandEntry("cli.schedule.ingest:ingest", "Take what workers fetch into the archive."),
    "config": CommandEntry("cli.operating:config", "Show the settings in force."),
}


class Commands(LazyGroup):
    """The commands of `thinker`, in the order of its help."""

    ENTRIES = COMMANDS


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(wanted: bool) -> None:
    if wanted:
        from cli.program.version import told  # only who asks waits for it

        common.say(told())
        raise typer.Exit


@app.callback()
def options(
    home: Annotated[
        Path | None, typer.Option("--home", help="Folder of the archive.  [THINKER_HOME, else ./data]")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print only data and errors, no remarks or progress.")
    ] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Print the installed versions and exit."),
    ] = False,
) -> None:
    """Thinker Archive: collect, keep and publish what policy sites write, edit and remove.

    Example: thinker demo --once
    """
    common.Chosen.home = home or common.from_environment()
    common.Chosen.home_named = bool(home or os.environ.get("THINKER_HOME"))
    common.Chosen.debug = debug
    common.Chosen.quiet = quiet


def main() -> None:
    """Run the command line and exit with one of the documented codes."""
    sys.exit(exit_codes.ended(lambda: common.run(_answer)))


def _answer() -> int:
    try:
        code = app(standalone_mode=False)
    except TyperException as error:
        line = _told(error)
        common.warn(line if "\n" in line else f"thinker: {line} (see --help)")
        return error.exit_code
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # which typer would call a failure
            raise end.__context__ from None
        raise
    except Abort:
        return exit_codes.STOPPED
    return code if isinstance(code, int) else exit_codes.OK


def _told(error: TyperException) -> str:
    option = getattr(error, "option_name", None)
    if "No such option" not in error.format_message():
        return error.format_message()
    if option not in BEFORE or option not in sys.argv:
        remedy = with_dashes(option, getattr(error, "ctx", None), sys.argv[1:])
        return error.format_message() + (f": words that begin with a minus follow --: {remedy}" if remedy else "")
    value = " DIR" if option == "--home" else ""
    return f"{option} goes before the command: thinker {option}{value} COMMAND"


if __name__ == "__main__":
    main()
