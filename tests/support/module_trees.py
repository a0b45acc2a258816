"""Every module of ours as a syntax tree, and what it imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from support.checkout import ROOT

# Each layer may use those before it. cli is thinker.py's other rooms.
LAYERS = ("parsers", "archive", "thinker_archive", "crawler", "schedules", "cli", "thinker")
FRONT = "thinker_archive"  # for Python programs: no layer of ours uses it
APART = "newsroom"


@cache
def tree_of(file: Path) -> ast.Module:
    """A file of Python as a syntax tree; a test run parses each file once."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of a tree in the order of ast.walk; a test run walks each tree once."""
    return tuple(ast.walk(tree))


@cache
def modules(root: Path = ROOT) -> dict[str, ast.Module]:
    """Every module of a checkout by its dotted name."""
    files = [root / "thinker.py"]
    for package in (*LAYERS[:-1], APART):
        files += sorted((root / package).rglob("*.py"))
    return {_dotted(file, root): tree_of(file) for file in files if file.exists()}


def _dotted(file: Path, root: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports(name: str, tree: ast.Module) -> tuple[str, ...]:
    """The dotted names that a module imports, anywhere in it; relative imports are resolved."""
    return tuple(_imports(name, tree))


def _imports(name: str, tree: ast.Module) -> Iterator[str]:
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*name.split(".")[: -node.level], base]).rstrip(".")
            yield from (f"{base}.{alias.name}" for alias in node.names)
