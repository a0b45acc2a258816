"""What a response that gives no article turned out to be: `captures.verdict` of the database."""

from typing import Literal

Verdict = Literal[
    "not_article", "gone", "restricted", "blocked", "layout", "incomplete", "crashed", "quarantined"
]  # fmt: skip
NONE_THERE: tuple[Verdict, ...] = ("not_article", "gone", "restricted")  # no article, or none for us
NOT_READ: tuple[Verdict, ...] = ("layout", "crashed", "quarantined")  # it waits for a parser that can
ANSWERED: tuple[Verdict, ...] = ("layout", "not_article", "crashed")  # the page is there, though not as an article
UNUSABLE: frozenset[Verdict] = frozenset((*ANSWERED, "incomplete", "quarantined"))  # they do not say where it is
