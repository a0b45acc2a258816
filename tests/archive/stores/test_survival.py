"""One flipped byte, or a lost file, and no database: everything left is rebuilt, and everything lost is named."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, crawl, fetched, page, rows, url
from support.attacks import CAPTURES, DERIVED, copied, file_of, places
from support.journeys import SOAK
from typer.testing import CliRunner

from archive import open_archive
from archive.files.warc import WarcError, digest, http_block, read_records, seal
from archive.judging.crawl_ingest import CrawlIngest
from archive.replaying import Replayed
from archive.replaying.fixity import verify
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.replaying.torn import resumed
from archive.rows.behind import Behind
from thinker import app

DAY = timedelta(days=1)
LATER = NOON + 3 * DAY
STATES = """
    select a.key, r.content_digest, r.captured_at, r.headline, r.body_text
      from revisions r join articles a on a.id = r.article_id
    """
ADDITION = "补充一段说明，供读者参考。"

State = tuple[object, ...]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days of a site in which articles were edited, vanished, and came again as other or the same bytes."""
    home = tmp_path_factory.mktemp("homes") / "whole"
    archive = open_archive(home)
    crawl(archive, NOON, {number: page(number) for number in range(12)})
    pages = {number: page(number) for number in range(5, 14)}
    edited = page(1, paragraphs=(*PARAGRAPHS, ADDITION))
    crawl(archive, NOON + DAY, {0: 304, 1: edited, 2: 404, 3: page(3, note="x"), 4: b"nothing", **pages})
    edited = page(1, paragraphs=PARAGRAPHS[:2])
    renamed = {number: page(number, headline=f"改过的题目{number}谈发展") for number in range(5, 9)}
    crawl(archive, NOON + 2 * DAY, {0: page(0), 1: edited, 2: 404, **renamed})
    archive.close()
    return home


@pytest.fixture(scope="module")
def said(whole: Path) -> frozenset[State]:
    """Every text that was seen, under its key."""
    return _states(whole)


def _states(home: Path) -> frozenset[State]:
    archive = open_archive(home)
    found = frozenset(rows(archive, STATES))
    archive.close()
    return found


def _without_database(whole: Path, folder: Path) -> Path:
    home = copied(whole, folder / "home")
    for path in home.glob("archive.db*"):
        path.unlink()
    return home


def _flip(home: Path, seed: int) -> Path:
    """Flip one bit in one of the files of captures; the file."""
    chance = random.Random(seed)
    path = chance.choice([file_of(home, CAPTURES), file_of(home, DERIVED)])
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    return path


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("seed", range(50 if SOAK else 20))
def test_after_a_flipped_byte_the_rest_is_rebuilt_and_the_loss_is_named(
    tmp_path: Path, whole: Path, said: frozenset[State], seed: int
):
    home = _without_database(whole, tmp_path)
    path = _flip(home, seed)
    records = len(places(file_of(whole, CAPTURES))) + len(places(file_of(whole, DERIVED)))
    replayed = rebuild_database(home, LATER)
    assert records - 1 <= replayed.records <= records
    assert any(lost.startswith(f"{path.name} at ") for lost in replayed.lost)
    assert replayed.unable == ()
    lost = _nothing_false(home, said, replayed)
    assert len(lost) <= 3, "one record is hurt: what it shows, and what was only seen as an edit of that"


def _nothing_false(home: Path, said: frozenset[State], replayed: Replayed) -> frozenset[State]:
    """Every text is one that was seen, under its key; those that are not there, each of an article that is named."""
    found = _states(home)
    assert found <= said
    assert {key for key, *_ in said - found} <= set(replayed.skipped)
    return said - found


@pytest.mark.parametrize("seed", [2, 12, 24, 36, 47])
def test_a_flipped_byte_that_is_accepted_hinders_no_crawl(tmp_path: Path, whole: Path, seed: int):
    home = _without_database(whole, tmp_path)
    _flip(home, seed)
    _goes_on(home, tmp_path, rebuild_database(home, LATER, accept_loss=True))


@pytest.mark.parametrize("kind", [CAPTURES, DERIVED])
def test_a_lost_file_is_reported_as_a_loss_and_stops_crawls_until_it_is_accepted(
    tmp_path: Path, whole: Path, said: frozenset[State], kind: str
):
    home = _without_database(whole, tmp_path)
    path = file_of(home, kind)
    path.unlink()
    replayed = rebuild_database(home, LATER)
    assert any(path.name in lost or "do not bear out" in lost for lost in replayed.lost)
    assert _nothing_false(home, said, replayed) == said  # there was one file of the kind, with all of it
    archive = open_archive(home)
    with pytest.raises(Behind):
        crawl(archive, LATER, {1: page(1)})
    archive.close()
    _goes_on(home, tmp_path, rebuild_database(home, LATER, accept_loss=True))


def _goes_on(home: Path, scratch: Path, replayed: Replayed) -> None:
    """Check that after acceptance crawls go on, all is proved, and a rebuild from the files finds no more losses."""
    assert replayed.lost
    archive = open_archive(home)
    crawl(archive, LATER + DAY, {number: page(number) for number in range(14)})
    assert rows(archive, "select count(*) from articles") == [(14,)]
    assert verify(archive).faults == ()
    assert prove(archive, scratch) == ()
    archive.close()
    found = _states(home)
    for path in home.glob("archive.db*"):
        path.unlink()
    assert rebuild_database(home, LATER + 2 * DAY).lost == ()
    assert _states(home) == found


def test_the_rebuild_command_names_the_loss_and_exits_with_3(tmp_path: Path, whole: Path):
    home = _without_database(whole, tmp_path)
    path = _flip(home, 0)
    told = CliRunner().invoke(app, ["--home", str(home), "rebuild"])
    assert told.exit_code == 3
    assert f"thinker: lost: {path.name} at " in told.stderr
    assert "lines could not be applied: newsroom-" in told.stderr


def _damaged(path: Path) -> int:
    """The offset at which reading stops."""
    end = 0
    try:
        for record in read_records(path):
            end = record.place.offset + record.place.length
    except WarcError:
        return end
    raise AssertionError("nothing is damaged")


def _forged(content: bytes) -> Iterator[bytes]:
    """Whole records that a page could hold, before and after which its own bytes stand."""
    yield b"<p>" + content + b"</p>"
    yield content + b"\x1f\x8b\x08" + bytes(40)


def test_records_that_a_page_holds_are_not_taken_for_those_behind_damage(tmp_path: Path, whole: Path):
    path = tmp_path / "newsroom-20261125T120000Z-00001.warc.gz"
    content = file_of(whole, CAPTURES).read_bytes()
    (_, first), *_, (last, _) = places(file_of(whole, CAPTURES))
    for forged in _forged(content[:last]):
        broken = b"\x1f\x8b\x08" + b"\xff" * 20 + forged + bytes(9)
        path.write_bytes(content[:first] + broken + content[last:])
        size = path.stat().st_size
        start = _damaged(path)
        assert start == first
        assert resumed(path, start, size, ()) == first + len(broken)
        # Another damaged record behind it: only a byte that the ledger names as a border can be trusted now.
        path.write_bytes(content[:first] + broken + content[last:] + broken)
        border = size
        assert resumed(path, start, path.stat().st_size, ()) is None
        assert resumed(path, start, path.stat().st_size, {border}) == first + len(broken)


def _another_record() -> bytes:
    """A whole record of an article that nobody captured, right in itself, as a page may hold one."""
    block = http_block(200, [("Content-Type", "text/html; charset=utf-8")], page(99, headline="从未见过的文章"))
    fields = [
        ("WARC-Target-URI", url(99)),
        ("Thinker-Kind", "article"),
        ("WARC-Payload-Digest", digest(block.partition(b"\r\n\r\n")[2])),
        ("Content-Type", "application/http; msgtype=response"),
    ]
    return seal("response", NOON, block, fields).member


@pytest.mark.parametrize("behind", [5_000, 30_000])
def test_of_a_record_that_a_kill_tore_nothing_is_adopted_that_its_page_holds(tmp_path: Path, behind: int):
    """Noise is stored as it is, so that a record in it stands in the file like any other."""
    forged, noise = _another_record(), random.Random(1).randbytes(100_000)
    archive = open_archive(tmp_path)
    crawl(archive, NOON, {number: page(number) for number in range(3)})
    opened = CrawlIngest(archive, SOURCE, clock=lambda: LATER).__enter__()
    opened.begin_crawl(LATER)
    opened.add(replace(fetched(7, page(7), LATER), payload=noise[:20_000] + forged + noise[20_000:]))
    opened.stores.close()  # killed
    opened._held.close()
    archive.close()
    path = file_of(tmp_path, CAPTURES)
    content = path.read_bytes()
    path.write_bytes(content[: content.index(forged) + len(forged) + behind])
    archive = open_archive(tmp_path)
    crawl(archive, LATER + DAY, {0: page(0)})
    assert rows(archive, "select count(*) from articles") == [(3,)]
    assert rows(archive, "select count(*) from captures") == [(4,)]
    archive.close()


def test_a_byte_that_makes_of_a_record_the_start_of_a_long_one_cuts_nothing(tmp_path: Path, whole: Path):
    """The bit in a gzip header that says that 64 kB of extra fields follow: to the end it is one unfinished member."""
    home = _without_database(whole, tmp_path)
    path = file_of(home, CAPTURES)
    content = bytearray(path.read_bytes())
    content[places(path)[5][0] + 3] ^= 4
    path.write_bytes(content)
    replayed = rebuild_database(home, LATER)
    assert replayed.torn == ()
    assert path.read_bytes() == content
    assert len(replayed.lost) == 2  # the record, and the range that it lies in
