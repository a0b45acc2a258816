"""Whether an import has brought a capture already."""

import sqlite3

from archive.rows.captures import key_of


def is_held(conn: sqlite3.Connection, source: str, url: str, at: str | None, payload_digest: str) -> bool:
    """Whether a capture of these bytes, of this address and moment, is in the archive already.

    at None: one of which nobody says when it was made, whenever it was received.
    """
    when = "dating = 'unknown'" if at is None else "captured_at = :at and dating = 'stated'"
    sql = f"""
        select 1 from captures
         where urlkey = :urlkey and source = :source and payload_digest = :payload_digest and {when} limit 1
        """
    asked = {"urlkey": key_of(url), "source": source, "payload_digest": payload_digest, "at": at}
    return conn.execute(sql, asked).fetchone() is not None
