"""The command line: watches the Thinker column and related policy sites, and keeps what they said."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Abort, TyperException

from cli import collecting, common, demo, operating, reading, reparsing

EPILOG = """Exit codes: 0 ok · 1 failed · 2 usage · 3 finished but expectation unmet or item errors ·
4 refused by robots or policy · 5 locked by another run · 6 disk full or floor reached · 7 stopped by a signal."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
schedule = typer.Typer(no_args_is_help=True, help="When sources are crawled: run, list, next.")
config = typer.Typer(no_args_is_help=True, help="The settings in force.")


@app.callback()
def options(
    home: Annotated[
        Path | None, typer.Option("--home", help="Where the archive lies.  [THINKER_HOME, else ./data]")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Thinker Archive: collect, keep and publish what policy sites say, change and withdraw.

    Example: thinker demo --once
    """
    common.Chosen.home = home or common.from_environment()
    common.Chosen.debug = debug


for command in (
    demo.demo,
    operating.init,
    operating.doctor,
    collecting.sources,
    collecting.crawl,
    collecting.fetch,
    collecting.parse,
    reading.search,
    reading.show,
    reading.history,
    reading.diff,
    reading.changes,
    operating.serve,
    operating.run,
    reading.status,
    reading.verify,
    operating.rebuild,
    operating.reindex,
    reparsing.reparse,
    operating.migrate,
):
    app.command()(command)
app.command("import")(collecting.import_)
app.add_typer(schedule, name="schedule")
app.add_typer(config, name="config")
schedule.command("run")(operating.schedule_run)
schedule.command("list")(operating.schedule_list)
schedule.command("next")(operating.schedule_next)
config.command("show")(operating.config_show)


def main() -> None:
    """Run the command line and exit with one of the documented codes."""
    sys.exit(common.run(_answer))


def _answer() -> None:
    try:
        code = app(standalone_mode=False)
    except TyperException as error:
        line = error.format_message()
        common.tell(line if "\n" in line else f"thinker: {line} (see --help)")
        raise SystemExit(error.exit_code) from None
    except (Abort, KeyboardInterrupt):
        raise SystemExit(common.STOPPED) from None
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has seen enough
        raise SystemExit(common.OK) from None
    if isinstance(code, int) and code:
        raise SystemExit(code)


if __name__ == "__main__":
    main()
