"""Dates that a page's inline scripts write where they stand: showTime('2026-11-25 08:30')."""

import re

MAX_CALLS = 20  # of a page that are looked at; each row of a list has one
MAX_CALL_CHARACTERS = 300  # of a script that only shows a date
_CALL = re.compile(r"[\w$]\s?\(\s?(?P<quote>[\"'])(?P<first>(?:19|20)\d\d[-/.年]\d[^\"'()\n]{1,26})(?P=quote)\s?[,)]")


def called_with(script: str) -> str | None:
    """The first argument of the first call in a short script that opens with a year and a month; None without one.

    >>> called_with("showTime('2026-11-25 08:30');"), called_with("track('a8f3')")
    ('2026-11-25 08:30', None)
    """
    found = _CALL.search(script) if len(script) <= MAX_CALL_CHARACTERS else None
    return found["first"].strip() if found is not None else None
