"""A whole crawl of one newsroom, beside a bare Scrapy spider and plain sockets, which store nothing.

All fetch every article page once, 16 at a time, without delay. Ours also reads the sitemap, stores every byte, parses,
records revisions and makes the text searchable. A rate counts from a process's first request to its end; processor time
is that of the whole command with its start, beside which a busy machine changes the ratio of two legs least. Then ours
asks for all of them again, which answer 304.

    python bench/crawl.py --articles 2000 --earlier CHECKOUT

The goals are what a quiet machine shows; beside other programs a crawl of several threads loses more than bare Scrapy.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from newsroom.process import Site, running

AGAIN = ": again, all 304"
OURS = "thinker: WARC, parse, revision, ledger, search, durable"
GOAL = 0.25  # of the rate of bare Scrapy
GOALS_OF_PROCESSOR = {"": 4.0, AGAIN: 1.2}  # at most so many times that of bare Scrapy
ROOT = Path(__file__).resolve().parents[1]
BARE = """
import sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

address, count = sys.argv[1], int(sys.argv[2])

class Bare(scrapy.Spider):
    name = "bare"

    async def start(self):
        for number in range(1, count + 1):
            yield scrapy.Request(f"{address}/article/{number}.html", callback=self.parse)

    def parse(self, response):
        return None

process = AsyncCrawlerProcess({
    "LOG_ENABLED": False, "ROBOTSTXT_OBEY": False, "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
    "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False,
})
process.crawl(Bare)
process.start()
"""


CLIENT = """
import asyncio, sys
from urllib.parse import urlsplit

address, count = sys.argv[1], int(sys.argv[2])
host, port = urlsplit(address).hostname, urlsplit(address).port

async def fetch(numbers):
    reader, writer = await asyncio.open_connection(host, port)
    for number in numbers:
        writer.write(f"GET /article/{number}.html HTTP/1.1\\r\\nHost: {host}:{port}\\r\\n\\r\\n".encode())
        head = await reader.readuntil(b"\\r\\n\\r\\n")
        length = next(line for line in head.lower().split(b"\\r\\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
    writer.close()

async def main():
    await asyncio.gather(*(fetch(range(1 + first, count + 1, 16)) for first in range(16)))

asyncio.run(main())
"""


def client(site: Site, articles: int, _home: Path) -> list[str]:
    return [sys.executable, "-c", CLIENT, site.address, str(articles)]


def bare(site: Site, articles: int, _home: Path) -> list[str]:
    return [sys.executable, "-c", BARE, site.address, str(articles)]


def thinker(_site: Site, _articles: int, home: Path) -> list[str]:
    return [sys.executable, "-m", "thinker", "--home", str(home), "crawl", "newsroom", "--json"]


def measured(command: list[str], site: Site, articles: int, code: Path, status: int = 200) -> tuple[float, float]:
    """Article pages a second, from this command's first request to its end, and ms of processor time a page.

    Exits if not every article was answered once, with this status.
    """
    before, used = time.monotonic(), _processor()
    environment = {**os.environ, "THINKER_NEWSROOM": site.address, "PYTHONPATH": str(code)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled modules are kept, as for users
    # `python -m` looks in the current folder before PYTHONPATH.
    subprocess.run(command, cwd=code, env=environment, check=True, stdout=subprocess.DEVNULL)
    ended, used = time.monotonic(), _processor() - used
    log = [entry for entry in site.log() if entry["at"]["monotonic"] > before]
    answers = [entry["status"] for entry in log if str(entry["path"]).startswith("/article/")]
    if answers != [status] * articles:
        told = f"{answers.count(status)} of {len(answers)} pages were answered {status}, not {articles}"
        raise SystemExit(f"{told}: the comparison means nothing")
    return articles / (ended - min(entry["at"]["monotonic"] for entry in log)), 1_000 * used / articles


def _processor() -> float:
    """Seconds of processor time of the commands that have ended, their own children included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--earlier", type=Path, help="a checkout of earlier code, whose crawl is measured in turn")
    options = parser.parse_args()
    options.earlier = options.earlier and options.earlier.resolve()
    legs = [("bare Scrapy, nothing parsed, nothing stored", bare, ROOT), ("sixteen plain sockets", client, ROOT)]
    legs += [("the earlier code", thinker, options.earlier)] if options.earlier else []
    legs.append((OURS, thinker, ROOT))
    found: dict[str, list[tuple[float, float]]] = {name: [] for name, *_ in legs}
    for _ in range(options.runs):
        for name, command, code in legs:
            with running(articles=options.articles) as site, tempfile.TemporaryDirectory() as folder:
                line = command(site, options.articles, Path(folder))
                found[name].append(measured(line, site, options.articles, code))
                if command is thinker:  # and once more: every article answers 304
                    found.setdefault(name + AGAIN, []).append(measured(line, site, options.articles, code, 304))
    report(found, options.articles, options.runs)


def report(found: dict[str, list[tuple[float, float]]], articles: int, runs: int) -> None:
    """Print every leg beside the first one, bare Scrapy, of the same round: minimum, median, maximum of the rounds."""
    print(f"{articles:,} article pages of the newsroom, minimum, median and maximum of {runs} runs in turns\n")
    print("| client | pages/s | x bare Scrapy | ms of processor time a page | x bare Scrapy |\n|---|---|---|---|---|")
    first, medians = next(iter(found.values())), {}
    for name, measures in found.items():
        beside = [(rate / bare[0], used / bare[1]) for (rate, used), bare in zip(measures, first, strict=True)]
        (rates, used), (faster, dearer) = zip(*measures, strict=True), zip(*beside, strict=True)
        medians[name] = statistics.median(faster), statistics.median(dearer)
        print(f"| {name} | {spread(rates, 0)} | {spread(faster, 2)} | {spread(used, 1)} | {spread(dearer, 2)} |")
    print(f"\ngoal ≥ {GOAL} x the rate: {'met' if medians[OURS][0] >= GOAL else 'MISSED'}")
    for leg, goal in GOALS_OF_PROCESSOR.items():
        said = "met" if medians[OURS + leg][1] <= goal else "MISSED"
        print(f"goal ≤ {goal} x the processor time{leg}: {said}")


def spread(values: tuple[float, ...], digits: int) -> str:
    return " ".join(f"{value:,.{digits}f}" for value in (min(values), statistics.median(values), max(values)))


if __name__ == "__main__":
    main()
