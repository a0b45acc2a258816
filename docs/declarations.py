"""The sections of docs/sources.md: one for each built-in source, from its declaration and docstrings."""

import inspect
import re
from collections.abc import Iterable
from importlib import import_module

from archive.settings import Settings
from cli.declared import DeclaredSource, Row
from crawler.sources import UNPROVEN, Source, all_sources
from crawler.sources.newsroom import newsroom
from parsers.pages import PAGES

OPENING = re.compile(r"The source \w+ at `homepage`(?:, (?:with|an) [^;:.]*)?[;:.]\s*")
RAISED = re.compile(r" Raises \w+\.")
BAR = "\\|"  # in a cell of a table


def sections() -> str:
    """A section for each built-in source, in order of name."""
    sources = all_sources() | {"newsroom": newsroom()}  # at its own address, whatever THINKER_NEWSROOM says
    return "\n\n".join(map(_section, sources.values()))


def _section(source: Source) -> str:
    declared = DeclaredSource(source, Settings())
    facts = (
        f"<{source.homepage}>", f"`{source.in_language}`", source.timezone, source.usual_schedule or "none",
        UNPROVEN if source.unproven else "crawled by the tests",
    )  # fmt: skip
    parts = [
        f"### `{source.name}`: {source.publisher}",
        "\n".join(f"- {line}" for line in _docstrings(source)),
        _table(("homepage", "language", "time zone", "usual schedule", "proof"), [facts]),
        _table(("list", "address", "certainty", "reference"), map(_cells, declared.lists())),
        _table(("rule", "value", "certainty", "reference"), map(_cells, declared.rules())),
    ]
    return "\n\n".join(parts)


def _docstrings(source: Source) -> list[str]:
    """The docstrings of the source's module and function, and of the page classes that read it, each on one line."""
    module = import_module(f"crawler.sources.{source.name}")
    function = OPENING.sub("", RAISED.sub("", _one_line(getattr(module, source.name))), count=1)
    pages = [page for page in PAGES if source.name in page.sources and page.__doc__]
    layouts = [f"`{page.__name__}`: {_one_line(page)}" for page in pages]
    return [line for line in (_one_line(module), function[:1].upper() + function[1:], *layouts) if line]


def _one_line(documented: object) -> str:
    return _escaped(" ".join(inspect.cleandoc(documented.__doc__ or "").split()))


def _escaped(text: str) -> str:
    """The text without what Markdown would read as bold type or as a tag."""
    return text.replace("__", r"\_\_").replace("<", r"\<")


def _cells(row: Row) -> tuple[str, ...]:
    name, certainty, (value, *reference) = row
    return name, f"`{value}`", certainty, _escaped("".join(reference))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (f"| {' | '.join(cell.replace('|', BAR) for cell in row)} |" for row in rows)
    return "\n".join([f"| {' | '.join(head)} |", "|---" * len(head) + "|", *lines])
