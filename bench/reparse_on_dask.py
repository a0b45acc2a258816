"""Reading stored captures again on a Dask cluster of this machine, with 1 and 2 workers.

Pages are of the size of a policy site's, 150 kB. Nothing is stored: reading, sending and comparing are measured.
Machines that each have a worker are imitated: a worker and its parser process get a fixed share of a processor, by a
control group, so that the command and the scheduler keep the rest. Without such a share, all compete for this
machine's processors. Rates are medians of runs that take turns.

    python bench/reparse_on_dask.py --captures 300 --runs 3 --share 30
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median

from texts import Texts

import parsers
from archive import open_archive
from archive.judging import CrawlIngest, Fetched, PageReader
from archive.judging.reading.readings import PageReading, read_page
from archive.reparsing import Selection, apply, propose
from archive.rules import ArticleState, state_of
from archive.settings import SourceRecord
from cli.reparsing.cluster import dask_readers
from parsers import Document

GOAL = 0.8  # of what as many workers could do
WORKERS = (1, 2)
PAGE_BYTES = 150_000
CHARACTERS = 1_500
SOURCE = SourceRecord("bench", homepage="http://example.com")
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
PERIOD = 100_000  # microseconds in which a control group may use its share
REST_SECONDS = 3  # in which the processes are watched before they have work
SECOND = os.sysconf("SC_CLK_TCK")  # ticks of processor time
NEW, OLD = Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/cpu")  # control groups, version 2 and version 1


@dataclass(frozen=True)
class Run:
    """The time to read every capture, and the processor time of each part for it, without what it uses at rest."""

    seconds: float
    spent: tuple[float, ...]  # by the command, the scheduler, the workers
    load: float  # of the machine, over a minute


def pages(count: int) -> Iterator[bytes]:
    """Pages with lists of links round an article."""
    chance = Random(1)
    for headline, body in Texts().articles(count, CHARACTERS):
        numbers = [chance.randrange(10**9) for _ in range(PAGE_BYTES // 100)]
        links = [f'<li class="item"><a href="/list/{number}.html">栏目 {number} 的链接</a></li>' for number in numbers]
        aside = f"<ul>{''.join(links)}</ul>"
        text = "".join(f"<p>{paragraph}</p>" for paragraph in body.split("\n"))
        yield (
            f'<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{headline}</title>'
            '<meta property="article:published_time" content="2024-04-13T23:01:00+08:00"></head>'
            f"<body><nav>{aside}</nav><article><h1>{headline}</h1>{text}</article></body></html>"
        ).encode()


class Earlier:
    """An earlier parser, which lost the last paragraph of every article."""

    def read(self, page: Document) -> PageReading:
        """The state of the article."""
        found = read_page(page)
        assert isinstance(found, ArticleState)
        return state_of(replace(found.article, paragraphs=found.article.paragraphs[:-1]), "1")

    def close(self) -> None:
        """Do nothing: the reader holds no resource."""


def build(home: Path, count: int, reader: PageReader | None = None) -> None:
    """Make an archive whose captures another parser has read; alike, unless a reader is given."""
    known, parsers.PARSER_VERSION = parsers.PARSER_VERSION, "1"
    archive = open_archive(home)
    with CrawlIngest(archive, SOURCE, reader, clock=lambda: NOON) as ingest:
        ingest.begin_crawl(NOON)
        for number, payload in enumerate(pages(count), start=1):
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            ingest.add(Fetched(f"http://example.com/article/{number}.html", 200, headers, payload, NOON))
            if number % 32 == 0:
                ingest.commit()
        ingest.finish("finished", count, 0, NOON)
    archive.close()
    parsers.PARSER_VERSION = known


def share_file() -> Path | None:
    """The file of a control group that sets its share, by the version this machine has; None: it has none."""
    for root, name in ((NEW, "cpu.max"), (OLD, "cpu.cfs_quota_us")):
        try:
            with _group(root, "thinker-trial") as group:
                if (group / name).exists():
                    return root / name
        except OSError:
            continue
    return None


@contextmanager
def _group(root: Path, name: str) -> Iterator[Path]:
    group = root / name
    group.mkdir(exist_ok=True)
    try:
        yield group
    finally:
        for _ in range(100):  # until its last process is gone
            try:
                group.rmdir()
            except OSError:
                time.sleep(0.05)
            else:
                break


def hold(pid: int, group: Path, name: str, percent: int) -> None:
    """Hold a process, with those that it starts, to a share of one processor. name: of the file that sets it."""
    quota = PERIOD * percent // 100
    (group / name).write_text(f"{quota} {PERIOD}" if name == "cpu.max" else str(quota))
    (group / "cgroup.procs").write_text(str(pid))


@contextmanager
def dask(name: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{name}", "--host", "127.0.0.1", "--no-dashboard", *words]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def used(pid: int) -> float:
    """The processor time of a process and of its children, in seconds."""
    ticks = 0
    for each in [pid, *children(pid)]:
        after_name = Path(f"/proc/{each}/stat").read_text().rpartition(") ")[2].split()
        ticks += sum(map(int, after_name[11:15]))
    return ticks / SECOND


def children(pid: int) -> list[int]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in lists for child in path.read_text().split()]


def read_again(
    home: Path, workers: int, count: int, file: Path | None = None, percent: int = 100, store: bool = False
) -> Run:
    """Read every capture on a cluster of so many workers, each held to a share if a file sets it.

    store: with --apply.
    """
    with ExitStack() as stack:
        where = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "scheduler.json"
        leader = stack.enter_context(dask("scheduler", "--port", "0", "--scheduler-file", str(where)))
        while not where.exists() or not where.read_text():
            time.sleep(0.05)
        names = [f"thinker-bench-{os.getpid()}-{number}" for number in range(workers)]
        groups = [stack.enter_context(_group(file.parent, name)) for name in names if file]
        words = ("--scheduler-file", str(where), "--nthreads", "1", "--no-nanny")
        pids = [stack.enter_context(dask("worker", *words)).pid for _ in range(workers)]
        address = f"dask:{_address(where, workers)}"
        archive = open_archive(home)
        stack.callback(archive.close)
        readers = stack.enter_context(dask_readers(address, workers))
        for pid, group in zip(pids, groups, strict=False):
            assert file is not None
            hold(pid, group, file.name, percent)

        def spent() -> tuple[float, float, float, float]:
            return time.perf_counter(), time.process_time(), used(leader.pid), sum(map(used, pids))

        rest = spent()
        time.sleep(REST_SECONDS)
        began = spent()
        asked = Selection(SOURCE.name)
        if store:
            report = apply(archive, asked, "bench", lambda: datetime.now(UTC), readers=readers)
        else:
            report = propose(archive, asked, readers=readers)
        ended = spent()
        load = os.getloadavg()[0]
    assert report.captures == count
    at_rest = [(after - before) / (began[0] - rest[0]) for before, after in zip(rest, began, strict=True)]
    seconds, *parts = (after - before for before, after in zip(began, ended, strict=True))
    return Run(seconds, tuple(part - idle * seconds for part, idle in zip(parts, at_rest[1:], strict=True)), load)


def _address(where: Path, workers: int) -> str:
    """The address of the scheduler, when all its workers have come."""
    from distributed import Client

    with Client(scheduler_file=str(where), set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=120)
        return str(client.scheduler.address)


def print_table(runs: dict[int, list[Run]], captures: int) -> dict[int, float]:
    """Print medians for each number of workers; returns the rates."""
    parts = "ms a capture: the command | the scheduler | the workers"
    print(f"| workers | captures/s | x one worker | of N | {parts} | load |")
    print("|---|---|---|---|---|---|---|---|")
    rates = {workers: captures / median(run.seconds for run in found) for workers, found in runs.items()}
    for workers, found in runs.items():
        gain = rates[workers] / rates[1]
        spent = [median(each) / captures for each in zip(*(run.spent for run in found), strict=True)]
        loads = f"{min(run.load for run in found):.0f} to {max(run.load for run in found):.0f}"
        each = " | ".join(f"{1_000 * seconds:.1f}" for seconds in spent)
        print(f"| {workers} | {rates[workers]:.1f} | {gain:.2f} | {gain / workers:.2f} | {each} | {loads} |")
        if workers == 1:
            bound = spent[2] / max(spent[0], spent[1])
    print(f"\na capture costs a worker {bound:.0f} x what it costs the busier one of command and scheduler")
    return rates


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--captures", type=int, default=600)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--share", type=int, default=30, help="percent of a processor that a worker gets")
    options = parser.parse_args()
    file = share_file()
    kinds = ([("held", file)] if file else []) + [("free", None)]
    found: dict[str, dict[int, list[Run]]] = {kind: {workers: [] for workers in WORKERS} for kind, _ in kinds}
    with tempfile.TemporaryDirectory() as folder:
        home, other = Path(folder) / "home", Path(folder) / "other"
        build(other, options.captures, Earlier())
        changed = [read_again(other, 1, options.captures, store=True)]
        build(home, options.captures)
        for _ in range(options.runs):
            for kind, limit in kinds:
                for workers in WORKERS:
                    run = read_again(home, workers, options.captures, limit, options.share)
                    found[kind][workers].append(run)
    if file:
        print(f"\neach worker held to {options.share} % of a processor:\n")
        rates = print_table(found["held"], options.captures)
        share = rates[2] / rates[1] / 2
        print(f"\ngoal: at least {GOAL} x N with two workers: {'met' if share >= GOAL else 'MISSED'} ({share:.2f})")
    else:
        print("\nno control group can be made here, so workers cannot be held to a share of a processor")
    print("\nworkers that take what they get:\n")
    print_table(found["free"], options.captures)
    print("\none worker, every text has changed, and --apply stores it:\n")
    print_table({1: changed}, options.captures)


if __name__ == "__main__":
    main()
