"""Pages a second of full parsing (every field and the body, written as JSON) beside the peers, interleaved.

Each tool has a process of its own and reads each page once a round, from bytes; the tools take turns of so many pages
(--turn), as an archive is read one page after the other. With --turn 1 each page is read by a process that slept while
the others worked, and whose code and memory have left the processor's caches: about a millisecond a page. Times are CPU
time of the tool's process, memory is the growth of its peak. The peers are no dependencies of the project:

    python3 -m venv .peers
    .peers/bin/pip install --no-deps -r bench/requirements.txt
    .peers/bin/python bench/parse.py --every 4
"""

import argparse
import csv
import gzip
import importlib
import json
import logging
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from newsroom.http.answers import Request  # noqa: E402 the peers' environment does not know the project
from newsroom.shapes import page_at  # noqa: E402
from newsroom.site.room import Newsroom  # noqa: E402
from parsers import Document, ParseError, json_line, parse, to_json  # noqa: E402

REAL = ROOT.parent / "shared" / "data" / "extraction"
POLICY = REAL.parent / "policy-pages"
SETS = ("aeb", "fundus", "gne", "traf")
WARM = 12  # pages read before the clock starts: patterns are compiled, languages loaded at first use
AT = datetime(2026, 11, 25, tzinfo=UTC)
OURS = "thinker, all fields and body"
YARDSTICK, WITHOUT_COMMENTS = "trafilatura fast", "trafilatura fast, no comments"
GOALS = {YARDSTICK: 8, WITHOUT_COMMENTS: 6}  # times its speed; we do not deliver comments
INSTALL = "python3 -m venv .peers && .peers/bin/pip install --no-deps -r bench/requirements.txt"


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it came over the wire."""

    url: str
    payload: bytes
    source: str | None = None
    kind: str = ""  # the set it is of; zh: a Chinese page of any set


Tool = Callable[[Page], object]


@dataclass(slots=True)
class Row:
    """One line of the table: a tool, its milliseconds for each page, and the growth of its memory."""

    name: str
    times: list[float] = field(default_factory=list)
    failed: int = 0
    growth: float | None = None

    def add(self, answer: "Answer") -> None:
        self.times.append(answer.spent)
        self.failed += not answer.done
        self.growth = answer.grown

    @property
    def rate(self) -> float:
        return 1000 * len(self.times) / sum(self.times)

    def line(self, yardstick: "Row | None") -> str:
        ratio = f"{self.rate / yardstick.rate:.2f}" if yardstick else "?"
        memory = "?" if self.growth is None else f"{self.growth:.0f}"
        timed = f"{_percentile(self.times, 50):.2f} | {_percentile(self.times, 95):.2f}"
        return f"| {self.name} | {self.rate:,.0f} | {ratio} | {timed} | {memory} | {self.failed} |"


def thinker(page: Page) -> object:
    try:
        return json_line(to_json(parse(Document(page.payload, "text/html", page.url, AT, page.source))))
    except ParseError:
        return None  # refusing a page that is no article is an answer


def trafilatura(*, fast: bool, comments: bool = True) -> Tool:
    extract = importlib.import_module("trafilatura").extract
    asked = {"output_format": "json", "with_metadata": True, "fast": fast, "include_comments": comments}
    return lambda page: extract(page.payload, url=page.url, **asked)


def readability() -> Tool:
    read = importlib.import_module("readability").Document

    def tool(page: Page) -> object:
        document = read(page.payload.decode("utf-8", "replace"), url=page.url or None)
        return json.dumps({"title": document.title(), "body": document.summary()}, ensure_ascii=False)

    return tool


def newspaper() -> Tool:
    newspaper4k = importlib.import_module("newspaper")

    def tool(page: Page) -> object:
        article = newspaper4k.Article(page.url or "http://bench.invalid/", fetch_images=False)
        article.download(input_html=page.payload.decode("utf-8", "replace"))
        article.parse()
        return article.to_json(as_string=True)

    return tool


def bare() -> Tool:
    tree = importlib.import_module("selectolax.lexbor").LexborHTMLParser
    return lambda page: tree(page.payload)


TOOLS: dict[str, Callable[[], Tool]] = {
    OURS: lambda: thinker,
    "selectolax, the tree alone": bare,
    YARDSTICK: lambda: trafilatura(fast=True),
    WITHOUT_COMMENTS: lambda: trafilatura(fast=True, comments=False),
    "trafilatura": lambda: trafilatura(fast=False),
    "readability-lxml": readability,
    "newspaper4k": newspaper,
}


def real_pages(every: int) -> list[Page]:
    """Every so manieth saved page of the shared sets; [] where they are absent."""
    return [_saved(row) for row in _rows() if row["set"] in SETS][::every]


def chinese_pages() -> list[Page]:
    """The saved pages of Chinese policy and news sites, and all Chinese pages of the other sets."""
    manifest = POLICY / "MANIFEST.tsv"
    lines = list(csv.DictReader(manifest.read_text("utf-8").splitlines(), delimiter="\t")) if manifest.exists() else []
    pages = [line for line in lines if line["file"].endswith(".html")]
    policy = [Page(line["original_url"], (POLICY / line["file"]).read_bytes(), kind="policy") for line in pages]
    return [*policy, *(_saved(row) for row in _rows() if row["lang"] == "zh")]


def _rows() -> list[dict[str, str]]:
    truth = REAL / "truth.jsonl"
    return list(map(json.loads, truth.read_text("utf-8").splitlines())) if truth.exists() else []


def _saved(row: dict[str, str]) -> Page:
    kind = "zh" if row["lang"] == "zh" else row["set"]
    return Page(row["url"] or "", gzip.decompress((REAL / row["file"]).read_bytes()), kind=kind)


def newsroom_pages(count: int) -> list[Page]:
    """Articles of the demo's newsroom, rendered without a network."""
    room = Newsroom(articles=count)
    paths = [f"/article/{number}.html" for number in range(1, count + 1)]
    rendered = [page_at(room, Request("GET", path, "HTTP/1.1", {}, b"")) for path in paths]
    return [Page(room.address + path, page.render(), "newsroom") for path, page in zip(paths, rendered, strict=True)]


class Answer(NamedTuple):
    """The milliseconds of CPU time, True if the tool answered, and the growth of its peak memory in MB."""

    spent: float
    done: bool
    grown: float | None


class Reader:
    """A tool in a process of its own, with its own caches, garbage and memory."""

    def __init__(self, name: str) -> None:
        command = [sys.executable, "-W", "ignore", __file__, "--tool", name]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, pages: list[Page]) -> list[Answer]:
        """The measures of reading each page; the child has all pages before it begins."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        told = [{"url": page.url, "source": page.source, "bytes": len(page.payload)} for page in pages]
        self._child.stdin.write(json.dumps(told).encode() + b"\n" + b"".join(page.payload for page in pages))
        self._child.stdin.flush()
        return [Answer(*answer) for answer in json.loads(self._child.stdout.readline())]

    def close(self) -> None:
        self._child.communicate()


def serve(name: str) -> int:
    """Run the child: take the pages of a turn from stdin, read one after the other, print the measures of each."""
    tool = TOOLS[name]()
    before = _memory("VmRSS")
    while line := sys.stdin.buffer.readline():
        told = json.loads(line)
        pages = [Page(each["url"], sys.stdin.buffer.read(each["bytes"]), each["source"]) for each in told]
        print(json.dumps([_answer(tool, page, before) for page in pages]), flush=True)
    return 0


def measured(names: list[str], pages: list[Page], rounds: int, turn: int) -> dict[str, Row]:
    """The measures of every tool on every page, once a round, in turns; the tool that begins changes with each."""
    rows = {name: Row(name) for name in names}
    readers = {name: Reader(name) for name in names}
    for name in names:
        readers[name].read(pages[:WARM])
    for _ in range(rounds):
        for number, begin in enumerate(range(0, len(pages), turn)):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                for answer in readers[name].read(pages[begin : begin + turn]):
                    rows[name].add(answer)
    for reader in readers.values():
        reader.close()
    return rows


def _answer(tool: Tool, page: Page, before: float | None) -> Answer:
    began = time.process_time_ns()
    try:
        tool(page)
        done = True
    except Exception:  # a peer's failure is counted
        done = False
    spent = (time.process_time_ns() - began) / 1e6
    return Answer(spent, done, (_memory("VmHWM") or before) - before if before is not None else None)


def _memory(what: str) -> float | None:
    """A figure of /proc/self/status in MB (proc(5)); None elsewhere than on Linux.

    VmHWM is this program's own peak, unlike getrusage's.
    """
    status = Path("/proc/self/status")
    found = re.search(rf"^{what}:\s+(\d+) kB", status.read_text(), re.MULTILINE) if status.exists() else None
    return int(found[1]) / 1024 if found else None


def _percentile(times: list[float], percent: int) -> float:
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)]


def available() -> tuple[list[str], list[str]]:
    """The tools that can be imported, and the others."""
    found: list[str] = []
    missing: list[str] = []
    for name, make in TOOLS.items():
        try:
            make()
            found.append(name)
        except ImportError:
            missing.append(name)
    return found, missing


def report(title: str, names: list[str], pages: list[Page], rounds: int, turn: int) -> dict[str, dict[str, float]]:
    """Print a table; by yardstick and kind of page how many times faster we are."""
    rows = measured(names, pages, rounds, turn)
    size = sum(len(page.payload) for page in pages) / len(pages) / 1000
    told = f"read {rounds} x by each tool, {turn} a turn"
    print(f"{title}: {len(pages):,} pages of {size:,.0f} kB in the mean, {told}\n")
    print("| tool | pages/s | x trafilatura fast | median ms | p95 ms | memory, MB | failed |")
    print("|---|---|---|---|---|---|---|")
    for row in rows.values():
        print(row.line(rows.get(YARDSTICK)))
    print(flush=True)
    return {name: ratios(rows[OURS].times, rows[name].times, pages) for name in GOALS if name in rows}


def ratios(ours: list[float], theirs: list[float], pages: list[Page]) -> dict[str, float]:
    """A yardstick's time divided by ours, for each kind of page and for all of them."""
    spent: dict[str, list[float]] = {}
    for number, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        for kind in ("all", pages[number % len(pages)].kind):
            of_kind = spent.setdefault(kind, [0.0, 0.0])
            of_kind[0] += mine
            of_kind[1] += other
    return {kind: other / mine for kind, (mine, other) in spent.items()}


def positive(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=positive, default=4, help="read every so manieth page of the shared sets")
    parser.add_argument("--newsroom", type=int, default=100, help="so many pages of the demo's newsroom")
    parser.add_argument("--rounds", type=positive, default=1)
    parser.add_argument(
        "--turn", type=positive, default=20, help="pages that a tool reads before the next has its turn"
    )
    parser.add_argument("--tool", choices=list(TOOLS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)  # the peers' remarks about single pages
    if options.tool:
        return serve(options.tool)
    names, missing = available()
    if missing:
        print(f"missing: {', '.join(missing)}; `{INSTALL}`, then `.peers/bin/python bench/parse.py`\n", flush=True)
    pages = real_pages(options.every)
    if not pages:
        print(f"skipped: the saved pages ({REAL}) are absent\n")
    tables = {
        "Saved pages of many sites": pages,
        "Pages of Chinese policy and news sites": chinese_pages(),
        "Pages of the newsroom": newsroom_pages(options.newsroom),
    }
    for title, read in tables.items():
        for name, kinds in (report(title, names, read, options.rounds, options.turn) if read else {}).items():
            for kind, ratio in kinds.items():
                reached = "met" if ratio >= GOALS[name] else "MISSED"
                print(f"{kind or 'newsroom'}: {ratio:.1f} x {name} (goal {GOALS[name]}): {reached}")
        print(flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
