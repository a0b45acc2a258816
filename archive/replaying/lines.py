"""Apply lines to the database: each decision changes rows, if the captures support it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from archive.decisions import OPERATOR, Decision, LedgerEntry, Loss, OperatorAct, Sealing, apply, decision_of
from archive.files import LedgerError, LedgerLine, OtherVersion, Step, WarcError, steps
from archive.replaying.damage import Damage, Damages
from archive.replaying.extent import Extent
from archive.replaying.revisits import Revisits
from archive.rows import Archive, Unproved, applied_bytes, fault_text, is_fatal


class ChainLines:
    """The lines of one chain that the database lacks, entered once and in order.

    lossy: lines of the chain are known to be gone. collects: the records that lines name are needed at the end too. The
    caller holds a transaction.
    """

    def __init__(
        self, archive: Archive, met: Damages, extent: Extent, lossy: bool = False, collects: bool = False
    ) -> None:
        sql = "select bytes, head from applied where kind = 'ledger' and name = ?"
        row: tuple[int, str | None] = archive.conn.execute(sql, (met.chain,)).fetchone() or (0, None)
        self._position, self._head = row
        self._end = extent.limit(f"{met.chain}.jsonl")
        self._archive, self._name, self._met, self._meter = archive, met.chain, met, extent.meter
        self._ahead: dict[str, int] = {}
        self.steps = self._sound()
        self.count = 0
        self._losing, self._has_losses = lossy, False  # losses without a line of their own; losses with one
        self._held: Step | None = None
        self.told: set[str] = set()  # the records that lines named, for the next act and the end
        self._collects, self._at_end = collects, collects

    def unread(self) -> Iterator[Step]:
        """Read the lines to enter, sound or not, as steps, without entering them."""
        return steps(self._archive.home.ledger, self._name, self._position, self._head, self._end)

    def look_for(self, heads: Collection[str | None]) -> None:
        """Note where the lines with these digests end, in one pass, for `enter_to`; a digest None is ignored."""
        self._collects = True
        for step in self.unread():
            self._losing = self._losing or (self._met.accept and step.fault is not None)
            if step.line and step.line.digest in heads:
                self._ahead[step.line.digest] = step.end
        self._has_losses = any(loss.file == f"{self._name}.jsonl" for _, loss in self._met.accepted)

    def enter_to(self, head: str | None) -> None:
        """Enter the lines up to and with the one of the digest `head`, for which `look_for` must have looked.

        head None: the chain had no line yet, so none is entered. Nothing is done if the chain is entered up to `head`
        already. Raises Unproved if the line is not ahead (for None: if lines are entered already), and Damaged.

        If lines were lost and that is or was accepted, the line may be among the lost ones, so Unproved is not raised.
        Then the lines before the next `loss` line are entered; without a next one, all lines if there is a loss without
        a `loss` line, else none.
        """
        if head != self._head and head not in self._ahead and (self._losing or self._has_losses):
            accepted = self._next_loss()
            while (step := self._peek()) and (step.start < accepted if accepted is not None else self._losing):
                self._enter_held()
            return
        if head != self._head and self._ahead.get(head or "", 0) <= self._position:
            raise Unproved(self._why_not_ahead(head))
        while self._head != head and self._peek():
            self._enter_held()

    def enter_rest(self) -> None:
        """Enter the remaining lines. Raises Damaged and OtherVersion."""
        self._collects = self._at_end  # no act follows
        while self._peek():
            self._enter_held()

    def _peek(self) -> Step | None:
        """The next sound line as a step, without entering it, the same again at a second call; None at the end.

        The faults of unsound lines before it go to `Damages.meet_line`.
        """
        self._held = self._held or next(self.steps, None)
        return self._held

    def _enter_held(self) -> None:
        assert self._held is not None
        step, self._held = self._held, None
        self.enter(step)

    def mark(self) -> None:
        """Store up to which line the chain is entered, if any line was read, and note its unsound lines as damage."""
        self._met.lines_met()
        if self.count:
            mark = ("ledger", self._name, self._position, self._head)
            self._archive.conn.execute("insert or replace into applied values (?, ?, ?, ?)", mark)

    def enter(self, step: Step) -> None:
        """Apply a line. Raises Damaged and OtherVersion.

        One that the captures do not support is left out by the rules of `Damages.skip`, and one that cannot be applied
        by those of `Damages.leave`, unless it was applied before.
        """
        assert step.line is not None
        try:
            self._apply(step.line)
            if self._collects and step.line.record_id:
                self.told.add(step.line.record_id)
        except (Unproved, WarcError) as error:
            self._skip(step, step.line, error)
        except Exception as fault:
            if is_fatal(fault) or isinstance(fault, OtherVersion):
                raise
            if not self._is_entered(step.line):
                said = f"{step.line.kind} {step.line.key or step.line.digest}: {fault_text(fault)}"
                self._met.leave(step.start, said)
        self._pass(step)

    def refuse(self, step: Step, error: Unproved) -> None:
        """Leave out an operator's act whose place among the lines cannot be found, by the rules of `Damages.skip`."""
        assert step.line is not None
        self._skip(step, step.line, error)
        self._pass(step)

    def _apply(self, line: LedgerLine) -> None:
        decision = decision_of(line)
        with self._archive.conn.undoable():
            apply(LedgerEntry(self._archive.conn, self._archive.home.captures, line), decision)
        if isinstance(decision, Sealing | Loss):
            self._met.sealing.add(line.digest)

    def _is_entered(self, line: LedgerLine) -> bool:
        """True if an event has the digest of a line: it stands twice, and the operator accepted the lines between."""
        sql = "select 1 from events where digest = ?"
        return self._archive.conn.execute(sql, (line.digest,)).fetchone() is not None

    def _sound(self) -> Iterator[Step]:
        """Yield the lines with a correct digest, as steps, also those that do not continue the line before.

        The fault of any line goes to `Damages.meet_line`.
        """
        for step in self.unread():
            if step.fault:
                self._met.meet_line(step)
            if step.line is None:
                self._pass(step)
            else:
                yield step

    def _skip(self, step: Step, line: LedgerLine, error: Exception) -> None:
        what = line.key or line.digest
        text = f"the captures do not bear out this line ({line.kind} {what}): {error}"
        self._met.skip(step.start, what, Damage(self._name, f"{self._name}.jsonl", step.start, 0, "altered", text))

    def _pass(self, step: Step) -> None:
        self._meter.add(step.end - step.start)
        self._position, self._head = step.end, step.head
        self.count += 1

    def _next_loss(self) -> int | None:
        """The offset of the first line not entered yet that accepts a loss of lines of this chain; None without one."""
        file = f"{self._name}.jsonl"
        found = (at for at, loss in self._met.accepted if loss.file == file and at >= self._position)
        return min(found, default=None)

    def _why_not_ahead(self, head: str | None) -> str:
        """The reason why no line to enter has the digest `head`; slow, as it reads the chain from its beginning."""
        known = (step.line.digest for step in steps(self._archive.home.ledger, self._name) if step.line)
        if head is None or head in known:
            return f"{self._name}.jsonl has gone on behind {head or 'its beginning'}"
        return f"{self._name}.jsonl has no line {head}"


def enter_in_order(archive: Archive, chains: Mapping[str, ChainLines], revisits: Revisits) -> int:
    """Enter the lines of all chains, each act of the operator at its place; returns the number of lines read.

    Lines that are left out are counted too. For each act the chains that it names are first read up to the heads that
    it names, then the act is applied; at the end the rest of all chains. Raises Damaged and OtherVersion.
    """
    if OPERATOR in chains:
        _enter_acts(archive, chains, revisits)
    for lines in chains.values():
        lines.enter_rest()
        lines.mark()
    return sum(lines.count for lines in chains.values())


def together(archive: Archive, names: Iterable[str]) -> list[str]:
    """The names of the chains that must be caught up if these are, themselves included, sorted.

    If acts of the operator wait, and one of these chains is the operator's or named by any waiting act, the operator's
    chain and all chains that waiting acts name are added.
    """
    asked = set(names)
    touched = {OPERATOR}.union(*(act.heads for act in _waiting(archive)))
    return sorted(asked | touched if asked & touched and len(touched) > 1 else asked)


def _enter_acts(archive: Archive, chains: Mapping[str, ChainLines], revisits: Revisits) -> None:
    operator = chains[OPERATOR]
    for name, heads in _named_heads(operator).items():
        if name in chains:
            chains[name].look_for(heads)
    for step in operator.steps:
        act = _act(step.line)
        if act is None:
            operator.enter(step)
            continue
        try:
            for name, head in sorted(act.heads.items()):
                _reach(chains, name, head)
        except Unproved as error:
            operator.refuse(step, error)
            continue
        records = set().union(*(chains[name].told for name in act.heads if name in chains))
        revisits.sight_before(archive, act.heads, act.unnamed, records)
        for lines in chains.values():
            lines.told.clear()
        operator.enter(step)


def _reach(chains: Mapping[str, ChainLines], name: str, head: str | None) -> None:
    if name in chains:
        chains[name].enter_to(head)
    elif head is not None:
        raise Unproved(f"{name}.jsonl has no line {head}")


def _named_heads(operator: ChainLines) -> dict[str, set[str | None]]:
    """The heads that waiting acts name, by chain."""
    found: dict[str, set[str | None]] = defaultdict(set)
    for step in operator.unread():
        act = _act(step.line)
        for name, head in act.heads.items() if act else ():
            found[name].add(head)
    return found


def _waiting(archive: Archive) -> Iterator[OperatorAct]:
    """The operator's acts that the database has not applied."""
    entered = applied_bytes(archive.conn, "ledger", OPERATOR)
    found = (_act(step.line) for step in steps(archive.home.ledger, OPERATOR, entered))
    return (act for act in found if act)


def _act(line: LedgerLine | None) -> OperatorAct | None:
    """The act in a line; None for any other line, and for an unreadable one."""
    if line is None or not issubclass(Decision.KINDS.get(line.kind, Decision), OperatorAct):
        return None
    try:
        decision = decision_of(line)
    except LedgerError:
        return None
    return decision if isinstance(decision, OperatorAct) else None
