"""The fields of a text that search reads: the columns of the index, their reading order, and their SQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from archive.properties import BY_NAME, SEARCHED, said_before, said_now
from archive.search.text import MARKS, spelled

# FTS5 stores the first column's positions without a column number: two bytes less per entry, so the body is first.
COLUMNS = tuple(sorted((each.name for each in SEARCHED), key=lambda name: name != "body_text"))
WEIGHTS = {each.name: each.weight or 0.0 for each in SEARCHED}
_LISTS = frozenset(name for name in (*COLUMNS, *MARKS) if BY_NAME[name].is_list)
ASKED_FOR = (*COLUMNS, *MARKS)
"""The names of all properties that a query can ask for; those after COLUMNS only by a field's name."""
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
_ALL_NOW = ["a.article_section" if name == "article_section" else said_now(name) for name in ASKED_FOR]
_ALL_BEFORE = [said_before(name) for name in ASKED_FOR]
ALL_NOW, ALL_BEFORE = ", ".join(_ALL_NOW), ", ".join(_ALL_BEFORE)
"""As NOW and BEFORE, in the order of ASKED_FOR. The section of a current text may be that of a list."""
_LISTED_TOO = [
    f"coalesce({before}, a.listed_section)" if name == "article_section" else before
    for name, before in zip(ASKED_FOR, _ALL_BEFORE, strict=True)
]  # what a list names stands beside each text of the article without a section of its own
EITHER = ", ".join(
    f"iif(t.state_id is null, {now}, {before})" for now, before in zip(_ALL_NOW, _LISTED_TOO, strict=True)
)
"""SQL for the fields of a superseded text if there is one, else of the current one, in the order of ASKED_FOR."""

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


def index_row(fields: Fields, more: Mapping[str, list[str]] | None = None) -> tuple[str, ...]:
    """The FTS5 row of one text, in the order of COLUMNS: for each the tokens of the field, as `spelled` gives them.

    A field is a text or a list of texts; one may be missing. The texts of `more`, such as our corrections, follow,
    each as a text of its own, if the field has no such text.
    """
    ours = more or {}
    said = {name: _with(_texts(fields.get(name)), ours.get(name, ())) for name in ASKED_FOR}
    return spelled([said[name] for name in COLUMNS], {name: said[name] for name in MARKS})


def _with(texts: Sequence[str], more: Sequence[str]) -> Sequence[str]:
    return [*texts, *(text for text in more if text not in texts)] if more else texts


def _texts(value: Field) -> Sequence[str]:
    if isinstance(value, (list, tuple)):
        return value
    return (value,) if value else ()
