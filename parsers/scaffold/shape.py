"""The scaffolding of a page: it stays when the text is edited and changes when the site is redesigned."""

import re

MARKS = re.compile(rb"\b(?:class|id)\s*=\s*[\"']?([^\"'<>]{1,400})", re.IGNORECASE)
NAMES = re.compile(rb"\"([A-Za-z_][\w-]{0,60})\"\s*:")
DIGITS = re.compile(rb"\d+")
MAX_ATTRIBUTES = 5_000  # attributes that are looked at
MAX_SHAPE_BYTES = 4_000_000
MIN_MARKS = 8  # with fewer marks a comparison of two pages says little


def shape_of(payload: bytes) -> frozenset[bytes]:
    """The set of a page's classes and ids, each number in them as 0, or of the names in a JSON answer.

    Never raises; linear time.
    """
    head = payload[:MAX_SHAPE_BYTES]
    if head.lstrip()[:1] in (b"{", b"["):
        return frozenset(NAMES.findall(head)[:MAX_ATTRIBUTES])
    found = MARKS.findall(head)[:MAX_ATTRIBUTES]
    return frozenset(DIGITS.sub(b"0", name) for value in found for name in value.split())


def likeness(before: frozenset[bytes], after: frozenset[bytes]) -> float | None:
    """The share of the smaller set that the other one has too (0.0 to 1.0); None if one has fewer than MIN_MARKS.

    An edit adds or drops a few marks, a redesign replaces most.
    """
    smaller = min(len(before), len(after))
    return len(before & after) / smaller if smaller >= MIN_MARKS else None
