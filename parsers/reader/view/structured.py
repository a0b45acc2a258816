"""The JSON-LD of a page about the article itself, and values by path in any JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from parsers.document import Document, once
from parsers.reader.view.thresholds import MAX_VALUE_CHARACTERS, MAX_VALUES_OF_LIST

ARTICLE_TYPES = ("article", "posting", "report", "webpage")  # endings of schema.org types, most telling first


@once
def linked_article(document: Document) -> Mapping[str, Any]:
    """The JSON-LD object of the article itself; {} without one.

    It is the first with a type that ends in "article", else in "posting", else in "report", else in "webpage".
    """
    things = [(thing, _types(thing.get("@type"))) for thing in document.json_ld]
    for ending in ARTICLE_TYPES:
        for thing, names in things:
            for name in names:
                if name.endswith(ending):
                    return thing
    return {}


def _types(told: Any) -> list[str]:
    """The types of a JSON-LD object in lower case, from the value of its @type."""
    return [name.casefold() for name in ((told.strip(),) if isinstance(told, str) else strings(values_at(told, [])))]


def values_at(value: Any, path: list[str]) -> list[Any]:
    """All values at a path of names inside a JSON value; each item of a list is searched, up to MAX_VALUES_OF_LIST.

    An object at the end of the path gives its name, else its @value; a text counts as its own name. A value that is
    missing at the end of the path gives None in the list, one that is missing before the end gives nothing.
    """
    if isinstance(value, list):
        found: list[Any] = []
        for item in value[:MAX_VALUES_OF_LIST]:  # a comprehension would reach half as deep
            found += values_at(item, path)
        return found
    if not path:
        return [(value.get("name") or value.get("@value")) if isinstance(value, dict) else value]
    if isinstance(value, dict):
        return values_at(value.get(path[0]), path[1:])
    # "author": "Ruan Qing" instead of an object with a name
    return [value] if isinstance(value, str) and path == ["name"] else []


def strings(values: Iterable[Any], longest: int | None = MAX_VALUE_CHARACTERS) -> tuple[str, ...]:
    """The texts and whole numbers among the values, as texts, stripped; without empty ones.

    Each is cut at `longest` characters, or not at all with None. True and False count as numbers: "True", "False".
    """
    texts = [str(value)[:longest].strip() for value in values if isinstance(value, (str, int))]
    return tuple([text for text in texts if text])
