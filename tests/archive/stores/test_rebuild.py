"""Delete the database: captures and ledger give the same archive. Cut a file anywhere: nothing acknowledged is lost."""

import random
import shutil
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastReader
from fastwarc.warc import WarcRecordType
from support.archiving import NOON, SOURCE, crawl, dump, fetched, page
from support.busy_archive import DAY, busy_archive
from warcio.archiveiterator import ArchiveIterator as WarcioReader
from warcio.checker import Checker

from archive import open_archive
from archive.files.ledger import heads
from archive.judging.crawl_ingest import CrawlIngest
from archive.replaying.fixity import verify
from archive.replaying.rebuild import rebuild_database


def test_a_rebuild_gives_the_same_archive(tmp_path: Path):
    archive = busy_archive(tmp_path)
    before, chain = dump(archive), heads(archive.conn)
    archive.close()
    for name in ("archive.db", "archive.db-wal", "archive.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    rebuild_database(tmp_path, NOON)
    again = open_archive(tmp_path)
    assert dump(again) == before
    assert heads(again.conn) == chain
    assert again.conn.execute("select count(*) from frontier").fetchone() == (7,)
    assert verify(again).ok
    again.close()


def test_the_captures_are_ordinary_warc_files(tmp_path: Path):
    busy_archive(tmp_path).close()
    kinds = {path.name.split("-2026")[0]: _kinds(path) for path in (tmp_path / "captures").iterdir()}
    assert kinds == {
        "newsroom": {"warcinfo", "response", "revisit", "metadata"},
        "newsroom-derived": {"warcinfo", "conversion", "metadata"},
    }


def _kinds(path: Path) -> set[str]:
    """The types of a file's records, which two other readers find whole."""
    with path.open("rb") as file:
        by_warcio = [record.rec_type for record in WarcioReader(file)]
    with path.open("rb") as file:
        records = FastReader(file, record_types=WarcRecordType.any_type, parse_http=False)
        by_fastwarc = [(record.headers["WARC-Type"], record.verify_block_digest()) for record in records]
    assert by_fastwarc == [(name, True) for name in by_warcio]
    checker = Checker(type("Options", (), {"inputs": [str(path)], "verbose": False})())
    checker.process_all()
    assert checker.exit_value == 0
    return set(by_warcio)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_a_file_cut_anywhere_behind_the_last_commit_is_caught_up(tmp_path: Path, seed: int):
    """A crash leaves a WARC file and a ledger that are longer than the database knows, or torn."""
    archive = open_archive(tmp_path / "home")
    crawl(archive, NOON, {number: page(number) for number in range(3)})
    archive.close()
    shutil.copytree(tmp_path / "home", tmp_path / "behind")
    archive = open_archive(tmp_path / "home")
    crawl(archive, NOON + DAY, {number: page(number, headline="改过的题目谈发展") for number in range(6)})
    archive.close()

    chance = random.Random(seed)
    behind = tmp_path / "behind"
    (warc,) = (tmp_path / "home" / "captures").glob("newsroom-2*")
    known = (behind / "captures" / warc.name).stat().st_size
    whole = warc.read_bytes()
    (behind / "captures" / warc.name).write_bytes(whole[: chance.randint(known, len(whole))])

    recovered = open_archive(behind)
    report = verify(recovered)
    assert report.ok, report.faults
    crawl(recovered, NOON + DAY, {number: page(number, headline="改过的题目谈发展") for number in range(6)})
    states = "select key, headline, revisions, content_digest from articles order by key"
    unharmed = open_archive(tmp_path / "home")
    assert recovered.conn.execute(states).fetchall() == unharmed.conn.execute(states).fetchall()
    assert verify(recovered).ok
    recovered.close()
    unharmed.close()


def test_a_group_that_was_not_committed_is_interpreted_at_the_next_start(tmp_path: Path):
    archive = open_archive(tmp_path)
    crawl(archive, NOON, {1: page(1)})
    ingest = CrawlIngest(archive, SOURCE).__enter__()
    ingest.begin_crawl(NOON + DAY)
    ingest.add(fetched(2, page(2), NOON + DAY))
    ingest.stores.close()  # as a killed process would: no commit
    ingest._held.close()
    assert archive.conn.execute("select count(*) from articles").fetchone() == (1,)
    with CrawlIngest(archive, SOURCE):
        pass
    assert archive.conn.execute("select count(*), count(distinct key) from articles").fetchone() == (2, 2)
    archive.close()


def test_every_flipped_byte_is_found(tmp_path: Path):
    busy_archive(tmp_path).close()
    for path in (tmp_path / "captures").iterdir():
        _flip_often(tmp_path, path)


def _flip_often(home: Path, path: Path) -> None:
    whole = path.read_bytes()
    chance = random.Random(1)
    for at in [0, 3, 9, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(20))]:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        archive = open_archive(home, caught_up=False)
        (fault,) = verify(archive).faults
        archive.close()
        assert (fault.file, fault.kind) == (path.name, "altered")
        assert fault.offset <= at
    path.write_bytes(whole)


def test_a_changed_ledger_line_breaks_its_chain(tmp_path: Path):
    busy_archive(tmp_path).close()
    path = tmp_path / "ledger" / "newsroom.jsonl"
    path.write_text(path.read_text().replace('"kind":"removed"', '"kind":"restored"'))
    archive = open_archive(tmp_path, caught_up=False)
    altered, behind = verify(archive).faults
    assert (altered.file, altered.kind, altered.detail) == ("newsroom.jsonl", "chain", "the line was altered")
    assert (behind.file, behind.kind) == ("newsroom.jsonl", "behind")  # the other word is longer: the end has moved
    archive.close()
