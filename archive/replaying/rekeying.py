"""Rows under the urlkeys of an earlier rule are kept under those of today, as a replay files them."""

import sqlite3

from archive.rows.addresses import make_addresses
from archive.rows.articles import link_key
from archive.rows.frontier import rekey_frontier
from archive.rows.quarantine import key_or_url


def rekey(conn: sqlite3.Connection) -> None:
    """Give every row the key of its url, within the caller's transaction, and make the addresses anew.

    Addresses that were one may be two now, and two one: the captures that show articles say which there are. The
    places on lists are operational: the next reading finds them anew.
    """
    conn.create_function("key_now", 1, key_or_url, deterministic=True)
    conn.create_function("link_key_now", 1, link_key, deterministic=True)
    conn.execute("update captures set urlkey = key_now(url) where urlkey <> key_now(url)")
    conn.execute("update related_records set urlkey = link_key_now(url) where urlkey is not link_key_now(url)")
    make_addresses(conn)
    rekey_frontier(conn)
