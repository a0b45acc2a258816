"""The commands `watch` add, list, show, pause, resume and remove; test and run have modules of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.program import common
from cli.program.common import AsJson, echo_json, remark, say
from cli.terminal import completing
from cli.terminal.table import say_table
from cli.watch.books import Name, found_states, opened_book, require_sources, settings_checked, shown_address, state_of
from cli.watch.running import watch_run
from cli.watch.testing import watch_test

if TYPE_CHECKING:
    from archive.watches import WatchState

HELP = """Send a message when articles are new, edited or gone, or when the archive needs attention.

Example: thinker watch list
"""

watch = typer.Typer(no_args_is_help=True, help=HELP, rich_markup_mode=None)

Several = list[str] | None


@watch.command("add")
def watch_add(
    name: Annotated[str, typer.Argument(help="Name of the watch: a-z, 0-9, - and _.")],
    to: Annotated[str, typer.Option("--to", help="Address: a URL without secrets, env:NAME or file:PATH.")],
    query: Annotated[
        str,
        typer.Option(help="Query, as of `thinker search`; appears: and disappears: ask what an edit added or removed."),
    ] = "",
    on: Annotated[
        str | None,
        typer.Option(
            help="Events: new,edited,removed,restored,moved,gap,drift,health; default: those of articles, the first 5."
        ),
    ] = None,
    source: Annotated[
        Several, typer.Option(help="Only this source; may be repeated.", autocompletion=completing.sources)
    ] = None,
    column: Annotated[Several, typer.Option(help="Only this column; may be repeated.")] = None,
    speaker: Annotated[Several, typer.Option(help="Only this speaker; may be repeated.")] = None,
    tag: Annotated[Several, typer.Option(help="Only this tag; may be repeated.")] = None,
    significance: Annotated[str | None, typer.Option(help="Of edits: substantive or cosmetic.")] = None,
    every: Annotated[str, typer.Option(help="now, daily or weekly.")] = "now",
    lang: Annotated[str, typer.Option(help="Language of its messages: zh or en.")] = "zh",
    late: Annotated[bool, typer.Option("--late", help="Send also what came late: imports, and old moments.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add a watch: a message goes to an address for each later event that matches.

    Without --query every text matches. gap, drift and health are not about a text: of the filters only --source counts
    for gap and drift, and none for health. `thinker run` sends the messages, and so does `thinker watch run`.

    Example: thinker watch add tax --query 房地产税 --on edited,removed --to file:mail-address.txt --lang en
    """
    from archive import watches

    given = {
        "to": to, "query": query, "on": on, "source": source, "column": column, "speaker": speaker, "tag": tag,
        "significance": significance, "every": every, "lang": lang, "late": late,
    }  # fmt: skip
    settings = settings_checked()
    try:
        made = watches.made(name, {key: value for key, value in given.items() if value is not None})
        unread = _unread_address(made)
        if name in settings.watch:
            raise watches.WatchError(f"[watch.{name}] is in {settings.file}: choose another name, or change it there")
        require_sources(made, settings)
        with opened_book(settings) as (archive, book):
            watches.fill(archive, book, datetime.now(UTC))  # what came before it is of other watches
            watches.add(book, archive, made, datetime.now(UTC))
            watches.fill_verdicts(archive, book, datetime.now(UTC))
            state = watches.states(book)[name]
    except watches.WatchError as error:
        raise typer.BadParameter(str(error), param_hint=f"--{error.key}" if error.key else "NAME") from None
    if as_json:
        echo_json(_as_json(state))
    else:
        say(f"{name}: added; it begins with the next event")
    if unread is not None:
        remark(f"{unread} (it is read again when a message is sent)")
    remark("`thinker run` sends its messages, or `thinker watch run --once` from cron")


@watch.command("list")
def watch_list(as_json: AsJson = False) -> None:
    """List the watches and their states.

    Example: thinker watch list
    """
    found = list(found_states(settings_checked()).values())
    if as_json:
        echo_json([_as_json(state) for state in found])
        return
    say_table(
        ("name", "state", "sent", "waiting", "every", "to", "asks for"),
        [
            (
                each.watch.name, _state(each), f"{each.sent:,}", f"{each.waiting + each.refused:,}",
                each.watch.asked.every, shown_address(each.watch), _asked(each),
            )
            for each in found
        ],
    )  # fmt: skip
    if not found:
        remark("no watch yet: `thinker watch add --help` has an example")


@watch.command("show")
def watch_show(name: Name, as_json: AsJson = False) -> None:
    """Show a watch: its definition, its state, and what its channel could not take.

    Example: thinker watch show tax --json
    """
    told = _as_json(state_of(found_states(settings_checked()), name))
    if as_json:
        echo_json(told)
        return
    say_table(("key", "value"), [(key, _cell(value)) for key, value in told.items() if value not in (None, [], "")])


@watch.command("pause")
def watch_pause(name: Name, as_json: AsJson = False) -> None:
    """Pause a watch. What happens meanwhile is not sent; messages that wait are kept.

    Example: thinker watch pause tax
    """
    from archive import watches

    with opened_book(settings_checked()) as (archive, book):
        state_of(watches.states(book), name)
        watches.fill(archive, book, datetime.now(UTC))  # what came before the pause
        watches.pause(book, name, datetime.now(UTC))
        state = watches.states(book)[name]
    if as_json:
        echo_json(_as_json(state))
    remark(f"paused: {name} (thinker watch resume {name})")


@watch.command("resume")
def watch_resume(name: Name, as_json: AsJson = False) -> None:
    """Resume a watch, and try again at once what its channel did not take.

    Example: thinker watch resume tax
    """
    from archive import watches
    from archive.files import counted

    with opened_book(settings_checked()) as (archive, book):
        state_of(watches.states(book), name)
        watches.fill(archive, book, datetime.now(UTC))  # what came in the pause is of other watches
        waiting = watches.resume(book, archive, name, datetime.now(UTC))
        state = watches.states(book)[name]
    if as_json:
        echo_json(_as_json(state))
    remark(f"resumed: {name}; to be sent: {counted(waiting, 'message')}" if waiting else f"resumed: {name}")


@watch.command("remove")
def watch_remove(name: Name, as_json: AsJson = False) -> None:
    """Remove a watch, with the messages that wait and the record of what it sent.

    Example: thinker watch remove tax
    """
    from archive import watches

    settings = settings_checked()
    with opened_book(settings) as (_, book):
        state = state_of(watches.states(book), name)
        if state.watch.is_declared:
            raise typer.BadParameter(f"remove [watch.{name}] from {settings.file}", param_hint="NAME")
        watches.remove(book, name)
    if as_json:
        echo_json(_as_json(state))
    remark(f"removed: {name}")


watch.command("test")(watch_test)
watch.command("run")(watch_run)


def _unread_address(made: Any) -> str | None:
    """Why the address of a watch cannot be read now, without its secret; None if it can. Raises WatchError."""
    from archive.files import Home
    from archive.watches import WatchError
    from schedules.outbound import address

    try:
        place = address(made.asked.to, Home(common.Chosen.home).path)
    except ValueError as error:
        raise WatchError(str(error), "to") from None
    try:
        place.read()
    except ValueError as error:
        return str(error)
    return None


def _as_json(state: WatchState) -> dict[str, Any]:
    asked = state.watch.asked.model_dump(mode="json") | {"to": shown_address(state.watch)}
    return {
        "name": state.watch.name,
        "state": _state(state),
        "declared": state.watch.is_declared,
        **asked,
        "added_at": state.added_at,
        "paused_since": state.paused_since,
        "sent": state.sent,
        "last_sent_at": state.last_sent_at,
        "waiting": state.waiting,
        "refused": state.refused,
        "failures": state.failures,
        "failing_since": state.failing_since,
        "next_try_at": state.next_try_at,
        "trouble": state.trouble,
        "refusal": state.refusal,
    }


def _state(state: WatchState) -> str:
    if state.paused_since:
        return "paused"
    return "failing" if state.failing_since or state.refused else "active"


def _asked(state: WatchState) -> str:
    asked = state.watch.asked
    narrowed = [*asked.source, *asked.column, *asked.speaker, *asked.tag]
    return " · ".join(filter(None, [asked.query, ",".join(asked.on), ", ".join(narrowed)]))


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
