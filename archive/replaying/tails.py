"""The tail of the captures that no line commits to: it is of our own runs, or it is foreign."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from archive.captures import Unproved, stored_record
from archive.claims import Claim, claims_of
from archive.decisions import CrawlStarted, Sealing
from archive.decisions.decision import Decision
from archive.home import Home
from archive.ledger import as_text, steps
from archive.quarantine import key_or_url
from archive.replaying.damage import Damages
from archive.replaying.torn import RECORD
from archive.warc import Record, WarcError, read_records, warc_fields

GROUP = 32  # captures of one transaction: more than that no kill leaves without a line
SEALING = {kind for kind, decision in Decision.KINDS.items() if issubclass(decision, Sealing)}
COUNTED = frozenset({"response", "resource"})  # each has a line, if it is of an article; a revisit has none
IMPORT = "move the file out of captures and `thinker import` it"


class Tail:
    """What a chain's lines say of a source's files, and whether a run whose bytes none of them names is ours."""

    def __init__(self, conn: sqlite3.Connection, home: Home, chain: str, met: Damages) -> None:
        self._conn, self._home, self._chain, self._met = conn, home, chain, met
        self.claims: dict[str, Claim] = {}  # the furthest of each chain
        self._ours: dict[str, bool] = {}  # by file: whether a line names its last run, or it was refused

    def refusal(self, record: Record) -> tuple[int, str] | None:
        """Where the run of a warcinfo record ends in its file, and why it is none of ours; None: it is.

        What a run of ours says of the ledger is remembered.
        """
        claims = claims_of(record)
        if record.place.offset >= self._sealed.get(record.place.warc_file, 0) and record.record_id not in self._named:
            run = self._run(record)
            if not run.named and (why := self._why(run, claims)):
                self._ours[run.file] = False
                return run.end, why
            if run.named:
                self._ours[run.file] = True
        else:
            self._ours[record.place.warc_file] = True
        for claim in (claims or {}).values():
            if claim.bytes > (self.claims[claim.chain].bytes if claim.chain in self.claims else 0):
                self.claims[claim.chain] = claim
        return None

    def in_order(self, files: list[Path]) -> list[Path]:
        """The files in the order in which lines named them first, those that none names last.

        Of a record that stands twice the one that was written is the first, whatever a copy is called.
        """
        named = {name: number for number, name in enumerate(self._sealed)}
        return sorted(files, key=lambda path: named.get(path.name, len(named)))

    def _why(self, run: "_Run", claims: dict[str, Claim] | None) -> str | None:
        if strange := sorted(run.hosts - self._hosts) if run.hosts and self._hosts else []:
            return f"captures of {', '.join(strange[:3])}, a host that {self._chain} does not declare"
        claim = None if claims is None else claims.get(self._chain)
        if claims is not None and claim is None:
            return f"a run of another chain than {self._chain}"
        if claim and not (claim.holds(self._home.ledger) and (claim.bytes or not self._lines)):
            if self._met.cut_was_accepted(claim) or (claim.bytes and self._is_ours(run.file)):
                return None  # the chain was cut, which was accepted or is said
            return f"a run that began behind a line which {self._chain}.jsonl does not have"
        if run.waiting > GROUP:
            return f"{run.waiting} captures of which no line tells, and no kill leaves more than {GROUP}"
        return None

    def _is_ours(self, file: str) -> bool:
        """Whether lines name something of a file, and nothing foreign was met in it since; without a line all are."""
        return self._ours.get(file, file in self._sealed or not self._lines)

    def _run(self, warcinfo: Record) -> "_Run":
        path = self._home.captures / warcinfo.place.warc_file
        run = _Run(path.name, warcinfo.place.offset + warcinfo.place.length)
        crawled = "crawl" in warc_fields(warcinfo.block)
        for record in _readable(path, run.end):
            if record.warc_type == "warcinfo":
                break
            run.end = record.place.offset + record.place.length
            known = record.record_id, record.fields.get("warc-warcinfo-id", "").strip("<>")
            run.named = run.named or not self._named.isdisjoint(known)
            if record.warc_type in COUNTED:
                run.waiting += record.fields.get("thinker-kind") == "article"
                run.hosts |= {_host(record.fields.get("warc-target-uri", ""))} if crawled else set()
        return run

    @cached_property
    def _hosts(self) -> set[str]:
        """The hosts that the last crawl's declaration names, as urlkeys begin; none where that cannot be read."""
        lines = (step.line for step in steps(self._home.ledger, self._chain))
        begun = [str(line.record_id) for line in lines if line and line.kind == CrawlStarted.kind][-1:]
        try:
            (warcinfo,) = (stored_record(self._conn, self._home.captures, each) for each in begun)
            said = json.loads(warc_fields(warcinfo.block)["declaration"])
            declared = [f"http://{host}/" for host in said["hosts"]]
            return {_host(url) for url in declared or [said["homepage"], *(seed["url"] for seed in said["seeds"])]}
        except (Unproved, WarcError, KeyError, TypeError, ValueError):
            return set()

    @property
    def _sealed(self) -> dict[str, int]:
        return self._read[0]

    @property
    def _named(self) -> set[str]:
        return self._read[1]

    @property
    def _lines(self) -> int:
        return self._read[2]

    @cached_property
    def _read(self) -> tuple[dict[str, int], set[str], int]:
        """How far lines name each file, the records that they name since the last that does, how many there are."""
        sealed: dict[str, int] = defaultdict(int)
        named: set[str] = set()
        count = 0
        for line in (step.line for step in steps(self._home.ledger, self._chain)):
            if line is None:
                continue
            count += 1
            if line.kind in SEALING:
                named.clear()
                for each in line.detail.get("files", ()):
                    sealed[each["file"]] = max(sealed[each["file"]], each["first_byte"] - 1 + each["length"])
            else:
                named.update(RECORD.findall(as_text(line)))
        return sealed, named, count


@dataclass(slots=True)
class _Run:
    """What a warcinfo record opens: its file and end, whether a line names any of it, and what awaits a line."""

    file: str
    end: int
    named: bool = False
    waiting: int = 0  # captures of articles
    hosts: set[str] = field(default_factory=set)  # of a crawl


def _host(url: str) -> str:
    return key_or_url(url).partition(")")[0]


def _readable(path: Path, start: int) -> Iterator[Record]:
    """The records of a file up to its end, or to what is damaged."""
    with suppress(WarcError):
        yield from read_records(path, start)
