"""Names that stand in strings lead somewhere: a module that moves fails here, and not when somebody needs it.

Settings of Scrapy, commands that are loaded when they are run, errors and their exit codes, entry points, `python -m`,
the files of a wheel, and the classes that a schedule.db keeps by name.
"""

import ast
import pickletools
import re
import sqlite3
import tarfile
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest
from support.checkout import ROOT, TESTS
from support.module_trees import nodes, tree_of

PACKAGES = ("archive", "cli", "crawler", "newsroom", "parsers", "schedules", "thinker_archive", "thinker")
NAME = re.compile(rf"(?<![\w./-])(?:{'|'.join(PACKAGES)})(?:\.[A-Za-z_]\w*)*(?:[.:][A-Za-z_]\w*)(?![\w/])")
# Files and settings that look like names.
OTHERS = {"archive.db", "archive.db.before", "archive.db.new", "crawler.never", "thinker.py", "thinker.toml"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def leads_somewhere(name: str) -> bool:
    """True if a dotted name (`a.b.C`, `a.b:c`) is a module or stands in one."""
    parts = re.split("[.:]", name)
    for length in range(len(parts), 0, -1):
        module = ".".join(parts[:length])
        try:
            found = import_module(module)
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def in_code() -> Iterator[tuple[str, str]]:
    """Every name of ours in a string of the code, the benches and the docs, and where it stands."""
    folders = (*PACKAGES[:-1], "bench", "docs")
    for path in sorted([ROOT / "thinker.py", *(file for each in folders for file in (ROOT / each).rglob("*.py"))]):
        for node in nodes(tree_of(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield from ((found[0], where) for found in NAME.finditer(node.value))


def in_deploy() -> Iterator[tuple[str, str]]:
    """Every name of ours in deploy/ and the Dockerfile, and every module of ours that they start."""
    for path in sorted(each for each in [ROOT / "Dockerfile", *(ROOT / "deploy").rglob("*")] if each.is_file()):
        text = path.read_text("utf-8", "replace")
        names = {*NAME.findall(text), *re.findall(r"-m[ \",]+([a-z]\w*(?:\.\w+)*)", text)}
        yield from (
            (name, str(path.relative_to(ROOT)))
            for name in sorted(names)
            if name.split(".")[0] in PACKAGES and name not in OTHERS
        )


def test_names_in_deploy_lead_somewhere() -> None:
    assert [(name, where) for name, where in in_deploy() if not leads_somewhere(name)] == []


def test_a_name_that_leads_nowhere_is_noticed() -> None:
    found = [
        name for name in ("archive.nowhere", "archive.files.ledger.Nobody", "cli.health:stats") if leads_somewhere(name)
    ]
    assert found == []
    assert all(
        map(leads_somewhere, ("archive", "archive.files.ledger", "archive.files.ledger.Ledger", "cli.health:status"))
    )


def test_names_in_the_code_lead_somewhere() -> None:
    named = [(name, where) for name, where in in_code() if name not in OTHERS]
    assert len(named) > 60
    assert [f"{where}: {name}" for name, where in named if not leads_somewhere(name)] == []


def test_entry_points_and_settings_lead_somewhere() -> None:
    project = PROJECT["project"]
    points = [*project["scripts"].values(), *project["entry-points"]["datasette"].values()]
    scrapy = ConfigParser()
    scrapy.read(ROOT / "scrapy.cfg")
    assert [name for name in [*points, *scrapy["settings"].values()] if not leads_somewhere(name)] == []


def test_every_package_and_every_file_of_a_wheel_is_there() -> None:
    tools = PROJECT["tool"]["setuptools"]
    included = [pattern.removesuffix("*") for pattern in tools["packages"]["find"]["include"]]
    assert sorted([*included, *tools["py-modules"]]) == sorted(PACKAGES)
    for package, patterns in tools["package-data"].items():
        for pattern in patterns:
            within = ROOT if package == "*" else ROOT / package.replace(".", "/")
            assert list(within.glob(f"*/{pattern}" if package == "*" else pattern)), (package, pattern)


def kept_by_name(pickled: bytes) -> Iterator[str]:
    """The classes that a pickle names, and the functions that its strings name as APScheduler does (`module:name`)."""
    strings: list[str] = []
    for opcode, value, _ in pickletools.genops(pickled):
        if opcode.name == "STACK_GLOBAL":
            yield ":".join(strings[-2:])
        elif opcode.name == "GLOBAL":
            yield str(value).replace(" ", ":")
        elif isinstance(value, str):
            strings.append(value)
            if re.fullmatch(r"[a-z_]+(\.\w+)*:\w+", value):
                yield value


@pytest.mark.parametrize("home", sorted((TESTS / "homes").glob("*.tar.xz")), ids=lambda path: path.name)
def test_names_stored_in_old_schedules_still_exist_in_the_code(home: Path, tmp_path: Path) -> None:
    """A schedule.db of any version is read by those after it."""
    with tarfile.open(home) as archive:
        (member,) = [each for each in archive.getmembers() if each.name.endswith("schedule.db")]
        (tmp_path / "schedule.db").write_bytes(archive.extractfile(member).read())  # type: ignore[union-attr]
    with closing(sqlite3.connect(tmp_path / "schedule.db")) as conn:
        jobs = [state for (state,) in conn.execute("select job_state from apscheduler_jobs")]
    named = {name for job in jobs for name in kept_by_name(job)}
    ours = {name for name in named if name.startswith(PACKAGES)}
    assert ours
    assert [name for name in ours if not leads_somewhere(name)] == []
