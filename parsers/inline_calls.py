"""Dates that a page's inline scripts write where they stand: showTime('2026-11-25 08:30')."""

import re
from collections.abc import Sequence
from itertools import islice

from selectolax.lexbor import LexborNode

Calls = Sequence[tuple[int, str]]
Called = Sequence[tuple[LexborNode, str, str]]  # scripts, the text of each and the date that it is called with

MAX_CALLS = 20  # of a page that are looked at; each row of a list has one
MAX_CALL_CHARACTERS = 300  # of a script that only shows a date
_CALL = re.compile(
    r"(?P<name>(?:\bnew\s)?[\w$.]{1,60})\s?\(\s?(?:new Date\(\s?)?"
    r"(?P<quote>[\"'])(?P<first>(?:19|20)\d\d[-/.年]\d[^\"'()\n]{1,26})(?P=quote)\s?[,)]"
)
# Functions that take a day of something else, by a word of their names: loadVote, console.log, ad. Nor does a bare
# `new Date` show one.
_OTHER = re.compile(
    r"\bnew\s|(?:\b|_|(?<=[a-z])(?=[A-Z]))"
    r"(?:[Vv]ote|[Tt]rack|[Cc]ount|[Cc]onsent|[Cc]ookie|[Ss]tat|[Ll]og|[Ee]xpire|[Dd]eadline|[Bb]egin|[Ss]tart|[Ee]nd"
    r"|[Ii]nit|[Aa]ds?(?![a-z]))"
)


def called_with(script: str) -> str | None:
    """The first argument of the first call in a short script that opens with a year and a month; None without one.

    >>> called_with("renderTime('2026-11-25 08:30');"), called_with("loadVote('2026-11-25')")
    ('2026-11-25 08:30', None)
    """
    found = _CALL.search(script) if len(script) <= MAX_CALL_CHARACTERS else None
    return found["first"].strip() if found is not None and _OTHER.search(found["name"]) is None else None


def dated_calls(scripts: Sequence[LexborNode]) -> Called:
    """The scripts outside the head that are called with a date, in the order given, at most MAX_CALLS."""
    inside = (node for node in scripts if node.parent is not None and node.parent.tag != "head")
    told = ((node, node.text(strip=True)) for node in inside if "json" not in (node.attributes.get("type") or ""))
    dated = ((node, text, date) for node, text in told if (date := called_with(text)) is not None)
    return list(islice(dated, MAX_CALLS))


def placed(text: str, called: Called) -> Calls:
    """The dates of scripts whose texts are lines of `text`, each after its offset in the text without these lines."""
    found, after, removed = [], 0, 0
    for _, script, date in called:
        place = text.find(script, after)
        if place >= 0:
            found.append((place - removed, date))
            after, removed = place + len(script), removed + len(script) + 1
    return found
