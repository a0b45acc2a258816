"""The scaffolding of a page: what stays when the text is edited and changes when the site is redesigned."""

import re
from collections.abc import Iterator
from typing import Any

from parsers.document import Document

MOST = 3_000  # elements that are looked at
DEEPEST = 4  # levels of a JSON answer
DIGITS = re.compile(r"\d+")


def shape(document: Document) -> frozenset[str]:
    """Tags with their classes and ids, numbers left out; of a JSON answer the paths of its names.

    Raises ParseError when the payload cannot be read.
    """
    if document.json is not None:
        return frozenset(_paths(document.json, "", DEEPEST))
    return frozenset(_marks(document))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of all marks that both have (Jaccard): 1.0 for the same scaffolding, 0.0 for nothing in common."""
    return len(one & other) / len(one | other) if one or other else 1.0


def _marks(document: Document) -> Iterator[str]:
    for node in document.tree.css("[class], [id]")[:MOST]:
        attributes = node.attributes
        names = [*(attributes.get("class") or "").split(), attributes.get("id") or ""]
        yield from (f"{node.tag} {DIGITS.sub('0', name)[:80]}" for name in names if name)


def _paths(value: Any, path: str, levels: int) -> Iterator[str]:
    if isinstance(value, list):
        for item in value[:20]:
            yield from _paths(item, path, levels)
    elif isinstance(value, dict) and levels:
        for name in list(value)[:200]:
            yield f"{path}.{name[:80]}"
            yield from _paths(value[name], f"{path}.{name[:80]}", levels - 1)
