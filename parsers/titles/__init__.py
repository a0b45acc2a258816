"""A title line taken apart, and the names of columns, sites and channels that stand in it."""

from parsers.titles.columns import column_key, is_channel, is_column, is_site
from parsers.titles.line import TitleParts, parse_title, speaker_in, title_key

__all__ = ["TitleParts", "column_key", "is_channel", "is_column", "is_site", "parse_title", "speaker_in", "title_key"]
