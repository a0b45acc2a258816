"""What lies in captures and ledger and is not entered in the database yet."""

import sqlite3

from archive.files.home import Home
from archive.files.ledger import chains
from archive.files.lock import is_locked
from archive.files.warc_files import all_files_of, captured_sources
from archive.rows.archive import Archive
from archive.rows.records import applied_bytes


def chain_names(home: Home) -> list[str]:
    """Every source that has captures, and every chain."""
    return sorted(captured_sources(home.captures) | set(chains(home.ledger)))


def not_entered(archive: Archive) -> dict[str, int]:
    """How many bytes of captures and ledger each chain's database lacks, those left out that are being written."""
    lags = {name: lag(archive.conn, archive.home, name) for name in chain_names(archive.home)}
    return {name: lag for name, lag in lags.items() if lag and not is_locked(archive.home, name)}


def lag(conn: sqlite3.Connection, home: Home, name: str) -> int:
    """Bytes that the files of a chain hold beyond what is applied."""
    ledger = home.ledger / f"{name}.jsonl"
    sizes = [(path, applied_bytes(conn, "warc", path.name)) for path in all_files_of(home.captures, name)]
    sizes += [(ledger, applied_bytes(conn, "ledger", name))] if ledger.exists() else []
    return sum(max(0, path.stat().st_size - applied) for path, applied in sizes)
