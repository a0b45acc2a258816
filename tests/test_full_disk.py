"""A disk that is full, read-only or failing: writers end with one line, readers go on, and afterwards all is well."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from support.attacks import CAPTURES, copied, file_of
from support.journeys import SOAK, Thinker
from support.small_disks import filled, mounted

import thinker_archive
from archive import read_archive
from archive.files.warc import seal
from archive.replaying.fixity import FixityFault, verify
from archive.replaying.proof import prove
from newsroom.process import Site, running

pytestmark = [pytest.mark.slow, pytest.mark.soak]

DISK_FULL, FAILED = 6, 1
READERS = (("show", "newsroom-3"), ("search", "发展"), ("status",), ("verify",))
IN_THE_WAL = "only the WAL says so"
NOT_ENTERED = re.compile(
    r"^(?:thinker: )?newsroom: [\d,]+ bytes of captures and ledger are not in the database yet", re.MULTILINE
)


@contextmanager
def read_only(home: Path, at: Path) -> Iterator[Path]:
    """The same home, where nothing can be written."""
    with mounted(at, "--bind", str(home)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(at)], check=True)
        with pytest.raises(OSError, match="Read-only"):
            (at / "x").touch()
        yield at


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running(articles=8) as newsroom:
        yield newsroom


@pytest.fixture(scope="module")
def whole(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after one crawl."""
    thinker = Thinker(tmp_path_factory.mktemp("whole") / "home", site)
    thinker.run("crawl", "newsroom")
    return thinker.home


@pytest.fixture(scope="module")
def killed(site: Site, whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose second crawl was killed: a WAL file, and captures that the database does not have."""
    home = copied(whole, tmp_path_factory.mktemp("killed") / "home")
    held = subprocess.Popen([sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE)
    assert held.stdout is not None
    held.stdout.readline()
    os.kill(held.pid, signal.SIGKILL)
    held.wait()
    held.stdout.close()
    assert (home / "archive.db-wal").stat().st_size
    captures = file_of(home, CAPTURES)
    captures.write_bytes(captures.read_bytes() + whole_record(captures))
    return home


HOLD = """
import sqlite3, sys, time
HEADLINE = "only the WAL says so"
conn = sqlite3.connect(sys.argv[1] + "/archive.db", isolation_level=None)
conn.execute("pragma journal_mode=wal")
conn.execute("update articles set headline = ? where key = 'newsroom-3'", (HEADLINE,))
print("held", flush=True)
time.sleep(600)
"""


def whole_record(path: Path) -> bytes:
    """One more record, as a killed crawl leaves it."""
    return seal("metadata", datetime(2026, 11, 26, tzinfo=UTC), b"x", [("Content-Type", "text/plain")]).member


def read_by_all(thinker: Thinker, killed: bool) -> None:
    """Run every reading command: each answers, shows an article in the WAL file, and reports acts not yet entered."""
    running_now = [(command, thinker.start(*command)) for command in READERS]
    for command, process in running_now:
        out, err = process.communicate(timeout=600)
        assert process.returncode in ((0, 3) if command == ("status",) else (0,)), (command, out, err)
        assert "Traceback" not in err
        assert bool(NOT_ENTERED.search(err)) == killed, (command, err)
        assert command[0] != "show" or (IN_THE_WAL in out) == killed, out
    with pytest.warns(UserWarning, match=NOT_ENTERED) if killed else nullcontext():
        archive = thinker_archive.open(thinker.home)
    assert (IN_THE_WAL in archive.article("newsroom-3")["headline"]) == killed
    served(thinker, killed)


def served(thinker: Thinker, killed: bool) -> None:
    """Start `serve` and check its page: it shows the archive, also an article that stands only in a WAL file."""
    process = thinker.start("serve", "--port", "0")
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{address}/a/newsroom-3", timeout=60) as answer:
            assert (IN_THE_WAL in answer.read().decode()) == killed
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert "Traceback" not in err, err


STATES = ("whole", "killed", "killed, and no shared memory")


@pytest.mark.root
@pytest.mark.parametrize("state", STATES if SOAK else STATES[2:])
def test_readers_work_on_a_read_only_home(tmp_path: Path, whole: Path, killed: Path, site: Site, state: str):
    home = _copy(whole, killed, state, tmp_path / "home")
    with read_only(home, tmp_path / "mount") as mount:
        thinker = Thinker(mount, site)
        read_by_all(thinker, state != "whole")
        if SOAK:
            told = thinker.run("crawl", "newsroom", code=FAILED)
            assert told.count("\n") == 1


@pytest.mark.root
@pytest.mark.parametrize("state", STATES if SOAK else STATES[2:])
def test_readers_work_on_a_full_disk(tmp_path: Path, whole: Path, killed: Path, site: Site, state: str):
    with mounted(tmp_path / "mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs") as mount:
        thinker = Thinker(_copy(whole, killed, state, mount / "home"), site)
        filled(mount)
        read_by_all(thinker, state != "whole")
        assert _ends_in_a_line(thinker, DISK_FULL, "crawl", "newsroom")
        (mount / "ballast").unlink()
        thinker.run("crawl", "newsroom")
        forged = [fault.detail.partition(" differ")[0] for fault in faults(thinker.home)]
        assert forged == ([] if state == "whole" else ["articles newsroom-3: headline"])


def _copy(whole: Path, killed: Path, state: str, to: Path) -> Path:
    home = copied(whole if state == "whole" else killed, to)
    (home / "thinker.toml").write_text("free_space_floor = 0\n")
    if "no shared" in state:
        (home / "archive.db-shm").unlink()
    return home


ROOMS = range(0, 1200, 16) if SOAK else (64,)  # kB that are free
SYNCS = range(1, 30) if SOAK else (5,)
PAGE = "<html><title>第{0}篇谈发展</title><article><h1>第{0}篇谈发展</h1><p>{1}</p><p>{0}{1}</p></article></html>"
WRITERS = ("crawl", "import")


@pytest.mark.root
@pytest.mark.parametrize("writer", WRITERS)
def test_a_writer_that_fills_the_disk_says_so_and_later_all_is_well(
    tmp_path: Path, whole: Path, site: Site, writer: str
):
    full = 0
    for room in ROOMS:
        with mounted(tmp_path / str(room), "-t", "tmpfs", "-o", "size=24m", "tmpfs") as mount:
            thinker = Thinker(_copy(whole, whole, "whole", mount / "home"), site)
            filled(mount)
            os.truncate(mount / "ballast", (mount / "ballast").stat().st_size - room * 1024)
            full += _ends_in_a_line(thinker, DISK_FULL, *_command(writer, tmp_path))
            (mount / "ballast").unlink()
            _goes_on(thinker)
    print(f"{writer}: {full} of {len(ROOMS)} filled the disk")
    assert full


@pytest.mark.strace
@pytest.mark.parametrize("writer", WRITERS)
def test_a_writer_whose_disk_does_not_sync_says_so_and_later_all_is_well(
    tmp_path: Path, whole: Path, site: Site, writer: str
):
    failed = 0
    for number in SYNCS:
        thinker = Thinker(_copy(whole, whole, "whole", tmp_path / f"{number}" / "home"), site)
        failing = f"inject=fsync,fdatasync:error=EIO:when={number}"
        under = (
            "strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "--seccomp-bpf",
            "-e",
            "trace=fsync,fdatasync",
            "-e",
            failing,
        )
        failed += _ends_in_a_line(thinker, FAILED, *_command(writer, tmp_path), under=under)
        _goes_on(thinker)
    print(f"{writer}: {failed} of {len(SYNCS)} met an I/O error")
    assert failed


def _command(writer: str, folder: Path) -> tuple[str, ...]:
    if writer == "crawl":
        return ("crawl", "newsroom")
    pages = folder / "pages"
    pages.mkdir(exist_ok=True)
    for number in range(40):
        (pages / f"{number}.html").write_text(PAGE.format(number, "长三角一体化发展上升为国家战略。" * 15))
    return ("import", str(pages))


def _goes_on(thinker: Thinker) -> None:
    """Check that the next crawl completes and that everything is proved."""
    thinker.run("crawl", "newsroom")
    assert faults(thinker.home) == []


def faults(home: Path) -> list[FixityFault]:
    """The faults of verification, the deep one too."""
    archive = read_archive(home)
    with TemporaryDirectory() as scratch:
        found = [*verify(archive).faults, *prove(archive, Path(scratch))]
    archive.close()
    return found


def _ends_in_a_line(thinker: Thinker, code: int, *command: str, under: Sequence[str] = ()) -> bool:
    """Check that a failing command has this exit code, a reason on stderr and no traceback. True if it failed."""
    process = thinker.start(*command, under=under)
    out, err = process.communicate(timeout=600)
    assert process.returncode in (0, code), (command, out, err)
    assert "Traceback" not in err, err
    # Why, how the crawl ended, and what the command makes of it.
    assert process.returncode == 0 or 1 <= err.count("\n") <= 3, err
    return process.returncode == code
