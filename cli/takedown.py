"""The command takedown: stop showing an article."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acts import By, Note, acting, now
from cli.program.common import AsJson, Chosen, echo_json, remark, say
from cli.program.opening import reading, require_address, writing
from cli.terminal import completing

if TYPE_CHECKING:
    from archive.judging import Remains
    from archive.rows import Connection

PUBLIC = "public"  # the folder beside archive.db with files for everybody


def takedown(
    key: Annotated[
        str, typer.Argument(metavar="KEY|URL", help="Key or address of the article.", autocompletion=completing.keys)
    ],
    reason: Annotated[str, typer.Option(help="Why, as one word of a-z and _, such as request. It is published.")],
    hide: Annotated[bool, typer.Option("--hide", help="Keep the files and show nothing of the article.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    note: Note = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Stop showing an article: no page, list, feed, table, search or command gives its text or headline.

    Every other article at one of its addresses, with one of its texts so far, or read from the same bytes, is hidden
    too. The files stay, crawls and imports go on filing what they see, and `thinker undo` shows it all again. The
    command lists what stays visible. In a large archive it takes minutes, as it writes the search index anew.

    Example: thinker takedown newsroom-30 --hide --reason request --yes
    """
    from archive.judging import hide as hide_article
    from archive.judging import remains_of

    if not hide:
        raise typer.BadParameter("only --hide is there yet", param_hint="takedown")
    acts_so = acting(by, reason, note)
    with reading() as opened:
        key = _key_of(opened.conn, key)
        remains = remains_of(opened.conn, key)
    if not yes:
        _confirm(remains)
    with writing() as opened:
        digest = hide_article(opened, key, acts_so, now)
    if as_json:
        echo_json({"act": digest, **remains._asdict()})
        return
    name = digest[7:19]
    say(f"withdrew {', '.join(remains.keys)}: act {name}; `thinker undo {name}` shows it again")
    _say(remains)


def _key_of(conn: Connection, name: str) -> str:
    """The key itself, or that of the article known at an address. Raises typer.BadParameter if none is known there."""
    from archive.rows import keys_at
    from archive.rules import key_of

    if "://" not in name:
        return name
    require_address(name)
    known = keys_at(conn, key_of(name))
    if not known:
        raise typer.BadParameter(
            f"no article is known at {name}: `thinker search` lists the keys", param_hint="KEY|URL"
        )
    return known[0].key


def _confirm(remains: Remains) -> None:
    """Ask on the terminal. Raises typer.BadParameter without one, typer.Abort if the answer is no."""
    if not sys.stdin.isatty():
        raise typer.BadParameter("there is no terminal to ask on: add --yes", param_hint="--yes")
    typer.confirm(f"Stop showing {', '.join(remains.keys)}?", abort=True, err=True)


def _say(remains: Remains) -> None:
    for title, values in (
        ("addresses", remains.addresses), ("digests of texts", remains.digests), ("files", remains.files)
    ):  # fmt: skip
        say(f"still visible, {title}: {', '.join(values)}")
    public = sorted(path.name for path in (Chosen.home / PUBLIC).glob("*"))
    if public:
        remark(f"made before, so look into them yourself: {', '.join(public)} in {Chosen.home / PUBLIC}")
    remark("copies that others made, such as backups, exports and feeds, keep the text")
    remark(
        "other articles that quote it in their own text keep that, and so does a page published again in other words"
    )
