"""What stands where a file of the archive belongs: one line with the remedy to whoever writes, and readers go on."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.archiving import NOON, crawl, page
from support.attacks import copied
from support.checkout import ROOT
from support.small_disks import mounted

from archive import open_archive

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


def unmounted(home: Path) -> None:
    shutil.rmtree(home / "captures")
    (home / "captures").symlink_to("/mnt/not-there")


def run(home: Path, *words: str) -> tuple[int, str, str]:
    """A command: exit code, what it says, and what it says of itself."""
    command = [sys.executable, "-m", "thinker", "--home", str(home), *words]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (link, f"{CAPTURED} is a link to /nowhere/at/all, which is not there: restore that, or remove the link"),
        (folder, f"{CAPTURED} is no file, and has the name of one of ours: move it away"),
        (chain, "ledger/zzz.jsonl is no file, and has the name of one of ours: move it away"),
        (unmounted, "captures is a link to /mnt/not-there, which is not there: mount it, or mend the link"),
    ],
)
def test_what_is_no_file_is_named_and_nothing_is_written(
    tmp_path: Path, whole: Path, change: Callable[[Path], None], said: str
):
    home = copied(whole, tmp_path / "home")
    change(home)
    for command in (["crawl", "newsroom"], ["rebuild"], ["rebuild", "--accept-loss"], ["verify", "--repair"]):
        assert run(home, *command) == (2, "", f"thinker: {home}/{said}\n")
    named = said.partition(" ")[2]
    assert named in run(home, "verify")[1]
    assert named in run(home, "status")[1]
    assert run(home, "search", "一体化")[0] == 0
    (home / said.partition(" ")[0]).rename(tmp_path / "away")
    if change is unmounted:
        shutil.copytree(whole / "captures", home / "captures")
    assert run(home, "verify")[0] == 0


@pytest.mark.root
def test_a_read_only_home_is_read_and_says_so_to_whoever_writes(tmp_path: Path, whole: Path):
    home = copied(whole, tmp_path / "home")
    with mounted(tmp_path / "there", "--bind", "-o", "ro", str(home)) as there:
        for command in (["crawl", "newsroom"], ["rebuild"], ["import", str(home / "captures")]):
            code, out, err = run(there, *command)
            assert (code, out) == (1, ""), command
            assert "is on a read-only file system: mount it so that it can be written" in err
        for command in (["search", "一体化"], ["verify"]):
            assert run(there, *command)[0] == 0
