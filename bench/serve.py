"""The site under readers: pages of every kind for 1 and 8 clients, beside stock Datasette on the same file, then SQL.

Each client keeps its connection, and asks in turn for other articles; `fresh` opens one for every request. Stock
Datasette shows the nearest page that it has. The second table lets strangers run SQL that takes all it can get: how
much memory the site's processes take more (their proportional sets, added up), and how long a reader waits meanwhile.

    python bench/serve.py --articles 2000
"""

import argparse
import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlsplit

from ingest import GROUP, START, made, prepared
from texts import Known

from archive import open_archive, read_archive
from archive.ingest import Fetched, Ingest, SourceRecord
from parsers import Article

ROOT = Path(__file__).resolve().parents[1]
SERVE = "import sys, pathlib; from archive.publish.server import serve; serve(pathlib.Path(sys.argv[1]), port=0)"
EDITED = 10  # every tenth article has a second version
CLIENTS = (1, 8)
REQUESTS = 120  # a kind of page and number of clients
GOAL_UNCHANGED, GOAL_UNCHANGED_MS = 3, 2.0
GOAL_GROWTH = 64  # MB
GOAL_WAIT = 1.0  # s
HEAVY = "with recursive n(i) as (select 1 union all select i + 1 from n limit 100)"
ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n)"
HOSTILE = {
    "large values x 100 rows": f"{HEAVY} select hex(zeroblob(7900000)) from n",
    "values below the limit x 100 rows": f"{HEAVY} select hex(zeroblob(1900000 + i)) from n",
    "an aggregate of everything": f"{ENDLESS} select json_group_array(hex(zeroblob(2000))) from n",
    "recursion": f"{ENDLESS} select count(*) from n",
    "a sort without end": f"{ENDLESS} select i, hex(randomblob(500)) as h from n order by h",
    "every text at once": "select body_text from articles",
    "texts joined": "select group_concat(body_text) from articles",
}

Asked = dict[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table: addresses with us, the nearest one of stock Datasette, and what is sent along."""

    name: str
    ours: list[str]
    stock: list[str]
    status: int = 200
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of the requests of one kind."""

    found: list[float]

    @property
    def middle(self) -> float:
        return statistics.median(self.found)

    def __str__(self) -> str:
        return f"{self.middle:.1f}/{statistics.quantiles(self.found, n=20)[-1]:.1f}"


def build(home: Path, count: int, characters: int) -> None:
    """An archive of so many articles, every tenth of them edited once."""
    articles = dict(made(count, characters))
    archive = open_archive(home)
    _crawl(archive, articles)
    _crawl(archive, {url: _edited(article) for url, article in list(articles.items())[::EDITED]})
    archive.close()


def _crawl(archive: object, articles: dict[str, Article]) -> None:
    with Ingest(archive, SourceRecord("bench"), Known(articles)) as ingest:
        ingest.begin_crawl(START)
        for number, (fetched, state) in enumerate(prepared(ingest, _responses(articles)), start=1):
            ingest.add(fetched, state)
            if number % GROUP == 0:
                ingest.commit()
        ingest.finish("finished", len(articles), 0, START)


def _responses(articles: dict[str, Article]) -> Iterator[Fetched]:
    for url, article in articles.items():
        yield Fetched(url, 200, (("Content-Type", "text/html"),), f"<p>{article.body_text}</p>".encode(), START)


def _edited(article: Article) -> Article:
    first, *rest = article.paragraphs
    return replace(article, paragraphs=(f"新{first[1:]}", *rest))


def kinds(home: Path, chance: random.Random) -> list[Kind]:
    """What is asked for, drawn from what the archive holds."""
    archive = read_archive(home)
    rows = archive.conn.execute("select id, key, substr(body_text, 30, 3), revisions from articles").fetchall()
    archive.close()
    sample = chance.sample(rows, min(len(rows), REQUESTS))
    articles, found = [f"/a/{row[1]}" for row in sample], [f"/archive/articles/{row[0]}" for row in sample]
    edited = [f"/a/{row[1]}/diff/1..2" for row in rows if row[3] > 1][:REQUESTS]
    words = [quote(row[2]) for row in sample]
    wrong = [f"/nowhere/{number}" for number in range(REQUESTS)]
    sql = ["/archive?sql=select+key+from+articles+limit+20"]
    return [
        Kind("landing", ["/"], ["/"]),
        Kind("article", articles, found),
        Kind("diff", edited, []),
        Kind(
            "search", [f"/search?q={word}" for word in words], [f"/archive/articles?_search={word}" for word in words]
        ),
        Kind("table page", ["/archive/articles"], ["/archive/articles"]),
        Kind("database page", ["/archive"], ["/archive"]),
        Kind("row page", found, found),
        Kind("SQL", sql, sql),
        Kind("error", wrong, wrong, status=404),
        Kind("304 of the article", articles, [], status=304, unchanged=True),
        Kind("304 of the landing", ["/"], [], status=304, unchanged=True),
    ]


@contextmanager
def ours(home: Path) -> Iterator[tuple[int, str]]:
    """The site, as its process and its address."""
    with tempfile.TemporaryFile() as words, _ending([sys.executable, "-c", SERVE, str(home)], words) as server:
        yield server.pid, server.stdout.readline().decode().strip()


@contextmanager
def stock(home: Path, port: int) -> Iterator[str]:
    """Datasette without our plugin; its words go to a file, since nobody reading them would stop it."""
    command = [sys.executable, "-m", "datasette", "serve", str(home / "archive.db"), "--port", str(port)]
    environment = {**os.environ, "DATASETTE_LOAD_PLUGINS": ""}
    with tempfile.TemporaryFile() as words, _ending(command, words, stdout=words, env=environment):
        yield _answering(f"http://127.0.0.1:{port}")


@contextmanager
def _ending(command: list[str], words: IO[bytes], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(command, cwd=ROOT, stderr=words, **{"stdout": subprocess.PIPE, **options})
    try:
        yield server
    finally:
        server.terminate()
        server.communicate()


def _answering(address: str) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            _ask(_connection(address), "/-/versions.json", {})
            return address
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


def _connection(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)


def _ask(connection: http.client.HTTPConnection, path: str, headers: Asked) -> tuple[int, str]:
    connection.request("GET", path, headers=headers)
    reply = connection.getresponse()
    reply.read()
    return reply.status, reply.headers.get("etag", "")


def measured(address: str, kind: Kind, paths: list[str], clients: int, fresh: bool = False) -> Times:
    """All clients at once, each with its share of the requests."""
    have = {path: _tag(address, path) if kind.unchanged else {} for path in set(paths)}
    _client(address, kind, paths, have, 5, fresh)
    with ThreadPoolExecutor(clients) as pool:
        share = REQUESTS // clients
        done = [
            pool.submit(_client, address, kind, paths[n::clients] or paths, have, share, fresh) for n in range(clients)
        ]
        return Times([took for each in done for took in each.result()])


def _tag(address: str, path: str) -> Asked:
    return {"if-none-match": _ask(_connection(address), path, {})[1]}


def _client(
    address: str, kind: Kind, paths: list[str], have: dict[str, Asked], requests: int, fresh: bool
) -> list[float]:
    took: list[float] = []
    connection = _connection(address)
    for number in range(requests):
        path = paths[number % len(paths)]
        began = time.perf_counter()
        if fresh:
            connection = _connection(address)
        status, _ = _ask(connection, path, have[path])
        took.append(1_000 * (time.perf_counter() - began))
        assert status == kind.status, (path, status)
        if fresh:
            connection.close()
    return took


def pages(home: Path, port: int) -> None:
    """The first table."""
    asked = kinds(home, random.Random(3))
    cells: dict[str, list[str]] = {kind.name: [] for kind in asked}
    middles: dict[str, float] = {}
    with ours(home) as (_, address):
        for kind in asked:
            fresh = measured(address, kind, kind.ours, 1, fresh=True)
            kept = [measured(address, kind, kind.ours, clients) for clients in CLIENTS]
            middles[kind.name] = kept[0].middle
            cells[kind.name] += [str(fresh), *map(str, kept)]
    with stock(home, port) as address:
        for kind in asked:
            found = [measured(address, kind, kind.stock, clients) if kind.stock else "" for clients in CLIENTS]
            cells[kind.name] += map(str, found)
    print("| p50/p95 in ms | fresh | 1 client | 8 clients | stock, 1 client | stock, 8 clients |")
    print("|---|---|---|---|---|---|")
    for name, row in cells.items():
        print(f"| {name} | {' | '.join(row)} |")
    for page in ("article", "landing"):
        unchanged = middles[f"304 of the {page}"]
        most = max(middles[page] / GOAL_UNCHANGED, GOAL_UNCHANGED_MS)
        met = "met" if unchanged <= most else "MISSED"
        print(f"\ngoal: a 304 of the {page} takes ≤ {most:.1f} ms: {met} ({unchanged:.1f})")


def strangers(home: Path) -> None:
    """The second table."""
    print("\n| 8 strangers ask for 6 s | growth, MB | longest wait of a reader, s | replies |\n|---|---|---|---|")
    worst, longest = 0.0, 0.0
    for name, sql in HOSTILE.items():
        with ours(home) as (pid, address):
            for path in ("/", "/archive?sql=select+1", "/archive.json?sql=select+1", "/search?q=a"):
                _ask(_connection(address), path, {})
            grown, waited, replies = hostile(pid, address, sql)
        worst, longest = max(worst, grown), max(longest, waited)
        print(f"| {name} | {grown:.0f} | {waited:.2f} | {replies} |", flush=True)
    print(f"\ngoal ≤ {GOAL_GROWTH} MB: {'met' if worst <= GOAL_GROWTH else 'MISSED'}; ", end="")
    print(f"goal ≤ {GOAL_WAIT:.0f} s: {'met' if longest <= GOAL_WAIT else 'MISSED'}")


def hostile(pid: int, address: str, sql: str) -> tuple[float, float, str]:
    """MB more than before, the longest wait of a reader, and how the strangers were answered."""
    over = threading.Event()
    before = memory(pid)
    with ThreadPoolExecutor(11) as pool:
        peak = pool.submit(_watched, pid, over)
        readers = [pool.submit(_reader, address, over) for _ in range(2)]
        asked = [pool.submit(_stranger, address, f"/archive.json?sql={quote(sql)}", over) for _ in range(8)]
        time.sleep(6)
        over.set()
        statuses = [status for each in asked for status in each.result()]
        told = ", ".join(f"{statuses.count(status)} x {status}" for status in sorted(set(statuses)))
        return peak.result() - before, max(each.result() for each in readers), told


def _watched(pid: int, over: threading.Event) -> float:
    peak = 0.0
    while not over.wait(0.02):
        peak = max(peak, memory(pid))
    return peak


def _reader(address: str, over: threading.Event) -> float:
    longest = 0.0
    connection = _connection(address)
    while not over.is_set():
        for path in ("/", "/search?q=%E5%8F%91%E5%B1%95", "/archive/articles"):
            began = time.perf_counter()
            _ask(connection, path, {})
            longest = max(longest, time.perf_counter() - began)
    return longest


def _stranger(address: str, path: str, over: threading.Event) -> list[int]:
    statuses: list[int] = []
    connection = _connection(address)
    while not over.is_set():
        statuses.append(_ask(connection, path, {})[0])
    return statuses


def memory(pid: int) -> float:
    """MB of the process and all that it started, each shared page counted once."""
    return sum(_proportional(each) for each in [pid, *_descendants(pid)])


def _descendants(pid: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        children += [
            child
            for task in Path(f"/proc/{pid}/task").iterdir()
            if task.name != str(pid)
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from _descendants(child)


def _proportional(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--characters", type=int, default=1_500)
    parser.add_argument("--home", type=Path, help="keep the archive there, and use it when it is there already")
    parser.add_argument("--port", type=int, default=8177, help="for stock Datasette")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder) / "home"
        if not (home / "archive.db").exists():
            build(home, options.articles, options.characters)
        print(f"{options.articles:,} articles of {options.characters:,} characters\n")
        pages(home, options.port)
        strangers(home)


if __name__ == "__main__":
    main()
