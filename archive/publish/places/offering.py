"""The offer of a list as a file: its articles, about its size, and the command that takes them all."""

from __future__ import annotations

import json
import shlex
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from archive.publish.places.periods import KINDS, period
from archive.search import Choices, Facet

MAX_ARTICLES = 5_000  # of a file from the site
MAX_CHARACTERS = 5_000_000  # of their texts; the first article may be longer
FORMS = ("csv", "jsonl", "xlsx")
_BYTES_BESIDE_TEXT = 1_200  # of an article in CSV: its other columns
_BYTES_OF_CHARACTER = 3  # a Chinese one in UTF-8


class Part(NamedTuple):
    """A part of the archive as `thinker export` names it: a query, days of publication, sources, and which texts."""

    query: str | None = None
    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] = ()
    ever: bool = False
    gone: bool = False
    exact: bool = False

    @property
    def command(self) -> str:
        """The command line that writes all of it as CSV."""
        query = [shlex.quote(self.query)] if self.query else []
        last = ["--", *query] if (self.query or "").startswith("-") else []  # else it would be an option
        words = ["thinker", "export", "csv", *([] if last else query)]
        words += [f"--{name} {value}" for name in ("since", "until") if (value := getattr(self, name))]
        words += [f"--source {shlex.quote(name)}" for name in self.sources]
        words += [f"--{name}" for name in ("ever", "gone", "exact") if getattr(self, name)]
        return " ".join([*words, "-o articles.csv", *last])


def part_of_place(kind: str, name: str, within: str | None = None) -> Part:
    """The articles of a place; of a person those that it signed, for a query finds no editors."""
    time = period(name if kind in KINDS else within or "")
    since, until = (time.first.isoformat(), time.last.isoformat()) if time else (None, None)
    if kind in KINDS:
        return Part(None, since, until)
    if kind == "source":
        return Part(None, since, until, (name,))
    return Part(named("author" if kind == "person" else kind, (name,)), since, until)


def part_of_search(q: str, ever: bool, gone: bool, exact: bool, choices: Choices) -> Part:
    """The hits of a search; states, languages and years apart from each other cannot be said in a query."""
    said: tuple[Facet, ...] = ("column", "tag", "speaker")
    facets = [named(facet, names) for facet in said if (names := choices.of(facet))]
    terms = f"({q})" if facets and " OR " in q else q
    years = sorted(choices.year)
    since = choices.since or (f"{years[0]}-01-01" if years else None)
    until = choices.until or (f"{years[-1]}-12-31" if years else None)
    return Part(" ".join([terms, *facets]), since, until, choices.source, ever, gone, exact)


def named(field: str, names: Sequence[str]) -> str:
    """The query for one of these names in a field: `tag:"a"`, or `(tag:"a" OR tag:"b")`."""
    terms = [f'{field}:"{name.replace(chr(34), " ")}"' for name in names]
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"


def offered(conn: sqlite3.Connection, count: int, sample: Iterable[int], part: Part) -> dict[str, Any]:
    """The offer of a list of `count` articles as a file: `rows`, `of`, `bytes` of CSV, and the `command` for all of it.

    sample: ids of some of them, from whose texts the bytes are estimated. `rows` is less than `of` if the limits of
    this module cut the file; then by characters it is an estimate too.
    """
    lengths = [each or 0 for (each,) in conn.execute(_LENGTHS, (json.dumps(list(sample)),))]
    mean = sum(lengths) / len(lengths) if lengths else 0
    rows = min(count, MAX_ARTICLES, max(1, int(MAX_CHARACTERS / mean)) if mean else count)
    size = int(rows * (mean * _BYTES_OF_CHARACTER + _BYTES_BESIDE_TEXT))
    return {"rows": rows, "of": count, "bytes": size, "command": part.command}


_LENGTHS = """select length(a.body_text) from json_each(?) as wanted
               cross join articles as a on a.id = wanted.value"""


def fitting(conn: sqlite3.Connection, ids: Sequence[int]) -> list[int]:
    """The first of these articles that fit into a file from the site."""
    kept, characters = list[int](), 0
    for number, length in conn.execute(_CHARACTERS, (json.dumps(list(ids[:MAX_ARTICLES])),)):
        characters += length
        if characters > MAX_CHARACTERS and kept:
            break
        kept.append(number)
    return kept


_CHARACTERS = """select a.id, a.characters from json_each(?) as wanted
                  cross join articles as a on a.id = wanted.value order by wanted.key"""
