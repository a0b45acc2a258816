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
def modules(root: Path = ROOT) -> dict[str, ast.Module]:
    """Every module of a checkout by its dotted name."""
    files = [root / "thinker.py"]
    for package in (*LAYERS[:-1], APART):
        files += sorted((root / package).rglob("*.py"))
    return {
        _dotted(file, root): ast.parse(file.read_text(encoding="utf-8"), str(file)) for file in files if file.exists()
    }


def _dotted(file: Path, root: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def imports(name: str, tree: ast.Module) -> Iterator[str]:
    """The dotted names that a module imports, anywhere in it; relative imports are resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*name.split(".")[: -node.level], base]).rstrip(".")
            yield from (f"{base}.{alias.name}" for alias in node.names)
