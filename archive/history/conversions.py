"""Derived records: the results of reading a capture, in WARC files of their own, so that replay programs show pages."""

import sqlite3
from datetime import datetime
from pathlib import Path

from archive.files import Record, SealedRecord, common_fields, digest, seal, warc_fields
from archive.rows import Unproved, stored_record
from archive.rules import ArticleState, state_in

# Replay programs take conversion records for pages. Of two records of one address and moment pywb shows the type that
# sorts first: with application/json that was ours, when somebody gave it the derived files too.
ARTICLE_TYPE = "x-thinker/article+json"


def state_conversion(capture: str, url: str, at: datetime, state: ArticleState, warcinfo: str | None) -> SealedRecord:
    """The conversion record (ISO 28500 §6.8) that keeps the state shown by a capture. capture: its record id."""
    return seal("conversion", at, state.block, _fields(capture, url, warcinfo, ARTICLE_TYPE))


def reason_conversion(
    capture: str, url: str, at: datetime, verdict: str, text: str, warcinfo: str | None
) -> SealedRecord:
    """The metadata record (ISO 28500 §6.6) of the verdict on a capture without an article, and of the reason in words.

    It keeps the words of a page out of the ledger. capture: the capture's record id.
    """
    block = f"verdict: {verdict}\r\nreason: {text}\r\n".encode("utf-8", "replace")
    return seal("metadata", at, block, _fields(capture, url, warcinfo, "application/warc-fields"))


def kept_state(conn: sqlite3.Connection, folder: Path, record_id: str, block_digest: str) -> ArticleState:
    """The state that a conversion record holds.

    Raises Unproved if the record is missing, its block has another digest or holds no article; else as `read_record`.
    """
    record = _kept(conn, folder, record_id, block_digest)
    try:
        return state_in(record.block)
    except (ValueError, KeyError, TypeError) as error:
        raise Unproved(f"{_where(record)} keeps no article: {error}") from None


def kept_reason(conn: sqlite3.Connection, folder: Path, record_id: str, block_digest: str) -> str:
    """The reason, from a metadata record, why a capture gave no article; "" if the record gives none.

    Raises Unproved if the record is missing or its block has another digest; else as `read_record`.
    """
    return warc_fields(_kept(conn, folder, record_id, block_digest).block).get("reason", "")


def _kept(conn: sqlite3.Connection, folder: Path, record_id: str, block_digest: str) -> Record:
    record = stored_record(conn, folder, record_id)
    if digest(record.block) != block_digest:
        raise Unproved(f"{_where(record)} is not what was written: its block is {digest(record.block)}")
    return record


def _where(record: Record) -> str:
    return f"{record.place.warc_file} at {record.place.offset}: {record.warc_type} record {record.record_id}"


def _fields(capture: str, url: str, warcinfo: str | None, content_type: str) -> list[tuple[str, str | None]]:
    return [
        *common_fields(url, "article", warcinfo),
        ("WARC-Refers-To", f"<{capture}>"),
        ("Content-Type", content_type),
    ]
