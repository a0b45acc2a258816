"""The cost of a rebuild, a verification and the start of a crawl, which must not grow with the archive.

Each size is an archive of synthetic articles, made first. Every leg is a process of its own, to measure its memory;
processor time is given beside the rates, for busy machines. `--earlier CHECKOUT` runs the legs with that checkout's
code too, on archives that it makes itself.

    python bench/rebuild.py --captures 10000 100000
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
GROUP, STARTS = 32, 15
BEGUN = datetime(2016, 1, 1, tzinfo=UTC)
FLAT = 1.5  # times the processor time of a start in the smallest archive
LEGS = ("make", "rebuild", "verify", "verify --deep", "start")


@dataclass(frozen=True)
class Leg:
    """The measures of a leg: the number of things done, seconds, seconds of processor time, peak memory in MB."""

    count: int
    seconds: float
    processor: float
    memory: float


def make(home: Path, captures: int, characters: int) -> int:
    """Make an archive of so many articles, one capture each."""
    from texts import Known, Texts

    from archive import open_archive
    from archive.judging import CrawlIngest, Fetched
    from archive.settings import SourceRecord
    from parsers import Article

    texts = Texts().articles(captures, characters)
    known: dict[str, Article] = {}
    with (
        closing(open_archive(home)) as archive,
        CrawlIngest(archive, SourceRecord("bench"), Known(known)) as ingest,
    ):
        ingest.begin_crawl(BEGUN)
        for number, (headline, body) in enumerate(texts):
            url = f"http://bench.invalid/{number}"
            at = BEGUN + timedelta(hours=number)
            paragraphs = tuple(body.split("\n"))
            known.clear()
            known[url] = Article(headline, date_published=at, date_precision="minute", paragraphs=paragraphs)
            ingest.add(Fetched(url, 200, (("Content-Type", "text/html"),), f"<p>{body}</p>".encode(), BEGUN))
            if number % GROUP == 0:
                ingest.commit()
        ingest.finish("finished", captures, 0, BEGUN)
    return captures


def rebuild(home: Path) -> int:
    from archive.replaying import rebuild_database

    return rebuild_database(home, BEGUN).lines


def verify(home: Path) -> int:
    from archive import open_archive
    from archive.replaying import verify

    with closing(open_archive(home)) as archive:
        report = verify(archive)
    assert report.ok, report.faults[:3]
    return report.records


def verify_deep(home: Path) -> int:
    from archive import open_archive
    from archive.replaying import prove

    with closing(open_archive(home)) as archive, tempfile.TemporaryDirectory() as scratch:
        assert prove(archive, Path(scratch)) == ()
        return int(archive.conn.execute("select count(*) from warc_records").fetchone()[0])


def start(home: Path) -> Iterator[tuple[float, float]]:
    """Yield the seconds and the processor time of each of some starts; each crawl is ended at once."""
    from archive import open_archive
    from archive.judging import CrawlIngest
    from archive.settings import SourceRecord

    for number in range(STARTS):
        at = BEGUN + timedelta(days=number + 1)
        clock, processor = time.perf_counter(), time.process_time()
        archive = open_archive(home)
        ingest = CrawlIngest(archive, SourceRecord("bench"), clock=lambda at=at: at).__enter__()
        ingest.begin_crawl(at)
        yield time.perf_counter() - clock, time.process_time() - processor
        ingest.finish("finished", 0, 0, at)
        ingest.__exit__(None, None, None)
        archive.close()


def warm() -> None:
    """Import the modules of the legs, so that no leg's time includes importing."""
    for name in ("archive.judging.ingest", "archive.replaying.rebuild", "archive.replaying.fixity", "texts"):
        import_module(name)


def measured(leg: str, home: Path, captures: int, characters: int) -> Leg:
    warm()
    if leg == "start":
        found = list(start(home))
        seconds, processor = (median(each[place] for each in found) for place in (0, 1))
        return Leg(1, seconds, processor, _memory())
    done: dict[str, Callable[[], int]] = {
        "make": lambda: make(home, captures, characters),
        "rebuild": lambda: rebuild(home),
        "verify": lambda: verify(home),
        "verify --deep": lambda: verify_deep(home),
    }
    clock, processor = time.perf_counter(), time.process_time()
    count = done[leg]()
    return Leg(count, time.perf_counter() - clock, time.process_time() - processor, _memory())


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000


def in_a_process(code: Path, leg: str, home: Path, captures: int, characters: int) -> Leg:
    """Run a leg with the code of a checkout, by its own copy of this file."""
    command = [sys.executable, str(code / "bench" / "rebuild.py"), "--leg", leg, "--home", str(home)]
    command += ["--captures", str(captures), "--characters", str(characters)]
    path = os.pathsep.join([str(code), str(code / "bench")])
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, check=True)
    return Leg(**json.loads(done.stdout))


def tables(name: str, code: Path, sizes: list[int], characters: int, legs: list[str]) -> dict[int, dict[str, Leg]]:
    print(f"\n{name}, archives of articles of {characters:,} characters, one capture each\n")
    print("| captures | what | a second | ms each | ms of processor time | most memory, MB |")
    print("|---|---|---|---|---|---|")
    found: dict[int, dict[str, Leg]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            found[size] = {}
            for leg in legs:
                done = in_a_process(code, leg, Path(folder) / "home", size, characters)
                found[size][leg] = done
                print(f"| {size:,} | {leg} | {_row(leg, done)} |", flush=True)
    return found


def _row(leg: str, done: Leg) -> str:
    rate = "" if leg == "start" else f"{done.count / done.seconds:,.0f}"
    each = (f"{1_000 * seconds / done.count:.3g}" for seconds in (done.seconds, done.processor))
    return f"{rate} | {' | '.join(each)} | {done.memory:,.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captures", type=int, nargs="+", default=[2_000, 10_000])
    parser.add_argument("--characters", type=int, default=1_500)
    parser.add_argument("--earlier", type=Path, help="a checkout of earlier code")
    parser.add_argument("--legs", nargs="+", choices=LEGS[1:], default=LEGS[1:], help="what is measured")
    parser.add_argument("--leg", choices=LEGS, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.leg:
        print(json.dumps(asdict(measured(options.leg, options.home, options.captures[0], options.characters))))
        return
    asked = options.captures, options.characters, ["make", *options.legs]
    found = tables("This code", ROOT, *asked)
    if options.earlier:
        tables("The earlier code", options.earlier.resolve(), *asked)
    starts = [done.processor for legs in found.values() if (done := legs.get("start"))]
    if not starts:
        return
    ratio = max(starts) / starts[0]
    print(f"\na crawl's start, the dearest to that in the smallest archive: {ratio:.2f}")
    print(f"goal ≤ {FLAT}: {'met' if ratio <= FLAT else 'MISSED'}")


if __name__ == "__main__":
    main()
