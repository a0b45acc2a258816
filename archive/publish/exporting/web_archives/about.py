"""The record at the start of an exported WARC file: the program, the slice, the moment, the heads of the chains."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from archive.files import ABOUT_FORMAT, PROGRAM, SealedRecord, fields_block, seal


def about_record(name: str, at: datetime, said: Mapping[str, str | None]) -> SealedRecord:
    """The warcinfo record of a file that is called `name` and was made at a moment.

    said: further fields; those without a value are left out.
    """
    block = fields_block({"software": PROGRAM, **ABOUT_FORMAT, **said})
    return seal("warcinfo", at, block, [("WARC-Filename", name), ("Content-Type", "application/warc-fields")])
