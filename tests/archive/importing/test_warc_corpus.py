"""WARC files of other projects, whole and damaged: each is read, or the import reports the parts it could not read."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.archiving import rows

from archive import open_archive
from archive.importing.filing import IMPORTED
from archive.importing.importer import ImportSummary, import_paths
from archive.replaying.fixity import verify

pytestmark = [pytest.mark.slow, pytest.mark.shared]

SECONDS = 5  # for one file; the largest has 110 kB
MEGABYTES = 200  # that the process may grow by, over all files

# Of all files with one verdict of the corpus: how many were read, read in part (and said so), refused (and said so).
# Of the damaged, one has only a field too few and one two records without a digest beside two with a wrong one. The
# valid one in part begins a response with HTTPX; of the readable, two have not the block of their digest or heads of
# other line breaks, and two are ARC.
OUTCOMES = {
    "valid": {"read": 9, "in part": 1, "refused": 8},
    "readable": {"read": 4, "refused": 4},
    "damaged": {"read": 1, "in part": 1, "refused": 16},
}
# By reason of refusal: records, or files. The unknown kinds are ARC, WACZ and files that only have the name .gz.
REASONS = {
    "unknown file type": 13,
    "it has no response, resource or revisit record": 4,
    "the WARC file cannot be read further": 5,
    "no readable Content-Length": 7,
    "the block does not match its WARC-Block-Digest": 4,
    "its head is broken or mixes two records": 2,
    "the record is only a part": 2,
    "its block has no complete HTTP head": 1,
}


@dataclass(frozen=True, slots=True)
class Case:
    path: Path
    verdict: str
    summary: ImportSummary
    captures: list[tuple[object, ...]]  # address, moment and digest of each
    seconds: float

    @property
    def outcome(self) -> str:
        if not self.summary.errors:
            return "read"
        return "in part" if self.summary.captures else "refused"


def files(shared: Path) -> Iterator[tuple[Path, str]]:
    """Every file of the corpus with its verdict, without what the verdict says more exactly."""
    folder = shared / "data" / "corpora" / "warc-files"
    for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        yield folder / case["input"], case["expected"].split(":")[0]


@pytest.fixture(scope="module")
def measured(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Case], int]:
    """Each file imported into a home of its own, and the megabytes by which the process grew meanwhile."""
    imported(*next(files(shared)), tmp_path_factory.mktemp("home"))  # so that the parser's modules are there
    Path("/proc/self/clear_refs").write_text("5")  # Linux begins the peak anew
    begun = resident("VmRSS")
    cases = [imported(path, verdict, tmp_path_factory.mktemp("home")) for path, verdict in files(shared)]
    return cases, resident("VmHWM") - begun


@pytest.fixture(scope="module")
def cases(measured: tuple[list[Case], int]) -> list[Case]:
    return measured[0]


def imported(path: Path, verdict: str, home: Path) -> Case:
    archive = open_archive(home)
    begun = time.monotonic()
    summary = import_paths(archive, [path], IMPORTED)
    seconds = time.monotonic() - begun
    assert verify(archive).ok
    captures = rows(archive, "select url, captured_at, payload_digest from captures")
    assert len(captures) == summary.captures
    archive.close()
    return Case(path, verdict, summary, captures, seconds)


def test_files_of_each_verdict_have_the_expected_counts_of_outcomes(cases: list[Case]):
    outcomes: dict[str, Counter[str]] = {verdict: Counter() for verdict in OUTCOMES}
    for case in cases:
        outcomes[case.verdict][case.outcome] += 1
    assert outcomes == OUTCOMES


def test_the_reasons_are_few_and_name_the_file(cases: list[Case]):
    errors = [(case.path, error) for case in cases for error in case.summary.errors]
    assert all(error.path.startswith(str(path)) for path, error in errors)
    named = Counter(next((known for known in REASONS if known in error.reason), error.reason) for _, error in errors)
    assert named == REASONS


def test_no_file_takes_long_or_much_memory(measured: tuple[list[Case], int]):
    cases, megabytes = measured
    assert max(case.seconds for case in cases) < SECONDS
    assert megabytes < MEGABYTES


def resident(name: str) -> int:
    """Megabytes of this process in memory, now (VmRSS) or at their peak (VmHWM)."""
    fields = (line.partition(":") for line in Path("/proc/self/status").read_text().splitlines())
    return next(int(value.split()[0]) // 1024 for field, _, value in fields if field == name)


def test_a_damaged_file_does_not_stop_the_import_of_the_others(cases: list[Case], tmp_path: Path):
    archive = open_archive(tmp_path)
    together = import_paths(archive, [case.path for case in cases], IMPORTED)
    assert together.captures == len({capture for case in cases for capture in case.captures}), "the same is kept once"
    assert together.errors == [error for case in cases for error in case.summary.errors]
    assert verify(archive).ok
    archive.close()
