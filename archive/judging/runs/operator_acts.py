"""Acts of the operator: each is one line of the chain `operator`, with the heads of the chains that it touches."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from archive.decisions import OPERATOR, OperatorAct, Stores
from archive.files import all_locked, files_of, heads, stamp
from archive.replaying import catch_up_held
from archive.rows import Archive, applied_bytes, sealed_end
from archive.settings import SOURCE_NAME


def act(
    archive: Archive, kind: type[OperatorAct], chains: Sequence[str], clock: Callable[[], datetime], **fields: Any
) -> str:
    """Write an act of the operator about articles of these chains to the ledger, and apply it.

    Returns the digest of the line, to undo it by. kind: the class of the act; fields: its fields except `at`, `heads`
    and `unnamed`, which are filled here. All is durable on return, or nothing counts. Raises Locked if another process
    writes one of the chains, Behind, Unproved if the archive does not support the act, and ValueError if a chain is of
    no source, or no chain is given.
    """
    held = (OPERATOR, *sorted(set(chains)))
    if len(held) < 2 or OPERATOR in held[1:] or not all(map(SOURCE_NAME.fullmatch, held)):
        raise ValueError(f"an act touches the chains of sources, and at least one: {', '.join(held[1:]) or 'none'}")
    with all_locked(archive.home, held):
        catch_up_held(archive, *held)
        stores = Stores(archive, OPERATOR, clock)
        try:
            known = heads(archive.conn)
            seen = {chain: known.get(chain) for chain in held[1:]}
            made = kind(at=stamp(clock()), heads=seen, unnamed=_unnamed(archive, held[1:]), **fields)
            with stores.undoable():
                stores.tell(made)
            stores.commit()
            return heads(archive.conn)[OPERATOR] or ""
        finally:
            stores.close()


def _unnamed(archive: Archive, chains: Sequence[str]) -> dict[str, int]:
    """By file name: the length in bytes of each WARC file that ends after the last byte covered by a ledger line.

    A killed process leaves such files. The length is the one entered in the database.
    """
    files = [path.name for chain in chains for path in files_of(archive.home.captures, chain)]
    entered = {file: applied_bytes(archive.conn, "warc", file) for file in files}
    return {file: end for file, end in entered.items() if end > sealed_end(archive.conn, file)}
