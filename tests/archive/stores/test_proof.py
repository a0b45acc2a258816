"""`verify --deep` proves every value of the database that the files can prove, and names every false one."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, Reads, fetched, page
from support.attacks import copied
from support.empty_database import open_database
from support.journeys import SOAK
from support.small_archive import EDITED, ENGLISH, GONE, TALK
from support.tables import every_row

import parsers
from archive import Archive, open_archive
from archive.decisions import Drift, SlotMissed
from archive.judging import Acting, correct, hide, merge
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.readings import PageReading, read_page
from archive.reparsing.applying import apply
from archive.reparsing.selecting import Selection
from archive.replaying.fixity import FixityFault, verify
from archive.replaying.proof import PROVED, differing_rows, faults_within, prove
from archive.replaying.rebuild import rebuild_database
from archive.rows.connection import connect
from archive.rules.identity import ArticleState, index_of, state_of
from archive.search.index import insert_into
from parsers import Document
from parsers.article import Media

DAY = timedelta(days=1)
PAGE = 2048  # bytes of a page of the database
FULL = replace(
    TALK, kicker="引题", standfirst="提要。", canonical_url="http://example.com/article/1.html",
    metadata=(("文号", "1"),), date_modified=datetime.fromisoformat("2024-04-15T05:01:00+08:00"),
    media=(*TALK.media, Media("http://e.x/a.pdf", "attachment")),
)  # fmt: skip
LATER = replace(FULL, headline=EDITED.headline, paragraphs=EDITED.paragraphs)
ARTICLES = {b"full": FULL, b"later": LATER, b"english": ENGLISH, b"gone": GONE}

INDEXED = {  # a row of each search index, and what it is made of
    "article_words": ("select search_id from articles where key = 'newsroom-1'", LATER),
    "revision_words": ("select state_id from state_texts order by state_id limit 1", FULL),
}

# Columns that say nothing of their own: numbers of rows that nothing refers to, their place in the index's order, and
# columns that are never filled. Everything else is proved.
UNPROVED = {
    ("articles", "search_id"), ("article_media", "capture_id"), ("events", "id"), ("probes", "id"),
    ("acts", "id"), ("corrections", "id"),
    ("article_words_docsize", "origin"), ("revision_words_docsize", "origin"),
}  # fmt: skip


def _read(page: Document) -> PageReading:
    """The article of ARTICLES that a page's first word names; any other page is read as it is, but for its speaker."""
    word = page.payload.split(b" ")[0]
    if word in ARTICLES:
        return state_of(ARTICLES[word], "1")
    found = read_page(page)
    return state_of(replace(found.article, speaker="张望"), "1") if isinstance(found, ArticleState) else found


def _crawl(archive: Archive, at: datetime, answers: dict[int, bytes | int]) -> None:
    with CrawlIngest(archive, SOURCE, Reads(_read), clock=lambda: at) as ingest:
        ingest.begin_crawl(at, due_at="2026-11-25T12:00:00Z" if at == NOON else None)
        robots = replace(fetched(0, b"User-agent: *", at), url="http://example.com/robots.txt", kind="robots")
        ingest.note_robots(str(ingest.add(robots).record_id), "rules")
        for number, answer in answers.items():
            ingest.add(fetched(number, answer, at, {"ETag": f'"{number}"', "Last-Modified": "Wed, 25 Nov 2026"}))
        ingest.stores.tell(SlotMissed(at="2026-11-20T12:00:00Z", source="newsroom", due_at="2026-11-20T12:00:00Z"))
        crawl = str(ingest.session.crawl)
        ingest.stores.tell(
            Drift(at="2026-11-25T12:00:00Z", source="newsroom", crawl=crawl, pages=9, other_layout=1, waiting=1)
        )
        ingest.finish("finished", len(answers), 0, at)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with at least one row in every table, in one file without free pages."""
    home = tmp_path_factory.mktemp("home") / "whole"
    archive = open_archive(home)
    _crawl(archive, NOON, {1: b"full", 2: b"english", 3: b"gone", 4: page(4), 5: b"nothing", 8: page(8)})
    _crawl(archive, NOON + DAY, {1: b"later", 2: 304, 3: 404, 4: page(4), 5: b"nothing"})
    _crawl(archive, NOON + 2 * DAY, {1: b"later", 2: 304, 3: 404, 4: page(4, headline="改过的题目谈发展")})
    _crawl(archive, NOON + 2 * DAY, {6: page(4)})
    merge(archive, "newsroom-4", "newsroom-6", Acting("ops", "same_work"), lambda: NOON + 2 * DAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsers, "PARSER_VERSION", f"{parsers.PARSER_VERSION}.1")
        apply(archive, Selection("newsroom"), "again", lambda: NOON + 3 * DAY)
    correct(
        archive, "newsroom-1", "source_line", ["江海日报"], Acting("ops", "misread", "见纸质版"), lambda: NOON + 4 * DAY
    )
    hide(archive, "newsroom-8", Acting("ops", "request"), lambda: NOON + 4 * DAY)
    archive.close()
    with closing(sqlite3.connect(home / "archive.db", isolation_level=None)) as conn:
        conn.execute("vacuum")
        conn.execute("pragma wal_checkpoint(truncate)")
    return home


def proof(home: Path, scratch: Path) -> tuple[FixityFault, ...]:
    """The faults that deep verification of a home reports."""
    scratch.mkdir()
    archive = open_archive(home, caught_up=False)
    try:
        return verify(archive).faults + prove(archive, scratch)
    finally:
        archive.close()


# -- rows -------------------------------------------------------------------------------------------------------------


def _tables() -> dict[str, str]:
    """Each proved name with the table that its rows are of."""
    return {name: f"{name}_docsize" if name.endswith("_words") else name for name in PROVED}


def _changes() -> Iterator[tuple[str, str, str, str]]:
    """Each change of a row: how, the proved name, the table, and the column."""
    with closing(open_database()) as conn:
        for name, table in _tables().items():
            for row in conn.execute(f"pragma table_info({table})"):
                if (table, row[1]) not in UNPROVED:
                    yield "update", name, table, row[1]
            for change in ("delete", "insert"):
                yield change, name, table, ""


CHANGES = list(_changes())
READ_BY_PROOF = {"applied", "warc_records", "warc_ranges", "corrections"}  # tables by which it reads the files


def _other(column: str) -> str:
    return f"""case typeof({column}) when 'integer' then {column} + 1000 when 'blob' then x'00'
                    when 'null' then 'x' else {column} || 'x' end"""


def _key(conn: sqlite3.Connection, table: str) -> list[str]:
    rows = conn.execute(f"pragma table_info({table})").fetchall()
    return [row[1] for row in sorted(rows, key=lambda row: row[5]) if row[5]]


def _tampered(conn: sqlite3.Connection, change: str, table: str, column: str) -> None:
    """Change the last row of a table, as anybody with a SQLite shell can."""
    key = _key(conn, table)
    names = ", ".join(key)
    last = f"({names}) = (select {names} from {table} order by {names} desc limit 1)"
    if change == "update":
        conn.execute(f"update {table} set {column} = {_other(column)} where {last}")
    elif change == "delete":
        conn.execute(f"delete from {table} where {last}")
    else:
        _insert_another(conn, table, key, last)
    assert conn.execute("select changes()").fetchone() == (1,)


def _insert_another(conn: sqlite3.Connection, table: str, key: list[str], last: str) -> None:
    """Insert the last row once more, under another key and with other values where they must be unique."""
    unique = {key[-1]}
    for _, index, is_unique, *_ in conn.execute(f"pragma index_list({table})").fetchall():
        if is_unique:
            unique |= {row[2] for row in conn.execute(f"pragma index_info({index})")}
    columns = [row[1] for row in conn.execute(f"pragma table_info({table})")]
    values = ", ".join(_other(column) if column in unique else column for column in columns)
    conn.execute(f"insert into {table} select {values} from {table} where {last}")


def _named(faults: tuple[FixityFault, ...], name: str) -> list[str]:
    """The faults in rows of a table, or of all tables if the name is empty."""
    said = [fault.detail for fault in faults if (fault.file, fault.kind) == ("archive.db", "row")]
    return [detail for detail in said if not name or detail.startswith(f"{name} ")]


def test_an_untouched_archive_is_proved_without_faults(tmp_path: Path, whole: Path):
    assert proof(whole, tmp_path / "scratch") == ()
    with closing(sqlite3.connect(whole / "archive.db")) as conn:
        counts = {name: len(conn.execute(sql).fetchall()) for name, sql in PROVED.items()}
    assert {name for name, count in counts.items() if not count} == set()


Sides = tuple[sqlite3.Connection, sqlite3.Connection]


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory, whole: Path) -> Iterator[Sides]:
    """A database to tamper with, and one as the files bear it out."""
    folder = tmp_path_factory.mktemp("sides")
    one, other = (copied(whole, folder / name) / "archive.db" for name in ("stored", "fresh"))
    with closing(connect(one)) as stored, closing(connect(other)) as fresh:
        stored.execute("pragma foreign_keys = off")
        stored.execute("pragma ignore_check_constraints = on")
        yield stored, fresh


@pytest.mark.slow
@every_row(("change", "name", "table", "column"), CHANGES)
def test_a_changed_value_and_a_row_too_few_or_too_many_are_found_and_their_table_named(
    sides: Sides, change: str, name: str, table: str, column: str
):
    """As an untouched archive is proved without faults, its own rows stand for those of the replay."""
    for conn in sides:
        conn.execute("begin")
    try:
        _tampered(sides[0], change, table, column)
        faults = (*faults_within(sides[0]), *differing_rows(*sides))
    finally:
        for conn in sides:
            conn.execute("rollback")
    assert _named(faults, _expected(change, name, column)), faults


def _expected(change: str, name: str, column: str) -> str:
    """The table that is named; any, if what referred to the row, or came from the file, may be named instead."""
    return "" if column in ("id", "number") or (name, change) == ("applied", "delete") else name


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize(
    ("change", "name", "table", "column"), [each for each in CHANGES if SOAK or each[1] in READ_BY_PROOF]
)
def test_deep_verification_finds_the_change(
    tmp_path: Path, whole: Path, change: str, name: str, table: str, column: str
):
    home = copied(whole, tmp_path / "home")
    with closing(sqlite3.connect(home / "archive.db", isolation_level=None)) as conn:
        conn.execute("pragma foreign_keys = off")
        conn.execute("pragma ignore_check_constraints = on")
        _tampered(conn, change, table, column)
    faults = proof(home, tmp_path / "scratch")
    assert _named(faults, _expected(change, name, column)), faults


@pytest.mark.parametrize("table", ["article_words", "revision_words"])
def test_a_word_exchanged_in_a_search_index_is_found(tmp_path: Path, whole: Path, table: str):
    home = copied(whole, tmp_path / "home")
    place, said = INDEXED[table]
    with closing(sqlite3.connect(home / "archive.db", isolation_level=None)) as conn:
        (row,) = conn.execute(place).fetchone()
        conn.execute(f"delete from {table} where rowid = ?", (row,))
        conn.execute(insert_into(table), (row, *index_of(replace(said, speaker="林知道"))))
    assert _named(proof(home, tmp_path / "scratch"), table)


# -- files ------------------------------------------------------------------------------------------------------------


def test_an_old_database_beside_the_wal_of_a_newer_one_is_found_out(tmp_path: Path):
    home = tmp_path / "home"
    archive = open_archive(home)
    _crawl(archive, NOON, {number: page(number) for number in range(20)})
    archive.close()
    shutil.copy(home / "archive.db", tmp_path / "old.db")
    archive = open_archive(home)
    _crawl(archive, NOON + DAY, {number: page(number) for number in range(60)})
    archive.conn.execute("pragma wal_checkpoint(truncate)")
    _crawl(archive, NOON + 2 * DAY, {number: page(number, headline="改过的题目谈发展") for number in range(60)})
    shutil.copy(home / "archive.db-wal", tmp_path / "new-wal")
    archive.close()
    shutil.copy(tmp_path / "old.db", home / "archive.db")
    shutil.copy(tmp_path / "new-wal", home / "archive.db-wal")
    assert _found_out(home, tmp_path / "scratch")
    rebuild_database(home, NOON + 3 * DAY)
    assert proof(home, tmp_path / "again") == ()


def _found_out(home: Path, scratch: Path) -> bool:
    """Deep verification has a fault of the database, or SQLite itself does not open it."""
    try:
        return any(fault.file == "archive.db" for fault in proof(home, scratch))
    except sqlite3.DatabaseError as error:
        return "malformed" in str(error) or "not a database" in str(error)


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("seed", range(24 if SOAK else 8))
def test_a_random_page_overwritten_is_found(tmp_path: Path, whole: Path, seed: int):
    home = copied(whole, tmp_path / "home")
    chance = random.Random(seed)
    path = home / "archive.db"
    pages = path.stat().st_size // PAGE
    with path.open("r+b") as file:
        file.seek(PAGE * (seed if seed < 2 else chance.randrange(pages)))
        file.write(chance.randbytes(PAGE) if seed % 2 else bytes(PAGE))
    assert _found_out(home, tmp_path / "scratch")
    rebuild_database(home, NOON + 3 * DAY)
    assert proof(home, tmp_path / "again") == ()
