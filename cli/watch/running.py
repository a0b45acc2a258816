"""The command `watch run`: looks at new events and sends the messages of watches."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import background, common, exit_codes
from cli.program.common import AsJson, echo_json, remark
from cli.program.exit_codes import hear_sigterm
from cli.watch.books import PublicAddress, settings_checked, site_of

if TYPE_CHECKING:
    from types import FrameType

Beside = Annotated[bool, typer.Option("--end-with-stdin", hidden=True, help="Stop when stdin closes.")]


def watch_run(
    once: Annotated[bool, typer.Option("--once", help="Send the messages that are due, then end: for cron.")] = False,
    public_url: PublicAddress = None,
    end_with_stdin: Beside = False,
    as_json: AsJson = False,
) -> None:
    """Send the messages of all watches, until stopped; `thinker run` does this too.

    With --once it exits 3 when a channel did not take a message, and 5 when another process sends messages.

    Example: thinker watch run --once
    """
    from archive.files import Home, unhurried_stderr
    from schedules.notifier import Notifier

    if end_with_stdin:  # set by `thinker run`
        background.end_with_stdin()
    if once:
        hear_sigterm()
    else:
        signal.signal(signal.SIGTERM, _end)
    settings_checked()  # a wrong thinker.toml is reported here, and not used later
    notifier = Notifier(Home(common.Chosen.home), site_of(public_url))
    if not once:
        with unhurried_stderr():
            notifier.run()
    made = notifier.once()
    if as_json:
        echo_json(made.numbers)
    else:
        remark(f"{made.sent:,} sent, {made.put_off:,} put off, {made.refused:,} refused, {made.dropped:,} dropped")
    raise typer.Exit(exit_codes.UNMET if made.put_off or made.refused else exit_codes.OK)


def _end(_number: int, _frame: FrameType | None) -> None:
    """End at once, as a regular end: a message in flight is sent again with its id, and no other is lost."""
    os._exit(exit_codes.OK)
