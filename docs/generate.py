"""Writes what the docs say about the code from the code: commands, schema, sources, reading. `--check` only compares.

`--demo HOME` writes instead what the archive of `thinker demo` answers to the questions of docs/data-model.md.
"""

import argparse
import ast
import os
import re
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

os.environ.update(COLUMNS="90", TERMINAL_WIDTH="90", NO_COLOR="1")  # before typer measures the terminal

import addresses
import answers
import declarations
import scaling_model
import typer
from pydantic import TypeAdapter
from sqlite_utils import Database
from typer.testing import CliRunner

import thinker
from archive.decisions import TOP, Decision
from archive.migrations import migrate
from archive.properties import PROPERTIES
from archive.publish.messages.glossary import GLOSSARY
from archive.publish.messages.properties import PROPERTY_NAMES
from archive.rules import CONTENT
from parsers.article import NAMES
from parsers.explain.places import places
from parsers.pages import PAGES
from parsers.reader.declaration import Declaration
from parsers.reader.default import DefaultPage
from parsers.reader.page import RULES
from parsers.reader.view.candidates import Candidate

ROOT = Path(__file__).resolve().parents[1]
SHADOW = re.compile(r"_words_(data|idx|content|docsize|config)$")
BAR = "\\|"  # in a cell of a table
PATTERNS = {  # of the ledger's strings, in words
    r"^[a-z][a-z0-9_]*$": "code",
    r"^sha256:[0-9a-f]{64}$": "digest",
    r"^[0-9a-f]{64}$": "64 hex digits",
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$": "moment",
    r"^urn:uuid:[0-9a-f-]{36}$": "record id",
}
DROPPED = re.compile(r" *--(install|show)-completion .*\n(?: {20,}.*\n)?")  # its text depends on the shell


def commands() -> str:
    """The help of every command, as it is printed, in the order of `thinker --help`."""
    return "\n\n".join(_helped(path) for path in _paths())


def schema() -> str:
    """Tables, indexes and views that the migrations make, in the order they were added."""
    with closing(Database(memory=True)) as db:
        migrate(db)
        rows = db.execute("select name, sql from sqlite_master where sql is not null order by rowid")
        kept = [sql for name, sql in rows if not SHADOW.search(name) and "_sqlite" not in name]
    return "```sql\n" + ";\n\n".join(_dedented(sql) for sql in kept) + ";\n```"


def fields() -> str:
    """The fields that every kind of ledger line may have."""
    return _table({name: told for name, told in _properties(Decision).items() if name in TOP})


def kinds() -> str:
    """Every kind of ledger line: its meaning, and the fields of its detail."""
    return "\n\n".join(_kind(name, kind) for name, kind in sorted(Decision.KINDS.items()))


def decisions() -> str:
    """The modules of the general reader, each after those that it imports, with the subject of each."""
    found = _in_order({name: _imported(path) for name, path in _reader_modules().items()})
    told = {name: ast.get_docstring(ast.parse(path.read_text("utf-8"))) for name, path in _reader_modules().items()}
    rows = [f"| `{name.removeprefix('parsers.')}` | {(told[name] or '').splitlines()[0]} |" for name in found]
    return "\n".join(["| module | what it decides |", "|---|---|", *rows])


def properties() -> str:
    """Each property with the places in which the general reader looks for it, in order."""
    rows = []
    for name in NAMES:
        place = getattr(DefaultPage, name, None)
        if isinstance(place, Candidate):
            looked = [each.rule for each in _looked(place)]
            rows.append(f"| {name} | {'; '.join(_cell(rule) for rule in looked)} |")
    rows += [f"| {name} | {rule} |" for name, rule in RULES.items()]
    return "\n".join(["| property | places, in order |", "|---|---|", *rows])


def publishers() -> str:
    """The page classes, in the order in which they are tried, with the properties that each declares."""
    rows = []
    for page in PAGES:
        own = [
            name
            for name, value in vars(page).items()
            if (name in vars(Declaration) and not name.startswith("_"))
            or (name in NAMES and isinstance(value, Candidate))
        ]
        told = [name for name in own if name not in ("sources", "hosts", "paths", "valid_until", "timezone")]
        until = f", until {page.valid_until}" if page.valid_until else ""
        rows.append(f"| {page.__name__} | {', '.join(sorted(page.sources))}{until} | {', '.join(told)} |")
    return "\n".join(["| page class | source | declares |", "|---|---|---|", *rows])


def table_of_properties() -> str:
    """Each property of an article, and how the archive stores it."""
    rows = []
    for each in PROPERTIES:
        zh, en = PROPERTY_NAMES.get(each.name, ("", ""))
        lies = {"column": "a column", "details": "`details`", "rows": "tables of its own", "nowhere": "`media`"}
        digest = "yes" if each.in_digest else ""
        weight = f"{each.weight:g}" if each.weight else ""
        rows.append(f"| `{each.name}` | {zh} | {en} | {each.kind} | {lies[each.stored]} | {digest} | {weight} |")
    head = "| property | 中文 | English | kind | in `articles` | in the digest | weight in search |"
    return "\n".join([head, "|---|---|---|---|---|---|---|", *rows])


def digested() -> str:
    """The properties that a content digest covers, by their names in it."""
    return textwrap.fill(", ".join(CONTENT).replace("attachments", "attachments (url, caption)") + ".", 120)


def cite() -> str:
    """The program of docs/citing.md with the properties that a content digest covers."""
    page = (ROOT / "docs" / "citing.md").read_text("utf-8")
    program = page.partition("<!-- program -->\n")[2].partition("\n<!-- /program -->")[0]
    names = textwrap.fill(" ".join(CONTENT), 110, subsequent_indent="    ")
    return re.sub(r'CONTENT = """[^"]*"""', f'CONTENT = """{names}"""', program)


def glossary() -> str:
    """Each term in both languages, what it means, and where it appears."""
    rows = [
        f"| {term.en} | {term.zh} | {_cell(term.meaning_en)} | {_cell(term.meaning_zh)} | "
        f"{', '.join(f'`{place}`' for place in term.where)} |"
        for term in GLOSSARY
    ]
    return "\n".join(["| English | 中文 | meaning | 含义 | where |", "|---|---|---|---|---|", *rows])


BLOCKS = {
    ("docs/api.md", "addresses"): addresses.table,
    ("docs/commands.md", "cli"): commands,
    ("archive/README.md", "schema"): schema,
    ("docs/citing.md", "program"): cite,
    ("docs/data-model.md", "properties"): table_of_properties,
    ("docs/glossary.md", "glossary"): glossary,
    ("docs/ledger.md", "digested"): digested,
    ("docs/ledger.md", "fields"): fields,
    ("docs/ledger.md", "kinds"): kinds,
    ("docs/scaling.md", "captures"): scaling_model.captures,
    ("docs/scaling.md", "costs"): scaling_model.costs,
    ("docs/scaling.md", "limits"): scaling_model.limits,
    ("docs/scaling.md", "model"): scaling_model.model,
    ("docs/sources.md", "sources"): declarations.sections,
    ("parsers/README.md", "decisions"): decisions,
    ("parsers/README.md", "properties"): properties,
    ("parsers/README.md", "publishers"): publishers,
}


def main(arguments: list[str] | None = None) -> int:
    """Write every block, or with --check exit 1 naming those that are stale."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a block is stale")
    parser.add_argument("--demo", type=Path, metavar="HOME", help="only the answers that the archive of a demo gives")
    given = parser.parse_args(arguments)
    stale, remedy = _stale_answers(given.demo, given.check) if given.demo else _stale_blocks(given.check)
    if given.check and stale:
        sys.stderr.write(f"stale: {', '.join(stale)}: run `{remedy}` and commit\n")
    return 1 if given.check and stale else 0


def _stale_blocks(check: bool) -> tuple[list[str], str]:
    """The files with a block that was stale, and the command that rewrites them."""
    stale = [file for (file, mark), text in BLOCKS.items() if _replaced(ROOT / file, mark, text(), not check)]
    return stale, "make docs"


def _stale_answers(home: Path, check: bool) -> tuple[list[str], str]:
    """The answers of docs/data-model.md that were stale, and the command that rewrites them."""
    found = answers.printed(answers.answered(home)).items()
    stale = [mark for mark, text in found if _replaced(answers.PAGE, mark, text, not check)]
    return stale, f"python docs/generate.py --demo {home}"


def _reader_modules() -> dict[str, Path]:
    """The modules of the general reader, folders apart, by their dotted names."""
    paths = sorted((ROOT / "parsers" / "reader").rglob("*.py"))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths if path.stem != "__init__"}


def _imported(path: Path) -> set[str]:
    """The names that a module imports, as dotted names."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    return {
        name for node in nodes for name in (node.module or "", *(f"{node.module}.{each.name}" for each in node.names))
    }


def _in_order(imported: dict[str, set[str]]) -> list[str]:
    """The names, each after those that it imports, else alphabetical."""
    found: list[str] = []
    while len(found) < len(imported):
        ready = [
            name for name, needs in imported.items() if name not in found and not (needs & set(imported)) - set(found)
        ]
        found.append(ready[0])
    return found


def _looked(place: Candidate) -> list[Candidate]:
    """The single places of a candidate; before one that reads inside others, those others."""
    singles = list(places(place))
    inside = [part for single in singles if single.how == "inside" for part in single.parts if part.parts]
    return [*(each for part in inside for each in _looked(part)), *singles]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _paths() -> list[tuple[str, ...]]:
    root: Any = typer.main.get_command(thinker.app)
    found: list[tuple[str, ...]] = [()]
    for name in root.commands:
        command = root.loaded(name)
        below = [(name, each) for each in getattr(command, "commands", {})]
        found += [*([(name,)] if not below or command.invoke_without_command else []), *below]
    return found


def _helped(path: tuple[str, ...]) -> str:
    result = CliRunner().invoke(thinker.app, [*path, "--help"], prog_name="thinker")
    if result.exit_code != 0:
        raise SystemExit(f"`thinker {' '.join(path)} --help` ends with {result.exit_code}: {result.output}")
    title = " ".join(("thinker", *path))
    lines = "\n".join(line.rstrip() for line in DROPPED.sub("", result.output).strip().splitlines())
    return f"### `{title}`\n\n```\n{lines}\n```"


def _kind(name: str, kind: type[Decision]) -> str:
    detail = {field: told for field, told in _properties(kind).items() if field not in TOP}
    said = " ".join((kind.__doc__ or "").split())
    event = " An event: a row of the table `events`." if kind.is_event else ""
    return f"### `{name}`\n\n{said}{event}" + (f"\n\n{_table(detail)}" if detail else "")


def _properties(kind: type[Decision]) -> dict[str, tuple[str, str]]:
    """Each field with its type and meaning, those of objects inside named with a dot, of lists with []."""
    schema = TypeAdapter(kind).json_schema()
    for base in reversed(kind.__mro__):  # a schema lacks the meanings of inherited fields
        if issubclass(base, Decision):
            for name, told in TypeAdapter(base).json_schema()["properties"].items():
                if "description" in told:
                    schema["properties"][name]["description"] = told["description"]
    return dict(_flat("", schema, schema.get("$defs", {})))


def _flat(prefix: str, schema: dict[str, Any], parts: dict[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    for name, told in schema["properties"].items():
        shapes = [shape for shape in told.get("anyOf", [told]) if shape.get("type") != "null"]
        shape, label = shapes[0], f"{prefix}{name}"
        if shape.get("type") == "array":
            shape, label = shape["items"], f"{label}[]"
        inner = parts.get(shape.get("$ref", "").rpartition("/")[2])
        said = " ".join(told.get("description", "").split())
        if inner:
            yield label, ("object", said or " ".join(inner.get("description", "").split()))
            yield from _flat(f"{label}.", inner, parts)
        else:
            yield label, (_shape(shape), said)


def _shape(shape: dict[str, Any]) -> str:
    if "const" in shape or "enum" in shape:
        return f" {BAR} ".join(f"`{value}`" for value in shape.get("enum", [shape.get("const")]))
    return PATTERNS.get(shape.get("pattern", ""), str(shape.get("type", "object")))


def _table(rows: dict[str, tuple[str, str]]) -> str:
    lines = (f"| `{name}` | {shape} | {said.replace('|', BAR)} |" for name, (shape, said) in rows.items())
    return "\n".join(["| field | type | what it is |", "|---|---|---|", *lines])


def _dedented(sql: str) -> str:
    """A migration's statement without the indentation of the code around it."""
    first, _, rest = sql.partition("\n")
    return f"{first}\n{textwrap.dedent(rest)}".rstrip()


def _replaced(file: Path, mark: str, text: str, write: bool) -> bool:
    """Replace the block between <!-- mark --> and <!-- /mark --> in a file; True if it differed."""
    before = file.read_text(encoding="utf-8")
    start, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    head, found, rest = before.partition(start)
    _, closed, tail = rest.partition(end)
    if not (found and closed):
        raise SystemExit(f"{file}: the markers {start} … {end} are missing")
    after = f"{head}{start}\n{text}\n{end}{tail}"
    if write and after != before:
        file.write_text(after, encoding="utf-8")
    return after != before


if __name__ == "__main__":
    sys.exit(main())
