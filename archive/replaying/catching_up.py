"""Catch up: enter the part of captures and ledger that the database lacks, after a crash or from nothing."""

from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archive.files import Home, Locked, Meter, Progress, all_locked, range_digest, source_of, unheard
from archive.replaying.claims import Claim
from archive.replaying.damage import Damage, Damages
from archive.replaying.extent import Extent
from archive.replaying.lines import ChainLines, enter_in_order, together
from archive.replaying.records import enter_records
from archive.replaying.revisits import Revisits
from archive.replaying.tails import Tail
from archive.replaying.torn import NOTHING, cut_torn_ends, sync_ends
from archive.rows import (
    Archive,
    Behind,
    Connection,
    Shortfall,
    chain_names,
    distrust,
    lag,
    newest_capture,
    refill_frontier,
    require_whole,
    shortfalls,
)
from archive.rules import require_current


@dataclass(frozen=True, slots=True)
class Replayed:
    """The result of catching up, or of a rebuild, which alone sets `lost` and `kept`."""

    records: int
    lines: int  # read, those left out among them
    torn: tuple[str, ...] = ()  # files whose unfinished end was cut off
    damage: tuple[Damage, ...] = ()  # met and left out, because the caller said to go on
    unproved: tuple[Damage, ...] = ()  # of each chain, the first line that could not be entered because of it
    skipped: tuple[str, ...] = ()  # as in Damages
    unable: tuple[str, ...] = ()  # lines that this version cannot apply, with the reason
    lost: tuple[str, ...] = ()  # left out, and reported or accepted
    kept: str | None = None  # the earlier database's new name, if it is damaged or the new one lacks something


def catch_up_all(archive: Archive) -> None:
    """Catch up every chain that lags, except those with a writer and those that lost bytes: they are left as they are.

    The chains that a waiting operator's act touches are caught up together, or not at all. Raises as `catch_up` for the
    first chain with a fault; the chains after it are then not caught up.
    """
    for name in chain_names(archive.home):
        names = together(archive, [name]) if lag(archive.conn, archive.home, name) else []
        if names and not any(any(shortfalls(archive.conn, archive.home, each)) for each in names):
            with suppress(Locked), all_locked(archive.home, names):  # its writer is alive and catches up
                catch_up(archive, names)


def catch_up_held(archive: Archive, *held: str) -> None:
    """Catch up the chains whose locks the caller holds, with all chains that a waiting act on them touches.

    Raises Behind, OtherVersion and Damaged, and Locked if another process writes one of the others. Every writer calls
    it first, so that none works by the rules of an older version.
    """
    require_current(archive.conn)
    names = together(archive, held)
    with all_locked(archive.home, [name for name in names if name not in held]):
        catch_up(archive, names)


def catch_up(
    archive: Archive,
    names: Iterable[str],
    progress: Progress = unheard,
    go_on: bool = False,
    entered: Mapping[str, int] = NOTHING,
    lossy: Iterable[str] = (),
) -> Replayed:
    """Enter the bytes of these chains' files that the database has not applied. The caller holds their locks.

    Unfinished ends of the files are cut off first, and stay cut off. Raises Behind, OtherVersion, and Damaged if a file
    does not hold the bytes that were written; then nothing is entered. With go_on damage is listed in the result, and
    the rest is entered. entered: the bytes of each WARC file that an earlier database had applied. lossy: chains whose
    ledger lacks lines that the earlier database had applied. progress counts bytes.
    """
    ordered = sorted(names)
    require_whole(archive.conn, archive.home, ordered)
    torn = [cut for name in ordered for cut in cut_torn_ends(archive, name, entered)]
    for name in ordered:
        sync_ends(archive, name)  # a crash may have left these bytes unsynced: no row may be durable before them
    damages = {name: Damages(archive.home, name, go_on) for name in ordered}
    before = newest_capture(archive.conn)
    archive.conn.execute("begin immediate")
    try:
        behind = sum(lag(archive.conn, archive.home, name) for name in ordered)
        records, lines = replay(archive, damages, Meter(progress, behind), lossy=lossy)
        refill_frontier(archive.conn, before)
        archive.conn.commit_group()
    except BaseException:
        archive.conn.abandon_group()
        raise
    met = list(damages.values())
    return Replayed(
        records, lines, tuple(torn), tuple(each for one in met for each in one.found),
        tuple(one.unproved for one in met if one.unproved), tuple(each for one in met for each in one.skipped),
        tuple(str(each) for one in met for each in one.unable),
    )  # fmt: skip


def replay(
    archive: Archive,
    damages: dict[str, Damages],
    meter: Meter,
    limits: Mapping[str, int] | None = None,
    lossy: Iterable[str] = (),
) -> tuple[int, int]:
    """Enter records, then lines, then revisits, so that each finds its target.

    Returns (number of records, number of lines); lines that were read but not applied are counted too. An act of the
    operator comes after the lines and revisits that existed when it was made. meter: counts the bytes. limits: the
    bytes to read of each file (by its name); None reads all. lossy: chains known to lack lines. The caller holds a
    transaction. Raises Damaged, Behind and OtherVersion.
    """
    known, extent = newest_capture(archive.conn), Extent(meter, limits)
    revisits = Revisits(known)
    tails = {name: Tail(archive.conn, archive.home, name, met) for name, met in damages.items()}
    records = sum(enter_records(archive, met, revisits, extent, tails[name]) for name, met in damages.items())
    gone = {*lossy, *(claim.chain for claim in unmet(archive.home, tails.values(), damages))}
    chains = {name: ChainLines(archive, met, extent, name in gone, known > 0) for name, met in damages.items()}
    entered = enter_in_order(archive, chains, revisits)
    require_claimed(archive.home, tails, damages)
    lines: set[str] = set().union(*(met.sealing for met in damages.values()))
    for damage in altered_ranges(archive.conn, archive.home, lines):
        damages[damage.chain].meet(damage)
        distrust(archive.conn, damage.file, damage.offset, damage.bytes)
    revisits.sight_rest(archive.conn, set().union(*(lines.told for lines in chains.values())))
    return records, entered


def require_claimed(home: Home, tails: Mapping[str, Tail], damages: dict[str, Damages]) -> None:
    """Check that each chain has the bytes and the line that warcinfo records of runs claim.

    Also that none has more captures without a line than a killed run leaves (`Tail.lacking`). Raises Behind for a chain
    that fails; if `accept` of its Damages is set, the fault is noted there as damage instead.
    """
    for name, text in [(name, tail.lacking) for name, tail in tails.items() if tail.lacking]:
        path = home.ledger / f"{name}.jsonl"
        gone = Shortfall(name, path.name, path.stat().st_size, 0, None, said=text)
        if not damages[name].accept:
            raise Behind([gone])
        damages[name].meet(Damage(name, path.name, gone.offset, 0, "missing", gone.text))
    furthest = {
        claim.chain: claim for claim in sorted(unmet(home, tails.values(), damages), key=lambda each: each.bytes)
    }
    for claim in furthest.values():
        gone = claim.missing(home.ledger)
        go_on = all(met.accept for met in damages.values())
        if not go_on:
            raise Behind([gone])
        met = damages.setdefault(claim.chain, Damages(home, claim.chain, go_on))
        if gone.missing:
            met.meet(Damage(claim.chain, claim.file, gone.offset, gone.missing, "missing", gone.text))
        elif not any(each.file == claim.file for each in met.found):  # else the altered bytes before it are met already
            met.meet(Damage(claim.chain, claim.file, gone.offset, 0, "altered", gone.text))


def unmet(home: Home, tails: Iterable[Tail], damages: Mapping[str, Damages]) -> list[Claim]:
    """The claims of runs that the ledger does not bear out, without those whose loss was accepted."""
    claims = [claim for tail in tails for claim in tail.claims.values() if not claim.holds(home.ledger)]
    known = ((damages.get(claim.chain) or Damages(home, claim.chain), claim) for claim in claims)
    return [claim for met, claim in known if not met.cut_was_accepted(claim)]


def altered_ranges(conn: Connection, home: Home, lines: Set[str] | None = None) -> Iterator[Damage]:
    """Yield a Damage for each range that is cut or differs from the bytes that a ledger line commits to.

    lines: the digests of the lines whose ranges are checked; None checks all.
    """
    if lines is not None and not lines:
        return  # nothing new, as at most starts: skip a search of all ranges
    rows = conn.execute(
        "select warc_file, first_byte, length, sha256, line_digest from warc_ranges order by warc_file, first_byte"
    ).fetchall()
    for file, first_byte, length, sha256, line in rows:
        if lines is not None and line not in lines:
            continue
        found = range_digest(home.captures / file, first_byte - 1, length)
        if found is None:
            yield _shorter(home.captures / file, first_byte - 1 + length, line)
        elif found != sha256:
            text = f"the {length} bytes from here are not those that ledger line {line} names"
            yield Damage(source_of(file), file, first_byte - 1, length, "altered", text, found)


def _shorter(path: Path, end: int, line: str) -> Damage:
    size = path.stat().st_size if path.exists() else 0
    text = f"bytes are gone that ledger line {line} names"
    return Damage(source_of(path.name), path.name, size, end - size, "missing", text)
