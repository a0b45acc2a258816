"""The tail of the captures that no line commits to: it is of our own runs, or it is foreign."""

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

CAPTURES_PER_TRANSACTION = 32  # captures of one transaction: more than that no kill leaves without a line
SEALING = {kind for kind, decision in Decision.KINDS.items() if issubclass(decision, Sealing)}
COUNTED = frozenset({"response", "resource"})  # each has a line, if it is of an article; a revisit has none
IMPORT = "move the file out of captures and `thinker import` it"


class Tail:
    """What a chain's lines say of a source's files, and whether a run whose bytes none of them names is ours."""

    def __init__(self, conn: sqlite3.Connection, home: Home, chain: str, met: Damages) -> None:
        self._conn, self._home, self._chain, self._met = conn, home, chain, met
        self.claims: dict[str, Claim] = {}  # the furthest of each chain
        self.lacking: str | None = None  # why the source's own chain lacks lines, where its captures say so
        self._refused: set[str] = set()  # files of which a run was refused: what stands behind it came with it
        self._holding: dict[str, bool] = {}  # by file: whether a line names a record of it

    def refusal(self, record: Record) -> tuple[int, str] | None:
        """Where the run of a warcinfo record ends in its file, and why it is none of ours; None: it is.

        What a run of ours says of the ledger is remembered.
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
        """The files in the order in which lines named them first, those that none names last.

        Of a record that stands twice the one that was written is the first, whatever a copy is called.
        """
        named = {name: number for number, name in enumerate(self._sealed)}
        return sorted(files, key=lambda path: named.get(path.name, len(named)))

    def _why(self, run: "_UnfinishedRun", claims: dict[str, Claim] | None, warcinfo: Record) -> str | None:
        """Why a run with captures that no line names is none of ours."""
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
        if not claim.bytes and self._lines:  # it began before the first line, and so before all that a line names
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
            return None  # the file is ours: its captures are entered, and decided anew
        return f"a run that began behind a line which {self._chain}.jsonl does not have"

    def _many(self, run: "_UnfinishedRun") -> str | None:
        """Why so many captures without a line are none of ours, unless the chain is known to lack lines."""
        if run.waiting <= CAPTURES_PER_TRANSACTION or not self._lines or self._met.accepted:
            return None
        return f"{run.waiting} captures of which no line tells, and no kill leaves more than {CAPTURES_PER_TRANSACTION}"

    def _has_named(self, file: str) -> bool:
        """Whether a line names a record of a file."""
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
        """The hosts that the last crawl's declaration names, as urlkeys begin; none where that cannot be read."""
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


def _awaits_a_line(record: Record) -> bool:
    """Whether a capture is of an article that a line tells of: a page, not an answer that says there is none."""
    if record.fields.get("thinker-kind") != "article":
        return False
    return record.warc_type == "resource" or record.block[8:13].strip() in (b"200", b"203")


@dataclass(slots=True)
class _UnfinishedRun:
    """What a warcinfo record opens: its file and end, whether a line names any of it, and what awaits a line."""

    file: str
    end: int
    named: bool = False
    before_named: bool = False  # a line names a record that stands behind it in the file
    captures: int = 0
    strange: bool = False  # a capture is not as this program writes them
    waiting: int = 0  # captures of articles
    hosts: set[str] = field(default_factory=set)  # of a crawl


def _declared(warcinfo: Record) -> set[str]:
    """The hosts that the declaration in a warcinfo record names, as urlkeys begin; none where it cannot be read."""
    try:
        said = json.loads(warc_fields(warcinfo.block)["declaration"])
        declared = [f"http://{host}/" for host in said["hosts"]]
        return {_host(url) for url in declared or [said["homepage"], *(seed["url"] for seed in said["seeds"])]}
    except (KeyError, TypeError, ValueError):
        return set()


def _host(url: str) -> str:
    return key_or_url(url).partition(")")[0]


def readable(path: Path, start: int) -> Iterator[Record]:
    """The records of a file up to its end, or to what is damaged."""
    with suppress(WarcError):
        yield from read_records(path, start)
