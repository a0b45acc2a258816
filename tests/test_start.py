"""A command imports what it needs, and no more: bench/start.py says what that saves."""

import os
import subprocess
import sys
from importlib import import_module

import pytest
import typer
from support.journeys import Thinker
from support.tables import every_row

import thinker
from cli.program.exit_codes import EXIT_CODE_OF_ERROR

HEAVY = {
    "aiohttp", "archive.decisions", "bs4", "datasette", "numpy", "pandas", "parsers.reader.page", "pyarrow", "scrapy",
    "sqlalchemy", "twisted",
}  # fmt: skip
GROUP = typer.main.get_command(thinker.app)
LOADED = """import atexit, sys
atexit.register(lambda: print(*sys.modules, sep=chr(10), file=sys.stderr))
import thinker
thinker.main()"""
COMPLETED = f"import sys; sys.argv[0] = 'thinker'\n{LOADED}"
EVERY_COMMAND = """import sys, typer, thinker
group = typer.main.get_command(thinker.app)
loaded = [group.loaded(name) for name in group.commands]
print(*sys.modules, len(loaded), sep=chr(10))"""
LAYERS = {"archive", "crawler", "newsroom", "parsers", "schedules", "datasette", "sqlite_utils"}


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


@pytest.mark.slow
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
    ],
)  # fmt: skip
def test_a_command_loads_only_the_heavy_modules_that_it_needs(home: str, command: str, needed: set[str]) -> None:
    assert loaded("--home", home, *command.split()) & HEAVY == needed


FRONT = """import sys, thinker_archive
archive = thinker_archive.open(sys.argv[1])
list(archive.search("思想")), list(archive.changes()), list(archive.sql("select 1"))
print(*sys.modules, sep=chr(10))"""


def test_reading_in_python_loads_no_library_for_tables_or_crawls(home: str) -> None:
    ended = subprocess.run([sys.executable, "-c", FRONT, home], capture_output=True, text=True, check=True)
    names = {name.partition(".")[0] for name in ended.stdout.splitlines()}
    assert names & {*HEAVY, "crawler", "numpy", "pandas", "pyarrow", "schedules", "typer"} == set()


def test_loading_all_commands_loads_no_other_layer() -> None:
    """A command imports its libraries when it runs: its options and its help are there without them."""
    ended = subprocess.run([sys.executable, "-c", EVERY_COMMAND], capture_output=True, text=True, check=True)
    *names, told = ended.stdout.splitlines()
    assert (told, sorted(name for name in names if name.partition(".")[0] in LAYERS)) == (f"{len(GROUP.commands)}", [])


@pytest.mark.parametrize(
    ("line", "offered"),
    [("thinker show newsroom-", ""), ("thinker crawl news", "newsroom"), ("thinker serve --po", "--port")],
)
def test_a_word_is_completed_without_loading_other_layers(home: str, line: str, offered: str) -> None:
    words = {"COMP_WORDS": line, "COMP_CWORD": "2", "_THINKER_COMPLETE": "complete_bash", "THINKER_HOME": home}
    ended = subprocess.run(
        [sys.executable, "-c", COMPLETED], env={**os.environ, **words}, capture_output=True, text=True, check=True
    )
    ours = {name for name in ended.stderr.splitlines() if name.partition(".")[0] in LAYERS}
    assert (ended.stdout.strip(), ours - {"crawler", "crawler.built_in"}) == (offered, set())


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_help_and_version_load_no_archive(word: str) -> None:
    assert not {
        name for name in loaded(word) if name.partition(".")[0] in ("archive", "parsers", "rich", "sqlite_utils")
    }


@every_row("name", GROUP.commands)
def test_every_command_of_the_overview_is_there(name: str) -> None:
    command = GROUP.loaded(name)
    assert command.name == name
    assert command.help
    assert 10 < len(GROUP.commands[name].help) < 65  # a line of a narrow terminal


@every_row("name", EXIT_CODE_OF_ERROR)
def test_every_name_with_an_exit_code_is_an_exception_where_it_is_defined(name: str) -> None:
    module, _, kind = name.rpartition(".")
    error = getattr(import_module(module), kind)
    assert issubclass(error, Exception)
    assert f"{error.__module__}.{error.__qualname__}" == name  # where it is defined, not where it is named too
