"""Author's biography and reprint notice in the lines under a body."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.reader.body.lines.body_text import Body
from parsers.reader.body.lines.endings import opens_ending
from parsers.reader.body.thresholds import MAX_NOTICE_CHARACTERS
from parsers.reader.view.provenance import Rule, text_from
from parsers.text import after_label, opens_biography, reprint_notice

UNDER_BODY = Rule("biography under the body")
NOTICE_UNDER_BODY = Rule("line under the body that says who may reprint")


def read_tail(lines: Sequence[str], body: Body) -> tuple[str | None, str | None]:
    """Biography and reprint notice, None for one that is missing.

    Each is the body's own, else that in `lines`, which stand under the body, before related items, comments or a
    disclaimer.
    """
    biography, notice = body.biography, body.reprint_notice
    for place, line in enumerate(lines):
        if opens_ending(line):
            break
        if biography is None and opens_biography(line):
            told = after_label(line) or "".join(lines[place + 1 : place + 2])
            biography = text_from(UNDER_BODY, told, line) if told else None
        elif notice is None and len(line) <= MAX_NOTICE_CHARACTERS and reprint_notice(line):
            notice = text_from(NOTICE_UNDER_BODY, line)
    return biography, notice
