"""The rooms of each folder, in the order in which they may import each other, and how well a checkout keeps to it.

    PYTHONPATH=tests python -m support.rooms [CHECKOUT]

For an earlier checkout the report counts what needs no stated order: entries of folders, modules that other packages
import, imports between folders that import each other, and modules that lead back to themselves.
"""

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from support.checkout import ROOT
from support.module_trees import modules, nodes, tree_of

PACKAGES = ("parsers", "archive", "crawler", "schedules", "cli", "newsroom", "thinker_archive")

# The rooms of a folder, the lowest first: each imports those before it only. `.` stands for the modules beside the
# folders that are not listed by name.
ORDER: dict[str, tuple[str, ...]] = {
    "parsers": (
        "urls", "decoding", "text", "dates", ".", "people", "titles", "links", "scaffold", "reader", "pages", "explain",
    ),
    "parsers.reader": ("view", "published", "body", "headline", "byline", "frame", "platforms", "."),
    "parsers.reader.body": (".", "markup", "documents", "lines", "box"),
    "archive": (
        "files", "settings", "properties", "search", "diffing", "rules", "rows", "history", "decisions", "schema",
        "migrations", "replaying", "judging", "importing", "answers", "watches", "reparsing", "sandbox", "publish", ".",
    ),
    "archive.search": ("grammar", "."),
    "archive.judging": ("reading", "runs", "acting", "presence", "."),
    "archive.publish": (
        "messages", "database", "formatting", "feeds", "server", "citing", "tables", "places", "article", "lists",
        "search", "exporting", "exports", "status", "api", "notices", ".",
    ),
    "crawler": (
        "built_in", "sources", "hosts", "frontier", "runs", "process", "download", "middlewares", "segments", "cluster",
        "seeds", "session", "pipelines", "spiders", "examining", ".",
    ),
    "schedules": ("outbound", "slots", "health", "."),
    "cli": ("program", "terminal", "reparsing", "schedule", "watch", "filing", "."),
    "newsroom": ("stories", "events", "http", "faults", "site", "shapes", "server", "."),
    "newsroom.shapes": ("parts", "invented", "systems", "publishers", "."),
}  # fmt: skip

# The folders whose rooms others enter by the front door alone: the names that a room's `__init__` gives.
WITH_DOORS = ("parsers", "archive", "archive.judging", "crawler", "schedules")
ENTERED_WITHIN = {"archive.publish"}  # serving hands the plugin itself to Datasette
# For commands, watches and Python; Datasette enters by the plugin, which is `archive.publish`.
SECOND_DOORS = {
    "archive.publish.serving",
    "archive.publish.notices",
    "archive.publish.exporting",
    "archive.publish.exporting.frames",
}
MAX_ENTRIES = 22  # of a folder, its `__init__` and the list of its door counted


class Import(NamedTuple):
    """One import of a module of ours by another. name: the name imported from it; None: the module itself."""

    importer: str
    module: str
    name: str | None

    def __str__(self) -> str:
        return f"{self.importer} imports {self.module}" + (f": {self.name}" if self.name else "")


@cache
def doors(root: Path = ROOT) -> Mapping[str, Mapping[str, str]]:
    """The names that each package exports, by `__init__.pyi` or `__init__`, each with its module."""
    found = {}
    for name, tree in modules(root).items():
        stub = root / name.replace(".", "/") / "__init__.pyi"
        text = tree_of(stub) if stub.exists() else tree
        found[name] = {
            alias.asname or alias.name: _base(name, node, root)
            for node in text.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
    return found


@cache
def imports(root: Path = ROOT) -> tuple[Import, ...]:
    """Every import of a module of ours, also inside a function or for types alone."""
    return tuple(each for name, tree in modules(root).items() for each in imports_of(name, tree, root))


def imports_of(importer: str, tree: ast.Module, root: Path = ROOT) -> Iterator[Import]:
    """The imports of one module, relative ones too. A name exported by a door is no import of a module of that name."""
    known, given = modules(root), doors(root)
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from (Import(importer, alias.name, None) for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            base = _base(importer, node, root)
            for alias in node.names:
                full = f"{base}.{alias.name}"
                if full in known and alias.name not in given.get(base, ()):
                    yield Import(importer, full, None)
                elif base in known:
                    yield Import(importer, base, alias.name)


def _base(importer: str, node: ast.ImportFrom, root: Path) -> str:
    """The module from which names are imported, its leading dots resolved."""
    if not node.level:
        return node.module or ""
    package = importer if is_package(importer, root) else importer.rpartition(".")[0]
    parts = package.split(".")
    return ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [node.module])])


def room_of(module: str, folder: str) -> str | None:
    """The room of a folder that contains a module; None outside of it, and for the folder's own `__init__`."""
    if not module.startswith(f"{folder}."):
        return None
    room = module.removeprefix(f"{folder}.").partition(".")[0]
    return room if room in ORDER[folder] else "."


def beside(folder: str) -> Iterator[str]:
    """The modules beside the rooms of a folder that its order does not name."""
    for module in modules():
        name = module.removeprefix(f"{folder}.")
        if name != module and "." not in name and name not in ORDER[folder]:
            yield name


def by_own_door(found: Iterable[Import]) -> list[Import]:
    """The imports of a folder's own door by a module inside it, if the folder has doors or is a room of such a one."""
    return [
        each
        for each in found
        if each.importer.startswith(f"{each.module}.")
        and (each.module in WITH_DOORS or each.module.rpartition(".")[0] in WITH_DOORS)
        and each.module not in ENTERED_WITHIN
    ]


def against_order(folder: str, found: Iterable[Import]) -> list[Import]:
    """The imports from a room of a folder by an earlier one."""
    order = ORDER[folder]

    def is_wrong(each: Import) -> bool:
        here = room_of(each.importer, folder)
        there = room_of(each.module, folder)
        return here is not None and there is not None and order.index(there) > order.index(here)

    return [each for each in found if is_wrong(each)]


def past_doors(folder: str, found: Iterable[Import], root: Path = ROOT) -> list[Import]:
    """The imports of a module inside a room of a folder from outside that room."""
    packages = {f"{folder}.{room}" for room in ORDER[folder] if is_package(f"{folder}.{room}", root)}

    def is_past(each: Import) -> bool:
        if each.module in SECOND_DOORS:
            return False
        inside = [door for door in packages if each.module.startswith(f"{door}.")]
        return bool(inside) and not _within(each.importer, inside[0])

    return [each for each in found if is_past(each)]


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def circles(found: Iterable[Import], root: Path = ROOT) -> list[list[str]]:
    """The circles of modules that import each other; a door counts as the module that defines the name."""
    given = doors(root)
    leads: dict[str, set[str]] = defaultdict(set)
    for each in found:
        module = each.module
        while (further := given.get(module, {}).get(each.name or "")) and further != module:
            module = further
        if each.importer != module:
            leads[each.importer].add(module)
    reached = {module: _reached(module, leads) for module in tuple(leads)}
    rings = {frozenset(other for other in reached[one] if one in reached.get(other, ())) for one in reached}
    return sorted(sorted(ring) for ring in rings if ring)


def _reached(module: str, leads: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [module]
    while waiting:
        fresh = leads.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found


def entries(root: Path = ROOT) -> dict[str, int]:
    """The number of files and folders in each folder of the packages, `__pycache__` left out."""
    folders = [each for package in PACKAGES for each in (root / package, *(root / package).rglob("*")) if each.is_dir()]
    kept = [each for each in folders if "__pycache__" not in each.parts]
    return {
        str(folder.relative_to(root)): sum(1 for each in folder.iterdir() if each.name != "__pycache__")
        for folder in sorted(kept)
    }


def mutual(package: str, found: Iterable[Import]) -> int:
    """The imports between rooms of a package that import each other; the modules beside the folders are one room."""
    between = Counter(
        (here, there)
        for each in found
        if (here := _folder(each.importer, package)) and (there := _folder(each.module, package)) and here != there
    )
    rooms = sorted({room for pair in between for room in pair})
    return sum(between[a, b] + between[b, a] for a, b in combinations(rooms, 2) if between[a, b] and between[b, a])


def _folder(module: str, package: str) -> str | None:
    room = module.removeprefix(f"{package}.")
    if room == module:
        return None
    return room.partition(".")[0] if "." in room or room in ORDER[package] else "."


def entered(package: str, found: Iterable[Import], root: Path) -> int:
    """The number of modules of a package that other packages import, without each folder's `__init__`, its door."""
    modules_entered = {
        each.module for each in found if _within(each.module, package) and not _within(each.importer, package)
    }
    return sum(not is_package(module, root) for module in modules_entered)


def is_package(module: str, root: Path = ROOT) -> bool:
    """True if a module is a folder's `__init__`."""
    return (root / module.replace(".", "/") / "__init__.py").exists()


def report(root: Path) -> Iterator[str]:
    """The figures of a checkout, a line each."""
    found = imports(root)
    keeps_order = (root / "tests/support/rooms.py").exists()
    yield "entries  folder (the twelve largest)"
    for folder, count in sorted(entries(root).items(), key=lambda each: -each[1])[:12]:
        yield f"{count:7}  {folder}"
    yield "package    modules entered  imports both ways  against the order  past a door"
    for package in PACKAGES:
        within = [folder for folder in ORDER if _within(folder, package)]
        wrong = sum(len(against_order(folder, found)) for folder in within) if keeps_order else "-"
        past = sum(len(past_doors(each, found, root)) for each in within if each in WITH_DOORS) if keeps_order else "-"
        yield f"{package:10} {entered(package, found, root):15} {mutual(package, found):18} {wrong:>18} {past:>12}"
    yield f"circles of modules: {len(circles(found, root))}"


if __name__ == "__main__":
    print(*report(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT), sep="\n")
