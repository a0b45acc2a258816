"""The message for a faulty thinker.toml, in one line: the key, the cause, and the remedy."""

import difflib
from collections.abc import Iterator, Sequence

from pydantic_core import ErrorDetails

from archive.settings.checks import MAX_REPEATED_CHARACTERS, as_toml, too_long
from archive.settings.source_tables import (
    JsonListSettings,
    ListSettings,
    PostSettings,
    RowSettings,
    SelectorSettings,
    SettingsTable,
)

Tables = dict[str, type[SettingsTable]]  # the tables at the top of the file; `sources` for each of its tables

EXAMPLES = {"sources": "[sources.my-site]", "watch": "[watch.my-name]"}
INNER: Tables = {
    "lists": ListSettings,
    "json_lists": JsonListSettings,
    "posts": PostSettings,
    "rows": RowSettings,
    "selectors": SelectorSettings,
}


def line_of(errors: Sequence[ErrorDetails], tables: Tables, top: type[SettingsTable]) -> str:
    """The first fault, misspelt keys before all others, and the number of further ones."""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return _sentence(min(errors, key=lambda error: error["type"] != "extra_forbidden"), tables, top) + more


def _sentence(error: ErrorDetails, tables: Tables, top: type[SettingsTable]) -> str:
    path = [_step(str(each)[:MAX_REPEATED_CHARACTERS]) for each in error["loc"] if each != "[key]"]
    key = ".".join(path)
    if path[0] == "hosts" and len(path) > 2 and (written := _unquoted(path, error["input"])):
        return f"{key}: write the host in quotes, as in {written}"
    if error["type"] == "extra_forbidden":
        return f"unknown key {key!r}{_suggestion(path, tables, top)}"
    return f"{key}: {_cause(error, path)}"


def _unquoted(path: Sequence[str], given: object) -> str | None:
    """`[hosts."example.com"]`, the intended form of [hosts.example.com], which TOML reads as nested tables.

    path: the keys up to the value `given`, the first is `hosts`. None if the value given for the host is no table.
    """
    if not isinstance(given, dict):
        return None
    names = [*path[1:]]
    while isinstance(given, dict) and len(given) == 1 and len(names) < MAX_REPEATED_CHARACTERS:
        (name, given), *_ = given.items()
        names += [name] if isinstance(given, dict) else []
    return f'[hosts."{".".join(names)}"]'


def _step(key: str) -> str:
    return key if key.isprintable() else repr(key)


def _cause(error: ErrorDetails, path: Sequence[str]) -> str:
    given = error["input"]
    match error["type"]:
        case "string_type" if isinstance(given, dict | list):
            return f"write one text in quotes, not {as_toml(given)}"
        case "string_type" if too_long(given):
            return f"{as_toml(given)} is not a text: write it in quotes"
        case "string_type":
            return f'{as_toml(given)} is not a text: write it in quotes, "{as_toml(given)}"'
        case "tuple_type" if path[-1] == "posts":
            return f"write each of them as its own table, below [[{'.'.join(path)}]]"
        case "tuple_type":
            example = f": [{given[:50]!r}]" if isinstance(given, str) else ""
            return f"write a list in brackets{example}"
        case "dict_type" | "model_type":
            return f"write a table, {_written(path)}"
        case "missing":
            return "it is missing"
    cause = error["msg"].removeprefix("Value error, ").removesuffix(".")
    return f"{cause[:1].lower()}{cause[1:]}"


def _written(path: Sequence[str]) -> str:
    """The end of a message about the way to write the table at a path: `below [crawler]` for ["crawler"].

    `below [[sources.a.lists]]` for an entry of a list; for ["sources"] and a host an example, `such as
    [sources.my-site]`; for a table within an entry `in braces: …`.
    """
    if len(path) == 1 and path[0] in EXAMPLES:
        return f"such as {EXAMPLES[path[0]]}"
    if path[0] == "hosts":
        return 'such as [hosts."example.com"]'
    *before, last = path
    if last.isdigit():
        return f"below [[{'.'.join(before)}]]"
    return 'in braces: { page = "{page}" }' if any(map(str.isdigit, before)) else f"below [{'.'.join(path)}]"


def _suggestion(path: Sequence[str], tables: Tables, top: type[SettingsTable]) -> str:
    known = list(_keys_beside(path, tables, top))
    near = difflib.get_close_matches(path[-1], known, n=1, cutoff=0.5)
    if not near and len(path) > 1 and path[-1] in top.model_fields and path[-1] not in tables:
        return f"; move {path[-1]} above the first [table]"
    return f"; did you mean {near[0]!r}?" if near else f"; known keys: {', '.join(known)}"


def _keys_beside(path: Sequence[str], tables: Tables, top: type[SettingsTable]) -> Iterator[str]:
    table = top if len(path) == 1 else tables[path[0]]
    if path[0] == "sources":
        table = next((INNER[step] for step in reversed(path[2:-1]) if step in INNER), table)
    yield from table.model_fields
