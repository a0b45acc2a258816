"""The type and the values of each parameter of the site, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from archive.decisions import EVENT_KINDS
from archive.diffing import Significance
from archive.publish.lists.changes_request import MAX_QUERY_CHARACTERS
from archive.publish.places.selecting import ROLES
from archive.publish.search.phrase_request import SORTS
from archive.publish.search.search_request import STATES
from archive.search import ORDERS

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer", "minimum": 1}
_SWITCH: Schema = {"type": "integer", "enum": [0, 1]}
_DAY: Schema = {"type": "string", "format": "date"}
_QUERY: Schema = {"type": "string", "maxLength": MAX_QUERY_CHARACTERS}


def _one_of(values: tuple[str, ...]) -> Schema:
    return {"type": "string", "enum": list(values)}


SCHEMAS: Mapping[str, Schema] = {
    "ui": _one_of(("zh", "en")),
    "before": _TEXT, "limit": _NUMBER, "after": _TEXT, "q": _QUERY, "phrase": _TEXT, "since": _DAY, "until": _DAY,
    "order": _one_of(ORDERS), "ever": _SWITCH, "gone": _SWITCH, "exact": _SWITCH, "source": _TEXT, "column": _TEXT,
    "tag": _TEXT, "speaker": _TEXT, "person": _TEXT, "year": {"type": "string", "pattern": r"^\d{4}$"},
    "state": _one_of(STATES), "language": _TEXT, "kind": _one_of(EVENT_KINDS),
    "significance": _one_of(get_args(Significance)), "min_size": {"type": "integer", "minimum": 0}, "all": _SWITCH,
    "share": _SWITCH, "of": _NUMBER, "sort": _one_of(SORTS), "from": _NUMBER,
    "in": {"type": "string", "pattern": r"^\d{4}(-\d\d){0,2}$"}, "role": _one_of(ROLES), "name": _TEXT,
    "at": {"type": "string", "format": "date-time"}, "form": _SWITCH, "deep": _SWITCH,
    "_size": _NUMBER, "_shape": _one_of(("objects", "array", "arrays", "arrayfirst")), "_next": _TEXT, "_search": _TEXT,
    "_sort": _TEXT, "_sort_desc": _TEXT, "_col": _TEXT,
}  # fmt: skip
# Names that mean something else at some addresses: the message that says what.
_ELSEWHERE = {
    ("search", "limit"): "limit_search",
    ("timemap", "after"): "after_timemap",
    ("phrase", "q"): "q_phrase",
    ("phrase", "all"): "all_phrase",
    ("phrase_changes", "q"): "q_phrase",
}
OF_TABLES = ("_shape", "_size", "_next", "_search", "_sort", "_sort_desc", "_col")  # Datasette's, of a table


def message_of(address: str, name: str) -> str:
    """The name of the message that says what a parameter does at an address, both by name."""
    return f"parameter_{_ELSEWHERE.get((address, name), name)}"
