"""The command `watch test`: prints the messages that a watch would have sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from cli.program.common import AsJson, echo_json, moment_of, remark, say
from cli.program.opening import reading
from cli.watch.books import Name, PublicAddress, found_states, settings_checked, site_of, state_of

USUAL_DAYS = 7


def watch_test(
    name: Name,
    since: Annotated[
        str | None, typer.Option(help="Events since this date or time, such as 2026-11-25; default: of seven days.")
    ] = None,
    public_url: PublicAddress = None,
    as_json: AsJson = False,
) -> None:
    """Print the messages that a watch would have sent since a moment, one for each event. Nothing is sent.

    Example: thinker watch test tax --since 2026-11-01
    """
    from archive.files import counted, stamp
    from archive.publish.notices import letter_of
    from archive.watches import single, would_send

    site = site_of(public_url)
    watch = state_of(found_states(settings_checked()), name).watch
    moment = moment_of(since) or datetime.now(UTC) - timedelta(days=USUAL_DAYS)
    letters, count = [], 0
    with reading() as opened:
        for notice in would_send(opened, watch.asked, stamp(moment)):
            letter, _ = letter_of(opened.conn, watch, single(watch.name, notice), site)
            if letter is None:
                continue
            count += 1
            if as_json:
                letters.append(letter.payload)
            else:
                say(letter.text)
    if as_json:
        echo_json(letters)
    remark(f"{counted(count, 'message')} since {stamp(moment)}; nothing was sent")
