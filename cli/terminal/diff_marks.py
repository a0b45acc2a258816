"""The changes of a text in one piece: `[-old-]` red and `{+new+}` green on a terminal, with little of the rest."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from cli.program.common import visible

CONTEXT_CHARACTERS = 40  # characters of context on either side of a change
MARKS = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
COLOURS = {"delete": "\x1b[31m", "insert": "\x1b[32m"}
PLAIN = "\x1b[0m"


def has_colour() -> bool:
    """Whether stdout is a terminal that shows colours, to somebody who wants them (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def marked(segments: Sequence[dict[str, Any]], colour: bool = False) -> str:
    """The segments as a terminal can show them: [-old-] {+new+}, and [-moved 1: …-] where a stretch went elsewhere.

    What steers a terminal is an escape already, so that colour, where it is wanted, is the only thing that does.
    """
    return "".join(_pieces(segments, colour))


def _pieces(segments: Sequence[dict[str, Any]], colour: bool) -> Iterator[str]:
    last = len(segments) - 1
    for number, each in enumerate(segments):
        op = each["op"]
        told = _near(each["text"], number > 0, number < last) if op == "equal" else _changed(each)
        lines = MARKS[op].format("\n".join(map(visible, told.split("\n")))).split("\n")
        begin, end = (COLOURS[op], PLAIN) if colour and op in COLOURS else ("", "")
        yield "\n".join(f"{begin}{line}{end}" for line in lines)


def _changed(segment: dict[str, Any]) -> str:
    return f"moved {segment['move']}: {segment['text']}" if "move" in segment else str(segment["text"])


def _near(text: str, after: bool, before: bool) -> str:
    """The context that stands behind a change, before one, or between two."""
    reach = CONTEXT_CHARACTERS * (after + before)
    if len(text) <= reach:
        return text
    return f"{text[:CONTEXT_CHARACTERS] if after else ''} … {text[-CONTEXT_CHARACTERS:] if before else ''}".strip(" ")
