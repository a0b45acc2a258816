"""Ctrl-C at any moment is one line and 7, a reader who goes away is nothing: real processes, stopped at an event."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from support.checkout import ROOT
from support.interrupting import INTERRUPTED
from support.journeys import Thinker
from support.loaded import Loaded

from newsroom.process import running

pytestmark = [pytest.mark.slow, pytest.mark.soak]

MOMENTS = [
    ("--help", "import", "typer"),
    ("search 改革", "import", "typer"),
    ("search 改革", "import", "archive"),
    ("search 改革", "sqlite3.connect", "archive.db"),
    ("show newsroom-1", "sqlite3.connect", "archive.db"),
    ("config show", "open", "thinker.toml"),
    ("parse page.html", "open", "page.html"),
    ("import page.html", "open", "page.html"),
    ("verify", "open", ".warc.gz"),
    ("rebuild", "open", ".jsonl"),
    ("reindex", "open", "reindex.lock"),
    ("crawl newsroom", "import", "scrapy"),
    ("crawl newsroom", "import", "twisted.internet.asyncioreactor"),
    ("doctor newsroom", "import", "crawler.examining.spider"),
    ("serve --port 0", "import", "datasette"),
    ("serve --port 0", "socket.bind", ""),
    ("schedule run", "import", "apscheduler"),
    ("run --port 0", "subprocess.Popen", ""),
    ("--home demo demo --port 0", "subprocess.Popen", ""),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Thinker]:
    """An archive of a newsroom that still runs, and a page beside."""
    home = tmp_path_factory.mktemp("home")
    prose = "<p>长三角的江与海，把几座城市连成一片，也把产业和人才连成一片。</p>" * 4
    (home / "page.html").write_text(f"<title>江与海的连接</title><h1>江与海的连接</h1>{prose}", encoding="utf-8")
    (home / "thinker.toml").write_text('sources.newsroom.schedule = "every 1h"\n')
    with running(articles=20) as site:
        thinker = Thinker(home, site)
        thinker.run("crawl", "newsroom")
        yield thinker


@pytest.mark.parametrize(("command", "event", "text"), MOMENTS, ids=lambda word: word.replace(" ", "-"))
def test_ctrl_c_prints_one_line_and_exits_with_7(home: Thinker, command: str, event: str, text: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "THINKER_NEWSROOM": home.site.address if home.site else ""}
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, event, text, "--home", ".", *command.split()],
        cwd=home.home, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (7, "thinker: stopped\n")


@pytest.mark.parametrize(
    ("command", "event", "text"), [each for each in MOMENTS if each[0] in ("verify", "rebuild", "reindex")]
)
def test_work_on_the_whole_archive_takes_sigterm_as_well(home: Thinker, command: str, event: str, text: str) -> None:
    program = INTERRUPTED.replace("SIGINT", "SIGTERM")
    ended = subprocess.run(
        [sys.executable, "-c", program, event, text, "--home", ".", command],
        cwd=home.home, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (7, "thinker: stopped\n")


@pytest.mark.parametrize("command", ["serve --port 0", "run --port 0", "demo --port 0", "schedule run"])
def test_ctrl_c_ends_a_server_or_scheduler_with_7(home: Thinker, tmp_path: Path, command: str) -> None:
    thinker = Thinker(tmp_path, home.site) if command.startswith("demo") else home
    process = thinker.start(*command.split())
    assert process.stdout is not None
    if command == "schedule run":
        lock = thinker.home / "locks" / "scheduler.lock"
        while not lock.exists() or f"process {process.pid}" not in lock.read_text():
            assert process.poll() is None
    else:
        assert any(line.startswith("http://127.0.0.1:") for line in process.stdout)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err.splitlines()[-1:]) == (7, ["thinker: stopped"])
    assert "Traceback" not in err


def test_a_demo_answers_once_for_all_its_processes(tmp_path: Path) -> None:
    """A terminal tells every process of the group, and the newsroom and the crawl are of it."""
    demo = Thinker(tmp_path).start("demo", "--once")
    while len(children(demo.pid)) < 2:
        assert demo.poll() is None
    sleep(0.2)  # it listens for the signal from its first line on
    os.killpg(demo.pid, signal.SIGINT)
    _, err = demo.communicate(timeout=60)
    told = [line for line in err.splitlines() if not re.match(r"\d/5 ", line)]
    assert (demo.returncode, told) == (7, ["thinker: stopped"])


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_an_interrupted_crawl_says_that_it_ended_early(home: Thinker) -> None:
    assert home.site is not None
    home.site.event(do="hang", article=3)
    before = len(home.site.log())
    process = home.start("crawl", "newsroom", "--recheck", "all")
    while len(home.site.log()) == before:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    home.site.event(do="clear")
    assert (process.returncode, err.splitlines()[-1]) == (7, "thinker: the crawl of newsroom ended early: stopped")


@pytest.mark.parametrize(
    ("command", "line"),
    [("parse {page}", "thinker: stopped"), ("doctor newsroom", "thinker: stopped before every check was done")],
)
def test_parse_and_doctor_say_that_they_were_stopped(home: Thinker, command: str, line: str) -> None:
    assert home.site is not None
    home.site.event(do="hang")
    before = len(home.site.log())
    process = home.start(*command.format(page=f"{home.site.address}/article/3.html").split())
    while len(home.site.log()) == before:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    home.site.event(do="clear")
    assert (process.returncode, err) == (7, f"{line}\n")


READERS = ["changes --json", "changes", "search 发展", "sources", "--help", "crawl --help", "status", "config show"]


@pytest.mark.parametrize("command", READERS)
def test_a_reader_who_has_seen_enough_is_no_failure(home: Thinker, command: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words, environment = (
        ["-m", "thinker", "--home", str(home.home), *command.split()],
        {**os.environ, "PYTHONPATH": str(ROOT)},
    )
    if command == "--help":  # as an interpreter ends that has only begun
        ended = subprocess.Popen(
            [sys.executable, *words], stdout=writing, stderr=subprocess.PIPE, env=environment, text=True
        )
    else:
        ended = Loaded(words, environment, stdout=writing)
    os.close(writing)
    _, err = ended.communicate(timeout=120)
    assert (ended.returncode, re.sub(r"^(20 of )?[\d,]+ found.*\n", "", err)) == (0, "")
