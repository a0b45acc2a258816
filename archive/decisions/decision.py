"""Decisions, and the ledger lines that hold them: each is made from the other, and entered into the database."""

from collections.abc import Container
from dataclasses import dataclass as plain
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from archive.decisions.fields import CLOSED, TOP, ArticleKey, Digest, Moment, RecordId
from archive.files import NEWER, LedgerError, LedgerLine, OtherVersion, canonical
from archive.rows import Connection, KnownKey, Unproved, known_key
from archive.rules import ArticleState

OPERATOR = "operator"  # the chain of acts


@plain(frozen=True, slots=True)
class LedgerEntry:
    """A ledger line to enter into the database `conn`, with the folder of the captures that it names.

    state: the content of the line's conversion record; None if it is still to be read from there.
    """

    conn: Connection
    folder: Path  # of the captures
    line: LedgerLine
    state: ArticleState | None = None


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Decision:
    """One decision; a subclass that sets the class attribute `kind` is a kind of ledger line."""

    KINDS: ClassVar[dict[str, type["Decision"]]] = {}
    kind: ClassVar[str]
    is_event: ClassVar[bool] = False  # True: readers see it too, as a row of `events`

    at: Moment
    """When it happened: the capture's moment, or the slot's."""
    key: ArticleKey | None = None
    """The article."""
    content_digest: Digest | None = None
    """SHA-256 of what makes the article's state."""
    payload_digest: Digest | None = None
    """SHA-256 of the body that the capture holds or repeats, as the server sent it."""
    conversion_digest: Digest | None = None
    """SHA-256 of the block of the record that keeps what was read from the capture."""
    record_id: RecordId | None = None
    """The capture that shows it, or the warcinfo record of a crawl."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if "kind" in cls.__dict__:
            Decision.KINDS[cls.kind] = cls

    def enter(self, entry: LedgerEntry) -> int | None:
        """Apply the decision to the database; returns the id of the revision that it makes or names, else None.

        Raises Unproved if the captures do not support it.
        """
        raise NotImplementedError


def line_of(decision: Decision, chain: str, recorded_at: str) -> LedgerLine:
    """The decision as a ledger line, still without its own digest and that of the line before.

    Fields with their defaults are left out of the detail.
    """
    adapter = _adapter(decision.kind)
    detail = adapter.dump_python(decision, mode="json", by_alias=True, exclude=set(TOP), exclude_defaults=True)
    top = {name: getattr(decision, name) for name in TOP}
    return LedgerLine(chain=chain, recorded_at=recorded_at, kind=decision.kind, detail=detail, **top)


def decision_of(line: LedgerLine) -> Decision:
    """The decision in a line. Raises OtherVersion for an unknown kind, LedgerError for wrong fields."""
    where = f"{line.chain}.jsonl, line {line.digest}"
    kind = Decision.KINDS.get(line.kind)
    if kind is None:
        raise OtherVersion(f"{where}: the kind {line.kind!r} is unknown: {NEWER}")
    try:
        return kind(**line.detail, **{name: getattr(line, name) for name in TOP})
    except (ValidationError, TypeError) as error:
        raise LedgerError(f"{where}: not a line of kind {line.kind}: {' '.join(str(error).split())[:200]}") from None


def apply(entry: LedgerEntry, decision: Decision) -> int | None:
    """Enter a decision, with a row of `events` if its kind is an event; returns the id of the revision, as `enter`.

    Raises Unproved if the captures do not support it.
    """
    revision_id = decision.enter(entry)
    if decision.is_event:
        _insert_event(entry, revision_id)
    return revision_id


@cache
def _adapter(kind: str) -> TypeAdapter[Decision]:
    return TypeAdapter(Decision.KINDS[kind])


def key_of_line(entry: LedgerEntry, key: str, chains: Container[str] = ()) -> KnownKey:
    """The row of a key in a line. Raises Unproved if no earlier line made an article with it.

    It must have been made by the line's own chain, or by one of `chains`.
    """
    known = known_key(entry.conn, key)
    if known is None:
        raise Unproved(f"no earlier line makes the article {key}")
    if known.source != entry.line.chain and known.source not in chains:
        raise Unproved(f"the article {key} is of the source {known.source}, whose chain the line does not name")
    return known


def article_of(entry: LedgerEntry, key: str, chains: Container[str] = ()) -> int:
    """The id of the article in a line. Raises Unproved as key_of_line does."""
    return key_of_line(entry, key, chains).article_id


def _insert_event(entry: LedgerEntry, revision_id: int | None) -> None:
    line = entry.line
    known = known_key(entry.conn, line.key) if line.key else None
    number, article_id, source = known or (None, None, line.detail["source"])
    entry.conn.execute(
        """
        insert into events (at, recorded_at, source, article_id, key_number, kind, revision_id, detail, previous_digest,
                            digest)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            line.at, line.recorded_at, source, article_id, number, line.kind, revision_id, canonical(line.detail),
            line.previous_digest, line.digest,
        ),
    )  # fmt: skip
