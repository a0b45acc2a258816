"""A command imports what it needs, and no more: bench/start.py says what that saves."""

import subprocess
import sys
from importlib import import_module

import pytest
import typer
from journeys import Thinker

import thinker
from cli.common import KNOWN

HEAVY = {"archive.decisions", "bs4", "datasette", "scrapy", "sqlalchemy", "twisted"}
GROUP = typer.main.get_command(thinker.app)
LOADED = """import atexit, sys
atexit.register(lambda: print(*sys.modules, sep=chr(10), file=sys.stderr))
import thinker
thinker.main()"""


def loaded(*arguments: str) -> set[str]:
    """The modules that a command has loaded at its end."""
    ended = subprocess.run([sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, check=False)
    assert ended.returncode in (0, 3), ended.stderr[-2000:]
    return set(ended.stderr.splitlines())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    home = tmp_path_factory.mktemp("home")
    Thinker(home).run("init")
    return str(home)


@pytest.mark.parametrize(
    ("command", "needed"),
    [
        ("--help", set()),
        ("--version", set()),
        ("search --help", set()),
        ("search 思想", set()),
        ("changes", set()),
        ("status", set()),
        ("sources", set()),
        ("schedule list", set()),
        ("crawl --help", set()),
        ("crawl newsroom", {"archive.decisions", "scrapy", "twisted"}),  # as a schedule begins it
        ("serve --help", {"datasette"}),
    ],
)  # fmt: skip
def test_a_command_loads_what_it_needs(home: str, command: str, needed: set[str]) -> None:
    assert loaded("--home", home, *command.split()) & HEAVY == needed


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_a_word_about_itself_needs_no_archive(word: str) -> None:
    assert not {
        name for name in loaded(word) if name.partition(".")[0] in ("archive", "parsers", "rich", "sqlite_utils")
    }


@pytest.mark.parametrize("name", GROUP.commands)
def test_every_command_of_the_overview_is_there(name: str) -> None:
    command = GROUP.loaded(name)
    assert command.name == name
    assert command.help
    assert 10 < len(GROUP.commands[name].help) < 65  # a line of a narrow terminal


@pytest.mark.parametrize("name", KNOWN)
def test_every_known_error_is_one(name: str) -> None:
    module, _, kind = name.rpartition(".")
    error = getattr(import_module(module), kind)
    assert issubclass(error, Exception)
    assert f"{error.__module__}.{error.__qualname__}" == name  # where it is defined, not where it is named too
