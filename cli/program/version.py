"""Versions of the program, its parser, its file format and its schema."""

import ast
import sqlite3
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

DISTRIBUTION = "thinker-archive"


def told() -> str:
    """The versions in one line: `thinker 0.2.0 (parser 8, ledger format 1, schema NAME, SQLite 3.45.1)`."""
    found = versions()
    return f"thinker {found.pop('thinker')} ({', '.join(map(' '.join, found.items()))})"


def versions() -> dict[str, str]:
    """The versions of `thinker` (the package), `parser`, `ledger format`, `schema` and `SQLite`, by these names.

    The schema's is the name of its last migration. The package's is `not installed` if it runs from a checkout.
    """
    return {
        "thinker": _installed(),
        "parser": _constant(_source("parsers", "__init__.py"), "PARSER_VERSION"),
        "ledger format": _constant(_source("archive", "files/ledger.py"), "FORMAT"),
        "schema": list(_steps(_source("archive", "migrations.py")))[-1],
        "SQLite": sqlite3.sqlite_version,
    }


def _installed() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:  # run from a checkout
        return "not installed"


# Constants are read from the source text: importing the parser and the schema would take ten times as long.


def _source(package: str, file: str) -> ast.Module:
    found = find_spec(package)
    assert found is not None
    assert found.origin is not None
    return ast.parse((Path(found.origin).parent / file).read_text(encoding="utf-8"))


def _constant(module: ast.Module, name: str) -> str:
    (value,) = (
        node.value for node in module.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name
    )
    return str(ast.literal_eval(value))


def _steps(migrations: ast.Module) -> Iterator[str]:
    for node in migrations.body:
        if isinstance(node, ast.FunctionDef) and "migrations()" in map(ast.unparse, node.decorator_list):
            yield node.name
