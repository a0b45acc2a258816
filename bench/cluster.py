"""The cost of a request for each part of a cluster: worker, ingester, server, disk; docs/scaling.md counts with it.

On loopback, in one run: pages of some 40 kB are fetched by one worker, then asked for again, which answer 304; the same
crawl without a cluster; crawls of sources of several sizes that find nothing due; orders that wait. Processor time is
that of the whole process with its children, the start apart. The server syncs each write.

    PYTHONPATH=CHECKOUT:CHECKOUT/tests python bench/cluster.py --pages 2000
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

from cluster_site import SITEMAPS
from ingest import GROUP, START, made, prepared, responses
from scrapy import Request
from sites import processor_time
from support.redis_server import RedisServer
from texts import Known

from archive import connect, open_archive
from archive.judging import CrawlIngest, Fetched
from archive.settings import SourceRecord
from crawler.cluster import wanted
from crawler.frontier import ClusterState, Orders, Server

ROOT = Path(__file__).resolve().parents[1]
IDLE_SECONDS = 8.0
WAITING = 10_000  # orders
SOURCE = """
[sources.{name}]
homepage = "{site}"
sitemaps = ["{site}/sitemap/{count}.xml"]
scope = "{site}/article/.*"
allow = ["{place}"]
delay = 0
"""


@dataclass(frozen=True)
class Used:
    """The cost of a crawl: requests, seconds, ms of processor time of each part, segments, bytes."""

    requests: int
    seconds: float
    archive: float
    worker: float = 0.0
    server: float = 0.0
    segments: int = 0
    warc: int = 0
    database: int = 0


@contextmanager
def site(pages: int) -> Iterator[str]:
    """The address of a site of so many pages."""
    command = [sys.executable, str(ROOT / "bench" / "cluster_site.py"), str(pages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def declare(home: Path, address: str, pages: int, *more: str) -> Path:
    """A home with three sources: a town of so many pages, and two that only list addresses."""
    home.mkdir()
    counts = {"hamlet": SITEMAPS[0], "town": pages, "city": SITEMAPS[1]}
    place = address.removeprefix("http://")
    sources = (SOURCE.format(name=name, site=address, count=count, place=place) for name, count in counts.items())
    (home / "thinker.toml").write_text("".join((*more, *sources)), encoding="utf-8")
    return home


class Bench:
    """A cluster of one worker, and the figures of its parts."""

    def __init__(self, home: Path, redis: RedisServer) -> None:
        self.home, self.redis = home, redis
        self.orders = Orders(Server(redis.url))

    @contextmanager
    def worker(self) -> Iterator["subprocess.Popen[bytes]"]:
        """A worker, once the server has heard of it."""
        with subprocess.Popen([*self._thinker(self.home), "worker", "--spool", str(self.home / "spool")]) as process:
            try:
                while not self.state().workers:
                    time.sleep(0.1)
                yield process
            finally:
                process.terminate()

    def state(self) -> ClusterState:
        """The state of the orders."""
        return self.orders.state()

    def crawl(self, name: str, *options: str, worker: int | None = None, home: Path | None = None) -> Used:
        """Crawl a source to its end; worker: its process id, for a crawl of the cluster."""
        home = home or self.home
        parts = (worker, self.redis.process) if worker else ()
        segments = self._segments() if worker else 0
        before, sizes = [processor_time(pid) for pid in parts], _sizes(home)
        clock = time.perf_counter()
        told, archive = _run([*self._thinker(home), "crawl", name, "--json", *options])
        seconds = time.perf_counter() - clock
        if worker:
            time.sleep(2.5)  # its last beat has the number of its segments
        after = [processor_time(pid) - was for pid, was in zip(parts, before, strict=True)]
        warc, database = (now - was for now, was in zip(_sizes(home), sizes, strict=True))
        segments = self._segments() - segments if worker else 0
        return Used(told["requests"], seconds, archive, *after, segments=segments, warc=warc, database=database)

    def _segments(self) -> int:
        return sum(each.said["segments"] for each in self.state().workers)

    def _thinker(self, home: Path) -> list[str]:
        return [sys.executable, "-m", "thinker", "--home", str(home), "-q"]

    def memory_of_an_order(self) -> float:
        """Bytes of the server's memory for an order that waits."""
        server = Server(self.redis.url)
        before = _memory(server)
        fields = {"User-Agent": "thinker", "Accept": "text/html", "Accept-Encoding": "gzip", "Accept-Language": "zh"}
        meta = {"host": "news.example.cn", "delay": 2.0, "download_timeout": 60.0}
        for number in range(WAITING):
            url = f"https://news.example.cn/2024/04-13/c{number:08}.html"
            self.orders.put("waits", [wanted("waits", Request(url, headers=fields, meta=meta), None)])
        used = (_memory(server) - before) / WAITING
        self.orders.withdraw("waits")
        server.close()
        return used


def _memory(server: Server) -> int:
    return int(server.call("INFO", "memory")["used_memory"])


def _run(command: list[str]) -> tuple[dict[str, Any], float]:
    """The JSON that a command prints, and the seconds of processor time of it and its children."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    out = process.stdout.read()
    process.stdout.close()
    _, code, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode not in (0, 3):
        raise SystemExit(f"{command} ended with {process.returncode}")
    return json.loads(out), used.ru_utime + used.ru_stime


def _sizes(home: Path) -> tuple[int, int]:
    """Bytes of the archive's captures, and of the used pages of its database."""
    if not (home / "archive.db").exists():
        return 0, 0
    with closing(connect(home / "archive.db")) as conn:
        pages, free, size = (
            conn.execute(f"pragma {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
    return sum(path.stat().st_size for path in (home / "captures").iterdir()), (pages - free) * size


def writer(folder: Path, count: int = 1_000) -> tuple[float, float]:
    """ms of processor time that the one writing thread needs for a new article, and for a page that did not change."""
    articles = made(count, 1_500)
    taken = []
    with closing(open_archive(folder)) as archive:
        for turn in range(2):
            at = START + turn * timedelta(days=1)
            with CrawlIngest(archive, SourceRecord("bench"), Known(dict(articles)), clock=lambda at=at: at) as ingest:
                ingest.begin_crawl(at)
                asked = [Fetched(url, 304, (), b"", at) for url, _ in articles] if turn else responses(articles)
                began = time.thread_time()
                for number, (fetched, state) in enumerate(prepared(ingest, asked), start=1):
                    ingest.add(fetched, state)
                    if number % GROUP == 0:
                        ingest.commit()
                ingest.finish("finished", count, 0, at)
                taken.append(1_000 * (time.thread_time() - began) / count)
    return taken[0], taken[1]


class Load:
    """The mean load of the machine while the block runs."""

    def __enter__(self) -> "Load":
        self._seen: list[float] = []
        self._end = Event()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
        self.mean = sum(self._seen) / len(self._seen)

    def _look(self) -> None:
        while not self._end.wait(5.0) or not self._seen:
            self._seen.append(os.getloadavg()[0])


def measured(folder: Path, pages: int) -> Iterator[tuple[str, str]]:
    """Yield the rows of the table: what, and its cost."""
    with ExitStack() as stack:
        address = stack.enter_context(site(pages))
        (folder / "redis").mkdir()
        redis = stack.enter_context(RedisServer(folder / "redis"))
        alone = declare(folder / "alone", address, pages)
        home = declare(folder / "shared", address, pages, f'[cluster]\nurl = "{redis.url}"\n')
        bench = Bench(home, redis)
        worker = stack.enter_context(bench.worker())
        begun = processor_time(worker.pid)
        clock, server = time.perf_counter(), processor_time(redis.process)
        time.sleep(IDLE_SECONDS)
        idle = (processor_time(worker.pid) - begun) / (time.perf_counter() - clock)
        server_idle = (processor_time(redis.process) - server) / (time.perf_counter() - clock)
        yield "worker: its start", f"{begun:.1f} s"
        yield "worker: while it waits", f"{1_000 * idle:.0f} ms/s"
        yield "server: for a worker that waits", f"{1_000 * server_idle:.1f} ms/s"

        new = bench.crawl("town", worker=worker.pid)
        same = bench.crawl("town", "--recheck", "all", worker=worker.pid)
        new_alone = bench.crawl("town", home=alone)
        same_alone = bench.crawl("town", "--recheck", "all", home=alone)
        starts = {}
        for name, count in (("hamlet", SITEMAPS[0]), ("town", pages), ("city", SITEMAPS[1])):
            for _ in range(2):  # the first finds the addresses
                starts[count] = bench.crawl(name, "--recheck", "none", "--limit", "1", home=alone).archive
        start = starts[pages]

        def each(used: float, of: Used) -> str:
            return f"{1_000 * used / of.requests:.1f} ms"

        for said, of in (("a new page", new), ("a 304", same)):
            yield f"worker: {said}", each(of.worker - idle * of.seconds, of)
            yield f"archive: {said} by a worker, without the start", each(of.archive - start, of)
            yield f"server: {said}", each(of.server, of)
            yield f"segments: {said}", f"{of.segments / of.requests:.3f}"
            yield f"requests a second of the whole: {said}", f"{of.requests / of.seconds:.0f}"
            yield f"WARC file: {said}", f"{of.warc / of.requests:,.0f} bytes"
            yield f"database: {said}", f"{of.database / of.requests:,.0f} bytes"
        for said, of in (("a new page", new_alone), ("a 304", same_alone)):
            yield f"archive: {said} without a cluster, without the start", each(of.archive - start, of)
        for count, used in starts.items():
            yield f"start of a crawl, a source that lists {count:,} addresses", f"{used:.1f} s"
        yield "server: memory of an order that waits", f"{bench.memory_of_an_order():,.0f} bytes"
        bench.orders.close()
    (folder / "writer").mkdir()
    for said, used in zip(("a new page", "a 304"), writer(folder / "writer"), strict=True):
        yield f"the one writer: {said}", f"{used:.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Load() as load:
        print("| what | cost |\n|---|---|", flush=True)
        for what, told in measured(Path(folder), options.pages):
            print(f"| {what} | {told} |", flush=True)
    print(f"\n{options.pages:,} pages; mean load {load.mean:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
