"""The command phrase: counts phrases by month."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from cli.program.common import AsJson, echo_json, remark, say
from cli.program.opening import reading
from cli.terminal.table import say_table

HEADINGS = ("month", "articles", "by edit", "of", "occurrences")


def phrase(
    texts: Annotated[list[str], typer.Argument(metavar="TEXT", help="One or more phrases, in Chinese or English.")],
    as_json: AsJson = False,
) -> None:
    """Count phrases by month, and show when each appeared first and last.

    The search covers every version, including earlier ones and removed articles. An article counts once, in the month
    it was published. If its first text lacked the phrase, it counts in the month of the edit that brought it, and also
    in the column "by edit". "of" is the number of archived articles published in that month. Occurrences are counted in
    the newest version that has the phrase. Months without the phrase are not shown. With --json, every month with
    archived articles is listed; a month that is missing there was not crawled, so it does not mean zero.

    Example: thinker phrase 养老服务 城市治理 --json
    """
    from archive.search import covered_months, history_of, told

    _look_at(texts)
    with reading() as opened:
        covered = covered_months(opened.conn)
        found = [told(history_of(opened.conn, text), covered) for text in texts]
    if as_json:
        echo_json(found)
        return
    for number, each in enumerate(found):
        say("\n".join(["", *_summary(each)] if number else _summary(each)))
        say_table(HEADINGS, _months(each))
    remark("months without the phrase are not shown; --json lists every month with articles")


def _look_at(texts: list[str]) -> None:
    """Raise typer.BadParameter for a text that cannot be searched, for its count would mean nothing.

    That is a text without a letter, digit or character, or with more than 100 characters.
    """
    from archive.search import why_not

    for reason in filter(None, map(why_not, texts)):
        raise typer.BadParameter(reason, param_hint="TEXT")


def _summary(history: dict[str, Any]) -> list[str]:
    undated = history["undated"]["articles"]
    more = f", {undated} of them without a date" if undated else ""
    more += f", {history['came_by_edit']} of them by an edit" if history["came_by_edit"] else ""
    counts = f"{history['text']}  articles {history['articles']}{more}, occurrences {history['occurrences']}"
    return [counts, *(_appearance(name, history[name]) for name in ("first", "last") if history[name])]


def _appearance(name: str, at: dict[str, Any]) -> str:
    digest = at["digest"].removeprefix("sha256:")[:12]
    seen = "received" if at["dating"] == "unknown" else "captured"
    edited = "  by an edit" if at["came_by_edit"] else ""
    return f"{name:5}  {at['date']}{edited}  {at['key']}  {seen} {at['captured_at']}  {digest}  {at['headline']}"


def _months(history: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    for month in history["months"]:
        if month["articles"]:
            yield tuple(month[name] for name in ("month", "articles", "came_by_edit", "covered", "occurrences"))
