"""Permanent identifiers of feeds and entries (RFC 4287 §4.2.6).

They are name-based UUIDs (RFC 9562 §5.5): a tag URI (RFC 4151) needs a domain, and the site may move to another. Row
ids are not part of them, for a rebuild of the database may reassign those.
"""

import json
from typing import Any
from uuid import UUID, uuid5

_HOW = ("before", "limit", "order", "ui")  # parameters that change how a list is shown, not its subject
_ARCHIVE = UUID("9d561fa2-d31e-4e59-a84d-8412035e0f15")  # never to be changed: every name follows from it


def of_feed(path: str, query: dict[str, list[str]]) -> str:
    """The id of a list's feed, as `urn:uuid:…`, from its path and its query.

    Language, length, order, position in the list and the site's host do not change it.
    """
    listed = sorted((name, sorted(values)) for name, values in query.items() if name not in _HOW)
    return _named("feed", path, listed)


def of_article(row: dict[str, Any]) -> str:
    """The id of an article's entry, from its key."""
    return _named("article", row["key"])


def of_event(row: dict[str, Any]) -> str:
    """The id of an event's entry, from the digest of its ledger line.

    If the event has no line of its own, the id comes from its source, kind, article and time.
    """
    if row["digest"]:
        return _named("event", row["digest"])
    return _named("event", row["source"], row["kind"], row["key"], row["at"])


def _named(*parts: object) -> str:
    return uuid5(_ARCHIVE, json.dumps(parts)).urn
