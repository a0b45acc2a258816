"""Losses accepted by an operator: each becomes a line of its chain, after which the archive is writable again."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from archive.decisions import How, Loss, Stores, WarcRange
from archive.files import range_digest, stamp
from archive.replaying.catching_up import Replayed
from archive.replaying.damage import Damage
from archive.rows import Archive, Shortfall


def tell_losses(archive: Archive, lost: Sequence[Damage], gone: Sequence[Shortfall], now: datetime) -> None:
    """Append a `loss` line for each of `lost` to its chain, and commit.

    gone: the shortfalls that the old database knew; they give the last line of each chain that it had applied.
    """
    heads = {each.chain: each.head for each in gone if each.head}
    for chain in sorted({each.chain for each in lost}):
        stores = Stores(archive, chain, lambda: now)
        try:
            for each in (each for each in lost if each.chain == chain):
                stores.tell(_line(archive, each, heads.get(chain), now))
            stores.commit()
        finally:
            stores.close()


def losses(gone: Sequence[Shortfall], replayed: Replayed) -> Iterator[Damage]:
    """Yield each loss once: damage that the replay met, and what the old database shows to be gone or altered.

    If both have one at the same place, it is the replay's, which knows how many bytes are wrong there; if both say that
    bytes are missing, the longer one. An altered ledger of the old database counts only if the replay met no damage in
    it. For a chain with neither, the first line that was left out, if there was one.
    """
    met = {each.file for each in replayed.damage if each.file.endswith(".jsonl")}
    found: dict[tuple[str, int], Damage] = {}
    for each in (*replayed.damage, *(_damage(each) for each in gone if each.missing or each.file not in met)):
        known = found.setdefault((each.file, each.offset), each)
        if known.how == each.how == "missing" and each.bytes > known.bytes:
            found[each.file, each.offset] = each  # the database knows of more lines than the claims of runs
    yield from found.values()
    chains = {each.chain for each in found.values()}
    yield from (each for each in replayed.unproved if each.chain not in chains)


def _damage(gone: Shortfall) -> Damage:
    how: How = "missing" if gone.missing else "altered"
    return Damage(gone.chain, gone.file, gone.offset, gone.missing, how, gone.text)


def _line(archive: Archive, lost: Damage, head: str | None, now: datetime) -> Loss:
    return Loss(
        at=stamp(now), source=lost.chain, file=lost.file, first_byte=lost.offset + 1, bytes=lost.bytes, how=lost.how,
        head=head, found=lost.found, files=tuple(_left(archive, lost)),
    )  # fmt: skip


def _left(archive: Archive, lost: Damage) -> Iterator[WarcRange]:
    """Yield a WarcRange for each committed range that ends after the lost bytes begin, as far as the file still has it.

    Its digest is that of the bytes that are there now. A range of which nothing is left gives none.
    """
    path = archive.home.captures / lost.file
    size = path.stat().st_size if path.exists() else 0
    rows = archive.conn.execute(
        "select first_byte, length from warc_ranges where warc_file = ? and first_byte + length > ?",
        (lost.file, lost.offset + 1),
    ).fetchall()
    for first_byte, length in rows:
        left = min(length, size - first_byte + 1)
        if left > 0 and (found := range_digest(path, first_byte - 1, left)):
            yield WarcRange(file=lost.file, first_byte=first_byte, length=left, sha256=found)
