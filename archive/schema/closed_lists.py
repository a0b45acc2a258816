"""Closed lists: every value that a column of archive.db may hold, each defined once. The SQL has none of them."""

from typing import get_args

from archive.decisions import EVENT_KINDS, Origin
from archive.diffing import Significance
from archive.files import Dating, RecordType
from archive.rows import By, CaptureKind, GivenUp, Outcome, Role, Store
from archive.rules import Counted, PresenceState, ProbeOutcome, Rule, Verdict
from parsers.article import MediaKind

# By (table, column). A new value is added to its Literal; the schema does not change.
CLOSED_LISTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("applied", "kind"): get_args(Store),
    ("article_media", "kind"): get_args(MediaKind),
    ("article_people", "role"): get_args(Role),
    ("articles", "state"): get_args(PresenceState),
    ("captures", "dating"): get_args(Dating),
    ("captures", "kind"): get_args(CaptureKind),
    ("captures", "record_type"): get_args(RecordType),
    ("captures", "verdict"): ("article", *get_args(Verdict)),
    ("change_records", "significance"): get_args(Significance),
    ("coverage", "outcome"): get_args(Outcome),
    ("events", "kind"): EVENT_KINDS,
    ("frontier", "given_up"): get_args(GivenUp),
    ("probes", "counted"): get_args(Counted),
    ("probes", "outcome"): get_args(ProbeOutcome),
    ("revision_records", "origin"): get_args(Origin),
    ("revision_records", "significance"): get_args(Significance),
    ("rules", "name"): get_args(Rule),
    ("sightings", "origin"): get_args(Origin),
    ("undeclared_hosts", "by"): get_args(By),
}
