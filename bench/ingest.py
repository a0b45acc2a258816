"""Ingest until searchable: parsed articles into a whole archive, beside one flat table with the same FTS5.

The peer writes headline, body and index of every article in one transaction. Ours stores a WARC record of the payload
and one of the normalised article, a ledger line, and every row of the archive, durable every 32 articles.

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

GOAL = 0.8
GROUP = 32
START = datetime(2016, 1, 1, tzinfo=UTC)


def flat(folder: Path, articles: list[tuple[str, Article]]) -> float:
    """Articles a second into one table and the same index, one transaction."""
    conn = sqlite3.connect(folder / "flat.db", isolation_level=None)
    conn.execute("pragma journal_mode=wal")
    conn.execute("pragma synchronous=full")
    conn.execute("create table article (id integer primary key, url text unique, headline text, body_text text)")
    columns = ", ".join(COLUMNS)
    conn.execute(
        f"create virtual table article_words using fts5({columns}, content='', contentless_delete=1, tokenize='ascii')"
    )
    insert = insert_into("article_words")
    began = time.perf_counter()
    conn.execute("begin")
    for number, (url, article) in enumerate(articles, start=1):
        conn.execute("insert into article values (?, ?, ?, ?)", (number, url, article.headline, article.body_text))
        said = {"headline": article.headline, "body_text": article.body_text, "keywords": article.keywords}
        conn.execute(insert, (number, *index_row(said)))
    conn.execute("commit")
    seconds = time.perf_counter() - began
    conn.close()
    return len(articles) / seconds


def archived(folder: Path, articles: list[tuple[str, Article]]) -> float:
    """Articles a second into captures, ledger, archive and index, a commit every 32."""
    archive = open_archive(folder / "home")
    began = time.perf_counter()
    crawl(archive, articles)
    seconds = time.perf_counter() - began
    archive.close()
    return len(articles) / seconds


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
    rates: dict[str, list[float]] = {"flat": [], "archived": []}
    for _ in range(options.runs):
        for name, measure in (("flat", flat), ("archived", archived)):
            with tempfile.TemporaryDirectory() as folder:
                rates[name].append(measure(Path(folder), articles))
    medians = {name: statistics.median(found) for name, found in rates.items()}
    ratio = medians["archived"] / medians["flat"]
    print(f"{options.articles:,} articles of {options.characters:,} characters, median of {options.runs} runs\n")
    print("| write | articles/s | x flat table |\n|---|---|---|")
    print(f"| one flat table + the same FTS5, one transaction | {medians['flat']:,.0f} | 1.00 |")
    print(
        f"| archive: WARC, ledger, rows and index, durable every {GROUP} | {medians['archived']:,.0f} | {ratio:.2f} |"
    )
    print(f"\ngoal ≥ {GOAL}: {'met' if ratio >= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
