"""Claims about the ledger in warcinfo records: the byte and line that each chain had reached when the run began.

With them the captures alone show that a chain was cut, even if no database remembers it.
"""

import json
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from archive.files import CHAIN, Record, RecordLocation, canonical, line_before, warc_fields
from archive.rows import Shortfall

FIELD = "ledger"  # its name in the block of a warcinfo record
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
NAME = re.compile(CHAIN)
MAX_CHAINS = 10_000  # per record; the rest is not read


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim by the warcinfo record of a run: a chain's length in bytes and its last line's digest at the run's start.

    0 and None if the chain had no line yet.
    """

    chain: str
    bytes: int
    head: str | None
    place: RecordLocation  # of the record with the claim
    at: str

    @property
    def file(self) -> str:
        return f"{self.chain}.jsonl"

    def missing(self, ledger: Path) -> Shortfall:
        """The Shortfall of a chain for which the claim does not hold (the caller has asked `holds`).

        Its `missing` is the number of bytes that the file is too short, 0 if it is long enough but has other bytes.
        """
        path = ledger / self.file
        size = min(path.stat().st_size if path.exists() else 0, self.bytes)
        gone = f"{self.bytes - size} bytes are gone that" if size < self.bytes else "these bytes are not those that"
        text = f"{gone} the run in {self.place.warc_file} at {self.place.offset} began behind"
        return Shortfall(self.chain, self.file, size, self.bytes - size, self.head, said=text)

    def holds(self, ledger: Path) -> bool:
        """True if the claimed line ends at the claimed byte of the chain's file; always true of a claim of 0 bytes."""
        path = ledger / self.file
        if not self.bytes:
            return True
        if not path.exists() or path.stat().st_size < self.bytes:
            return False
        line = line_before(ledger, self.chain, self.bytes)
        return line is not None and line.digest == self.head


def claimed(conn: sqlite3.Connection, own: str) -> str:
    """The claims for the warcinfo of a run that begins now, as JSON: the bytes and last line of each entered chain.

    own: the chain of the run's source; its claim is 0 bytes if it has no line yet.
    """
    rows = conn.execute("select name, bytes, head from applied where kind = 'ledger' and head is not null").fetchall()
    said = {name: {"bytes": size, "head": head} for name, size, head in rows if NAME.fullmatch(name)}
    return canonical({own: {"bytes": 0, "head": None}} | said)


def claims_of(record: Record) -> dict[str, Claim] | None:
    """The claims of a warcinfo record by chain; of its first MAX_CHAINS claims those that are valid.

    Invalid is a claim with the wrong form of chain name, length or digest. None if the record has no field for claims,
    as in early versions, or if the field is no JSON of the right form: one claim without `bytes` or `head` makes all of
    them unreadable.
    """
    try:
        said = json.loads(warc_fields(record.block)[FIELD])
        at = record.fields["warc-date"]
        claims = [Claim(name, each["bytes"], each["head"], record.place, at) for name, each in said.items()]
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):  # JSON of any form and depth
        return None
    return {each.chain: each for each in claims[:MAX_CHAINS] if _sound(each)}


def _sound(claim: Claim) -> bool:
    size, head = claim.bytes, claim.head
    # `type`, for True is an int; above 2^53 JSON's numbers are not exact (RFC 8785, which our lines follow).
    if not NAME.fullmatch(claim.chain) or type(size) is not int or not 0 <= size < 1 << 53:
        return False
    return head is None if size == 0 else isinstance(head, str) and DIGEST.fullmatch(head) is not None
