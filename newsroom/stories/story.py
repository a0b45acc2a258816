"""An article as the newsroom knows it, before any template: its head (all that lists need) and its body."""

from dataclasses import dataclass
from typing import NamedTuple


class Column(NamedTuple):
    """A regular column: its name in addresses, in Chinese and in English."""

    name: str
    zh: str
    en: str


THINKER = Column("thinker", "思想者", "Thinker")
DEPTH = Column("depth", "深度", "Depth")
POLICY = Column("policy", "政策解读", "Policy")
OPINION = Column("opinion", "观点", "Opinion")
ECONOMY = Column("economy", "财经", "Economy")
CULTURE = Column("culture", "文化", "Culture")
COLUMNS = (THINKER, DEPTH, POLICY, OPINION, ECONOMY, CULTURE)

# The column of article n: a round of twenty, so that a column's k-th article is arithmetic.
# Every fifth article (slots 4, 9, 14, 19) is English on the ordinary site.
ROUND = (
    THINKER, POLICY, DEPTH, THINKER, THINKER,
    OPINION, POLICY, ECONOMY, THINKER, POLICY,
    CULTURE, THINKER, DEPTH, POLICY, THINKER,
    OPINION, ECONOMY, THINKER, DEPTH, OPINION,
)  # fmt: skip


def column_of(number: int) -> Column:
    return ROUND[(number - 1) % len(ROUND)]


def language_of(number: int) -> str:
    """The language of an article on the ordinary site: en for numbers 5, 10, 15 …, zh for all others."""
    return "en" if number % 5 == 0 else "zh"


@dataclass(frozen=True, slots=True)
class Head:
    """An article without its text, biography and reprint notice.

    Names are those of schema.org, in snake_case, where it has one.
    """

    number: int
    language: str  # zh or en
    column: Column
    headline: str
    alternative_headline: str | None
    article_section: str
    speaker: str | None
    keywords: tuple[str, ...]
    date_published: str  # ISO 8601 with offset
    author: str | None  # the reporter, if there is no speaker
    editor: str
    summary: str


@dataclass(frozen=True, slots=True)
class Story(Head):
    """A whole article; each of `headings` is the index (from 0) of the paragraph that follows it, and its text."""

    paragraphs: tuple[str, ...]
    headings: tuple[tuple[int, str], ...]
    biography: str | None
    notice: str
