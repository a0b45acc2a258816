"""Wrong inputs, each with the one line that it gets and its exit code."""

import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from csv import QUOTE_NONE, DictReader
from pathlib import Path

import pytest

import thinker
from archive.rows import connection
from cli.reading import EMPTY

ADD = "no source has a schedule: add to"

Said = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this page's commands: homes and files that are wrong in one way each."""
    folder = tmp_path_factory.mktemp("wrong")
    for name in ("home", "bare", "folder", "settings-is-folder/thinker.toml", "database-is-folder/archive.db"):
        (folder / name).mkdir(parents=True)
    (folder / "file").write_text("no page")
    (folder / "empty.html").touch()
    (folder / "binary.html").write_bytes(bytes(range(256)) * 40)
    (folder / "empty.warc.gz").touch()
    (folder / "list.html").write_text("<title>目录</title>" + '<a href="/1">一条</a>' * 9, encoding="utf-8")
    (folder / "plain.html.gz").write_bytes(b"<p>no gzip")
    (folder / "rows.jsonl").write_text("{")
    for name, listed in MANIFESTS.items():
        (folder / name).mkdir()
        (folder / name / "MANIFEST.tsv").write_text(listed)
    for name, text in TOMLS.items():
        (folder / name).mkdir()
        (folder / name / "thinker.toml").write_bytes(text)
    (folder / "damaged").mkdir()
    (folder / "watches-damaged").mkdir()
    (folder / "watches-damaged" / "watches.db").write_bytes(b"no database" * 400)
    (folder / "schedule-damaged").mkdir()
    (folder / "schedule-damaged" / "schedule.db").write_bytes(b"no database" * 400)
    (folder / "schedule-damaged" / "thinker.toml").write_bytes(b"sources.newsroom.schedule = 'every 1d'")
    (folder / "damaged" / "archive.db").write_bytes(b"no database" * 400)
    return folder


TOMLS = {
    "no-toml": b"contact = [",
    "latin": b"contact = '\xff'",
    "misspelt": b"contct = 'a@example.org'",
    "below-a-table": b"[sources.newsroom]\ndelay = 1\ncontact = 'a@example.org'",
    "no-contact": b"contact = 'me'",
    "text-for-number": b"free_space_floor = 'much'",
    "mars": b"[sources.newsroom]\ntimezone = 'Mars'",
    "shanguan": b"[sources.shanguan]\nschedule = 'every 1h'",
    "seedless": b"[sources.town]\nschedule = 'every 1h'",
    "sometimes": b"[sources.newsroom]\nschedule = 'sometimes'",
    "public": b"sources.shangguan.schedule = 'every 1h'",
    "scheduled": b"sources.newsroom.schedule = 'every 1h'",
    "tables": b"[sources.newsroom]\ndelay = 1\n[crawler]\n",
    "fetched": b"[sources.fetched]\nfeeds = ['https://news.example/rss']",
    "reserved": b"[sources.operator]\nfeeds = ['https://news.example/rss']",
}


MANIFESTS = {
    "no-column": "name\toriginal_url\na.html\thttps://a.example/1\nb.html\thttps://a.example/2\n",
    "no-line": "",
    "short-line": "original_url\tfile\nhttps://a.example/1\n",
}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], folder: Path) -> Said:
    """Runs a command in the folder: its exit code and all that it printed."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("THINKER_HOME", raising=False)

    def run(home: str, command: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["thinker", "--home", home, *shlex.split(command)])
        with pytest.raises(SystemExit) as end:
            thinker.main()
        out, err = capfd.readouterr()
        return int(end.value.code or 0), out, err

    return run


with Path(__file__).with_name("wrong_inputs.tsv").open(encoding="utf-8", newline="") as rows:
    TABLE = list(DictReader(rows, delimiter="\t", quoting=QUOTE_NONE))  # of a line: what follows `thinker: `


@pytest.fixture(scope="module")
def taken() -> Iterator[dict[str, str]]:
    """Values that only this machine knows: a port that is taken, and its words for an unknown host name."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        try:
            socket.getaddrinfo("nowhere.invalid", 80)
        except socket.gaierror as error:
            yield {"{port}": str(server.getsockname()[1]), "{no name}": error.strerror}


@pytest.fixture(scope="module")
def archived(folder: Path) -> None:
    """Make an archive without articles in `bare`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["thinker", "--home", "bare", "init"])
        with pytest.raises(SystemExit):
            thinker.main()


@pytest.mark.usefixtures("archived")
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['home']}: {row['command']}")
def test_one_line_names_cause_place_and_remedy(said: Said, taken: dict[str, str], row: dict[str, str]) -> None:
    command, line = row["command"], row["line"]
    for sign, text in taken.items():
        command, line = command.replace(sign, text), line.replace(sign, text)
    figures = "0 captures, 0 new articles, 0 new revisions\n" if row["exit"] == "3" else ""
    assert said(row["home"], command) == (int(row["exit"]), figures, f"thinker: {line}\n")


def test_the_table_has_sixty_rows_and_more() -> None:
    assert len({(row["home"], row["command"]) for row in TABLE}) == len(TABLE) >= 60


@pytest.mark.usefixtures("archived")
@pytest.mark.parametrize("command", ["show \udcff", "history \udcff", "reparse --undo \udcff"])
def test_an_argument_that_is_no_text_is_named(said: Said, command: str) -> None:
    assert said("bare", command) == (2, "", "thinker: '\\udcff' is not valid UTF-8\n")


@pytest.mark.usefixtures("archived")
@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("changes", EMPTY),
        ("changes --since 2099-01-01", EMPTY),
        ("reparse", "there are no captures to parse"),
    ],
)
def test_a_command_with_nothing_to_print_says_so(said: Said, command: str, line: str) -> None:
    assert said("bare", command) == (0, "", f"{line}\n")


@pytest.mark.parametrize(
    ("home", "arguments"), [("home", "next"), ("home", "next --json"), ("home", "list"), ("home", "list --json")]
)
def test_a_schedule_without_slots_says_so(said: Said, home: str, arguments: str) -> None:
    out = "[]\n" if "--json" in arguments else ""
    line = f'{ADD} {home}/thinker.toml: sources.shangguan.schedule = "every 2h"\n'
    assert said(home, f"schedule {arguments}") == (0, out, line)


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ("", "", 'sources.shangguan.schedule = "every 2h"'),
        ("[crawler]\nnever = []\n", ", above its first [table]", 'sources.shangguan.schedule = "every 2h"'),
        ("[sources.a5qu]\ndelay = 3\n", ", below [sources.a5qu]", 'schedule = "{usual}"'),
        ("sources.govcn.delay = 3\n", "", 'sources.govcn.schedule = "{usual}"'),
        ("[sources]\ngovcn = {delay = 3}\n", ", below [sources]", 'shangguan.schedule = "every 2h"'),
        ("sources.govcn = {delay = 3}\n", "", 'sources.shangguan.schedule = "every 2h"'),
    ],
)
def test_the_line_that_is_named_makes_a_schedule(said: Said, folder: Path, text: str, place: str, line: str) -> None:
    home = folder / "unscheduled"
    home.mkdir(exist_ok=True)
    (home / "thinker.toml").write_text(text)
    _, _, told = said("unscheduled", "schedule list")
    line = line.replace("{usual}", told.rpartition(' = "')[2].rstrip('"\n'))
    assert told == f"{ADD} unscheduled/thinker.toml{place}: {line}\n"
    header = f"{place[8:]}\n" if "below" in place else ""
    before, _, behind = text.partition(header) if header else ("", "", text)
    (home / "thinker.toml").write_text(f"{before}{header}{line}\n{behind}")
    code, listed, told = said("unscheduled", "schedule list")
    assert (code, listed.count("\n"), told) == (0, 1, "")


@pytest.mark.parametrize(("home", "source"), [("public", "shangguan"), ("seedless", "town")])
def test_a_slot_at_which_nothing_will_be_crawled_says_why(said: Said, home: str, source: str) -> None:
    _, _, why = said(home, "schedule run")
    code, out, err = said(home, "schedule next")
    assert (code, out.split()[1], err) == (0, source, why)


@contextmanager
def kept(database: str) -> Iterator[int]:
    """The process that keeps a database to itself meanwhile: locks of one process do not show to itself."""
    hold = (
        f"import sqlite3, sys; conn = sqlite3.connect('{database}', isolation_level=None);"
        "conn.execute('pragma locking_mode=exclusive'); conn.execute('begin exclusive');"
        "print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        yield holder.pid
        holder.communicate()


def test_a_database_that_another_process_keeps_is_named_with_its_holder(
    said: Said, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said("locked", "init")
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)
    with kept("locked/archive.db") as holder:
        found = [said("locked", command) for command in ("search 改革", "status", "migrate", "import list.html")]
    line = f"thinker: locked/archive.db is locked by process {holder}: wait for it to end, or stop it\n"
    assert found == [(5, "", line)] * 4


@pytest.mark.slow
def test_a_schedule_that_another_process_keeps_is_not_called_the_archive(said: Said, folder: Path) -> None:
    home = folder / "kept"
    home.mkdir()
    (home / "thinker.toml").write_text("sources.newsroom.schedule = 'every 1d'")
    with kept("kept/schedule.db") as holder:
        found = [said("kept", command) for command in ("schedule list", "schedule run")]
    line = f"thinker: kept/schedule.db is locked by process {holder}: wait for it to end, or stop it\n"
    assert found == [(5, "", line)] * 2


@pytest.mark.parametrize("seconds", ["soon", "-1", "nan", "inf"])
def test_an_invalid_time_limit_is_refused(
    said: Said, folder: Path, monkeypatch: pytest.MonkeyPatch, seconds: str
) -> None:
    monkeypatch.setenv("THINKER_TIME_LIMIT", seconds)
    line = f"Invalid value for THINKER_TIME_LIMIT: {seconds!r} is not a number of seconds (see --help)"
    assert said("timed", "crawl newsroom") == (2, "", f"thinker: {line}\n")


@pytest.mark.parametrize("slot", ["soon", "2026-11-26", "2026-11-26T09:00:00+08:00"])
def test_an_invalid_slot_is_refused_and_nothing_is_written(
    said: Said, folder: Path, monkeypatch: pytest.MonkeyPatch, slot: str
) -> None:
    monkeypatch.setenv("THINKER_DUE_AT", slot)
    line = f"Invalid value for THINKER_DUE_AT: {slot!r} is not a time such as 2026-11-26T09:00:00Z (see --help)"
    assert said("slotted", "crawl newsroom") == (2, "", f"thinker: {line}\n")
    assert not (folder / "slotted").exists()


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_characters_that_a_terminal_cannot_show_are_escaped(folder: Path, encoding: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "thinker", "--home", "home", "sources"], cwd=folder, capture_output=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(thinker.__file__).parent), "PYTHONIOENCODING": encoding},
    )  # fmt: skip
    told = ended.stdout.decode(encoding)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ("光明网" in told, "\\u5149\\u660e\\u7f51" in told) == (encoding == "gbk", encoding == "ascii")


@pytest.mark.root
@pytest.mark.parametrize(
    ("command", "code", "line"),
    [
        # which of its files is the first to be refused, Python's versions do not agree on
        ("search 改革", 1, r"private/(ledger|archive\.db): Permission denied: run the command as the user who owns it"),
        (
            "init",
            2,
            r"private/thinker\.toml cannot be read: Permission denied: run the command as the user who owns it",
        ),
        (
            "sources",
            2,
            r"private/thinker\.toml cannot be read: Permission denied: run the command as the user who owns it",
        ),
    ],
)
def test_a_home_that_may_not_be_read_is_one_line_with_its_exit_code(
    said: Said, folder: Path, command: str, code: int, line: str
) -> None:
    home = folder / "private"
    home.mkdir(mode=0o700, exist_ok=True)
    os.seteuid(65534)
    try:
        found = said("private", command)
    finally:
        os.seteuid(0)
    assert found[:2] == (code, "")
    assert re.fullmatch(f"thinker: {line}\n", found[2])
