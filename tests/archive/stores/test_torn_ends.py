"""Bytes that a crash leaves behind the last record or line are skipped, reported, cut by the next writer, and kept."""

import json
import random
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, crawl, fetched, page, rows
from support.attacks import CAPTURES, DERIVED, LEDGER, Change, claims, copied, file_of, lines, places, stored
from support.crash_writer import DAYS
from support.journeys import SOAK, Thinker, asked

from archive import open_archive, read_archive
from archive.answers.articles import show
from archive.files.warc import digest, read_records, seal
from archive.judging.crawl_ingest import CrawlIngest
from archive.replaying import Damaged
from archive.replaying.fixity import verify
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.replaying.torn import torn_ends
from newsroom.process import running

DAY = timedelta(days=1)
KINDS = (CAPTURES, DERIVED, LEDGER)
CHANCE = random.Random(5)
NOISE = CHANCE.randbytes(4096)
JUNK = {
    "4 kB of zeros": bytes(4096),
    "4 kB of noise": NOISE,
    "noise with line breaks": b"\n".join(NOISE[at : at + 50] for at in range(0, 4096, 50)) + b"\n",
    "line breaks": b"\n" * 64,
    "zeros and a line break": bytes(512) + b"\n",
    "what looks like a record": b"\x1f\x8b\x08\x00" + NOISE[:100] + b"\x1f\x8b\x08",
    "what looks like a line": b'{"format":1,"kind":"new"}\n{"digest":"sha256:',
    "one byte": b"\x1f",
}


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days (`whole`); the files of three days and the database of one (`lagging`)."""
    folder = tmp_path_factory.mktemp("homes")
    for count, name in ((1, "first"), (3, "whole")):
        archive = open_archive(folder / name)
        for number, answers in enumerate(DAYS[:count]):
            crawl(archive, NOON + number * DAY, answers)
        archive.close()
    archive = open_archive(folder / "lagging")
    crawl(archive, NOON, DAYS[0])
    archive.close()
    shutil.copy(folder / "lagging" / "archive.db", folder / "first.db")
    archive = open_archive(folder / "lagging")
    for number, answers in enumerate(DAYS[1:], 1):
        crawl(archive, NOON + number * DAY, answers)
    archive.close()
    shutil.copy(folder / "first.db", folder / "lagging" / "archive.db")
    return folder


def _crossed() -> Iterator[tuple[str, str, str]]:
    """Every junk behind every kind of file; the state of the home changes from one to the next."""
    for turn, (kind, junk) in enumerate(product(KINDS, JUNK)):
        states = ["whole", "lagging"]
        yield from ((kind, junk, state) for state in (states if SOAK else [states[(turn + turn // len(JUNK)) % 2]]))


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize(("kind", "junk", "state"), list(_crossed()))
def test_junk_behind_the_end_is_cut_by_the_next_writer_and_kept(
    tmp_path: Path, homes: Path, kind: str, junk: str, state: str
):
    home = copied(homes / state, tmp_path / "home")
    path = file_of(home, kind)
    before, end = stored(home), path.stat().st_size
    path.write_bytes(path.read_bytes() + JUNK[junk])
    _read_meanwhile(home, path.name)
    archive = open_archive(home)
    beside = path.with_name(f"{path.name}.cut-{end}")
    assert beside.read_bytes() == JUNK[junk]
    beside.unlink()
    assert stored(home) == before
    _sound(home)
    crawl(archive, NOON + 5 * DAY, {0: page(0), 30: page(30)})
    archive.close()
    _sound(home)


def _read_meanwhile(home: Path, name: str) -> None:
    """Check that readers are served, nothing is written, and verify names the file."""
    files = stored(home)
    archive = read_archive(home)
    assert show(archive.conn, "newsroom-1")["headline"]
    assert name in {fault.file for fault in verify(archive).faults}
    archive.close()
    assert stored(home) == files


def _sound(home: Path) -> None:
    archive = read_archive(home)
    assert verify(archive).faults == ()
    scratch = home.parent / "scratch"
    scratch.mkdir()
    assert prove(archive, scratch) == ()
    shutil.rmtree(scratch)
    archive.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_rebuild_cuts_a_torn_end_and_keeps_each_earlier_cut(tmp_path: Path, homes: Path, kind: str):
    home = copied(homes / "whole", tmp_path / "home")
    path = file_of(home, kind)
    whole, rows = path.read_bytes(), claims(home)
    for junk in (b"first", b"second"):
        path.write_bytes(whole + junk)
        assert rebuild_database(home, NOON + 5 * DAY).torn == (path.name,)
        assert claims(home) == rows
    kept = sorted(path.parent.glob(f"{path.name}.cut-*"))
    assert [each.read_bytes() for each in kept] == [b"first", b"second"]


def zeros_in(number: int) -> Change:
    """Fill one record or line, counted from the end, with zeros; those behind it stay whole."""

    def change(path: Path, _: Path) -> bytes:
        whole = bytearray(path.read_bytes())
        if path.suffix == ".jsonl":
            found = lines(path)
            start, length = len(b"".join(found[:-number])), len(found[-number]) - 1
        else:
            start, length = places(path)[-number]
        whole[start : start + length] = bytes(length)
        return bytes(whole)

    return change


@pytest.mark.parametrize("number", [2, 4])
@pytest.mark.parametrize("state", ["whole", "lagging"])
@pytest.mark.parametrize("kind", KINDS)
def test_zeros_before_whole_records_that_were_synced_are_damage_and_never_cut(
    tmp_path: Path, homes: Path, kind: str, state: str, number: int
):
    home = copied(homes / state, tmp_path / "home")
    path = file_of(home, kind)
    path.write_bytes(zeros_in(number)(path, path) or b"")
    files = stored(home)
    _read_meanwhile(home, path.name)
    if state == "lagging":
        with pytest.raises(Damaged, match=re.escape(path.name)):
            open_archive(home)
    else:
        open_archive(home).close()
    assert stored(home) == files
    assert any(path.name in lost for lost in rebuild_database(home, NOON + 5 * DAY).lost)
    assert stored(home) == files


def test_zeros_before_records_that_no_line_names_are_cut_and_the_records_stay(tmp_path: Path, homes: Path):
    home = copied(homes / "whole", tmp_path / "home")
    path = file_of(home, CAPTURES)
    whole = path.read_bytes()
    length = places(path)[-1][1]
    fields = [("WARC-Target-URI", "http://example.com/article/40.html"), ("Thinker-Kind", "article")]
    fields += [("Content-Type", "text/html"), ("WARC-Payload-Digest", digest(page(40)))]
    crawls = [record.record_id for record in read_records(path) if record.warc_type == "warcinfo"]
    fields += [("WARC-Warcinfo-ID", f"<{crawls[-1]}>")]
    another = seal("resource", NOON + 4 * DAY, page(40), fields).member
    path.write_bytes(whole + bytes(length) + another)
    archive = open_archive(home)
    assert path.read_bytes() == whole + another
    assert path.with_name(f"{path.name}.cut-{len(whole)}").read_bytes() == bytes(length) + another
    assert verify(archive).faults == ()
    crawl(archive, NOON + 5 * DAY, {0: page(0)})
    kept = "select record_type, verdict from captures where url like '%/40.html'"
    assert rows(archive, kept) == [("resource", "quarantined")]  # whole, but of a crawl that had ended
    archive.close()
    before = claims(home)
    rebuild_database(home, NOON + 6 * DAY)
    assert claims(home) == before


@pytest.mark.parametrize("gap", [(1, 2), (300, 700), (-900, -400)], ids=str)
def test_lines_of_one_append_whose_first_pages_never_reached_the_disk_are_decided_again(
    tmp_path: Path, homes: Path, gap: tuple[int, int]
):
    """A power cut while six lines are synced: the later ones are there, zeros stand where earlier ones should."""
    home = copied(homes / "whole", tmp_path / "home")
    archive = open_archive(home)
    path, at = file_of(home, LEDGER), NOON + 4 * DAY
    cut = CrawlIngest(archive, SOURCE, clock=lambda: at).__enter__()
    cut.begin_crawl(at)
    before = len(path.read_bytes())
    for number in range(40, 46):
        cut.add(fetched(number, page(number), at))
    cut.stores._sync()  # captures and ledger are written, the database is not
    cut.__exit__(OSError, None, None)
    archive.close()
    raw = bytearray(path.read_bytes())
    start, end = (place + (before if place > 0 else len(raw)) for place in gap)
    raw[start:end] = bytes(end - start)
    path.write_bytes(raw)
    archive = open_archive(home)
    (beside,) = path.parent.glob("*.cut-*")
    assert path.read_bytes() + beside.read_bytes() == bytes(raw)
    crawl(archive, NOON + 5 * DAY, {0: page(0)})
    keys = rows(archive, "select key from articles where url like '%/4_.html'")
    assert len(keys) == 6
    archive.close()
    known = claims(home)
    rebuild_database(home, NOON + 6 * DAY)
    assert claims(home) == known


@pytest.mark.soak
@pytest.mark.slow
def test_crawl_repair_and_rebuild_report_the_torn_end_that_they_cut(tmp_path: Path):
    with running(articles=4) as site:
        thinker = Thinker(tmp_path / "home", site)
        thinker.run("crawl", "newsroom")
        for kind, command in zip(KINDS, (("crawl", "newsroom"), ("verify", "--repair"), ("rebuild",)), strict=True):
            path = file_of(thinker.home, kind)
            end = path.stat().st_size
            path.write_bytes(path.read_bytes() + JUNK["4 kB of zeros"])
            if kind == LEDGER:
                assert f"{path.name} at {end}: torn" in thinker.run("verify", code=1)
            _read_meanwhile(thinker.home, path.name)
            process = thinker.start(*command)
            out, err = process.communicate(timeout=600)
            assert process.returncode == 0, err
            said = f"{path.name}: cut off an unfinished end at byte {end:,}; it is kept as {path.name}.cut-{end}"
            assert (said in err, "Traceback" in err) == (True, False), (command, out, err)
            _sound(thinker.home)


def test_a_repair_announces_its_cuts_before_it_makes_them_and_loses_nothing(
    tmp_path: Path, homes: Path, monkeypatch: pytest.MonkeyPatch
):
    home = copied(homes / "whole", tmp_path / "home")
    ends, junk = {}, {CAPTURES: bytes(4096), DERIVED: b"\x1f\x8b\x08\x00", LEDGER: b'{"at":"2026'}
    for kind, more in junk.items():
        path = file_of(home, kind)
        ends[path] = (path.stat().st_size, more)
        path.write_bytes(path.read_bytes() + more)
    archive = read_archive(home)
    found = torn_ends(archive)
    archive.close()
    assert {torn.path: torn.end for torn in found} == {path: end for path, (end, _) in ends.items()}
    files = stored(home)
    monkeypatch.setattr("cli.verifying.writing", lambda: (_ for _ in ()).throw(OSError("not yet")))
    code, out, err = asked(home, "verify", "--repair", "--json")
    assert (code, out, stored(home)) == (1, "", files)
    *said, stopped = err.splitlines()
    assert stopped.startswith("thinker: OSError: not yet")
    beside = "{} will be cut at byte {}: {} bytes go to {}.cut-{}"
    wanted = {beside.format(path, end, len(more), path.name, end) for path, (end, more) in ends.items()}
    assert set(said) == wanted
    monkeypatch.undo()
    code, out, err = asked(home, "verify", "--repair", "--json")
    assert (code, json.loads(out)["ok"]) == (0, True)
    assert wanted <= set(err.splitlines())
    for path, (end, more) in ends.items():
        assert path.stat().st_size == end
        assert path.with_name(f"{path.name}.cut-{end}").read_bytes() == more
    assert not [line for line in asked(home, "verify", "--repair")[2].splitlines() if "will be cut" in line]
