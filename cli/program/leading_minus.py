"""The remedy for words that begin with a minus, which the shell's rules take for options."""

import re
import shlex
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

TAKE_WORDS = ("search", "phrase", "correct")  # the commands whose arguments are words
_PLAIN = re.compile(r"[\w@%+=:,./-]+")  # words that no shell changes; shlex.quote also quotes Chinese ones


def with_dashes(option: str | None, context: Any, arguments: Sequence[str]) -> str | None:
    """The command with `--` before its words: `-词` of `thinker search -词` gives `thinker search -- -词`.

    option: the unknown option, as click names it: a minus and one character. arguments: those of the process. The words
    are all arguments up to an option with two minuses; after such an option only the word that was taken for one. None
    for other commands, for an option with two minuses, and for words that a line cannot show.
    """
    name = context.command.name if context else None
    if name not in TAKE_WORDS or name not in arguments or not option or option.startswith("--"):
        return None
    given = arguments[arguments.index(name) + 1 :]
    at = next((at for at, each in enumerate(given) if each.startswith(option)), None)
    if at is None:
        return None
    first = at if any(each.startswith("-") for each in given[:at]) else 0
    words = list(takewhile(lambda each: not each.startswith("--"), given[first:]))
    if not all(map(str.isprintable, words)):
        return None  # an error has one line
    if name == "search":
        words = [" ".join(words)]
    return f"thinker {name} -- {' '.join(each if _PLAIN.fullmatch(each) else shlex.quote(each) for each in words)}"
