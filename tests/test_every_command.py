"""Common to every command: --json if it prints data, --quiet, and one line that names the installed version."""

import json
import sqlite3
from importlib.metadata import version
from pathlib import Path

import pytest
import typer.main
from support.journeys import Thinker, asked
from support.terminals import shown, unstyled

from archive.files.ledger import FORMAT
from archive.migrations import migrations
from cli.reading import EMPTY
from cli.terminal.table import width
from newsroom.process import running
from parsers import PARSER_VERSION
from thinker import app

# The commands without --json, each with its reason.
WITHOUT = {
    "serve": "its first line on stdout is its address, and then it serves",
    "run": "as serve",
    "schedule run": "it prints no data: it crawls until it is stopped",
    "schedule pause": "it prints no data: a remark says what rests",
    "schedule resume": "as schedule pause",
    "schedule export": "it prints files of other programs",
}


def _leaves(group, path=()):
    for name in group.commands:
        command = group.loaded(name) if hasattr(group, "loaded") else group.commands[name]
        below = hasattr(command, "commands")
        if not below or command.invoke_without_command:  # as `thinker sources`, which lists
            yield " ".join((*path, name)), command
        if below:
            yield from _leaves(command, (*path, name))


LEAVES = dict(_leaves(typer.main.get_command(app)))


def test_every_command_prints_json_or_says_why_not():
    without = {name for name, command in LEAVES.items() if not any("--json" in each.opts for each in command.params)}
    assert without == set(WITHOUT) & set(LEAVES)


def test_the_version_names_the_program_and_all_it_writes(tmp_path: Path):
    last = migrations._migrations[-1].name
    told = (
        f"thinker {version('thinker-archive')} (parser {PARSER_VERSION}, ledger format {FORMAT}, schema {last}, "
        f"SQLite {sqlite3.sqlite_version})\n"
    )
    assert asked(tmp_path, "--version") == (0, told, "")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory):
    """The answers in JSON of commands one after another, and what they wrote on stderr with --quiet."""
    home = tmp_path_factory.mktemp("home")
    answers: dict[str, object] = {}
    errors: dict[str, str] = {}
    with running(articles=20) as site:
        thinker = Thinker(home, site)
        for command in (
            "init",
            "crawl newsroom",
            "rebuild",
            "reindex",
            "migrate",
            "verify",
            "schedule list",
            "schedule next",
            "history newsroom-3",
        ):
            process = Thinker(home, site).start("--quiet", *command.split(), "--json")
            out, errors[command] = process.communicate(timeout=300)
            assert process.returncode == 0, (command, out, errors)
            answers[command] = json.loads(out)
        assert thinker.home == home
    return home, answers, errors


@pytest.mark.slow
def test_quiet_leaves_out_every_remark(told):
    _, _, errors = told
    assert errors == dict.fromkeys(errors, "")


def test_commands_that_keep_the_house_answer_in_json(told):
    home, answers, _ = told
    assert answers["init"] == {"home": str(home.resolve()), "settings": str(home.resolve() / "thinker.toml")}
    rebuilt = answers["rebuild"]
    assert rebuilt.pop("records") > 40
    assert rebuilt.pop("lines") > 20
    assert rebuilt == {"torn": [], "lost": [], "skipped": [], "unable": [], "kept": None}
    assert answers["reindex"] == {"states": 20}
    names = [each.name for each in migrations._migrations]
    assert answers["migrate"] == {"schema": names[-1], "applied": names}
    listed = {"source": "shangguan", "schedule": "every 2h", "timezone": "Asia/Shanghai", "paused_since": None}
    assert answers["schedule list"] == [listed]
    assert [slot["source"] for slot in answers["schedule next"]] == ["shangguan"]


def test_quiet_hides_remarks_but_not_errors(tmp_path: Path):
    assert "next: thinker doctor" in asked(tmp_path, "init")[2]
    assert asked(tmp_path, "--quiet", "search", "改革") == (0, "", "")
    assert asked(tmp_path, "search", "改革") == (0, "", f"{EMPTY}\n")
    code, out, err = asked(tmp_path, "-q", "show", "newsroom-1")
    assert (code, out) == (2, "")
    assert err.startswith("thinker: no article with the key 'newsroom-1'")


@pytest.mark.slow
def test_demo_json_requires_once_and_holds_crawls_events_and_diff(tmp_path: Path):
    code, out, err = asked(tmp_path, "demo", "--json")
    assert (code, out) == (2, "")
    assert "--once" in err
    told = Thinker(tmp_path).json("demo", "--once")
    assert [(crawl["source"], crawl["new_articles"]) for crawl in told["crawls"]] == [
        ("newsroom", 0), ("newsroom", 0), ("dongwan", 0), ("newsroom", 0),
    ]  # fmt: skip
    assert {event["kind"] for event in told["events"]} == {"edited", "gap", "removed", "restricted", "restored"}
    assert told["diff"]["key"] == "newsroom-12"


@pytest.mark.slow
def test_several_sources_are_one_array(tmp_path: Path):
    (tmp_path / "thinker.toml").write_text(
        '[sources.a]\nhomepage = "http://127.0.0.1:1"\nfeeds = ["http://127.0.0.1:1/f"]\nallow = ["127.0.0.1:1"]\n'
        "delay = 0\nexpect = 0\n"
        '[sources.b]\nhomepage = "http://127.0.0.1:1"\nfeeds = ["http://127.0.0.1:1/f"]\nallow = ["127.0.0.1:1"]\n'
        "delay = 0\nexpect = 0\n"
    )
    process = Thinker(tmp_path).start("-q", "crawl", "a", "b", "--json")
    out, err = process.communicate(timeout=300)
    assert [summary["source"] for summary in json.loads(out)] == ["a", "b"], err
    assert ["nothing answered" in line for line in err.splitlines()] == [True, True]  # the errors, and no remark


@pytest.mark.slow
@pytest.mark.parametrize("command", [*LEAVES, ""])
def test_help_fits_a_narrow_terminal_that_knows_no_language(tmp_path: Path, command: str):
    code, told = shown(tmp_path, *command.split(), "--help", columns=60, LANG="C", LC_ALL="C")
    lines = [line.rstrip() for line in unstyled(told).splitlines()]
    assert (code, lines[0].startswith("Usage: thinker")) == (0, True)
    assert [line for line in lines if width(line) > 60] == []
    assert any("Example: thinker" in line for line in lines) or not command


@pytest.mark.parametrize("command", [*LEAVES, ""])
def test_an_unknown_option_is_reported_in_one_line(tmp_path: Path, command: str):
    code, out, err = asked(tmp_path, *command.split(), "--nope")
    assert (code, out, err.count("\n"), err.startswith("thinker: ")) == (2, "", 1, True)
    assert ("--nope" in err, "--help" in err) == (True, True)
