"""Ingest until searchable: parsed articles into a whole archive, beside one flat table with the same FTS5.

The peer writes headline, body and index of every article in one transaction. Ours stores a WARC record of the payload
and one of the normalised article, a ledger line, and every row of the archive, durable every 32 articles.

Processor time is given beside the rates, for busy machines.

    python bench/ingest.py --articles 5000
"""

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from texts import Known, Texts

from archive import Archive, open_archive
from archive.judging import CrawlIngest, Fetched, Prepared
from archive.search import COLUMNS, index_row, insert_into
from archive.settings import SourceRecord
from parsers import Article

GOAL = 0.55  # the rows, records and lines of an article cost as much again as its text in one table and its tokens
GROUP = 32
START = datetime(2016, 1, 1, tzinfo=UTC)


Taken = tuple[float, float]  # seconds, and ms of processor time an article


def flat(folder: Path, articles: list[tuple[str, Article]]) -> Taken:
    """The time into one table and the same index, one transaction."""
    conn = sqlite3.connect(folder / "flat.db", isolation_level=None)
    conn.execute("pragma journal_mode=wal")
    conn.execute("pragma synchronous=full")
    conn.execute("create table article (id integer primary key, url text unique, headline text, body_text text)")
    columns = ", ".join(COLUMNS)
    conn.execute(
        f"create virtual table article_words using fts5({columns}, content='', contentless_delete=1, tokenize='ascii')"
    )
    insert = insert_into("article_words")
    began = time.perf_counter(), time.process_time()
    conn.execute("begin")
    for number, (url, article) in enumerate(articles, start=1):
        conn.execute("insert into article values (?, ?, ?, ?)", (number, url, article.headline, article.body_text))
        said = {"headline": article.headline, "body_text": article.body_text, "keywords": article.keywords}
        conn.execute(insert, (number, *index_row(said)))
    conn.execute("commit")
    taken = since(began, len(articles))
    conn.close()
    return taken


def archived(folder: Path, articles: list[tuple[str, Article]]) -> Taken:
    """The time into captures, ledger, archive and index, a commit every 32."""
    archive = open_archive(folder / "home")
    began = time.perf_counter(), time.process_time()
    crawl(archive, articles)
    taken = since(began, len(articles))
    archive.close()
    return taken


def since(began: tuple[float, float], count: int) -> Taken:
    return time.perf_counter() - began[0], 1_000 * (time.process_time() - began[1]) / count


def crawl(archive: Archive, articles: list[tuple[str, Article]]) -> None:
    """Run one crawl that finds all of these articles, committed in groups."""
    with CrawlIngest(archive, SourceRecord("bench"), Known(dict(articles))) as ingest:
        ingest.begin_crawl(START)
        for number, (fetched, state) in enumerate(prepared(ingest, responses(articles)), start=1):
            ingest.add(fetched, state)
            if number % GROUP == 0:
                ingest.commit()
        ingest.finish("finished", len(articles), 0, START)


def prepared(ingest: CrawlIngest, responses: Iterable[Fetched]) -> Iterator[tuple[Fetched, Prepared]]:
    """Yield each response with its preparation from a second thread, as in a crawl.

    A group is prepared while the last response of the group before is yielded, so during its commit: then SQLite runs
    for milliseconds without the interpreter's lock.
    """
    rest = iter(responses)
    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(_group, ingest, list(islice(rest, GROUP)))
        while pairs := making.result():
            yield from pairs[:-1]
            making = pool.submit(_group, ingest, list(islice(rest, GROUP)))
            yield pairs[-1]


def _group(ingest: CrawlIngest, responses: list[Fetched]) -> list[tuple[Fetched, Prepared]]:
    return [(fetched, ingest.prepare(fetched)) for fetched in responses]


def responses(articles: list[tuple[str, Article]]) -> Iterator[Fetched]:
    for url, article in articles:
        payload = f"<p>{article.body_text}</p>".encode()
        yield Fetched(url, 200, (("Content-Type", "text/html"),), payload, START)


def made(count: int, characters: int) -> list[tuple[str, Article]]:
    """Articles of so many Chinese characters, one every few hours of ten years."""
    step = timedelta(days=3650) / count
    return [
        (
            f"http://bench.invalid/{number}",
            Article(
                headline,
                keywords=("长三角", "建设"),
                date_published=START + number * step,
                date_precision="minute",
                in_language="zh-Hans",
                paragraphs=tuple(body.split("\n")),
            ),
        )
        for number, (headline, body) in enumerate(Texts().articles(count, characters))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--characters", type=int, default=1_500)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    articles = made(options.articles, options.characters)
    found: dict[str, list[Taken]] = {"flat": [], "archived": []}
    for _ in range(options.runs):
        for name, measure in (("flat", flat), ("archived", archived)):
            with tempfile.TemporaryDirectory() as folder:
                found[name].append(measure(Path(folder), articles))
    rates = {name: options.articles / statistics.median(taken[0] for taken in each) for name, each in found.items()}
    used = {name: statistics.median(taken[1] for taken in each) for name, each in found.items()}
    ratio = rates["archived"] / rates["flat"]
    print(f"{options.articles:,} articles of {options.characters:,} characters, median of {options.runs} runs\n")
    print("| write | articles/s | x flat table | ms of processor time an article |\n|---|---|---|---|")
    print(f"| one flat table + the same FTS5, one transaction | {rates['flat']:,.0f} | 1.00 | {used['flat']:.2f} |")
    print(f"| archive: WARC, ledger, rows and index, durable every {GROUP} ", end="")
    print(f"| {rates['archived']:,.0f} | {ratio:.2f} | {used['archived']:.2f} |")
    print(f"\ngoal ≥ {GOAL}: {'met' if ratio >= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
