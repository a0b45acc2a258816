"""The metadata with which Datasette shows the tables: labels, order, hidden tables, folded columns."""

from typing import Any

from archive.files import DATABASE
from archive.properties import columns
from archive.schema.descriptions import BOOK_KEEPING, TABLES
from archive.schema.views import INDEXES

PAGE_SIZE = 20

# The column by which rows that refer to a table name its row.
LABELS = {
    "articles": "headline",
    "sources": "publisher",
    "crawls": "key",
    "captures": "captured_at",
    "keywords": "name",
    "people": "name",
    "revision_records": "captured_at",
    "states": "headline",
    "lists": "url",
}

# Columns left out of a table page until all are asked for; JSON and CSV always have them.
FOLDED: dict[str, list[str]] = {
    "articles": [
        "search_id", "url", *(column.name for column in columns() if column.folded), "first_seen_at", "first_missed_at",
        "last_missed_at", "misses", "unjudged_since", "shown_at", "content_digest", "details",
    ],
    "captures": [
        "record_id", "urlkey", "payload_digest", "refers_to", "etag", "last_modified", "warc_file", "warc_offset",
        "warc_length", "pages", "parser_version",
    ],
    "crawls": ["key", "due_at"],
    "revisions": ["recorded_at", "position", "run", "parser_version", "content_digest"],
    "events": ["recorded_at", "previous_digest", "digest"],
    "addresses": ["urlkey"],
}  # fmt: skip

# Columns with few values, for which a table page offers counts.
COUNTED = {
    "articles": ["source", *(column.name for column in columns() if column.counted), "state"],
    "captures": ["source", "status", "record_type", "kind", "verdict", "dating"],
    "events": ["source", "kind"],
    "revisions": ["origin", "significance"],
    "changes": ["property", "significance"],
    "probes": ["outcome", "counted"],
    "coverage": ["source", "outcome"],
    "article_people": ["role"],
}

_ORDER: dict[str, dict[str, Any]] = {
    "articles": {
        "fts_table": "article_words",
        "fts_pk": "search_id",
        "sort_desc": "search_id",  # as by date, but unique: of equal dates Datasette's next page leaves out some
        "sortable_columns": [
            "id", "search_id", "key", "published_date", "date_published_utc", "characters",
            "first_seen_at", "last_seen_at", "revisions",
        ],
    },
    "crawls": {"sort_desc": "started_at"},
    "captures": {"sort_desc": "captured_at", "sortable_columns": ["id", "captured_at", "status"]},
    "revisions": {"sortable_columns": ["captured_at", "number"]},
    "changes": {"sort_desc": "id", "sortable_columns": ["id"]},
    "events": {"sort_desc": "id", "sortable_columns": ["id", "at", "recorded_at"]},
    "probes": {"sort_desc": "id", "sortable_columns": ["id", "at"]},
    "coverage": {"sort_desc": "due_at"},
    "state_texts": {"sortable_columns": ["state_id"]},  # sorted by a text, the link to the next page would contain it
}  # fmt: skip

# Reachable by name but not listed: tables for the machinery, and views for those who ask for them.
_HIDDEN = {*BOOK_KEEPING, *INDEXES, "revision_captures"}


def _table(name: str) -> dict[str, Any]:
    label = {"label_column": LABELS[name]} if name in LABELS else {}
    hidden = {"hidden": True} if name in _HIDDEN else {}
    return {"size": PAGE_SIZE, **_ORDER.get(name, {}), **label, **hidden}


# Datasette copies all of it for every table, a hundred times a page, so the descriptions are elsewhere.
METADATA: dict[str, Any] = {
    "title": "Thinker Archive 思想者档案",
    "description": "Every article of the Thinker (思想者) column and related policy sites, with every version and "
    "every removal. Texts belong to their publishers; each row names its source.",
    "databases": {
        DATABASE: {
            "description": "Tables and views. For pages to read, go to /",
            "tables": {name: _table(name) for name in sorted({*TABLES, *_HIDDEN, *LABELS})},
        }
    },
}


def hidden(table: str) -> bool:
    """True if a table or view is not listed for readers: an internal one, or one that this version does not know."""
    return table in _HIDDEN or table not in TABLES
