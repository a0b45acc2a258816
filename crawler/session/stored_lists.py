"""Lists of earlier crawls: the capture that a 304 would confirm, and its content."""

from __future__ import annotations

import logging

from archive.files import ContentError, TooLarge, WarcError, instant, read_http
from archive.rows import Archive, StoredPayload, Unproved, document_of, latest_payload, stored_record
from parsers import Document
from parsers.urls import urlkey

logger = logging.getLogger(__name__)


def held_list(archive: Archive, source: str, url: str) -> StoredPayload | None:
    """The newest good capture of a list, which a 304 would confirm; None without one.

    None also if that capture is at another spelling of the address, such as http for https.
    """
    held = latest_payload(archive.conn, source, urlkey(url))
    return held if held is not None and held.url == url else None


def stored_list(archive: Archive, source: str, held: StoredPayload) -> Document | None:
    """A list as it was captured; None, with a warning, when it cannot be read any more."""
    try:
        return _stored(archive, source, held)
    except (Unproved, WarcError, ContentError) as error:
        logger.warning("%s: the stored copy cannot be read: %s", held.url, error)
        return None


def _stored(archive: Archive, source: str, held: StoredPayload) -> Document:
    record = stored_record(archive.conn, archive.home.captures, held.record_id)
    try:
        return document_of(record, source)
    except TooLarge:  # still compressed; it is read a piece at a time
        message = read_http(record.block)
        return Document(message.payload, message.header("content-type"), held.url, instant(held.captured_at), source)
