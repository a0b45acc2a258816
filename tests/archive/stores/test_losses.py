"""A loss in a file is refused before anything is written; once accepted it is recorded, and the archive goes on."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, PARAGRAPHS, crawl, dump, page, rows
from support.attacks import (
    CAPTURES,
    DERIVED,
    LEDGER,
    Attack,
    Change,
    claims,
    copied,
    cut_before_record,
    cut_inside_record,
    emptied,
    file_of,
    lines,
    lines_cut,
    older_copy,
    places,
    removed,
    stored,
)
from support.journeys import SOAK

from archive import Archive, open_archive
from archive.replaying.fixity import verify
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.rows.behind import Behind

DAY = timedelta(days=1)
EDITED = page(1, paragraphs=(*PARAGRAPHS, "补充一段说明，供读者参考。"))
NUMBERS = range(1, 99) if SOAK else (1, 2, 3, 5, 8, 13, 18, 23)  # of lines and records from either end
ALL_WAYS = range(1, 99) if SOAK else (1,)  # these are harmed in every way, the others each in one, by turns
LINES, RECORDS = 19, {CAPTURES: 23, DERIVED: 10}
NEXT = {0: 304, 1: EDITED, 2: page(2), 3: page(3, note="x"), 4: b"nothing", 5: page(5), 6: page(6)}


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days of a site (`whole`), and a copy of its first day (`older`)."""
    folder = tmp_path_factory.mktemp("homes")
    archive = open_archive(folder / "whole")
    crawl(archive, NOON, {number: page(number) for number in range(5)})
    archive.close()
    copied(folder / "whole", folder / "older")
    archive = open_archive(folder / "whole")
    crawl(archive, NOON + DAY, {0: 304, 1: EDITED, 2: 404, 3: page(3, note="x"), 4: b"nothing", 5: page(5)})
    crawl(archive, NOON + 2 * DAY, {0: page(0), 1: EDITED, 2: 404, 3: page(3), 4: b"nothing", 5: 304, 6: page(6)})
    archive.close()
    return folder


def line_deleted(number: int) -> Change:
    return lambda path, _: b"".join(line for at, line in enumerate(lines(path)) if at != number)


def record_deleted(count: int) -> Change:
    """Take one record out, counted from the end."""

    def cut(path: Path, _: Path) -> bytes:
        offset, length = places(path)[-count]
        whole = path.read_bytes()
        return whole[:offset] + whole[offset + length :]

    return cut


def last_record_zeroed(path: Path, _: Path) -> bytes:
    offset, length = places(path)[-1]
    return path.read_bytes()[:offset] + bytes(length)


def last_record_flipped(path: Path, _: Path) -> bytes:
    whole = bytearray(path.read_bytes())
    offset, length = places(path)[-1]
    whole[offset + length // 2] ^= 1
    return bytes(whole)


_LINES_LOST = {"the last {} lines are cut": lines_cut, "line {} is deleted": lambda number: line_deleted(number - 1)}
_RECORDS_LOST = {
    "the last {} records are cut": cut_before_record,
    "cut inside record {} from the end": cut_inside_record,
    "record {} from the end is taken out": record_deleted,
}


def _by_turns(kind: str, count: int, ways: dict[str, Callable[[int], Change]]) -> Iterator[Attack]:
    for turn, number in enumerate(number for number in NUMBERS if number <= count):
        names = list(ways) if number in ALL_WAYS else [list(ways)[turn % len(ways)]]
        yield from (Attack(kind, name.format(number), ways[name](number)) for name in names)


def _attacks() -> Iterator[Attack]:
    yield from _by_turns(LEDGER, LINES - 1, _LINES_LOST)
    yield Attack(LEDGER, "the last line is cut in its middle", lambda path, _: path.read_bytes()[:-30])
    for kind, count in RECORDS.items():
        yield from _by_turns(kind, count, _RECORDS_LOST)
        yield Attack(kind, "the last record is zeros", last_record_zeroed)
        yield Attack(kind, "a bit of the last record is flipped", last_record_flipped)
    for kind in (LEDGER, CAPTURES, DERIVED):
        yield Attack(kind, "an older copy is restored", older_copy)
        yield Attack(kind, "the file is removed", removed)
        yield Attack(kind, "the file is emptied", emptied)


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("attack", list(_attacks()), ids=str)
def test_a_loss_is_refused_until_accepted_then_recorded_and_crawls_go_on(tmp_path: Path, homes: Path, attack: Attack):
    home = copied(homes / "whole", tmp_path / "home")
    hurt = attack.on(home, homes / "older")
    _refused(home, hurt.name)
    _accepted(home, hurt.name)
    archive = open_archive(home)
    _sound(archive, tmp_path / "before")
    crawl(archive, NOON + 4 * DAY, NEXT)
    _sound(archive, tmp_path / "after")
    live = dump(archive)
    archive.close()
    rebuild_database(home, NOON + 5 * DAY)
    archive = open_archive(home)
    assert dump(archive) == live
    archive.close()
    ledger = file_of(home, LEDGER)
    ledger.write_bytes(b"".join(lines(ledger)[:-1]))
    _refused(home, ledger.name, rebuilds=1)


def _refused(home: Path, name: str, rebuilds: int = 2) -> None:
    """Check that no crawl writes and verify names the file, also after rebuilds, which name it too."""
    files, said = stored(home), claims(home)
    _for_readers_only(home, name)
    assert (stored(home), claims(home)) == (files, said)
    for _ in range(rebuilds):  # what the first one leaves out is not forgotten by the second
        assert any(lost.startswith(f"{name} at ") for lost in rebuild_database(home, NOON + 3 * DAY).lost)
        _for_readers_only(home, name)


def _for_readers_only(home: Path, name: str) -> None:
    archive = open_archive(home)
    with pytest.raises(Behind, match=name):
        crawl(archive, NOON + 3 * DAY, {1: page(1)})
    assert name in {fault.file for fault in verify(archive).faults}
    archive.close()


def _accepted(home: Path, name: str) -> None:
    """Check that the command, the ledger and the events record the loss."""
    replayed = rebuild_database(home, NOON + 3 * DAY, accept_loss=True)
    assert any(lost.startswith(f"{name} at ") for lost in replayed.lost)
    archive = open_archive(home)
    losses = rows(archive, "select detail from events where kind = 'loss'")
    assert (len(losses), any(name in str(detail) for (detail,) in losses)) == (len(replayed.lost), True)
    archive.close()


def _sound(archive: Archive, scratch: Path) -> None:
    scratch.mkdir()
    assert verify(archive).faults == ()
    assert prove(archive, scratch) == ()


def test_the_counts_that_the_attacks_go_by_are_those_of_the_home(homes: Path):
    assert len(lines(file_of(homes / "whole", LEDGER))) == LINES
    assert {kind: len(places(file_of(homes / "whole", kind))) for kind in RECORDS} == RECORDS
