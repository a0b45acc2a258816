"""A crawl syncs its captures before the lines that name them, and a cut syncs its copy before it shortens a file."""

import os
from pathlib import Path

import pytest
from support.archiving import NOON, crawl, page

from archive import open_archive
from archive.files import warc_files

Sync = tuple[Path, dict[Path, int]]  # what was synced, and the length of every file then


@pytest.fixture
def syncs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Sync]:
    """Every sync of a file or folder of the home, as it is done."""
    found: list[Sync] = []
    fsync = os.fsync

    def noted(number: int) -> None:
        fsync(number)
        files = (path for path in tmp_path.rglob("*") if path.is_file())
        found.append((Path(f"/proc/self/fd/{number}").readlink(), {path: path.stat().st_size for path in files}))

    monkeypatch.setattr(os, "fsync", noted)
    return found


def test_a_capture_is_on_the_disk_before_the_line_that_names_it_also_where_its_file_is_full(
    tmp_path: Path, syncs: list[Sync], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(warc_files, "MAX_FILE_BYTES", 12_000)
    archive = open_archive(tmp_path)
    crawl(archive, NOON, {number: page(number) for number in range(40)})
    archive.close()
    durable: dict[Path, int] = {}
    named = 0
    for path, lengths in syncs:
        durable[path] = lengths.get(path, 0)
        if path.suffix == ".jsonl":
            captured = {file: length for file, length in lengths.items() if file.suffix == ".gz"}
            assert {file: durable.get(file) for file in captured} == captured
            named += 1
    assert named >= 2
    assert len(list(tmp_path.glob("captures/newsroom-2*.gz"))) >= 3


def test_cut_bytes_are_synced_in_their_own_file_before_the_torn_file_is_shortened(tmp_path: Path, syncs: list[Sync]):
    archive = open_archive(tmp_path)
    crawl(archive, NOON, {number: page(number) for number in range(3)})
    archive.close()
    (torn,) = tmp_path.glob("captures/newsroom-2*.gz")
    with torn.open("ab") as file:
        file.write(bytes(500))
    long = torn.stat().st_size
    syncs.clear()
    open_archive(tmp_path).close()
    (beside,) = tmp_path.glob("captures/*.cut-*")
    before = [path for path, lengths in syncs if lengths[torn] == long]
    assert [path for path in before if path in (beside, torn.parent)] == [beside, torn.parent]
    assert (beside.stat().st_size, torn.stat().st_size) == (500, long - 500)
