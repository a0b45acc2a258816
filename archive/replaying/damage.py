"""Damage that a replay meets: refused by name, accepted now, or accepted before, as a `loss` line says."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from archive.decisions import How, Loss, Sealing, decision_of
from archive.files import Home, Step, range_digest, steps
from archive.replaying.claims import Claim

logger = logging.getLogger(__name__)

RESTORE = "restore the file, or rebuild what is there with `thinker rebuild --accept-loss`"
REMOVE = "remove the copy, or pass over it with `thinker rebuild --accept-loss`"


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are gone, or are not what was written."""

    chain: str
    file: str
    offset: int  # of the first byte, from 0
    bytes: int  # 0: nobody knows
    how: How
    text: str  # for people: the record, and what is wrong with it
    found: str | None = None  # SHA-256 (hex) of what stands there instead
    remedy: str = RESTORE

    @property
    def end(self) -> int:
        """The byte behind it."""
        return self.offset + max(1, self.bytes)

    def __str__(self) -> str:
        return f"{self.file} at {self.offset}: {self.text}"


class Damaged(Exception):  # noqa: N818 a verdict on a file
    """Files that do not hold what was written; the text names file, place, record and remedy."""

    def __init__(self, damage: Damage) -> None:
        super().__init__(f"{damage}: {damage.remedy}")
        self.damage = damage


@dataclass
class Damages:
    """What a replay of one chain meets. accept: the operator said to go on without what is lost."""

    home: Home
    chain: str
    accept: bool = False
    found: list[Damage] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)  # the lines, by article or digest, that could not be applied
    unable: list[Damage] = field(default_factory=list)  # lines that this version cannot apply, and why
    unproved: Damage | None = None  # the first of them
    sealing: set[str] = field(default_factory=set)  # digests of the lines that commit to bytes
    _lines: list[Step] = field(default_factory=list)  # the first and the last line that is not sound
    _still: dict[tuple[str, int], bool] = field(default_factory=dict)  # of accepted bytes: whether they are the same

    @cached_property
    def accepted(self) -> list[tuple[int, Loss]]:
        """The chain's loss lines, each with the byte it stands at; looked for only when something is wrong."""
        return list(_losses(self.home, self.chain))

    def meet(self, damage: Damage) -> None:
        """Go on where the damage is or was accepted. Raises Damaged."""
        if self.was_accepted(damage.file, damage.offset, damage.found):
            return
        if not self.accept:
            raise Damaged(damage)
        self.found.append(damage)

    def meet_line(self, step: Step) -> None:
        """Go on behind a line that is not sound, where that is or was accepted. Raises Damaged."""
        if self.line_was_accepted(step.start):
            return
        if not self.accept:
            raise Damaged(self._lines_from(step, step))
        self._lines = [*self._lines[:1], step]

    def lines_met(self) -> None:
        """All lines were met: what is wrong with any is one damage, from the first to the last of them."""
        if self._lines:
            self.found.append(self._lines_from(self._lines[0], self._lines[-1]))
            self._lines = []

    def _lines_from(self, first: Step, last: Step) -> Damage:
        file, length = f"{self.chain}.jsonl", last.end - first.start
        fault = first.fault if first == last else f"{first.fault}; the last line with a fault ends at {last.end}"
        found = range_digest(self.home.ledger / file, first.start, length)
        return Damage(self.chain, file, first.start, length, "altered", str(fault), found)

    def line_was_accepted(self, offset: int) -> bool:
        """Whether a loss line says that what is wrong from there on was accepted, and the bytes are the same still."""
        file = f"{self.chain}.jsonl"
        return any(
            loss.file == file and loss.how == "altered" and 0 <= offset - (loss.first_byte - 1) < loss.bytes
            and self._is_still(loss) for _, loss in self.accepted
        )  # fmt: skip

    def cut_was_accepted(self, claim: Claim) -> bool:
        """Whether a loss line tells of this chain's file behind what an earlier run says of it, or reaches so far."""
        lost = ((at, loss) for at, loss in self.accepted if loss.file == f"{self.chain}.jsonl" and claim.at <= loss.at)
        return any(max(at, loss.first_byte - 1 + loss.bytes) >= claim.bytes for at, loss in lost)

    def passed_over(self, file: str, offset: int) -> int | None:
        """Where reading goes on behind records that are not entered, where that was accepted."""
        for _, loss in self.accepted:
            if (loss.file, loss.first_byte, loss.how) == (file, offset + 1, "altered") and self._is_still(loss):
                return offset + loss.bytes
        return None

    def _is_still(self, loss: Loss) -> bool:
        """Whether a loss tells of what stands there now."""
        place = (loss.file, loss.first_byte)
        if place not in self._still:
            folder = self.home.ledger if loss.file.endswith(".jsonl") else self.home.captures
            found = range_digest(folder / loss.file, loss.first_byte - 1, loss.bytes)
            self._still[place] = loss.bytes > 0 and found == loss.found
        return self._still[place]

    def was_accepted(self, file: str, offset: int, found: str | None) -> bool:
        """Whether a loss line says that a file is altered from a byte on, with what stands there now."""
        place = (file, offset + 1, "altered", found)
        return any((loss.file, loss.first_byte, loss.how, loss.found) == place for _, loss in self.accepted)

    def skip(self, line_offset: int, what: str, damage: Damage) -> None:
        """Leave out a line that its captures do not bear out, where a later line accepted a loss. Raises Damaged."""
        if any(offset > line_offset for offset, _ in self.accepted):
            return
        if not self.accept:
            raise Damaged(damage)
        self.unproved = self.unproved or damage
        self.skipped.append(what)

    def leave(self, line_offset: int, text: str) -> None:
        """Leave out a line that this version cannot apply, and say so: the rest is entered."""
        damage = Damage(self.chain, f"{self.chain}.jsonl", line_offset, 0, "altered", text)
        logger.warning("not entered: %s", damage)
        self.unable.append(damage)

    def borders(self, file: str) -> set[int]:
        """The bytes of a file where, as the chain's lines say, a record begins: those of the ranges they commit to."""
        decisions = (decision_of(step.line) for step in steps(self.home.ledger, self.chain) if step.line is not None)
        sealing = (each for each in decisions if isinstance(each, Sealing | Loss))
        return {each.first_byte - 1 for line in sealing for each in line.files if each.file == file}

    def behind(self, file: str, offset: int) -> int | None:
        """Where reading goes on behind bytes that were accepted as unreadable."""
        known = [loss for _, loss in self.accepted if loss.file == file and loss.how == "altered"]
        return next((offset + loss.bytes for loss in known if loss.first_byte == offset + 1 and loss.bytes), None)


def _losses(home: Home, chain: str) -> Iterator[tuple[int, Loss]]:
    for step in steps(home.ledger, chain):
        if step.line is not None and step.line.kind == Loss.kind:
            decision = decision_of(step.line)
            assert isinstance(decision, Loss)
            yield step.start, decision
