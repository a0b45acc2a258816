"""When: a date as a page prints it, in whatever form, becomes a moment with its precision."""

from parsers.dates.reading import ParsedDate, conflicts, find_dates, iso_moment, parse_date
from parsers.dates.relative import AGO
from parsers.dates.western import WESTERN_DATE, in_english, whole_year

__all__ = [
    "AGO",
    "WESTERN_DATE",
    "ParsedDate",
    "conflicts",
    "find_dates",
    "in_english",
    "iso_moment",
    "parse_date",
    "whole_year",
]
