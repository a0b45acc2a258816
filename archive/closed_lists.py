"""Closed lists: every value that a column of archive.db may hold, once. SQL names none of them."""

from typing import Literal, get_args

from archive.crawl_rows import Outcome
from archive.decisions.fields import Origin
from archive.events import PresenceState
from archive.significance import Significance
from archive.verdicts import Verdict
from parsers.article import MediaKind

RecordType = Literal["response", "revisit", "resource"]  # the record types of captures (ISO 28500 §6)
Role = Literal["speaker", "author", "editor"]
GivenUp = Literal["failed", "refused"]  # why an address is asked for no more
Store = Literal["warc", "ledger"]

# By table and column. A value that is added is a word in its Literal, and no step of the schema.
CLOSED_LISTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("applied", "kind"): get_args(Store),
    ("article_media", "kind"): get_args(MediaKind),
    ("article_people", "role"): get_args(Role),
    ("articles", "state"): get_args(PresenceState),
    ("captures", "record_type"): get_args(RecordType),
    ("captures", "verdict"): ("article", *get_args(Verdict)),
    ("change_records", "significance"): get_args(Significance),
    ("coverage", "outcome"): get_args(Outcome),
    ("frontier", "given_up"): get_args(GivenUp),
    ("revision_records", "origin"): get_args(Origin),
    ("revision_records", "significance"): get_args(Significance),
    ("sightings", "origin"): get_args(Origin),
}
