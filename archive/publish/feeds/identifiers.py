"""Names of feeds and entries that stay for ever (RFC 4287 §4.2.6).

They are UUIDs of names (RFC 9562 §5.5): a tag URI (RFC 4151) would need a domain of its own, which a site that moves
to another address does not have. No number of a row goes in, for a rebuild may give it to another.
"""

import json
from typing import Any
from uuid import UUID, uuid5

_HOW = ("before", "limit", "order", "ui")  # what an address says of how a list is told
_ARCHIVE = UUID("9d561fa2-d31e-4e59-a84d-8412035e0f15")  # never to be changed: every name follows from it


def of_feed(path: str, query: dict[str, list[str]]) -> str:
    """The feed of a list, by what it lists: not by language, length, order, place in it or address of the site."""
    listed = sorted((name, sorted(values)) for name, values in query.items() if name not in _HOW)
    return _named("feed", path, listed)


def of_article(row: dict[str, Any]) -> str:
    """An article, by its key."""
    return _named("article", row["key"])


def of_event(row: dict[str, Any]) -> str:
    """An event, by the ledger line that tells of it.

    A revision whose line another event has already goes by what was seen of which article, and when.
    """
    if row["digest"]:
        return _named("event", row["digest"])
    return _named("event", row["source"], row["kind"], row["key"], row["at"])


def _named(*parts: object) -> str:
    return uuid5(_ARCHIVE, json.dumps(parts)).urn
