"""A title line taken apart, and the names of columns, sites and channels that stand in it."""

from parsers.titles.columns import column_key, is_channel, is_column, is_site
from parsers.titles.line import TitleParts, parse_title, speaker_in, title_key
from parsers.titles.sections import (
    MAX_CATEGORIES,
    MAX_SECTION_CHARACTERS,
    SECTION_STARTS,
    UNNAMED_SECTIONS,
    category_of,
    may_be_section,
    repeats_headline,
)

__all__ = [
    "MAX_CATEGORIES",
    "MAX_SECTION_CHARACTERS",
    "SECTION_STARTS",
    "UNNAMED_SECTIONS",
    "TitleParts",
    "category_of",
    "column_key",
    "is_channel",
    "is_column",
    "is_site",
    "may_be_section",
    "parse_title",
    "repeats_headline",
    "speaker_in",
    "title_key",
]
