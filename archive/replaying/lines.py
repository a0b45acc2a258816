"""Lines become rows: each decision does what it says, if the captures bear it out."""

from collections.abc import Iterator, Mapping

from archive.captures import Unproved
from archive.decisions import Entry, Loss, OperatorAct, Sealing, apply, decision_of
from archive.ledger import Line, Step, steps
from archive.opened import Archive
from archive.progress import Meter
from archive.quarantine import is_fatal, told
from archive.replaying.damage import Damage, Damages
from archive.versions import OtherVersion
from archive.warc import WarcError


def enter_lines(
    archive: Archive,
    name: str,
    met: Damages,
    meter: Meter,
    limits: Mapping[str, int] | None,
) -> int:
    """Apply what a chain holds beyond what is applied; the number of lines. Raises Damaged and OtherVersion."""
    row = archive.conn.execute("select bytes, head from applied where kind = 'ledger' and name = ?", (name,)).fetchone()
    start, head = row or (0, None)
    end = None if limits is None else limits.get(f"{name}.jsonl", 0)
    count = 0
    for step in _sound(steps(archive.home.ledger, name, start, head, end), met):
        assert step.line is not None
        _enter(archive, step, step.line, met)
        meter.add(step.end - step.start)
        start, head = step.end, step.line.digest
        count += 1
    if count:
        archive.conn.execute("insert or replace into applied values ('ledger', ?, ?, ?)", (name, start, head))
    return count


def _sound(found: Iterator[Step], met: Damages) -> Iterator[Step]:
    """The lines whose own digest is right; a break between two of them is met, or was accepted."""
    for step in found:
        if step.fault:
            file, length = f"{met.chain}.jsonl", step.end - step.start
            met.meet(Damage(met.chain, file, step.start, length, "altered", step.fault, step.sha256))
        if step.line is not None:
            yield step


def _enter(archive: Archive, step: Step, line: Line, met: Damages) -> None:
    try:
        decision = decision_of(line)
        if isinstance(decision, OperatorAct):
            _require_head(archive, decision)
        with archive.conn.undoable():
            apply(Entry(archive.conn, archive.home.captures, line), decision)
        if isinstance(decision, Sealing | Loss):
            met.sealing.add(line.digest)
    except (Unproved, WarcError) as error:
        text = f"the captures do not bear out this line ({line.kind} {line.key or line.digest}): {error}"
        damage = Damage(met.chain, f"{met.chain}.jsonl", step.start, 0, "altered", text)
        met.skip(step.start, line.key or line.digest, damage)
    except Exception as fault:
        if is_fatal(fault) or isinstance(fault, OtherVersion):
            raise
        met.leave(step.start, f"{line.kind} {line.key or line.digest}: {told(fault)}")


def _require_head(archive: Archive, act: OperatorAct) -> None:
    """The line that an operator saw last must be in the chain that the act is on."""
    lines = (step.line for step in steps(archive.home.ledger, act.chain))
    if not any(line is not None and line.digest == act.head for line in lines):
        raise Unproved(f"{act.chain}.jsonl has no line {act.head}")
