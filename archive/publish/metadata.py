"""What Datasette says about tables and columns, and how it shows them."""

from typing import Any

from archive.publish.reading import DATABASE

PAGE_SIZE = 30
_MOMENT = "UTC, fixed width, so that text order is time order"

_ARTICLES = {
    "description": "One row a work, as it was last seen. 每篇文章一行，为最近所见。",
    "label_column": "headline",
    "fts_table": "articles_fts",
    "fts_pk": "search_id",
    "sort_desc": "search_id",
    "sortable_columns": [
        "id", "search_id", "key", "published_date", "date_published_utc", "characters",
        "first_seen_at", "last_seen_at", "revisions",
    ],
    "columns": {
        "key": "permanent name, used in /a/KEY",
        "search_id": "order of publication: the rowid in articles_fts",
        "url": "as fetched",
        "canonical_url": "what the page claims",
        "headline": "title without column, speaker and tag line",
        "alternative_headline": "second clause of the title, or 副题",
        "kicker": "引题, the line above the headline",
        "article_section": "the running column: Thinker, 思想者",
        "speaker": "whose talk or essay it is",
        "date_published": "ISO 8601 in the page's own offset",
        "date_published_utc": "the same moment in UTC, for order",
        "date_published_raw": "as it stands on the page",
        "date_precision": "how much of it the page gave: day, hour, minute, second",
        "published_date": "calendar date in the source's zone; do not use date() on date_published",
        "published_month": "calendar month in the source's zone",
        "in_language": "BCP 47",
        "source_line": "来源, as the page names it",
        "characters": "length of the body without line breaks",
        "first_seen_at": _MOMENT,
        "last_seen_at": _MOMENT,
        "first_missed_at": "since when it has been missing; empty while it is there",
        "state": "live, unvisited (imported, never asked for online), unreachable, soft_gone (not yet confirmed), "
        "redirected, delisted, removed, restricted, withdrawn",
        "revisions": "how many versions the site showed: the first and every substantive edit",
        "shown_at": "since when it has read so",
        "content_digest": "SHA-256 of the normalised properties; its first 12 digits name the version",
        "details": "JSON of the properties that have no column",
        "body_text": "paragraphs joined by a newline, without headings where the source is a declared one",
    },
}  # fmt: skip

_TABLES: dict[str, dict[str, Any]] = {
    "articles": _ARTICLES,
    "sources": {"description": "The publishers that are watched.", "label_column": "publisher"},
    "crawls": {
        "description": "Every run over a source.",
        "sort_desc": "started_at",
        "columns": {
            "key": "permanent name of the run",
            "due_at": "the slot of the schedule it served",
            "finish_reason": "finished, or why not; empty while it runs",
            "revisits": "captures whose bytes were known",
            "errors": "pages that could not be fetched or understood",
        },
    },
    "captures": {
        "description": "One retrieval at one moment; the bytes lie in WARC files.",
        "sort_desc": "captured_at",
        "sortable_columns": ["id", "captured_at", "status"],
        "columns": {
            "urlkey": "identity of the address (SURT form)",
            "record_type": "response, revisit (same bytes as before) or resource",
            "payload_digest": "digest of the body as received",
            "refers_to": "the capture that a revisit repeats",
            "parse_error": "why no article was read from it",
            "verdict": "article, or why it shows none: not_article, gone, restricted, blocked, layout (it waits: the "
            "layout is new), incomplete, crashed (the parser failed), quarantined; empty for lists and revisits",
            "kind": "article, page (a further page of an article), hop (a redirect that was followed) or list",
            "pages": "of an article's first page: how many pages it was read from",
        },
    },
    "revisions": {
        "description": "Each text that an article was seen in, in order; one that came back is there twice.",
        "sortable_columns": ["captured_at", "number"],
        "columns": {
            "number": "1, 2, … of the first text and each substantive edit by the site; empty for cosmetic differences "
            "and for what another parser read",
            "parser_version": "which parser read it so",
            "position": "place in the article's history, the others included",
            "run": "rows of one run are readings of the same captures",
            "origin": "site, import, reparse or operator: only site counts as an edit by the publisher",
            "significance": "substantive, or cosmetic when only width, blanks, the shape of a mark, counters or the "
            "editor line differ",
        },
    },
    "changes": {
        "description": "One row for each property that a revision changed.",
        "sort_desc": "id",
        "sortable_columns": ["id"],
    },
    "events": {
        "description": "What happened: new and edited follow from the revisions, each other row is a ledger line.",
        "sort_desc": "id",
        "sortable_columns": ["id", "at", "recorded_at"],
        "columns": {
            "at": _MOMENT,
            "recorded_at": _MOMENT,
            "digest": "of the ledger line that tells of it, empty where a revisit has none; previous_digest chains it",
        },
    },
    "probes": {
        "description": "Every visit that did not simply find its article: the evidence of what is judged gone.",
        "sort_desc": "id",
        "sortable_columns": ["id", "at"],
        "columns": {
            "at": _MOMENT,
            "outcome": "gone, redirected, restricted, unreachable; found, answered (something else, or its headline, "
            "stands there), listed",
            "counted": "yes, or why not: no_witness, seeds_failed, too_soon, unreachable, answered (it was seen at "
            "another address), withdrawn",
            "capture_id": "what stood in the article's place",
            "witness_id": "another article of the host that answered about then",
        },
    },
    "keywords": {"description": "Tags, as the sites give them.", "label_column": "name"},
    "people": {"description": "Speakers, authors and editors.", "label_column": "name"},
    "article_people": {"description": "Who spoke, wrote or edited."},
    "article_keywords": {"description": "What an article is filed under."},
    "related_links": {"description": "What the page offered to read next; not part of the body."},
    "article_media": {"description": "Pictures and attachments, as links."},
    "addresses": {"description": "One article, many addresses."},
    "coverage": {"description": "Every slot of the schedule and what became of it.", "sort_desc": "due_at"},
    "field_coverage": {
        "description": "How many pages of a crawl had each property: a loss shows that a site was redesigned.",
        "columns": {"pages": "articles read in the crawl", "filled": "how many of them had the property"},
    },
    "health": {"description": "What the last check of each rule said."},
    "latest_articles": {"description": "Newest first. 最新文章"},
    "latest_changes": {"description": "What changed, latest first. 最近的变动"},
    "removed_articles": {"description": "What publishers no longer show. 已消失的文章"},
    "speakers_by_year": {"description": "How often each speaker appeared. 每年主讲人"},
    "articles_by_month": {"description": "Counts by source and month. 逐月篇数"},
    "keywords_by_articles": {"description": "Keywords by number of articles. 关键词"},
}

# What only the machinery reads; reachable by name, not listed.
_HIDDEN = (
    "applied", "warc_records", "warc_ranges", "damage", "frontier", "lists", "listed", "states", "state_texts",
    "sightings", "revision_records", "change_records", "related_records", "revision_captures", "_sqlite_migrations",
    "articles_fts", "revisions_fts",
)  # fmt: skip

METADATA: dict[str, Any] = {
    "title": "Thinker Archive 思想者档案",
    "description": "Every article of the Thinker (思想者) column and related policy sites, every version, "
    "every disappearance. Texts belong to their publishers; each row names its source.",
    "databases": {
        DATABASE: {
            "description": "Raw tables and views. The same as pages for reading: /",
            "tables": {
                **{name: {"size": PAGE_SIZE, **told} for name, told in _TABLES.items()},
                **{name: {"hidden": True} for name in _HIDDEN},
            },
        }
    },
}
