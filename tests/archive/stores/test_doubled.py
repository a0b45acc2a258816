"""Doubled or foreign captures are named by each command; once they are accepted, all is green without them."""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, crawl, fetched, page, rows
from support.attacks import CAPTURES, DERIVED, copied, file_of, lines, places, stored
from support.busy_archive import busy_archive

from archive import open_archive, read_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.replaying import Damaged
from archive.replaying.fixity import verify
from archive.replaying.proof import PROVED, prove
from archive.replaying.rebuild import rebuild_database

DAY = timedelta(days=1)
LATER = NOON + 9 * DAY
Damage = Callable[[Path], None]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("homes")
    busy_archive(folder / "whole").close()
    return folder / "whole"


def file_copied(kind: str, change: Callable[[str], str]) -> Damage:
    def copy(home: Path) -> None:
        path = file_of(home, kind)
        shutil.copy(path, path.with_name(change(path.name)))

    return copy


def record_again(kind: str, which: slice) -> Damage:
    def again(home: Path) -> None:
        path = file_of(home, kind)
        content = path.read_bytes()
        twice = b"".join(content[offset : offset + length] for offset, length in places(path)[which])
        path.write_bytes(content + twice)

    return again


def later_name(name: str) -> str:
    return name.replace("-00001.", "-00002.")


def earlier_name(name: str) -> str:
    return name.replace("-20261125T", "-20200101T")


RECORDS: dict[str, Damage] = {
    "a file of captures under a later name": file_copied(CAPTURES, later_name),
    "a file of captures under an earlier name": file_copied(CAPTURES, earlier_name),
    "a file of what was derived": file_copied(DERIVED, later_name),
    "the last record": record_again(CAPTURES, slice(-1, None)),
    "the first record": record_again(CAPTURES, slice(0, 1)),
    "the last four records": record_again(CAPTURES, slice(-4, None)),
    "the last derived record": record_again(DERIVED, slice(-1, None)),
}


def chain_of(change: Callable[[list[bytes]], list[bytes]]) -> Damage:
    def hurt(home: Path) -> None:
        path = home / "ledger" / "newsroom.jsonl"
        path.write_bytes(b"".join(change(lines(path))))

    return hurt


def foreign_chain(home: Path) -> None:
    shutil.copy(home / "ledger" / "newsroom.jsonl", home / "ledger" / "other.jsonl")


def chain_of_another_home(home: Path) -> None:
    theirs = home.with_name("theirs")
    with (
        closing(open_archive(theirs)) as archive,
        CrawlIngest(archive, replace(SOURCE, name="other"), clock=lambda: NOON) as ingest,
    ):
        ingest.begin_crawl(NOON)
        ingest.add(fetched(1, page(1), NOON))
        ingest.finish("finished", 1, 0, NOON)
    shutil.copy(theirs / "ledger" / "other.jsonl", home / "ledger")


LINES: dict[str, Damage] = {
    "every line": chain_of(lambda all_: all_ + all_),
    "the last line": chain_of(lambda all_: all_ + all_[-1:]),
    "four lines, at the end": chain_of(lambda all_: all_ + all_[4:8]),
    "four lines, where they stand": chain_of(lambda all_: all_[:8] + all_[4:8] + all_[8:]),
    "each line beside itself": chain_of(lambda all_: [line for each in all_ for line in (each, each)]),
    "all lines end in CRLF": chain_of(lambda all_: [line[:-1] + b"\r\n" for line in all_]),
    "one line ends in CRLF": chain_of(lambda all_: [*all_[:5], all_[5][:-1] + b"\r\n", *all_[6:]]),
    "a chain under another name": foreign_chain,
    "the chain of another home": chain_of_another_home,
}


def hurt(whole: Path, folder: Path, damage: Damage) -> tuple[Path, Path]:
    """A damaged home, and the same without a database."""
    home = copied(whole, folder / "home")
    damage(home)
    return home, without_database(copied(home, folder / "bare"))


def without_database(home: Path) -> Path:
    for path in list(home.glob("archive.db*")):
        path.unlink()
    return home


def losses(home: Path) -> int:
    return sum(
        line.kind == "loss" for chain in (home / "ledger").glob("*.jsonl") for line in readable(home, chain.stem)
    )


def readable(home: Path, chain: str) -> list:
    from archive.files.ledger import steps

    return [step.line for step in steps(home / "ledger", chain) if step.line is not None]


def accepted(home: Path, bare: Path, folder: Path) -> None:
    """Accept the loss, with and without a database, and check that all is green then.

    Where both leave the same files and rows, the story goes on with one of them.
    """
    for each in (home, bare):
        assert rebuild_database(each, LATER, accept_loss=True).lost != ()
        assert losses(each) == 1
    alike = (stored(bare), held(bare)) == (stored(home), held(home))
    for each in [home] if alike else [home, bare]:
        green(each, folder / each.name)


def green(home: Path, folder: Path) -> None:
    """Check that all is green, also without a database and after a crawl."""
    folder.mkdir(parents=True)
    sound(home, folder / "accepted")
    assert rebuild_database(without_database(home), LATER).lost == ()
    with closing(open_archive(home)) as archive:
        crawl(archive, LATER + DAY, {0: 304, 1: page(1, note="later"), 7: page(7)})
    sound(home, folder / "later")
    live = held(home)
    assert rebuild_database(home, LATER + 2 * DAY).lost == ()
    assert held(home) == live
    assert losses(home) == 1


def held(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row that the files bear out."""
    with closing(read_archive(home)) as archive:
        return {table: rows(archive, sql) for table, sql in PROVED.items()}


def sound(home: Path, scratch: Path) -> None:
    scratch.mkdir()
    with closing(open_archive(home)) as archive:
        assert verify(archive).faults == ()
        assert prove(archive, scratch) == ()


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_that_stands_twice_is_passed_over(tmp_path: Path, whole: Path, name: str):
    home, bare = hurt(whole, tmp_path, RECORDS[name])
    with closing(read_archive(home)) as archive:
        (fault,) = verify(archive).faults
        assert fault.kind == "double"
        assert "twice, first at newsroom-" in fault.detail
    with pytest.raises(Damaged, match=r"twice, first at newsroom-.*remove the copy"):
        open_archive(home)
    for each in (home, bare):
        (lost,) = rebuild_database(each, LATER).lost
        assert "twice, first at newsroom-" in lost
    accepted(home, bare, tmp_path / "scratch")


@pytest.mark.parametrize("name", LINES)
def test_lines_that_stand_twice_or_are_no_lines_of_ours_are_accepted_once(tmp_path: Path, whole: Path, name: str):
    home, bare = hurt(whole, tmp_path, LINES[name])
    with closing(read_archive(home)) as archive:
        assert name == "the chain of another home" or verify(archive).faults != ()
    accepted(home, bare, tmp_path / "scratch")


def test_a_line_of_a_loss_that_stands_twice_is_applied_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with closing(open_archive(home)) as archive:
        crawl(archive, NOON, {1: page(1)})
    ledger = home / "ledger" / "newsroom.jsonl"
    ledger.write_bytes((ledger.read_bytes() * 2).replace(b"\n", b"\r\n"))
    rebuild_database(home, NOON + DAY, accept_loss=True)
    known = lines(ledger)
    assert b'"kind":"loss"' in known[-1]
    ledger.write_bytes(b"".join([*known, *known[2:]]))
    rebuild_database(home, NOON + 2 * DAY, accept_loss=True)
    (tmp_path / "scratch").mkdir()
    with closing(open_archive(home)) as archive:
        assert prove(archive, tmp_path / "scratch") == ()
