"""The facts table of an article's page: one row for each name, term and date; and our corrections above it."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from archive.properties import PROPERTIES

Form = Literal["moment", "people", "column", "tags", "text"]

# The form decides how values are shown and what they link to; in the order of the page, others follow as plain text.
_FORMS: dict[str, Form] = {
    "date_published": "moment", "speaker": "people", "authors": "people", "editors": "people",
    "article_section": "column", "source_line": "text", "keywords": "tags",
}  # fmt: skip
_FURTHER: dict[str, Form] = {
    each.name: "moment" if each.kind == "time" else "text"
    for each in PROPERTIES
    if each.in_digest and each.kind in ("name", "names", "time") and each.name not in _FORMS
}
FORMS: dict[str, Form] = _FORMS | _FURTHER


class Fact(NamedTuple):
    """A row of the facts table: a property, the form in which it is shown, and its values."""

    property: str
    form: Form
    values: tuple[str, ...]


def facts(article: dict[str, Any]) -> list[Fact]:
    """The facts of an article object in the order of FORMS; properties without a value are left out."""
    return [Fact(name, form, _values(article[name])) for name, form in FORMS.items() if article[name]]


class Ours(NamedTuple):
    """A correction of ours: what we say about a property, and what the version on the page says; () is nothing."""

    property: str
    form: Form
    values: tuple[str, ...]
    site: tuple[str, ...]
    lost: bool  # the file of our value is missing
    at: str
    by: str
    reason: str


def ours(article: dict[str, Any]) -> list[Ours]:
    """The corrections of an article object, in the order in which they were made."""
    return [
        Ours(
            each["property"],
            FORMS.get(each["property"], "text"),
            _values(each["value"] or ()),
            _values(article[each["property"]] or ()),
            *(each[name] for name in ("lost", "at", "by", "reason")),
        )
        for each in article["corrections"]
    ]


def _values(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
