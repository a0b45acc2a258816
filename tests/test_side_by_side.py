"""A crawl, a reindex or a rebuild, and searches side by side, as real processes at 3,000 articles: all end well."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import Popen

import pytest
from support.attacks import copied
from support.journeys import Thinker

from archive import open_archive, read_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.fetched import Fetched
from archive.judging.reading.readings import PageReading
from archive.rows.connection import BUSY_SECONDS, connect
from archive.rules.identity import state_of
from archive.search import search
from archive.settings.source_record import SourceRecord
from newsroom.process import Site, running
from parsers import Article, Document

ARTICLES, MORE = 3_000, 150
ENOUGH = 300  # seconds for a command, on a busy machine
MORNING = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with thousands of articles, which the newsroom of the trial does not have."""
    home = tmp_path_factory.mktemp("full") / "home"
    with closing(open_archive(home)) as archive, CrawlIngest(archive, SourceRecord("newsroom"), Synthetic()) as ingest:
        ingest.begin_crawl(MORNING)
        for number in range(ARTICLES):
            ingest.add(_page(number))
            if number % 32 == 0:
                ingest.commit()
        ingest.finish("finished", ARTICLES, 0, MORNING)
    return home


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A newsroom that nobody has crawled."""
    with running(articles=MORE) as found:
        yield found


def _page(number: int) -> Fetched:
    url = f"http://bulk.invalid/{number}.html"
    return Fetched(url, 200, (("Content-Type", "text/plain"),), f"第{number}号报告谈发展".encode(), MORNING)


class Synthetic:
    """Reads pages that hold a headline and nothing else."""

    def read(self, page: Document) -> PageReading:
        headline = page.payload.decode()
        at = MORNING - timedelta(hours=len(headline) + int(page.url.rsplit("/", 1)[1].removesuffix(".html")))
        paragraphs = (f"{headline}，讨论长三角一体化的第一阶段。" * 6, "各方就此发表了意见。")
        return state_of(Article(headline, date_published=at, date_precision="minute", paragraphs=paragraphs), "1")

    def close(self) -> None:
        """Do nothing: the reader holds no resource."""


def _until_ended(home: Path, *processes: Popen[str]) -> int:
    """Search until the processes end, as a reader who never waits for a writer. Returns the number of answers."""
    answers = 0
    with closing(read_archive(home)) as archive:
        archive.conn.execute("pragma busy_timeout = 0")  # a locked database is an error at once
        while any(process.poll() is None for process in processes):
            assert search(archive.conn, "发展", limit=20)
            answers += 1
            time.sleep(0.05)
    return answers


def _ended(process: Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=ENOUGH)
    return process.returncode, out, err


def _complete(home: Path, articles: int) -> None:
    """Check that the index has one row for each article, and that the words of its headline find it."""
    with closing(open_archive(home)) as archive:
        counts = "select (select count(*) from articles), (select count(*) from article_words_docsize)"
        assert archive.conn.execute(counts).fetchone() == (articles, articles)
        known = archive.conn.execute("select key, headline from articles order by key").fetchall()
        for key, headline in known[:: max(1, articles // 300)]:
            assert key in {hit.key for hit in search(archive.conn, f'"{headline}"', limit=0)}, headline
        archive.conn.execute("insert into article_words (article_words) values ('integrity-check')")


def test_the_wait_for_the_database_is_limited_to_30_seconds():
    assert BUSY_SECONDS == 30


@pytest.mark.soak
@pytest.mark.slow
def test_a_crawl_and_a_reindex_go_on_side_by_side_and_searches_beside_them(tmp_path: Path, full: Path, site: Site):
    thinker = Thinker(copied(full, tmp_path / "home"), site)
    reindex, crawl = thinker.start("reindex"), thinker.start("crawl", "newsroom", "--json")
    answers = _until_ended(thinker.home, reindex, crawl)
    assert (_ended(reindex)[0], answers > 10) == (0, True)
    code, out, err = _ended(crawl)
    assert (code, [line for line in err.splitlines() if " INFO: crawl of newsroom ended (finished)" not in line]) == (
        0,
        [],
    )
    assert json.loads(out)["new_articles"] == MORE
    _complete(thinker.home, ARTICLES + MORE)
    thinker.run("verify", "--deep", seconds=ENOUGH)


@pytest.mark.soak
@pytest.mark.slow
def test_during_a_rebuild_searches_answer_and_writers_get_its_process_id(tmp_path: Path, full: Path, site: Site):
    """A rebuild makes the index anew, in a database of its own: a reindex of the one it replaces is for nothing."""
    thinker = Thinker(copied(full, tmp_path / "home"), site)
    rebuild = thinker.start("rebuild")
    _until_locked(thinker.home, rebuild)
    crawl, reindex = thinker.start("crawl", "newsroom"), thinker.start("reindex")
    assert _until_ended(thinker.home, rebuild, crawl, reindex)
    assert _ended(rebuild)[0] == 0
    for process, name in ((crawl, "newsroom"), (reindex, "reindex")):
        code, _, err = _ended(process)
        assert (code, f"{name} is in use by process {rebuild.pid}" in err) == (5, True)
    thinker.run("crawl", "newsroom")
    _complete(thinker.home, ARTICLES + MORE)


def _until_locked(home: Path, process: Popen[str]) -> None:
    while not (home / "archive.db.new").exists():
        assert process.poll() is None
        time.sleep(0.01)


def test_a_writer_that_finds_the_database_busy_waits(tmp_path: Path):
    """It waits as long as busy_timeout says, and gives up after that."""
    open_archive(tmp_path).close()
    with closing(connect(tmp_path / "archive.db")) as one, closing(connect(tmp_path / "archive.db")) as other:
        assert other.execute("pragma busy_timeout").fetchone() == (1000 * BUSY_SECONDS,)
        other.execute("pragma busy_timeout = 100")
        one.execute("begin immediate")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("begin immediate")
        one.execute("commit")
        other.execute("begin immediate")
        other.execute("commit")
