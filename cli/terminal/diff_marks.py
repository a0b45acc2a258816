"""Marks the changes of a text: `⟦del: old⟧` in red and `⟦ins: new⟧` in green, with a little context."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from cli.program.common import visible

CONTEXT_CHARACTERS = 40  # on each side of a change
WORDS = {"delete": "del", "insert": "ins"}  # no signs such as - and +, which look like 一 and 十
COLOURS = {"delete": "\x1b[31m", "insert": "\x1b[32m"}
PLAIN = "\x1b[0m"


def has_colour() -> bool:
    """True if stdout is a terminal with colours and NO_COLOR is not set, or empty (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def marked(segments: Sequence[dict[str, Any]], colour: bool = False) -> str:
    """The segments as text: ⟦del: old⟧, ⟦ins: new⟧, and ⟦del, moved 1: …⟧ for moved text; long equal text is shortened.

    Control characters in the text are escaped; only our own colours reach the terminal.
    """
    return "".join(_pieces(segments, colour))


def _pieces(segments: Sequence[dict[str, Any]], colour: bool) -> Iterator[str]:
    last = len(segments) - 1
    for number, each in enumerate(segments):
        op = each["op"]
        told = _near(each["text"], number > 0, number < last) if op == "equal" else _changed(each)
        lines = list(map(visible, told.split("\n")))
        begin, end = (COLOURS[op], PLAIN) if colour and op in COLOURS else ("", "")
        yield "\n".join(f"{begin}{line}{end}" for line in lines)


def _changed(segment: dict[str, Any]) -> str:
    moved = f", moved {segment['move']}" if "move" in segment else ""
    return f"⟦{WORDS[segment['op']]}{moved}: {segment['text']}⟧"


def _near(text: str, after: bool, before: bool) -> str:
    """Equal text with only its ends near a change, and ` … ` for the rest; a short text stays whole.

    It keeps its first CONTEXT_CHARACTERS if it comes `after` a change, its last ones if it comes `before` one. Blanks
    at the ends of a shortened text are cut. With neither, it is `…`.
    """
    reach = CONTEXT_CHARACTERS * (after + before)
    if len(text) <= reach:
        return text
    return f"{text[:CONTEXT_CHARACTERS] if after else ''} … {text[-CONTEXT_CHARACTERS:] if before else ''}".strip(" ")
