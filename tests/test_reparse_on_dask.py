"""Stored captures read again on a Dask cluster: real processes, killed at an event, give what one process gives."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, Reads, fetched, page, rows
from support.checkout import ROOT
from support.journeys import asked
from support.tables import every_row

import parsers
from archive import open_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.readings import PageReading, UnreadPage, read_page
from archive.rules.identity import ArticleState, state_of
from cli.reparsing import cluster, remote_readers
from parsers import Document

ARTICLES = 130  # three batches
# The tree builder compares each attribute with all before it: this page ends its parser process after five seconds.
ENDLESS = b"<p " + b" ".join(b"a%d='>'" % number for number in range(400_000)) + b">"
STATES = """
    select a.key, r.position, r.number, r.captured_at, s.content_digest, r.origin, r.parser_version
      from revision_records r join articles a on a.id = r.article_id join states s on s.id = r.state_id order by 1, 2
    """
TEXTS = "select key, headline, body_text, details, content_digest, revisions, state from articles order by key"
# Values of ledger lines that come from the clock, or from the ids of records that a run writes.
OF_THE_RUN = ("recorded_at", "at", "previous_digest", "digest", "reparse", "conversion", "files")


def earlier(page: Document) -> PageReading:
    """The parser of that time: it knows no keywords, loses the last paragraph, and cannot read some pages."""
    if "/7." in page.url or len(page.payload) > 1_000_000:
        return UnreadPage("not_article", "a layout that it does not know")
    found = read_page(page)
    assert isinstance(found, ArticleState)
    return state_of(replace(found.article, keywords=(), paragraphs=found.article.paragraphs[:-1]), "1")


def told(number: int, note: str) -> bytes:
    raw = page(number, paragraphs=(*PARAGRAPHS, f"第{number}篇的最后一段话，以前的解析器读不到。"), note=note)
    return raw.replace(b"</head>", '<meta name="keywords" content="长三角,一体化"></head>'.encode())


def built(home: Path, articles: int) -> Path:
    """Make an archive that an earlier parser read."""
    with pytest.MonkeyPatch.context() as patch, closing(open_archive(home)) as archive:
        patch.setattr(parsers, "PARSER_VERSION", "1")
        with CrawlIngest(archive, SOURCE, Reads(earlier), clock=lambda: NOON) as ingest:
            ingest.begin_crawl(NOON)
            for number in range(articles):
                ingest.add(fetched(number, told(number, "x"), NOON))
            ingest.finish("finished", articles, 0, NOON)
    return home


@pytest.fixture(scope="module")
def read_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("before") / "home", ARTICLES)


@pytest.fixture(scope="module", autouse=True)
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Bytecode of Dask, where Python writes none: each process would compile for two seconds."""
    with pytest.MonkeyPatch.context() as patch:
        if sys.dont_write_bytecode:
            folder = str(tmp_path_factory.mktemp("compiled"))
            patch.setattr(sys, "dont_write_bytecode", False)
            patch.setattr(sys, "pycache_prefix", folder)
            patch.setenv("PYTHONPYCACHEPREFIX", folder)
            patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield


@dataclass(frozen=True)
class Plain:
    """The result of one parser process of this machine."""

    report: list[dict[str, Any]]
    decided: list[object]


@pytest.fixture(scope="module")
def plain(read_before: Path, tmp_path_factory: pytest.TempPathFactory) -> Plain:
    home = Path(shutil.copytree(read_before, tmp_path_factory.mktemp("plain") / "home"))
    return Plain(by_one_process(home), decided(home))


@pytest.fixture
def home(tmp_path: Path, read_before: Path) -> Path:
    return Path(shutil.copytree(read_before, tmp_path / "home"))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Dask scheduler that runs, without a worker."""
    with scheduler(tmp_path_factory.mktemp("scheduler")) as (_, found):
        yield found


def by_one_process(home: Path) -> list[dict[str, Any]]:
    """The report of one parser process that reads the archive again, without its id."""
    return without_id(asked(home, "reparse", "--json", "--apply", "--workers", "1"))


def without_id(run: tuple[int, str, str]) -> list[dict[str, Any]]:
    code, out, err = run
    assert (code, err) == (0, "")
    return [{**report, "reparse": None} for report in json.loads(out)]


def started(home: Path, *arguments: str) -> subprocess.Popen[str]:
    """`thinker reparse …` in a session of its own, by the interpreter: a local cluster starts that again."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "thinker", "--home", str(home), "reparse", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """The exit code of a process, its stdout and its stderr. No process of its session is left."""
    out, err = process.communicate(timeout=300)
    for _ in range(100):  # the last ones end when they see that their parent has
        if not (left := session(process.pid)):
            break
        time.sleep(0.1)
    assert left == []
    return process.returncode, out, err


def session(leader: int) -> list[str]:
    """The processes of a session that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:  # it has ended meanwhile
            continue
        state, _, _, number = text.rpartition(") ")[2].split()[:4]
        if int(number) == leader and state != "Z":
            found.append(text)
    return found


def decided(home: Path) -> list[object]:
    """Rows, texts and ledger lines, without the times of the run and the ids of the records that it wrote."""
    with closing(open_archive(home)) as archive:
        found: list[object] = [*rows(archive, STATES), *rows(archive, TEXTS)]
    for path in sorted((home / "ledger").glob("*.jsonl")):
        for line in map(json.loads, path.read_text("utf-8").splitlines()):
            known = {**line.pop("detail", {}), **line}
            found.append({name: value for name, value in known.items() if name not in OF_THE_RUN})
    return found


@contextmanager
def scheduler(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A Dask scheduler on loopback, and its address."""
    told = folder / "scheduler.json"
    words = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
    with dask("scheduler", *words, "--scheduler-file", str(told)) as process:
        while not told.exists() or not told.read_text():
            assert process.poll() is None
            time.sleep(0.05)
        yield process, json.loads(told.read_text())["address"]


@contextmanager
def worker(address: str, path: str = str(ROOT)) -> Iterator[subprocess.Popen[bytes]]:
    """A Dask worker that has the code of a folder."""
    words = [address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    with dask("worker", *words, path=path) as process:
        yield process


@contextmanager
def dask(name: str, *words: str, path: str = str(ROOT)) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-P", "-m", f"distributed.cli.dask_{name}", *words]
    environment = {**os.environ, "PYTHONPATH": path}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until_it_reads(worker: subprocess.Popen[bytes], run: subprocess.Popen[str]) -> None:
    """Wait until a worker has a batch: then it has started its parser process."""
    while "parser_process" not in "".join(map(command_of, children(worker.pid))):
        assert run.poll() is None
        time.sleep(0.02)


def children(pid: int) -> list[str]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")  # of each thread
    return [child for path in lists for child in path.read_text().split()]


def command_of(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:  # it has ended meanwhile
        return ""


FORM = "give dask, or dask:tcp://HOST:PORT (or tls://) for a cluster that runs already"


@pytest.mark.slow
@every_row(
    ("place", "code", "line"),
    [
        ("spark", 2, f"Invalid value for --on: 'spark': {FORM} (see --help)"),
        ("dask:", 2, f"Invalid value for --on: 'dask:': {FORM} (see --help)"),
        ("dask:10.0.0.2:8786", 2, f"Invalid value for --on: 'dask:10.0.0.2:8786': {FORM} (see --help)"),
        ("dask:tcp://host", 2, f"Invalid value for --on: 'dask:tcp://host': {FORM} (see --help)"),
        (
            "dask:tls://host:8786",
            1,
            "no certificates for tls://host:8786: name them in Dask's configuration, as distributed.comm.tls",
        ),
        ("dask:tcp://u:s3cret@host:1", 2, f"Invalid value for --on: 'dask:…': {FORM} (see --help)"),
        ("dask:tcp://host:1?x", 2, f"Invalid value for --on: 'dask:tcp://host:1?x': {FORM} (see --help)"),
        ("dask:tcp://host:70000", 2, f"Invalid value for --on: 'dask:tcp://host:70000': {FORM} (see --help)"),
    ],
)
def test_a_wrong_place_is_refused(read_before: Path, place: str, code: int, line: str) -> None:
    assert asked(read_before, "reparse", "--on", place) == (code, "", f"thinker: {line}\n")


@pytest.mark.slow
def test_without_the_extra_one_line_names_what_to_install(read_before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask", None)  # as where it is not installed
    line = "Invalid value for --on: 'dask': it needs the extra [dask]: pip install dask distributed (see --help)"
    assert asked(read_before, "reparse", "--on", "dask") == (2, "", f"thinker: {line}\n")


@pytest.mark.slow
def test_two_workers_of_this_machine_give_what_one_parser_process_gives(read_before: Path, tmp_path: Path) -> None:
    """Also of a page that ends its parser process, and of one that only today's parser can read."""
    home = Path(shutil.copytree(read_before, tmp_path / "one"))
    with pytest.MonkeyPatch.context() as patch, closing(open_archive(home)) as archive:
        patch.setattr(parsers, "PARSER_VERSION", "1")
        with CrawlIngest(archive, SOURCE, Reads(earlier), clock=lambda: NOON) as ingest:
            ingest.begin_crawl(NOON)
            for number, payload in ((1, told(1, "y")), (ARTICLES, ENDLESS)):
                ingest.add(fetched(number, payload, NOON))
            ingest.finish("finished", 2, 0, NOON)
    other = Path(shutil.copytree(home, tmp_path / "other"))
    run = started(other, "--json", "--apply", "--workers", "2", "--on", "dask")
    report = by_one_process(home)
    assert [report[0][kind] for kind in ("captures", "other", "found", "none")] == [ARTICLES + 2, ARTICLES, 1, 1]
    assert without_id(ended(run)) == report
    assert decided(other) == decided(home)


@pytest.mark.slow
@pytest.mark.parametrize("failures", ["3", "0"], ids=["others-read-its-pages", "the-command-reads-them"])
def test_a_worker_that_is_killed_costs_nothing_and_one_that_comes_later_is_used(
    home: Path, plain: Plain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: str
) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", failures)  # how many workers pages may lose
    with scheduler(tmp_path) as (_, address), worker(address) as first:
        run = started(home, "--json", "--apply", "--on", f"dask:{address}")
        until_it_reads(first, run)
        with worker(address):
            first.kill()
            report = without_id(ended(run))
    assert report == plain.report
    assert decided(home) == plain.decided


@pytest.mark.slow
def test_a_lost_scheduler_is_one_line_and_the_next_run_goes_on(home: Path, plain: Plain, tmp_path: Path) -> None:
    with scheduler(tmp_path) as (leader, address), worker(address) as reader:
        run = started(home, "--apply", "--on", f"dask:{address}")
        until_it_reads(reader, run)
        leader.kill()
        code, out, err = ended(run)
    kept = "what was applied stays, and the same command continues"
    assert (code, out, err) == (1, "", f"thinker: the Dask cluster at {address} does not answer any more: {kept}\n")
    by_one_process(home)
    with closing(open_archive(home)) as archive:
        states = [*rows(archive, STATES), *rows(archive, TEXTS)]
        assert rows(archive, "select count(*) from reparses") == [(1,)]
    assert states == plain.decided[: len(states)]


@pytest.mark.slow
def test_a_cluster_that_cannot_be_used_is_one_line(
    read_before: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scheduler without a worker, and an address at which nothing answers."""
    monkeypatch.setattr(remote_readers, "FIRST_WORKER_SECONDS", 0.2)
    line = f"thinker: the Dask scheduler at {address} has no worker: start one with `dask worker`\n"
    assert asked(read_before, "reparse", "--on", f"dask:{address}") == (1, "", line)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nowhere = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.2)
    code, out, err = asked(read_before, "reparse", "--on", f"dask:{nowhere}")
    assert (code, out, err.count("\n")) == (1, "", 1)
    remedy = "start one with `dask scheduler`, or correct the address; the error is "
    assert err.startswith(f"thinker: no Dask scheduler answers at {nowhere}: {remedy}")


@pytest.mark.slow
def test_no_cluster_is_asked_for_where_nothing_is_to_be_read(tmp_path: Path) -> None:
    open_archive(tmp_path / "empty").close()
    nowhere = "dask:tcp://127.0.0.1:1"
    assert asked(tmp_path / "empty", "reparse", "--on", nowhere) == (0, "", "there are no captures to parse\n")


@pytest.mark.slow
def test_workers_that_would_read_differently_are_refused_by_name(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that gets another parser while it runs, and one that has it when it starts."""
    monkeypatch.setattr(remote_readers, "FIRST_WORKER_SECONDS", 300)
    home = built(tmp_path / "home", 3)
    shutil.copytree(ROOT / "parsers", tmp_path / "parsers")
    for name in ("archive", "cli"):
        (tmp_path / name).symlink_to(ROOT / name)  # a parser process loads from where its worker's code is
    entry = tmp_path / "parsers" / "__init__.py"
    ours = f'PARSER_VERSION = "{parsers.PARSER_VERSION}"'
    command = ("reparse", "--json", "--on", f"dask:{address}")
    with worker(address, f"{tmp_path}:{ROOT}"):
        assert [report["other"] for report in without_id(asked(home, *command))] == [3]
        entry.write_text(entry.read_text("utf-8").replace(ours, 'PARSER_VERSION = "other"'), "utf-8")
        code, out, err = asked(home, *command)
        assert (code, out) == (1, "")
        assert re.sub(r":\d+", ":PORT", err) == (
            "thinker: tcp://127.0.0.1:PORT has been given parser other since it started "
            f"({parsers.PARSER_VERSION} here): install the same and restart it\n"
        )
    with worker(address, f"{tmp_path}:{ROOT}"):
        code, out, err = asked(home, *command)
    assert (code, out) == (1, "")
    assert re.sub(r":\d+", ":PORT", err) == (
        "thinker: workers of other versions: tcp://127.0.0.1:PORT has parser other "
        f"({parsers.PARSER_VERSION} here): install the same\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["start", "work"])
def test_ctrl_c_ends_the_command_and_its_cluster_with_one_line(home: Path, moment: str) -> None:
    run = started(home, "--apply", "--workers", "2", "--on", "dask")
    chain = home / "ledger" / f"{SOURCE.name}.jsonl"
    before = chain.stat().st_size
    while len(session(run.pid)) < 3 if moment == "start" else chain.stat().st_size == before:
        assert run.poll() is None
        time.sleep(0.02)
    os.killpg(run.pid, signal.SIGINT)
    assert ended(run) == (7, "", "thinker: stopped\n")
