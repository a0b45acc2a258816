"""Strings of attackers from the corpora of internal test data: a sample, or all of them with THINKER_SOAK."""

import json
from pathlib import Path

from support.journeys import SOAK

MARKUP = ("xss-ammonia", "xss-bleach", "xss-dompurify", "xss-h5sc", "xss-payload-lists", "ssti", "crlf-injection",
          "naughty-strings", "unicode-bidi")  # fmt: skip
NAMES = ("sql-injection", "fts5-queries", "path-traversal", "open-redirect")
LINES = ("crlf-injection", "csv-injection", "unicode-bidi")  # small: what breaks, begins or turns a line
CORPORA = (*MARKUP, *NAMES)
STEP = 1 if SOAK else 128  # every so manieth string


def strings(shared: Path, corpora: tuple[str, ...] = CORPORA, step: int = STEP) -> list[str]:
    """The distinct strings of these corpora, each corpus sampled by itself."""
    found: dict[str, None] = {}
    for corpus in corpora:
        lines = (shared / "data/corpora" / corpus / "cases.jsonl").read_text("utf-8").splitlines()
        found |= dict.fromkeys(json.loads(line)["input"] for line in lines[::step])
    return [text for text in found if text.strip()]
