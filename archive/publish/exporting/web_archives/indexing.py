"""The index of a web archive: a CDXJ line for each capture, sorted, compressed in blocks, and an index of the blocks.

The lines are those that `cdxj-indexer` makes of the file, but made of rows, so that the file is not read again.
"""

from __future__ import annotations

import json
import re
import sqlite3
import warnings
from io import StringIO

from archive.publish.exporting.web_archives.copying import Sink

LINES_PER_BLOCK = 1024  # as py-wacz has
_BREAKING = re.compile(r"[\x00-\x20\x7f]")  # would end a field of the line


def write_index(conn: sqlite3.Connection, warc_name: str, index_name: str, out: Sink) -> bytes:
    """Write the compressed index of the records in `leaving_records`; returns the index of its blocks.

    warc_name: the name of the file with the records. index_name: that of the index.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes in their source, which Python names when it first compiles it
        from cdxj_indexer.main import CompressedWriter
        from surt import surt

    def line(url: str, at: str, *values: object) -> str:
        try:
            key = surt(url)
        except Exception:  # as cdxj-indexer does: surt names no errors
            key = url
        fields = {name: str(value) for name, value in zip(_FIELDS, values, strict=True) if value is not None}
        stamp = re.sub(r"\D", "", at)
        return f"{_BREAKING.sub(_escaped, key)} {stamp} {json.dumps({'url': url, **fields, 'filename': warc_name})}\n"

    conn.create_function("cdxj_line", -1, line, deterministic=True)
    blocks = StringIO()
    writer = CompressedWriter(blocks, out, LINES_PER_BLOCK, index_name, digest_records=True)
    for (text,) in conn.execute(_LINES):
        writer.write(text)
    if writer.block:
        writer.flush()
    return blocks.getvalue().encode()


def _escaped(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02x}"


_FIELDS = ("mime", "status", "digest", "length", "offset", "recordDigest")
# A revisit that a 304 made has no HTTP head, so no status: a replay program shows that of the bytes.
_LINES = """
    select cdxj_line(c.url, c.captured_at, iif(c.record_type = 'revisit', 'warc/revisit', c.mimetype),
                     iif(c.record_type = 'revisit' and c.status = 304, null, c.status),
                     c.payload_digest, r.warc_length, r.place, 'sha256:' || lower(hex(r.sha256))) as line
      from leaving_records r join captures c on c.id = r.capture_id
     order by line
"""
