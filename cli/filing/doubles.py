"""The command doubles: lists articles of two sources that are one, and makes them one."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program.common import AsJson, echo_json, remark, say
from cli.program.opening import reading, writing
from cli.terminal.table import say_table

if TYPE_CHECKING:
    from archive import Archive

MEANING = {
    "same_address": "one address: --merge makes them one",
    "parted": "one address, but you parted them: they stay two",
    "alike": "same headline and date: if they are one, `thinker merge`",
}


def doubles(
    merge: Annotated[bool, typer.Option("--merge", help="Make one article of those at one address.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="Maximum number of pairs; 0 lists all.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List articles of two sources that are one: they stand at one address, or have the same headline and date.

    Articles at one address become one by themselves, after a crawl, a fetch or an import and in `thinker migrate`;
    --merge does it now. Each merge is an act: `thinker undo` takes it back, and it is not done again. Those with the
    same headline and date may be two, such as notices: nothing merges them but `thinker merge`.

    Example: thinker doubles
    """
    if merge:
        with writing() as opened:
            count = merge_all(opened)
        echo_json({"merged": count}) if as_json else say(_said(count))
        return
    from archive.judging import doubles as known_doubles
    from archive.judging import likely_doubles

    with reading() as opened:
        pairs = chain(known_doubles(opened.conn), likely_doubles(opened.conn))
        found = list(islice(pairs, limit + 1 if limit else None))
    shown = found[: limit or None]
    if as_json:
        echo_json([each._asdict() for each in shown])
        return
    say_table(
        ("key", "other", "why", "address or headline"),
        [(each.key, each.other, each.why, each.what) for each in shown],
    )
    for why in dict.fromkeys(each.why for each in shown):
        remark(f"{why}: {MEANING[why]}")
    if len(found) > len(shown):
        remark(f"there are more: --limit 0 lists all (here: {limit})")
    if not found:
        remark("there are no doubles")


def merge_all(opened: Archive) -> int:
    """Make one article of those at one address; returns how many became part of another.

    Raises Locked, after all others, if another process writes a source of some.
    """
    from archive.judging import merge_doubles

    merged = merge_doubles(opened, lambda: datetime.now(UTC))
    if merged.locked is not None:
        if merged.count:
            remark(_said(merged.count))
        raise merged.locked
    return merged.count


def _said(count: int) -> str:
    from archive.files import counted

    return f"{counted(count, 'article')} became part of another"
