"""A comparison of two articles as plain values, as `thinker diff --json` and the page's data have it."""

from dataclasses import asdict
from typing import Any

from archive.diffing.comparing import Segment, told
from archive.diffing.properties import segments_of
from archive.diffing.significance import significance
from archive.diffing.summing import changes
from archive.rules.identity import differences
from parsers.article import Article


def properties(before: Article, after: Article) -> list[dict[str, Any]]:
    """The properties that differ: property, significance, segments (op, text, move), and by kind what changed."""
    found = []
    for name, old, new in differences(before, after):
        way = segments_of(name, old, new)
        found.append(
            {
                "property": name,
                "significance": significance(name, old, new),
                "changes": [asdict(change) for change in changes(name, way)],
                "segments": [told(segment) for segment in way],
            }
        )
    return found


def segments_in(told_property: dict[str, Any]) -> list[Segment]:
    """The segments of a property as it was told."""
    return [Segment(**segment) for segment in told_property["segments"]]
