"""A wrong kind of file in the place of an archive's file: writers get one line with the remedy, and readers go on."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.archiving import NOON, crawl, page
from support.attacks import copied
from support.journeys import ENOUGH, Thinker
from support.small_disks import mounted

from archive import open_archive
from archive.files.home import Home

CAPTURED = "captures/newsroom-20261125T120000Z-00009.warc.gz"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("homes") / "whole"
    archive = open_archive(home)
    crawl(archive, NOON, {number: page(number) for number in range(3)})
    archive.close()
    return home


def link(home: Path) -> None:
    (home / CAPTURED).symlink_to("/nowhere/at/all")


def folder(home: Path) -> None:
    (home / CAPTURED).mkdir()


def chain(home: Path) -> None:
    (home / "ledger" / "zzz.jsonl").mkdir()


def copied_by_hand(home: Path) -> None:
    shutil.copy(home / "ledger" / "newsroom.jsonl", home / "ledger" / "newsroom (copy).jsonl")


def unnamed(home: Path) -> None:
    (home / "captures" / "._newsroom-20261125T120000Z-00001.warc.gz").write_bytes(b"of another system")
    (home / "captures" / "site.warc.gz").write_bytes(b"")


def emptied(home: Path) -> None:
    """Leave an empty folder, as a mount point whose disk is not mounted."""
    shutil.rmtree(home / "captures")
    (home / "captures").mkdir()


def unmounted(home: Path) -> None:
    shutil.rmtree(home / "captures")
    (home / "captures").symlink_to("/mnt/not-there")


def run(home: Path, *words: str) -> tuple[int, str, str]:
    """Run a command. Returns its exit code, stdout and stderr."""
    process = Thinker(home).start(*words)
    out, err = process.communicate(timeout=ENOUGH)
    return process.returncode, out, err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (link, f"{CAPTURED} is a link to /nowhere/at/all, which does not exist: restore that file, or remove the link"),
        (folder, f"{CAPTURED} should be a file and is not one: move it away"),
        (chain, "ledger/zzz.jsonl should be a file and is not one: move it away"),
        (
            copied_by_hand,
            "ledger/newsroom (copy).jsonl is not named as our files are: "
            "move it away; if it has captures, run `thinker import` on it",
        ),
        (
            unnamed,
            "captures/site.warc.gz is not named as our files are: move it away; if it has captures, run "
            "`thinker import` on it",
        ),
        (unmounted, "captures is a link to /mnt/not-there, which does not exist: mount it, or correct the link"),
    ],
)
def test_a_misplaced_file_is_named_and_stops_the_commands_that_write(
    tmp_path: Path, whole: Path, change: Callable[[Path], None], said: str
):
    home = copied(whole, tmp_path / "home")
    change(home)
    for command in (["crawl", "newsroom"], ["rebuild"], ["rebuild", "--accept-loss"], ["verify", "--repair"]):
        assert run(home, *command) == (2, "", f"thinker: {home}/{said}\n")
    named = said.rpartition(": ")[2]
    assert named in run(home, "verify")[1]
    assert named in run(home, "status")[1]
    assert run(home, "search", "一体化")[0] == 0
    for path, _ in list(Home(home).misplaced()):
        path.rename(tmp_path / "away")
    if change is unmounted:
        shutil.copytree(whole / "captures", home / "captures")
    assert run(home, "verify")[0] == 0


@pytest.mark.slow
def test_captures_without_a_file_are_not_begun_anew(tmp_path: Path, whole: Path):
    home = copied(whole, tmp_path / "home")
    emptied(home)
    for command in (["crawl", "newsroom"], ["rebuild", "--accept-loss"], ["import", str(whole / "captures")]):
        code, _, err = run(home, *command)
        assert code == 2, command
        assert "has none of the archive's files: mount its disk, or restore them" in err
    assert list((home / "captures").iterdir()) == []
    assert run(home, "search", "一体化")[0] == 0


@pytest.mark.slow
@pytest.mark.root
def test_a_read_only_home_is_readable_and_commands_that_need_to_write_say_so(tmp_path: Path, whole: Path):
    home = copied(whole, tmp_path / "home")
    with mounted(tmp_path / "there", "--bind", "-o", "ro", str(home)) as there:
        asks = [["crawl", "newsroom", "--dry-run"], ["doctor", "newsroom"], ["parse", "http://127.0.0.1:9/article/1"]]
        for command in (["crawl", "newsroom"], ["rebuild"], ["import", str(home / "captures")], *asks):
            code, out, err = run(there, *command)
            assert (code, out) == (1, ""), command
            assert "is on a read-only file system: mount it with write access" in err
        for command in (["search", "一体化"], ["verify"]):
            assert run(there, *command)[0] == 0
