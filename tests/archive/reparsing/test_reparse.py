"""A better parser over stored captures: its new readings are shown, are no edits, and can be taken back."""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, Reads, dump, fetched, page, rows, steps_of
from support.attacks import claims
from support.journeys import SOAK, Thinker, asked
from support.parser_versions import at_hand

import parsers
from archive import Archive, open_archive
from archive.answers.articles import Unknown, diff, history, show
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.readings import PageReading, read_page
from archive.reparsing.applying import apply, propose, undo
from archive.reparsing.selecting import Selection
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.rules.identity import ArticleState, state_of
from parsers import Document

pytestmark = pytest.mark.soak

DAY = timedelta(days=1)
ARTICLES, EDITS = (1_000, 20) if SOAK else (34, 4)  # more than a group of 32
WORKERS = "2" if SOAK else "1"  # of a run that is killed: each is an interpreter that starts
ASKED = Selection("newsroom")


def earlier(page: Document) -> PageReading:
    """The parser of that time: it knows no keywords, loses the last paragraph, and cannot read every ninth page."""
    found = read_page(page)
    if not isinstance(found, ArticleState):
        return found
    article = replace(found.article, keywords=(), paragraphs=found.article.paragraphs[:-1])
    return state_of(article, parsers.PARSER_VERSION)


def told(number: int, *more: str, note: str = "") -> bytes:
    """A page with keywords."""
    raw = page(number, paragraphs=(*PARAGRAPHS, f"第{number}篇的最后一段话，以前的解析器读不到。", *more), note=note)
    return raw.replace(b"</head>", '<meta name="keywords" content="长三角,一体化"></head>'.encode())


@contextmanager
def by(version: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every reading in this block count as one by the parser of that version."""
    with monkeypatch.context() as patched:
        patched.setattr(parsers, "PARSER_VERSION", version)
        yield


def crawled(archive: Archive, at: datetime, pages: dict[int, bytes], reads: Reads | None = None) -> int:
    """Crawl these pages. Returns the number of revisions it found."""
    with closing(_Crawl(archive, at, reads)) as crawl:
        return crawl.over(pages)


class _Crawl:
    def __init__(self, archive: Archive, at: datetime, reads: Reads | None) -> None:
        self._at = at
        self._ingest = CrawlIngest(archive, SOURCE, reads, clock=lambda: at).__enter__()

    def over(self, pages: dict[int, bytes]) -> int:
        self._ingest.begin_crawl(self._at)
        for turn, (number, payload) in enumerate(pages.items()):
            self._ingest.add(fetched(number, payload, self._at))
            if turn % 32 == 31:
                self._ingest.commit()
        return self._ingest.finish("finished", len(pages), 0, self._at).new_revisions

    def close(self) -> None:
        self._ingest.__exit__(None, None, None)


@pytest.fixture(scope="module")
def read_by_the_earlier_one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two crawls: every article twice in other bytes, a few of them edited in between."""
    home = tmp_path_factory.mktemp("earlier") / "home"
    with pytest.MonkeyPatch.context() as monkeypatch, by("1", monkeypatch):
        archive = open_archive(home)
        crawled(archive, NOON, {number: told(number) for number in range(ARTICLES)}, Reads(earlier))
        edited = {
            number: ("多了一段，这是编辑所为。", "又一段。") if number < EDITS else () for number in range(ARTICLES)
        }
        pages = {number: told(number, *more, note="x") for number, more in edited.items()}
        assert crawled(archive, NOON + DAY, pages, Reads(earlier)) == EDITS
        archive.close()
    return home


@pytest.fixture
def home(tmp_path: Path, read_by_the_earlier_one: Path) -> Path:
    return Path(shutil.copytree(read_by_the_earlier_one, tmp_path / "home"))


KINDS = "select kind, count(*) from events where kind in ('new', 'edited', 'reparsed') group by 1 order by 1"
TEXTS = "select key, headline, body_text, content_digest, revisions from articles order by key"


def test_a_proposed_reparse_counts_changes_by_property_and_changes_no_row(home: Path):
    archive = open_archive(home)
    before = dump(archive)
    report = propose(archive, ASKED, readers=at_hand())
    assert (report.captures, report.other, report.same) == (2 * ARTICLES, 2 * ARTICLES, 0)
    assert {name: learned.count for name, learned in report.properties.items()} == {
        "body_text": 2 * ARTICLES,
        "keywords": 2 * ARTICLES,
    }
    first = report.properties["keywords"].examples[0]
    assert (first.before, first.after) == (None, "长三角 一体化")
    assert dump(archive) == before
    archive.close()


def test_a_reparse_keeps_edits_and_is_undone_without_a_trace_in_the_rows(home: Path, tmp_path: Path):
    archive = open_archive(home)
    before, texts = dump(archive), rows(archive, TEXTS)
    assert rows(archive, KINDS) == [("edited", EDITS), ("new", ARTICLES)]
    report = apply(archive, ASKED, "reparse-1", lambda: NOON + 2 * DAY, readers=at_hand())
    assert report.other == 2 * ARTICLES
    assert rows(archive, KINDS) == [("edited", EDITS), ("new", ARTICLES), ("reparsed", ARTICLES + EDITS)]
    assert rows(archive, "select sum(revisions) from articles") == [(ARTICLES + EDITS,)]
    assert rows(archive, "select count(*) from articles where body_text like '%最后一段话%'") == [(ARTICLES,)]
    assert prove(archive, tmp_path) == ()
    again = apply(archive, ASKED, "reparse-2", lambda: NOON + 3 * DAY, readers=at_hand())
    assert (again.captures, again.other) == (0, 0), "every capture has been read by this parser"
    assert undo(archive, "reparse-1", lambda: NOON + 4 * DAY) == ["newsroom"]
    assert rows(archive, TEXTS) == texts
    assert _but_for_the_files(dump(archive)) == _but_for_the_files(before)
    with pytest.raises(Unknown, match="reparse-2"):
        undo(archive, "reparse-1", lambda: NOON + 5 * DAY)
    archive.close()
    known = claims(home)
    rebuild_database(home, NOON + 6 * DAY)
    assert claims(home) == known


def _but_for_the_files(dumped: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    return {name: found for name, found in dumped.items() if name not in ("warc_records", "warc_ranges", "applied")}


def test_versions_keep_their_permalinks_and_are_compared_as_one_parser_reads_them(home: Path):
    archive = open_archive(home)
    key = rows(archive, "select key from articles where revisions = 2 limit 1")[0][0]
    old = [row["content_digest"] for row in history(archive.conn, key)]
    apply(archive, ASKED, "reparse-1", lambda: NOON + 2 * DAY, readers=at_hand())
    now = history(archive.conn, key)
    assert [(row["number"], row["origin"], row["parser_version"]) for row in now] == [
        (1, "site", "1"),
        (None, "reparse", parsers.PARSER_VERSION),
        (2, "site", "1"),
        (None, "reparse", parsers.PARSER_VERSION),
    ]
    assert [row["content_digest"] for row in now if row["number"]] == old
    assert show(archive.conn, key)["keywords"] == ["长三角", "一体化"]
    (changed,) = diff(archive.conn, key, "1..2")["properties"]
    inserted = [each["text"] for each in changed["segments"] if each["op"] != "equal"]
    assert (changed["property"], inserted) == ("body_text", ["\n多了一段，这是编辑所为。\n又一段。"])
    archive.close()


def test_a_crawl_by_a_better_parser_finds_no_edit_but_those_of_the_site(home: Path):
    """Nobody has called `reparse`: other bytes come, and the earlier ones are read again."""
    archive = open_archive(home)
    pages = {
        number: told(number, *(("多了一段，这是编辑所为。", "又一段。") if number < EDITS else ()), note="y")
        for number in range(30)
    }
    pages[29] = told(29, "这一篇真的改了，增加了一段说明。", note="y")
    assert crawled(archive, NOON + 2 * DAY, pages) == 1
    assert rows(archive, KINDS)[0] == ("edited", EDITS + 1)
    archive.close()


@pytest.mark.slow
def test_four_parser_processes_give_the_same_archive_as_one(home: Path, tmp_path: Path):
    other = Path(shutil.copytree(home, tmp_path / "other"))
    for place, workers in ((home, 1), (other, 4)):
        with closing(open_archive(place)) as archive:
            apply(archive, replace(ASKED, workers=workers), "reparse-1", lambda: NOON + 2 * DAY)
    assert decided(home) == decided(other)


def decided(home: Path) -> list[tuple[object, ...]]:
    """All that a reparse decides, without the ids of the records that keep it."""
    with closing(open_archive(home)) as archive:
        return rows(
            archive,
            """
            select a.key, r.position, r.number, r.captured_at, s.content_digest, r.origin, r.parser_version
              from revision_records r join articles a on a.id = r.article_id join states s on s.id = r.state_id
             order by 1, 2
            """,
        ) + rows(archive, TEXTS)


@pytest.mark.slow
def test_a_run_that_is_killed_goes_on_and_gives_the_same(home: Path, tmp_path: Path):
    whole = Path(shutil.copytree(home, tmp_path / "whole"))
    began = time.monotonic()
    Thinker(whole).json("reparse", "--apply", "--workers", WORKERS)
    chance, kills, took = random.Random(3), 0, time.monotonic() - began
    for _ in range(40 if SOAK else 4):
        process = Thinker(home).start("reparse", "--apply", "--workers", WORKERS)
        try:
            process.wait(timeout=took * chance.uniform(0.1, 0.9))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            kills += 1
        process.communicate()
        time.sleep(0.05)
    last = Thinker(home).json("reparse", "--apply")
    assert kills
    assert last[0]["other"] <= 2 * ARTICLES
    assert decided(home) == decided(whole)
    with closing(open_archive(home)) as archive:
        assert prove(archive, tmp_path) == ()


def test_a_page_that_a_reparse_can_read_is_an_article_until_the_reparse_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def cannot(page: Document) -> PageReading:
        return read_page(replace(page, payload=b"<p>")) if "/7." in page.url else read_page(page)

    archive = open_archive(tmp_path / "home")
    with by("1", monkeypatch):
        crawled(archive, NOON, {number: told(number) for number in (6, 7)}, Reads(cannot))
    before = dump(archive)
    report = apply(archive, ASKED, "reparse-1", lambda: NOON + DAY, readers=at_hand())
    assert (report.found, report.same) == (1, 1)
    assert rows(archive, "select count(*) from articles") == [(2,)]
    assert rows(archive, "select kind, detail ->> 'origin' from events where kind = 'new' order by id") == [
        ("new", "site"),
        ("new", "reparse"),
    ]
    assert prove(archive, tmp_path) == ()
    undo(archive, "reparse-1", lambda: NOON + 2 * DAY)
    assert _but_for_the_files(dump(archive)) == _but_for_the_files(before)
    assert prove(archive, tmp_path) == ()
    archive.close()


def test_a_proposed_reparse_counts_a_damaged_capture_and_keeps_the_texts(home: Path, monkeypatch: pytest.MonkeyPatch):
    archive = open_archive(home)
    texts = rows(archive, TEXTS)
    damaged = rows(archive, "select warc_file, warc_offset from captures order by id limit 1")[0]
    path = archive.home.captures / str(damaged[0])
    raw = bytearray(path.read_bytes())
    raw[int(str(damaged[1])) + 40] ^= 255
    path.write_bytes(raw)
    report = propose(archive, ASKED, readers=at_hand())
    assert report.damaged == 1
    assert rows(archive, TEXTS) == texts
    archive.close()


@pytest.mark.slow
def test_the_reparse_command_prints_its_plan_its_result_and_its_errors(home: Path):
    code, out, err = asked(home, "reparse", "--workers", "1")
    assert code == 0
    assert f"newsroom: {2 * ARTICLES} captures read by parser {parsers.PARSER_VERSION}: {2 * ARTICLES} changed" in out
    assert "nothing was stored; use --apply to store it" in err
    code, out, _ = asked(home, "reparse", "newsroom", "--apply")
    assert code == 0
    name = out.rpartition("--undo ")[2].split("`")[0]
    assert asked(home, "reparse", "--undo", name) == (0, f"undid {name} in newsroom\n", "")
    code, _, err = asked(home, "reparse", "--undo", name)
    assert (code, err.count("\n")) == (2, 1)
    assert "no reparse" in err
    code, _, err = asked(home, "reparse", "nobody")
    assert code == 2
    assert "no captures of nobody" in err


@pytest.mark.slow
def test_reading_a_long_history_again_takes_as_long_for_each_capture_as_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A page that comes in other bytes every day, for years."""
    steps = {}
    for days in (20, 80):
        archive = open_archive(tmp_path / str(days))
        with (
            by("1", monkeypatch),
            CrawlIngest(archive, SOURCE, Reads(earlier), clock=lambda: NOON + 999 * DAY) as ingest,
        ):
            ingest.begin_crawl(NOON)
            for day in range(days):
                ingest.add(fetched(1, told(1, note=str(day)), NOON + day * DAY))
            ingest.finish("finished", days, 0, NOON + days * DAY)
        again = partial(apply, archive, ASKED, "r", lambda: NOON + 999 * DAY, readers=at_hand())
        steps[days] = steps_of(archive.conn, again)
        assert prove(archive, archive.home.exports) == ()
        archive.close()
    assert steps[80] / 80 < 1.5 * steps[20] / 20
