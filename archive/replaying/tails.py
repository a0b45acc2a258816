"""The tail of the captures that no line commits to: it is from our own runs, or foreign."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from archive.decisions import CrawlStarted, Decision, Sealing
from archive.files import CAPTURED, Home, Record, WarcError, as_text, read_records, steps, warc_fields
from archive.replaying.claims import Claim, claims_of
from archive.replaying.damage import Damages
from archive.replaying.torn import RECORD
from archive.rows import Unproved, key_or_url, stored_record

CAPTURES_PER_TRANSACTION = 32  # a kill leaves at most this many captures without a line
SEALING = {kind for kind, decision in Decision.KINDS.items() if issubclass(decision, Sealing)}
COUNTED = frozenset({"response", "resource"})  # each has a line, if it is of an article; revisits have none
IMPORT = "move the file out of captures and `thinker import` it"


class Tail:
    """The captures of a source that no line of its chain commits to, judged run by run: ours, or another program's."""

    def __init__(self, conn: sqlite3.Connection, home: Home, chain: str, met: Damages) -> None:
        self._conn, self._home, self._chain, self._met = conn, home, chain, met
        self.claims: dict[str, Claim] = {}  # of each chain the furthest
        self.lacking: str | None = None  # the reason why the source's own chain must lack lines, by its captures
        self._refused: set[str] = set()  # files with a refused run: the runs after it came with it
        self._holding: dict[str, bool] = {}  # by file: True if a line names a record of it

    def refusal(self, record: Record) -> tuple[int, str] | None:
        """The offset at which a warcinfo record's run ends, and why it is not ours; None if it is, or has no capture.

        Also None if a line commits to its bytes or names its records. If None, the run's claims are collected.
        """
        file, claims = record.place.warc_file, claims_of(record)
        if record.place.offset >= self._sealed.get(file, 0) and record.record_id not in self._named:
            run = self._run(record)
            if run.captures and not run.named and (why := self._why(run, claims, record)):
                self._refused.add(file)
                return run.end, why
        for claim in (claims or {}).values():
            if claim.bytes > (self.claims[claim.chain].bytes if claim.chain in self.claims else 0):
                self.claims[claim.chain] = claim
        return None

    def in_order(self, files: list[Path]) -> list[Path]:
        """The files in the order in which lines named them first; those that no line names come last.

        So of a record that stands twice the original comes first, under any name of the copy.
        """
        named = {name: number for number, name in enumerate(self._sealed)}
        return sorted(files, key=lambda path: named.get(path.name, len(named)))

    def _why(self, run: "_UnfinishedRun", claims: dict[str, Claim] | None, warcinfo: Record) -> str | None:
        """The reason why a run with captures that no line names is not ours; None if it is.

        Sets `lacking` if the run is ours, but has more captures without a line than a run of ours that was killed
        leaves.
        """
        if run.strange:
            return "captures that another program wrote"
        if claims is None:
            if strange := sorted(run.hosts - self._hosts) if self._hosts else []:
                return f"captures of {', '.join(strange[:3])}, a host that {self._chain} does not declare"
            return self._many(run)
        if strange := sorted(run.hosts - declared) if (declared := _declared(warcinfo)) else []:
            return f"captures of {', '.join(strange[:3])}, a host that its own declaration does not name"
        claim = claims.get(self._chain)
        if claim is None:
            return f"a run of another chain than {self._chain}"
        ours = run.file not in self._refused
        if not claim.bytes and self._lines:  # it began before the first line, so before all that lines name
            ours = ours and run.before_named
        elif claim.holds(self._home.ledger):
            ours = True
        else:
            ours = ours and (run.file in self._sealed or run.before_named or self._has_named(run.file))
        if ours or not self._lines or self._met.cut_was_accepted(claim):
            many = self._many(run)
            if not many or run.file not in self._sealed:
                return many
            self.lacking = self.lacking or f"lines are gone: {warcinfo.place.warc_file} holds {many}"
            return None  # the file is ours: its captures are entered and decided again
        return f"a run that began behind a line which {self._chain}.jsonl does not have"

    def _many(self, run: "_UnfinishedRun") -> str | None:
        """A text saying that a run has more captures without a line than a killed run of ours leaves, else None.

        None too if the chain has no line or a loss was accepted in it: then more may be ours.
        """
        if run.waiting <= CAPTURES_PER_TRANSACTION or not self._lines or self._met.accepted:
            return None
        return f"{run.waiting} captures of which no line tells, and no kill leaves more than {CAPTURES_PER_TRANSACTION}"

    def _has_named(self, file: str) -> bool:
        """True if `_named` has the id of a record of a file."""
        if file not in self._holding:
            self._holding[file] = any(
                record.record_id in self._named for record in readable(self._home.captures / file, 0)
            )
        return self._holding[file]

    def _run(self, warcinfo: Record) -> "_UnfinishedRun":
        path = self._home.captures / warcinfo.place.warc_file
        run = _UnfinishedRun(path.name, warcinfo.place.offset + warcinfo.place.length)
        crawled = "crawl" in warc_fields(warcinfo.block)
        over = False
        for record in readable(path, run.end):
            known = record.record_id, record.fields.get("warc-warcinfo-id", "").strip("<>")
            over = over or record.warc_type == "warcinfo"
            if over:
                run.before_named = not self._named.isdisjoint(known)
                if run.before_named:
                    break
                continue
            run.end = record.place.offset + record.place.length
            run.named = run.named or not self._named.isdisjoint(known)
            run.captures += record.warc_type in CAPTURED
            run.strange = run.strange or (record.warc_type in CAPTURED and "thinker-kind" not in record.fields)
            if record.warc_type in COUNTED:
                run.waiting += _awaits_a_line(record)
                run.hosts |= {_host(record.fields.get("warc-target-uri", ""))} if crawled else set()
        return run

    @cached_property
    def _hosts(self) -> set[str]:
        """The hosts in the last crawl's declaration, in the form of urlkeys: `cn,people`; empty if none can be read."""
        lines = (step.line for step in steps(self._home.ledger, self._chain))
        begun = [str(line.record_id) for line in lines if line and line.kind == CrawlStarted.kind]
        try:
            return _declared(stored_record(self._conn, self._home.captures, begun[-1])) if begun else set()
        except (Unproved, WarcError):
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
        """By file the byte up to which lines commit to it; ids of records; the number of sound lines of the chain.

        The ids are those of the records that lines name after the last line that commits to bytes.
        """
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


def _awaits_a_line(record: Record) -> bool:
    """True if a line must follow a capture: it is an article's page, of status 200 or 203 or in a resource record."""
    if record.fields.get("thinker-kind") != "article":
        return False
    return record.warc_type == "resource" or record.block[8:13].strip() in (b"200", b"203")


@dataclass(slots=True)
class _UnfinishedRun:
    """The run that a warcinfo record opens: its file and end, and counts of its captures.

    named: a line names one of its records.
    """

    file: str
    end: int
    named: bool = False
    before_named: bool = False  # a line names a record after it in the file
    captures: int = 0
    strange: bool = False  # it has a capture that this program did not write
    waiting: int = 0  # captures that need a line
    hosts: set[str] = field(default_factory=set)  # if it is a crawl


def _declared(warcinfo: Record) -> set[str]:
    """The hosts in a warcinfo record's declaration, in the form of urlkeys; empty if it cannot be read.

    If it lists none, those of its homepage and seeds.
    """
    try:
        said = json.loads(warc_fields(warcinfo.block)["declaration"])
        declared = [f"http://{host}/" for host in said["hosts"]]
        return {_host(url) for url in declared or [said["homepage"], *(seed["url"] for seed in said["seeds"])]}
    except (KeyError, TypeError, ValueError):
        return set()


def _host(url: str) -> str:
    return key_or_url(url).partition(")")[0]


def readable(path: Path, start: int) -> Iterator[Record]:
    """Yield the records of a file from a byte on, up to its end or the first damage."""
    with suppress(WarcError):
        yield from read_records(path, start)
