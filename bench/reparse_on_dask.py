"""Reading stored captures again on a Dask cluster of this machine, with 1 and 2 workers.

Pages are of the size of a policy site's, 150 kB. Nothing is stored: what is measured is reading, sending and comparing.
Processor time is given beside the rates, for busy machines; that of the workers contains their start.

    python bench/reparse_on_dask.py --captures 2000
"""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from texts import Texts

import parsers
from archive import open_archive, read_archive
from archive.judging import CrawlIngest, Fetched
from archive.reparsing import Selection, propose
from archive.settings import SourceRecord
from cli.reparsing.cluster import dask_readers

GOAL = 0.8  # of what as many workers could do
WORKERS = (1, 2)
PAGE_BYTES = 150_000
CHARACTERS = 1_500
SOURCE = SourceRecord("bench", homepage="http://example.com")
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)

Taken = tuple[float, float, float]  # seconds; seconds of processor time of the command, and of the workers


def pages(count: int) -> Iterator[bytes]:
    """Pages with lists of links round an article."""
    chance = random.Random(1)
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


def build(home: Path, count: int) -> None:
    """Make an archive whose captures another parser has read."""
    known, parsers.PARSER_VERSION = parsers.PARSER_VERSION, "1"
    archive = open_archive(home)
    with CrawlIngest(archive, SOURCE, clock=lambda: NOON) as ingest:
        ingest.begin_crawl(NOON)
        for number, payload in enumerate(pages(count), start=1):
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            ingest.add(Fetched(f"http://example.com/article/{number}.html", 200, headers, payload, NOON))
            if number % 32 == 0:
                ingest.commit()
        ingest.finish("finished", count, 0, NOON)
    archive.close()
    parsers.PARSER_VERSION = known


def read_again(home: Path, workers: int, count: int) -> Taken:
    """The time to read every capture, from when the cluster stands until the last finding."""
    archive = read_archive(home)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with dask_readers("dask", workers) as readers:
        began = time.perf_counter(), time.process_time()
        report = propose(archive, Selection(SOURCE.name), readers=readers)
        seconds, used = time.perf_counter() - began[0], time.process_time() - began[1]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    archive.close()
    assert report.captures == count
    return seconds, used, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--captures", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        build(home, options.captures)
        best: dict[int, Taken] = {}
        for _ in range(options.runs):
            for workers in WORKERS:
                best[workers] = min(best.get(workers, (9e9, 0, 0)), read_again(home, workers, options.captures))
    print("| workers | captures/s | x one worker | of N | processor ms a capture: the command | the workers |")
    print("|---|---|---|---|---|---|")
    for workers, (seconds, used, theirs) in best.items():
        gain = best[1][0] / seconds
        each = [f"{1_000 * spent / options.captures:.2f}" for spent in (used, theirs)]
        print(
            f"| {workers} | {options.captures / seconds:.0f} | {gain:.2f} | {gain / workers:.2f} | {' | '.join(each)} |"
        )
    share = best[1][0] / best[2][0] / 2
    print(f"\ngoal: at least {GOAL} x N with two workers: {'met' if share >= GOAL else 'MISSED'} ({share:.2f})")


if __name__ == "__main__":
    main()
