"""The site under readers: pages of every kind for 1 and 8 clients, beside stock Datasette on the same file, then SQL.

Each client keeps its connection, and asks in turn for other articles; `fresh` opens one for every request. `processor`
is what the server computes for one request, in ms, which other programs on the machine hardly change. Stock Datasette
shows the nearest page that it has. The second table lets strangers run SQL that takes all it can get: how much memory
the site's processes take more (their proportional sets, added up), and how long a reader waits meanwhile.

    python bench/serve.py --articles 2000
"""

import argparse
import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from ingest import GROUP, START, made, prepared
from sites import Asked, Site, ask, connection_to, ours, processor_time, stock
from strangers import strangers
from texts import Known

from archive import open_archive, read_archive
from archive.ingest import Fetched, Ingest, SourceRecord
from parsers import Article

EDITED = 10  # every tenth article has a second version
SPEAKERS, COLUMNS = 400, 12  # among whom the articles are shared, the first of them with the most
CLIENTS = (1, 8)
REQUESTS = 120  # a kind of page and number of clients
LONGEST = 6.0  # s for them; what is slower is asked for less often
TURNS = 5  # of a page and its 304
GOAL_UNCHANGED, GOAL_UNCHANGED_MS = 3, 2.0


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
    """Milliseconds of the requests of one kind, and of the server's processor for each."""

    found: list[float]
    processor: float

    @property
    def middle(self) -> float:
        return statistics.median(self.found)

    def __str__(self) -> str:
        return f"{self.middle:.1f}/{statistics.quantiles(self.found, n=20)[-1]:.1f}"


def build(home: Path, count: int, characters: int) -> None:
    """An archive of so many articles with speakers and columns, every tenth of them edited once."""
    articles = {url: _filed(number, article) for number, (url, article) in enumerate(made(count, characters))}
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


def _filed(number: int, article: Article) -> Article:
    """The article under a column, and two of three times with a speaker."""
    chance = random.Random(number)
    speaker = f"讲者{_one_of(SPEAKERS, chance)}" if number % 3 else None
    return replace(article, article_section=f"栏目{_one_of(COLUMNS, chance)}", speaker=speaker)


def _one_of(many: int, chance: random.Random) -> int:
    return int(many * chance.random() ** 2)


def _edited(article: Article) -> Article:
    first, *rest = article.paragraphs
    return replace(article, paragraphs=(f"新{first[1:]}", *rest))


def kinds(home: Path, chance: random.Random) -> list[Kind]:
    """What is asked for, drawn from what the archive holds."""
    archive = read_archive(home)
    rows = archive.conn.execute("select id, key, substr(body_text, 30, 3), revisions from articles").fetchall()
    phrases = list(_phrases(archive.conn.execute("select body_text from articles limit 5000"), chance))
    speakers = archive.conn.execute("select name from people where id in (select person_id from article_people)")
    people = chance.sample([name for (name,) in speakers.fetchall()], REQUESTS)
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
        # Each is asked for the first time here by one client; who asks again has it from the data's version.
        Kind("facets", [f"/search?q={quote(word)}&column={quote('栏目1')}&order=oldest" for word in phrases], []),
        Kind("phrase", [f"/phrase?q={quote(word)}" for word in phrases], []),
        Kind("person", [f"/person/{quote(name)}" for name in people], []),
        Kind("table page", ["/archive/articles"], ["/archive/articles"]),
        Kind("database page", ["/archive"], ["/archive"]),
        Kind("row page", found, found),
        Kind("SQL", sql, sql),
        Kind("error", wrong, wrong, status=404),
        Kind("304 of the article", articles, [], status=304, unchanged=True),
        Kind("304 of the landing", ["/"], [], status=304, unchanged=True),
    ]


def _phrases(bodies: Iterable[tuple[str]], chance: random.Random) -> Iterator[str]:
    """As many phrases of two to six Chinese characters as there are requests, each out of another text."""
    runs = [run for (body,) in bodies for run in re.findall("[\u4e00-\u9fff]{2,}", body)[:4]]
    for run in chance.sample(runs, REQUESTS):
        length = chance.randint(2, 6)
        start = chance.randrange(max(1, len(run) - length + 1))
        yield run[start : start + length]


def measured(site: Site, kind: Kind, paths: list[str], clients: int, fresh: bool = False) -> Times:
    """All clients at once, each with its share of the requests."""
    pid, address = site
    have = {path: _tag(address, path) if kind.unchanged else {} for path in set(paths)}
    _client(address, kind, paths, have, 5, fresh)
    began = processor_time(pid)
    with ThreadPoolExecutor(clients) as pool:
        share = REQUESTS // clients
        done = [
            pool.submit(_client, address, kind, paths[n::clients] or paths, have, share, fresh) for n in range(clients)
        ]
        found = [took for each in done for took in each.result()]
    return Times(found, 1_000 * (processor_time(pid) - began) / len(found))


def _tag(address: str, path: str) -> Asked:
    return {"if-none-match": ask(connection_to(address), path, {})[1]}


def _client(
    address: str, kind: Kind, paths: list[str], have: dict[str, Asked], requests: int, fresh: bool
) -> list[float]:
    took: list[float] = []
    connection = connection_to(address)
    deadline = time.monotonic() + LONGEST
    for number in range(requests):
        if time.monotonic() > deadline and len(took) > 1:
            break
        path = paths[number % len(paths)]
        began = time.perf_counter()
        if fresh:
            connection = connection_to(address)
        status, _ = ask(connection, path, have[path])
        took.append(1_000 * (time.perf_counter() - began))
        assert status == kind.status, (path, status)
        if fresh:
            connection.close()
    return took


def pages(home: Path, port: int) -> None:
    """The first table."""
    asked = kinds(home, random.Random(3))
    cells: dict[str, list[str]] = {kind.name: [] for kind in asked}
    with ours(home) as site:
        for kind in asked:
            cells[kind.name] += [str(measured(site, kind, kind.ours, 1, fresh=True)), *kept(site, kind, kind.ours)]
        pairs = {page: unchanged(site, asked, page) for page in ("article", "landing")}
    with stock(home, port) as site:
        for kind in asked:
            cells[kind.name] += kept(site, kind, kind.stock)
    print("| p50/p95 in ms | fresh | 1 client | processor | 8 clients | stock, 1 client | processor | 8 clients |")
    print("|---|---|---|---|---|---|---|---|")
    for name, row in cells.items():
        print(f"| {name} | {' | '.join(row)} |")
    for page, (whole, told) in pairs.items():
        met = "met" if told <= max(whole / GOAL_UNCHANGED, GOAL_UNCHANGED_MS) else "MISSED"
        print(f"\n304 of the {page}, in turn with it: {told:.1f} ms after {whole:.1f}; goal ≤ a third, or 2 ms: {met}")


def kept(site: Site, kind: Kind, paths: list[str]) -> list[str]:
    """The times of one client that keeps its connection, what each cost the processor, and the times of eight."""
    if not paths:
        return ["", "", ""]
    alone, eight = (measured(site, kind, paths, clients) for clients in CLIENTS)
    return [str(alone), f"{alone.processor:.1f}", str(eight)]


def unchanged(site: Site, asked: list[Kind], page: str) -> tuple[float, float]:
    """The page's middle and that of its 304, from rounds in turn, so that both meet the same busy machine."""
    named = {kind.name: kind for kind in asked}
    both = (named[page], named[f"304 of the {page}"])
    rounds = [[measured(site, kind, kind.ours, 1).middle for kind in both] for _ in range(TURNS)]
    whole, told = (statistics.median(found) for found in zip(*rounds, strict=True))
    return whole, told


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
