"""Foreign captures and chains, and our own that were cut, are distinguished even without a database."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, crawl, fetched, page, rows, url
from support.attacks import CAPTURES, DERIVED, copied, file_of, lines, places
from support.busy_archive import busy_archive

from archive import open_archive, read_archive
from archive.files.ledger import steps
from archive.files.warc import http_block, seal
from archive.importing.importer import import_paths
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.runs import run
from archive.replaying import Damaged
from archive.replaying.fixity import verify
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.rows.behind import Behind

DAY = timedelta(days=1)
LATER = NOON + 9 * DAY
DECLARED = replace(SOURCE, declaration=json.dumps({"hosts": [], "homepage": "http://www.example.com", "seeds": []}))
STATES = """
    select a.key, r.number, r.headline from revisions r join articles a on a.id = r.article_id order by 1, 2
    """


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("homes")
    busy_archive(folder / "whole").close()
    return folder / "whole"


def without_database(home: Path) -> Path:
    for path in home.glob("archive.db*"):
        path.unlink()
    return home


def states(home: Path) -> list[tuple[object, ...]]:
    with closing(read_archive(home)) as archive:
        return rows(
            archive,
            "select a.key, r.number, r.headline from revisions r join articles a on a.id = r.article_id order by 1, 2",
        )


SHAPES = ((3, 1), (40, 1), (3, 2))  # articles and crawls of another home


@pytest.fixture(scope="module")
def their_captures(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[int, int], Path]:
    return {shape: theirs(tmp_path_factory.mktemp("other"), *shape) for shape in SHAPES}


def _crossed() -> Iterator[tuple[int, int, bool, bool]]:
    """The smallest home in every way, the others appended to a known archive and beside an unknown one."""
    for with_database, appended in product((True, False), repeat=2):
        for shape in SHAPES:
            if shape == SHAPES[0] or with_database == appended:
                yield *shape, with_database, appended


def theirs(folder: Path, articles: int = 3, crawls: int = 1) -> Path:
    """The captures of another home's source of the same name, where a headline was edited."""
    with closing(open_archive(folder / "theirs")) as archive:
        for number in range(crawls):
            pages = {each: page(each, headline=f"他处改过的第{each}篇") for each in range(articles)}
            crawl(archive, NOON + number * DAY, pages)
    (path,) = (folder / "theirs" / "captures").glob("newsroom-2*")
    return path


def dropped(whole: Path, folder: Path, their: Path, with_database: bool, appended: bool) -> Path:
    home = copied(whole, folder / "home")
    if appended:
        own = file_of(home, CAPTURES)
        own.write_bytes(own.read_bytes() + their.read_bytes())
    else:
        shutil.copy(their, home / "captures" / their.name.replace("-00001.", "-00002."))
    return home if with_database else without_database(home)


@pytest.mark.parametrize(("articles", "crawls", "with_database", "appended"), list(_crossed()))
def test_captures_of_another_home_never_become_ours(
    tmp_path: Path,
    whole: Path,
    their_captures: dict[tuple[int, int], Path],
    articles: int,
    crawls: int,
    with_database: bool,
    appended: bool,
):
    home = dropped(whole, tmp_path, their_captures[articles, crawls], with_database, appended)
    expected = states(whole)
    if with_database:
        with pytest.raises(Damaged, match="`thinker import` it"):
            open_archive(home)
        with closing(read_archive(home)) as archive:
            assert {fault.kind for fault in verify(archive).faults} == {"foreign"}
    assert rebuild_database(home, LATER).lost != ()
    assert states(home) == expected
    rebuild_database(home, LATER, accept_loss=True)
    assert states(home) == expected
    (tmp_path / "scratch").mkdir()
    with closing(open_archive(home)) as archive:
        assert verify(archive).faults == ()
        assert prove(archive, tmp_path / "scratch") == ()
        crawl(archive, LATER, {1: 304})
    assert rebuild_database(without_database(home), LATER).lost == ()
    assert states(home) == expected


def test_captures_of_another_program_are_not_adopted(tmp_path: Path, whole: Path):
    """A WARC file of wget, renamed: its warcinfo record says nothing of us."""
    home = copied(whole, tmp_path / "home")
    fields = [("WARC-Target-URI", url(9)), ("Content-Type", "application/http; msgtype=response")]
    block = http_block(200, [("Content-Type", "text/html")], page(9))
    warcinfo = seal("warcinfo", NOON, b"software: Wget/1.25.0\r\n", [("Content-Type", "application/warc-fields")])
    (home / "captures" / "newsroom-20260101T000000Z-00009.warc.gz").write_bytes(
        warcinfo.member + seal("response", NOON, block, fields).member
    )
    with pytest.raises(Damaged, match="captures that another program wrote: move the file out"):
        open_archive(home)
    assert "captures that another program wrote" in rebuild_database(without_database(home), LATER).lost[0]


def test_captures_of_another_home_can_be_imported(tmp_path: Path, whole: Path):
    home, their = copied(whole, tmp_path / "home"), theirs(tmp_path)
    with closing(open_archive(home)) as archive:
        summary = import_paths(archive, [their], SOURCE)
        assert (summary.captures, summary.errors) == (3, [])
    assert rebuild_database(without_database(home), LATER).lost == ()


@pytest.mark.parametrize(
    ("site", "articles", "said"),
    [
        ("http://example.org", 3, "captures of org,example, a host that newsroom does not declare"),
        ("http://example.com", 40, "40 captures of which no line tells, and no kill leaves more than 32"),
    ],
)
def test_a_run_without_the_state_of_the_ledger_is_judged_by_group_and_host(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch, site: str, articles: int, said: str
):
    """As runs of earlier versions are."""
    monkeypatch.setattr(run, "claimed", lambda *_: None)
    with (
        closing(open_archive(tmp_path / "theirs")) as archive,
        CrawlIngest(archive, DECLARED, clock=lambda: NOON) as ingest,
    ):
        ingest.begin_crawl(NOON)
        for number in range(articles):
            like = fetched(number, page(number, headline=f"他处改过的第{number}篇"), NOON)
            ingest.add(replace(like, url=like.url.replace("http://example.com", site)))
        ingest.finish("finished", articles, 0, NOON)
    (their,) = (tmp_path / "theirs" / "captures").glob("newsroom-2*")
    home = copied(whole, tmp_path / "home")
    with closing(open_archive(home)) as archive, CrawlIngest(archive, DECLARED, clock=lambda: NOON + 3 * DAY) as ingest:
        ingest.begin_crawl(NOON + 3 * DAY)
        ingest.finish("finished", 0, 0, NOON + 3 * DAY)
    shutil.copy(their, home / "captures" / their.name.replace("-00001.", "-00002."))
    with pytest.raises(Damaged, match=re.escape(said)):
        open_archive(home)
    assert said in rebuild_database(without_database(home), LATER).lost[0]


@pytest.mark.parametrize("kept", [0, 1, 10])
def test_a_chain_that_was_cut_is_found_from_the_captures_alone(tmp_path: Path, whole: Path, kept: int):
    home = without_database(copied(whole, tmp_path / "home"))
    path = home / "ledger" / "newsroom.jsonl"
    before = lines(path)
    path.write_bytes(b"".join(before[:kept])) if kept else path.unlink()
    (lost,) = rebuild_database(copied(home, tmp_path / "rebuilt"), LATER).lost
    assert "newsroom.jsonl at " in lost
    assert "began behind" in lost
    with pytest.raises(Behind, match=r"newsroom.jsonl at \d+: \d+ bytes are gone that the run in newsroom-"):
        open_archive(home)
    rebuild_database(home, LATER, accept_loss=True)
    (tmp_path / "scratch").mkdir()
    with closing(open_archive(home)) as archive:
        assert verify(archive).faults == ()
        assert prove(archive, tmp_path / "scratch") == ()
        crawl(archive, LATER, {1: 304})
    assert rebuild_database(without_database(home), LATER).lost == ()
    kinds = [step.line.kind for step in steps(path.parent, path.stem) if step.line]
    assert kinds.count("loss") == 1


def many(home: Path, days: int, first: int = 0) -> None:
    """Crawl more articles than one group holds, each edited every day."""
    with closing(open_archive(home)) as archive:
        for day in range(first, first + days):
            pages = {each: page(each, headline=f"第{day}天的第{each}篇谈发展") for each in range(40)}
            crawl(archive, NOON + day * DAY, pages)


@pytest.fixture(scope="module")
def three_runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    """A home of three large runs, and the bytes of its ledger before each."""
    home, sizes = tmp_path_factory.mktemp("runs") / "home", []
    for day in range(3):
        sizes.append((home / "ledger" / "newsroom.jsonl").stat().st_size if day else 0)
        many(home, 1, day)
    return home, sizes


@pytest.mark.slow
@pytest.mark.parametrize("kept", [0, 1, 2])
def test_of_a_chain_that_was_cut_by_whole_runs_all_captures_stay_ours(
    tmp_path: Path, three_runs: tuple[Path, list[int]], kept: int
):
    """As a ledger restored from a backup is: each run has more captures than a kill leaves without a line."""
    whole, sizes = three_runs
    home = copied(whole, tmp_path / "home")
    expected = states(home)
    path = without_database(home) / "ledger" / "newsroom.jsonl"
    path.write_bytes(path.read_bytes()[: sizes[kept]])
    with pytest.raises(Behind):
        open_archive(home)
    (lost,) = rebuild_database(home, NOON + 4 * DAY).lost
    assert "newsroom.jsonl at " in lost
    rebuild_database(home, NOON + 4 * DAY, accept_loss=True)
    with closing(open_archive(home)) as archive:
        crawl(archive, NOON + 5 * DAY, {1: 304})
        assert verify(archive).faults == ()
    assert states(home) == expected
    assert rebuild_database(without_database(home), LATER).lost == ()
    many(home, 1, 6)
    path.write_bytes(path.read_bytes()[: sizes[kept]] + b"".join(lines(path)[-200:-150]))
    assert rebuild_database(without_database(home), LATER).lost != (), "what was accepted excuses no later cut"


def test_the_run_of_another_source_shows_that_a_chain_was_cut(tmp_path: Path, whole: Path):
    home = copied(whole, tmp_path / "home")
    with (
        closing(open_archive(home)) as archive,
        CrawlIngest(archive, replace(SOURCE, name="other"), clock=lambda: LATER) as ingest,
    ):
        ingest.begin_crawl(LATER)
        ingest.add(fetched(1, page(1), LATER))
        ingest.finish("finished", 1, 0, LATER)
    path = home / "ledger" / "newsroom.jsonl"
    path.write_bytes(b"".join(lines(path)[:-2]))
    (lost,) = rebuild_database(without_database(home), LATER).lost
    assert "newsroom.jsonl at " in lost
    assert "other-2" in lost


def test_a_conversion_record_that_no_line_names_is_a_remark_of_a_run_of_ours_and_else_a_fault(
    tmp_path: Path, whole: Path
):
    home = copied(whole, tmp_path / "home")
    with closing(open_archive(home)) as archive:
        killed = CrawlIngest(archive, SOURCE, clock=lambda: LATER).__enter__()
        killed.begin_crawl(LATER)
        killed.commit()
        killed.add(fetched(8, page(8), LATER))
        for writer in killed.stores._writers.values():
            writer.sync()
        killed.stores.close()
        killed._held.close()
        crawl(archive, LATER + DAY, {1: 304})
        report = verify(archive)
        assert report.faults == ()
        assert report.remarks == (
            "1 conversion records without a ledger line; a killed run leaves these, and they do no harm",
        )
    theirs(tmp_path)
    (their,) = (tmp_path / "theirs" / "captures").glob("newsroom-derived-*")
    own = file_of(home, DERIVED)
    own.write_bytes(own.read_bytes() + their.read_bytes()[places(their)[1][0] :])  # without their warcinfo
    with closing(open_archive(home)) as archive:
        faults = verify(archive).faults
        assert {fault.kind for fault in faults} == {"foreign"}
        assert "has no ledger line and is not from a run of this archive" in faults[0].detail
