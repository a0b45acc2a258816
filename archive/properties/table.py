"""The table of properties: columns, search index, views, comparisons, pages, downloads and docs are derived from it.

Changes of a revision are listed in this order, so a new property goes where it should appear. Names in Chinese and
English are in archive/publish/messages/properties.py.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "line",  # one line, compared character by character
    "name",  # a name or term, compared as one value
    "passage",  # a few sentences
    "text",  # paragraphs
    "names",  # several names or terms
    "lines",  # several lines
    "pairs",  # labels with their values
    "time",  # ISO 8601, with the page's own offset
    "files",  # pictures and attachments
    "links",
    "address",
    "code",  # a word of a closed list, an id, or a text that only programs read
    "flag",
    "numbers",
]
LISTS: frozenset[Kind] = frozenset({"names", "lines", "pairs", "files", "links", "numbers"})
# A column of `articles`; a key in its JSON `details`; rows of other tables; nowhere, because it is made of others.
Stored = Literal["column", "details", "rows", "nowhere"]
Pair = tuple[str, str]  # English, Chinese


@dataclass(frozen=True, slots=True)
class ComputedColumn:
    """A column of `articles` that is computed from a property; its flags mean the same as those of `Property`."""

    name: str
    meaning: Pair
    folded: bool = False
    counted: bool = False
    exported: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an article, and everything that the archive does with it.

    The digest of a state covers it unless `in_digest` is False. A property that is added later is left out of the
    digest while it is empty, as any other, so no digest of a page without it changes.
    """

    name: str
    kind: Kind
    stored: Stored
    meaning: Pair | None = None  # of its column, for Datasette
    field: str | None = None  # its name in `Article`, if another
    in_digest: bool = True
    beside: bool = False  # stored with a state but no part of it: a reparse shows new values
    in_state_texts: bool = False  # a column of superseded texts; else it is in their details
    weight: float | None = None  # in a search by relevance (BM25); None: not searched
    substantive: bool = True  # False: each change of it is cosmetic
    watched: bool | None = None  # if a crawl finds it in few pages, the layout changed; None: as in_digest
    correctable: bool = False  # an operator can say beside it what it is
    folded: bool = False  # left out of a table page until all columns are asked for
    counted: bool = False  # a table page offers counts of its values
    exported: bool = False  # in the downloads of a month
    computed: tuple[ComputedColumn, ...] = ()

    @property
    def is_list(self) -> bool:
        """True if its value is a list."""
        return self.kind in LISTS

    @property
    def is_watched(self) -> bool:
        """True if crawls count the pages that have it."""
        return self.in_digest if self.watched is None else self.watched

    @property
    def is_passage(self) -> bool:
        """True if its value is text of the publisher, of which the site may have to show only a part."""
        return self.kind in ("passage", "text")

    @property
    def is_inner(self) -> bool:
        """True if its value is parts of the text and their places, such as headings."""
        return self.stored == "details" and self.kind in ("lines", "numbers", "links")

    @property
    def attribute(self) -> str:
        """The name of its field in `Article`."""
        return self.field or self.name


PROPERTIES = (
    Property(
        "canonical_url", "address", "column", ("canonical address named by the page", "页面声明的规范网址"),
        in_digest=False, folded=True,
    ),
    Property(
        "headline", "line", "column", ("title without column, speaker and keywords", "标题，不含栏目、主讲人和关键词"),
        in_state_texts=True, weight=5.0, exported=True, correctable=True,
    ),
    Property(
        "alternative_headline", "line", "column", ("second part of the title, or 副题", "标题的后半句，或副题"),
        in_state_texts=True, weight=3.0, folded=True, exported=True, correctable=True,
    ),
    Property(
        "kicker", "line", "column", ("引题, the line above the headline", "引题，标题上方的一行"),
        watched=False, folded=True, correctable=True,
    ),
    Property(
        "article_section", "name", "column",
        (
            "the column, such as Thinker (思想者); if the page names none, the category given by a feed",
            "栏目，如“思想者”；页面未写栏目的，取订阅源（feed）标注的类别",
        ),
        counted=True, exported=True, correctable=True,
        computed=(
            ComputedColumn(
                "listed_section",
                (
                    "article_section, if a feed and not the page names it; not part of a version",
                    "出自订阅源、页面未写的栏目；不属于版本内容",
                ),
            ),
        ),
    ),
    Property(
        "speaker", "name", "column", ("the person who gave the talk or wrote the essay", "主讲人或署名人"),
        in_state_texts=True, weight=3.0, counted=True, exported=True, correctable=True,
    ),
    Property("standfirst", "passage", "column", folded=True, correctable=True),
    Property("authors", "names", "details", correctable=True),
    Property("editors", "names", "details", substantive=False, correctable=True),
    Property(
        "source_line", "name", "column", ("the source credited on the page (来源)", "页面注明的稿件来源"),
        folded=True, correctable=True,
    ),
    Property("keywords", "names", "details", in_state_texts=True, weight=3.0, correctable=True),
    Property(
        "date_published", "time", "column",
        (
            "ISO 8601 with the page's own offset; for the day use published_date, because date() gives the day in UTC",
            "ISO 8601，保留页面的时区；日期请用 published_date，因为 date() 得到的是 UTC 日期",
        ),
        folded=True, exported=True, correctable=True,
        computed=(
            ComputedColumn(
                "date_published_utc", ("the same time in UTC, for sorting", "同一时间的 UTC，用于排序"), folded=True,
            ),
            ComputedColumn(
                "published_date",
                (
                    "calendar date in the source's time zone; do not use date() on date_published",
                    "来源所在时区的日期；不要对 date_published 用 date()",
                ),
                exported=True,
            ),
            ComputedColumn(
                "published_month", ("calendar month in the source's time zone", "来源所在时区的月份"),
                folded=True, counted=True,
            ),
        ),
    ),
    Property(
        "date_published_raw", "code", "column", ("date as written on the page", "页面上的日期原文"),
        in_digest=False, folded=True,
    ),
    Property(
        "date_precision", "code", "column",
        ("precision of the page's date: day, hour, minute or second", "页面日期的精度：day、hour、minute、second"),
        in_digest=False, folded=True,
    ),
    Property("zone_assumed", "flag", "details", in_digest=False),
    Property("date_modified", "time", "column", in_digest=False, folded=True, correctable=True),
    Property(
        "in_language", "code", "column", ("language code (BCP 47)", "语言代码（BCP 47）"),
        in_digest=False, folded=True, exported=True, correctable=True,
    ),
    Property("identity", "code", "details", in_digest=False),
    Property(
        "body_text", "text", "column", field="paragraphs", in_state_texts=True, weight=1.0,
        computed=(
            ComputedColumn(
                "characters", ("length of the body without line breaks", "正文字数（不含换行）"), exported=True,
            ),
        ),
    ),
    Property("headings", "lines", "details"),
    Property("heading_positions", "numbers", "details", in_digest=False),
    Property("biography", "text", "details"),
    Property("reprint_notice", "text", "details"),
    Property("related", "links", "rows", in_digest=False),
    Property("media", "files", "rows", in_digest=False, watched=True),
    Property("links", "links", "details", in_digest=False, beside=True),
    Property("metadata", "pairs", "details", watched=False),
    Property("incomplete", "flag", "details", in_digest=False),
    Property("attachments", "files", "nowhere", watched=False),  # the attachments among media
)  # fmt: skip

BY_NAME = {each.name: each for each in PROPERTIES}
SEARCHED = tuple(each for each in PROPERTIES if each.weight is not None)
CORRECTABLE = tuple(each.name for each in PROPERTIES if each.correctable)
"""The names of the properties that an operator can correct."""
EXPORTED = tuple(
    name
    for each in PROPERTIES
    for name in (*([each.name] if each.exported else []), *(column.name for column in each.computed if column.exported))
)
"""The names of the columns of `articles` that come from pages and are in the downloads of a month."""


def may_be_substantive(name: str) -> bool:
    """True if a change of the property of this name may be substantive; also for a name unknown to this version."""
    return name not in BY_NAME or BY_NAME[name].substantive


def of_kind(*kinds: Kind) -> tuple[str, ...]:
    """The names of the properties that are of one of these kinds, in the order of PROPERTIES."""
    return tuple(each.name for each in PROPERTIES if each.kind in kinds)


def columns() -> tuple[Property | ComputedColumn, ...]:
    """The columns of `articles` that come from pages: each property with a column, then those computed from it."""
    found: list[Property | ComputedColumn] = []
    for each in PROPERTIES:
        if each.stored == "column":
            found += [each, *each.computed]
    return tuple(found)
