"""Completion in a shell: sources and keys, at most fifty, at once, and never a word of complaint."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import typer.main
from support.checkout import ROOT
from support.journeys import Thinker
from support.loaded import Loaded

from cli.terminal import completing
from crawler.sources import all_sources
from thinker import app


def completed(home: Path, line: str, **more: str) -> list[str]:
    """The words that bash would offer at the end of a line; stderr stays empty."""
    words = line.split(" ")
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "THINKER_HOME": str(home), "_THINKER_COMPLETE": "complete_bash",
        "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), **more,
    }  # fmt: skip
    out, err = Loaded(["-m", "thinker"], environment).communicate(timeout=60)
    assert err == ""
    return out.split()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with 120 articles, whose keys are hostile or withdrawn here and there, and a source of its own."""
    home = tmp_path_factory.mktemp("home")
    Thinker(home).run("init")
    (home / "thinker.toml").write_text('[sources.mine]\nfeeds = ["http://a.example/f"]\n')
    with closing(sqlite3.connect(home / "archive.db", isolation_level=None)) as conn:
        conn.execute("insert into sources (name) values ('newsroom')")
        for number in range(120):
            state = "withdrawn" if number == 7 else "live"
            _insert(conn, f"newsroom-{number}", state)
        _insert(conn, "evil-$(touch x)", "live")
        _insert(conn, "evil-%_", "live")
    return home


def _insert(conn: sqlite3.Connection, key: str, state: str) -> None:
    """Insert a row with a value of its own in each required column."""
    said = {"key": key, "state": state, "source": "newsroom"}
    for _, name, kind, required, default, primary in conn.execute("pragma table_info(articles)").fetchall():
        if required and default is None and not primary and name not in said:
            said[name] = abs(hash(key)) % 10**9 if "int" in kind.lower() else key
    names, values = ", ".join(said), ", ".join("?" * len(said))
    conn.execute(f"insert into articles ({names}) values ({values})", tuple(said.values()))


KNOWN = sorted([*all_sources(), "mine"])


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("thinker crawl ", KNOWN),
        ("thinker crawl newsroom s", ["shangguan"]),
        ("thinker doctor mi", ["mine"]),
        ("thinker sources show p", ["pbc", "people_opinion", "people_theory"]),
        ("thinker sources s", ["show"]),
        ("thinker reparse the", ["thepaper"]),
        ("thinker parse --source go", ["govcn"]),
        ("thinker import --source q", ["qstheory"]),
        ("thinker show newsroom-11", ["newsroom-11", *(f"newsroom-11{n}" for n in range(10))]),
        ("thinker history newsroom-7", [f"newsroom-7{n}" for n in range(10)]),  # 7 is withdrawn
        ("thinker diff evil", []),
        ("thinker show %", []),
        ("thinker sho", ["show"]),
    ],
)
def test_sources_and_keys_are_offered(home: Path, line: str, offered: list[str]):
    assert completed(home, line) == offered


def test_at_most_fifty_keys_are_offered_of_the_home_that_is_named(home: Path, tmp_path: Path):
    assert len(completed(tmp_path, f"thinker --home {home} show n")) == 50
    assert completed(tmp_path, "thinker show n") == []


@pytest.mark.parametrize("ill", ["missing", "no database", "another schema", "locked", "broken settings"])
def test_completion_prints_no_error_if_the_archive_or_settings_are_unusable(tmp_path: Path, ill: str):
    database = tmp_path / "archive.db"
    conn = None
    if ill == "no database":
        database.write_bytes(os.urandom(10_000))
    elif ill != "missing":
        conn = sqlite3.connect(database, isolation_level=None)
        conn.execute("create table articles (key, state)" if ill != "another schema" else "create table other (key)")
        conn.execute("begin exclusive")
    (tmp_path / "thinker.toml").write_text("[sources\n" if ill == "broken settings" else "sources = 1\n")
    assert completed(tmp_path, "thinker show n") == []
    assert completed(tmp_path, "thinker crawl g") == ["gmw_theory", "govcn"]
    if conn:
        conn.close()


def test_exactly_the_parameters_for_sources_articles_and_properties_are_completed():
    root = typer.main.get_command(app)
    commands = [root.loaded(name) for name in root.commands]
    commands += [below for each in commands for below in getattr(each, "commands", {}).values()]
    named = {
        (command.name, parameter.name)
        for command in commands
        for parameter in command.params
        if parameter.name in ("source", "sources", "names", "key", "keys", "other")
    }
    completed = {
        (command.name, parameter.name)
        for command in commands
        for parameter in command.params
        if getattr(parameter, "_custom_shell_complete", None) is not None
    }
    assert named | {("correct", "name")} == completed


def test_completion_writes_nothing(home: Path):
    before = {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()}
    context = typer.Context(typer.main.get_command(app))
    context.params["home"] = home
    assert completing.keys(context, "newsroom-119") == ["newsroom-119"]
    assert {name: (home / name).read_bytes() for name in before} == before  # -wal and -shm beside are SQLite's


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_itself_completes_a_key(home: Path, tmp_path: Path):
    (tmp_path / "thinker").write_text(f"#!{sys.executable}\nimport thinker\nthinker.main()\n")
    (tmp_path / "thinker").chmod(0o755)
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "THINKER_HOME": str(home), "PATH": f"{tmp_path}:{os.environ['PATH']}",
    }  # fmt: skip
    script = """
        eval "$(_THINKER_COMPLETE=source_bash thinker)"
        COMP_WORDS=(thinker show newsroom-119) COMP_CWORD=2
        _thinker_completion thinker
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    ended = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("newsroom-119\n", "")
