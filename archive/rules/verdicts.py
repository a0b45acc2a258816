"""Verdicts on responses that give no article: `captures.verdict` of the database."""

from typing import Literal

Verdict = Literal[
    "not_article", "gone", "restricted", "blocked", "layout", "incomplete", "crashed", "quarantined"
]  # fmt: skip
NONE_THERE: tuple[Verdict, ...] = ("not_article", "gone", "restricted")  # no article, or none that we may read
NOT_READ: tuple[Verdict, ...] = ("layout", "crashed", "quarantined")  # waiting for a parser that can read it
ANSWERED: tuple[Verdict, ...] = ("layout", "not_article", "crashed")  # the page is there, though not read as an article
UNUSABLE: frozenset[Verdict] = frozenset((*ANSWERED, "incomplete", "quarantined"))  # they do not show if it is missing
