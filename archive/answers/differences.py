"""A comparison of two articles as plain values, for `thinker diff --json` and the page's data."""

from dataclasses import asdict
from typing import Any

from archive.diffing import Segment, changes, segments_of, significance_of, told
from archive.rules import differences
from parsers.article import Article


def properties(before: Article, after: Article) -> list[dict[str, Any]]:
    """One dict for each property that differs between the articles.

    Keys: property (its name), significance, changes (each a `Change` as a dict), segments (each with op, text and, if
    it moved, move).
    """
    found = []
    for name, old, new in differences(before, after):
        way = segments_of(name, old, new)
        found.append(
            {
                "property": name,
                "significance": significance_of(name, old, new),
                "changes": [asdict(change) for change in changes(name, way)],
                "segments": [told(segment) for segment in way],
            }
        )
    return found


def segments_in(told_property: dict[str, Any]) -> list[Segment]:
    """The `Segment` objects of one of the dicts that `properties` returns."""
    return [Segment(**segment) for segment in told_property["segments"]]
