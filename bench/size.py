"""The size of the database beside its texts: an archive in which one article in five was edited twice.

Everything is there: articles, each superseded text, captures, sightings, events, keywords and the search index. An edit
changes one character. The texts are counted once each, in UTF-8: headline, body and keywords of every distinct state.

    python bench/size.py --articles 3000
"""

import argparse
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from ingest import START, made
from texts import Known

from archive import open_archive
from archive.judging import CrawlIngest, Fetched
from archive.settings import SourceRecord
from parsers.article import Article

GOAL, AT = 3.7, 1_500  # at so many characters an article
EDITED = 5  # one article in so many, twice
GROUP = 32
LEAST = 0.003  # of the texts: smaller parts are added up in one row

TABLES = """
    select case when p.name like 'article_words%' then 'index of current texts'
                when p.name like 'revision_words%' then 'index of superseded texts'
                when s.type = 'index' then s.tbl_name || ': indexes' else p.name end,
           sum(p.pgsize)
      from dbstat('main', 1) p left join sqlite_schema s on s.name = p.name
     group by 1 order by 2 desc
"""


def versions(article: Article, number: int) -> list[Article]:
    """The texts of an article, one after another."""
    if number % EDITED:
        return [article]
    first, *rest = article.paragraphs
    edits = [
        replace(article, paragraphs=(first[:at] + mark + first[at + 1 :], *rest)) for at, mark in ((9, "甲"), (5, "乙"))
    ]
    return [article, *edits]


def spoken(article: Article) -> int:
    """UTF-8 bytes of a text."""
    return len("".join((article.headline, article.body_text, *article.keywords)).encode())


def fill(home: Path, articles: list[tuple[str, Article]]) -> int:
    """Run three crawls over the articles, some of which change; the bytes of all distinct texts."""
    archive, total = open_archive(home), 0
    every = [(url, versions(article, number)) for number, (url, article) in enumerate(articles)]
    for turn in range(3):
        now = {url: texts[turn] for url, texts in every if len(texts) > turn}
        at = START + turn * timedelta(days=1)
        with CrawlIngest(archive, SourceRecord("bench"), Known(now), clock=lambda at=at: at) as ingest:
            ingest.begin_crawl(at)
            for number, (url, article) in enumerate(now.items(), start=1):
                total += spoken(article)
                payload = f"<p>{article.body_text}</p>".encode()
                ingest.add(Fetched(url, 200, (("Content-Type", "text/html"),), payload, at))
                if number % GROUP == 0:
                    ingest.commit()
            ingest.finish("finished", len(now), 0, at)
    archive.close()
    return total


def measured(articles: int, characters: int) -> tuple[float, int, list[tuple[str, int]]]:
    """Database ÷ texts, the bytes of the texts, and the bytes of each part of the database."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        total = fill(home, made(articles, characters))
        with closing(sqlite3.connect(home / "archive.db", isolation_level=None)) as conn:
            conn.execute("pragma wal_checkpoint(truncate)")
            parts = conn.execute(TABLES).fetchall()
        return (home / "archive.db").stat().st_size / total, total, parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=3_000)
    parser.add_argument("--characters", type=int, nargs="*", default=[1_500, 600])
    options = parser.parse_args()
    for characters in options.characters:
        ratio, total, parts = measured(options.articles, characters)
        print(f"{options.articles:,} articles of {characters:,} characters, one in {EDITED} edited twice: ", end="")
        print(f"database ÷ texts {ratio:.2f}")
        if characters == AT:
            print(f"goal ≤ {GOAL}: {'met' if ratio <= GOAL else 'MISSED'}")
        print("\n| part | x texts |\n|---|---|")
        small = [size for _, size in parts if size < LEAST * total]
        for name, size in [*parts[: len(parts) - len(small)], (f"{len(small)} smaller ones", sum(small))]:
            print(f"| {name} | {size / total:.3f} |")
        print()


if __name__ == "__main__":
    main()
