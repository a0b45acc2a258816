"""The fields of a text that search reads: the columns of the index, their reading order, and their SQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from archive.properties import SEARCHED, said_before, said_now
from archive.search.text import spelled

# FTS5 stores the first column's positions without a column number: two bytes less per entry, so the body is first.
COLUMNS = tuple(sorted((each.name for each in SEARCHED), key=lambda name: name != "body_text"))
WEIGHTS = {each.name: each.weight or 0.0 for each in SEARCHED}
_LISTS = frozenset(each.name for each in SEARCHED if each.is_list)
# As a reader meets them: written text first, then names.
READING_ORDER = tuple(each.name for each in sorted(SEARCHED, key=lambda each: each.kind in ("name", "names")))
PROSE = tuple(each.name for each in SEARCHED if each.kind not in ("name", "names"))

# To read the keywords of each of 50,000 hits out of its JSON takes twice the time of all its texts.
BESIDE_KEYWORDS = tuple(name for name in COLUMNS if name != "keywords")
NOW_BESIDE_KEYWORDS = ", ".join(said_now(name) for name in BESIDE_KEYWORDS)
NOW = ", ".join(said_now(name) for name in COLUMNS)
"""SQL for the fields of an article's current text, a row of `articles as a`, in the order of COLUMNS."""
BEFORE = ", ".join(said_before(name) for name in COLUMNS)
"""SQL for the fields of a superseded text, a row of `state_texts as t`, in the order of COLUMNS."""
EITHER = ", ".join(f"iif(t.state_id is null, {said_now(name)}, {said_before(name)})" for name in COLUMNS)
"""SQL for the fields of a superseded text if there is one, else of the current one."""

Field = str | list[str] | tuple[str, ...] | None
Fields = Mapping[str, Field]


def fields_of(values: Sequence[Any], names: Sequence[str] = COLUMNS) -> dict[str, list[str]]:
    """The texts of each field of a row that NOW, BEFORE or EITHER read, by name; a list gives one text an item.

    A field that is null or empty gives [].
    """
    return {name: texts_of(name, text) if text else [] for name, text in zip(names, values, strict=True)}


def texts_of(name: str, text: str) -> list[str]:
    """The texts of a property as the database has it: a list has one item a line."""
    return text.split("\n") if name in _LISTS else [text]


def index_row(fields: Fields, corrected: Mapping[str, list[str]] | None = None) -> tuple[str, ...]:
    """The FTS5 row of one text, in the order of COLUMNS: for each the tokens of the field, as `spelled` gives them.

    A field is a text or a list of texts; one may be missing. The texts of our corrections follow, each as a text of
    its own, if the field has no such text.
    """
    ours = corrected or {}
    return spelled([_with(_texts(fields.get(name)), ours.get(name, ())) for name in COLUMNS])


def _with(texts: Sequence[str], more: Sequence[str]) -> Sequence[str]:
    return [*texts, *(text for text in more if text not in texts)] if more else texts


def _texts(value: Field) -> Sequence[str]:
    if isinstance(value, (list, tuple)):
        return value
    return (value,) if value else ()
