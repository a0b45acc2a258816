"""`thinker watch` add, list, show, pause, resume and remove; watches in thinker.toml."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.journeys import asked

ADDED = "tax: added; it begins with the next event\n"
TOML = '[watch.city]\nquery = "城市"\nto = "https://hooks.example/T0/secret"\nevery = "daily"\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def listed(home: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(asked(home, "watch", "list", "--json")[1])
    return found


def test_a_watch_is_added_paused_resumed_and_removed(home: Path) -> None:
    given = ("--query", "房地产税", "--on", "removed,edited", "--speaker", "林知远", "--to", "http://127.0.0.1:9/x")
    assert asked(home, "watch", "add", "tax", *given)[:2] == (0, ADDED)
    (told,) = listed(home)
    moment = told.pop("added_at")
    assert told == {
        "name": "tax", "state": "active", "declared": False, "query": "房地产税", "on": ["edited", "removed"],
        "source": [], "column": [], "speaker": ["林知远"], "tag": [], "significance": None, "every": "now",
        "to": "http://127.0.0.1/…", "lang": "zh", "late": False, "paused_since": None, "sent": 0, "last_sent_at": None,
        "waiting": 0, "refused": 0, "failures": 0, "failing_since": None, "next_try_at": None, "trouble": None,
        "refusal": None,
    }  # fmt: skip
    assert json.loads(asked(home, "watch", "show", "tax", "--json")[1]) == told | {"added_at": moment}
    assert asked(home, "watch", "pause", "tax") == (0, "", "paused: tax (thinker watch resume tax)\n")
    assert [each["state"] for each in listed(home)] == ["paused"]
    assert asked(home, "watch", "resume", "tax") == (0, "", "resumed: tax\n")
    assert asked(home, "watch", "remove", "tax") == (0, "", "removed: tax\n")
    assert listed(home) == []


def test_an_address_that_cannot_be_read_yet_is_named_at_once(home: Path) -> None:
    sends = "`thinker run` sends its messages, or `thinker watch run --once` from cron\n"
    file = home / "mail.txt"
    unread = f"file:{file}: No such file or directory (it is read again when a message is sent)\n"
    assert asked(home, "watch", "add", "tax", "--to", "file:mail.txt") == (0, ADDED, unread + sends)
    file.write_text("http://127.0.0.1:9/hook", encoding="utf-8")
    assert asked(home, "watch", "add", "again", "--to", "file:mail.txt")[2] == sends


def test_a_watch_of_thinker_toml_follows_the_file(home: Path) -> None:
    home.mkdir()
    file = home / "thinker.toml"
    file.write_text(TOML, encoding="utf-8")
    (before,) = listed(home)
    assert (before["name"], before["declared"], before["added_at"], before["to"]) == (
        "city", True, None, "https://hooks.example/…",
    )  # fmt: skip
    assert not (home / "watches.db").exists()
    assert "secret" not in asked(home, "config", "show")[1]
    file.write_text(TOML.replace("https://hooks.example/T0/secret", "wecombot://secret"), encoding="utf-8")
    assert [each["to"] for each in listed(home)] == ["wecombot://…"]
    assert "secret" not in asked(home, "config", "show")[1]
    file.write_text(TOML, encoding="utf-8")
    assert asked(home, "watch", "pause", "city")[0] == 0
    assert [(each["state"], each["added_at"] is None) for each in listed(home)] == [("paused", False)]
    code, _, err = asked(home, "watch", "remove", "city")
    assert (code, f"remove [watch.city] from {file}" in err) == (2, True)
    file.write_text(TOML.replace("daily", "weekly"), encoding="utf-8")
    assert [(each["every"], each["state"]) for each in listed(home)] == [("weekly", "paused")]
    file.write_text("", encoding="utf-8")
    assert asked(home, "watch", "add", "tax", "--to", "env:HOOK")[0] == 0
    assert [each["name"] for each in listed(home)] == ["tax"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("tax", "--to", "env:HOOK"), "there is a watch named 'tax' already: choose another name, or run "),
        (("city", "--to", "env:HOOK"), "[watch.city] is in "),
        (("new", "--to", "env:HOOK", "--query", "！？"), "'！？' has no word to look for: write one, or leave"),
        (("new", "--to", "env:HOOK", "--source", "newsrom"), "no source named 'newsrom'; did you mean newsroom?"),
        (("new", "--to", "https://u:secret@a.example/"), "it has a user name or password in it: put the URL into"),
        (("A", "--to", "env:HOOK"), "'A': use only a-z, 0-9, - and _ in the name of a watch"),
        (("new", "--to", "env:HOOK", "--on", "gone"), "'gone' is not one of new, edited, removed, restored, moved"),
        (("new", "--to", "env:HOOK", "--every", "hour"), "'hour' is not one of now, daily, weekly"),
    ],
)
def test_a_watch_that_cannot_be_is_refused_in_one_line(home: Path, arguments: tuple[str, ...], line: str) -> None:
    home.mkdir()
    (home / "thinker.toml").write_text(TOML, encoding="utf-8")
    assert asked(home, "watch", "add", "tax", "--to", "env:HOOK")[0] == 0
    code, out, err = asked(home, "watch", "add", *arguments)
    assert (code, out, err.count("\n"), "secret" in err) == (2, "", 1, False)
    assert line in err


def test_an_unknown_source_in_thinker_toml_is_named_with_its_watch(home: Path) -> None:
    home.mkdir()
    file = home / "thinker.toml"
    file.write_text(f'{TOML}source = "newsrom"\n', encoding="utf-8")
    line = f"thinker: {file}: watch.city.source: no source named 'newsrom'; did you mean newsroom?\n"
    assert asked(home, "watch", "run", "--once") == (2, "", line)
