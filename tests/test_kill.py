"""kill -9 at any moment loses nothing and stores nothing twice."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.archiving import rows
from support.attacks import CAPTURES, claims, copied, file_of, stored
from support.journeys import ENOUGH, SOAK, Thinker

from archive import open_archive, read_archive
from archive.answers.articles import show
from archive.replaying.fixity import verify
from archive.replaying.proof import prove
from newsroom.process import Site, running

pytestmark = [pytest.mark.slow, pytest.mark.soak]

ARTICLES, KILLS, LONGEST = (5_000, 100, 6.0) if SOAK else (150, 3, 3.0)
CALLS = ("fsync,fdatasync", "pwrite64", "unlink", "rename")
IN_CI = {
    "rebuild": ("unlink", 9),
    "reindex": ("pwrite64", 9),
    "verify --repair": ("fsync", 2),
    "import": ("fsync", 6),
}
IN_SOAK = [
    (call, number) for call in CALLS for number in ((1, 5, 40, 200, 500) if call == "pwrite64" else range(1, 10))
]


def test_a_crawl_that_is_killed_again_and_again_ends_like_one_that_is_not(tmp_path: Path):
    with running(articles=ARTICLES) as site:
        unharmed, killed = Thinker(tmp_path / "unharmed", site), Thinker(tmp_path / "killed", site)
        unharmed.run("crawl", "newsroom")
        cut = _kill_often(killed)
        killed.run("crawl", "newsroom")
        print(f"{cut} of {KILLS} kills cut a crawl")
        assert _states(killed.home) == _states(unharmed.home)
        assert len(_states(killed.home)) == ARTICLES
        assert cut >= KILLS // 2, "the crawl was over before most of the kills: the trial says little"
        _nothing_twice(killed.home)
        _no_clock_went_back(killed.home)
        _few_refetched(site, cut)


def _kill_often(killed: Thinker) -> int:
    """Start crawls and kill each after a random while. Returns how many were cut. In the soak with `--recheck all`."""
    chance = random.Random(7)
    again = ("--recheck", "all") if SOAK else ()
    return sum(_killed(killed.start("crawl", "newsroom", *again), chance.uniform(1.0, LONGEST)) for _ in range(KILLS))


def _killed(process: subprocess.Popen[str], seconds: float) -> bool:
    """Kill a process after a while. Returns True if it still ran."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    if cut := process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return cut


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Thinker]:
    """An archive that was crawled twice, with edits between."""
    with running(articles=30) as site:
        thinker = Thinker(tmp_path_factory.mktemp("home") / "whole", site)
        thinker.run("crawl", "newsroom")
        for article in range(1, 10):
            site.event(do="edit", article=article)
        thinker.run("crawl", "newsroom")
        yield thinker


@pytest.mark.strace
@pytest.mark.parametrize("name", IN_CI)
def test_a_command_that_is_killed_and_run_again_ends_like_one_that_is_not(tmp_path: Path, home: Thinker, name: str):
    whole = copied(home.home, tmp_path / "whole")
    command = _command(name, tmp_path)
    if name == "import":
        Thinker(whole).run(*command)
    cut = 0
    kills = IN_SOAK if SOAK else [IN_CI[name]]
    for turn, (call, number) in enumerate(kills):
        killed = Thinker(copied(home.home, tmp_path / str(turn)), home.site)
        if name == "verify --repair":
            with file_of(killed.home, CAPTURES).open("ab") as file:
                file.write(bytes(50_000))
        cut += _killed_at(killed, call, number, command)
        _is_served(killed.home)
        killed.run(*command)
        _ends_alike(killed.home, whole, name)
    print(f"{name}: {cut} of {len(kills)} kills cut it")
    assert cut >= (len(kills) // 6 or 1)


CRAWL_IN_CI = [("fsync,fdatasync", 3), ("pwrite64", 60)]


@pytest.mark.strace
def test_a_crawl_that_is_killed_at_a_call_goes_on_from_there(tmp_path: Path):
    """The kill comes at a sync or a write of any thread; at most the pages under way are asked again."""
    few, cut = 30, 0
    kills = IN_SOAK if SOAK else CRAWL_IN_CI
    with running(articles=few) as site:
        unharmed = Thinker(tmp_path / "unharmed", site)
        unharmed.run("crawl", "newsroom")
        for turn, (call, number) in enumerate(kills):
            killed = Thinker(tmp_path / str(turn), site)
            cut += _killed_at(killed, call, number, ("crawl", "newsroom"))
            killed.run("crawl", "newsroom")
            assert _states(killed.home) == _states(unharmed.home), (call, number)
            _nothing_twice(killed.home, few)
    print(f"{cut} of {len(kills)} kills cut it")
    assert cut >= len(kills) // 4 + 1


def _killed_at(killed: Thinker, call: str, number: int, command: tuple[str, ...]) -> bool:
    """Run a command and kill it at the Nth call. Returns True if it came to that call."""
    kill = ("-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}")
    process = killed.start(*command, under=("strace", "-f", "-qq", "-o", "/dev/null", *kill))
    _, err = process.communicate(timeout=ENOUGH)
    assert "Traceback" not in err, err
    return process.returncode == -signal.SIGKILL


def _no_clock_went_back(home: Path) -> None:
    """Check that work left by a kill, decided by the next crawl after its start, counts as no clock that went back."""
    with closing(read_archive(home)) as archive:
        assert rows(archive, "select count(*) from events where kind = 'clock'") == [(0,)]


def _is_served(home: Path) -> None:
    """Check that readers have an answer after any kill."""
    archive = read_archive(home)
    assert show(archive.conn, "newsroom-3")["headline"]
    archive.close()


def _ends_alike(home: Path, whole: Path, name: str) -> None:
    archive = open_archive(home)
    scratch = home.with_name(f"{home.name}-scratch")
    scratch.mkdir()
    assert (verify(archive).faults, prove(archive, scratch)) == ((), ())
    archive.close()
    if name == "import":
        assert _states(home) == _states(whole)
        assert _nothing_is_there_twice(home)
    else:
        assert claims(home) == claims(whole)
        assert {path: content for path, content in stored(home).items() if ".cut-" not in path} == stored(whole)


def _command(name: str, folder: Path) -> tuple[str, ...]:
    if name != "import":
        return tuple(name.split())
    pages = folder / "pages"
    pages.mkdir()
    for number in range(40):
        text = "".join(f"<p>{number}-{line} {'长三角一体化发展上升为国家战略。' * 10}</p>" for line in range(9))
        (pages / f"{number}.html").write_text(f"<h1>第{number}篇谈发展</h1><article>{text}</article>", encoding="utf-8")
    return ("import", str(pages))


def _nothing_is_there_twice(home: Path) -> bool:
    archive = open_archive(home)
    twice = "select payload_digest from captures where source = 'imported' and record_type = 'resource' group by 1"
    found = archive.conn.execute(f"{twice} having count(*) > 1").fetchall()
    archive.close()
    return found == []


def _states(home: Path) -> list[tuple[object, ...]]:
    archive = open_archive(home)
    found = archive.conn.execute(
        "select key, revisions, content_digest, body_text from articles order by key"
    ).fetchall()
    archive.close()
    return found


def _nothing_twice(home: Path, articles: int = ARTICLES) -> None:
    archive = open_archive(home)
    assert verify(archive).ok
    twice = (
        "select article_id, content_digest from revisions where number is not null group by 1, 2 having count(*) > 1"
    )
    assert archive.conn.execute(twice).fetchall() == []
    assert archive.conn.execute("select count(*) from events where kind = 'new'").fetchone() == (articles,)
    unfinished = archive.conn.execute("select count(*) from crawls where finished_at is null").fetchone()
    assert unfinished == (0,)
    archive.close()


def _few_refetched(site: Site, cut: int) -> None:
    """Check that at most 64 articles per kill are fetched again in full."""
    full = [entry for entry in site.log() if entry["status"] == 200 and str(entry["path"]).startswith("/article/")]
    assert len(full) <= 2 * ARTICLES + cut * 64
