"""Damage met by a replay: it raises, is accepted now, or was accepted by a `loss` line."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from archive.decisions import How, Loss, Sealing, decision_of
from archive.files import Home, Step, range_digest, steps
from archive.replaying.claims import Claim

logger = logging.getLogger(__name__)

RESTORE = "restore the file, or rebuild without it: `thinker rebuild --accept-loss`"
REMOVE = "remove the copy, or ignore it: `thinker rebuild --accept-loss`"


@dataclass(frozen=True, slots=True)
class Damage:
    """A fault in a chain's files: bytes that are gone, differ from those written, or must not or cannot be entered."""

    chain: str
    file: str
    offset: int  # of the first byte, from 0
    bytes: int  # 0: unknown
    how: How
    text: str  # for people: the record and its fault
    found: str | None = None  # SHA-256 (hex) of the bytes that stand there instead
    remedy: str = RESTORE

    @property
    def end(self) -> int:
        """The offset after the damage; if its length is unknown, one byte after its first."""
        return self.offset + max(1, self.bytes)

    def __str__(self) -> str:
        return f"{self.file} at {self.offset}: {self.text}"


class Damaged(Exception):  # noqa: N818 a verdict on a file
    """A file does not hold what was written; the text names the file, the place, the fault and the remedy."""

    def __init__(self, damage: Damage) -> None:
        super().__init__(f"{damage}: {damage.remedy}")
        self.damage = damage


@dataclass
class Damages:
    """The damage that a replay of one chain meets. accept: damage is noted and the rest entered; else it raises."""

    home: Home
    chain: str
    accept: bool = False
    found: list[Damage] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)  # what its captures do not support, as `skip` names it
    unable: list[Damage] = field(default_factory=list)  # lines that this version cannot apply, with the reason
    unproved: Damage | None = None  # the first line left out
    sealing: set[str] = field(default_factory=set)  # digests of the lines that commit to bytes
    _lines: list[Step] = field(default_factory=list)  # the first and the last unsound line
    _still: dict[tuple[str, int], bool] = field(default_factory=dict)  # accepted bytes: True while they are unchanged

    @cached_property
    def accepted(self) -> list[tuple[int, Loss]]:
        """The chain's loss lines, each with its offset; read only when something is wrong."""
        return list(_losses(self.home, self.chain))

    def meet(self, damage: Damage) -> None:
        """Note damage in `found` if `accept` is set, else raise Damaged; do nothing if a `loss` line accepted it."""
        if self.was_accepted(damage.file, damage.offset, damage.found):
            return
        if not self.accept:
            raise Damaged(damage)
        self.found.append(damage)

    def meet_line(self, step: Step) -> None:
        """Note an unsound line if `accept` is set, else raise Damaged; do nothing if a `loss` line accepted it."""
        if self.line_was_accepted(step.start):
            return
        if not self.accept:
            raise Damaged(self._lines_from(step, step))
        self._lines = [*self._lines[:1], step]

    def lines_met(self) -> None:
        """Add one damage to `found` that reaches from the first to the last unsound line noted since the last call.

        Nothing is added if none was noted.
        """
        if self._lines:
            self.found.append(self._lines_from(self._lines[0], self._lines[-1]))
            self._lines = []

    def _lines_from(self, first: Step, last: Step) -> Damage:
        file, length = f"{self.chain}.jsonl", last.end - first.start
        fault = first.fault if first == last else f"{first.fault}; the last line with a fault ends at {last.end}"
        found = range_digest(self.home.ledger / file, first.start, length)
        return Damage(self.chain, file, first.start, length, "altered", str(fault), found)

    def line_was_accepted(self, offset: int) -> bool:
        """True if a loss line accepted the fault at this offset, and the bytes are still the same."""
        file = f"{self.chain}.jsonl"
        return any(
            loss.file == file and loss.how == "altered" and 0 <= offset - (loss.first_byte - 1) < loss.bytes
            and self._is_still(loss) for _, loss in self.accepted
        )  # fmt: skip

    def cut_was_accepted(self, claim: Claim) -> bool:
        """True if a `loss` line of this chain, not older than the claim, accepted that the claimed line is gone.

        It did so if it names the chain's own file and either begins at or after the byte at which the claimed line
        ended, or names lost bytes that reach to that byte or beyond.
        """
        lost = ((at, loss) for at, loss in self.accepted if loss.file == f"{self.chain}.jsonl" and claim.at <= loss.at)
        return any(max(at, loss.first_byte - 1 + loss.bytes) >= claim.bytes for at, loss in lost)

    def passed_over(self, file: str, offset: int) -> int | None:
        """The offset after the bytes that begin at `offset`, if a loss line accepted them as altered; else None.

        These are records that are not entered. The bytes must still be those that the line names, unlike in `behind`.
        """
        for _, loss in self.accepted:
            if (loss.file, loss.first_byte, loss.how) == (file, offset + 1, "altered") and self._is_still(loss):
                return offset + loss.bytes
        return None

    def _is_still(self, loss: Loss) -> bool:
        """True if the bytes there are still those that the loss accepted."""
        place = (loss.file, loss.first_byte)
        if place not in self._still:
            folder = self.home.ledger if loss.file.endswith(".jsonl") else self.home.captures
            found = range_digest(folder / loss.file, loss.first_byte - 1, loss.bytes)
            self._still[place] = loss.bytes > 0 and found == loss.found
        return self._still[place]

    def was_accepted(self, file: str, offset: int, found: str | None) -> bool:
        """True if a loss line accepted that a file is altered from `offset` on, with the same bytes there now.

        found: the digest of these bytes; None if it is not known, which equals a loss line without one.
        """
        place = (file, offset + 1, "altered", found)
        return any((loss.file, loss.first_byte, loss.how, loss.found) == place for _, loss in self.accepted)

    def skip(self, line_offset: int, what: str, damage: Damage) -> None:
        """Note that a line is left out, which its captures do not support, or that a warcinfo record is lost.

        line_offset: of the line, 0 for a warcinfo record. `what` is the article's key or the line's digest, or the
        record's id. If the chain has any `loss` line after `line_offset`, nothing is noted or raised. Otherwise raises
        Damaged or, with `accept`, notes `what` in `skipped` and the first such damage in `unproved`.
        """
        if any(offset > line_offset for offset, _ in self.accepted):
            return
        if not self.accept:
            raise Damaged(damage)
        self.unproved = self.unproved or damage
        self.skipped.append(what)

    def leave(self, line_offset: int, text: str) -> None:
        """Leave out a line that this version cannot apply, with a warning; the rest is entered."""
        damage = Damage(self.chain, f"{self.chain}.jsonl", line_offset, 0, "altered", text)
        logger.warning("not applied: %s", damage)
        self.unable.append(damage)

    def borders(self, file: str) -> set[int]:
        """The offsets in a file where ranges begin to which lines of the chain commit; a record starts at each."""
        decisions = (decision_of(step.line) for step in steps(self.home.ledger, self.chain) if step.line is not None)
        sealing = (each for each in decisions if isinstance(each, Sealing | Loss))
        return {each.first_byte - 1 for line in sealing for each in line.files if each.file == file}

    def behind(self, file: str, offset: int) -> int | None:
        """The offset after the bytes that begin at `offset`, if a loss line accepted them as altered; else None.

        The bytes may have changed since.
        """
        known = [loss for _, loss in self.accepted if loss.file == file and loss.how == "altered"]
        return next((offset + loss.bytes for loss in known if loss.first_byte == offset + 1 and loss.bytes), None)


def _losses(home: Home, chain: str) -> Iterator[tuple[int, Loss]]:
    for step in steps(home.ledger, chain):
        if step.line is not None and step.line.kind == Loss.kind:
            decision = decision_of(step.line)
            assert isinstance(decision, Loss)
            yield step.start, decision
