"""The power goes at any moment: nothing acknowledged is lost, and the archive goes on (SQLite's own kind of trial).

A real process is recorded; what a disk may hold is laid out, opened, crawled into and verified.
"""

import os
import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.checkout import ROOT, TESTS
from support.crash_checks import WRITER, broken
from support.journeys import SOAK
from support.powercut import Disk, Step, recorded

pytestmark = [pytest.mark.strace, pytest.mark.slow, pytest.mark.soak]
LOSSES = ((1.0, 0.0), (0.45, 0.15), (0.45, 0.15), (0.1, 0.3))  # shares of the unsynced writes that are lost, and torn
POINTS = 300 if SOAK else 16
KILLS, SYNCS = (24, 30) if SOAK else (2, 5)


Broken = dict[tuple[int, int], list[str]]


def traced(home: Path, log: Path, *arguments: str) -> list[Step]:
    """The steps of a writer in a home, as strace records them."""
    path = os.pathsep.join(map(str, (ROOT, TESTS)))
    command = [sys.executable, str(WRITER), str(home), *arguments]
    return recorded(command, log, env={**os.environ, "PYTHONPATH": path})


@dataclass(frozen=True)
class Recording:
    """The steps of a crawl, in a home."""

    home: str
    steps: Sequence[Step]

    def disks(self, places: set[int]) -> Iterator[tuple[int, Disk]]:
        """The disk as it was behind each of these steps."""
        disk = Disk(self.home)
        for number, step in enumerate(self.steps):
            disk.do(step)
            if number in places:
                yield number, disk


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    folder = tmp_path_factory.mktemp("recording")
    home = str(folder / "home")
    steps = [step for step in traced(Path(home), folder / "log", "crawl") if step.kind == "said" or home in step.path]
    return Recording(home, steps)


def test_the_recording_is_all_that_the_crawl_wrote(recording: Recording):
    ((_, disk),) = recording.disks({len(recording.steps) - 1})
    for path, content in disk.as_seen().items():
        assert Path(path).read_bytes() == content
    assert {path.name for path in Path(recording.home).glob("*/*.gz")} <= {Path(path).name for path in disk.as_seen()}


def test_power_is_lost_at_any_moment_of_a_crawl(tmp_path: Path, recording: Recording):
    chance = random.Random(10)
    wrong = {}
    tried = 0
    places = sorted(chance.choices(range(len(recording.steps)), weights=_weights(recording.steps), k=POINTS))
    for number, disk in recording.disks(set(places)):
        for _ in range(places.count(number)):
            lost, torn = LOSSES[tried % len(LOSSES)]
            home = disk.lay_out(disk.after_loss(chance, lost, torn), tmp_path / str(tried) / "home")
            if found := broken(home, disk.said, tmp_path / str(tried) / "scratch"):
                wrong[number, tried, lost] = found
            tried += 1
    print(f"{tried} power losses in {len(recording.steps)} steps: {len(wrong)} broken")
    assert wrong == {}


def _weights(steps: Sequence[Step]) -> list[int]:
    """Weights by which the few steps of captures and ledger are tried as often as the many of the database."""
    return [1 if "archive.db" in step.path else 25 for step in steps]


def test_a_second_crash_while_catching_up_breaks_nothing(tmp_path: Path, recording: Recording):
    tried, wrong = _second_crashes(tmp_path, recording, _before_commits(recording.steps), "catch-up")
    print(f"{tried} power losses while catching up after {KILLS} kills: {len(wrong)} broken")
    assert wrong == {}


def test_a_second_crash_while_a_rebuild_puts_the_new_database_in_place_breaks_nothing(
    tmp_path: Path, recording: Recording
):
    writes = [number for number, step in enumerate(recording.steps) if step.kind == "write"]
    checkpoints = [number for number in writes if recording.steps[number].path.endswith("archive.db")]
    tried, wrong = _second_crashes(tmp_path, recording, checkpoints[len(checkpoints) // 4 :], "rebuild")
    print(f"{tried} power losses in a rebuild after {KILLS} kills in a checkpoint: {len(wrong)} broken")
    assert wrong == {}


def test_the_second_crash_is_found_where_catching_up_does_not_sync(tmp_path: Path, recording: Recording):
    tried, wrong = _second_crashes(tmp_path, recording, _before_commits(recording.steps), "catch-up", "unsynced")
    print(f"{tried} power losses while catching up without a sync: {len(wrong)} broken")
    assert wrong


def _second_crashes(
    tmp_path: Path, recording: Recording, kills: Sequence[int], *what: str
) -> tuple[int, dict[tuple[int, int], list[str]]]:
    """Kill the crawl, run something else, and lose the power at each sync of that and behind the last one."""
    chance = random.Random(11)
    wrong: Broken = {}
    tried = 0
    for number, killed in recording.disks(set(chance.sample(kills, KILLS))):
        home = Path(recording.home)
        shutil.rmtree(home)
        disk = killed.copy()
        disk.lay_out(disk.as_seen(), home)
        steps = traced(home, tmp_path / "log", *what)
        if what == ("catch-up",):
            _synced_before_the_commit(disk, steps)
        for place in _at_syncs(steps, disk, chance):
            cut = disk.copy()
            for step in steps[: place + 1]:
                cut.do(step)
            folder = tmp_path / f"{number}-{place}"
            left = cut.lay_out(cut.after_loss(chance, *LOSSES[tried % 2]), folder / "home")
            if found := broken(left, cut.said, folder / "scratch"):
                wrong[number, place] = found
            tried += 1
    return tried, wrong


def _before_commits(steps: Sequence[Step]) -> list[int]:
    """The steps that wrote to captures or ledger something that the database did not have yet."""
    written = [number for number, step in enumerate(steps) if step.kind == "write" and "archive.db" not in step.path]
    return [number for number in written if "locks" not in steps[number].path and number > written[len(written) // 4]]


def _at_syncs(steps: Sequence[Step], disk: Disk, chance: random.Random) -> list[int]:
    """The steps before and behind each sync, and the last one; of a rebuild those around the swap."""
    ours = [number for number, step in enumerate(steps) if step.path.startswith(disk.root)]
    swapped = [at for at, number in enumerate(ours) if steps[number].kind == "rename"]
    if swapped:
        around = ours[swapped[0] - 8 : swapped[0] + 6]
        return around if SOAK else [number for number in around if steps[number].kind in ("unlink", "rename")]
    syncs = [number for number in ours if steps[number].kind == "sync"]
    at = sorted({place for number in syncs for place in (number - 1, number)} | {len(steps) - 1})
    return at if len(at) <= SYNCS else sorted(chance.sample(at, SYNCS))


MADE_ANEW = ("/metadata.json", "/settings.json")  # beside the database: every process that opens it writes them again


def _synced_before_the_commit(disk: Disk, steps: Sequence[Step]) -> None:
    """Check that each file left unsynced by the first process is synced before the database commits anything of it."""
    ours = [step for step in steps if step.path.startswith(disk.root)]
    committed = next(number for number, step in enumerate(ours) if step.kind == "sync" and "archive.db" in step.path)
    synced = {step.path for step in ours[:committed] if step.kind == "sync"}
    assert {path for path in disk.unsynced_files if not path.endswith(MADE_ANEW) and "archive.db" not in path} <= synced
