"""The records that the archive gives: dicts with these fields, the same that `--json` of the commands prints."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    NewType,
    TypedDict,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

if TYPE_CHECKING:
    from archive.publish.exporting.frames import Kind, Kinds

Moment = NewType("Moment", str)  # 2024-04-13T15:01:00Z, or with the page's own offset
Day = NewType("Day", str)  # 2024-04-13
Json = NewType("Json", object)  # has no fixed shape: a text of JSON in tables


class PlaceOfTerm(TypedDict):
    """A term of the query that occurs in neither headline, snippet nor body: the property in which it does."""

    property: str
    text: str
    ours: bool  # in our correction of it


class FoundArticle(TypedDict):
    """An article that was found, as `thinker search --json` prints it."""

    key: str
    headline: str
    url: str
    date_published: Moment | None
    snippet: str
    matched: list[PlaceOfTerm]


class ChangedProperty(TypedDict):
    """A property that differs from the version before; lists are lines of one text."""

    property: str
    before: str | None
    after: str | None


class ArticleVersion(TypedDict):
    """A version of an article, as `thinker history --json` prints it."""

    number: int | None  # None: read by another parser, without a known time, or changed in form only
    captured_at: Moment
    dating: str  # unknown: captured_at is the moment when we received it
    content_digest: str
    significance: str
    origin: str
    parser_version: str
    changes: list[ChangedProperty]
    absences: Json  # a list: the judgements on the article's presence until the next version


class RecordedEvent(TypedDict):
    """An event, as `thinker changes --json` prints it; a record of the kind `moved` also has `moved`."""

    at: Moment
    recorded_at: Moment
    source: str
    key: str | None
    headline: str | None
    kind: str
    revision: int | None
    detail: Json
    digest: str


class RemovedArticle(TypedDict):
    """An article that is gone: removed, redirected, restricted or delisted."""

    key: str
    headline: str | None
    state: str
    published_date: Day | None
    last_seen_at: Moment | None
    first_missed_at: Moment | None
    source: str
    url: str | None


class PhraseAppearance(TypedDict):
    """The first or last appearance of a phrase."""

    key: str
    headline: str
    at: Moment
    date: Day
    precision: str | None
    captured_at: Moment
    digest: str
    dating: str
    came_by_edit: bool


class PhraseMonth(TypedDict):
    """The use of a phrase in one month in which the archive has articles."""

    month: str
    articles: int
    came_by_edit: int
    occurrences: int | None
    covered: int


class MonthOfPhrase(PhraseMonth):
    """A month of one of several phrases."""

    text: str


class NamedCount(TypedDict):
    """A speaker or a column, with the number of articles that have the phrase."""

    name: str
    articles: int


class PhraseUndated(TypedDict):
    """The use of a phrase in articles without a date."""

    articles: int
    came_by_edit: int
    occurrences: int | None
    covered: int


class PhraseHistory(TypedDict):
    """The history of a phrase, as `thinker phrase --json` prints it."""

    text: str
    first: PhraseAppearance | None
    last: PhraseAppearance | None
    articles: int
    came_by_edit: int
    occurrences: int
    occurrences_at_least: bool
    at_least: bool
    months: list[PhraseMonth]
    undated: PhraseUndated
    speakers: list[NamedCount]
    columns: list[NamedCount]
    speakers_counted: int
    columns_counted: int


@cache
def kinds_of(record: type) -> Kinds:
    """The kind of each field of a record (a TypedDict or a dataclass), for tables."""
    hints = get_type_hints(record)
    names = [field.name for field in fields(record)] if is_dataclass(record) else list(hints)
    return {name: _kind(hints[name]) for name in names}


@cache
def kinds_of_article() -> Kinds:
    """The kind of each field of the article that `thinker show --json` prints."""
    from parsers.article import Article

    named: dict[str, Kind] = {"key": "text", "state": "text", "url": "text"}
    return named | dict(kinds_of(Article)) | {"body_text": "text", "corrections": "json", "unjudged": "json"}


def _kind(hint: Any) -> Kind:
    if hint in _SCALARS:
        return _SCALARS[hint]
    origin, inner = get_origin(hint), [each for each in get_args(hint) if each not in (NoneType, Ellipsis)]
    if origin in (Union, UnionType):
        return _kind(inner[0])
    if origin in (list, tuple):
        return [_kind(inner[0])]
    if origin is Literal:
        return "text"
    assert is_typeddict(hint) or is_dataclass(hint), hint
    return dict(kinds_of(hint))


_SCALARS: dict[Any, Kind] = {
    str: "text", int: "integer", float: "real", bool: "boolean", datetime: "moment", Moment: "moment", Day: "day",
    Json: "json",
}  # fmt: skip
