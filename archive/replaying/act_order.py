"""An operator's act has its place in time: behind the lines that its chains held when the operator acted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from archive.decisions import OPERATOR, Decision, OperatorAct, decision_of
from archive.files.ledger import LedgerError, Line, steps
from archive.replaying.lines import ChainLines
from archive.replaying.revisits import Revisits
from archive.rows.archive import Archive
from archive.rows.captures import Unproved
from archive.rows.records import applied_bytes


def enter_in_order(archive: Archive, chains: Mapping[str, ChainLines], revisits: Revisits) -> int:
    """Enter the lines of all chains, each act of the operator where it belongs; the number of lines.

    Each chain is read up to the head that the next act names, then the act is applied. Raises Damaged and
    OtherVersion.
    """
    if OPERATOR in chains:
        _enter_acts(archive, chains, revisits)
    for lines in chains.values():
        lines.enter_rest()
        lines.mark()
    return sum(lines.count for lines in chains.values())


def together(archive: Archive, names: Iterable[str]) -> list[str]:
    """The chains that are caught up with these, sorted: where an act on one of them waits, all that such acts touch."""
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
        told = set().union(*(chains[name].told for name in act.heads if name in chains))
        revisits.sight_before(archive, act.heads, act.unnamed, told)
        for lines in chains.values():
            lines.told.clear()
        operator.enter(step)


def _reach(chains: Mapping[str, ChainLines], name: str, head: str | None) -> None:
    if name in chains:
        chains[name].enter_to(head)
    elif head is not None:
        raise Unproved(f"{name}.jsonl has no line {head}")


def _named_heads(operator: ChainLines) -> dict[str, set[str | None]]:
    """The heads that the acts to come name, by chain."""
    found: dict[str, set[str | None]] = defaultdict(set)
    for step in operator.unread():
        act = _act(step.line)
        for name, head in act.heads.items() if act else ():
            found[name].add(head)
    return found


def _waiting(archive: Archive) -> Iterator[OperatorAct]:
    """The acts that the database lacks."""
    entered = applied_bytes(archive.conn, "ledger", OPERATOR)
    found = (_act(step.line) for step in steps(archive.home.ledger, OPERATOR, entered))
    return (act for act in found if act)


def _act(line: Line | None) -> OperatorAct | None:
    """The act that a line keeps; None for any other line, and for one that cannot be read."""
    if line is None or not issubclass(Decision.KINDS.get(line.kind, Decision), OperatorAct):
        return None
    try:
        decision = decision_of(line)
    except LedgerError:
        return None
    return decision if isinstance(decision, OperatorAct) else None
