"""Sources at rest: the output of `schedule pause` and `resume` and its traces elsewhere; crawls in `status`."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.journeys import Thinker, asked

from archive.files.clock import instant
from archive.files.home import Home
from newsroom.process import running
from schedules.slots.book import Book, ChildEnd
from schedules.slots.schedule import Slot

SETTINGS = """
contact = "you@example.org"
free_space_floor = 0
[sources.a5qu]
schedule = "30 6 * * *"
[sources.newsroom]
schedule = "every 1 hour"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    Home(tmp_path).create()
    Home(tmp_path).settings_file.write_text(SETTINGS)
    return tmp_path


def test_a_paused_source_is_listed_and_has_no_next_slot(home: Path) -> None:
    assert asked(home, "schedule", "pause", "newsroom") == (0, "", "paused: newsroom\n")
    (since,) = Book(Home(home).schedule_database).paused().values()
    assert abs((instant(since) - datetime.now(UTC)).total_seconds()) < 60
    _, out, _ = asked(home, "schedule", "list")
    assert [line.split()[0] for line in out.splitlines() if line.endswith(since)] == ["newsroom"]
    listed = json.loads(asked(home, "schedule", "list", "--json")[1])
    assert [(each["source"], each["paused_since"]) for each in listed] == [("a5qu", None), ("newsroom", since)]
    _, out, err = asked(home, "schedule", "next")
    assert [line.split()[1] for line in out.splitlines()] == ["a5qu"]
    assert err == "paused: newsroom (thinker schedule resume)\n"


@pytest.mark.parametrize(
    ("commands", "told", "paused"),
    [
        ([["pause"]], "paused: a5qu, newsroom\n", ["a5qu", "newsroom"]),
        ([["pause"], ["resume", "a5qu"]], "resumed: a5qu\n", ["newsroom"]),
        ([["pause"], ["resume"]], "resumed: a5qu, newsroom\n", []),
        ([["resume"]], "nothing was paused\n", []),
        ([["resume", "newsroom"]], "nothing was paused\n", []),
    ],
)
def test_all_or_some_sources_are_paused_and_resumed(
    home: Path, commands: list[list[str]], told: str, paused: list[str]
) -> None:
    assert [asked(home, "schedule", *command) for command in commands][-1] == (0, "", told)
    assert list(Book(Home(home).schedule_database).paused()) == paused


@pytest.mark.parametrize("command", ["pause", "resume"])
def test_an_unknown_source_is_refused(home: Path, command: str) -> None:
    code, out, err = asked(home, "schedule", command, "newsrom")
    assert (code, out) == (2, "")
    assert "newsroom" in err


def test_status_says_how_the_last_crawl_of_each_source_ended(home: Path) -> None:
    book, due = Book(Home(home).schedule_database), datetime(2026, 11, 25, 12, tzinfo=UTC)
    ends = {
        "a5qu": ChildEnd(1, None, None, "one\ntwo\nthree\nfour \x1b[31m思想者"),
        "cssn": ChildEnd(0, "finished", 9, "a warning"),
        "rmlt": ChildEnd(),
    }
    asked(home, "init")
    for source, end in ends.items():
        book.owed(source, "", [due])
        for _ in range(2 if source == "rmlt" else 1):
            book.started(Slot(source, due), due)
        book.ended(Slot(source, due), "ended", end, due)
    _, out, _ = asked(home, "status")
    at = "2026-11-25T12:00:00Z"
    *said, _size = [line for line in out.splitlines() if line.startswith("  ")]
    assert said == [
        f"  a5qu: slot of {at}: no crawl, exit 1",
        "      two",
        "      three",
        "      four \\x1b[31m思想者",
        f"  cssn: slot of {at}: finished, exit 0, 9 articles seen",
        f"  rmlt: slot of {at}: the scheduler stopped before it ended, started 2 times",
    ]
    assert json.loads(asked(home, "status", "--json")[1])["runs"][1] == {
        "source": "cssn",
        "due_at": at,
        "starts": 1,
        "started_at": at,
        "ended_at": at,
        "exit_code": 0,
        "finish_reason": "finished",
        "articles_seen": 9,
        "last_lines": "a warning",
    }


@pytest.mark.slow
def test_a_slot_that_has_its_crawl_is_refused_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The crawl itself refuses, under the lock of its source: a scheduler that died may not know of the first crawl."""
    with running(articles=3) as site:
        thinker = Thinker(tmp_path, site)
        monkeypatch.setenv("THINKER_DUE_AT", "2026-11-25T12:00:00Z")
        assert thinker.json("crawl", "newsroom")["new_articles"] == 3
        requests = len(site.log())
        again = thinker.start("crawl", "newsroom", "--json")
        out, err = again.communicate(timeout=60)
        assert (again.returncode, out, len(site.log())) == (0, "", requests)
        assert err.startswith("thinker: newsroom: the slot of 2026-11-25T12:00:00Z was already crawled at 20")
        monkeypatch.setenv("THINKER_DUE_AT", "2026-11-25T12:01:00Z")
        assert thinker.json("crawl", "newsroom")["finish_reason"] == "finished"
