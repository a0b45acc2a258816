"""Search among 100,000 articles: the newest 20 for one to six characters, beside a LIKE count of the same database.

"Frequent" are the forty commonest strings of a length in a sample of the articles, "rare" are forty that the sample
holds once. Every query is asked of the index, of `search` (which adds titles and snippets) and of LIKE, which also
shows whether the number of hits is exact.

    python bench/search.py --articles 100000
"""

import argparse
import random
import re
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database
from texts import Texts

from archive.migrations import migrate
from archive.search import index_row, insert_into, match_query, merge, search, search_id

GOAL = 200
FULL = 100_000
GROUP = 500
LENGTHS = range(1, 7)
QUERIES = 40
SAMPLE = 3_000
START = datetime(2016, 1, 1, tzinfo=UTC)
RUNS = re.compile("[\u4e00-\u9fff]+")
NEWEST = "select rowid from article_words where article_words match ? order by rowid desc limit 20"
LIKE = "select count(*) from articles where body_text like ?"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: milliseconds a query, and the number of queries with as many hits as LIKE."""

    name: str
    hits: int
    index: list[float]
    whole: list[float]
    like: list[float]
    exact: int

    @property
    def ratio(self) -> float:
        return _percentile(self.like, 50) / _percentile(self.whole, 95)

    def __str__(self) -> str:
        timed = " | ".join(
            f"{_percentile(times, 50):.2f}/{_percentile(times, 95):.2f}"
            for times in (self.index, self.whole, self.like)
        )
        return f"| {self.name} | {self.hits:,} | {timed} | {self.ratio:,.0f} | {self.exact}/{len(self.like)} |"


def build(conn: sqlite3.Connection, count: int, characters: int) -> tuple[list[str], int]:
    """Fill the archive's own schema, and merge as at a crawl's end; a sample of bodies, the UTF-8 bytes of all."""
    conn.execute("insert into sources (name) values ('bench')")
    clock = random.Random(2)
    moments = sorted(START + timedelta(minutes=clock.randrange(10 * 365 * 1440)) for _ in range(count))
    sample: list[str] = []
    size = 0
    group: list[tuple[int | str, ...]] = []
    for number, (moment, (_, body)) in enumerate(zip(moments, Texts().articles(count, characters), strict=True)):
        utc = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        place = search_id(conn, utc)
        _add_article(conn, number, place, utc, body)
        group.append((place, *index_row({"headline": f"n{number}", "body_text": body})))
        size += len(body.encode())
        if number % max(1, count // SAMPLE) == 0:
            sample.append(body)
        if len(group) == GROUP or number == count - 1:
            conn.executemany(insert_into("article_words"), group)
            conn.commit()
            group.clear()
    merge(conn)
    conn.commit()
    return sample, size


def _add_article(conn: sqlite3.Connection, number: int, place: int, utc: str, body: str) -> None:
    conn.execute(
        """
        insert into articles (key, search_id, source, url, headline, date_published, date_published_utc, characters,
                              first_seen_at, last_seen_at, shown_at, revisions, content_digest, details, body_text)
        values (:key, :place, 'bench', :url, :headline, :utc, :utc, :characters, :utc, :utc, :utc, 1, '', '{}', :body)
        """,
        {
            "key": f"bench-{number}",
            "place": place,
            "url": f"http://bench.invalid/{number}",
            "headline": f"n{number}",
            "utc": utc,
            "characters": len(body),
            "body": body,
        },
    )


def queries(sample: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield forty frequent and forty rare strings of each length, and some that mix Han with numbers and Latin."""
    for length in LENGTHS:
        counted: Counter[str] = Counter()
        for body in sample:
            found = (run[at : at + length] for run in RUNS.findall(body) for at in range(len(run) - length + 1))
            counted.update(set(found))
        once = sorted(string for string, times in counted.items() if times == 1)
        fewest = once or [string for string, _ in counted.most_common()[-QUERIES:]]
        yield f"{length} frequent", [string for string, _ in counted.most_common(QUERIES)]
        yield f"{length} rare", random.Random(3).sample(fewest, min(QUERIES, len(fewest)))
    mixed: Counter[str] = Counter()
    for body in sample:
        mixed.update(set(re.findall("[\u4e00-\u9fff](?:2024|5G|GDP)[\u4e00-\u9fff]", body)))
    yield "mixed, like 在5G网", [string for string, _ in mixed.most_common(QUERIES)]


def measured(conn: sqlite3.Connection, name: str, strings: list[str]) -> Row:
    times: tuple[list[float], list[float], list[float]] = ([], [], [])
    counts: list[int] = []
    exact = 0
    for string in strings:
        match = match_query(string)
        times[0].append(_best(lambda match=match: conn.execute(NEWEST, (match,)).fetchall()))
        times[1].append(_best(lambda string=string: search(conn, string)))
        began = time.perf_counter()
        (like,) = conn.execute(LIKE, (f"%{string}%",)).fetchone()
        times[2].append((time.perf_counter() - began) * 1000)
        (found,) = conn.execute("select count(*) from article_words where article_words match ?", (match,)).fetchone()
        exact += like == found
        counts.append(found)
    return Row(name, sorted(counts)[len(counts) // 2], *times, exact)


def _best(ask: Callable[[], object]) -> float:
    """Milliseconds of the better of two tries."""
    tries = []
    for _ in range(2):
        began = time.perf_counter()
        ask()
        tries.append((time.perf_counter() - began) * 1000)
    return min(tries)


def _percentile(times: list[float], percent: int) -> float:
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=FULL)
    parser.add_argument("--characters", type=int, default=600)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        database = Database(path)
        migrate(database)
        conn = database.conn
        began = time.perf_counter()
        sample, size = build(conn, options.articles, options.characters)
        seconds = time.perf_counter() - began
        print(f"{options.articles:,} articles of {options.characters:,} characters, built in {seconds:,.0f} s;")
        print(f"the database has {path.stat().st_size / size:.2f} x the bytes of its texts\n")
        print("p50/p95, milliseconds; the ratio is p50 of the LIKE count to p95 of search\n")
        print("| characters | hits | newest 20 | search, 20 hits | LIKE count | ratio | exact |")
        print("|---|---|---|---|---|---|---|")
        rows = [measured(conn, name, strings) for name, strings in queries(sample) if strings]
        for row in rows:
            print(row)
        database.close()
    exact = all(row.exact == len(row.like) for row in rows)
    least = min(row.ratio for row in rows)
    print(f"\ngoal: every count exact: {'met' if exact else 'MISSED'}")
    if options.articles >= FULL:  # the ratio grows with the archive
        print(f"goal: ratio ≥ {GOAL}: {'met' if least >= GOAL else 'MISSED'} ({least:,.0f})")
    return 0 if exact else 1


if __name__ == "__main__":
    sys.exit(main())
