"""Commands that act on articles: merge, split, correct, undo."""

from __future__ import annotations

import getpass
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program.common import AsJson, echo_json, remark, say
from cli.program.opening import reading, require_address, writing
from cli.terminal import completing
from cli.terminal.table import say_table

if TYPE_CHECKING:
    from archive.judging import Acting

MAX_NAME_CHARACTERS = 100  # of who acts, as in the ledger

Key = Annotated[str, typer.Argument(help="Key of an article; any that it has or had.", autocompletion=completing.keys)]
Reason = Annotated[str, typer.Option(help="Why, as one word of a-z and _, such as same_work. It is published.")]
Note = Annotated[str | None, typer.Option(help="A note for yourselves; it is kept in ledger/notes and not published.")]
By = Annotated[str | None, typer.Option(help="Who acts. It is published.", show_default="your login name")]


def merge(
    key: Key,
    other: Annotated[str, typer.Argument(help="Key of the other article.", autocompletion=completing.keys)],
    reason: Reason = "same_work",
    note: Note = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Make two articles one, because they are one work: their versions become one history.

    Both keys stay valid; the one that was seen first leads. `thinker undo` takes it back.

    Example: thinker merge newsroom-1 newsroom-12 --reason same_work
    """
    from archive.judging import merge as merge_articles

    with writing() as opened:
        digest = merge_articles(opened, key, other, acting(by, reason, note), now)
    _say(digest, f"merged {other} and {key}", as_json)


def split(
    key: Key,
    address: Annotated[list[str], typer.Option(help="An address that shows another work; repeat it for more.")],
    reason: Reason = "other_work",
    note: Note = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Make an article of its own from the captures at some addresses of an article.

    An address at which it was not seen is refused, and the message names those at which it was. `thinker undo` takes
    it back.

    Example: thinker split newsroom-1 --address http://127.0.0.1:8765/article/12.html
    """
    from archive.judging import split as split_article

    for each in address:
        require_address(each, "--address")
    with writing() as opened:
        digest = split_article(opened, key, address, acting(by, reason, note), now)
    _say(digest, f"split {key}", as_json)


def correct(
    key: Key,
    name: Annotated[
        str, typer.Argument(metavar="PROPERTY", help="What to correct.", autocompletion=completing.correctable)
    ],
    value: Annotated[
        list[str], typer.Argument(metavar="VALUE", help='What it is; "" if there is nothing of the kind.')
    ],
    reason: Reason = "misread",
    note: Note = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Correct a property of an article, such as a wrong date or a misread speaker.

    Your value is shown as ours beside the site's, and search finds both. No version changes; citations, people, tags
    and days follow the site's words. PROPERTY is headline, alternative_headline, kicker, article_section, speaker,
    standfirst, authors, editors, source_line, keywords, date_published, date_modified or in_language.

    Give several authors, editors or keywords one after the other, or between semicolons or 、. A date needs its year.
    The last correction of a property counts; `thinker undo` takes it back.

    Example: thinker correct newsroom-1 speaker 林知远
    """
    from archive.judging import correct as correct_property

    with writing() as opened:
        digest = correct_property(opened, key, name, value, acting(by, reason, note), now)
    _say(digest, f"corrected {name} of {key}", as_json)


def undo(
    act: Annotated[str | None, typer.Argument(help="The act: the first digits of its digest, as printed.")] = None,
    reason: Reason = "mistake",
    note: Note = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Undo an act, such as a merge; without ACT, list the acts that can be undone.

    Undoing is an act too: both stay in the ledger.

    Example: thinker undo
    """
    from archive.judging import standing_acts
    from archive.judging import undo as undo_act

    if act is not None:
        with writing() as opened:
            digest = undo_act(opened, act, acting(by, reason, note), now)
        if as_json:
            echo_json({"act": digest})
        else:
            say(f"undid {act}: act {digest[7:19]}")
        return
    with reading() as opened:
        found = standing_acts(opened.conn)
    if as_json:
        echo_json([each._asdict() for each in found])
        return
    say_table(
        ("act", "at", "kind", "key", "by", "reason"),
        [(each.digest[7:19], each.at, each.kind, each.key or "", each.by or "", each.reason or "") for each in found],
    )
    if not found:
        remark("there are no acts to undo")


def acting(by: str | None, reason: str, note: str | None) -> Acting:
    """The name in --by or of the login, with the reason and the note. Raises typer.BadParameter for an unfit one."""
    from archive.decisions import REASON
    from archive.files import MAX_NOTE_CHARACTERS
    from archive.judging import Acting

    if not re.fullmatch(REASON, reason):
        raise typer.BadParameter(f"{reason!r} is not one word of at most 40 letters a-z and _", param_hint="--reason")
    name = by or _login()
    if not name.strip() or not name.isprintable() or len(name) > MAX_NAME_CHARACTERS:
        raise typer.BadParameter(f"not a name of at most {MAX_NAME_CHARACTERS} characters", param_hint="--by")
    if note is not None and (not note.strip() or len(note) > MAX_NOTE_CHARACTERS):
        raise typer.BadParameter(f"a note has 1 to {MAX_NOTE_CHARACTERS:,} characters", param_hint="--note")
    return Acting(name, reason, note)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return "operator"


def now() -> datetime:
    """The moment of the call, in UTC."""
    return datetime.now(UTC)


def _say(digest: str, what: str, as_json: bool) -> None:
    name = digest[7:19]
    if as_json:
        echo_json({"act": digest})
    else:
        say(f"{what}: act {name}; `thinker undo {name}` takes it back")
