"""Acts of the operator: each is one line of the chain `operator`, with the heads of the chains that it touches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

from archive.decisions import OPERATOR, OperatorAct, Stores
from archive.files import all_locked, files_of, heads, stamp
from archive.replaying import catch_up_held
from archive.rows import Archive, applied_bytes, sealed_end
from archive.settings import SOURCE_NAME


class HeldChains:
    """The chains of sources whose locks are held, to write acts of the operator about their articles."""

    def __init__(self, archive: Archive, chains: Sequence[str], clock: Callable[[], datetime]) -> None:
        known = heads(archive.conn)
        self._clock = clock
        self._heads: dict[str, str | None] = {chain: known.get(chain) for chain in chains}
        self._unnamed = _unnamed(archive, chains)
        self._stores = Stores(archive, OPERATOR, clock)

    def write(self, kind: type[OperatorAct], **fields: Any) -> None:
        """Write an act and apply it; it is durable after the next `commit`, and no rows change if it is refused.

        kind: the class of the act; fields: its fields except `at`, `heads` and `unnamed`, which are filled here. Raises
        Unproved if the archive does not support the act.
        """
        made = kind(at=stamp(self._clock()), heads=self._heads, unnamed=self._unnamed, **fields)
        with self._stores.undoable():
            self._stores.tell(made)

    def commit(self) -> None:
        """Make the acts so far durable, all or none."""
        self._stores.commit()

    def close(self) -> None:
        """Close without committing."""
        self._stores.close()


@contextmanager
def held_chains(archive: Archive, chains: Iterable[str], clock: Callable[[], datetime]) -> Iterator[HeldChains]:
    """Hold the chains of sources, and the operator's, caught up, until the block ends.

    Raises Locked if another process writes one of them, Behind, and ValueError if a chain is of no source, or none is
    given.
    """
    held = (OPERATOR, *sorted(set(chains)))
    if len(held) < 2 or OPERATOR in held[1:] or not all(map(SOURCE_NAME.fullmatch, held)):
        raise ValueError(f"an act touches the chains of sources, and at least one: {', '.join(held[1:]) or 'none'}")
    with all_locked(archive.home, held):
        catch_up_held(archive, *held)
        with closing(HeldChains(archive, held[1:], clock)) as acts:
            yield acts


def act(
    archive: Archive, kind: type[OperatorAct], chains: Sequence[str], clock: Callable[[], datetime], **fields: Any
) -> str:
    """Write an act of the operator about articles of these chains to the ledger, and apply it.

    Returns the digest of the line, to undo it by. kind and fields as in `HeldChains.write`. All is durable on return,
    or nothing counts. Raises Unproved if the archive does not support the act, and as `held_chains`.
    """
    with held_chains(archive, chains, clock) as acts:
        acts.write(kind, **fields)
        acts.commit()
        return heads(archive.conn)[OPERATOR] or ""


def _unnamed(archive: Archive, chains: Sequence[str]) -> dict[str, int]:
    """By file name: the length in bytes of each WARC file that ends after the last byte covered by a ledger line.

    A killed process leaves such files. The length is the one entered in the database.
    """
    files = [path.name for chain in chains for path in files_of(archive.home.captures, chain)]
    entered = {file: applied_bytes(archive.conn, "warc", file) for file in files}
    return {file: end for file, end in entered.items() if end > sealed_end(archive.conn, file)}
