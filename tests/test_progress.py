"""Progress at a terminal while a command works: amount done, rate, rest; and commands that show no progress."""

import re
import sys
from pathlib import Path

import pytest
from support.journeys import Thinker, asked
from support.tables import every_row
from support.terminals import shown as on_terminal
from support.terminals import terminal, unstyled

from archive.files.progress import unheard
from cli.collecting import _slot
from cli.program.common import Chosen
from cli.terminal.progress import shown, told
from newsroom.process import running

BYTES = r"[\d.]+ (?:kB|bytes) of [\d.]+ (?:kB|bytes), [\d.,]+ \w+/s"

PAGES = re.compile(r"newsroom .* (\d+) of (\d+) pages, [\d.]+/s, 0:\d\d left")


@every_row(
    ("unit", "done", "total", "seconds", "line"),
    [
        ("states", 1_200, 4_800, 4, "1,200 of 4,800 states, 300/s, 0:12 left"),
        ("captures", 3, 7_203, 2, "3 of 7,203 captures, 1.5/s, 1:20:00 left"),
        ("captures", 0, 5, 2, "0 of 5 captures, 0.0/s"),
        ("captures", 6, 5, 2, "6 of 5 captures, 3.0/s, 0:00 left"),  # a crawl adds some meanwhile
        ("bytes", 12_000_000, 2_400_000_000, 10, "12.0 MB of 2.4 GB, 1.2 MB/s, 33:10 left"),
        ("bytes", 0, 0, 0, "0 bytes of 0 bytes, 0 bytes/s"),
        ("pages", 37, None, 75, "37 pages, 0.5/s, 1:15"),
        ("pages", 1, None, 0, "1 pages, 0.0/s, 0:00"),
    ],
)
def test_the_line_says_how_much_how_fast_and_how_long(unit: str, done: int, total: int | None, seconds: int, line: str):
    assert told(unit, done, total, seconds) == line


@pytest.mark.parametrize(
    ("is_one", "as_json", "quiet", "log_json", "seen"),
    [
        (True, False, False, False, True),
        (False, False, False, False, False),
        (True, True, False, False, False),
        (True, False, True, False, False),
        (True, False, False, True, False),
    ],
)
def test_nothing_is_shown_to_a_pipe_a_program_or_who_wants_quiet(
    monkeypatch: pytest.MonkeyPatch, is_one: bool, as_json: bool, quiet: bool, log_json: bool, seen: bool
):
    monkeypatch.setattr(Chosen, "quiet", quiet)
    monkeypatch.setattr(Chosen, "log_json", log_json)
    with terminal() as (stream, written):
        if is_one:
            monkeypatch.setattr(sys, "stderr", stream)
        with shown("reading", "bytes", as_json) as progress:
            assert (progress is not unheard) is seen
            progress(4, 8)
        monkeypatch.undo()
        stream.write("end")
        told = unstyled(written())
    assert ("4 bytes of 8 bytes" in told) is seen
    assert (told == "end") is not seen


def test_the_progress_line_is_removed_when_the_work_fails(monkeypatch: pytest.MonkeyPatch):
    def fail() -> None:
        with shown("reading", "bytes", False) as progress:
            progress(4, 8)
            stream.write("|")
            raise ValueError("ill")

    with terminal() as (stream, written):
        monkeypatch.setattr(sys, "stderr", stream)
        with pytest.raises(ValueError, match="ill"):
            fail()
        assert sys.stderr is stream
        before, _, after = written().partition("|")
        monkeypatch.undo()
    assert before.rindex("\x1b[?25h") > before.rindex("\x1b[?25l")  # the cursor is never left hidden
    assert after.endswith("\x1b[1A\x1b[2K")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    with running(articles=20) as site:
        Thinker(home, site).run("crawl", "newsroom")
    return home


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("verify", rf"reading .* {BYTES}"),
        ("verify --deep", rf"replaying .* {BYTES}"),
        ("rebuild", rf"replaying .* {BYTES}"),
        ("reindex", r"indexing .* 20 of 20 states, [\d,.]+/s"),
        ("reparse newsroom", r"newsroom "),
    ],
)
def test_a_command_shows_on_a_terminal_how_far_it_is(home: Path, command: str, line: str):
    code, written = on_terminal(home, *command.split(), out=False, columns=120)
    assert code == 0
    assert re.search(line, unstyled(written)), written
    assert on_terminal(home, *command.split(), "--json", out=False) == (0, "")


def test_an_import_shows_how_far_it_is(home: Path, tmp_path: Path):
    captures = str(home / "captures")
    code, written = on_terminal(tmp_path, "import", captures, "--source", "newsroom", out=False, columns=120)
    assert (code, bool(re.search(rf"importing .* {BYTES}", unstyled(written)))) == (0, True), written


@pytest.mark.slow
def test_a_crawl_shows_the_pages_done_and_the_total(tmp_path: Path):
    (tmp_path / "thinker.toml").write_text("sources.newsroom.delay = 0.05\n")
    with running(articles=20) as site:
        where = {"THINKER_NEWSROOM": site.address}
        code, written = on_terminal(tmp_path, "crawl", "newsroom", out=False, columns=120, **where)
        found = [(int(done), int(total)) for done, total in PAGES.findall(unstyled(written))]
        assert (code, bool(found)) == (0, True), written
        assert all(done <= total for done, total in found)
        assert on_terminal(tmp_path, "--quiet", "crawl", "newsroom", out=False, **where) == (0, "")
        scheduled = on_terminal(
            tmp_path, "crawl", "newsroom", out=False, THINKER_DUE_AT="2026-11-26T20:00:00Z", **where
        )
        assert (scheduled[0], "pages" in scheduled[1]) == (0, False)  # several are under way at once


@pytest.mark.slow
def test_an_empty_slot_is_no_slot(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("THINKER_DUE_AT", "")
    assert _slot() is None


def test_a_pipe_gets_no_progress(home: Path):
    assert asked(home, "reindex") == (0, "20 texts indexed\n", "")
